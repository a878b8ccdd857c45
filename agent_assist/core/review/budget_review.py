"""The review of budgets before they are published, and whether new ones only tighten.

Whether ceilings lie out of reach under a budget is a question about limit rows: the review of
the limit table answers it for any budgets.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from agent_assist.core.budgets import Budget, Window
from agent_assist.core.conditions import contains
from agent_assist.core.headroom import counts
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.review.findings import Code, Detail, Finding, Severity, weight
from agent_assist.core.review.reviewer import review_table
from agent_assist.core.review.words import Words, listed
from agent_assist.core.vocabulary import Unit, Vocabulary

# Windows of which each holds all that those before it hold.
_GROWING = (
    Window.DAYS_7,
    Window.DAYS_30,
    Window.DAYS_90,
    Window.DAYS_365,
    Window.LIFETIME,
)


def review_budgets(
    budgets: Sequence[Budget], rows: Sequence[LimitRow], vocabulary: Vocabulary
) -> tuple[Finding, ...]:
    """Everything there is to say about budgets, the most serious first.

    Args:
        budgets: in any order.
        rows: of the limit table that they will be in effect with.
        vocabulary: whatever they refer to must be in it.
    """
    over = (f for f in review_table(rows, vocabulary, budgets) if f.code == Code.OVER_BUDGET)
    found = [*over, *_pairs(budgets, vocabulary)]
    for budget in budgets:
        found += _ladder(budget, vocabulary)
        found += _idle(budget, rows, vocabulary)
    return tuple(sorted(found, key=weight))


def budgets_tighten(old: Sequence[Budget], new: Sequence[Budget]) -> bool:
    """True only if it is proved that no budget leaves anybody more than before.

    False is no proof of the opposite. When to warn does not matter here.
    """
    return all(any(_holds(one, budget) for one in new) for budget in old)


def _holds(new: Budget, old: Budget) -> bool:
    """True if `new` leaves no more than `old`, wherever `old` counts."""
    return (
        new.scope is old.scope
        and _lasts(new.window, old.window)
        and _counts_all(new, old)
        # The same facts, or what is not known yet would be held down by one of them alone.
        and new.conditions.keys() == old.conditions.keys()
        and all(contains(test, old.conditions[fact]) for fact, test in new.conditions.items())
        and _no_more(new.amounts, old.amounts)
        and _no_more(new.counts, old.counts)
    )


def _counts_all(new: Budget, old: Budget) -> bool:
    """True if `new` counts every grant that `old` does, those of the past included.

    All goodwill is what was goodwill when it was granted: no list of today's remedies is that.
    """
    return bool(new.remedies) == bool(old.remedies) and new.remedies >= old.remedies


def _lasts(new: Window, old: Window) -> bool:
    if new is old:
        return True
    known = new in _GROWING and old in _GROWING
    return known and _GROWING.index(new) > _GROWING.index(old)


def _no_more(new: Mapping[str, int], old: Mapping[str, int]) -> bool:
    return all(level in new and new[level] <= most for level, most in old.items())


def _counted(budget: Budget, vocabulary: Vocabulary) -> frozenset[str]:
    """Keys of the remedies whose grants a budget counts."""
    return frozenset(key for key, one in vocabulary.remedies.items() if counts(budget, one))


def _ladder(budget: Budget, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Caps that fall, or begin, on the way up: a higher level could give less than a lower one."""
    levels = [level.key for level in vocabulary.levels]
    for name, caps in (("amount", budget.amounts), ("count", budget.counts)):
        for lower, higher in pairwise(levels):
            if higher not in caps or (lower in caps and caps[lower] <= caps[higher]):
                continue
            how = "has a higher" if lower in caps else "has no"
            message = (
                f"{budget.key} caps the {name} for {higher}, but {lower} {how} cap. "
                f"Raise the {name} for {higher}, or lower that for {lower}."
            )
            yield Finding(Code.LADDER_FALLS, Severity.ERROR, (budget.key,), Detail(message))


def _idle(budget: Budget, rows: Sequence[LimitRow], vocabulary: Vocabulary) -> Iterator[Finding]:
    """A budget, a cap or a warning that never says anything."""
    given = {row.remedy for row in rows if row.effect is Effect.ALLOW}
    counted = _counted(budget, vocabulary) & given
    if not counted:
        message = f"{budget.key} counts no remedy that any row allows. Remove it, or name others."
        yield Finding(Code.UNREACHABLE, Severity.WARNING, (budget.key,), Detail(message))
    elif budget.amounts and all(vocabulary.remedies[key].unit is not Unit.MONEY for key in counted):
        message = (
            f"{budget.key} caps an amount, but no money that any row allows is counted by it. "
            "Cap the count, or name other remedies."
        )
        yield Finding(Code.UNREACHABLE, Severity.WARNING, (budget.key,), Detail(message))
    caps = [*budget.amounts.values(), *budget.counts.values()]
    if budget.warn_at is not None and not any(caps):
        message = f"{budget.key} warns of caps that are all 0. Empty its warn_at, or raise a cap."
        yield Finding(Code.NEVER_MET, Severity.WARNING, (budget.key,), Detail(message))
    if caps and not any(caps):
        names = listed(sorted(counted)) or "anything"
        message = f"{budget.key} leaves nothing of {names} to any level it names."
        yield Finding(Code.NEVER_MET, Severity.WARNING, (budget.key,), Detail(message))


def _pairs(budgets: Sequence[Budget], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Budgets that another one makes superfluous."""
    words = Words(vocabulary)
    for one, other in combinations(budgets, 2):
        first, second = _holds(one, other), _holds(other, one)
        if not (first or second):
            continue
        idle, held = (other, one) if first else (one, other)
        code = Code.DUPLICATE if first and second else Code.REDUNDANT
        message = (
            f"{idle.key} never leaves less than {held.key} does, for "
            f"{words.conditions(idle.conditions)}. Remove {idle.key}."
        )
        yield Finding(code, Severity.WARNING, (idle.key, held.key), Detail(message))
