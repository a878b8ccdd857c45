"""Requests are looked at through the live limit table, on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from agent_assist.core.approvals import ApprovalState, Ruling
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.limits import LimitTable
from agent_assist.core.tuning import Advice, Cell, Kind, Raise, WhyNot
from agent_assist.store.beyond import BeyondStore
from agent_assist.store.database import Database
from agent_assist.store.declines import DeclineStore
from agent_assist.tune import LeftOut, Tuned, Tuner, Tuning
from tests.approvals import TestApprovals
from tests.builders import a_row
from tests.ledgers import NOON, TestLedger

MINUTE = timedelta(minutes=1)


class Desk:
    """Requests over a ledger, and who looks at them."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine)
        self.approvals = TestApprovals.over(engine, self.own)
        store = BeyondStore(Database(self.own.sessions), lambda _: self.own.now)
        self.declines = DeclineStore(Database(self.own.sessions), lambda _: self.own.now)
        self.tuner = Tuner(store, self.declines, now=lambda: self.own.now)

    def ask(self, amount: int, ruling: Ruling | None = None, given: int | None = None) -> str:
        """The grant that became of a request; it is decided after a minute."""
        contact = f"k-{next(self.own.contacts)}"
        request = self.approvals.request(amount, contact=contact)
        self.own.now += MINUTE
        if ruling is None:
            return ""
        return str(self.approvals.decide(request, ruling=ruling, amount=given)["grant"])

    def look(self, team: str | None = None) -> Tuning:
        return self.tuner.look(self.own.terms, None, None, team)

    def only(self) -> Tuned:
        (found,) = self.look().cells
        return found


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_each_request_beyond_a_ceiling_is_counted_at_its_row_and_level(desk: Desk) -> None:
    desk.ask(1500, Ruling.APPROVE)
    desk.ask(1600, Ruling.APPROVE, 1200)
    desk.ask(1700, Ruling.REFUSE)
    desk.ask(1800)

    evidence = desk.only().evidence

    assert evidence.cell == Cell("R1", "rep")
    approved, refused, pending = (
        ApprovalState.APPROVED, ApprovalState.REFUSED, ApprovalState.PENDING,
    )  # fmt: skip
    assert evidence.states == Counter({approved: 2, refused: 1, pending: 1})
    assert (evidence.cut, evidence.asked, evidence.given) == (1, 6600, (1200, 1500))
    assert evidence.waited == MINUTE
    assert desk.only().advice is WhyNot.FEW


def test_a_request_that_nobody_decided_in_time_has_expired(desk: Desk) -> None:
    desk.ask(1500)
    desk.own.now += timedelta(hours=1)

    assert desk.only().evidence.states == Counter({ApprovalState.EXPIRED: 1})


def test_an_approval_that_was_voided_is_taken_back(desk: Desk) -> None:
    grant = desk.ask(1500, Ruling.APPROVE)
    desk.own.void(grant, 100)

    assert desk.only().evidence.taken_back == 1


def test_declined_advice_is_not_repeated_before_thirty_more_decisions(desk: Desk) -> None:
    def decline() -> None:
        advice = Advice(Kind.RAISE, "R1", "rep")
        desk.declines.decline(advice, "person:sue", "no", desk.own.once(), lambda _: b"")

    for _ in range(73):
        desk.ask(1500, Ruling.APPROVE)
    assert desk.only().advice == Raise(1500, 73)

    decline()
    for _ in range(29):
        desk.ask(1500, Ruling.APPROVE)
    assert desk.only().advice is WhyNot.DECLINED
    desk.ask(1500, Ruling.APPROVE)
    assert desk.only().advice == Raise(1500, 103)
    decline()
    assert desk.only().advice is WhyNot.DECLINED


def test_what_the_live_table_gives_today_is_no_reason_to_raise_it(desk: Desk) -> None:
    desk.ask(1500, Ruling.APPROVE)
    desk.ask(2500, Ruling.APPROVE)
    raised = CompiledLimits(
        LimitTable(2, (a_row("R9", rep=2000, supervisor=5000),)), desk.own.vocabulary
    )
    desk.own.terms = replace(desk.own.terms, limits=raised)

    found = desk.look()

    assert [one.evidence.cell for one in found.cells] == [Cell("R9", "rep")]
    assert found.left_out == Counter({LeftOut.WITHIN: 1})


def test_what_no_row_gives_any_more_and_what_nobody_knows_any_more_is_told_apart(
    desk: Desk,
) -> None:
    desk.ask(1500, Ruling.APPROVE)
    none = CompiledLimits(LimitTable(2, ()), desk.own.vocabulary)
    desk.own.terms = replace(desk.own.terms, limits=none)
    assert desk.look().left_out == Counter({LeftOut.NO_ROW: 1})

    elsewhere = replace(desk.own.vocabulary, currency="JPY")
    desk.own.terms = replace(desk.own.terms, vocabulary=elsewhere)
    assert desk.look().left_out == Counter({LeftOut.UNREADABLE: 1})


def test_days_are_whole_and_those_of_the_organisation(desk: Desk) -> None:
    desk.ask(1500, Ruling.APPROVE)
    day = NOON.date()

    def requests(since: int, until: int) -> int:
        days = day + timedelta(days=since), day + timedelta(days=until)
        found = desk.tuner.look(desk.own.terms, *days, None)
        return sum(one.evidence.requests for one in found.cells)

    assert [requests(*days) for days in ((0, 0), (-1, 0), (-1, -1), (1, 0), (1, 1))] == [
        1, 1, 0, 0, 0,
    ]  # fmt: skip


def test_a_team_sees_its_own_requests(desk: Desk) -> None:
    desk.ask(1500)

    assert len(desk.look("t-1").cells) == 1
    assert desk.look("t-2").cells == ()


def test_a_limit_that_is_too_low_is_found_and_the_advice_spares_the_approvals(desk: Desk) -> None:
    for n in range(73):
        desk.ask(1500 + n % 3 * 100, Ruling.APPROVE)

    found = desk.only()

    assert found.advice == Raise(1700, 73)
    assert (found.remedy.key, found.ceiling.fixed()) == ("fee_waiver", 1000)
