"""What clients send and get about approval requests, as it is published."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.approvals import ApprovalState, Ruling, RulingReason
from agent_assist.web.amounts import AmountGiven
from agent_assist.web.answers import Versions
from agent_assist.web.grants.shapes import ByGiven, Comment
from agent_assist.web.option_shapes import Option, Quantity
from agent_assist.web.scalars import Id, Maybe, PageSize, Query, Received

HASH = "^[0-9a-f]{64}$"


class RulingRequest(Received):
    """Approve a request, whole or less, or refuse it."""

    ruling: Ruling
    by: Annotated[ByGiven, Field(description="The person who decides, whom the server knows.")]
    hash: Annotated[str, Field(pattern=HASH, description="Of the request as it was shown to them.")]
    amount: Maybe[
        Annotated[AmountGiven, Field(description="Less than was asked for; only to approve.")]
    ] = None
    reason_code: RulingReason
    comment: Maybe[Comment] = None


class WithdrawalRequest(Received):
    """Withdraw a request; only who asked may."""

    by: ByGiven


class ApprovalListQuery(Query):
    """Which requests to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    state: Maybe[ApprovalState] = None
    team: Maybe[Annotated[Id, Field(description="Only what this team asks for.")]] = None
    contact: Maybe[Annotated[Id, Field(description="Only what is asked for in this contact.")]] = (
        None
    )
    decider: Maybe[Annotated[Id, Field(description="Only what this person may decide on now.")]] = (
        None
    )


class ApprovalEnd(TypedDict):
    """How a request ended. `by` is null where time ended it."""

    at: datetime
    by: str | None
    level: Annotated[str | None, Field(description="At which it was decided.")]
    amount: Annotated[Quantity | None, Field(description="Granted; null unless approved.")]
    reason_code: RulingReason | None
    comment: str | None
    grant: Annotated[str | None, Field(description="Id of the grant it became at once.")]
    versions: Versions | None
    changed: Annotated[
        bool, Field(description="Approved under another version than it was asked for under.")
    ]


class Approval(TypedDict):
    """A request for an approval. `hash` binds a decision to what was asked for."""

    id: str
    hash: Annotated[str, Field(pattern=HASH)]
    state: ApprovalState
    at: datetime
    falls_back_at: Annotated[
        datetime | None, Field(description="From then on it goes to the next level up.")
    ]
    expires_at: datetime
    level: Annotated[str, Field(description="The lowest that may decide on it.")]
    routed_to: Annotated[
        str | None, Field(description="Whom to ask first; anybody qualified may decide.")
    ]
    issue: str
    remedy: str
    amount: Quantity
    reason_code: str
    comment: str | None
    contact: str | None
    order: str | None
    customer: str | None
    rep: str
    rep_level: str
    team: str | None
    suggestion: str | None
    versions: Versions
    end: ApprovalEnd | None


class LevelView(TypedDict):
    """What limits and budgets say now at a level; `covers` is true if it may give the amount."""

    level: str
    covers: bool
    option: Option


class Precedent(TypedDict):
    """A like case that was decided before."""

    id: str
    state: ApprovalState
    at: datetime
    asked: Quantity
    amount: Quantity | None
    reason_code: RulingReason | None


class Precedents(TypedDict):
    """How the same issue and remedy were decided on, and the last few cases."""

    approved: Annotated[int, Field(ge=0, description="In full.")]
    lowered: Annotated[int, Field(ge=0, description="With less than was asked for.")]
    refused: Annotated[int, Field(ge=0)]
    latest: list[Precedent]


class Brief(TypedDict):
    """All that is needed to decide on a request."""

    approval: Approval
    levels: Annotated[
        list[LevelView],
        Field(description="From the asking level up; empty if the library forgot what it is."),
    ]
    precedents: Precedents


class ApprovalPage(TypedDict):
    """Requests, newest first. `next_cursor` is null on the last page."""

    items: list[Approval]
    next_cursor: str | None


class Pair(TypedDict):
    """Two people who approve what the other asks for, and how often each did."""

    one: str
    other: str
    one_for_other: Annotated[int, Field(ge=1)]
    other_for_one: Annotated[int, Field(ge=1)]


class Reciprocity(TypedDict):
    """Pairs of people who approve for each other, those who do so most first."""

    items: list[Pair]
