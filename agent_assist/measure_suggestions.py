"""Measure suggestions: how often there is one, what is said of it, and whether it is followed."""

from collections import Counter
from dataclasses import dataclass

from agent_assist.core.kinds import Kind, Rates, kinds, total
from agent_assist.core.measures import Rate, SuggestionsBy, Wanted, most_waited
from agent_assist.measure import Measurer
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.helped import HelpedStore, HelpSum, SuggestionSum
from agent_assist.store.figures.parts import SUGGESTION_PART


@dataclass(frozen=True, slots=True)
class SuggestionMeasures:
    """Suggestions of one kind.

    Attributes:
        key, version: as in `measure.Measured`; null for those that abstained.
        abstained: no match was sure enough to be shown as the answer.
        right, wrong: what holds of what was said of them; wrong, or that it was another policy.
    """

    key: str | None
    version: int | None
    suggestions: int
    abstained: Rate
    right: Rate
    wrong: Rate


@dataclass(frozen=True, slots=True)
class Helped:
    """Contacts in which a policy was shown on the day they were opened.

    Attributes:
        followed: whose outcome says a policy that was shown as the main one; of those that ended.
        waited, waited_long: within how many seconds of the opening half, and nine of ten, saw the
            first: the upper end of a stretch of `core.measures.WAITS`; None beyond the last.
    """

    contacts: int
    followed: Rate
    waited: int | None
    waited_long: int | None


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """What was asked for; attributes as in `measure.Measures`."""

    pending: int
    total: SuggestionMeasures
    helped: Helped
    items: tuple[SuggestionMeasures, ...]
    is_whole: bool


@dataclass(slots=True)
class _Sum:
    suggestions: int = 0
    abstained: int = 0
    judged: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def size(self) -> int:
        return self.suggestions

    def add(self, one: SuggestionSum) -> None:
        self.suggestions += one.suggestions
        self.abstained += one.abstained
        self.judged += one.judged
        self.right += one.right
        self.wrong += one.wrong


class SuggestionMeasurer:
    """Tells measures of suggestions, from figures that are counted by the day.

    Args:
        measurer: counts what has changed.
        store: reads what was counted.
    """

    def __init__(self, measurer: Measurer, store: HelpedStore) -> None:
        self._measurer = measurer
        self._store = store

    def look(self, basis: Basis, wanted: Wanted, by: SuggestionsBy) -> SuggestionReport:
        """The measures of some suggestions by a dimension, and the contacts they helped in."""
        pending = self._measurer.count(basis, SUGGESTION_PART, wanted.since, wanted.until)
        sums = self._store.suggestions(wanted, by)
        found = kinds(((one.key, one) for one in sums), by, _Sum, _RATES)
        return SuggestionReport(
            pending=pending,
            total=_measured(total(sums, _Sum, _RATES)),
            helped=_helped(self._store.helped(wanted)),
            items=tuple(map(_measured, found.items)),
            is_whole=found.is_whole,
        )


_RATES: Rates[_Sum] = {
    "abstained": lambda one: (one.abstained, one.suggestions),
    "right": lambda one: (one.right, one.judged),
    "wrong": lambda one: (one.wrong, one.judged),
}


def _measured(kind: Kind[_Sum]) -> SuggestionMeasures:
    return SuggestionMeasures(
        key=kind.key, version=kind.version, suggestions=kind.sum.suggestions, **kind.rates
    )


def _helped(sums: list[HelpSum]) -> Helped:
    waits = Counter({one.waited: one.contacts for one in sums})
    ended, followed = sum(one.ended for one in sums), sum(one.followed for one in sums)
    return Helped(
        contacts=waits.total(),
        followed=Rate(followed, ended, None),
        waited=most_waited(waits),
        waited_long=most_waited(waits, 0.9),
    )
