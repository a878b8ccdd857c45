"""Two rows at a time: duplicates, and overlaps that only the lowest ceiling decides."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.columns import places
from agent_assist.core.limits import Effect
from agent_assist.core.review.amounts import exceeding
from agent_assist.core.review.boxes import Box, TooMuchWork, Work, escape, intersection, uncovered
from agent_assist.core.review.findings import Case, Code, Detail, Finding, Severity
from agent_assist.core.review.remedy_rows import RemedyRows
from agent_assist.core.review.settling import settling_row
from agent_assist.core.review.words import Words


class PairReview:
    """Reviews the pairs of one remedy's rows."""

    def __init__(self, rows: RemedyRows, words: Words, work: Work) -> None:
        self._rows = rows
        self._words = words
        self._work = work
        self._tell = self._detail  # one object for all findings; there may be many

    def partners(self, place: int) -> Iterator[int]:
        """The rows that a row may have a finding with."""
        bits, row = self._rows.bits, self._rows.rows[place]
        alike = bits.meets[place] & bits.same_priority(place)
        alike &= bits.denies if row.effect is Effect.DENY else ~bits.denies
        # Where one row refines the other, that one counts: nothing to say.
        return places(alike & ~(bits.inside[place] ^ bits.around[place]))

    def finding(self, one: int, other: int) -> Finding | None:
        """What there is to say about a row and one of its partners."""
        rows = self._rows
        if rows.rows[one].key > rows.rows[other].key:
            one, other = other, one
        is_same_test = rows.bits.inside[other] >> one & 1
        if is_same_test and self._has_same_days(one, other):
            return self._duplicate(one, other)
        if rows.rows[one].effect is Effect.DENY or rows.outcomes[one] == rows.outcomes[other]:
            return None
        return self._conflict(one, other)

    def _has_same_days(self, one: int, other: int) -> bool:
        first, second = self._rows.rows[one], self._rows.rows[other]
        days = (first.effective_from, first.effective_to)
        return days == (second.effective_from, second.effective_to)

    def _duplicate(self, one: int, other: int) -> Finding | None:
        rows = self._rows
        if rows.boxes[one] is None or rows.boxes[other] is None:
            return None
        keys = rows.keys((one, other))
        opening = f"{keys[0]} and {keys[1]} state the same conditions"
        if rows.outcomes[one] == rows.outcomes[other]:
            said = Detail(f"{opening} and the same outcome; keep one of them.")
            return Finding(Code.DUPLICATE, Severity.WARNING, keys, said)
        said = Detail(f"{opening} but different ceilings; keep the one that is meant.")
        return Finding(Code.CONTRADICTION, Severity.ERROR, keys, said)

    def _conflict(self, one: int, other: int) -> Finding | None:
        rows = self._rows
        keys = rows.rows[one].key, rows.rows[other].key
        try:
            if self._do_clash(one, other):
                return Finding(Code.CONFLICT, Severity.WARNING, keys, self._tell)
        except TooMuchWork:
            said = Detail(
                f"Not settled: too many rows meet {keys[0]} and {keys[1]} to tell whether some "
                f"row always decides between them; narrow their conditions."
            )
            return Finding(Code.NOT_SETTLED, Severity.NOTE, keys, said)
        return None

    def _do_clash(self, one: int, other: int) -> bool:
        """True if both rows count in some case and their ceilings differ there."""
        rows = self._rows
        if rows.boxes[one] is None or rows.boxes[other] is None:
            return False
        if self._clearly_clash(one, other):
            return True
        if self._always_differ(one, other):
            return next(self._shared(one, other), None) is not None
        return self._clash(one, other) is not None

    def _clearly_clash(self, one: int, other: int) -> bool:
        """True if it takes one probe to see that they clash; False proves nothing."""
        probes, probed = self._rows.probes, self._rows.probed
        covers = [probed[place] for place in places(self._rivals(one, other))]
        left = probes.left(probed[one] & probed[other], covers)
        if left is None or self._always_differ(one, other):
            return left is not None
        bounds = self._rows.bounds
        number_of = partial(probes.highest, left)
        pairs = zip(bounds[one], bounds[other], strict=True)
        return any(first.at(number_of) != second.at(number_of) for first, second in pairs)

    def _always_differ(self, one: int, other: int) -> bool:
        """True if their ceilings, which are not the same, rest on no facts."""
        return self._rows.is_fixed[one] and self._rows.is_fixed[other]

    def _detail(self, finding: Finding) -> Detail:
        """What there is to say about two rows whose ceilings clash."""
        rows = self._rows
        first, second = finding.rows
        one, other = rows.place_of.get(first), rows.place_of.get(second)
        clash = None if one is None or other is None else self._clash_if_told(one, other)
        if one is None or other is None or clash is None:
            return Detail(f"{first} and {second} do not clash any more.")
        case = self._case(one, other, clash)
        level = rows.space.vocabulary.levels[clash.rung].key
        ceilings = (rows.rows[place].ceiling(level) for place in (one, other))
        amounts = [self._amount(ceiling.evaluate(case.facts)) for ceiling in ceilings]
        opening = (
            f"{first} and {second} both count for {self._words.case(case)}: "
            f"{first} allows {level} {amounts[0]}, {second} allows {amounts[1]}."
        )
        if rows.bits.inside[one] >> other & 1:
            return Detail(f"{opening} Give them dates that do not meet.", case)
        return Detail(
            f"{opening} The lower counts; add the proposed row, or say by priority which counts.",
            case,
            settling_row(rows, one, other),
        )

    def _clash_if_told(self, one: int, other: int) -> "_Clash | None":
        try:
            return self._clash(one, other)
        except TooMuchWork:
            return None

    def _clash(self, one: int, other: int) -> "_Clash | None":
        """Where both rows count and their ceilings differ, at the lowest such level."""
        bounds = list(zip(self._rows.bounds[one], self._rows.bounds[other], strict=True))
        for piece in self._shared(one, other):
            amounts = self._rows.space.amounts(piece)
            for rung, (first, second) in enumerate(bounds):
                if first == second:
                    continue
                numbers = exceeding(first, second, amounts)
                if numbers is None:
                    numbers = exceeding(second, first, amounts)
                if numbers is not None:
                    return _Clash(rung, piece, numbers)
        return None

    def _case(self, one: int, other: int, clash: "_Clash") -> Case:
        bases = self._rows.bases(one, other)
        remedy = self._rows.remedy
        return self._rows.space.case(clash.piece, remedy, known=clash.numbers, bases=bases)

    def _shared(self, one: int, other: int) -> Iterator[Box]:
        """All cases in which both rows count, those that are found at once first."""
        rows = self._rows
        first, second = rows.boxes[one], rows.boxes[other]
        box = None if first is None or second is None else intersection(first, second)
        if box is None:
            return
        covers = rows.boxes_of(self._rivals(one, other))
        piece = escape(box, covers, rows.space.everything)
        if piece is not None:
            yield piece
        elif len(covers) == 1:
            return
        self._work.begin()
        yield from uncovered(box, covers, rows.space.everything, self._work)

    def _rivals(self, one: int, other: int) -> int:
        """The rows that meet both and outrank one of them."""
        rows = self._rows
        rivals = rows.stronger(one) | rows.stronger(other)
        return rivals & rows.bits.meets[one] & rows.bits.meets[other]

    def _amount(self, amount: Bound) -> str:
        if isinstance(amount, Unlimited):
            return "any amount"
        return self._words.amount(amount, self._rows.remedy)


class _Clash(NamedTuple):
    """Cases of two rows with numbers at which they allow a level different amounts."""

    rung: int
    piece: Box
    numbers: dict[str, int]
