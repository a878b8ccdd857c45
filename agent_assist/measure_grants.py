"""Measure grants: what was given and asked for, by whom, beyond which limits, and when."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.measures import ApprovalsBy, GrantsBy, Rate, Wanted, most_waited
from agent_assist.core.money import Money
from agent_assist.core.shrinking import Prior, prior, rate
from agent_assist.core.vocabulary import Unit
from agent_assist.measure import Measurer
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.given import ApprovalSum, GivenStore, GrantSum, Key
from agent_assist.store.figures.parts import APPROVAL_PART, GRANT_PART

MOST = 1_000
"""How many kinds are told at most: those of the most grants or requests."""

_T = TypeVar("_T", "_Given", "_Asked")


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
        found, total = dict[str | None, _Given](), _Given()
        for one in self._store.grants(wanted, by):
            found.setdefault(_told(one.key, by.value), _Given()).add(one)
            total.add(one)
        kinds = _ordered(found, by.value)
        priors = _priors(_GRANT_RATES, found.values())
        items = tuple(_grants(key, one, priors) for key, one in kinds[:MOST])
        return GrantReport(pending, _grants(None, total, {}), items, len(kinds) <= MOST)

    def approvals(self, basis: Basis, wanted: Wanted, by: ApprovalsBy) -> ApprovalReport:
        """The measures of some requests."""
        pending = self._measurer.count(basis, APPROVAL_PART, wanted.since, wanted.until)
        found, total = dict[str | None, _Asked](), _Asked()
        for one in self._store.approvals(wanted, by):
            found.setdefault(_told(one.key, by.value), _Asked()).add(one)
            total.add(one)
        kinds = _ordered(found, by.value)
        priors = _priors(_APPROVAL_RATES, found.values())
        items = tuple(_approvals(key, one, priors) for key, one in kinds[:MOST])
        return ApprovalReport(pending, _approvals(None, total, {}), items, len(kinds) <= MOST)


_GRANT_RATES: Mapping[str, Callable[[_Given], tuple[int, int]]] = {
    "given": lambda one: (one.given, one.reserved),
    "taken_back": lambda one: (one.taken_back, one.reserved),
}
_APPROVAL_RATES: Mapping[str, Callable[[_Asked], tuple[int, int]]] = {
    "approved": lambda one: (one.approved, one.decided),
    "cut": lambda one: (one.cut, one.approved),
    "taken_back": lambda one: (one.taken_back, one.approved),
}


def _grants(key: str | None, one: _Given, priors: Mapping[str, Prior | None]) -> GrantMeasures:
    return GrantMeasures(
        key=key,
        reserved=one.reserved,
        spend=tuple(Money(amount, kind) for kind, amount in sorted(one.spend.items())),
        others=one.others,
        **{name: rate(reads(one), priors.get(name)) for name, reads in _GRANT_RATES.items()},
    )


def _approvals(
    key: str | None, one: _Asked, priors: Mapping[str, Prior | None]
) -> ApprovalMeasures:
    return ApprovalMeasures(
        key=key,
        requests=one.size,
        states={state: one.states[state] for state in ApprovalState},
        waited=most_waited(one.waits),
        waited_long=most_waited(one.waits, 0.9),
        **{name: rate(reads(one), priors.get(name)) for name, reads in _APPROVAL_RATES.items()},
    )


def _priors(
    rates: Mapping[str, Callable[[_T], tuple[int, int]]], kinds: Iterable[_T]
) -> dict[str, Prior | None]:
    told = list(kinds)
    return {name: prior([reads(one) for one in told]) for name, reads in rates.items()}


def _told(key: Key, by: str) -> str | None:
    if isinstance(key, date):
        first = key - timedelta(days=key.weekday()) if by == "week" else key
        return first.isoformat()
    return key


def _ordered(found: Mapping[str | None, _T], by: str) -> list[tuple[str | None, _T]]:
    if by in ("day", "week"):
        return sorted(found.items(), key=lambda one: str(one[0]))
    return sorted(found.items(), key=lambda one: (-one[1].size, one[0] is None, str(one[0])))
