"""From the rows that count, or could count, to the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from agent_assist.core.ceilings import Bound, Unlimited, covers, exceeds, lowest
from agent_assist.core.conditions import narrows
from agent_assist.core.decision import (
    Approval,
    Cap,
    CapKind,
    Considered,
    Decision,
    Otherwise,
    Possible,
    Verdict,
)
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import AppliedBudget, budget_caps
from agent_assist.core.limits import RESERVE, Effect, LimitRow, Offer
from agent_assist.core.row_index import outranks
from agent_assist.core.vocabulary import Remedy


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer is made from.

    Attributes:
        levels: the ladder from the asking level up.
        standing: the met rows that count.
        contested: the open rows that could count.
        missed: the allow rows that one known fact alone excludes.
    """

    remedy: Remedy
    levels: Sequence[str]
    facts: Facts
    standing: Sequence[LimitRow]
    contested: Sequence[LimitRow]
    missed: Sequence[LimitRow]
    budgets: Sequence[AppliedBudget]

    def decision(self, considered: Considered, amount: int | None) -> Decision:
        """The decision at the first of the levels."""
        caps = self._caps(self.levels[0])
        bound, wanted = _least(caps), 1 if amount is None else amount
        approval, possible = self._approval(bound, amount), self._possible(self.levels[0])
        withheld_for = self._withheld_for(bound, wanted)
        if covers(bound, wanted):
            verdict = Verdict.ALLOWED
        elif withheld_for or _could_cover(possible, wanted):
            # One question that lets the rep give it alone comes before asking someone else.
            verdict = Verdict.OPEN
        elif approval is not None:
            verdict = Verdict.NEEDS_APPROVAL
        else:
            verdict = Verdict.OPEN if self._could_higher(wanted) else Verdict.NOT_ALLOWED
        return Decision(
            remedy=self.remedy,
            verdict=verdict,
            offer=self._offer(),
            up_to=bound,
            binding=next((cap for cap in caps if cap.headroom == bound), None),
            caps=caps,
            approval=approval,
            possible=possible,
            otherwise=self._otherwise(bound),
            withheld_for=withheld_for,
            say=self._say(caps, bound),
            considered=considered,
        )

    def _caps(self, level: str) -> tuple[Cap, ...]:
        """What is certain at a level: the standing rows, held down by any row that might join them.

        Whatever the unknown facts turn out to be, the answer is the least of some of the
        standing and contested ceilings, so the least of all of them is safe to give.
        """
        if not self.standing or self._is_denied():
            return ()
        certain = [_cap(row, row.ceiling(level).evaluate(self.facts)) for row in self.standing]
        bound = _least(certain)
        doubts = [_cap(row, self._floor(row, level)) for row in self.contested]
        return (
            *certain,
            *(doubt for doubt in doubts if exceeds(bound, doubt.headroom)),
            *budget_caps(self.budgets, self.remedy, level),
        )

    def _floor(self, row: LimitRow, level: str) -> Bound:
        """The least that an open row may allow: nothing if it denies or rests on an unknown sum."""
        if row.effect is Effect.DENY or self._rests_on_unknown(row):
            return 0
        return row.ceiling(level).evaluate(self.facts)

    def _rests_on_unknown(self, row: LimitRow) -> bool:
        return any(base not in self.facts for base in row.bases())

    def _approval(self, bound: Bound, amount: int | None) -> Approval | None:
        """The lowest level above that may give the amount, or simply more than the first may."""
        if amount is not None and covers(bound, amount):
            return None
        for level in self.levels[1:]:
            higher = _least(self._caps(level))
            enough = exceeds(higher, bound) if amount is None else covers(higher, amount)
            if enough:
                return Approval(level, higher)
        return None

    def _possible(self, level: str) -> tuple[Possible, ...]:
        """What each contested row would make of the answer if it were the one that is met.

        First what the standing rows give if none of them is, where they are held down now.
        """
        outcomes = tuple(
            Possible(row.key, self._needs(row), self._outcome(row, level)) for row in self.contested
        )
        free = self._free(level)
        if not outcomes or not exceeds(free, _least(self._caps(level))):
            return outcomes
        needs = dict.fromkeys(fact for one in outcomes for fact in one.needs)
        return (Possible(self.standing[0].key, tuple(needs), free), *outcomes)

    def _free(self, level: str) -> Bound:
        """What the standing rows give if no contested row turns out to be met."""
        ceilings = [_cap(row, row.ceiling(level).evaluate(self.facts)) for row in self.standing]
        if not ceilings:
            return 0
        return _least([*ceilings, *budget_caps(self.budgets, self.remedy, level)])

    def _could_higher(self, wanted: int) -> bool:
        """True if unknown facts could let some higher level give it."""
        return any(_could_cover(self._possible(level), wanted) for level in self.levels[1:])

    def _needs(self, row: LimitRow) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(k for k in (*row.conditions, *row.bases()) if k not in self.facts)
        )

    def _outcome(self, row: LimitRow, level: str) -> Bound | None:
        if row.effect is Effect.DENY:
            return 0
        rows = [row, *self._met_with(row)]
        if any(self._rests_on_unknown(one) for one in rows):
            return None
        ceilings = [_cap(one, one.ceiling(level).evaluate(self.facts)) for one in rows]
        return _least([*ceilings, *budget_caps(self.budgets, self.remedy, level)])

    def _met_with(self, row: LimitRow) -> list[LimitRow]:
        """The other rows that count too if a row is met: it does not outrank them."""
        certain = [
            one
            for one in self.contested
            if one is not row and narrows(row.conditions, one.conditions)
        ]
        return [one for one in (*self.standing, *certain) if not outranks(row, one)]

    def _otherwise(self, bound: Bound) -> tuple[Otherwise, ...]:
        """The missed rows that would allow more if they were met; none while a deny stands."""
        if self._is_denied():
            return ()
        changes = [
            Otherwise(row.key, fact, test, outcome)
            for row in self.missed
            if not any(outranks(other, row) for other in self.standing)
            and (outcome := self._outcome(row, self.levels[0])) is not None
            and exceeds(outcome, bound)
            for fact, test in row.conditions.items()
            if not test.accepts(self.facts[fact])
        ]
        return tuple(sorted(changes, key=lambda change: _falling(change.up_to)))

    def _withheld_for(self, bound: Bound, wanted: int) -> tuple[str, ...]:
        """Unknown facts of the budgets that would have to go for the amount to be covered."""
        if not self.standing or self._is_denied() or covers(bound, wanted):
            return ()
        level = self.levels[0]
        tight = [
            one
            for one in self.budgets
            if any(
                not covers(cap.headroom, wanted) for cap in budget_caps([one], self.remedy, level)
            )
        ]
        # A budget that certainly applies and is exhausted leaves nothing to ask.
        if any(not one.needs for one in tight):
            return ()
        return tuple(dict.fromkeys(fact for one in tight for fact in one.needs))

    def _is_denied(self) -> bool:
        return any(row.effect is Effect.DENY for row in self.standing)

    def _offer(self) -> Offer:
        rows = self.standing or self.contested
        return max((row.offer for row in rows), key=RESERVE.__getitem__, default=Offer.NEVER)

    def _say(self, caps: Sequence[Cap], bound: Bound) -> str:
        """The sentence of the row that decides, or of any other standing row."""
        binding = {cap.source for cap in caps if cap.headroom == bound}
        rows = sorted(self.standing, key=lambda row: (row.key not in binding, row.key))
        return next((row.say for row in rows if row.say), "")


def _could_cover(possible: Sequence[Possible], wanted: int) -> bool:
    return any(item.up_to is None or covers(item.up_to, wanted) for item in possible)


def _falling(bound: Bound) -> tuple[bool, int]:
    """Sorts the largest bound first."""
    return (False, 0) if isinstance(bound, Unlimited) else (True, -bound)


def _cap(row: LimitRow, headroom: Bound) -> Cap:
    return Cap(CapKind.CEILING, row.key, headroom)


def _least(caps: Sequence[Cap]) -> Bound:
    """The least headroom; nothing without any cap, for nothing was allowed."""
    if not caps:
        return 0
    return reduce(lowest, (cap.headroom for cap in caps))
