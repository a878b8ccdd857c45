"""POST /v1/limits/drafts/{draft_id}/replay: the history decided again by a draft."""

from agent_assist.admit import Scope
from agent_assist.core.draft_rows import TableKind
from agent_assist.replay import Period
from agent_assist.web import examples
from agent_assist.web.drafts import replay_shapes as shapes
from agent_assist.web.drafts.replay_writers import write_draft_replay
from agent_assist.web.drafts.writers import ONE_DRAFT, SHEET_PATH
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services


def register(api: Operations, services: Services) -> None:
    """Add the replay of drafts."""

    @api.post(
        f"{ONE_DRAFT}/replay",
        Scope.LIMITS_READ,
        About(
            "limits",
            "Replay the history on a draft",
            path=SHEET_PATH,
            examples={"lately": examples.REPLAY},
        ),
        body=shapes.ReplayRequest,
        answer=shapes.Replay,
    )
    def replay_draft(
        body: shapes.ReplayRequest, _now: Exchange, table: str, draft_id: str
    ) -> shapes.Replay:
        """Decide the newest of the history again by a draft: who would have got more, or less.

        Each case is decided by what was in force then, and by the draft, from the facts and sums
        of that moment. Nothing is written. One replay runs at a time; while one does, others are
        answered 503. `agent-assist limits replay` replays a history of any length.
        """
        period = Period(body.since, body.until)
        return write_draft_replay(
            services.replayer.replay(TableKind(table), draft_id, period, body.most)
        )
