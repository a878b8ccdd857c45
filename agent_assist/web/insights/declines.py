"""POST /v1/insights/limits/declines: advice on a limit that is not to be given again for now."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.tuning import Advice, Kind
from agent_assist.live import Snapshot
from agent_assist.store.declines import Decline
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Key, Maybe, Received, TurnText
from agent_assist.web.services import Services

_EXAMPLE = {"kind": "raise", "row": "R001", "level": "rep", "reason": "A second look is worth it"}


class DeclineRequest(Received):
    """Which advice, and why it is declined."""

    kind: Kind
    row: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$")]
    level: Maybe[
        Annotated[Key, Field(description="Whose ceiling it is about; left out to drop a row.")]
    ] = None
    reason: Annotated[TurnText, Field(max_length=1_000)] = ""


class Declined(TypedDict):
    """Advice that was declined. `level` is null for that to drop a row."""

    kind: Kind
    row: str
    level: str | None
    at: datetime
    by: str
    reason: str


_DECLINED = TypeAdapter(Declined)


def register(api: Operations, services: Services) -> None:
    """Add the operation that declines advice."""

    @api.post_once(
        "/v1/insights/limits/declines",
        Scope.LIMITS_EDIT,
        About("insights", "Decline advice on a limit", examples={"to raise": _EXAMPLE}),
        body=DeclineRequest,
        answer=Declined,
        status=201,
    )
    def decline_advice(body: DeclineRequest, now: Exchange, once: Once) -> StoredAnswer:
        """Decline advice on a row of the live table.

        It is not given again before thirty more decisions or grants speak for it. The limit stays
        as it is, and anybody may still change it by a draft.
        """
        advice = _advice(body, services.live.current())
        person = now.caller.acting(None)
        by = now.caller.actor if person is None else f"person:{person}"
        return services.declines.decline(advice, by, body.reason, once, _answer)


def _advice(body: DeclineRequest, snapshot: Snapshot) -> Advice:
    if (body.level is None) is not (body.kind is Kind.DROP):
        detail = "must be left out of advice to drop a row, and named in any other"
        raise InvalidInput([FieldProblem("/level", "wrong_level", detail)])
    if body.level is not None and body.level not in snapshot.vocabulary.ladder:
        detail = "is not a level of the library"
        raise InvalidInput([FieldProblem("/level", "unknown_level", detail)])
    if not any(row.key == body.row for row in snapshot.terms().limits.all):
        raise InvalidInput([FieldProblem("/row", "unknown_row", "is no row of the live table")])
    return Advice(body.kind, body.row, body.level or "")


def _answer(found: Decline) -> bytes:
    kind, row, level = found.advice
    return _DECLINED.dump_json(
        {
            "kind": kind,
            "row": row,
            "level": level or None,
            "at": found.at,
            "by": found.by,
            "reason": found.reason,
        }
    )
