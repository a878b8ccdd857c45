"""What we send about options, as it is published: verdicts, caps and amounts in any unit.

The shapes of plain dicts, as in `web.answers`.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic cannot read `typing`'s before Python 3.12

from agent_assist.core.decision import Verdict
from agent_assist.core.facts import FactType
from agent_assist.core.limits import Effect, Offer
from agent_assist.core.row_index import RowState
from agent_assist.core.vocabulary import RemedyKind, Unit
from agent_assist.web.scalars import AMOUNT

_closed = with_config(ConfigDict(extra="forbid"))
"""Published as closed, so that one shape of a union is never another with more in it."""


@_closed
class Money(TypedDict):
    """An amount of money with all decimals of its currency."""

    amount: Annotated[str, Field(pattern=AMOUNT)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


@_closed
class Percent(TypedDict):
    """A percentage: `25` or `12.5`."""

    percent: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]{1,2})?$")]


@_closed
class Count(TypedDict):
    """A number of things."""

    count: Annotated[int, Field(ge=0)]


@_closed
class Days(TypedDict):
    """A number of days."""

    days: Annotated[int, Field(ge=0)]


@_closed
class NoLimit(TypedDict):
    """Any amount."""

    unlimited: Literal[True]


Quantity = Money | Percent | Count | Days | NoLimit
"""An amount of a remedy. The one field or two that it has tell which unit it is in."""


class ExclusiveCap(TypedDict):
    """Another remedy of the exclusive group stands on the order or in the contact."""

    kind: Literal["exclusive"]
    remedy: Annotated[str, Field(description="The remedy that was given; only one may stand.")]
    scope: Literal["order", "contact"]
    headroom: Quantity


class CeilingCap(TypedDict):
    """A row of the limit table caps the remedy at this level.

    Ceilings are of all that is given on the order or in the contact: `given` is what stands
    there already, and `headroom` what it leaves.
    """

    kind: Literal["ceiling"]
    row: str
    headroom: Quantity
    given: Quantity
    scope: Annotated[
        Literal["order", "contact"] | None,
        Field(description="Where `given` was given; null if nothing was."),
    ]


class BudgetCap(TypedDict):
    """A budget caps the remedy: what is left of it."""

    kind: Literal["budget"]
    budget: str
    scope: str
    window: str
    headroom: Quantity
    grants_left: Annotated[
        int | None, Field(ge=0, description="Of a cap on the number of grants; else null.")
    ]
    warning: Annotated[
        bool, Field(description="True once the share that the budget warns at is used.")
    ]


class BrakeCap(TypedDict):
    """Somebody stopped goodwill: every level below the highest needs approval."""

    kind: Literal["brake"]
    scope: Literal["organisation", "team"]
    team: str | None
    reason: str
    headroom: Quantity


class FrozenCap(TypedDict):
    """The ledger differs from the audit where this budget counts: nobody may give anything.

    The operator releases it, once the difference is understood.
    """

    kind: Literal["frozen"]
    budget: str
    headroom: Quantity


Cap = Annotated[
    FrozenCap | ExclusiveCap | CeilingCap | BudgetCap | BrakeCap, Field(discriminator="kind")
]


class Approval(TypedDict):
    """The lowest level that may give more, and how much it may."""

    level: str
    up_to: Quantity


class TestResult(TypedDict):
    """One test of a row. `value` and `met` are null while the fact is unknown."""

    fact: str
    test: Annotated[str, Field(description="As in the limit table, for instance `<= 30.00`.")]
    value: str | bool | int | Money | None
    met: bool | None


class BecauseRow(TypedDict):
    """A row that the answer rests on, and what became of each of its tests."""

    row: str
    effect: Effect
    state: RowState
    tests: list[TestResult]


class Possible(TypedDict):
    """What could become of it if `needs` were known and the row then met."""

    row: str
    needs: list[str]
    up_to: Annotated[
        Quantity | None, Field(description="null while the sum itself rests on one of `needs`.")
    ]


class Otherwise(TypedDict):
    """What would turn the answer: one known fact, were it as `test` says."""

    row: str
    fact: str
    test: str
    up_to: Quantity


class Option(TypedDict):
    """The exact decision on one remedy.

    `up_to` is the most that may be given now without asking, also where more was asked for.
    `possible` is what unknown facts could make of it, `otherwise` what other facts would, the
    largest first. `because` holds the rows that the answer
    rests on; where no row applies, the rows that were excluded, with the tests that failed.
    """

    remedy: str
    label: str
    kind: RemedyKind
    unit: Unit
    offer: Offer
    verdict: Verdict
    up_to: Quantity
    binding: Annotated[Cap | None, Field(description="The cap that sets `up_to`.")]
    caps: list[Cap]
    approval: Approval | None
    say: Annotated[str, Field(description="A sentence the customer may hear; may be empty.")]
    because: list[BecauseRow]
    exclusive_with: Annotated[
        list[str], Field(description="Only one of these and this remedy may be given.")
    ]
    needs: Annotated[list[str], Field(description="Unknown facts that could change the answer.")]
    possible: list[Possible]
    otherwise: list[Otherwise]


class Question(TypedDict):
    """A fact worth asking for, and the remedies its answer helps to settle."""

    fact: str
    ask: str
    type: FactType
    choices: list[str]
    settles: list[str]
