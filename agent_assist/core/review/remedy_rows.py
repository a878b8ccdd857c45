"""The rows of one remedy with all that the analyses ask of them, worked out once."""

from collections.abc import Iterable, Sequence

from agent_assist.core.columns import places
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.review.amounts import Most, most
from agent_assist.core.review.bitmaps import Bitmaps
from agent_assist.core.review.boxes import Box
from agent_assist.core.review.probes import Probes
from agent_assist.core.review.space import Space


class RemedyRows:
    """The rows of one remedy.

    Attributes:
        remedy: its key.
        place_of: the place of each row by its key.
        boxes: by place, the cases that meet a row; None for none.
        probes: what is looked at first, and
        probed: by place, the box of a row over it.
        bounds: by place, what a row allows at each level of the ladder.
        outcomes: by place, a number that rows with equal bounds share.
        is_fixed: by place, whether it allows the same in every case.
        bits: how the rows lie to each other.
    """

    def __init__(self, remedy: str, rows: Sequence[LimitRow], space: Space) -> None:
        self.remedy = remedy
        self.space = space
        self.bits = Bitmaps(rows)
        self.place_of = {row.key: place for place, row in enumerate(rows)}
        self.boxes = [space.box(row) for row in rows]
        self.probes = Probes(self.boxes, space.everything)
        self.probed = [self.probes.over(box) for box in self.boxes]
        self.bounds = [self._bounds(row) for row in rows]
        self._numbers: dict[tuple[object, ...], int] = {}
        self.outcomes = [self._outcome(bounds) for bounds in self.bounds]
        self.is_fixed = [_is_fixed(bounds) for bounds in self.bounds]
        self._stronger: dict[int, int] = {}

    @property
    def rows(self) -> Sequence[LimitRow]:
        """The rows by place."""
        return self.bits.rows

    def put(self, row: LimitRow, place: int) -> None:
        """Replace the row at a place, or add one at the end."""
        self.bits.put(row, place)
        self.place_of[row.key] = place
        box = self.space.box(row)
        self.boxes[place : place + 1] = [box]
        # Its own numbers are not added to the probes: they prove nothing, but what they find is so.
        self.probed[place : place + 1] = [self.probes.over(box)]
        bounds = self._bounds(row)
        self.bounds[place : place + 1] = [bounds]
        self.outcomes[place : place + 1] = [self._outcome(bounds)]
        self.is_fixed[place : place + 1] = [_is_fixed(bounds)]
        self._stronger.clear()

    def drop(self, place: int) -> None:
        """Forget the row at a place; the place stays empty."""
        self.bits.drop(place)
        del self.place_of[self.rows[place].key]
        self.boxes[place] = None
        self._stronger.clear()

    def stronger(self, place: int) -> int:
        """The rows that outrank a row wherever both are met."""
        if place not in self._stronger:
            self._stronger[place] = self.bits.stronger(place)
        return self._stronger[place]

    def standing(self, met: Iterable[int]) -> list[int]:
        """Of the rows that are met in a case, those that count there, as the engine says."""
        every = list(met)
        mask = sum(1 << place for place in every)
        return [place for place in every if not self.stronger(place) & mask]

    def ending(self) -> list[int]:
        """The rows that have a last day."""
        return [place for place in self.bits.kept() if self.rows[place].effective_to]

    def boxes_of(self, rows: int) -> list[Box]:
        """The boxes of a set of rows, the widest first: they settle most at once."""
        found = [box for place in places(rows) if (box := self.boxes[place]) is not None]
        return sorted(found, key=len)

    def keys(self, rows: Iterable[int]) -> tuple[str, ...]:
        """The keys of some rows, in order."""
        return tuple(sorted(self.rows[place].key for place in rows))

    def bases(self, *rows: int) -> frozenset[str]:
        """The facts that the ceilings of some rows are reckoned from."""
        return frozenset(base for place in rows for base in self.rows[place].bases())

    def _bounds(self, row: LimitRow) -> tuple[Most, ...]:
        if row.effect is Effect.DENY:
            return ()
        return tuple(most(row.ceiling(level.key)) for level in self.space.vocabulary.levels)

    def _outcome(self, bounds: Iterable[Most]) -> int:
        name = tuple((bound.constant, frozenset(bound.rates.items())) for bound in bounds)
        return self._numbers.setdefault(name, len(self._numbers))


def _is_fixed(bounds: Iterable[Most]) -> bool:
    return not any(bound.rates for bound in bounds)
