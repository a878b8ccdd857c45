"""Kinds: what was counted, added up by what it is told apart by, with shares to rank by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from agent_assist.core.measures import Rate
from agent_assist.core.shrinking import prior, rate

MOST = 1_000
"""How many kinds are told at most: the largest."""


class Sum(Protocol):
    """Something that is counted together."""

    @property
    def size(self) -> int:
        """How many, by which kinds are ordered."""

    def add(self, one: Any, /) -> None:
        """Count something as well."""


S = TypeVar("S", bound=Sum)
Rates: TypeAlias = Mapping[str, Callable[[S], tuple[int, int]]]
"""By the name of a share, how many it is of how many."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """What was counted of one kind.

    Attributes:
        key: a day, the Monday of a week, or an id; None where none is named, and of all together.
        version: of a policy; None for everything else.
        rates: by their names; of all together there is none to rank by.
    """

    key: str | None
    version: int | None
    sum: S
    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Kinds(Generic[S]):
    """By day or week in their order, by anything else the largest first.

    Attributes:
        is_whole: whether none was left out, because there are more than `MOST`.
    """

    items: Sequence[Kind[S]]
    is_whole: bool


def total(counted: Iterable[Any], empty: Callable[[], S], rates: Rates[S]) -> Kind[S]:
    """All that was counted together."""
    every = empty()
    for one in counted:
        every.add(one)
    return Kind(
        None, None, every, {name: rate(reads(every), None) for name, reads in rates.items()}
    )


def kinds(
    counted: Iterable[tuple[Sequence[Any], Any]],
    by: str,
    empty: Callable[[], S],
    rates: Rates[S],
) -> Kinds[S]:
    """What was counted, by its kinds.

    Args:
        counted: each with the columns that it is told apart by: one, or a policy and its version.
        by: `day`, `week`, for which days are given, or anything else.
        empty: a sum of nothing.
        rates: the shares to tell.
    """
    sums: dict[tuple[str | None, int | None], S] = {}
    for columns, one in counted:
        key = _key(columns, by)
        if key not in sums:
            sums[key] = empty()
        sums[key].add(one)
    priors = {name: prior([reads(one) for one in sums.values()]) for name, reads in rates.items()}
    if by in ("day", "week"):
        ordered = sorted(sums.items(), key=lambda one: str(one[0][0]))
    else:
        ordered = sorted(
            sums.items(), key=lambda one: (-one[1].size, one[0][0] is None, str(one[0]))
        )
    items = [
        Kind(*key, one, {name: rate(reads(one), priors[name]) for name, reads in rates.items()})
        for key, one in ordered[:MOST]
    ]
    return Kinds(items, len(ordered) <= MOST)


def _key(columns: Sequence[Any], by: str) -> tuple[str | None, int | None]:
    first = columns[0]
    if isinstance(first, date):
        day = first - timedelta(days=first.weekday()) if by == "week" else first
        return day.isoformat(), None
    if not first:
        return None, None
    return first, columns[1] if len(columns) > 1 else None
