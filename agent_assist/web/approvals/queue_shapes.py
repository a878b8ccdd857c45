"""What supervisors get and send about what waits for a decision, as it is published."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.approvals import Ruling, RulingReason
from agent_assist.web.amounts import AmountGiven
from agent_assist.web.approvals.shapes import HASH, Approval
from agent_assist.web.grants.shapes import BudgetHeadroom, ByGiven, Comment
from agent_assist.web.once import KEY_PATTERN
from agent_assist.web.option_shapes import Cap, Option, Quantity
from agent_assist.web.problem_shapes import Conflict, Problem
from agent_assist.web.scalars import Id, Maybe, PageSize, Query, Received

MOST_DECISIONS = 50


class QueueQuery(Query):
    """Whose queue to read."""

    limit: PageSize = 100
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    decider: Maybe[
        Annotated[Id, Field(description="Who decides; of a session its person, and left out.")]
    ] = None
    team: Maybe[Annotated[Id, Field(description="Only what this team asks for.")]] = None


class LevelReach(TypedDict):
    """What a level may give now; `covers` is true if that is enough."""

    level: str
    up_to: Quantity
    covers: bool


class Mine(TypedDict):
    """What the person who looks may do about it."""

    may: bool
    refusal: Annotated[str | None, Field(description="Why they may not; null if they may.")]
    up_to: Annotated[Quantity | None, Field(description="The most that they may give now.")]
    covers: bool
    binding: Annotated[Cap | None, Field(description="The cap that sets `up_to`.")]


class LikeCases(TypedDict):
    """What was decided on the same issue and remedy, for the same level, in the last `days`.

    Like cases are those where `least` to `most` was asked for. `median` is of what was given.
    """

    days: int
    least: Quantity
    most: Quantity
    approved: Annotated[int, Field(ge=0, description="As asked.")]
    lowered: Annotated[int, Field(ge=0, description="With less.")]
    refused: Annotated[int, Field(ge=0)]
    median: Quantity | None


class WaitingRequest(TypedDict):
    """A request that waits, with what a decision on it needs."""

    approval: Approval
    asker: Annotated[str | None, Field(description="The name of who asks, if it is known.")]
    above: Annotated[
        Quantity | None,
        Field(description="By how much it is above what who asks may give now."),
    ]
    option: Annotated[
        Option | None,
        Field(
            description="The decision at the level of who asks: the rows, the caps and what would "
            "turn it. Null if the library forgot what was asked for."
        ),
    ]
    levels: Annotated[list[LevelReach], Field(description="From the asking level up.")]
    mine: Mine
    budgets: Annotated[
        list[BudgetHeadroom],
        Field(description="Those that count it: used within their windows, left at your level."),
    ]
    precedent: LikeCases


class QueuePage(TypedDict):
    """Requests that wait, the oldest first. `next_cursor` is null on the last page."""

    at: Annotated[datetime, Field(description="When this was so, by the server's clock.")]
    items: list[WaitingRequest]
    next_cursor: str | None


class OneRuling(Received):
    """A decision on one request of many; as a decision alone, with its own key."""

    approval: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,40}$")]
    key: Annotated[
        str,
        Field(
            pattern=KEY_PATTERN,
            description="Its `Idempotency-Key`: the same decision sent alone with it is the same.",
        ),
    ]
    ruling: Ruling
    hash: Annotated[str, Field(pattern=HASH, description="Of the request as it was shown.")]
    amount: Maybe[
        Annotated[AmountGiven, Field(description="Less than was asked for; only to approve.")]
    ] = None
    reason_code: RulingReason
    comment: Maybe[Comment] = None


class RulingsRequest(Received):
    """Decisions on several requests. Each is decided by itself."""

    by: Annotated[ByGiven, Field(description="The person who decides, whom the server knows.")]
    decisions: Annotated[list[OneRuling], Field(min_length=1, max_length=MOST_DECISIONS)]


class RulingAnswer(TypedDict):
    """What became of one decision: the request as it is now, or why nothing was done."""

    id: Annotated[str, Field(description="Of the request.")]
    status: Annotated[int, Field(description="As a decision alone would have been answered.")]
    replayed: Annotated[bool, Field(description="The answer was given before to the same key.")]
    approval: Approval | None
    problem: Problem | None
    conflict: Annotated[Conflict | None, Field(description="What is left, and what holds it down.")]


class RulingAnswers(TypedDict):
    """An answer to each decision, in their order."""

    items: list[RulingAnswer]


class AbsenceRequest(Received):
    """Somebody is away, both days included, and somebody stands in."""

    substitute: ByGiven
    first: date
    last: date


class Absence(TypedDict):
    """Somebody who is or will be away, and who stands in for them."""

    person: str
    substitute: str
    first: date
    last: date


class Decider(TypedDict):
    """Somebody who decides, and can stand in for others."""

    id: str
    name: str
    level: str
    team: str


class Absences(TypedDict):
    """Who is away or will be, by the first day, and all who could stand in."""

    today: Annotated[date, Field(description="In the organisation's time zone.")]
    items: list[Absence]
    deciders: list[Decider]


class EndedAbsence(TypedDict):
    """Somebody is back; `ended` is how many absences that ended."""

    person: str
    ended: Annotated[int, Field(ge=0)]
