"""What was given and suggested is looked at through the live limit table, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from agent_assist.core.approvals import Ruling
from agent_assist.core.conditions import Is
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.limits import LimitRow, LimitTable
from agent_assist.core.trimming import Lower, WhyKept
from agent_assist.core.tuning import Advice, Cell, Kind
from agent_assist.store.database import Database
from agent_assist.store.declines import DeclineStore
from agent_assist.store.schema import SuggestionEntry
from agent_assist.store.within import WithinStore
from agent_assist.trim import Trimmed, Trimmer, Trimming
from tests.approvals import TestApprovals
from tests.builders import a_row
from tests.ledgers import HOLD, ROWS, TestLedger

MINUTE = timedelta(minutes=1)


class Desk:
    """A ledger, suggestions beside it, and who looks at both."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.own = TestLedger(engine)
        self.approvals = TestApprovals.over(engine, self.own)
        database = Database(self.own.sessions)
        self.declines = DeclineStore(database, lambda _: self.own.now)
        store = WithinStore(database, lambda _: self.own.now)
        self.trimmer = Trimmer(store, self.declines, now=lambda: self.own.now)
        # R1 gives supervisors as much as managers, so that nobody loses what they do not give.
        self.publish(a_row("R1", rep=500, supervisor=4000, manager=4000), *ROWS[1:])

    def publish(self, *rows: LimitRow) -> None:
        limits = CompiledLimits(LimitTable(2, rows), self.own.vocabulary)
        self.own.terms = replace(self.own.terms, limits=limits)

    def give(self, amount: int, level: str = "supervisor", **more: str) -> str:
        grant = self.reserve(amount, level, **more)
        self.own.capture(grant)
        return grant

    def reserve(self, amount: int, level: str = "supervisor", **more: str) -> str:
        rep = {"rep": "r-1", "supervisor": "s-1"}[level]
        return self.own.reserve(amount, level=level, rep=rep, team="t-1", **more)

    def suggest(self, times: int, issue: str = "fee", *, disclosed: bool | None = None) -> None:
        facts = {} if disclosed is None else {"fee.disclosed": disclosed}
        with Session(self.engine) as session, session.begin():
            for number in range(times):
                session.add(
                    SuggestionEntry(
                        id=f"s-{issue}-{next(self.own.keys)}-{number}",
                        at=self.own.now,
                        library_version=1,
                        limits_version=1,
                        budgets_version=1,
                        model="m",
                        level="rep",
                        abstained=False,
                        around={"facts": facts},
                        answer={"matches": [{"issue": issue, "options": []}]},
                    )
                )

    def look(self, team: str | None = None) -> Trimming:
        return self.trimmer.look(self.own.terms, None, None, team)

    def cell(self, row: str = "R1", level: str = "supervisor") -> Trimmed:
        (found,) = [one for one in self.look().cells if one.use.cell == Cell(row, level)]
        return found


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_ceiling_that_gives_far_more_than_is_needed_is_advised_to_be_lowered(desk: Desk) -> None:
    for number in range(100):
        desk.give(600 + number)

    found = desk.cell()

    assert isinstance(found.advice, Lower)
    assert (found.advice.to, found.advice.beyond) == (700, 0)
    assert found.use.needed[-1] == 699


def test_only_what_is_left_of_grants_counts_and_an_occasion_once(desk: Desk) -> None:
    desk.give(300, contact="k-1")
    desk.give(200, contact="k-1")
    desk.own.void(desk.give(900, contact="k-2"))
    desk.reserve(800, contact="k-3")
    assert desk.cell().use.needed == (500, 800)

    desk.own.now += HOLD + MINUTE

    assert desk.cell().use.needed == (500,)


def test_what_was_asked_for_above_was_needed_too(desk: Desk) -> None:
    desk.give(100, "rep")
    request = desk.approvals.request(1500, contact="k-9")
    desk.approvals.decide(request, ruling=Ruling.REFUSE)

    assert desk.cell(level="rep").use.needed == (100, 1500)


def test_what_the_live_table_does_not_give_or_know_is_left_out(desk: Desk) -> None:
    desk.give(100)
    desk.publish(*ROWS[1:])
    assert (desk.look().cells, desk.look().left_out) == ((), 1)

    desk.own.terms = replace(
        desk.own.terms, vocabulary=replace(desk.own.vocabulary, currency="JPY")
    )
    assert desk.look().left_out == 1


def test_of_one_team_it_is_told_and_nothing_is_advised(desk: Desk) -> None:
    for _ in range(100):
        desk.give(100)
    desk.suggest(100, "card")

    assert isinstance(desk.cell().advice, Lower)
    (seen,) = desk.look("t-1").cells
    assert seen.advice is WhyKept.ONE_TEAM
    assert desk.look("t-1").rows == ()
    assert desk.look("t-2").cells == ()


def test_a_row_that_decided_nothing_is_found_and_one_that_might_have_is_not(desk: Desk) -> None:
    never = a_row("R9", conditions={"fee.disclosed": Is(True)}, remedy="more_time", rep=3)
    desk.publish(*ROWS, never)
    desk.suggest(100, disclosed=False)

    (found,) = desk.look().rows
    assert (found.idle.row.key, len(found.idle.asked), found.why_kept) == ("R9", 100, None)

    desk.suggest(1)  # nobody said whether it was disclosed: the row was open
    assert desk.look().rows == ()


def test_a_row_that_something_was_given_by_decided_something(desk: Desk) -> None:
    seldom = a_row("R9", conditions={"fee.disclosed": Is(True)}, rep=300)
    desk.publish(*ROWS, seldom)
    desk.suggest(100, disclosed=False)
    assert [one.idle.row.key for one in desk.look().rows] == ["R9"]

    asked = desk.own.asked(100, facts={"fee.disclosed": True}, team="t-1")
    desk.own.ledger.reserve(asked, desk.own.terms, desk.own.once(None, asked), lambda *_: b"")

    assert desk.look().rows == ()


def test_what_was_declined_is_not_advised_again_at_once(desk: Desk) -> None:
    for _ in range(100):
        desk.give(100)
    advice = Advice(Kind.LOWER, "R1", "supervisor")
    desk.own.now += MINUTE
    desk.declines.decline(advice, "person:sue", "no", desk.own.once(), lambda _: b"")

    assert desk.cell().advice is WhyKept.DECLINED
    desk.own.now += MINUTE
    for _ in range(30):
        desk.give(100)
    assert isinstance(desk.cell().advice, Lower)
