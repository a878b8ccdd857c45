"""Shapes of questions and answers about money at risk."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from agent_assist.core.vocabulary import Cause
from agent_assist.web.option_shapes import Money, Quantity
from agent_assist.web.scalars import AmountText, CalendarDay, Id, Maybe, Query

Number = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]

_SHARE_FORM = r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$"
_SHARE = re.compile(_SHARE_FORM[1:-1], re.ASCII)


def _read_share(value: Any) -> Any:
    if not isinstance(value, str) or not _SHARE.fullmatch(value):
        raise PydanticCustomError(
            "out_of_range", "must be a share from 0 to 1 of at most four decimals, such as 0.15"
        )
    return Decimal(value)


ShareText = Annotated[
    Decimal,
    BeforeValidator(_read_share),
    WithJsonSchema({"type": "string", "pattern": _SHARE_FORM}),
]


class StakesQuery(Query):
    """Which contacts to look at, and what to suppose instead of what the library estimates."""

    since: Maybe[
        Annotated[CalendarDay, Field(description="First day; left out, 90 days before the last.")]
    ] = None
    until: Maybe[Annotated[CalendarDay, Field(description="Last day; left out, today.")]] = None
    team: Maybe[Annotated[Id, Field(description="Only this team's; left out, all.")]] = None
    customer_value: Maybe[
        Annotated[
            AmountText,
            Field(description="A year, in the library's currency, for its whole range."),
        ]
    ] = None
    loss_resolved: Maybe[
        Annotated[ShareText, Field(description="Customers lost though it was resolved at once.")]
    ] = None
    loss_repeated: Maybe[
        Annotated[ShareText, Field(description="Customers lost who had to come back.")]
    ] = None
    loss_unresolved: Maybe[
        Annotated[ShareText, Field(description="Customers lost whose problem stayed.")]
    ] = None
    share: Maybe[
        Annotated[ShareText, Field(description="Not resolved at once, supposed of every issue.")]
    ] = None


class MoneyRange(TypedDict):
    """An amount that nobody knows exactly."""

    low: Money
    likely: Money
    high: Money


class ShareRange(TypedDict):
    """A share that nobody knows exactly."""

    low: Share
    likely: Share
    high: Share


class Losses(TypedDict):
    """The share of customers that is lost, by how their contact ended."""

    resolved: ShareRange
    repeated: ShareRange
    unresolved: ShareRange


class FactorsUsed(TypedDict):
    """What is reckoned from. `share` is null where that of each issue is counted."""

    customer_value: MoneyRange
    loyalty_loss: Losses
    share: Share | None


class Ends(TypedDict):
    """How some contacts ended; `few` if too few did to conclude much."""

    contacts: Number
    ended: Annotated[int, Field(ge=0, description="Have an outcome.")]
    unresolved: Number
    came_back: Annotated[int, Field(ge=0, description="Said to be resolved, and repeated.")]
    few: bool


class SavedSeen(TypedDict):
    """What remedies kept from being at risk, as contacts with and without them differ."""

    share: ShareRange
    money: MoneyRange


class StakeSeen(TypedDict):
    """What a problem puts at risk: `contacts` x `share` x `loyalty_lost` x the customer's value.

    `issue` is null for all together, each contact once, and `cause` there and where nobody knows
    one. `share` is that not resolved at once of those that ended, with its 95 % Wilson interval;
    null while none has. `saved` and `without_remedies` are null where too few contacts ended with
    a remedy, or without, to compare them.
    """

    issue: str | None
    cause: Cause | None
    ends: Ends
    given: Annotated[Ends, Field(description="Of those in which something was given for it.")]
    share: ShareRange | None
    loyalty_lost: Annotated[
        ShareRange, Field(description="Of one not resolved at once, beyond one that was.")
    ]
    at_risk: MoneyRange
    a_year: MoneyRange
    saved: SavedSeen | None
    without_remedies: MoneyRange | None
    ranked: Annotated[
        Money, Field(description="Likely, with the share drawn towards that of all contacts.")
    ]


class Looked(TypedDict):
    """What was looked at, and what it was reckoned from.

    No day is told before that of the first contact that is known. `pending` days have changed and
    are not counted again yet: ask again soon.
    """

    since: date
    until: date
    days: Annotated[int, Field(ge=1)]
    team: str | None
    pending: Number
    inputs: FactorsUsed
    library: Annotated[FactorsUsed, Field(description="What the library says of the inputs.")]


class StakesReport(Looked):
    """Issues and causes, those with the most money at risk first."""

    total: StakeSeen
    items: list[StakeSeen]


class WeekSeen(TypedDict):
    """How the contacts of a week ended."""

    week: Annotated[date, Field(description="The Monday it begins on.")]
    ends: Ends
    share: ShareRange | None


class GaveSeen(TypedDict):
    """What was given of a remedy. Sums are null where they mean nothing."""

    remedy: str
    label: str
    grants: Annotated[int, Field(ge=1)]
    amount: Quantity | None
    cost: Money | None


class LostSeen(TypedDict):
    """A contact that was not resolved at once; `cause` is null where no outcome says one."""

    external_id: str
    opened_at: datetime
    ended: Literal["unresolved", "came_back"]
    cause: Cause | None


class IssueReport(Looked):
    """What there is to say of an issue.

    `sentences` are what customers said whose contacts were not resolved at once, masked; `lost`
    are the newest of these contacts.
    """

    issue: str
    name: str
    total: StakeSeen
    items: Annotated[list[StakeSeen], Field(description="By cause.")]
    weeks: list[WeekSeen]
    sentences: list[str]
    given: list[GaveSeen]
    lost: list[LostSeen]
