"""The answer for one remedy: verdict, caps, who may give more, and the trace of every test."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from agent_assist.core.ceilings import Bound
from agent_assist.core.columns import places
from agent_assist.core.conditions import Test
from agent_assist.core.facts import Facts, FactValue
from agent_assist.core.limits import LimitRow, Offer
from agent_assist.core.row_index import RowIndex, RowState, RowTrace, States
from agent_assist.core.vocabulary import Remedy


class Verdict(StrEnum):
    """What the rep may do now.

    OPEN: nothing is granted yet, but an answer to a question could change that.
    """

    ALLOWED = "allowed"
    NEEDS_APPROVAL = "needs_approval"
    OPEN = "open"
    NOT_ALLOWED = "not_allowed"


class TestTrace(NamedTuple):
    """One test of a row: `met` is None while the fact is unknown."""

    fact: str
    test: Test
    value: FactValue | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Considered:
    """What was considered for a decision; traces are worked out when they are looked at.

    Attributes:
        facts: what was known.
        decisive: the rows that the answer rests on, as a set of the index.
    """

    index: RowIndex = field(compare=False)
    states: States
    facts: Facts
    decisive: int

    def trace(self, rows: int) -> tuple[RowTrace, ...]:
        """The traces of a set of rows, in the order of their keys."""
        # What there is to tell of an excluded row never changes.
        known, counting = self.index.excluded, ~self.states.excluded
        if rows & counting == rows:
            return tuple([self._trace(place) for place in places(rows)])
        traces = list(known)
        for place in places(rows & counting):
            traces[place] = self._trace(place)
        if rows != self.index.everything:
            traces = [traces[place] for place in places(rows)]
        return tuple(traces)

    def tests(self, row: LimitRow) -> tuple[TestTrace, ...]:
        """Each test of a row on what was known."""
        facts = self.facts
        return tuple(
            [
                TestTrace(
                    fact,
                    test,
                    value := facts.get(fact),
                    None if value is None else test.accepts(value),
                )
                for fact, test in row.conditions.items()
            ]
        )

    def failing(self, row: LimitRow) -> tuple[str, Test]:
        """The first test of an excluded row that fails, after its fact."""
        for fact, test in row.conditions.items():
            if fact in self.facts and not test.accepts(self.facts[fact]):
                return fact, test
        raise LookupError(f"{row.key} fails no test")

    def _trace(self, place: int) -> RowTrace:
        row, bit = self.index.rows[place], 1 << place
        decisive = bool(bit & self.decisive)
        if bit & self.states.met:
            return RowTrace(row, RowState.MET, (), decisive)
        return RowTrace(row, RowState.OPEN, self.index.needs(place, self.facts), decisive)


class CapKind(StrEnum):
    """What kind of cap it is."""

    FROZEN = "frozen"
    EXCLUSIVE = "exclusive"
    CEILING = "ceiling"
    BUDGET = "budget"
    BRAKE = "brake"


class Cap(NamedTuple):
    """Something that caps the remedy, and what is left under it.

    Attributes:
        source: key of the limit row or budget, frozen or not; of the remedy that excludes this one;
            the team that a brake stops, or empty for the whole organisation.
        headroom: the most that may be given under it, in whole parts of the remedy's unit.
        scope: of a budget or brake; where `given`, or the excluding remedy, was given.
        window: of a budget; empty for other caps.
        grants_left: of a budget that caps how many grants there may be; None for other caps.
        given: what a ceiling's headroom is less by, for it was given before.
        warning: True for a budget of which so much is used that it warns.
        reason: of a brake.
    """

    kind: CapKind
    source: str
    headroom: Bound
    scope: str = ""
    window: str = ""
    grants_left: int | None = None
    given: int = 0
    warning: bool = False
    reason: str = ""


class Approval(NamedTuple):
    """The lowest level that may give more, and how much it may."""

    level: str
    up_to: Bound


class Possible(NamedTuple):
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


class Otherwise(NamedTuple):
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


class Decision(NamedTuple):
    """The exact answer for one remedy at one level.

    Attributes:
        up_to: the most the level may give now without asking, in whole parts of the remedy's
            unit; more may have been asked for.
        binding: the cap that sets `up_to`; None where no row allows anything.
        approval: who may give more; None if nobody may, or nobody needs to.
        possible: what the rows that are still open could make of it.
        otherwise: single changes of a known fact that would allow more, the largest first.
        withheld_for: unknown facts of budgets that hold the answer down until they are known.
        say: a sentence the customer may hear; may be empty, and is where no row denies what is
            not allowed.
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
    def rests_on(self) -> tuple[str, ...]:
        """The keys of the decisive rows."""
        return tuple([row.key for row in self.considered.index.of(self.considered.decisive)])

    def tests(self, row: LimitRow) -> tuple[TestTrace, ...]:
        """Each test of a row that was considered; `met` is None while its fact is unknown."""
        return self.considered.tests(row)

    def needs(self) -> tuple[str, ...]:
        """Unknown facts that could change the answer, each once."""
        return needed(self.possible, self.withheld_for)


def needed(possible: Iterable[Possible], withheld_for: Iterable[str]) -> tuple[str, ...]:
    """Unknown facts that could change an answer, each once."""
    of_rows = (fact for item in possible for fact in item.needs)
    return tuple(dict.fromkeys((*of_rows, *withheld_for)))
