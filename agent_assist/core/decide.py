"""What may be given of one remedy, by whom, and why. Exact, and the same for any row order.

Facts may be unknown, which is not false (Kleene's three-valued logic): a row is *met*,
*excluded* (by one test or more) or *open* (until some facts are known). Among the rows of one
remedy that are met, a deny wins; then the higher priority; then the row that refines another;
of those that still differ the lowest ceiling counts at each level. An open allow row never
grants, and an open row that might lower or forbid the remedy withholds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from agent_assist.core.ceilings import Bound, Unlimited, covers, exceeds, lowest
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
from agent_assist.core.limits import RESERVE, Effect, LimitRow, LimitTable, Offer
from agent_assist.core.row_index import RowIndex, numbers, outranks
from agent_assist.core.vocabulary import Remedy, Vocabulary


class CompiledLimits:
    """A limit table made ready for decisions. Built once per version, safe for many threads.

    The rows of one issue and remedy are indexed when they are first asked for, and kept.
    """

    def __init__(self, table: LimitTable, vocabulary: Vocabulary) -> None:
        self.version = table.version
        self.vocabulary = vocabulary
        self._levels = [level.key for level in vocabulary.levels]
        self._of_issue: dict[tuple[str, str], list[LimitRow]] = {}
        self._of_any: dict[str, list[LimitRow]] = {}
        self._indexes: dict[tuple[str, str], RowIndex] = {}
        for row in table.rows:
            for issue in row.issues:
                self._of_issue.setdefault((issue, row.remedy), []).append(row)
            if not row.issues:
                self._of_any.setdefault(row.remedy, []).append(row)

    def remedies(self, issue: str) -> tuple[str, ...]:
        """The remedies that some row names for the issue itself, then those for any issue."""
        own = [key for key in self.vocabulary.remedies if (issue, key) in self._of_issue]
        return (*own, *(k for k in self.vocabulary.remedies if k in self._of_any and k not in own))

    def names(self, issue: str, remedy: str) -> bool:
        """True if some row is about this very issue and remedy."""
        return (issue, remedy) in self._of_issue

    def decide(
        self,
        *,
        issue: str,
        remedy: str,
        level: str,
        facts: Facts,
        day: date,
        amount: int | None = None,
        budgets: Sequence[AppliedBudget] = (),
    ) -> Decision:
        """What `level` may give of a remedy.

        Args:
            issue: a key of the library's issues.
            remedy: a key of the library's remedies (KeyError if it is none).
            level: a key of the library's levels (ValueError if it is none).
            facts: what is known; see `core.facts`.
            day: the organisation's calendar day, for effective dates.
            amount: what is asked for, in whole parts of the unit, at least 1; None asks for
                the most.
            budgets: those that count the remedy in this case; see `core.headroom.applied`.
        """
        index = self._index(issue, remedy)
        states = index.states(facts, day)
        standing = _standing(index, states.met)
        contested = _contested(index, states.opened, standing)
        answer = _Answer(
            remedy=self.vocabulary.remedies[remedy],
            levels=self._levels[self._levels.index(level) :],
            facts=facts,
            standing=index.of(standing),
            contested=index.of(contested),
            missed=index.of(states.near & ~index.denies),
            budgets=budgets,
        )
        return answer.decision(Considered(index, states, facts, standing | contested), amount)

    def _index(self, issue: str, remedy: str) -> RowIndex:
        found = self._indexes.get((issue, remedy))
        if found is None:
            rows = self._of_issue.get((issue, remedy), []) + self._of_any.get(remedy, [])
            found = self._indexes[issue, remedy] = RowIndex(rows)
        return found


def _standing(index: RowIndex, met: int) -> int:
    """Of the rows that are met, those that count: deny, then priority, then refinement."""
    rows = met & index.denies or met
    return sum(1 << n for n in numbers(rows) if not index.outranking(n) & rows)


def _contested(index: RowIndex, opened: int, standing: int) -> int:
    """The open rows that would count if they were met; none where a deny stands already."""
    if standing & index.denies:
        return 0
    return sum(
        1 << n
        for n in numbers(opened)
        if index.denies >> n & 1 or not index.outranking(n) & standing
    )


@dataclass(frozen=True, slots=True)
class _Answer:
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
        approval, possible = self._approval(bound, amount), self._possible()
        withheld_for = self._withheld_for(bound, wanted)
        verdict = _verdict(bound, wanted, approval, possible)
        if withheld_for and verdict is not Verdict.ALLOWED:
            verdict = Verdict.OPEN
        return Decision(
            remedy=self.remedy,
            verdict=verdict,
            offer=self._offer(),
            up_to=bound if verdict is Verdict.ALLOWED else 0,
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

    def _possible(self) -> tuple[Possible, ...]:
        """What each contested row would make of the answer, if it were the one that is met."""
        return tuple(
            Possible(row.key, self._needs(row), self._outcome(row)) for row in self.contested
        )

    def _needs(self, row: LimitRow) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(k for k in (*row.conditions, *row.bases()) if k not in self.facts)
        )

    def _outcome(self, row: LimitRow) -> Bound | None:
        level = self.levels[0]
        if row.effect is Effect.DENY:
            return 0
        if self._rests_on_unknown(row):
            return None
        # The row is not outranked, or it would not be contested; it may outrank others.
        rows = [row, *(one for one in self.standing if not outranks(row, one))]
        ceilings = [_cap(one, one.ceiling(level).evaluate(self.facts)) for one in rows]
        return _least([*ceilings, *budget_caps(self.budgets, self.remedy, level)])

    def _otherwise(self, bound: Bound) -> tuple[Otherwise, ...]:
        """The missed rows that would allow more if they were met; none while a deny stands."""
        if self._is_denied():
            return ()
        changes = [
            Otherwise(row.key, fact, test, outcome)
            for row in self.missed
            if not any(outranks(other, row) for other in self.standing)
            and (outcome := self._outcome(row)) is not None
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


def _verdict(
    bound: Bound, wanted: int, approval: Approval | None, possible: Sequence[Possible]
) -> Verdict:
    if covers(bound, wanted):
        return Verdict.ALLOWED
    # One question that lets the rep give it without asking comes before asking someone else.
    if any(item.up_to is None or covers(item.up_to, wanted) for item in possible):
        return Verdict.OPEN
    if approval is not None:
        return Verdict.NEEDS_APPROVAL
    return Verdict.OPEN if possible else Verdict.NOT_ALLOWED


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
