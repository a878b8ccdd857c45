"""Replay: past cases decided again by other limits, and what would have been different.

Each case is decided twice, by what was in force then and by what is proposed, from the facts and
the sums of that moment; so a difference comes from the tables and from nothing else. What a
customer or rep would have done differently after another answer, nobody knows.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from agent_assist.core.budgets import Budget
from agent_assist.core.ceilings import Bound, Unlimited, covers, exceeds
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import CapKind, Decision, Verdict
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import Used, counts
from agent_assist.core.holds import Given, Use
from agent_assist.core.limits import LimitRow
from agent_assist.core.vocabulary import Unit


class PastDecision(NamedTuple):
    """What was decided once.

    Attributes:
        amount: what was asked for, in whole parts of the unit; None for the most.
        granted: True if the amount was given.
        used, given: what had been granted at that moment; see `core.holds.Use`. Brakes are no
            part of any table: no case is replayed with one.
    """

    issue: str
    remedy: str
    level: str
    facts: Facts
    day: date
    amount: int | None = None
    granted: bool = False
    used: Mapping[str, Used] = {}
    given: Mapping[str, Given] = {}


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits and budgets that decide together."""

    rows: tuple[LimitRow, ...]
    limits: CompiledLimits
    budgets: tuple[Budget, ...]


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

    def merge(self, other: "Replayed") -> None:
        """Take in what another part of the history brought up."""
        for place, tally in other.places.items():
            self.places.setdefault(place, Tally()).add(tally)
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


class Change(NamedTuple):
    """What would have been different in one case."""

    place: Place
    tally: Tally
    unknown: tuple[str, ...]
    unreckoned: tuple[str, ...]


class Replayer:
    """Replays cases that were decided by some rules on others.

    Cases that differ in nothing that either rules look at are decided once and remembered.

    Args:
        before: what was in force.
        after: what is proposed.
        remember: how many different cases to remember at most.
    """

    def __init__(self, before: Rules, after: Rules, *, remember: int = 50_000) -> None:
        self._before = before
        self._after = after
        self._remember = remember
        self._known: dict[Hashable, Change] = {}
        self._looked_at: dict[tuple[str, str], _LookedAt] = {}
        before_budgets = {budget.key: budget for budget in before.budgets}
        old, new = before.limits.vocabulary, after.limits.vocabulary
        self._incomparable = None if old.currency == new.currency else "the currency is another"
        self._other_facts = {
            key
            for key, fact in old.facts.items()
            if key not in new.facts or new.facts[key].type is not fact.type
        }
        self._unreckoned = {
            budget.key
            for budget in after.budgets
            if not _sums_up_the_same(budget, before_budgets.get(budget.key))
        }

    def replay(self, past: PastDecision, found: Replayed) -> None:
        """Count what would have been different in a case.

        A case of an issue, remedy or level that not both rules know is left out. A fact that the
        new ones do not know, or as something else, is unknown to them.
        """
        if reason := self._unknown_to(past):
            found.left_out[reason] += 1
            return
        key = self._key(past)
        change = self._known.get(key)
        if change is None:
            if len(self._known) >= self._remember:
                self._known.clear()
            change = self._known[key] = self._change(past)
        tally = found.places.get(change.place)
        if tally is None:
            tally = found.places[change.place] = Tally()
        tally.add(change.tally)
        for fact in change.unknown:
            found.unknown[fact] += 1
        for budget in change.unreckoned:
            found.unreckoned[budget] += 1

    def remedies(self, issue: str) -> dict[str, None]:
        """Every remedy that the rules in force, or those proposed, name for an issue."""
        both = (self._before.limits, self._after.limits)
        return dict.fromkeys(remedy for limits in both for remedy in limits.remedies(issue))

    def _unknown_to(self, past: PastDecision) -> str | None:
        for rules, what in ((self._after, "is gone"), (self._before, "is new")):
            vocabulary = rules.limits.vocabulary
            if past.issue not in vocabulary.issues:
                return f"the issue {what}"
            if past.remedy not in vocabulary.remedies:
                return f"the remedy {what}"
            if past.level not in vocabulary.ladder:
                return f"the level {what}"
        return self._incomparable

    def _key(self, past: PastDecision) -> Hashable:
        looked = self._looked_at.get((past.issue, past.remedy))
        if looked is None:
            looked = self._look(past.issue, past.remedy)
            self._looked_at[past.issue, past.remedy] = looked
        get, used = past.facts.get, past.used.get
        return (
            past.issue,
            past.remedy,
            past.level,
            past.amount,
            past.granted,
            past.day if looked.day else None,
            tuple([get(fact) for fact in looked.facts]),
            tuple([used(budget) for budget in looked.budgets]),
            tuple(past.given.items()),
        )

    def _look(self, issue: str, remedy: str) -> "_LookedAt":
        """What the answers about an issue and remedy may depend on."""
        both = (self._before, self._after)
        rows = [
            row
            for rules in both
            for row in rules.rows
            if row.remedy == remedy and (not row.issues or issue in row.issues)
        ]
        wanted = self._after.limits.vocabulary.remedies[remedy]
        budgets = [one for rules in both for one in rules.budgets if counts(one, wanted)]
        facts = {fact for row in rows for fact in row.conditions}
        facts |= {fact for budget in budgets for fact in budget.conditions}
        facts |= {fact for row in rows for fact in row.bases()}
        dated = any(row.effective_from or row.effective_to for row in rows)
        keys = dict.fromkeys(budget.key for budget in budgets)
        return _LookedAt(tuple(sorted(facts)), tuple(keys), dated)

    def _change(self, past: PastDecision) -> Change:
        before = _decide(self._before, past)
        facts = {key: one for key, one in past.facts.items() if key not in self._other_facts}
        used = {key: one for key, one in past.used.items() if key not in self._unreckoned}
        after = _decide(self._after, past._replace(facts=facts, used=used))
        place = Place(_responsible(after, before), past.level, past.issue, past.remedy)
        unknown = after.needs() if _is_opened(before, after) else ()
        wanted = after.remedy
        unreckoned = tuple(
            budget.key
            for budget in self._after.budgets
            if budget.key in self._unreckoned and counts(budget, wanted)
        )
        return Change(place, _tally(past, before, after), unknown, unreckoned)


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """What the answers about an issue and remedy may depend on."""

    facts: Sequence[str]
    budgets: Sequence[str]
    day: bool


def _decide(rules: Rules, past: PastDecision) -> Decision:
    return rules.limits.decide(
        issue=past.issue,
        remedy=past.remedy,
        level=past.level,
        facts=past.facts,
        day=past.day,
        amount=past.amount,
        use=Use(rules.budgets, past.used, past.given),
    )


def _tally(past: PastDecision, before: Decision, after: Decision) -> Tally:
    is_money = after.remedy.unit is Unit.MONEY
    one, other = before.up_to, after.up_to
    was, now = before.verdict, after.verdict
    amount = past.amount if past.granted and past.amount is not None else None
    uncovered = amount is not None and not covers(other, amount)
    return Tally(
        cases=1,
        more=exceeds(other, one),
        less=exceeds(one, other),
        approvals_saved=(was, now) == (Verdict.NEEDS_APPROVAL, Verdict.ALLOWED),
        approvals_added=(was, now) == (Verdict.ALLOWED, Verdict.NEEDS_APPROVAL),
        allowed=was in (Verdict.NOT_ALLOWED, Verdict.OPEN) and now is Verdict.ALLOWED,
        refused=was in (Verdict.ALLOWED, Verdict.NEEDS_APPROVAL) and now is Verdict.NOT_ALLOWED,
        opened=_is_opened(before, after),
        raised=_by(one, other) if is_money else 0,
        lowered=_by(other, one) if is_money else 0,
        unbounded=isinstance(one, Unlimited) is not isinstance(other, Unlimited),
        grants=amount is not None,
        granted=amount if amount is not None and is_money else 0,
        uncovered_grants=uncovered,
        uncovered=_by(other, amount) if uncovered and amount is not None and is_money else 0,
    )


def _is_opened(before: Decision, after: Decision) -> bool:
    return after.verdict is Verdict.OPEN and before.verdict is not Verdict.OPEN


def _by(low: Bound, high: Bound) -> int:
    """By how much `high` is above `low`; 0 if it is not, or if either has no limit."""
    if isinstance(low, Unlimited) or isinstance(high, Unlimited):
        return 0
    return max(high - low, 0)


def _responsible(after: Decision, before: Decision) -> Responsible:
    """What the new answer rests on; where that is nothing any more, what the old one did."""
    for decision in (after, before):
        cap = decision.binding
        if cap is not None:
            return Responsible(_CAUSES[cap.kind], cap.source)
        if decision.decisive:
            return Responsible(Cause.ROW, decision.decisive[0].row.key)
    return Responsible(Cause.NONE, "")


_CAUSES = {
    CapKind.CEILING: Cause.ROW,
    CapKind.BUDGET: Cause.BUDGET,
    CapKind.EXCLUSIVE: Cause.REMEDY,
}


def _sums_up_the_same(one: Budget, other: Budget | None) -> bool:
    """True if two budgets add up the same grants, whatever they allow."""
    return other is not None and (one.scope, one.window, one.remedies) == (
        other.scope,
        other.window,
        other.remedies,
    )
