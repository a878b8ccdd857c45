"""Stretches: the values of a fact that no test tells apart count as one."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable

from agent_assist.core.conditions import Is, Test, Within, choices, span
from agent_assist.core.facts import FactValue, orderable

_UNKNOWN, _UNNAMED = ("unknown",), ("unnamed",)  # no value of a fact is a tuple


class Stretches:
    """The stretches into which some tests cut the values of one fact.

    Two values of the same stretch pass the same tests; unknown is a stretch of its own.

    Args:
        tests: all tests of the fact; none where it only matters whether it is known.
    """

    def __init__(self, tests: Iterable[Test]) -> None:
        starts: set[int] = set()
        named: set[FactValue] = set()
        for test in tests:
            match test:
                case Within():
                    low, high = span(test)
                    starts |= {low, high + 1}
                case Is(answer):
                    named.add(answer)
                case _:
                    named |= choices(test)
        self._starts = sorted(starts)
        self._named = frozenset(named)

    def of(self, value: FactValue | None) -> Hashable:
        """The stretch of a value; None is unknown."""
        if value is None:
            return _UNKNOWN
        if self._starts:
            return bisect_right(self._starts, orderable(value))
        return value if value in self._named else _UNNAMED
