"""Sums of teams and the organisation are those of their grants, though few grants are read."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.store import migrate
from agent_assist.store.ledger.subtotals import differing
from tests.ledgers import HOLD, NOON, TestLedger, publish_first, shared_ledger

TEAM = Budget("team", Scope.TEAM, Window.DAYS_7, amounts={"rep": 5000})
ALL = Budget("all", Scope.ORGANISATION, Window.DAYS_7, amounts={"rep": 9000})
TODAY = Budget("today", Scope.ORGANISATION, Window.DAY)
EVER = Budget("ever", Scope.ORGANISATION, Window.LIFETIME, remedies=frozenset({"fee_waiver"}))
MICROSECOND = timedelta(microseconds=1)
WEEK = timedelta(days=7)


@pytest.fixture
def ledger(engine: Engine) -> TestLedger:
    return TestLedger(engine, TEAM, ALL, TODAY, EVER)


def sums(ledger: TestLedger, team: str = "t-1") -> dict[str, tuple[int, int]]:
    return {key: ledger.used(key, team=team) for key in ("team", "all", "today", "ever")}


@pytest.mark.parametrize(
    "at",
    [NOON, NOON + MICROSECOND, NOON - MICROSECOND, NOON + timedelta(minutes=59, seconds=59)],
)
def test_a_wide_window_ends_to_the_microsecond_wherever_its_hour_begins(
    ledger: TestLedger, at: datetime
) -> None:
    ledger.now = at
    ledger.capture(ledger.reserve(300, team="t-1"))
    ledger.now = on_the_hour = NOON + timedelta(hours=1)
    ledger.capture(ledger.reserve(200, team="t-1"))

    ledger.now = at + WEEK - MICROSECOND
    assert (ledger.used("team", team="t-1"), ledger.used("all")) == ((500, 2), (500, 2))
    ledger.now = at + WEEK
    assert (ledger.used("team", team="t-1"), ledger.used("all")) == ((200, 1), (200, 1))
    ledger.now = on_the_hour + WEEK
    assert (ledger.used("team", team="t-1"), ledger.used("all")) == ((0, 0), (0, 0))
    assert ledger.used("ever") == (500, 2)


def test_what_is_reserved_captured_voided_and_expired_counts_as_it_does_everywhere(
    ledger: TestLedger,
) -> None:
    mine, other = ledger.reserve(1000, team="t-1"), ledger.reserve(400, team="t-2")
    nobodys = ledger.reserve(100, team=None)
    assert sums(ledger) == {
        "team": (1000, 1), "all": (1500, 3), "today": (1500, 3), "ever": (1500, 3),
    }  # fmt: skip

    ledger.void(mine, 200)
    ledger.capture(mine, 700)
    ledger.capture(nobodys)
    ledger.now = NOON + HOLD  # the other team's expires
    assert sums(ledger)["team"] == (700, 1)
    assert sums(ledger)["all"] == sums(ledger)["ever"] == (800, 2)

    ledger.now = NOON + timedelta(days=1)
    ledger.void(mine, 300)
    assert sums(ledger) == {"team": (400, 1), "all": (500, 2), "today": (0, 0), "ever": (500, 2)}
    ledger.void(mine)
    assert sums(ledger) == {"team": (0, 0), "all": (100, 1), "today": (0, 0), "ever": (100, 1)}
    assert sums(ledger, "t-2")["team"] == (0, 0)
    assert other


def test_captures_and_voids_at_the_same_moment_are_all_in_the_subtotals(
    database_url: str,
) -> None:
    engine, ledger = shared_ledger(database_url, pool=8)
    publish_first(engine)
    own = TestLedger.over(ledger, engine, replace(TEAM, amounts={}), replace(ALL, amounts={}))
    grants = [own.reserve(10, team=f"t-{number % 2}") for number in range(32)]

    def capture_and_void(grant: str) -> None:
        own.capture(grant)
        own.void(grant, 3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(capture_and_void, grants))

    assert own.used("all") == (32 * 7, 32)
    assert own.used("team", team="t-1") == (16 * 7, 16)
    with own.sessions() as session:
        assert list(differing(session)) == []
    engine.dispose()


def test_a_month_before_there_were_subtotals_is_added_up_by_the_migration(
    ledger: TestLedger, engine: Engine
) -> None:
    for hours, team in ((0, "t-1"), (1, "t-1"), (1, None), (30, "t-2")):
        ledger.now = NOON + timedelta(hours=hours, minutes=29)
        first, second = (ledger.reserve(300, team=team) for _ in range(2))
        ledger.capture(first, 200)
        ledger.capture(second)
        ledger.void(second)
        ledger.reserve(50, team=team)
    before = sums(ledger)

    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.attributes["engine"] = engine
    command.downgrade(config, "0025")
    command.upgrade(config, "head")

    assert sums(ledger) == before
    with sessionmaker(engine)() as session:
        assert list(differing(session)) == []
