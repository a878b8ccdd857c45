"""The rows about one issue and remedy: which are met, open or excluded, and which outrank which.

A set of rows is the bits of one integer, as in `core.columns`, so that a case is looked up fact
by fact instead of row by row.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.columns import Choices, Columns, Edges, Ranges, places, row_set
from agent_assist.core.conditions import OneOf, Within
from agent_assist.core.facts import Facts
from agent_assist.core.limits import Effect, LimitRow


class States(NamedTuple):
    """What the known facts make of the rows, as sets of rows that do not overlap.

    Attributes:
        near: of the excluded rows, those that one test alone excludes.
        unsummed: the rows with a ceiling that rests on an unknown fact.
    """

    met: int
    opened: int
    excluded: int
    near: int
    unsummed: int


class RowState(StrEnum):
    """What the known facts make of a row."""

    MET = "met"
    EXCLUDED = "excluded"
    OPEN = "open"


class RowTrace(NamedTuple):
    """One row and what became of it.

    Attributes:
        needs: facts that are unknown and would settle it, those of its ceilings included.
        decisive: True if the answer rests on this row.
    """

    row: LimitRow
    state: RowState
    needs: tuple[str, ...]
    decisive: bool


class Rivals(NamedTuple):
    """How the other rows bear on a row, whatever the case.

    Attributes:
        outranking: those that count rather than it wherever both are met.
        outranked: those that it counts rather than.
        implied: those that are met wherever it is.
        smothered: allow rows that it counts rather than, and that are never met without it.
    """

    outranking: int
    outranked: int
    implied: int
    smothered: int


class RowIndex:
    """The rows about one issue and remedy.

    Attributes:
        rows: by place, in the order of their keys.
        everything: all of them, as a set.
        denies: those that deny.
    """

    def __init__(self, rows: Sequence[LimitRow]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.key))
        self.denies = row_set(n for n, row in enumerate(self.rows) if row.effect is Effect.DENY)
        self.everything = (1 << len(self.rows)) - 1
        self._asked = [row.asked() for row in self.rows]
        self._tests = Columns([row.conditions for row in self.rows])
        self._days = Ranges([_days(row) for row in self.rows])
        self._issues = Choices([OneOf(row.issues) if row.issues else None for row in self.rows])
        self._bases = _by_base(self.rows)
        self._by_priority: dict[int, int] = {}
        for place, row in enumerate(self.rows):
            known = self._by_priority.get(row.priority, 0)
            self._by_priority[row.priority] = known | 1 << place
        lowest = min(self._by_priority, default=0)
        self._smothering = self.denies | self.everything & ~self._by_priority.get(lowest, 0)
        self._rivals: dict[int, Rivals] = {}
        self._ceilings: dict[str, Sequence[Bound | None]] = {}
        self._small: dict[str, Edges] = {}

    @cached_property
    def excluded(self) -> Sequence[RowTrace]:
        """By place the trace of a row that known facts exclude."""
        return [RowTrace(row, RowState.EXCLUDED, (), decisive=False) for row in self.rows]

    def states(self, facts: Facts, day: date) -> States:
        """The rows in effect on a day, by what the facts make of them."""
        live = self.everything
        if self._days.tested:
            live &= ~self._days.tested | self._days.taking(day)
        failed, failed_again, unknown = self._tests.read(facts)
        unsummed = 0
        for base, rows in self._bases.items():
            if base not in facts:
                unsummed |= rows
        unsettled = unknown | unsummed
        standing = live & ~failed
        return States(
            met=standing & ~unsettled,
            opened=standing & unsettled,
            excluded=live & failed,
            near=live & failed & ~failed_again & ~unsettled,
            unsummed=unsummed,
        )

    def needs(self, place: int, facts: Facts) -> tuple[str, ...]:
        """Facts that are not known and would settle a row, those of its ceilings included."""
        return tuple([fact for fact in self._asked[place] if fact not in facts])

    def fixed_ceilings(self, level: str) -> Sequence[Bound | None]:
        """By place what a row allows a level in every case; None where that rests on facts."""
        known = self._ceilings.get(level)
        if known is None:
            known = self._ceilings[level] = [row.ceiling(level).fixed() for row in self.rows]
        return known

    def above(self, level: str, bound: Bound) -> int:
        """The rows that may allow a level more than a bound; some rest on facts and may not."""
        if isinstance(bound, Unlimited):
            return 0
        known = self._small.get(level)
        if known is None:
            fixed = enumerate(self.fixed_ceilings(level))
            known = Edges({place: most for place, most in fixed if isinstance(most, int)})
            self._small[level] = known
        return self.everything & ~known.up_to(bound)

    def rivals(self, place: int) -> Rivals:
        """How the other rows bear on a row. Worked out when it is first asked for, and kept."""
        known = self._rivals.get(place)
        if known is None:
            known = self._rivals[place] = self._rivals_of(place)
        return known

    def _rivals_of(self, place: int) -> Rivals:
        row = self.rows[place]
        others = self.everything & ~(1 << place)
        _, inside, around = self._tests.look(row.conditions)
        # All rows of an index are about one issue, so only their tests tell what is met with it;
        # which of two is the more specific is a matter of the issues too.
        implied, implying = around & others, inside & others
        if row.issues:
            _, issues_inside, issues_around = self._issues.look(OneOf(row.issues))
            inside, around = inside & issues_inside, around & issues_around
        else:
            around &= ~self._issues.tested
        equals = self._by_priority[row.priority] & others
        higher = sum(rows for value, rows in self._by_priority.items() if value > row.priority)
        lower = others & ~higher & ~equals
        return Rivals(
            outranking=higher | equals & inside & ~around,
            outranked=lower | equals & around & ~inside,
            implied=implied,
            smothered=implying & ~self.denies & (lower if row.effect is Effect.ALLOW else others),
        )

    def outranked(self, rows: int) -> int:
        """The rows that count nowhere where all of a set are met."""
        found = 0
        for place in places(rows):
            # What outranks a row outranks all that the row does.
            if not found >> place & 1:
                found |= self.rivals(place).outranked
        return found

    def standing(self, met: int) -> int:
        """Of rows that are met, those that count: deny, then priority, then refinement."""
        rows = met & self.denies or met
        return rows & ~self.outranked(rows)

    def contested(self, opened: int, standing: int) -> int:
        """Of rows that are open, those that would count if they were met.

        None where a deny stands already, and no deny where nothing could be allowed anyway.
        """
        if not opened or standing & self.denies:
            return 0
        allows = opened & ~self.denies & ~self.outranked(standing)
        for place in places(opened & self._smothering):
            allows &= ~self.rivals(place).smothered
        return allows | opened & self.denies if standing | allows else 0

    def of(self, rows: int) -> list[LimitRow]:
        """The rows of a set, in order."""
        return [self.rows[place] for place in places(rows)]


def _days(row: LimitRow) -> Within | None:
    if row.effective_from is None and row.effective_to is None:
        return None
    first, last = row.effective_from, row.effective_to
    return Within(first.toordinal() if first else None, last.toordinal() if last else None)


def _by_base(rows: Sequence[LimitRow]) -> dict[str, int]:
    """The facts that ceilings are reckoned from, each with the rows that need it."""
    needed: dict[str, int] = {}
    for place, row in enumerate(rows):
        for base in row.bases():
            needed[base] = needed.get(base, 0) | 1 << place
    return needed
