"""What holds a remedy down beside its rows: what was given before, budgets, freezes, the brake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent_assist.core.budgets import Budget, Scope
from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decision import Cap, CapKind
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import (
    AppliedBudget,
    Applying,
    Used,
    applying,
    budget_caps,
    counts,
    least_headroom,
    reckoned,
)
from agent_assist.core.limits import LimitRow
from agent_assist.core.vocabulary import Remedy, RemedyKind, Vocabulary


class Given(NamedTuple):
    """What was given of a remedy on the order or in the contact, and still counts.

    Attributes:
        scope: of the two, where more was given.
        amount: whole parts of the remedy's unit.
    """

    scope: Scope
    amount: int


class Brake(NamedTuple):
    """A stop that somebody pulled: goodwill needs the highest level until it is released.

    Attributes:
        team: whose grants it stops; empty for everybody's.
        reason: what the person who pulled it said.
    """

    team: str
    reason: str

    @property
    def scope(self) -> Scope:
        """Whose grants it stops."""
        return Scope.TEAM if self.team else Scope.ORGANISATION

    def reaches(self, team: str | None) -> bool:
        """True if it stops grants of a team; of None too, or nobody would name a stopped team."""
        return not self.team or team is None or team == self.team


@dataclass(frozen=True, slots=True)
class Use:
    """All that the ledger knows of a case: what was granted to its parties, and what is stopped.

    Attributes:
        used: by budget key; a budget that is not in it cannot be reckoned.
        given: by remedy key; a remedy that does not stand is not in it.
        brakes: those that reach the case's team.
        frozen: keys of budgets whose sums cannot be trusted.
    """

    budgets: Sequence[Budget] = ()
    used: Mapping[str, Used] = field(default_factory=dict)
    given: Mapping[str, Given] = field(default_factory=dict)
    brakes: Sequence[Brake] = ()
    frozen: frozenset[str] = frozenset()

    def of(self, remedy: Remedy, facts: Facts, vocabulary: Vocabulary) -> "Holds":
        """What of it holds a remedy down."""
        # Of what is not used nothing is asked: nobody can reckon it.
        known = [one for one in self.budgets if one.key in self.used]
        return self.by(applying(known, remedy, facts), remedy, vocabulary)

    def by(self, budgets: Sequence[Applying], remedy: Remedy, vocabulary: Vocabulary) -> "Holds":
        """The same where it is known already which of the budgets count the remedy."""
        return Holds(
            remedy,
            vocabulary.levels[-1].key,
            reckoned(budgets, self.used) if budgets else (),
            self.given.get(remedy.key),
            self._exclusions(remedy, vocabulary) if self.given else (),
            self.brakes if remedy.kind is RemedyKind.GOODWILL else (),
            [one for one in self.budgets if one.key in self.frozen and counts(one, remedy)]
            if self.frozen
            else (),
        )

    def _exclusions(self, remedy: Remedy, vocabulary: Vocabulary) -> Sequence[tuple[str, Scope]]:
        return [
            (key, given.scope)
            for key, given in sorted(self.given.items())
            if _exclude_each_other(remedy, vocabulary.remedies.get(key))
        ]


NO_USE = Use()


class Holds(NamedTuple):
    """What holds one remedy down in one case.

    Attributes:
        highest: the level that brakes leave free.
        exclusions: other remedies of its exclusive group that stand, and where.
        frozen: the frozen budgets that count it. They leave nothing at any level, whatever the
            facts are: nobody knows what was given.
    """

    remedy: Remedy
    highest: str
    budgets: Sequence[AppliedBudget]
    given: Given | None
    exclusions: Sequence[tuple[str, Scope]]
    brakes: Sequence[Brake]
    frozen: Sequence[Budget] = ()

    def left(self, most: Bound) -> Bound:
        """What is left of a ceiling: ceilings are of all that is ever given here.

        What was given before is taken off, so that splitting an amount gains nothing.
        """
        if self.given is None or isinstance(most, Unlimited):
            return most
        return max(most - self.given.amount, 0)

    def most(self, left: Bound) -> Bound:
        """The ceiling of which so much is left."""
        if self.given is None or isinstance(left, Unlimited):
            return left
        return left + self.given.amount

    def ceiling(self, row: LimitRow, most: Bound) -> Cap:
        """The cap of a row whose ceiling is `most`."""
        if self.given is None or isinstance(most, Unlimited):
            return Cap(CapKind.CEILING, row.key, most)
        scope, given = self.given
        return Cap(CapKind.CEILING, row.key, self.left(most), scope.value, given=given)

    def caps(self, level: str) -> tuple[Cap, ...]:
        """Every cap for a level beside those of rows."""
        return self._caps(level, self.budgets)

    def least(self, level: str) -> Bound:
        """The least headroom of `caps`, without describing them."""
        if self.frozen or self.exclusions or (self.brakes and level != self.highest):
            return 0
        return least_headroom(self.budgets, self.remedy, level)

    def certain(self, level: str) -> tuple[Cap, ...]:
        """Those of them that hold whatever the unknown facts turn out to be."""
        return self._caps(level, [one for one in self.budgets if not one.needs])

    def _caps(self, level: str, budgets: Sequence[AppliedBudget]) -> tuple[Cap, ...]:
        stopped = self.brakes if level != self.highest else ()
        if not (self.frozen or self.exclusions or budgets or stopped):
            return ()
        return (
            *(Cap(CapKind.FROZEN, one.key, 0, one.scope.value) for one in self.frozen),
            *(Cap(CapKind.EXCLUSIVE, key, 0, scope.value) for key, scope in self.exclusions),
            *budget_caps(budgets, self.remedy, level),
            *(
                Cap(CapKind.BRAKE, one.team, 0, one.scope.value, reason=one.reason)
                for one in stopped
            ),
        )


def _exclude_each_other(one: Remedy, other: Remedy | None) -> bool:
    if other is None or one.exclusive_group is None or one.key == other.key:
        return False
    return one.exclusive_group == other.exclusive_group
