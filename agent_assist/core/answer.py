"""From the rows that count, or could count, to the decision."""

from collections.abc import Iterator, Sequence

from agent_assist.core.ceilings import Bound, Unlimited, covers, exceeds
from agent_assist.core.columns import places
from agent_assist.core.decision import (
    Approval,
    Cap,
    CapKind,
    Considered,
    Decision,
    Otherwise,
    Possible,
    Verdict,
    needed,
)
from agent_assist.core.headroom import budget_caps
from agent_assist.core.holds import Holds
from agent_assist.core.limits import RESERVE, LimitRow, Offer
from agent_assist.core.rung import Rung

_TELLING = {kind: place for place, kind in enumerate(CapKind)}
"""Which of several caps that bind alike is named: the one that is hardest to change comes first."""


class Answer:
    """What an answer is made from.

    Args:
        considered: the rows, and what the known facts make of them.
        standing: the met rows that count.
        contested: the open rows that could count.
        levels: the ladder from the asking level up.
        holds: what holds the remedy down beside its rows.

    Attributes:
        up_to: the most that the first of the levels may give.
    """

    def __init__(
        self,
        considered: Considered,
        *,
        standing: int,
        contested: int,
        levels: Sequence[str],
        holds: Holds,
    ) -> None:
        self._considered = considered
        self._index = considered.index
        self._unsummed = considered.states.unsummed
        self._standing = standing
        self._contested = contested
        self._is_denied = bool(standing & self._index.denies)
        # An open row may allow nothing: it denies, or it rests on an unknown sum.
        self._nothing = contested & (self._index.denies | self._unsummed)
        self._levels = levels
        self._holds = holds
        self._rungs: dict[str, Rung] = {}
        self._approvals: dict[int | None, Approval | None] = {}
        self._outcomes: tuple[Possible, ...] | None = None
        self._first = self._rung(levels[0])
        # False where nothing is certain at any level.
        self._grants = bool(standing) and not self._is_denied and not self._nothing
        self.up_to = self._certain(self._first)

    def verdict(self, amount: int | None) -> Verdict:
        """What the first of the levels may do, for an amount or for the most there is."""
        wanted = _wanted(amount)
        if covers(self.up_to, wanted):
            return Verdict.ALLOWED
        if self._withheld_for(wanted) or _could_cover(self._possible(), wanted):
            # One question that lets the rep give it alone comes before asking someone else.
            return Verdict.OPEN
        if self._approval(amount) is not None:
            return Verdict.NEEDS_APPROVAL
        return Verdict.OPEN if self._could_higher(wanted) else Verdict.NOT_ALLOWED

    def needs(self, amount: int | None) -> tuple[str, ...]:
        """Unknown facts that could change the answer; see `Decision.needs`."""
        return needed(self._possible(), self._withheld_for(_wanted(amount)))

    def binding(self) -> Cap | None:
        """The cap that sets what the first of the levels may give; None where no row allows it."""
        bound = self.up_to
        # Where nothing that is harder to change may bind, budgets need not be looked at.
        if not (self._holds.frozen or self._holds.exclusions):
            for cap in self._caps_of_rows():
                if cap.headroom == bound:
                    return cap
        return _binding([cap for cap in self._caps() if cap.headroom == bound])

    def decision(self, amount: int | None) -> Decision:
        """The verdict with its reasons."""
        bound, caps = self.up_to, self._caps()
        tight = [cap for cap in caps if cap.headroom == bound]
        standing, verdict = self._index.of(self._standing), self.verdict(amount)
        # The sentence of a row that allows would promise what is refused.
        says = self._is_denied or verdict is not Verdict.NOT_ALLOWED
        return Decision(
            remedy=self._holds.remedy,
            verdict=verdict,
            offer=_offer(standing or self._index.of(self._contested)),
            up_to=bound,
            binding=_binding(tight),
            caps=caps,
            approval=self._approval(amount),
            possible=self._possible(),
            otherwise=self._otherwise(bound),
            withheld_for=self._withheld_for(_wanted(amount)),
            say=_say(standing, tight) if says else "",
            considered=self._considered,
        )

    def _rung(self, level: str) -> Rung:
        if level not in self._rungs:
            considered, holds = self._considered, self._holds
            self._rungs[level] = Rung(level, considered.index, considered.facts, holds)
        return self._rungs[level]

    def _higher(self) -> Iterator[Rung]:
        return map(self._rung, self._levels[1:])

    def _caps(self) -> tuple[Cap, ...]:
        """Every cap at the first of the levels; none where no row allows anything."""
        of_rows = self._caps_of_rows()
        return (*of_rows, *self._first.beside) if of_rows else ()

    def _caps_of_rows(self) -> tuple[Cap, ...]:
        """What is certain of rows: those that stand, held down by any that might join them.

        Whatever the unknown facts turn out to be, the answer is the least of some of the
        standing and contested ceilings, so the least of all of them is safe to give.
        """
        if not self._standing or self._is_denied:
            return ()
        rung = self._first
        certain = [rung.cap(place) for place in places(self._standing)]
        if not self._contested:
            return tuple(certain)
        bound = min(cap.headroom for cap in certain)
        doubts = [
            Cap(CapKind.CEILING, self._index.rows[place].key, 0)
            if self._nothing >> place & 1
            else rung.cap(place)
            for place in places(self._contested)
        ]
        return (*certain, *(doubt for doubt in doubts if exceeds(bound, doubt.headroom)))

    def _certain(self, rung: Rung) -> Bound:
        """The least of the caps at a level."""
        return rung.least(self._standing | self._contested) if self._grants else 0

    def _approval(self, amount: int | None) -> Approval | None:
        if amount not in self._approvals:
            self._approvals[amount] = self._reckon_approval(amount)
        return self._approvals[amount]

    def _reckon_approval(self, amount: int | None) -> Approval | None:
        """The lowest level above that may give the amount, or simply more than the first may."""
        bound = self.up_to
        if not self._grants or (amount is not None and covers(bound, amount)):
            return None
        for rung in self._higher():
            higher = self._certain(rung)
            enough = exceeds(higher, bound) if amount is None else covers(higher, amount)
            if enough:
                return Approval(rung.level, higher)
        return None

    def _possible(self) -> tuple[Possible, ...]:
        # The verdict asks for it, and then the decision.
        if self._outcomes is None:
            self._outcomes = self._reckon_possible()
        return self._outcomes

    def _reckon_possible(self) -> tuple[Possible, ...]:
        """What each contested row would make of the answer if it were the one that is met.

        First what the standing rows give if none of them is, where they are held down now.
        """
        if not self._contested:
            return ()
        rung, index, facts = self._first, self._index, self._considered.facts
        outcomes = tuple(
            Possible(index.rows[place].key, index.needs(place, facts), self._outcome(rung, place))
            for place in places(self._contested)
        )
        free = self._free(rung)
        if not exceeds(free, self._certain(rung)):
            return outcomes
        needs = dict.fromkeys(fact for one in outcomes for fact in one.needs)
        first = next(places(self._standing))
        return (Possible(index.rows[first].key, tuple(needs), free), *outcomes)

    def _free(self, rung: Rung) -> Bound:
        """What the standing rows give if no contested row turns out to be met."""
        return rung.least(self._standing) if self._standing else 0

    def _could_higher(self, wanted: int) -> bool:
        """True if unknown facts could let some higher level give what nobody may for certain."""
        if not self._contested:
            return False
        return any(
            covers(self._free(rung), wanted)
            or any(
                outcome is None or covers(outcome, wanted)
                for outcome in (self._outcome(rung, place) for place in places(self._contested))
            )
            for rung in self._higher()
        )

    def _outcome(self, rung: Rung, place: int) -> Bound | None:
        """What a level may give if a row turns out to be met; None while that rests on a fact."""
        if self._index.denies >> place & 1:
            return 0
        rivals = self._index.rivals(place)
        met_with = (self._standing | self._contested & rivals.implied) & ~rivals.outranked
        if (met_with | 1 << place) & self._unsummed:
            return None
        return min(rung.ceiling(place), rung.least(met_with))

    def _otherwise(self, bound: Bound) -> tuple[Otherwise, ...]:
        """The missed rows that would allow more if they were met; none while a deny stands."""
        rung = self._first
        if self._is_denied or not exceeds(rung.least(0), bound):
            return ()
        states, index = self._considered.states, self._index
        # What others leave of a row is never more than its own ceiling, nor than what a standing
        # row leaves that it does not outrank: most end here.
        missed = states.near & ~index.denies & rung.above(bound)
        missed &= ~index.outranked(self._standing)
        for place in places(self._standing & ~rung.above(bound)):
            missed &= index.rivals(place).outranking
        changes = []
        for place in places(missed):
            outcome = self._outcome(rung, place)
            if outcome is not None and exceeds(outcome, bound):
                row = index.rows[place]
                changes.append(Otherwise(row.key, *self._considered.failing(row), outcome))
        return tuple(sorted(changes, key=_falling)) if changes else ()

    def _withheld_for(self, wanted: int) -> tuple[str, ...]:
        """Unknown facts of the budgets that would have to go for the amount to be covered."""
        rung = self._first
        if not self._standing or self._is_denied or covers(self.up_to, wanted):
            return ()
        certain = [rung.ceiling(place) for place in places(self._standing)]
        certain += [cap.headroom for cap in self._holds.certain(rung.level)]
        # Where what is certain leaves too little already, there is nothing to ask.
        if not covers(min(certain), wanted):
            return ()
        tight = (
            one
            for one in self._holds.budgets
            if any(
                not covers(cap.headroom, wanted)
                for cap in budget_caps([one], self._holds.remedy, rung.level)
            )
        )
        return tuple(dict.fromkeys(fact for one in tight for fact in one.needs))


def _wanted(amount: int | None) -> int:
    return 1 if amount is None else amount


def _offer(rows: Sequence[LimitRow]) -> Offer:
    """The most reserved of the rows' modes."""
    return max((row.offer for row in rows), key=RESERVE.__getitem__, default=Offer.NEVER)


def _say(rows: Sequence[LimitRow], tight: Sequence[Cap]) -> str:
    """The sentence of the row that decides, or of any other standing row."""
    says = [row for row in rows if row.say]
    if not says:
        return ""
    binding = {cap.source for cap in tight}
    return next((row.say for row in says if row.key in binding), says[0].say)


def _could_cover(possible: Sequence[Possible], wanted: int) -> bool:
    return any(item.up_to is None or covers(item.up_to, wanted) for item in possible)


def _falling(change: Otherwise) -> tuple[bool, int]:
    """Sorts what allows the most first."""
    return (False, 0) if isinstance(change.up_to, Unlimited) else (True, -change.up_to)


def _binding(tight: Sequence[Cap]) -> Cap | None:
    """Of the caps that bind alike, the one that is hardest to change."""
    return min(tight, key=lambda cap: _TELLING[cap.kind], default=None)
