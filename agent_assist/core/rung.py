"""One rung of the ladder in one case: what rows, and what holds beside them, leave its level."""

from agent_assist.core.ceilings import UNLIMITED, Bound
from agent_assist.core.columns import places
from agent_assist.core.decision import Cap
from agent_assist.core.facts import Facts
from agent_assist.core.holds import Holds
from agent_assist.core.row_index import RowIndex


class Rung:
    """What a level may give in a case. The sums of all rows that are asked for must be known."""

    def __init__(self, level: str, index: RowIndex, facts: Facts, holds: Holds) -> None:
        self.level = level
        self._index = index
        self._fixed = index.fixed_ceilings(level)
        self._facts = facts
        self._holds = holds
        self._rest = holds.least(level)
        # Many rows are asked for together with the same others.
        self._least: dict[int, Bound] = {}

    @property
    def beside(self) -> tuple[Cap, ...]:
        """The caps that are not of rows. Most rungs are only asked how much they leave."""
        return self._holds.caps(self.level)

    def ceiling(self, place: int) -> Bound:
        """What a row leaves, by itself."""
        return self._holds.left(self._most(place))

    def cap(self, place: int) -> Cap:
        """What a row leaves, by itself, as a cap."""
        return self._holds.ceiling(self._index.rows[place], self._most(place))

    def above(self, bound: Bound) -> int:
        """The rows that, by themselves, may leave more than a bound."""
        return self._index.above(self.level, self._holds.most(bound))

    def least(self, rows: int) -> Bound:
        """What a set of rows and all that holds beside them leave together."""
        found = self._least.get(rows)
        if found is None:
            found = min([self.ceiling(place) for place in places(rows)], default=UNLIMITED)
            found = self._least[rows] = min(found, self._rest)
        return found

    def _most(self, place: int) -> Bound:
        fixed = self._fixed[place]
        if fixed is None:
            return self._index.rows[place].ceiling(self.level).evaluate(self._facts)
        return fixed
