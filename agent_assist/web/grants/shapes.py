"""What clients send and get about grants, as it is published."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.grants import EntryKind, GrantState
from agent_assist.web.amounts import AmountGiven
from agent_assist.web.answers import Versions
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.requests import Circumstances
from agent_assist.web.scalars import (
    Id,
    Key,
    Maybe,
    PageSize,
    Query,
    Received,
    Said,
    TurnText,
)

Comment = Annotated[TurnText, Field(max_length=1_000)]


class AskedRemedy(Circumstances):
    """A remedy that is asked for, on an order or in a contact: one of them must be named.

    So must the other ids that budgets sum up by; the answer names those that are missing.
    """

    issue: Id
    remedy: Id
    amount: AmountGiven
    reason_code: Annotated[Key, Field(description="One of the remedy's; see `GET /v1/remedies`.")]
    comment: Maybe[Comment] = None
    suggestion: Maybe[
        Annotated[Id, Field(description="Id of the suggestion that proposed it.")]
    ] = None


class GrantRequest(AskedRemedy):
    """A remedy to be given, on an order or in a contact: one of them must be named."""

    approval: Maybe[
        Annotated[
            Literal["request"],
            Field(description="Ask for an approval where the amount needs one."),
        ]
    ] = None


class ByGiven(Received):
    """Who does it."""

    id: Id


class CaptureRequest(Received):
    """Make a reservation final, whole or less; the rest is released."""

    amount: Maybe[AmountGiven] = None
    rep: Maybe[ByGiven] = None


class VoidRequest(Received):
    """Take a grant back, whole or a part of it."""

    amount: Maybe[AmountGiven] = None
    rep: Maybe[ByGiven] = None
    reason: Annotated[Said, Field(max_length=1_000)]


class GrantListQuery(Query):
    """Which grants to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    customer: Maybe[Annotated[Id, Field(description="Only grants to this customer.")]] = None
    contact: Maybe[Annotated[Id, Field(description="Only grants in this contact.")]] = None


class HeadroomQuery(Query):
    """Whose budgets to show. Budgets by other ids are left out."""

    customer: Maybe[Id] = None
    order: Maybe[Id] = None
    contact: Maybe[Id] = None
    rep: Maybe[Id] = None
    team: Maybe[Id] = None
    level: Maybe[Key] = None


class GrantEntry(TypedDict):
    """A capture or a void."""

    kind: EntryKind
    amount: Quantity
    at: datetime
    by: str
    reason: str


class Grant(TypedDict):
    """A remedy given. `counts` is how much of it budgets count now."""

    id: str
    at: datetime
    expires_at: Annotated[
        datetime, Field(description="A reservation that is not captured before counts no more.")
    ]
    state: GrantState
    issue: str
    remedy: str
    amount: Quantity
    captured: Quantity | None
    voided: Quantity
    counts: Quantity
    level: str
    reason_code: str
    comment: str | None
    contact: str | None
    order: str | None
    customer: str | None
    rep: str | None
    team: str | None
    suggestion: str | None
    versions: Versions
    entries: list[GrantEntry]


class GrantPage(TypedDict):
    """Grants, newest first. `next_cursor` is null on the last page."""

    items: list[Grant]
    next_cursor: str | None


class Used(TypedDict):
    """What a budget has granted within its window."""

    amount: Quantity
    grants: Annotated[int, Field(ge=0)]


class Left(TypedDict):
    """What is left of a budget at the level; null where it sets no such cap for the level."""

    amount: Quantity | None
    grants: Annotated[int | None, Field(ge=0)]


class BudgetHeadroom(TypedDict):
    """One budget."""

    budget: str
    scope: str
    window: str
    remedies: Annotated[list[str], Field(description="Empty for all goodwill remedies.")]
    used: Used
    headroom: Left
    warning: Annotated[
        bool, Field(description="True once the share that the budget warns at is used.")
    ]
    frozen: Annotated[
        bool,
        Field(
            description="True where the ledger differs from the audit: until the operator "
            "releases it, nothing that this budget counts may be given, at any level."
        ),
    ]


class Headroom(TypedDict):
    """What is left of every budget whose ids were given. Advice: only a grant decides."""

    level: str
    versions: Versions
    items: list[BudgetHeadroom]
