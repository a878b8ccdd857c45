"""Measure: what became of contacts, by what they are about, who had them, and when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_assist.core.measures import By, Rate, Tally, Wanted
from agent_assist.core.shrinking import Prior, prior, rate
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.parts import CONTACT_PART, PARTS, Part
from agent_assist.store.figures.reading import MeasureStore, Sum

MOST = 1_000
"""How many kinds are told at most: those of the most contacts."""
PATIENCE = 0.8
"""Seconds that a reader waits at most while days are counted again, beside the last one."""

_TURN = 2.0
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of contacts of one kind.

    Attributes:
        key: a day, the Monday of a week, an issue, a cause, a policy's id, a team or a channel;
            None where contacts name none, and of all together.
        version: of the policy; None for everything else.
    """

    key: str | None
    version: int | None
    contacts: int
    ended: int
    resolved_at_once: Rate
    came_back: Rate
    repeated: Rate
    escalated: Rate
    transferred: Rate


@dataclass(frozen=True, slots=True)
class Measures:
    """What was asked for.

    Attributes:
        pending: days of the time whose figures do not say yet what has changed in them.
        unsettled_since: from this day on contacts may still be repeated.
        total: of all contacts, each counted once.
        items: by day or week in their order, by anything else those of the most contacts first.
        is_whole: whether none was left out of them.
    """

    wanted: Wanted
    by: By
    pending: int
    unsettled_since: date
    total: Measured
    items: tuple[Measured, ...]
    is_whole: bool


class Measurer:
    """Tells measures, from figures that are counted by the day.

    Args:
        keeping: counts what has changed.
        store: reads what was counted.
        now: gives the aware present.
        seconds: gives seconds that only grow.
    """

    def __init__(
        self,
        keeping: FigureStore,
        store: MeasureStore,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self._keeping = keeping
        self._store = store
        self._now = now
        self._seconds = seconds

    def days(
        self, vocabulary: Vocabulary, since: date | None, until: date | None
    ) -> tuple[date, date]:
        """The days that are meant: left out, the last 90, and today."""
        until = until or vocabulary.day(self._now())
        return since or until - LOOKED_BACK, until

    def look(self, basis: Basis, wanted: Wanted, by: By) -> Measures:
        """The measures of some contacts by a dimension."""
        pending = self.count(basis, CONTACT_PART, wanted.since, wanted.until)
        sums = _gathered(self._store.sums(wanted, by), by)
        sums = _ordered(sums, by)
        priors = _priors([one.tally for one in sums])
        return Measures(
            wanted=wanted,
            by=by,
            pending=pending,
            unsettled_since=basis.day(self._now() - basis.longest),
            total=_measured(Sum((None,), self._store.total(wanted)), {}),
            items=tuple(_measured(one, priors) for one in sums[:MOST]),
            is_whole=len(sums) <= MOST,
        )

    def keep_up(self, basis: Basis) -> None:
        """Count what has changed on any day, a little at a time; to be done again and again."""
        _, today = self.days(basis.vocabulary, None, None)
        for part in PARTS:
            self.count(basis, part, _EARLIEST, today + timedelta(days=1), patience=_TURN)
        self._keeping.tidy(basis)

    def count(
        self, basis: Basis, part: Part, since: date, until: date, *, patience: float = PATIENCE
    ) -> int:
        """Count days again whose records have changed, the newest first.

        Args:
            basis: what they are counted by.
            part: what of them.
            since: the first day.
            until: the last one.
            patience: after so many seconds no other day is begun.

        Returns:
            How many days are left.
        """
        end = self._seconds() + patience
        self._keeping.look(basis)
        days = self._keeping.changed(basis, part, since, until)
        for done, day in enumerate(days):
            if self._seconds() > end:
                return len(days) - done
            self._keeping.count(basis, part, day)
        return 0


_RATES: dict[str, Callable[[Tally], tuple[int, int]]] = {
    "resolved_at_once": lambda one: (one.at_once, one.ended),
    "came_back": lambda one: (one.resolved - one.at_once, one.ended),
    "repeated": lambda one: (one.repeated, one.named),
    "escalated": lambda one: (one.escalated, one.contacts),
    "transferred": lambda one: (one.transferred, one.contacts),
}


def _priors(tallies: Iterable[Tally]) -> dict[str, Prior | None]:
    told = list(tallies)
    return {name: prior([reads(one) for one in told]) for name, reads in _RATES.items()}


def _measured(one: Sum, priors: dict[str, Prior | None]) -> Measured:
    tally, key = one.tally, one.key
    return Measured(
        key=key[0],
        version=key[1] if len(key) > 1 else None,
        contacts=tally.contacts,
        ended=tally.ended,
        **{name: rate(reads(tally), priors.get(name)) for name, reads in _RATES.items()},
    )


def _gathered(sums: Iterable[Sum], by: By) -> list[Sum]:
    """Sums whose keys are as they are told, weeks of their days."""
    found: dict[tuple[object, ...], Tally] = {}
    for one in sums:
        found.setdefault(_key(one.key, by), Tally()).add(one.tally)
    return [Sum(key, tally) for key, tally in found.items()]


def _key(key: tuple[object, ...], by: By) -> tuple[object, ...]:
    match by, key:
        case By.DAY, (date() as day,):
            return (day.isoformat(),)
        case By.WEEK, (date() as day,):
            return ((day - timedelta(days=day.weekday())).isoformat(),)
        case By.POLICY, _:
            return key
    return (key[0] or None,)


def _ordered(sums: list[Sum], by: By) -> list[Sum]:
    if by in (By.DAY, By.WEEK):
        return sorted(sums, key=lambda one: str(one.key[0]))
    return sorted(sums, key=lambda one: (-one.tally.contacts, one.key[0] is None, str(one.key)))
