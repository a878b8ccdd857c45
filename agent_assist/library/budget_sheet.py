"""budgets.csv, budgets.xlsx and budgets.json: budgets to a sheet and back."""

from collections.abc import Mapping, Sequence

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.library.cells import (
    EMPTY,
    CellFault,
    format_amount,
    format_percent,
    parse_amount,
    parse_percent,
)
from agent_assist.library.columns import Cells, condition_cells, tested_facts
from agent_assist.library.sheet_kind import Sheet, SheetKind

_WHOLE = 10_000  # basis points in 100 %


def budget_sheet(budgets: Sequence[Budget], vocabulary: Vocabulary) -> Sheet:
    """Header and cells of a sheet that `BUDGETS` reads as the same budgets."""
    facts = tested_facts((budget.conditions for budget in budgets), vocabulary)
    levels = [level.key for level in vocabulary.levels]
    header = ["budget", "scope", "window", "remedies", *facts]
    header += [f"amount.{level}" for level in levels] + [f"count.{level}" for level in levels]
    return [*header, "warn_at"], [_cells(budget, facts, vocabulary) for budget in budgets]


def _budget(cells: Cells, seen: set[str]) -> Budget | None:
    before = len(cells.faults.items)
    key = cells.row_key("budget", seen)
    scope, window = cells.choice("scope", Scope), cells.choice("window", Window)
    remedies = cells.keys("remedies", cells.vocabulary.remedies, "remedy")
    conditions = cells.conditions()
    amounts = cells.by_level("amount", lambda text: _cap(text, Unit.MONEY, cells.currency))
    counts = cells.by_level("count", lambda text: _cap(text, Unit.COUNT, cells.currency))
    warn_at = cells.parse("warn_at", _warn_at)
    if not amounts and not counts and len(cells.faults.items) == before:
        cells.fault("budget", "no_cap", "needs an amount or a count for at least one level")
    if amounts and not _counts_money(cells, remedies):
        cells.fault("remedies", "no_money", "caps an amount, but none of its remedies is money")
    if len(cells.faults.items) > before or scope is None or window is None:
        return None
    return Budget(
        key=key,
        scope=scope,
        window=window,
        remedies=remedies,
        conditions=conditions,
        amounts=amounts,
        counts=counts,
        warn_at=warn_at,
    )


def _counts_money(cells: Cells, remedies: frozenset[str]) -> bool:
    """True if a remedy is money, or may be, because remedies.toml lacks it by another fault."""
    known = cells.vocabulary.remedies
    named = remedies or frozenset(known)
    return not named or any(key not in known or known[key].unit is Unit.MONEY for key in named)


def _cap(text: str, unit: Unit, currency: str) -> int | None:
    return None if text in EMPTY else parse_amount(text, unit, currency)


def _warn_at(text: str) -> int | None:
    if text in EMPTY:
        return None
    share = parse_percent(text)
    if not 0 < share <= _WHOLE:
        raise CellFault("must be more than 0% and at most 100%")
    return share


def _cells(budget: Budget, facts: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    return [
        budget.key,
        budget.scope,
        budget.window,
        ", ".join(key for key in vocabulary.remedies if key in budget.remedies),
        *condition_cells(budget.conditions, facts, vocabulary),
        *_caps(budget.amounts, Unit.MONEY, vocabulary),
        *_caps(budget.counts, Unit.COUNT, vocabulary),
        "" if budget.warn_at is None else format_percent(budget.warn_at),
    ]


def _caps(caps: Mapping[str, int], unit: Unit, vocabulary: Vocabulary) -> list[str]:
    return [
        format_amount(caps[level.key], unit, vocabulary.currency) if level.key in caps else ""
        for level in vocabulary.levels
    ]


BUDGETS = SheetKind(
    stem="budgets",
    required=("budget", "scope", "window"),
    optional=("remedies", "warn_at"),
    by_level=("amount", "count"),
    read_row=_budget,
    sheet=budget_sheet,
)
"""Sheets of budgets."""
