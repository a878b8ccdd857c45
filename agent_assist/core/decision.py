"""The answer for one remedy: verdict, caps, who may give more, and the trace of every test."""

from dataclasses import dataclass, field
from enum import StrEnum

from agent_assist.core.ceilings import Bound
from agent_assist.core.conditions import Test
from agent_assist.core.facts import Facts, FactValue
from agent_assist.core.limits import LimitRow, Offer
from agent_assist.core.row_index import RowIndex, States, numbers
from agent_assist.core.vocabulary import Remedy


class Verdict(StrEnum):
    """What the rep may do now.

    OPEN: nothing is granted yet, but an answer to a question could change that.
    """

    ALLOWED = "allowed"
    NEEDS_APPROVAL = "needs_approval"
    OPEN = "open"
    NOT_ALLOWED = "not_allowed"


class RowState(StrEnum):
    """What the known facts make of a row."""

    MET = "met"
    EXCLUDED = "excluded"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class TestTrace:
    """One test of a row: `met` is None while the fact is unknown."""

    fact: str
    test: Test
    value: FactValue | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class RowTrace:
    """One row and what became of it.

    Attributes:
        facts: what was known.
        needs: facts that are unknown and would settle it, those of its ceilings included.
        decisive: True if the answer rests on this row.
    """

    row: LimitRow
    state: RowState
    facts: Facts
    needs: tuple[str, ...]
    decisive: bool

    @property
    def tests(self) -> tuple[TestTrace, ...]:
        """Each of its tests; worked out when it is looked at, for most traces never are."""
        return tuple(
            _trace_test(key, test, self.facts.get(key)) for key, test in self.row.conditions.items()
        )


@dataclass(frozen=True, slots=True)
class Considered:
    """What was considered for a decision; traces are worked out when they are looked at.

    Attributes:
        decisive: the rows that the answer rests on, as a set of the index.
    """

    index: RowIndex = field(compare=False)
    states: States
    facts: Facts
    decisive: int

    def trace(self, rows: int) -> tuple[RowTrace, ...]:
        """The traces of a set of rows, in the order of their keys."""
        return tuple(self._trace(number) for number in numbers(rows))

    def _trace(self, number: int) -> RowTrace:
        row, bit = self.index.rows[number], 1 << number
        if bit & self.states.excluded:
            state = RowState.EXCLUDED
        else:
            state = RowState.MET if bit & self.states.met else RowState.OPEN
        needs: tuple[str, ...] = ()
        if state is RowState.OPEN:
            asked = (*row.conditions, *row.bases())
            needs = tuple(dict.fromkeys(key for key in asked if key not in self.facts))
        return RowTrace(row, state, self.facts, needs, bool(bit & self.decisive))


class CapKind(StrEnum):
    """What kind of cap it is."""

    CEILING = "ceiling"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Cap:
    """Something that caps the remedy, and what is left under it.

    Attributes:
        source: key of the limit row or budget.
        headroom: the most that may be given under it, in whole parts of the remedy's unit.
        scope, window: of a budget; empty for a ceiling.
        grants_left: of a budget that caps how many grants there may be; None for other caps.
    """

    kind: CapKind
    source: str
    headroom: Bound
    scope: str = ""
    window: str = ""
    grants_left: int | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """The lowest level that may give more, and how much it may."""

    level: str
    up_to: Bound


@dataclass(frozen=True, slots=True)
class Possible:
    """What could become of the decision once unknown facts are known.

    Attributes:
        row: the open row, if it turned out to be met; or a row that is met already, if none of
            those that hold it down turned out to be.
        needs: the facts that settle the row.
        up_to: what the level could then give; None while its sum rests on one of `needs`.
    """

    row: str
    needs: tuple[str, ...]
    up_to: Bound | None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What would turn the answer: the one test that keeps an allow row from being met.

    Attributes:
        fact: what would have to be different.
        test: what it would have to be.
        up_to: what the level could then give.
    """

    row: str
    fact: str
    test: Test
    up_to: Bound


@dataclass(frozen=True, slots=True)
class Decision:
    """The exact answer for one remedy at one level.

    Attributes:
        up_to: the most the level may give now without asking, in whole parts of the remedy's
            unit; more may have been asked for.
        binding: the cap that sets `up_to`; None where no row allows anything.
        approval: who may give more; None if nobody may, or nobody needs to.
        possible: what the rows that are still open could make of it.
        otherwise: single changes of a known fact that would allow more, the largest first.
        withheld_for: unknown facts of budgets that hold the answer down until they are known.
        say: a sentence the customer may hear; may be empty.
        considered: every row about this issue and remedy, and what became of it.
    """

    remedy: Remedy
    verdict: Verdict
    offer: Offer
    up_to: Bound
    binding: Cap | None
    caps: tuple[Cap, ...]
    approval: Approval | None
    possible: tuple[Possible, ...]
    otherwise: tuple[Otherwise, ...]
    withheld_for: tuple[str, ...]
    say: str
    considered: Considered

    @property
    def trace(self) -> tuple[RowTrace, ...]:
        """Every row about this issue and remedy that is in effect."""
        states = self.considered.states
        return self.considered.trace(states.met | states.opened | states.excluded)

    @property
    def decisive(self) -> tuple[RowTrace, ...]:
        """The rows that the answer rests on."""
        return self.considered.trace(self.considered.decisive)

    @property
    def near_misses(self) -> tuple[RowTrace, ...]:
        """The rows that one test alone excludes."""
        return self.considered.trace(self.considered.states.near)

    def needs(self) -> tuple[str, ...]:
        """Unknown facts that could change the answer, each once."""
        of_rows = (fact for item in self.possible for fact in item.needs)
        return tuple(dict.fromkeys((*of_rows, *self.withheld_for)))


def _trace_test(key: str, test: Test, value: FactValue | None) -> TestTrace:
    return TestTrace(key, test, value, None if value is None else test.accepts(value))
