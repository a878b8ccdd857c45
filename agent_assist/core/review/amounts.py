"""Ceilings compared exactly, in every case at once.

A ceiling is the least of a constant and of amounts that grow with one fact each: a share of a
money fact, rounded down, or an amount for each of an integer fact. Two of them are compared by
looking at the few numbers where the answer can turn, not by trying cases.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf, Term

_WHOLE = 10_000  # basis points in 100 %
Range: TypeAlias = Callable[[str], tuple[int, int]]
"""The lowest and the highest number that a fact may be."""


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount that grows with a fact.

    Attributes:
        factor: basis points of a share, or whole parts for each.
        per: 10,000 for a share, 1 for an amount for each.
    """

    factor: int
    per: int

    def at(self, number: int) -> int:
        """The amount; nothing below zero."""
        return self.factor * max(number, 0) // self.per

    def reach(self, amount: int, low: int) -> int | None:
        """The least number from `low` on at which the amount is reached; None for none."""
        if self.at(low) >= amount:
            return low
        return -(-amount * self.per // self.factor) if self.factor else None


@dataclass(frozen=True, slots=True)
class Most:
    """A ceiling in its one normal form: equal ones allow the same in every case.

    Attributes:
        constant: what it never exceeds; None for no such bound.
        rates: by fact key. Neither a constant nor a rate means unlimited.
    """

    constant: int | None = None
    rates: Mapping[str, Rate] = field(default_factory=dict)

    def at(self, number_of: Callable[[str], int]) -> int | None:
        """What it allows where facts have some numbers; None for any amount."""
        amounts = [rate.at(number_of(fact)) for fact, rate in self.rates.items()]
        if self.constant is not None:
            amounts.append(self.constant)
        return min(amounts, default=None)

    @property
    def unlimited(self) -> bool:
        """True if it bounds nothing."""
        return self.constant is None and not self.rates


NONE_AT_ALL = Most(0)


def most(ceiling: Ceiling) -> Most:
    """The normal form of a ceiling."""
    if ceiling.unlimited:
        return Most()
    if not ceiling.terms:
        return NONE_AT_ALL
    if len(ceiling.terms) == 1:
        bound = _of_term(ceiling.terms[0])
        return NONE_AT_ALL if bound.constant == 0 else bound
    return least(_of_term(term) for term in ceiling.terms)


def least(several: Iterable[Most]) -> Most:
    """What the least of several allows; unlimited for none."""
    constant: int | None = None
    rates: dict[str, Rate] = {}
    for one in several:
        if one.constant is not None:
            constant = one.constant if constant is None else min(constant, one.constant)
        for fact, rate in one.rates.items():
            known = rates.get(fact, rate)
            rates[fact] = min(known, rate, key=lambda item: item.factor)
    # What allows nothing allows nothing in every case, whatever else it says.
    return NONE_AT_ALL if constant == 0 else Most(constant, rates)


def ceiling_of(bound: Most) -> Ceiling:
    """A ceiling that allows the same."""
    if bound.unlimited:
        return Ceiling(unlimited=True)
    # One rate reads better with its bound in the same term: `20% of fee.amount max 40.00`.
    cap = bound.constant if len(bound.rates) == 1 else None
    terms: list[Term] = [
        ShareOf(rate.factor, fact, cap) if rate.per == _WHOLE else PerCount(rate.factor, fact, cap)
        for fact, rate in sorted(bound.rates.items())
    ]
    if bound.constant is not None and cap is None:
        terms.append(Fixed(bound.constant))
    return Ceiling(tuple(terms))


def exceeding(one: Most, other: Most, ranges: Range, *, by: int = 1) -> dict[str, int] | None:
    """Numbers at which `one` allows at least `by` more than `other`; None if there are none.

    Args:
        one: has as many facts in the answer as it rests on.
        other: what it is compared with; only the fact that sets it is in the answer.
        ranges: what each fact may be.
        by: 1 for strictly more, 0 for as much.
    """
    if other.unlimited:
        return {} if by == 0 and one.unlimited else None
    if other.constant is not None:
        numbers = _above(one, other.constant + by, {}, ranges)
        if numbers is not None:
            return numbers
    for fact, rate in other.rates.items():
        for number in _turns(fact, rate, one, ranges, by):
            numbers = _above(one, rate.at(number) + by, {fact: number}, ranges)
            if numbers is not None:
                return numbers
    return None


def _above(
    one: Most, amount: int, settled: Mapping[str, int], ranges: Range
) -> dict[str, int] | None:
    """The least numbers at which `one` allows `amount`, those in `settled` given."""
    if one.constant is not None and one.constant < amount:
        return None
    numbers = dict(settled)
    for fact, rate in one.rates.items():
        low, high = ranges(fact)
        number = rate.reach(amount, settled.get(fact, low))
        if number is None or number > settled.get(fact, high):
            return None
        numbers[fact] = number
    return numbers


def _turns(fact: str, rate: Rate, one: Most, ranges: Range, by: int) -> Iterator[int]:
    """The numbers of a fact that must be looked at, lowest first.

    Where `one` does not grow with the fact, the lowest number is the best. Where it does, an
    answer that is not the lowest number is a place where its own amount steps up: one earlier,
    `one` would allow as much and the other no more. From `10,000 / (difference of the shares)`
    on the answer does not change any more.
    """
    low, high = ranges(fact)
    mine = one.rates.get(fact)
    yield low
    if mine is None or not mine.factor:
        return
    gap = mine.factor - rate.factor
    if gap == 0 or (gap < 0 and by):
        return
    last = min(high, -(-mine.per // abs(gap)))
    step = mine.at(low) + 1
    while (number := -(-step * mine.per // mine.factor)) <= last:
        yield number
        step = mine.at(number) + 1


def _of_term(term: Term) -> Most:
    match term:
        case Fixed(amount):
            return Most(amount)
        case ShareOf(basis_points, base, cap):
            return Most(cap, {base: Rate(basis_points, _WHOLE)})
        case PerCount(amount, count, cap):
            return Most(cap, {count: Rate(amount, 1)})
