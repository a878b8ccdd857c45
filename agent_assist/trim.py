"""Trim: which limits give far more than is ever needed, and which rows decide nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agent_assist.core.ceilings import Ceiling
from agent_assist.core.decision import CapKind
from agent_assist.core.errors import InvalidInput
from agent_assist.core.grants import Terms
from agent_assist.core.holds import NO_USE
from agent_assist.core.limits import LimitRow
from agent_assist.core.trimming import (
    Idle,
    Lower,
    Needed,
    Use,
    WhyKept,
    advise_lower,
    gather_use,
    idle_rows,
    why_keep,
)
from agent_assist.core.tuning import Advice, Cell, Kind
from agent_assist.core.vocabulary import Remedy
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.store.declines import DeclineStore
from agent_assist.store.fact_reader import FactReader
from agent_assist.store.within import Wanted, WithinStore

NEWEST = 10_000
"""How many grants are looked at, and how many requests, at most."""

SUGGESTIONS = 5_000
"""How many suggestions are, at most."""

_MOST_IDLE = 40


@dataclass(frozen=True, slots=True)
class Trimmed:
    """How much of a ceiling of the live table was needed, and what that advises."""

    use: Use
    remedy: Remedy
    ceiling: Ceiling
    advice: Lower | WhyKept


@dataclass(frozen=True, slots=True)
class IdleRow:
    """A row of the live table that decided nothing; to be dropped if `why_kept` is None."""

    idle: Idle
    remedy: Remedy
    why_kept: WhyKept | None


@dataclass(frozen=True, slots=True)
class Trimming:
    """The ceilings that something was given under, the most used first, and rows without use.

    Attributes:
        since, until: days of the organisation's calendar, both included.
        is_whole: whether nothing of that time was passed over.
        left_out: how many grants and requests no row of the live table would decide.
    """

    since: date
    until: date
    is_whole: bool
    cells: tuple[Trimmed, ...]
    rows: tuple[IdleRow, ...]
    left_out: int


class Trimmer:
    """Looks at what was given and asked through the live limit table.

    Each is decided again from its facts, without budgets, on the day of the look.

    Args:
        store: reads grants, requests and suggestions.
        declines: knows what advice was declined.
        now: gives the aware present.
    """

    def __init__(
        self, store: WithinStore, declines: DeclineStore, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._declines = declines
        self._now = now

    def look(
        self, terms: Terms, since: date | None, until: date | None, team: str | None
    ) -> Trimming:
        """What some days say, both included; None for the last 90, and for today.

        Of one team it is told what was needed, and nothing is advised.
        """
        today = terms.vocabulary.day(self._now())
        until = until or today
        since = since or until - LOOKED_BACK
        span = terms.vocabulary.span(since, until)
        given = self._store.given(*span, team, NEWEST + 1)
        requested = self._store.requested(*span, team, NEWEST + 1)
        seen = _Seen(terms, today)
        for one in (*given[:NEWEST], *requested[:NEWEST]):
            seen.count(one)
        declined = self._declines.newest()
        is_whole = max(len(given), len(requested)) <= NEWEST
        rows: tuple[IdleRow, ...] = ()
        if team is None:
            asked = self._store.suggested(*span, SUGGESTIONS + 1)
            is_whole = is_whole and len(asked) <= SUGGESTIONS
            times: dict[str, list[datetime]] = {}
            for at, issue, facts in asked[:SUGGESTIONS]:
                if seen.decide(issue, facts):
                    times.setdefault(issue, []).append(at)
            rows = _idle(seen, times, (since, until), declined)
        cells = sorted(
            gather_use(seen.needed).values(), key=lambda one: (-len(one.needed), one.cell)
        )
        return Trimming(
            since=since,
            until=until,
            is_whole=is_whole,
            cells=tuple(_trimmed(one, seen, declined, team) for one in cells),
            rows=rows,
            left_out=seen.left_out,
        )


class _Seen:
    """What was seen so far.

    Attributes:
        needed: of which cell, how much.
        used: keys of rows that decided something, or could have.
        left_out: how much no row would decide.
    """

    def __init__(self, terms: Terms, day: date) -> None:
        self.needed: list[Needed] = []
        self.used: set[str] = set()
        self.left_out = 0
        self.limits, self.vocabulary = terms.limits, terms.vocabulary
        self.rows = {row.key: row for row in terms.limits.all}
        self._day = day
        self._facts = FactReader(terms.vocabulary)

    def count(self, wanted: Wanted) -> None:
        """Count something that was given or asked for at the row that it needs most of."""
        row = self._binding(wanted)
        if row is None:
            self.left_out += 1
        else:
            cell = Cell(row, wanted.level)
            self.needed.append(Needed(cell, wanted.occasion, wanted.amount, wanted.at))

    def decide(self, issue: str, facts: Mapping[str, object]) -> bool:
        """Find the rows that a suggestion rests on; False if the library cannot read it."""
        try:
            known = self._facts.read(facts)
        except InvalidInput:
            return False
        for remedy in self.limits.remedies(issue):
            found = self.limits.matched(issue, remedy, known, self._day)
            self.used.update(row.key for row in found.decisive)
        return issue in self.vocabulary.issues

    def _binding(self, wanted: Wanted) -> str | None:
        """The key of the row that holds the level down; None for no row."""
        vocabulary = self.vocabulary
        remedy = vocabulary.remedies.get(wanted.remedy)
        units = (wanted.unit, wanted.currency)
        if (
            remedy is None
            or units != (remedy.unit, vocabulary.currency)
            or wanted.issue not in vocabulary.issues
            or wanted.level not in vocabulary.ladder
        ):
            return None
        try:
            facts = self._facts.read(wanted.facts)
        except InvalidInput:
            return None
        found = self.limits.matched(wanted.issue, wanted.remedy, facts, self._day)
        self.used.update(row.key for row in found.decisive)
        holds = NO_USE.of(remedy, facts, vocabulary)
        cap = self.limits.answer(found, wanted.level, facts, holds).binding()
        return cap.source if cap is not None and cap.kind is CapKind.CEILING else None


def _trimmed(
    use: Use, seen: _Seen, declined: Mapping[Advice, datetime], team: str | None
) -> Trimmed:
    row = seen.rows[use.cell.row]
    remedy = seen.vocabulary.remedies[row.remedy]
    before = declined.get(Advice(Kind.LOWER, row.key, use.cell.level))
    advice = (
        advise_lower(use, row, remedy, seen.vocabulary.ladder, before)
        if team is None
        else WhyKept.ONE_TEAM
    )
    return Trimmed(use, remedy, row.ceiling(use.cell.level), advice)


def _idle(
    seen: _Seen,
    asked: Mapping[str, Sequence[datetime]],
    days: tuple[date, date],
    declined: Mapping[Advice, datetime],
) -> tuple[IdleRow, ...]:
    table: Iterable[LimitRow] = seen.rows.values()
    return tuple(
        IdleRow(
            one,
            seen.vocabulary.remedies[one.row.remedy],
            why_keep(
                one, table, seen.vocabulary, days, declined.get(Advice(Kind.DROP, one.row.key, ""))
            ),
        )
        for one in idle_rows(table, asked, seen.used)[:_MOST_IDLE]
    )
