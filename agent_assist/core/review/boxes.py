"""Sets of cases as boxes: for each dimension the values that are in. Exact, by set algebra.

A dimension is a fact, the issue or the day; one that is not in a box holds every value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

Values: TypeAlias = int | tuple[int, int]
"""Bits of a finite list, or whole numbers from low to high, both inclusive; never empty."""
Box: TypeAlias = Mapping[str, Values]


class TooMuchWork(Exception):
    """A question would take longer to settle than its share of work."""


class Work:
    """How many steps may be taken: by one question, and by all of them together."""

    def __init__(self, *, each: int = 20_000, total: int = 1_500_000) -> None:
        self._each = each
        self._all = total
        self._total = total
        self._left = each

    def renew(self) -> None:
        """A new round of questions starts."""
        self._total = self._all

    def begin(self) -> None:
        """A new question starts."""
        self._left = min(self._each, self._total)

    def spend(self, steps: int) -> None:
        """Take some steps; TooMuchWork when there are none left."""
        self._left -= steps
        self._total -= steps
        if self._left < 0:
            raise TooMuchWork


def both(one: Values, other: Values) -> Values | None:
    """The values in both; None for none."""
    if isinstance(one, int) and isinstance(other, int):
        return (one & other) or None
    if isinstance(one, tuple) and isinstance(other, tuple):
        low, high = max(one[0], other[0]), min(one[1], other[1])
        return (low, high) if low <= high else None
    raise TypeError("the dimension is of two kinds")


def without(one: Values, other: Values) -> list[Values]:
    """The values of `one` that are not in `other`, as at most two sets."""
    if isinstance(one, int) and isinstance(other, int):
        return [one & ~other] if one & ~other else []
    if isinstance(one, tuple) and isinstance(other, tuple):
        parts = ((one[0], min(one[1], other[0] - 1)), (max(one[0], other[1] + 1), one[1]))
        return [part for part in parts if part[0] <= part[1]]
    raise TypeError("the dimension is of two kinds")


def meet(one: Box, other: Box) -> bool:
    """True if some case is in both."""
    for dimension, values in other.items():
        mine = one.get(dimension)
        # `both` in place: this is asked a million times.
        if isinstance(mine, int):
            if isinstance(values, int) and not mine & values:
                return False
        elif mine is not None and isinstance(values, tuple):  # noqa: SIM102 - reads as the other
            if mine[0] > values[1] or values[0] > mine[1]:
                return False
    return True


def intersection(one: Box, other: Box) -> dict[str, Values] | None:
    """The cases in both; None for none."""
    common = dict(one)
    for dimension, values in other.items():
        mine = common.get(dimension)
        joined = values if mine is None else both(mine, values)
        if joined is None:
            return None
        common[dimension] = joined
    return common


def outside(box: Box, other: Box, everything: Box) -> Iterator[Box]:
    """Disjoint parts that together are all of `box` that is not in `other`; the two must meet."""
    inside = dict(box)
    for dimension, values in other.items():
        mine = inside.get(dimension, everything[dimension])
        for part in without(mine, values):
            yield {**inside, dimension: part}
        inside[dimension] = both(mine, values) or mine


def escape(box: Box, covers: Iterable[Box], everything: Box) -> Box | None:
    """A part of `box` that no cover holds, found without ever turning back.

    None only says that this way led nowhere; `uncovered` tells whether there is such a part.
    """
    piece = dict(box)
    for cover in covers:
        if not meet(piece, cover):
            continue
        for dimension, values in cover.items():
            rest = without(piece.get(dimension, everything[dimension]), values)
            if rest:
                piece[dimension] = rest[0]
                break
        else:
            return None
    return piece


def uncovered(box: Box, covers: Sequence[Box], everything: Box, work: Work) -> Iterator[Box]:
    """Disjoint parts of `box` that together are all of it that no cover holds.

    Raises:
        TooMuchWork: before all parts are found.
    """
    # Parts are made one by one, for mostly the first that is left answers the question.
    stack: list[tuple[Iterator[Box], int]] = [(iter((box,)), 0)]
    while stack:
        parts, start = stack[-1]
        piece = next(parts, None)
        if piece is None:
            stack.pop()
            continue
        for index in range(start, len(covers)):
            if meet(piece, covers[index]):
                work.spend(index - start + 1)
                stack.append((outside(piece, covers[index], everything), index + 1))
                break
        else:
            work.spend(len(covers) - start + 1)
            yield piece


def cells(
    box: Box, others: Sequence[Box], everything: Box, work: Work
) -> Iterator[tuple[Box, list[int]]]:
    """Disjoint parts of `box`, each with the places of the others that hold all of it.

    Every other holds all or nothing of a part. Raises TooMuchWork as `uncovered`.
    """
    stack: list[tuple[Box, int, list[int]]] = [(box, 0, [])]
    while stack:
        piece, start, holders = stack.pop()
        for index in range(start, len(others)):
            if meet(piece, others[index]):
                work.spend(index - start + 1)
                rest = outside(piece, others[index], everything)
                stack.extend((part, index + 1, holders) for part in rest)
                inside = intersection(piece, others[index]) or {}
                stack.append((inside, index + 1, [*holders, index]))
                break
        else:
            work.spend(len(others) - start + 1)
            yield piece, holders
