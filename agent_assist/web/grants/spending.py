"""GET /v1/budgets/use: who used how much of each budget, how fast, and when it runs out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.budgets import Budget
from agent_assist.core.budgets import Scope as SummedBy
from agent_assist.core.burn import Spent, runs_out
from agent_assist.core.headroom import Used
from agent_assist.core.money import format_minor
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.library.cells import format_test
from agent_assist.store.ledger.spending import BudgetUse
from agent_assist.web import answers
from agent_assist.web.cursors import no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants.shapes import Used as UsedShape
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Money
from agent_assist.web.scalars import Id, Maybe, Query
from agent_assist.web.services import Services
from agent_assist.web.writers import write_quantity, write_versions


class UseQuery(Query):
    """Which budgets, and whose use."""

    scope: Maybe[Annotated[SummedBy, Field(description="Only budgets that sum up by it.")]] = None
    holder: Maybe[
        Annotated[Id, Field(description="Only this one of those whom budgets sum up by.")]
    ] = None

    limit: Annotated[int, Field(ge=1, le=50)] = 10
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class LevelUse(TypedDict):
    """A level's caps, and how many of those whom the budget sums up by are at or near one.

    `reached` have nothing left at this level, so that a higher one is asked; `near` have less left
    than the share at which the budget warns (a fifth where it says nothing). Both are null for
    budgets of contacts and orders.
    """

    level: str
    amount: Money | None
    grants: int | None
    reached: int | None
    near: int | None


class RunsOut(TypedDict):
    """When a level has nothing left if as much goes on being granted as lately."""

    level: str
    at: Annotated[datetime | None, Field(description="Null: not at this pace, in its window.")]


class HolderUse(TypedDict):
    """What one of those whom a budget sums up by was granted: a team, a rep, a customer.

    `holder` is their id, empty for the organisation. `used` is within the budget's window.
    """

    holder: str
    used: UsedShape
    last_7_days: UsedShape
    last_28_days: UsedShape
    runs_out: list[RunsOut]


class Condition(TypedDict):
    """A test of a fact that must hold where the budget caps anything."""

    fact: str
    test: Annotated[str, Field(description="As in the sheet, for instance `standard, plus`.")]


class BudgetUseAnswer(TypedDict):
    """What is used of a budget, by whom, the most first: ten at most, of `number`.

    `conditions` say where its caps hold; what it counts as used does not depend on them.

    A budget of contacts or orders names nobody: these come and go.
    """

    budget: str
    scope: str
    window: str
    remedies: Annotated[list[str], Field(description="Empty for all goodwill remedies.")]
    conditions: list[Condition]
    frozen: bool
    levels: list[LevelUse]
    holders: list[HolderUse]
    number: int


class BudgetUsePage(TypedDict):
    """Budgets in order. `next_cursor` is null on the last page."""

    at: datetime
    versions: answers.Versions
    items: list[BudgetUseAnswer]
    next_cursor: str | None


def register(api: Operations, services: Services) -> None:
    """Add the use of budgets."""

    @api.get(
        "/v1/budgets/use",
        Scope.LIMITS_READ,
        About("limits", "What is used of budgets"),
        query=UseQuery,
        answer=BudgetUsePage,
    )
    def budget_use(query: UseQuery, _now: Exchange) -> BudgetUsePage:
        """What is used of every budget in force, how fast, and by whom, page by page.

        Sums are exact, over the ledger. When a budget runs out is a guess: as much goes on being
        granted as in the last week or the last four, whichever was faster, and what leaves a
        rolling window leaves it evenly.
        """
        snapshot = services.live.current()
        wanted = [
            one
            for one in snapshot.budgets.budgets
            if query.scope is None or one.scope is query.scope
        ]
        page, following = _page(wanted, query)
        at, found = services.spending.of(page, snapshot.terms(), query.holder)
        return {
            "at": at,
            "versions": write_versions(snapshot.versions),
            "items": [_write(one, at, snapshot.vocabulary) for one in found],
            "next_cursor": following,
        }


def _page(budgets: Sequence[Budget], query: UseQuery) -> tuple[Sequence[Budget], str | None]:
    keys = [one.key for one in budgets]
    if query.cursor is not None and query.cursor not in keys:
        raise no_such_page()
    start = 0 if query.cursor is None else keys.index(query.cursor) + 1
    page = budgets[start : start + query.limit]
    return page, page[-1].key if start + len(page) < len(budgets) else None


def _write(use: BudgetUse, at: datetime, vocabulary: Vocabulary) -> BudgetUseAnswer:
    budget = use.budget
    levels = budget.capped(vocabulary.ladder)
    return {
        "budget": budget.key,
        "scope": budget.scope,
        "window": budget.window,
        "remedies": sorted(budget.remedies),
        "conditions": [
            {"fact": key, "test": format_test(test, vocabulary.facts[key], vocabulary.currency)}
            for key, test in budget.conditions.items()
        ],
        "frozen": use.frozen,
        "levels": [_level(use, key, vocabulary.currency) for key in levels],
        "holders": [_holder(one, budget, levels, at, vocabulary) for one in use.holders],
        "number": use.number,
    }


def _level(use: BudgetUse, level: str, currency: str) -> LevelUse:
    amount = use.budget.amounts.get(level)
    return {
        "level": level,
        "amount": None if amount is None else _money(amount, currency),
        "grants": use.budget.counts.get(level),
        "reached": None if use.reached is None else use.reached[level],
        "near": None if use.near is None else use.near[level],
    }


def _holder(
    spent: Spent, budget: Budget, levels: Sequence[str], at: datetime, vocabulary: Vocabulary
) -> HolderUse:
    currency, zone = vocabulary.currency, vocabulary.time_zone
    return {
        "holder": spent.holder,
        "used": _used(spent.used, currency),
        "last_7_days": _used(spent.week, currency),
        "last_28_days": _used(spent.month, currency),
        "runs_out": [
            {"level": key, "at": runs_out(spent, budget, key, at, zone)} for key in levels
        ],
    }


def _used(used: Used, currency: str) -> UsedShape:
    return {
        "amount": write_quantity(used.amount, Unit.MONEY, currency),
        "grants": used.grants,
    }


def _money(amount: int, currency: str) -> Money:
    return {"amount": format_minor(amount, currency), "currency": currency}
