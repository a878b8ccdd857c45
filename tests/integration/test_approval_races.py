"""Approval requests that race: one end, and one grant at most, whoever is faster."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.approvals import ApprovalState, Ruling
from agent_assist.core.errors import AgentAssistError
from agent_assist.store.approvals.approvals import ApprovalStore
from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalEnd, AuditEntry, GrantRow
from tests.approvals import LIFE, TestApprovals
from tests.ledgers import TestLedger, shared_ledger

AT_ONCE = 12


@pytest.fixture
def desk(engine: Engine, database_url: str) -> Iterator[TestApprovals]:
    """Requests over a database that 12 threads use at once."""
    TestApprovals.over(engine, TestLedger(engine))
    own_engine, ledger = shared_ledger(database_url, pool=AT_ONCE)
    own = TestLedger.over(ledger, own_engine)
    own.now = datetime.now(UTC)
    yield TestApprovals(own, Database(sessionmaker(own_engine)))
    own_engine.dispose()


def race(*acts: Callable[[], object]) -> Counter[str]:
    """Runs all at once; what came of each, or the name of its refusal."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        ready.wait(timeout=60)
        try:
            done = act()
        except AgentAssistError as refused:
            return type(refused).__name__
        return str(done["state"]) if isinstance(done, dict) else str(done)

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def counted(desk: TestApprovals) -> tuple[int, int]:
    with desk.own.sessions() as session:
        return session.query(ApprovalEnd).count(), session.query(GrantRow).count()


def test_of_many_who_approve_at_once_the_first_wins_and_grants_once(desk: TestApprovals) -> None:
    request = desk.request(1500)

    ends = race(*(lambda by=by: desk.decide(request, by=by) for by in ("s-1", "s-2", "m-1") * 4))

    assert ends == {"approved": 1, "ApprovalSettled": AT_ONCE - 1}
    assert counted(desk) == (1, 1)


def test_approval_refusal_and_withdrawal_at_once_leave_one_end(desk: TestApprovals) -> None:
    for number in range(4):
        request = desk.request(1500, contact=f"k-{number}", customer=f"c-{number}")

        ends = race(
            lambda r=request: desk.decide(r, by="s-1"),  # type: ignore[misc]
            lambda r=request: desk.decide(r, by="s-2", ruling=Ruling.REFUSE),  # type: ignore[misc]
            lambda r=request: desk.withdraw(r),  # type: ignore[misc]
        )

        assert ends["ApprovalSettled"] == 2
        end = desk.find(request).end
        assert end is not None
        assert ends[end.state] == 1
        assert counted(desk)[0] == number + 1
        assert (end.grant is not None) == (end.state is ApprovalState.APPROVED)


def test_an_approval_that_races_with_expiry_leaves_one_end(desk: TestApprovals) -> None:
    request = desk.request(1500)
    late = ApprovalStore(
        Database(desk.own.sessions),
        database_clock(lambda: datetime.now(UTC)),
        desk.own.ledger,
        life=LIFE,
    )
    # Expiry runs by a clock that is ahead; the decision by one that is not.
    ahead = desk.own.now + 2 * LIFE
    late._clock = lambda _: ahead

    ends = race(lambda: desk.decide(request), late.expire)

    assert counted(desk)[0] == 1
    end = desk.find(request).end
    assert end is not None
    assert (end.state is ApprovalState.APPROVED) == (ends["approved"] == 1)
    assert counted(desk)[1] == (1 if ends["approved"] else 0)


def test_the_same_request_sent_at_once_is_asked_once(desk: TestApprovals) -> None:
    asked = desk.asked(1500)

    answers = []
    race(*(lambda: answers.append(desk.request_raw(asked, "same").body) for _ in range(AT_ONCE)))

    assert len(answers) == AT_ONCE
    assert len(set(answers)) == 1


def test_like_requests_sent_at_once_are_asked_once(desk: TestApprovals) -> None:
    asked = desk.asked(1500)

    found: list[object] = []
    race(*(lambda: found.append(desk.request_raw(asked).body) for _ in range(AT_ONCE)))

    assert len(found) == AT_ONCE
    assert len(set(found)) == 1


def test_a_role_lost_at_the_same_moment_is_lost_before_or_after_never_between(
    desk: TestApprovals,
) -> None:
    request = desk.request(1500)

    ends = race(
        lambda: desk.decide(request),
        lambda: desk.people.change("s-1", lambda one: replace(one, level="rep"), "test").level,
    )

    assert ends["approved"] + ends["MayNotDecide"] == 1
    with desk.own.sessions() as session:
        seqs = {
            act: seq
            for seq, act in session.query(AuditEntry.seq, AuditEntry.act).order_by(AuditEntry.seq)
        }
    if ends["approved"]:
        assert seqs["approval.decide"] < seqs["person.change"]
