"""Rows that never count, and rows that change nothing."""

from collections.abc import Iterable, Sequence

from agent_assist.core.columns import places
from agent_assist.core.limits import RESERVE, Effect
from agent_assist.core.review.amounts import NONE_AT_ALL, Most, exceeding, least
from agent_assist.core.review.boxes import Box, TooMuchWork, Work, cells, escape, outside, uncovered
from agent_assist.core.review.findings import Code, Detail, Finding, Severity
from agent_assist.core.review.remedy_rows import RemedyRows
from agent_assist.core.review.words import listed


class ReachReview:
    """Reviews which rows of a remedy count anywhere, and which matter."""

    def __init__(self, rows: RemedyRows, work: Work) -> None:
        self._rows = rows
        self._work = work

    def finding(self, place: int) -> Finding | None:
        """That a row never counts, or that nothing changes without it."""
        rows = self._rows
        box, key = rows.boxes[place], rows.rows[place].key
        if box is None:
            return self._never_met(place)
        try:
            if self._is_covered(box, rows.boxes_of(rows.stronger(place))):
                return self._unreachable(place, box)
            twins = self._twins(place)
            if twins and self._changes_nothing(place, box):
                return _redundant(key, rows.keys(twins))
        except TooMuchWork:
            message = (
                f"Not settled: too many rows meet {key} to tell whether it ever counts; "
                f"narrow its conditions or those of the rows around it."
            )
            return Finding(Code.NOT_SETTLED, Severity.NOTE, (key,), Detail(message))
        return None

    def _never_met(self, place: int) -> Finding | None:
        """A row that is over has no case left either, but is no mistake."""
        row = self._rows.rows[place]
        if self._rows.space.conditions(row.conditions) is not None:
            return None
        message = f"No case can meet {row.key}: no value passes one of its tests. Correct the test."
        return Finding(Code.NEVER_MET, Severity.ERROR, (row.key,), Detail(message))

    def _is_covered(self, box: Box, covers: Sequence[Box]) -> bool:
        everything = self._rows.space.everything
        if escape(box, covers, everything) is not None:
            return False
        self._work.begin()
        return next(uncovered(box, covers, everything, self._work), None) is None

    def _unreachable(self, place: int, box: Box) -> Finding:
        rows = self._rows
        stronger = list(places(rows.stronger(place)))
        alone = [other for other in stronger if self._holds(other, box)]
        takers = rows.keys(alone[:1] or stronger)
        key = rows.rows[place].key
        message = (
            f"{key} never counts: every case of it is taken by {listed(takers)}. "
            f"Remove {key}, or change what outranks it."
        )
        return Finding(Code.UNREACHABLE, Severity.WARNING, (key, *takers), Detail(message))

    def _holds(self, other: int, box: Box) -> bool:
        """True if a row holds all of a box that it meets."""
        cover = self._rows.boxes[other]
        return cover is not None and not any(outside(box, cover, self._rows.space.everything))

    def _twins(self, place: int) -> list[int]:
        """The rows that this one refines, with the same outcome."""
        rows = self._rows
        row = rows.rows[place]
        alike = rows.bits.meets[place] & rows.bits.wider(place) & rows.bits.same_priority(place)
        alike &= rows.bits.denies if row.effect is Effect.DENY else ~rows.bits.denies
        return [
            other
            for other in places(alike)
            if rows.outcomes[other] == rows.outcomes[place]
            and (rows.rows[other].offer, rows.rows[other].say) == (row.offer, row.say)
        ]

    def _changes_nothing(self, place: int, box: Box) -> bool:
        """True if every case of the row has the same outcome without it."""
        rows = self._rows
        others: list[int] = []
        boxes: list[Box] = []
        for other in places(rows.bits.meets[place]):
            if (cases := rows.boxes[other]) is not None:
                others.append(other)
                boxes.append(cases)
        self._work.begin()
        for piece, holders in cells(box, boxes, rows.space.everything, self._work):
            met = [others[holder] for holder in holders]
            before, after = rows.standing([*met, place]), rows.standing(met)
            if place in before and not self._same_outcome(before, after, piece):
                return False
        return True

    def _same_outcome(self, before: Sequence[int], after: Sequence[int], piece: Box) -> bool:
        if not after or self._manner(before) != self._manner(after):
            return False
        ranges = self._rows.space.amounts(piece)
        pairs = zip(self._allowed(before), self._allowed(after), strict=True)
        return all(
            one == other
            or (exceeding(one, other, ranges) is None and exceeding(other, one, ranges) is None)
            for one, other in pairs
        )

    def _manner(self, standing: Iterable[int]) -> tuple[int, frozenset[str]]:
        """How a remedy is offered, and what may be said."""
        rows = [self._rows.rows[place] for place in standing]
        return max(RESERVE[row.offer] for row in rows), frozenset(row.say for row in rows)

    def _allowed(self, standing: Sequence[int]) -> list[Most]:
        """What is allowed at each level where these rows count."""
        levels = len(self._rows.space.vocabulary.levels)
        if any(self._rows.bits.denies >> place & 1 for place in standing):
            return [NONE_AT_ALL] * levels
        return [
            least(self._rows.bounds[place][rung] for place in standing) for rung in range(levels)
        ]


def _redundant(key: str, twins: Sequence[str]) -> Finding:
    message = (
        f"{key} changes nothing: {listed(twins)} decides its cases in the same way. Remove {key}, "
        f"or give it the outcome it was meant to have."
    )
    return Finding(Code.REDUNDANT, Severity.WARNING, (key, *twins), Detail(message))
