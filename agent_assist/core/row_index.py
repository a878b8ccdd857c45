"""The rows about one issue and remedy, indexed by fact: which of them are met, open or excluded.

A set of rows is the bits of one integer, so that a case is looked up fact by fact (a dictionary
for choices, a bisection for ranges) instead of row by row.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within, narrows
from agent_assist.core.facts import Facts, FactValue, orderable
from agent_assist.core.limits import Effect, LimitRow


class States(NamedTuple):
    """What the known facts make of the rows, as sets of rows that do not overlap.

    Attributes:
        near: of the excluded rows, those that one test alone excludes.
    """

    met: int
    opened: int
    excluded: int
    near: int


class RowIndex:
    """The rows about one issue and remedy, in the order of their keys."""

    def __init__(self, rows: Sequence[LimitRow]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.key))
        self.denies = _set(n for n, row in enumerate(self.rows) if row.effect is Effect.DENY)
        self._columns = _columns(self.rows)
        self._bases = _bases(self.rows)
        self._all = (1 << len(self.rows)) - 1
        self._dated = [
            (1 << number, row)
            for number, row in enumerate(self.rows)
            if row.effective_from is not None or row.effective_to is not None
        ]
        self._outranked: dict[int, int] = {}
        self._smothered: dict[int, int] = {}

    def states(self, facts: Facts, day: date) -> States:
        """The rows in effect on a day, by what the facts make of them."""
        live = self._all
        for bit, row in self._dated:
            if not row.holds_on(day):
                live &= ~bit
        unsettled = failed = failed_again = 0
        for column in self._columns:
            value = facts.get(column.fact)
            if value is None:
                unsettled |= column.tested
                continue
            failing = column.tested & ~column.accepting(value)
            failed_again |= failed & failing
            failed |= failing
        for base, rows in self._bases:
            if base not in facts:
                unsettled |= rows
        standing = live & ~failed
        return States(
            met=standing & ~unsettled,
            opened=standing & unsettled,
            excluded=live & failed,
            near=live & failed & ~failed_again & ~unsettled,
        )

    def outranking(self, number: int) -> int:
        """The rows that count rather than a row wherever both are met."""
        known = self._outranked.get(number)
        if known is None:
            row = self.rows[number]
            known = _set(n for n, other in enumerate(self.rows) if outranks(other, row))
            self._outranked[number] = known
        return known

    def smothering(self, number: int) -> int:
        """The rows that are met and count wherever a row is met, so that it never does."""
        known = self._smothered.get(number)
        if known is None:
            row = self.rows[number]
            known = _set(n for n, other in enumerate(self.rows) if _smothers(other, row))
            self._smothered[number] = known
        return known

    def of(self, rows: int) -> list[LimitRow]:
        """The rows of a set, in order."""
        return [self.rows[number] for number in numbers(rows)]


def outranks(one: LimitRow, other: LimitRow) -> bool:
    """True if `one` counts rather than `other`: by priority, then by refinement."""
    if one.priority != other.priority:
        return one.priority > other.priority
    return one.refines(other)


def _smothers(one: LimitRow, other: LimitRow) -> bool:
    stronger = one.effect is Effect.DENY or one.priority > other.priority
    # All rows of an index are about one issue, so only their tests tell them apart here.
    within = narrows(other.conditions, one.conditions)
    return stronger and other.effect is Effect.ALLOW and within


def numbers(rows: int) -> Iterator[int]:
    """The positions in a set of rows, in order."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


@dataclass(frozen=True, slots=True)
class _Values:
    """A choice or a yes/no fact: which rows accept each value that some row names."""

    fact: str
    tested: int
    named: Mapping[FactValue, int]
    others: int

    def accepting(self, value: FactValue) -> int:
        return self.named.get(value, self.others)


@dataclass(frozen=True, slots=True)
class _Ranges:
    """A number, sum or date: which rows accept it, by where it lies among all bounds."""

    fact: str
    tested: int
    starts: Sequence[int]
    accepted: Sequence[int]

    def accepting(self, value: FactValue) -> int:
        return self.accepted[bisect_right(self.starts, orderable(value))]


def _columns(rows: Sequence[LimitRow]) -> list[_Values | _Ranges]:
    by_fact: dict[str, list[tuple[int, Test]]] = {}
    for number, row in enumerate(rows):
        for fact, test in row.conditions.items():
            by_fact.setdefault(fact, []).append((1 << number, test))
    return [_column(fact, tests) for fact, tests in by_fact.items()]


def _column(fact: str, tests: Sequence[tuple[int, Test]]) -> _Values | _Ranges:
    tested = sum(bit for bit, _ in tests)
    ranges = [(bit, test) for bit, test in tests if isinstance(test, Within)]
    if ranges:
        return _ranges(fact, tested, ranges)
    values = {value for _, test in tests for value in _named(test)}
    return _Values(
        fact=fact,
        tested=tested,
        named={value: sum(bit for bit, test in tests if test.accepts(value)) for value in values},
        # What no row names is accepted by the rows that only say what it may not be.
        others=sum(bit for bit, test in tests if isinstance(test, NoneOf)),
    )


def _named(test: Test) -> frozenset[str] | tuple[bool, ...]:
    match test:
        case OneOf(values) | NoneOf(values):
            return values
        case Is(answer):
            return (answer,)
    return ()


def _ranges(fact: str, tested: int, tests: Sequence[tuple[int, Within]]) -> _Ranges:
    """The accepting rows of each stretch between two bounds, kept up from left to right."""
    changes: dict[int, int] = {}
    rows = 0
    for bit, test in tests:
        if test.low is None:
            rows |= bit
        else:
            changes[test.low] = changes.get(test.low, 0) ^ bit
        if test.high is not None:
            changes[test.high + 1] = changes.get(test.high + 1, 0) ^ bit
    starts, accepted = sorted(changes), [rows]
    for start in starts:
        rows ^= changes[start]
        accepted.append(rows)
    return _Ranges(fact, tested, starts, accepted)


def _bases(rows: Sequence[LimitRow]) -> list[tuple[str, int]]:
    """The facts that ceilings are reckoned from, each with the rows that need it."""
    needed: dict[str, int] = {}
    for number, row in enumerate(rows):
        for base in set(row.bases()):
            needed[base] = needed.get(base, 0) | 1 << number
    return sorted(needed.items())


def _set(positions: Iterator[int]) -> int:
    return sum(1 << number for number in positions)
