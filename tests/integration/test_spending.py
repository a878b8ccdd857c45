"""What is used of budgets is told exactly, by whom, and how many are at or near a cap."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.headroom import Used
from agent_assist.store.database import Database
from agent_assist.store.ledger.spending import SHOWN, BudgetUse, Spending
from tests.ledgers import NOON, TestLedger

CAPS = {"rep": 1000, "supervisor": 3000}
TEAM = Budget("team", Scope.TEAM, Window.DAYS_7, amounts=CAPS, warn_at=5000)
ALL = Budget("all", Scope.ORGANISATION, Window.MONTH, amounts=CAPS)
REPS = Budget("reps", Scope.REP, Window.DAY, counts={"rep": 2})
CARDS = Budget("cards", Scope.REP, Window.LIFETIME, frozenset({"courier_card"}), counts={"rep": 5})
ORDERS = Budget("orders", Scope.ORDER, Window.LIFETIME, amounts=CAPS)


@pytest.fixture
def ledger(engine: Engine) -> TestLedger:
    return TestLedger(engine)


def spent(ledger: TestLedger, *budgets: Budget) -> list[BudgetUse]:
    reads = Spending(Database(sessionmaker(ledger.engine)), lambda _: ledger.now)
    at, found = reads.of(budgets, ledger.terms)
    assert at == ledger.now
    return list(found)


def test_each_window_counts_its_own_and_the_last_weeks_are_told_beside(ledger: TestLedger) -> None:
    for days_ago, amount in ((40, 10), (27, 100), (8, 200), (6, 400), (0, 500)):
        ledger.now = NOON - timedelta(days=days_ago)
        ledger.capture(ledger.reserve(amount, team="t-1"))
    ledger.void(ledger.reserve(900, team="t-1"))
    ledger.now = NOON

    team, everybody = spent(ledger, TEAM, ALL)

    assert team.holders == (("t-1", Used(900, 2), Used(900, 2), Used(1200, 4)),)
    # The calendar month began on the first: 13 and 15 November are in it, 25 October is not.
    assert everybody.holders == (("", Used(1100, 3), Used(900, 2), Used(1200, 4)),)


def test_it_is_told_how_many_are_at_a_cap_and_how_many_near_one(ledger: TestLedger) -> None:
    for team, amounts in {"t-1": (700, 300), "t-2": (500,), "t-3": (499,), "t-4": (900,)}.items():
        for amount in amounts:
            ledger.reserve(amount, team=team)

    (found,) = spent(ledger, TEAM)

    assert [one.holder for one in found.holders] == ["t-1", "t-4", "t-2", "t-3"]
    assert (found.number, found.reached, found.near) == (
        4,
        {"rep": 1, "supervisor": 0},
        {"rep": 2, "supervisor": 0},
    )


def test_who_used_most_is_named_and_all_are_counted(ledger: TestLedger) -> None:
    for number in range(SHOWN + 2):
        for _ in range(3 if number == 7 else 1):
            ledger.reserve(remedy="courier_card", amount=1, rep=f"r-{number:02}")

    (found,) = spent(ledger, CARDS)

    assert (len(found.holders), found.number) == (SHOWN, SHOWN + 2)
    assert found.holders[0] == ("r-07", Used(0, 3), Used(0, 3), Used(0, 3))
    assert found.reached == {"rep": 0}


def test_nobody_is_named_for_what_comes_and_goes_nor_where_nothing_was_granted(
    ledger: TestLedger,
) -> None:
    ledger.reserve(order="o-1")

    orders, teams, everybody = spent(ledger, ORDERS, TEAM, ALL)

    assert (orders.holders, orders.reached) == ((), None)
    assert (teams.holders, teams.number, teams.reached) == ((), 0, {"rep": 0, "supervisor": 0})
    assert everybody.holders == (("", Used(100, 1), Used(100, 1), Used(100, 1)),)


def test_a_reservation_that_expired_is_not_used(ledger: TestLedger) -> None:
    ledger.reserve(rep="r-1")
    ledger.now += timedelta(hours=1)
    ledger.reserve(rep="r-2")

    (found,) = spent(ledger, REPS)

    assert [one.holder for one in found.holders] == ["r-2"]
