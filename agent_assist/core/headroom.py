"""Headroom: what budgets leave of a remedy, from what was already granted."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from agent_assist.core.budgets import Budget
from agent_assist.core.ceilings import UNLIMITED, Bound
from agent_assist.core.decision import Cap, CapKind
from agent_assist.core.facts import Facts
from agent_assist.core.vocabulary import Remedy, RemedyKind, Unit


class Used(NamedTuple):
    """What was granted within a budget's scope and window: minor units, and how many grants."""

    amount: int
    grants: int


class AppliedBudget(NamedTuple):
    """A budget that counts a grant of some remedy in some case, and how much of it is used.

    Attributes:
        needs: unknown facts of its conditions. Until they are known it counts, for a budget
            that might apply must withhold.
    """

    budget: Budget
    used: Used
    needs: tuple[str, ...]


def counts(budget: Budget, remedy: Remedy) -> bool:
    """True if grants of the remedy are counted by the budget."""
    if budget.remedies:
        return remedy.key in budget.remedies
    return remedy.kind is RemedyKind.GOODWILL


class Applying(NamedTuple):
    """A budget that counts a grant of some remedy in some case; `needs` as of an applied one."""

    budget: Budget
    needs: tuple[str, ...]


def applying(budgets: Iterable[Budget], remedy: Remedy, facts: Facts) -> tuple[Applying, ...]:
    """The budgets that count a grant of a remedy, whatever is used of them.

    Args:
        budgets: of one version.
        remedy: which is to be given.
        facts: what is known; see `core.facts`.
    """
    found: list[Applying] = []
    for budget in budgets:
        if counts(budget, remedy):
            needs = _needs(budget, facts)
            if needs is not None:
                found.append(Applying(budget, needs))
    return tuple(found)


def reckoned(those: Iterable[Applying], used: Mapping[str, Used]) -> tuple[AppliedBudget, ...]:
    """Of the budgets that count a grant, those that cap it, with what is used of them.

    Args:
        those: the budgets that count it.
        used: by budget key; a budget that is not in it cannot be reckoned (nobody said whose
            order or customer it is) and is left out: reserving a grant demands it.
    """
    return tuple(
        [
            AppliedBudget(budget, used[budget.key], needs)
            for budget, needs in those
            if budget.key in used
        ]
    )


def applied(
    budgets: Iterable[Budget], remedy: Remedy, facts: Facts, used: Mapping[str, Used]
) -> tuple[AppliedBudget, ...]:
    """The budgets that cap a remedy in a case; arguments as those of `applying` and `reckoned`."""
    return reckoned(applying([one for one in budgets if one.key in used], remedy, facts), used)


def least_headroom(budgets: Iterable[AppliedBudget], remedy: Remedy, level: str) -> Bound:
    """The least headroom of the caps that `budget_caps` gives, without describing them."""
    is_money = remedy.unit is Unit.MONEY
    least: Bound = UNLIMITED
    for budget, used, _ in budgets:
        most = budget.amounts.get(level)
        if is_money and most is not None and most - used.amount < least:
            least = max(most - used.amount, 0)
        number = budget.counts.get(level)
        if number is not None and used.grants >= number:
            return 0
    return least


def budget_caps(budgets: Iterable[AppliedBudget], remedy: Remedy, level: str) -> tuple[Cap, ...]:
    """Every cap that budgets set on a remedy for a level; a level they do not name has none."""
    caps: list[Cap] = []
    for budget, used, _ in budgets:
        most = budget.amounts.get(level)
        if most is not None and remedy.unit is Unit.MONEY:
            left = max(most - used.amount, 0)
            caps.append(_cap(budget, left, None, warning=budget.warns(used.amount, most)))
        number = budget.counts.get(level)
        if number is not None:
            left = max(number - used.grants, 0)
            warning = budget.warns(used.grants, number)
            caps.append(_cap(budget, UNLIMITED if left else 0, left, warning=warning))
    return tuple(caps)


def crossed(
    budgets: Iterable[AppliedBudget], remedy: Remedy, amount: int
) -> Iterator[tuple[Budget, frozenset[str]]]:
    """The budgets that a grant brings to where they warn, each with the levels it does so for.

    Args:
        budgets: that cap the remedy in the case, with what was used before the grant.
        remedy: which is given.
        amount: of the grant, in whole parts of the remedy's unit.
    """
    money = amount if remedy.unit is Unit.MONEY else 0
    for budget, (used, grants), _ in budgets:
        levels = {
            level
            for before, more, caps in ((used, money, budget.amounts), (grants, 1, budget.counts))
            for level, most in caps.items()
            if not budget.warns(before, most) and budget.warns(before + more, most)
        }
        if levels:
            yield budget, frozenset(levels)


def _cap(budget: Budget, headroom: Bound, grants_left: int | None, *, warning: bool) -> Cap:
    return Cap(
        kind=CapKind.BUDGET,
        source=budget.key,
        headroom=headroom,
        scope=budget.scope.value,
        window=budget.window.value,
        grants_left=grants_left,
        warning=warning,
    )


def _needs(budget: Budget, facts: Facts) -> tuple[str, ...] | None:
    """Unknown facts of its conditions; None where a known one excludes it."""
    needs: list[str] = []
    for key, test in budget.conditions.items():
        value = facts.get(key)
        if value is None:
            needs.append(key)
        elif not test.accepts(value):
            return None
    return tuple(needs)
