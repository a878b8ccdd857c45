"""Boxes over a few values of each dimension, so that most witnesses are found in a moment.

The values are all choices, and the numbers at which some range starts or ends. A box over them is
one whole number: a field of bits for each dimension, one bit for each value. What is found among
these values is so; where nothing is found, numbers in between may still tell otherwise.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from agent_assist.core.review.boxes import Box, Values


class Probes:
    """The values that boxes are looked at, and the boxes over them.

    Args:
        boxes: whose numbers are looked at; None for no case.
        everything: all values of every dimension.
    """

    def __init__(self, boxes: Iterable[Box | None], everything: Box) -> None:
        numbers: dict[str, set[int]] = {
            dimension: {values[1]}
            for dimension, values in everything.items()
            if not isinstance(values, int)
        }
        for box in boxes:
            for dimension, values in (box or {}).items():
                if not isinstance(values, int):
                    numbers[dimension].update(values)
        self._numbers = {dimension: sorted(some) for dimension, some in numbers.items()}
        self._at: dict[str, int] = {}
        self._whole: dict[str, int] = {}
        self._field_at: list[int] = []
        self._full = self._spare = 0
        for dimension, values in everything.items():
            field, at = self._field(dimension, values), len(self._field_at)
            self._at[dimension] = at
            self._whole[dimension] = whole = field << at
            # Above each field one bit is spare, for a sum to run over into.
            self._field_at += [whole] * (field.bit_length() + 1)
            self._full |= whole
            self._spare |= 1 << at + field.bit_length()

    def over(self, box: Box | None) -> int:
        """A box over the values; 0 for no case."""
        if box is None:
            return 0
        found = self._full
        for dimension, values in box.items():
            found &= ~self._whole[dimension]
            found |= self._field(dimension, values) << self._at[dimension]
        return found

    def left(self, box: int, covers: Iterable[int]) -> int | None:
        """A part of a box that no cover holds; None if none was found, which proves nothing."""
        full, spare = self._full, self._spare
        if (box + full) & spare != spare:
            return None
        for cover in covers:
            # A field runs over if it has any bit: in a box that holds a case, all of them do.
            if ((box & cover) + full) & spare == spare:
                rest = box & ~cover
                if not rest:
                    return None
                field = self._field_at[(rest & -rest).bit_length() - 1]
                box = box & ~field | rest & field
        return box

    def highest(self, box: int, dimension: str) -> int:
        """The highest number that a box has in a dimension of numbers."""
        field = (box & self._whole[dimension]) >> self._at[dimension]
        return self._numbers[dimension][field.bit_length() - 1]

    def _field(self, dimension: str, values: Values) -> int:
        if isinstance(values, int):
            return values
        numbers = self._numbers[dimension]
        low, high = bisect_left(numbers, values[0]), bisect_right(numbers, values[1])
        return (1 << high) - (1 << low) if low < high else 0
