"""Which rows of a remedy meet, and which lie inside which, for all of them at once.

A set of rows is a whole number with one bit for each row. For every column there is a number
for each value, so that a question about one row is a handful of ANDs over all the others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.review.space import days_of

_BEYOND = 1 << 62  # as in `core.conditions`: containment must say here what it says there


class Bitmaps:
    """The rows of one remedy, each by its place, and how they lie to each other.

    Attributes:
        rows: by place.
        meets: for each place the others that some case may meet too, dates included.
        inside: for each place the others whose tests and issues lie inside its own.
        around: for each place the others that its own tests and issues lie inside of.
        denies: the deny rows.
    """

    def __init__(self, rows: Sequence[LimitRow]) -> None:
        self.rows = list(rows)
        self._kept = (1 << len(rows)) - 1
        self._index()
        looks = [self._look(place) for place in range(len(self.rows))]
        self.meets = [meets for meets, _, _ in looks]
        self.inside = [inside for _, inside, _ in looks]
        self.around = [around for _, _, around in looks]

    def put(self, row: LimitRow, place: int) -> None:
        """Replace the row at a place, or add one at the end; costs one pass over the rows."""
        if place == len(self.rows):
            self.rows.append(row)
            for masks in (self.meets, self.inside, self.around):
                masks.append(0)
        self.rows[place] = row
        self._kept |= 1 << place
        self._index()
        self._relate(place, *self._look(place))

    def drop(self, place: int) -> None:
        """Forget the row at a place; the place stays empty."""
        self._kept &= ~(1 << place)
        self._index()
        self._relate(place, 0, 0, 0)

    def kept(self) -> Iterator[int]:
        """The places that hold a row."""
        return places(self._kept)

    def holds(self, place: int) -> bool:
        """True if there is a row at the place."""
        return bool(self._kept >> place & 1)

    def _relate(self, place: int, meets: int, inside: int, around: int) -> None:
        """Note how a row lies to the others, with them and with itself."""
        bit = 1 << place
        for other in range(len(self.rows)):
            self.meets[other] = _with(self.meets[other], bit, meets >> other)
            self.inside[other] = _with(self.inside[other], bit, around >> other)
            self.around[other] = _with(self.around[other], bit, inside >> other)
        self.meets[place], self.inside[place], self.around[place] = meets, inside, around

    def stronger(self, place: int) -> int:
        """The rows that outrank a row wherever both are met."""
        row = self.rows[place]
        rivals = self.meets[place] & self.denies
        if row.effect is Effect.ALLOW:
            return rivals | (self.meets[place] & self._above(place))
        return rivals & self._above(place)

    def narrower(self, place: int) -> int:
        """The rows that refine a row."""
        return self.inside[place] & ~self.around[place]

    def wider(self, place: int) -> int:
        """The rows that a row refines."""
        return self.around[place] & ~self.inside[place]

    def same_priority(self, place: int) -> int:
        """The rows of the same priority, itself included."""
        return self._priorities.get(self.rows[place].priority, 0)

    def _above(self, place: int) -> int:
        priority = self.rows[place].priority
        higher = sum(rows for value, rows in self._priorities.items() if value > priority)
        return higher | (self.narrower(place) & self.same_priority(place))

    def _index(self) -> None:
        rows = self.rows
        self.denies = _mask(n for n in self.kept() if rows[n].effect is Effect.DENY)
        self._priorities: dict[int, int] = {}
        for place in self.kept():
            value = rows[place].priority
            self._priorities[value] = self._priorities.get(value, 0) | 1 << place
        tested = dict.fromkeys(fact for row in rows for fact in row.conditions)
        self._facts = {fact: _column([row.conditions.get(fact) for row in rows]) for fact in tested}
        self._issues = _Choices([row.issues or None for row in rows])
        self._days = _Numbers([days_of(row) for row in rows])

    def _look(self, place: int) -> tuple[int, int, int]:
        """The others that meet the row, that lie inside it, and that it lies inside of."""
        row = self.rows[place]
        meets, inside, around = self._issues.look(row.issues or None)
        meets &= self._days.look(days_of(row))[0]
        for fact, column in self._facts.items():
            test = row.conditions.get(fact)
            if test is None:
                around &= column.untested
            else:
                column_meets, column_inside, column_around = column.look(test)
                meets &= column_meets
                inside &= column_inside
                around &= column_around
        others = self._kept & ~(1 << place)
        return meets & others, inside & others, around & others


def places(rows: int) -> Iterator[int]:
    """The places of a set of rows, lowest first."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


class _Column(Protocol):
    """A column of tests on one fact."""

    untested: int

    def look(self, test: Test) -> tuple[int, int, int]:
        """The rows whose test meets one, lies inside it, and holds it."""


class _Choices:
    """A column of finite sets; None for a row that tests nothing."""

    def __init__(self, cells: Sequence[frozenset[str] | None]) -> None:
        self.untested = _mask(n for n, cell in enumerate(cells) if cell is None)
        self._all = (1 << len(cells)) - 1
        self._holders: dict[str, int] = {}
        for place, cell in enumerate(cells):
            for value in cell or ():
                self._holders[value] = self._holders.get(value, 0) | 1 << place
        self._seen: dict[frozenset[str] | None, tuple[int, int, int]] = {}

    def look(self, values: frozenset[str] | None) -> tuple[int, int, int]:
        """The rows whose set meets one, lies inside it, and holds it; None for any value."""
        if values not in self._seen:
            self._seen[values] = self._look(values)
        return self._seen[values]

    def _look(self, values: frozenset[str] | None) -> tuple[int, int, int]:
        if values is None:
            return self._all, self._all, self.untested
        within, beyond, around = 0, 0, self._all
        for value, holders in self._holders.items():
            if value in values:
                within |= holders
            else:
                beyond |= holders
        for value in values:
            around &= self._holders.get(value, 0)
        inside = self._all & ~self.untested & ~beyond
        return within | self.untested, inside, around | self.untested


class _Tests:
    """A column of choices or answers."""

    def __init__(self, tests: Sequence[Test | None]) -> None:
        self._choices = _Choices([None if test is None else _set(test) for test in tests])
        self.untested = self._choices.untested

    def look(self, test: Test) -> tuple[int, int, int]:
        return self._choices.look(_set(test))


class _Numbers:
    """A column of ranges; None for a row that tests nothing."""

    def __init__(self, cells: Sequence[tuple[int, int] | None]) -> None:
        self.untested = _mask(n for n, cell in enumerate(cells) if cell is None)
        self._tested = ((1 << len(cells)) - 1) & ~self.untested
        ranges = [(n, cell) for n, cell in enumerate(cells) if cell is not None]
        self._starts, self._from = _prefixes([(low, n) for n, (low, _) in ranges])
        self._ends, self._to = _prefixes([(high, n) for n, (_, high) in ranges])

    def look(self, cell: tuple[int, int]) -> tuple[int, int, int]:
        low, high = cell
        starts_in_time = self._from[bisect_right(self._starts, high)]
        ended_before = self._to[bisect_left(self._ends, low)]
        starts_before = self._from[bisect_left(self._starts, low)]
        ends_by = self._to[bisect_right(self._ends, high)]
        starts_by = self._from[bisect_right(self._starts, low)]
        ended_early = self._to[bisect_left(self._ends, high)]
        return (
            starts_in_time & ~ended_before | self.untested,
            ends_by & ~starts_before,
            starts_by & ~ended_early | self.untested,
        )


class _Ranges:
    """A column of numbers, amounts or dates."""

    def __init__(self, tests: Sequence[Test | None]) -> None:
        self._numbers = _Numbers([None if test is None else _range(test) for test in tests])
        self.untested = self._numbers.untested

    def look(self, test: Test) -> tuple[int, int, int]:
        return self._numbers.look(_range(test))


def _column(tests: Sequence[Test | None]) -> _Column:
    if any(isinstance(test, Within) for test in tests):
        return _Ranges(tests)
    return _Tests(tests)


def _set(test: Test) -> frozenset[str]:
    match test:
        case OneOf(values):
            return values
        case NoneOf(values, choices):
            return choices - values
        case Is(answer):
            return frozenset({"yes" if answer else "no"})
        case Within():
            raise TypeError("a range is not a set of choices")


def _range(test: Test) -> tuple[int, int]:
    if not isinstance(test, Within):
        raise TypeError("a set of choices is not a range")
    return (
        -_BEYOND if test.low is None else test.low,
        _BEYOND if test.high is None else test.high,
    )


def _prefixes(edges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The edges in order, and the rows with one of the first n of them, for each n."""
    edges.sort()
    rows = [0]
    for _, place in edges:
        rows.append(rows[-1] | 1 << place)
    return [edge for edge, _ in edges], rows


def _mask(found: Iterable[int]) -> int:
    mask = 0
    for place in found:
        mask |= 1 << place
    return mask


def _with(rows: int, bit: int, is_in: int) -> int:
    return rows | bit if is_in & 1 else rows & ~bit
