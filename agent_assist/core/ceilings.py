"""Ceilings: the most a level may give of a remedy, from facts, exactly.

Every number is a whole number of the remedy's smallest part: minor units for money, basis
points for percent, and one for a count or a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from agent_assist.core.facts import Facts, orderable

_WHOLE = 10_000  # basis points in 100 %


class Unlimited(Enum):
    """The ceiling of a level that may give any amount: more than every number."""

    UNLIMITED = "unlimited"

    def __gt__(self, other: object) -> bool:
        return other is not self

    def __ge__(self, _other: object) -> bool:
        return True

    def __lt__(self, _other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return other is self


UNLIMITED = Unlimited.UNLIMITED
Bound: TypeAlias = int | Unlimited
"""A most: whole parts, at least 0 (0 is nothing), or no limit."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """`15.00`: the same in every case."""

    amount: int

    def evaluate(self, _facts: Facts) -> int:
        """The amount itself."""
        return self.amount


@dataclass(frozen=True, slots=True)
class ShareOf:
    """`20% of fee.amount max 40.00`: a share of a money fact, rounded down to the minor unit."""

    basis_points: int
    base: str
    most: int | None = None

    def evaluate(self, facts: Facts) -> int:
        """The share of the base, which must be known (KeyError if not)."""
        share = orderable(facts[self.base]) * self.basis_points // _WHOLE
        return _capped(share, self.most)


@dataclass(frozen=True, slots=True)
class PerCount:
    """`10.00 per cards.count max 30.00`: an amount for each of an integer fact, none below zero."""

    amount: int
    count: str
    most: int | None = None

    def evaluate(self, facts: Facts) -> int:
        """The amount times the count, which must be known (KeyError if not)."""
        return _capped(self.amount * max(orderable(facts[self.count]), 0), self.most)


Term: TypeAlias = Fixed | ShareOf | PerCount


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The lowest of its terms; no terms and not unlimited means nothing may be given."""

    terms: tuple[Term, ...] = ()
    unlimited: bool = False

    def bases(self) -> Iterator[str]:
        """Keys of the facts it is reckoned from."""
        for term in self.terms:
            match term:
                case ShareOf():
                    yield term.base
                case PerCount():
                    yield term.count

    def fixed(self) -> Bound | None:
        """What may be given at most in every case; None where it rests on facts."""
        return None if any(self.bases()) else self.evaluate({})

    def evaluate(self, facts: Facts) -> Bound:
        """What may be given at most. Every fact of `bases` must be known (KeyError if not)."""
        if self.unlimited:
            return UNLIMITED
        return min((term.evaluate(facts) for term in self.terms), default=0)


NOTHING = Ceiling()


def covers(bound: Bound, amount: int) -> bool:
    """True if `amount` may be given under `bound`, the bound itself included."""
    return bound >= amount


def exceeds(one: Bound, other: Bound) -> bool:
    """True if `one` allows strictly more than `other`."""
    return one > other


def _capped(amount: int, most: int | None) -> int:
    return amount if most is None else min(amount, most)
