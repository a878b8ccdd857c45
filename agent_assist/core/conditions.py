"""Tests on facts: the closed set of conditions a limit row or budget may state.

A test accepts a set of values. Containment and disjointness of those sets is what makes
"more specific" and "conflicting" exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from agent_assist.core.facts import FactValue, orderable

# Past every whole number a fact may hold (15 digits), so an open bound compares as one.
_BEYOND = 1 << 62


@dataclass(frozen=True, slots=True)
class OneOf:
    """Accepts the choices in `values`."""

    values: frozenset[str]

    def accepts(self, value: FactValue) -> bool:
        """True if the value passes the test."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Accepts every choice but those in `values`; `choices` are all the fact has."""

    values: frozenset[str]
    choices: frozenset[str]

    def accepts(self, value: FactValue) -> bool:
        """True if the value passes the test."""
        return value not in self.values


@dataclass(frozen=True, slots=True)
class Within:
    """Accepts integers, minor units or day ordinals from `low` to `high`, both inclusive.

    A missing bound is open; strict bounds in the text (`> 5`) become inclusive ones (6), which
    is exact because all three are whole numbers.
    """

    low: int | None
    high: int | None

    def accepts(self, value: FactValue) -> bool:
        """True if the value passes the test."""
        number = orderable(value)
        return (self.low is None or self.low <= number) and (
            self.high is None or number <= self.high
        )


@dataclass(frozen=True, slots=True)
class Is:
    """Accepts one answer to a yes/no fact."""

    answer: bool

    def accepts(self, value: FactValue) -> bool:
        """True if the value passes the test."""
        return value is self.answer


Test: TypeAlias = OneOf | NoneOf | Within | Is
Conditions: TypeAlias = Mapping[str, Test]
"""Tests by fact key; all must accept. A fact that is not in it is not tested."""


def contains(wide: Test, narrow: Test) -> bool:
    """True if `wide` accepts every value that `narrow` accepts; both test the same fact."""
    match wide, narrow:
        case Within(), Within():
            (start, end), (first, last) = span(wide), span(narrow)
            return start <= first and last <= end
        case Is(), Is():
            return wide == narrow
        case ((OneOf() | NoneOf()), (OneOf() | NoneOf())):
            return choices(narrow) <= choices(wide)
    return False


def disjoint(one: Test, other: Test) -> bool:
    """True if no value is accepted by both; both test the same fact."""
    match one, other:
        case Within(), Within():
            (start, end), (first, last) = span(one), span(other)
            return max(start, first) > min(end, last)
        case Is(), Is():
            return one != other
        case ((OneOf() | NoneOf()), (OneOf() | NoneOf())):
            return choices(one).isdisjoint(choices(other))
    return False


def narrows(narrow: Conditions, wide: Conditions) -> bool:
    """True if every case that meets `narrow` meets `wide`."""
    return all(fact in narrow and contains(test, narrow[fact]) for fact, test in wide.items())


def exclude_each_other(one: Conditions, other: Conditions) -> bool:
    """True if no case meets both."""
    return any(fact in other and disjoint(test, other[fact]) for fact, test in one.items())


def choices(test: OneOf | NoneOf) -> frozenset[str]:
    """The choices that a test accepts."""
    return test.values if isinstance(test, OneOf) else test.choices - test.values


def span(test: Within) -> tuple[int, int]:
    """The lowest and the highest number that a test accepts; an open bound is beyond all."""
    return (
        -_BEYOND if test.low is None else test.low,
        _BEYOND if test.high is None else test.high,
    )
