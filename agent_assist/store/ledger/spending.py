"""Who used how much of each budget, and how fast: sums over the ledger, a statement a budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.burn import MONTH, WEEK, Spent, near_from
from agent_assist.core.grants import Terms
from agent_assist.core.headroom import Used
from agent_assist.core.vocabulary import Unit
from agent_assist.core.windows import window_start
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.ledger.counting import COLUMNS, of_remedies, standing, still_counting
from agent_assist.store.ledger.freezes import frozen_budgets
from agent_assist.store.schema import GrantRow

SHOWN = 10
"""How many of those whom a budget sums up by are named: who used most."""

_PASSING = frozenset({Scope.CONTACT, Scope.ORDER})


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """What is used of a budget.

    Attributes:
        holders: who used most, the most first; none for a budget of contacts or orders, which
            come and go.
        number: how many used any of it, or were granted anything it counts in the last weeks.
        reached, near: by level, how many of them leave it nothing, and how many less than the
            share at which the budget warns.
    """

    budget: Budget
    frozen: bool
    holders: tuple[Spent, ...] = ()
    number: int = 0
    reached: Mapping[str, int] | None = None
    near: Mapping[str, int] | None = None


class Spending:
    """Reads what was used of budgets.

    Args:
        database: where the ledger is.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(
        self, budgets: Sequence[Budget], terms: Terms, holder: str | None = None
    ) -> tuple[datetime, tuple[BudgetUse, ...]]:
        """What is used of some budgets, and the instant that is so. Advice: only a grant decides.

        Each is summed up over its window and the last four weeks, whichever is longer; of a
        lifetime that is all there ever was. With a holder, of what sums up by one,
        it is told of them alone.
        """
        with self._database.glancing() as reads:
            at = self._clock(reads)
            frozen = frozen_budgets(reads)
            return at, tuple(_use(reads, one, at, terms, holder, frozen) for one in budgets)


def _use(
    reads: Reads,
    budget: Budget,
    at: datetime,
    terms: Terms,
    holder: str | None,
    frozen: frozenset[str],
) -> BudgetUse:
    is_frozen = budget.key in frozen
    if budget.scope in _PASSING or budget.window is Window.CONTACT:
        return BudgetUse(budget, is_frozen)
    levels = budget.capped(terms.vocabulary.ladder)
    found = reads.execute(_statement(budget, levels, at, terms, holder), {"at": at}).all()
    if not found:
        nobody = dict.fromkeys(levels, 0)
        return BudgetUse(budget, is_frozen, reached=nobody, near=nobody)
    number, *counted = (int(one) for one in found[0][7:])
    return BudgetUse(
        budget,
        is_frozen,
        tuple(_spent(row) for row in found),
        number,
        dict(zip(levels, counted[::2], strict=True)),
        dict(zip(levels, counted[1::2], strict=True)),
    )


def _spent(row: Sequence[Any]) -> Spent:
    amounts = [int(one) for one in row[1:7]]
    return Spent(row[0], Used(*amounts[0:2]), Used(*amounts[2:4]), Used(*amounts[4:6]))


def _statement(
    budget: Budget, levels: Sequence[str], at: datetime, terms: Terms, holder: str | None
) -> Select[tuple[Any, ...]]:
    """Who used most, each beside how many there are, and are at or near each level's caps."""
    sums = _sums(budget, at, terms, holder)
    counted: list[ColumnElement[int]] = [func.count().over()]
    for level in levels:
        reached, near = _marks(budget, level, sums)
        counted += [
            func.sum(case((reached, 1), else_=0)).over(),
            func.sum(case((and_(near, ~reached), 1), else_=0)).over(),
        ]
    return (
        select(sums, *counted)
        .order_by(sums.c.used.desc(), sums.c.used_grants.desc(), sums.c.holder)
        .limit(SHOWN)
    )


def _marks(
    budget: Budget, level: str, sums: Subquery
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Who has reached a level's caps, and who is near one of them."""
    caps = [
        (column, most)
        for column, most in (
            (sums.c.used, budget.amounts.get(level)),
            (sums.c.used_grants, budget.counts.get(level)),
        )
        if most is not None
    ]
    return (
        or_(*(column >= most for column, most in caps)),
        or_(*(column >= near_from(budget, most) for column, most in caps)),
    )


def _sums(budget: Budget, at: datetime, terms: Terms, holder: str | None) -> Subquery:
    """By holder: amount and number within the window, the last week and the last four."""
    vocabulary = terms.vocabulary
    start = window_start(budget.window, at, vocabulary.time_zone)
    month = at - timedelta(days=MONTH)
    grants = _counted(budget, vocabulary.currency, None if start is None else min(start, month))
    since = (start, at - timedelta(days=WEEK), month)
    names = ("used", "used_grants", "week", "week_grants", "month", "month_grants")
    columns = [
        _summed(column, grants, instant)
        for instant in since
        for column in (grants.c.money, grants.c.counts)
    ]
    named = [one.label(name) for one, name in zip(columns, names, strict=True)]
    if budget.scope is Scope.ORGANISATION:
        return select(literal("").label("holder"), *named).subquery("sums")
    rows = select(grants.c.holder, *named)
    if holder is not None:
        rows = rows.where(grants.c.holder == holder)
    rows = rows.group_by(grants.c.holder).having(func.sum(grants.c.counts) > 0)
    return rows.subquery("sums")


def _summed(column: ColumnElement[int], grants: CTE, since: datetime | None) -> ColumnElement[int]:
    value = column if since is None else case((grants.c.at > since, column), else_=0)
    return func.coalesce(func.sum(value), 0)


def _counted(budget: Budget, currency: str, since: datetime | None) -> CTE:
    """The grants that a budget counts: whose, when, how much money is left of each, and a one."""
    left = still_counting()
    is_money = and_(GrantRow.unit == Unit.MONEY.value, GrantRow.currency == currency)
    holder = COLUMNS.get(budget.scope, literal(""))
    rows = select(
        holder.label("holder"),
        GrantRow.at.label("at"),
        case((is_money, left), else_=0).label("money"),
        case((left > 0, 1), else_=0).label("counts"),
    ).where(standing(), of_remedies(budget.remedies))
    if budget.scope is not Scope.ORGANISATION:
        rows = rows.where(holder.is_not(None))
    if since is not None:
        rows = rows.where(GrantRow.at > since)
    # Kept as it is read: what is left would be looked up again wherever it is named.
    return rows.cte("counted").prefix_with("MATERIALIZED")
