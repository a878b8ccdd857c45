"""Traps that others fell into, as far as no other test is about them; see docs/traps.md."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.grants import OverHeadroom
from agent_assist.settings import ROOT
from tests.ledgers import TestLedger


def test_every_test_in_the_table_of_traps_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "traps.md").read_text("utf-8")))
    sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    written = {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}

    assert len(named) > 20
    assert named - written == set()


def test_a_budget_that_is_new_counts_what_was_given_before_there_was_one(engine: Engine) -> None:
    ledger = TestLedger(engine)
    ledger.reserve(700, contact="k-1")

    ledger.publish(Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 1000}))

    with pytest.raises(OverHeadroom) as refused:
        ledger.reserve(301, contact="k-2")
    assert refused.value.headroom == 300
    assert ledger.used("week") == (700, 1)


def test_a_budget_under_another_name_counts_what_was_given_before(engine: Engine) -> None:
    ledger = TestLedger(
        engine, Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 1000})
    )
    ledger.reserve(700)

    ledger.publish(Budget("seven_days", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 1000}))

    assert ledger.used("seven_days") == (700, 1)


@pytest.mark.parametrize(
    ("first", "last", "next_day"),
    [
        ("2026-10-24T22:00", "2026-10-25T22:59", "2026-10-25T23:00"),  # clocks go back: 25 hours
        ("2026-03-28T23:00", "2026-03-29T21:59", "2026-03-29T22:00"),  # clocks go on: 23 hours
    ],
)
def test_a_day_of_23_or_25_hours_is_one_day(
    engine: Engine, first: str, last: str, next_day: str
) -> None:
    budget = Budget("day", Scope.CUSTOMER, Window.DAY, amounts={"rep": 1000})
    ledger = TestLedger(engine, budget, zone="Europe/Berlin")
    ledger.now = _at(first)
    ledger.capture(ledger.reserve(100, contact="k-1"))
    ledger.now = _at(last)
    ledger.capture(ledger.reserve(200, contact="k-2"))

    assert ledger.used("day") == (300, 2)
    ledger.now = _at(next_day)
    assert ledger.used("day") == (0, 0)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
