"""What a replay counts: how many cases would have been different, in which way, and where."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import NamedTuple


class Cause(StrEnum):
    """What kind of thing an answer rests on."""

    ROW = "row"
    BUDGET = "budget"
    REMEDY = "remedy"
    NONE = "none"


class Responsible(NamedTuple):
    """What the new answer rests on, by its key; nothing has none.

    A limit row, a budget, or another remedy that stood already and excludes this one.
    """

    cause: Cause
    key: str


class Place(NamedTuple):
    """Where differences are counted: every case has exactly one."""

    responsible: Responsible
    level: str
    issue: str
    remedy: str


@dataclass(slots=True)
class Tally:
    """Cases, and what would have been different. Tallies of parts add up to that of the whole.

    Attributes:
        more, less: cases in which the level could have given more, or less, without asking.
        approvals_saved: needed a higher level then, would not now.
        approvals_added: the other way round.
        allowed: could not be given then, could be now without asking.
        refused: could be given then, if only by a higher level; now by nobody.
        opened: would have rested on a fact that nobody had asked for.
        raised, lowered: by how much more, or less, could have been given; minor units of money.
        unbounded: cases in which one of the two answers was without any limit, so that they are
            in neither of these sums.
        grants, granted: how many were given, and minor units of money.
        uncovered_grants, uncovered: of these, what the level could not give now without asking.
    """

    cases: int = 0
    more: int = 0
    less: int = 0
    approvals_saved: int = 0
    approvals_added: int = 0
    allowed: int = 0
    refused: int = 0
    opened: int = 0
    raised: int = 0
    lowered: int = 0
    unbounded: int = 0
    grants: int = 0
    granted: int = 0
    uncovered_grants: int = 0
    uncovered: int = 0

    @property
    def same(self) -> int:
        """Cases in which the level could have given just as much."""
        return self.cases - self.more - self.less

    def add(self, other: "Tally") -> None:
        """Count what another counted as well."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_COUNTED = tuple(one.name for one in fields(Tally))


@dataclass(slots=True)
class Replayed:
    """What a replay found. Parts of a history may be replayed apart, in any order, and merged.

    Attributes:
        places: tallies by place.
        unknown: facts that nobody had asked for, by how many cases would have rested on them.
        unreckoned: budgets that sum up what was not summed up then, by how many cases they
            might have capped.
        left_out: why cases could not be replayed, by how many.
    """

    places: dict[Place, Tally] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    unreckoned: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def at(self, place: Place) -> Tally:
        """The tally of a place, in which one more case may be counted."""
        tally = self.places.get(place)
        if tally is None:
            tally = self.places[place] = Tally()
        return tally

    def merge(self, other: "Replayed") -> None:
        """Take in what another part of the history brought up."""
        for place, tally in other.places.items():
            self.at(place).add(tally)
        self.unknown += other.unknown
        self.unreckoned += other.unreckoned
        self.left_out += other.left_out

    def total(self) -> Tally:
        """All cases together."""
        whole = Tally()
        for tally in self.places.values():
            whole.add(tally)
        return whole

    def by(self, name: str) -> dict[Hashable, Tally]:
        """Tallies by one of the fields of `Place`, in its order."""
        found: dict[Hashable, Tally] = {}
        for place, tally in sorted(self.places.items()):
            found.setdefault(getattr(place, name), Tally()).add(tally)
        return found
