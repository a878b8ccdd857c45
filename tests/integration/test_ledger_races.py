"""Grants that race for one budget: not one too many, not one too few, not one twice.

LEDGER_VOLLEYS sets how many volleys the processes fire.
"""

import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.grants import EntryKind, OverHeadroom
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.ledger.ledger import Change
from agent_assist.store.once import StoredAnswer
from agent_assist.store.schema import AuditEntry, GrantRow
from tests.ledgers import TestLedger, answer, shared_ledger, told

VOLLEYS = int(os.environ.get("LEDGER_VOLLEYS", "12"))
PROCESSES = 8
SHOTS = 3  # of each process in a volley: 24 grants of 100, of which 10 fit
FITS = 10
BUDGETS = (
    Budget("customer", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 1000}),
    Budget("rep", Scope.REP, Window.DAY, amounts={"rep": 10**9}, counts={"rep": 10**6}),
    Budget("all", Scope.ORGANISATION, Window.MONTH, amounts={"rep": 10**9}),
)


class Shot(NamedTuple):
    """What one try came to: the grant's id, or what was said to be left."""

    volley: int
    grant: str | None
    left: int


_barrier: Barrier


def _arm(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603 - how a process of a pool is handed a barrier
    _barrier = barrier


def _fire(url: str, process: int, volleys: int) -> list[Shot]:
    """One process of a race: three shots in every volley, at the same moment as the others."""
    engine, ledger = shared_ledger(url, pool=1)
    own = TestLedger.over(ledger, engine, *BUDGETS)
    shots = []
    try:
        for volley in range(volleys):
            _barrier.wait(timeout=120)
            shots += [_shot(own, volley, f"{volley}/{process}/{n}") for n in range(SHOTS)]
    finally:
        engine.dispose()
    return shots


def _shot(own: TestLedger, volley: int, key: str) -> Shot:
    # Reps and contacts differ, so that only the customer's budget is what they race for.
    parties = {"customer": f"c-{volley}", "rep": f"r-{key}", "contact": f"k-{key}"}
    try:
        return Shot(volley, own.reserve(100, key=key, **parties), 0)
    except OverHeadroom as refused:
        left = refused.headroom
    return Shot(volley, None, left if isinstance(left, int) else -1)


def test_processes_that_race_for_a_budget_get_exactly_what_it_holds(
    engine: Engine, database_url: str
) -> None:
    own = TestLedger(engine, *BUDGETS)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    with ProcessPoolExecutor(PROCESSES, context, _arm, (barrier,)) as pool:
        running = [pool.submit(_fire, database_url, n, VOLLEYS) for n in range(PROCESSES)]
        shots = [shot for one in running for shot in one.result()]

    granted = Counter(shot.volley for shot in shots if shot.grant)
    refusals = [shot for shot in shots if not shot.grant]
    assert granted == dict.fromkeys(range(VOLLEYS), FITS)
    assert len(refusals) == VOLLEYS * (PROCESSES * SHOTS - FITS)
    assert {shot.left for shot in refusals} == {0}
    with own.sessions() as session:
        assert session.query(GrantRow).count() == VOLLEYS * FITS
        assert session.query(AuditEntry).count() == VOLLEYS * FITS
    assert AuditStore(Database(own.sessions)).verify().is_sound


@pytest.fixture
def racing(engine: Engine, database_url: str) -> Iterator[TestLedger]:
    """A ledger with a connection for each of 32 threads."""
    TestLedger(engine, *BUDGETS)
    own_engine, ledger = shared_ledger(database_url, pool=32)
    yield TestLedger.over(ledger, own_engine, *BUDGETS)
    own_engine.dispose()


def test_of_32_requests_with_the_same_key_one_grants_and_all_get_its_answer(
    racing: TestLedger,
) -> None:
    ready = threading.Barrier(32)

    def ask(_: int) -> StoredAnswer:
        ready.wait(timeout=60)
        asked = racing.asked(100, contact="k-1")
        return racing.ledger.reserve(asked, racing.terms, racing.once("same", asked), answer)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(32)))

    assert len({one.body for one in answers}) == 1
    assert Counter(one.replayed for one in answers) == {True: 31, False: 1}
    with racing.sessions() as session:
        assert session.query(GrantRow).count() == 1


def test_of_16_captures_and_16_voids_of_one_grant_no_more_is_undone_than_was_done(
    racing: TestLedger,
) -> None:
    grant = racing.reserve(1000)
    ready = threading.Barrier(32)

    def change(number: int) -> str:
        ready.wait(timeout=60)
        kind = EntryKind.VOID if number % 2 else EntryKind.CAPTURE
        asked = Change(grant, kind, 100, f"rep:{number}")
        try:
            stored = racing.ledger.change(asked, racing.once(f"c{number}", asked), answer)
        except Exception as refused:  # noqa: BLE001 - its kind is what is looked at
            return type(refused).__name__
        return str(told(stored)["state"])

    with ThreadPoolExecutor(32) as pool:
        ends = Counter(pool.map(change, range(32)))

    found, _ = racing.ledger.find(grant)
    captures = [one for one in found.entries if one.kind is EntryKind.CAPTURE]
    assert len(captures) == 1
    assert found.left >= 0
    assert found.left == found.amount - sum(one.released for one in found.entries)
    assert set(ends) <= {"captured", "voided", "reserved", "GrantSettled", "InvalidInput"}


def test_reserving_many_budgets_at_once_never_deadlocks(racing: TestLedger) -> None:
    ready = threading.Barrier(16)

    def mixed(number: int) -> int:
        ready.wait(timeout=60)
        done = 0
        for turn in range(15):
            # Everybody shares some scope with everybody, each in another order.
            parties = {
                "customer": f"c-{(number * 7 + turn) % 5}",
                "rep": f"r-{(number * 3 + turn * 2) % 4}",
                "contact": f"k-{(number + turn * 5) % 3}",
            }
            try:
                racing.reserve(1, key=f"{number}/{turn}", **parties)
                done += 1
            except OverHeadroom:
                pass
        return done

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(mixed, range(16))) == 240
