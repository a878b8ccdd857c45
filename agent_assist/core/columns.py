"""Tests of rows turned round: for each fact, which rows take which of its values.

A set of rows is a whole number with one bit for each row, at the row's place. So a question
about one case, or about one row and all the others, is a handful of ANDs, not a loop over rows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import or_
from typing import NamedTuple, Protocol

from agent_assist.core.conditions import Conditions, Is, NoneOf, Test, Within, choices, span
from agent_assist.core.facts import Facts, FactValue, orderable

_EVERY_ROW = -1  # as a set: all bits, however many rows there are


def places(rows: int) -> Iterator[int]:
    """The places of a set of rows, lowest first."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


def row_set(found: Iterable[int]) -> int:
    """The set of the rows at some places."""
    rows = 0
    for place in found:
        rows |= 1 << place
    return rows


class Others(NamedTuple):
    """How all rows lie to the cases of one.

    Attributes:
        meets: rows that some of these cases meet.
        inside: rows that no other case meets.
        around: rows that all of these cases meet.
    """

    meets: int
    inside: int
    around: int


class Read(NamedTuple):
    """What the known facts of a case make of all rows.

    Attributes:
        failed: rows that fail some test.
        failed_again: rows that fail more than one.
        unknown: rows that test a fact that is not known.
    """

    failed: int
    failed_again: int
    unknown: int


class Column(Protocol):
    """The tests of all rows on one fact.

    Attributes:
        tested: the rows that have one; the others take any value.
    """

    tested: int

    def put(self, place: int, test: Test | None) -> None:
        """Give a row another test, or none."""

    def taking(self, value: FactValue) -> int:
        """The rows whose test accepts a value."""

    def look(self, test: Test) -> Others:
        """How all rows lie to the cases that pass a test."""


class Columns:
    """The tests of all rows on all facts.

    Args:
        rows: the tests of each row, in the order of their places.
    """

    def __init__(self, rows: Sequence[Conditions]) -> None:
        facts = dict.fromkeys(fact for tests in rows for fact in tests)
        self._of = {fact: _column([tests.get(fact) for tests in rows]) for fact in facts}

    def put(self, place: int, tests: Conditions) -> None:
        """Give a row other tests."""
        for fact, its in self._of.items():
            its.put(place, tests.get(fact))
        for fact in tests.keys() - self._of.keys():
            self._of[fact] = _column([*repeat(None, place), tests[fact]])

    def read(self, facts: Facts) -> Read:
        """What the known facts of a case make of all rows."""
        failed = failed_again = unknown = 0
        for fact, its in self._of.items():
            value = facts.get(fact)
            if value is None:
                unknown |= its.tested
            else:
                failing = its.tested & ~its.taking(value)
                failed_again |= failed & failing
                failed |= failing
        return Read(failed, failed_again, unknown)

    def look(self, tests: Conditions) -> Others:
        """How all rows lie to the cases that pass some tests."""
        meets = around = _EVERY_ROW
        # No row lies inside a test on a fact that none of them tests.
        inside = _EVERY_ROW if tests.keys() <= self._of.keys() else 0
        for fact, its in self._of.items():
            test = tests.get(fact)
            if test is None:
                around &= ~its.tested
            else:
                others = its.look(test)
                meets &= others.meets
                inside &= others.inside
                around &= others.around
        return Others(meets, inside, around)


def _column(tests: Sequence[Test | None]) -> Column:
    """The tests of rows on one fact, in the order of their places; None for a row without."""
    if any(isinstance(test, Within) for test in tests):
        return Ranges(tests)
    return Choices(tests)


class Choices:
    """Tests on choices or yes/no answers: the rows that accept each value some row names."""

    def __init__(self, tests: Sequence[Test | None]) -> None:
        self.tested = 0
        self._taking: dict[FactValue, int] = {}
        # What no row names is accepted by the rows that only say what it may not be.
        self._taking_others = 0
        self._looks: dict[frozenset[FactValue], Others] = {}
        for place, test in enumerate(tests):
            self.put(place, test)

    def put(self, place: int, test: Test | None) -> None:
        """Give a row another test, or none."""
        bit = 1 << place
        if self.tested & bit:
            self.tested &= ~bit
            self._taking_others &= ~bit
            self._taking = {value: rows & ~bit for value, rows in self._taking.items()}
        if test is not None:
            self.tested |= bit
            for value in _accepted(test):
                self._taking[value] = self._taking.get(value, 0) | bit
        if isinstance(test, NoneOf):
            self._taking_others |= bit
            for value in test.values:
                self._taking.setdefault(value, 0)
        self._looks.clear()

    def taking(self, value: FactValue) -> int:
        """The rows whose test accepts a value."""
        return self._taking.get(value, self._taking_others)

    def look(self, test: Test) -> Others:
        """How all rows lie to the cases that pass a test."""
        values = _accepted(test)
        if values not in self._looks:
            self._looks[values] = self._look(values)
        return self._looks[values]

    def _look(self, values: frozenset[FactValue]) -> Others:
        within = beyond = 0
        around = _EVERY_ROW
        for value, rows in self._taking.items():
            if value in values:
                within |= rows
            else:
                beyond |= rows
        for value in values:
            around &= self._taking.get(value, 0)
        untested = ~self.tested
        return Others(within | untested, self.tested & ~beyond, around | untested)


class Ranges:
    """Tests on numbers, sums or dates: the rows by where their range starts, and where it ends."""

    def __init__(self, tests: Sequence[Test | None]) -> None:
        spans = {place: _span(test) for place, test in enumerate(tests) if test is not None}
        self.tested = row_set(spans)
        self._starts = Edges({place: low for place, (low, _) in spans.items()})
        self._ends = Edges({place: high for place, (_, high) in spans.items()})

    def put(self, place: int, test: Test | None) -> None:
        """Give a row another test, or none."""
        bit = 1 << place
        if self.tested & bit:
            self.tested &= ~bit
            self._starts.drop(bit)
            self._ends.drop(bit)
        if test is not None:
            self.tested |= bit
            low, high = _span(test)
            self._starts.add(bit, low)
            self._ends.add(bit, high)

    def taking(self, value: FactValue) -> int:
        """The rows whose test accepts a value."""
        number = orderable(value)
        return self._starts.up_to(number) & ~self._ends.below(number)

    def look(self, test: Test) -> Others:
        """How all rows lie to the cases that pass a test."""
        low, high = _span(test)
        untested = ~self.tested
        return Others(
            self._starts.up_to(high) & ~self._ends.below(low) | untested,
            self._ends.up_to(high) & ~self._starts.below(low),
            self._starts.up_to(low) & ~self._ends.below(high) | untested,
        )


class Edges:
    """The rows by a number that each has: those below any number are looked up at once.

    Args:
        number_of: by place; a row that is not in it has no number, and is below none.
    """

    def __init__(self, number_of: dict[int, int]) -> None:
        at: dict[int, int] = {}
        for place, number in number_of.items():
            at[number] = at.get(number, 0) | 1 << place
        self._numbers = sorted(at)
        # Of each stretch between two numbers the rows below it, the last stretch has all.
        self._below: list[int] = [0, *accumulate((at[number] for number in self._numbers), or_)]

    def below(self, number: int) -> int:
        """The rows with a lower number."""
        return self._below[bisect_left(self._numbers, number)]

    def up_to(self, number: int) -> int:
        """The rows with a lower number or this one."""
        return self._below[bisect_right(self._numbers, number)]

    def add(self, bit: int, number: int) -> None:
        """Add a row that is not there."""
        at = bisect_left(self._numbers, number)
        if self._numbers[at : at + 1] != [number]:
            self._numbers.insert(at, number)
            self._below.insert(at, self._below[at])
        self._below[at + 1 :] = [rows | bit for rows in self._below[at + 1 :]]

    def drop(self, bit: int) -> None:
        """Remove a row; its number stays known, which does no harm."""
        self._below = [rows & ~bit for rows in self._below]


def _accepted(test: Test) -> frozenset[FactValue]:
    match test:
        case Within():
            raise TypeError("a range is not a set of choices")
        case Is(answer):
            return frozenset({answer})
    return choices(test)


def _span(test: Test) -> tuple[int, int]:
    if not isinstance(test, Within):
        raise TypeError("a set of choices is not a range")
    return span(test)
