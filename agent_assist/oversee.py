"""Oversee: how a day goes, beside the day before, for a team or for all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_assist.core.errors import NotFound
from agent_assist.core.intervals import wilson
from agent_assist.core.vocabulary import Cause, Vocabulary
from agent_assist.store.days import Change, DayContact, DayStore, Given, Queue

CHANGES = 20
"""How many changes are told at most."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """How many contacts were resolved at once.

    Attributes:
        resolved: contacts whose newest outcome says so, and that were not repeated so far.
        ended: contacts that have an outcome, which is what the share is of.
        came_back: said to be resolved, and then repeated; see `core.repeats`.
        unsettled: how many of the resolved may still be repeated.
    """

    resolved: int
    ended: int
    came_back: int
    unsettled: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies, with 95 % confidence; None while nothing has ended."""
        return wilson(self.resolved, self.ended) if self.ended else None


@dataclass(frozen=True, slots=True)
class Half:
    """What is told of a day, and of the one before beside it."""

    contacts: int
    resolution: Resolution
    issues: Counter[str]
    causes: Counter[Cause]
    given: tuple[Given, ...]
    decided: dict[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a team, or of all.

    Attributes:
        is_today: whether it is not over; the day before is told up to the same time then.
        changes: what changed that day and the day before, newest first.
    """

    day: date
    is_today: bool
    team: str | None
    teams: tuple[str, ...]
    queue: Queue
    told: Half
    before: Half
    changes: tuple[Change, ...]


class Overseer:
    """Tells how days go.

    Args:
        store: reads them.
        now: gives the aware present.
    """

    def __init__(self, store: DayStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def day(self, vocabulary: Vocabulary, wanted: date | None, team: str | None) -> Day:
        """A day in the organisation's time zone; None for today."""
        now = self._now()
        today = vocabulary.day(now)
        day = wanted or today
        begin, end = bounds(day, vocabulary)
        earlier, earlier_end = bounds(day - timedelta(days=1), vocabulary)
        if day == today:
            # Half a day beside half a day: a whole one would always look like more.
            earlier_end = min(earlier_end, earlier + (now - begin))
        return Day(
            day=day,
            is_today=day == today,
            team=team,
            teams=self._store.teams(),
            queue=self._store.queue(now, team),
            told=self._half(begin, end, team, vocabulary, now),
            before=self._half(earlier, earlier_end, team, vocabulary, now),
            changes=self._store.changes(earlier, end, CHANGES),
        )

    def today(self, vocabulary: Vocabulary) -> date:
        """The day that runs, in the organisation's time zone."""
        return vocabulary.day(self._now())

    def contacts(
        self,
        vocabulary: Vocabulary,
        since: date,
        until: date,
        team: str | None,
        after: str | None = None,
    ) -> Iterator[DayContact]:
        """The contacts of some days, both included, the newest first; a day is read when it is due.

        Args:
            vocabulary: tells days, and how long issues may be repeated.
            since: the first day.
            until: the last one.
            team: only its; None for all.
            after: only what comes after this contact.

        Raises:
            NotFound: `after` is none of them.
        """
        day, missing = until, after
        if after is not None:
            opened = self._store.opened_at(after)
            day = min(until, vocabulary.day(opened)) if opened is not None else until
        while day >= since:
            begin, end = bounds(day, vocabulary)
            for one in self._store.contacts(begin, end, team, vocabulary.repeat_window):
                if missing is None:
                    yield one
                elif one.external_id == missing:
                    missing = None
            if missing is not None:
                raise NotFound("contact", missing)
            day -= timedelta(days=1)

    def _half(
        self,
        since: datetime,
        until: datetime,
        team: str | None,
        vocabulary: Vocabulary,
        now: datetime,
    ) -> Half:
        contacts = self._store.contacts(since, until, team, vocabulary.repeat_window)
        return Half(
            contacts=len(contacts),
            resolution=resolution(contacts, now),
            issues=Counter(issue for one in contacts for issue in one.issues),
            causes=Counter(one.cause for one in contacts if one.cause is not None),
            given=self._store.given(since, until, team),
            decided=self._store.decided(since, until, team),
        )


def resolution(contacts: Iterable[DayContact], now: datetime) -> Resolution:
    """How many of some contacts were resolved at once, as far as it is known at an instant."""
    ended = [one for one in contacts if one.resolved is not None]
    said = [one for one in ended if one.resolved]
    stands = [one for one in said if not one.came_back]
    return Resolution(
        resolved=len(stands),
        ended=len(ended),
        came_back=len(said) - len(stands),
        unsettled=sum(one.settles_at > now for one in stands),
    )


def bounds(day: date, vocabulary: Vocabulary) -> tuple[datetime, datetime]:
    """Where a day begins and the next one does, in the organisation's time zone."""
    return vocabulary.span(day, day)
