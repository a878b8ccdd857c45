"""POST /v1/policies/drafts/{draft_id}/check and /questions: what a draft would say and match."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.library.policy_review import CheckedPolicy
from agent_assist.question import Moved, Source
from agent_assist.web import examples
from agent_assist.web.drafts import shapes
from agent_assist.web.drafts.writers import DRAFT_ID, write_finding
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import Nothing
from agent_assist.web.services import Services
from agent_assist.web.versioned import tag

_PATH = {"draft_id": DRAFT_ID}


class Reading(TypedDict):
    """How a text that customers hear reads.

    `grade` is about the school year that reads it with ease; null in other languages than English.
    """

    column: str
    words: Annotated[int, Field(ge=0)]
    grade: float | None


class PolicyCheck(TypedDict):
    """What there is to say about one policy."""

    faults: list[shapes.CellFault]
    items: list[shapes.Finding]
    readings: list[Reading]


class QuestionMoved(TypedDict):
    """A question whose sure answer would be another; null for none that is sure.

    A question that customers `said` is masked. `count` is how often it was asked in these words.
    """

    text: str
    source: Source
    count: Annotated[int, Field(ge=1)]
    before: str | None
    after: str | None


class Questioning(TypedDict):
    """How far a questioning has come, and what it has found. Ask again until it is `over`.

    `of` is 0 while the draft is made ready to be asked.
    """

    etag: str
    library: int
    done: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=0)]
    over: bool
    failed: bool
    moved: list[QuestionMoved]


def register(api: Operations, services: Services) -> None:
    """Add what is asked while a policy is written."""

    @api.post(
        "/v1/policies/drafts/<draft_id>/check",
        Scope.LIMITS_READ,
        About("limits", "Check a policy", path=_PATH, examples={"a text": examples.POLICY}),
        body=shapes.RowGiven,
        answer=PolicyCheck,
    )
    def check_policy(body: shapes.RowGiven, _now: Exchange, draft_id: str) -> PolicyCheck:
        """What a review would say about a policy if the draft held it so. Writes nothing."""
        found = services.reviewing.check_policy(draft_id, body.row, body.cells)
        return {
            "faults": [
                {"row": one.row, "column": one.column, "code": one.code, "message": one.message}
                for one in found.faults
            ],
            "items": [write_finding(one, found.vocabulary) for one in found.findings],
            "readings": _readings(found),
        }

    @api.post(
        "/v1/policies/drafts/<draft_id>/questions",
        Scope.LIMITS_READ,
        About("limits", "Ask a draft real questions", path=_PATH, examples={"it": {}}),
        body=Nothing,
        answer=Questioning,
    )
    def question_draft(_body: Nothing, _now: Exchange, draft_id: str) -> Questioning:
        """Which real questions a draft of policies would match, and from which it would take them.

        At most 300 questions, what customers said in the last 90 days and the examples of the
        library, are asked of the published policies and of the draft's, as customers would be
        answered. It is begun when it is first asked for; one runs at a time. Changes nothing.
        """
        found = services.questioner.question(draft_id)
        return {
            "etag": tag(found.edit),
            "library": found.library,
            "done": found.done,
            "of": found.of,
            "over": found.is_over,
            "failed": found.failed,
            "moved": [_moved(one) for one in found.moved],
        }


def _moved(one: Moved) -> QuestionMoved:
    return {
        "text": one.question.text,
        "source": one.question.source,
        "count": one.question.count,
        "before": one.before,
        "after": one.after,
    }


def _readings(found: CheckedPolicy) -> list[Reading]:
    return [
        {
            "column": one.column,
            "words": one.words,
            "grade": None if one.grade is None else round(one.grade, 1),
        }
        for one in found.readings
    ]
