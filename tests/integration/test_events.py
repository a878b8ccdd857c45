"""Events are the audit, read in order: every act that clients follow, once, under its own name."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import OneOf
from agent_assist.core.facts import FactValue
from agent_assist.store import audit
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.events import TYPES, EventStore
from agent_assist.store.schema import AuditEntry
from tests.approvals import TestApprovals
from tests.ledgers import NOON, TestLedger, answer, told


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


def test_a_budget_warns_with_the_grant_that_brings_it_to_its_share_and_not_above_it(
    engine: Engine,
) -> None:
    week = Budget(
        "week", Scope.CUSTOMER, Window.DAYS_7, warn_at=8000,
        amounts={"rep": 1000, "supervisor": 5000}, counts={"manager": 2},
    )  # fmt: skip
    of_plus = replace(week, key="plus", conditions={"customer.tier": OneOf(frozenset({"plus"}))})
    own = TestLedger(engine, week, of_plus, replace(week, key="quiet", warn_at=None))
    basic: dict[str, FactValue] = {"customer.tier": "basic"}

    def give(amount: int, **more: Any) -> str:
        asked = own.asked(amount, level="supervisor", facts=basic, **more)
        stored = own.ledger.reserve(asked, own.terms, own.once(), answer)
        return str(told(stored)["id"])

    give(799)
    crossing = give(1, team="t-1", contact="k-9")  # the rep's share, and the manager's number
    give(1000)
    give(4000, customer="c-2")  # another customer's budget: both levels' shares at once
    own.now += timedelta(days=8)
    give(900)  # the window is another one

    told_of = [one for one in EventStore(Database(own.sessions)).after(0, limit=50) if one.grant]
    assert {(one.type, one.subject, one.by) for one in told_of} == {
        ("budget.warning", "budget:week", "key:key1")
    }
    assert [(one.seq, one.grant, one.contact) for one in told_of][:1] == [(3, crossing, "k-9")]
    with own.sessions() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act == "budget.warning"))
        levels = [row.content["levels"] for row in rows.all()]
    assert levels == [["rep", "manager"], ["rep", "supervisor"], ["rep"]]
    assert AuditStore(Database(own.sessions)).verify().is_sound
