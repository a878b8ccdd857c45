"""Measure grants: what was given and asked for, by whom, beyond which limits, and when."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.kinds import Kind, Rates, kinds, total
from agent_assist.core.measures import ApprovalsBy, GrantsBy, Rate, Wanted, most_waited
from agent_assist.core.money import Money
from agent_assist.core.vocabulary import Unit
from agent_assist.measure import Measurer
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.given import ApprovalSum, GivenStore, GrantSum
from agent_assist.store.figures.parts import APPROVAL_PART, GRANT_PART


@dataclass(frozen=True, slots=True)
class GrantMeasures:
    """Grants of one kind.

    Attributes:
        key: as in `measure.Measured`, or a remedy, a level or a limit row.
        given: captured, and not wholly taken back since; of those reserved.
        taken_back: voided, in part or whole; of those reserved.
        spend: what is left of those given, in money by currency.
        others: given remedies that are no money.
    """

    key: str | None
    reserved: int
    given: Rate
    taken_back: Rate
    spend: tuple[Money, ...]
    others: int


@dataclass(frozen=True, slots=True)
class ApprovalMeasures:
    """Requests of one kind.

    Attributes:
        states: how many are in each state.
        approved: of those that somebody decided.
        cut, taken_back: of those approved; see `ApprovalFigure`.
        waited, waited_long: within how many seconds half, and nine of ten, were decided: the upper
            end of a stretch of `core.measures.WAITS`; None beyond the last, or for none.
    """

    key: str | None
    requests: int
    states: Mapping[ApprovalState, int]
    approved: Rate
    cut: Rate
    taken_back: Rate
    waited: int | None
    waited_long: int | None


@dataclass(frozen=True, slots=True)
class GrantReport:
    """What was asked for; attributes as in `measure.Measures`."""

    pending: int
    total: GrantMeasures
    items: tuple[GrantMeasures, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ApprovalReport:
    """What was asked for; attributes as in `measure.Measures`."""

    pending: int
    total: ApprovalMeasures
    items: tuple[ApprovalMeasures, ...]
    is_whole: bool


@dataclass(slots=True)
class _Given:
    reserved: int = 0
    given: int = 0
    taken_back: int = 0
    others: int = 0
    spend: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        return self.reserved

    def add(self, one: GrantSum) -> None:
        self.reserved += one.reserved
        self.given += one.given
        self.taken_back += one.taken_back
        if one.unit is Unit.MONEY:
            self.spend[one.currency] += one.amount
        else:
            self.others += one.given


@dataclass(slots=True)
class _Asked:
    states: Counter[ApprovalState] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    cut: int = 0
    taken_back: int = 0

    @property
    def size(self) -> int:
        return self.states.total()

    @property
    def approved(self) -> int:
        return self.states[ApprovalState.APPROVED]

    @property
    def decided(self) -> int:
        return self.approved + self.states[ApprovalState.REFUSED]

    def add(self, one: ApprovalSum) -> None:
        self.states[one.state] += one.requests
        self.cut += one.cut
        self.taken_back += one.taken_back
        if one.waited >= 0:
            self.waits[one.waited] += one.requests


class GrantMeasurer:
    """Tells measures of grants and requests, from figures that are counted by the day.

    Args:
        measurer: counts what has changed.
        store: reads what was counted.
    """

    def __init__(self, measurer: Measurer, store: GivenStore) -> None:
        self._measurer = measurer
        self._store = store

    def grants(self, basis: Basis, wanted: Wanted, by: GrantsBy) -> GrantReport:
        """The measures of some grants. No channel is looked at: a grant names none."""
        pending = self._measurer.count(basis, GRANT_PART, wanted.since, wanted.until)
        sums = self._store.grants(wanted, by)
        found = kinds((((one.key,), one) for one in sums), by, _Given, _GRANT_RATES)
        every = _grants(total(sums, _Given, _GRANT_RATES))
        return GrantReport(pending, every, tuple(map(_grants, found.items)), found.is_whole)

    def approvals(self, basis: Basis, wanted: Wanted, by: ApprovalsBy) -> ApprovalReport:
        """The measures of some requests."""
        pending = self._measurer.count(basis, APPROVAL_PART, wanted.since, wanted.until)
        sums = self._store.approvals(wanted, by)
        found = kinds((((one.key,), one) for one in sums), by, _Asked, _APPROVAL_RATES)
        every = _approvals(total(sums, _Asked, _APPROVAL_RATES))
        return ApprovalReport(pending, every, tuple(map(_approvals, found.items)), found.is_whole)


_GRANT_RATES: Rates[_Given] = {
    "given": lambda one: (one.given, one.reserved),
    "taken_back": lambda one: (one.taken_back, one.reserved),
}
_APPROVAL_RATES: Rates[_Asked] = {
    "approved": lambda one: (one.approved, one.decided),
    "cut": lambda one: (one.cut, one.approved),
    "taken_back": lambda one: (one.taken_back, one.approved),
}


def _grants(kind: Kind[_Given]) -> GrantMeasures:
    one = kind.sum
    return GrantMeasures(
        key=kind.key,
        reserved=one.reserved,
        spend=tuple(Money(amount, held) for held, amount in sorted(one.spend.items())),
        others=one.others,
        **kind.rates,
    )


def _approvals(kind: Kind[_Asked]) -> ApprovalMeasures:
    one = kind.sum
    return ApprovalMeasures(
        key=kind.key,
        requests=one.size,
        states={state: one.states[state] for state in ApprovalState},
        waited=most_waited(one.waits),
        waited_long=most_waited(one.waits, 0.9),
        **kind.rates,
    )
