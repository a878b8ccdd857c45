"""Events are the audit, read in order: every act that clients follow, once, under its own name."""

import pytest
from sqlalchemy import Engine

from agent_assist.store import audit
from agent_assist.store.database import Database
from agent_assist.store.events import TYPES, EventStore
from tests.approvals import TestApprovals
from tests.ledgers import NOON, TestLedger


@pytest.fixture
def desk(engine: Engine) -> TestApprovals:
    return TestApprovals.over(engine, TestLedger(engine))


def test_what_happens_is_told_in_order_with_whom_it_is_about(desk: TestApprovals) -> None:
    events = EventStore(Database(desk.own.sessions))
    begun = 5  # the people of these tests, whom events do not tell of
    request = desk.request(1500)
    grant = str(desk.decide(request)["grant"])
    desk.own.void(grant)

    told = events.after(0, limit=50)

    assert [(one.seq, one.type, one.subject) for one in told] == [
        (begun + 1, "approval.requested", request["id"]),
        (begun + 2, "grant.reserved", grant),
        (begun + 3, "approval.decided", request["id"]),
        (begun + 4, "grant.voided", grant),
    ]
    assert {(one.contact, one.rep, one.team) for one in told} == {("k-1", "r-1", "t-1")}
    assert events.after(told[1].seq, limit=1) == told[2:3]
    assert events.after(told[-1].seq, limit=50) == ()


def test_every_act_that_is_followed_has_a_name_and_no_other_is_told(desk: TestApprovals) -> None:
    with desk.own.sessions.begin() as session:
        for act in (*TYPES, "person.change", "draft.comment"):
            audit.append(session, audit.Act("key:k", act, "subject", {}), NOON)

    told = EventStore(Database(desk.own.sessions)).after(0, limit=50)

    assert [one.type for one in told] == list(TYPES.values())
    assert {one.by for one in told} == {"key:k"}
    assert {(one.contact, one.rep, one.team) for one in told} == {(None, None, None)}
