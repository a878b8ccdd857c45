"""Which rows of a remedy meet, and which lie inside which, for all of them at once."""

from collections.abc import Iterator, Sequence

from agent_assist.core.columns import Choices, Columns, Ranges, places
from agent_assist.core.conditions import OneOf, Within
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.review.space import days_of


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
        self.denies = 0
        self._kept = (1 << len(rows)) - 1
        self._priorities: dict[int, int] = {}
        for place in self.kept():
            self._sort(place)
        self._tests = Columns([row.conditions for row in rows])
        self._issues = Choices([_issues(row) for row in rows])
        self._days = Ranges([_days(row) for row in rows])
        looks = [self._look(place) for place in range(len(self.rows))]
        self.meets = [meets for meets, _, _ in looks]
        self.inside = [inside for _, inside, _ in looks]
        self.around = [around for _, _, around in looks]

    def put(self, row: LimitRow, place: int) -> None:
        """Replace the row at a place, or add one at the end; costs one pass over the columns."""
        if place == len(self.rows):
            self.rows.append(row)
            for sets in (self.meets, self.inside, self.around):
                sets.append(0)
        else:
            self._unsort(place)
        self.rows[place] = row
        self._kept |= 1 << place
        self._sort(place)
        self._tests.put(place, row.conditions)
        self._issues.put(place, _issues(row))
        self._days.put(place, _days(row))
        self._relate(place, *self._look(place))

    def drop(self, place: int) -> None:
        """Forget the row at a place; the place stays empty."""
        self._unsort(place)
        self._kept &= ~(1 << place)
        self._relate(place, 0, 0, 0)

    def kept(self) -> Iterator[int]:
        """The places that hold a row."""
        return places(self._kept)

    def holds(self, place: int) -> bool:
        """True if there is a row at the place."""
        return bool(self._kept >> place & 1)

    def about(self, issue: str) -> int:
        """The rows that are about an issue, those about any included."""
        return (self._issues.taking(issue) | ~self._issues.tested) & self._kept

    def stronger(self, place: int) -> int:
        """The rows that outrank a row wherever both are met."""
        rivals, above = self.meets[place], self._above(place)
        if self.rows[place].effect is Effect.ALLOW:
            return rivals & (above | self.denies)
        return rivals & above & self.denies

    def weaker(self, place: int) -> int:
        """The rows that a row outranks wherever both are met."""
        rivals, below = self.meets[place], self._below(place)
        if self.rows[place].effect is Effect.DENY:
            return rivals & (below | ~self.denies)
        return rivals & below & ~self.denies

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

    def _below(self, place: int) -> int:
        priority = self.rows[place].priority
        lower = sum(rows for value, rows in self._priorities.items() if value < priority)
        return lower | (self.wider(place) & self.same_priority(place))

    def _sort(self, place: int) -> None:
        row, bit = self.rows[place], 1 << place
        self._priorities[row.priority] = self._priorities.get(row.priority, 0) | bit
        if row.effect is Effect.DENY:
            self.denies |= bit

    def _unsort(self, place: int) -> None:
        priority, others = self.rows[place].priority, ~(1 << place)
        self._priorities[priority] = self._priorities.get(priority, 0) & others
        self.denies &= others

    def _relate(self, place: int, meets: int, inside: int, around: int) -> None:
        """Note how a row lies to the others, with it and, where that changes, with them."""
        bit = 1 << place
        for other in places(self.meets[place] ^ meets):
            self.meets[other] ^= bit
        for other in places(self.inside[place] ^ inside):
            self.around[other] ^= bit
        for other in places(self.around[place] ^ around):
            self.inside[other] ^= bit
        self.meets[place], self.inside[place], self.around[place] = meets, inside, around

    def _look(self, place: int) -> tuple[int, int, int]:
        """The others that meet the row, that lie inside it, and that it lies inside of."""
        row = self.rows[place]
        meets, inside, around = self._tests.look(row.conditions)
        issues, days = _issues(row), self._days.look(_days(row))
        if issues is None:
            around &= ~self._issues.tested
        else:
            of_issues = self._issues.look(issues)
            meets &= of_issues.meets
            inside &= of_issues.inside
            around &= of_issues.around
        others = self._kept & ~(1 << place)
        return meets & days.meets & others, inside & others, around & others


def _issues(row: LimitRow) -> OneOf | None:
    return OneOf(row.issues) if row.issues else None


def _days(row: LimitRow) -> Within:
    return Within(*days_of(row))
