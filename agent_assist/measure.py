"""Measure: what became of contacts, by what they are about, who had them, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_assist.core.kinds import Kind, Rates, kinds, total
from agent_assist.core.measures import By, Rate, Tally, Wanted
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.parts import CONTACT_PART, PARTS, Part
from agent_assist.store.figures.reading import MeasureStore

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
        sums = self._store.sums(wanted, by)
        found = kinds(((one.key, one.tally) for one in sums), by, Tally, _RATES)
        return Measures(
            wanted=wanted,
            by=by,
            pending=pending,
            unsettled_since=basis.day(self._now() - basis.longest),
            total=_measured(total([self._store.total(wanted)], Tally, _RATES)),
            items=tuple(map(_measured, found.items)),
            is_whole=found.is_whole,
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


_RATES: Rates[Tally] = {
    "resolved_at_once": lambda one: (one.at_once, one.ended),
    "came_back": lambda one: (one.resolved - one.at_once, one.ended),
    "repeated": lambda one: (one.repeated, one.named),
    "escalated": lambda one: (one.escalated, one.contacts),
    "transferred": lambda one: (one.transferred, one.contacts),
}


def _measured(kind: Kind[Tally]) -> Measured:
    return Measured(
        key=kind.key,
        version=kind.version,
        contacts=kind.sum.contacts,
        ended=kind.sum.ended,
        **kind.rates,
    )
