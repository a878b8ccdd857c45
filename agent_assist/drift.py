"""Drift: whether matching still fits what customers say, week by week and model by model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from agent_assist.core.intervals import wilson
from agent_assist.live import Snapshot
from agent_assist.matching.words import SMALL, stems
from agent_assist.store.drift import Answered, DriftStore

NEWEST = 50_000
"""How many suggestions are looked at, at most."""

FEW = 30
"""Fewer suggestions than these say little, whatever they say."""


@dataclass(frozen=True, slots=True)
class Week:
    """What the suggestions of one week and model were like.

    Attributes:
        monday: the day it begins on, where the library's customers are.
        suggestions: at least 1.
        abstained: how many of them abstained.
        probability: median of that of the main match; None if none had a match.
        words: words of substance that customers said, as far as texts are kept.
        unknown: how many of these stand in no text of the library that is live now.
    """

    monday: date
    model: str
    suggestions: int
    abstained: int
    probability: float | None
    words: int
    unknown: int

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share that abstained lies, with 95 % confidence."""
        return wilson(self.abstained, self.suggestions)

    @property
    def is_few(self) -> bool:
        """Whether there are too few suggestions to conclude much."""
        return self.suggestions < FEW


@dataclass(frozen=True, slots=True)
class Drift:
    """Weeks, the newest first; `is_whole` if no suggestion of that time was left out."""

    weeks: tuple[Week, ...]
    is_whole: bool


class DriftReporter:
    """Tells how matching fared.

    Args:
        store: reads suggestions.
        now: gives the aware present.
    """

    def __init__(self, store: DriftStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def report(self, snapshot: Snapshot, weeks: int) -> Drift:
        """The drift of the newest weeks, the one that runs included."""
        zone = ZoneInfo(snapshot.vocabulary.time_zone)
        first = _monday(self._now(), zone) - timedelta(weeks=weeks - 1)
        since = datetime.combine(first, time(), zone)
        known = snapshot.index.knows
        sums: dict[tuple[date, str], _Sum] = {}
        for one in self._store.newest(since, NEWEST):
            place = (_monday(one.at, zone), one.model)
            sums.setdefault(place, _Sum()).add(one, known)
        weeks_told = tuple(sums[place].week(*place) for place in sorted(sums, reverse=True))
        return Drift(weeks_told, sum(week.suggestions for week in weeks_told) < NEWEST)


@dataclass(slots=True)
class _Sum:
    """What is counted of one week and model."""

    suggestions: int = 0
    abstained: int = 0
    probabilities: list[float] = field(default_factory=list)
    words: int = 0
    unknown: int = 0

    def add(self, one: Answered, known: Callable[[str], bool]) -> None:
        self.suggestions += 1
        self.abstained += one.abstained
        if one.probability is not None:
            self.probabilities.append(one.probability)
        for stem in _substance(one.texts):
            self.words += 1
            self.unknown += not known(stem)

    def week(self, monday: date, model: str) -> Week:
        probability = median(self.probabilities) if self.probabilities else None
        return Week(
            monday, model, self.suggestions, self.abstained, probability, self.words, self.unknown
        )


def _substance(texts: tuple[str, ...]) -> Iterator[str]:
    return (stem for text in texts for stem in stems(text) if stem and stem not in SMALL)


def _monday(at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
