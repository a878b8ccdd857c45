"""What waits for a decision: all of it in few statements, and the same as one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from agent_assist.core.approvals import Ruling
from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import InvalidInput
from agent_assist.core.grants import Parties
from agent_assist.core.limits import LimitTable
from agent_assist.core.people import Delegation, LevelTooLow, Person, UnknownPerson
from agent_assist.core.waiting import Waiting
from agent_assist.enrol import Roster
from agent_assist.triage import Triage
from tests.approvals import LIFE, TestApprovals
from tests.builders import a_row
from tests.ledgers import NOON, TestLedger

BUDGETS = (
    Budget("contact", Scope.CONTACT, Window.CONTACT, amounts={"rep": 3000, "supervisor": 8000}),
    Budget("order", Scope.ORDER, Window.LIFETIME, counts={"rep": 2}),
    Budget("customer", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 1000, "supervisor": 6000}),
    Budget("rep_here", Scope.REP, Window.CONTACT, counts={"rep": 3}),
    Budget("rep", Scope.REP, Window.DAY, amounts={"rep": 5000}),
    Budget("team", Scope.TEAM, Window.MONTH, frozenset({"fee_discount"}), counts={"rep": 4}),
    Budget("all", Scope.ORGANISATION, Window.DAYS_7, amounts={"rep": 90_000}, warn_at=100),
)


class Snapshot:
    """As much of the live library as triage asks for."""

    def __init__(self, desk: TestApprovals) -> None:
        self.terms = lambda: desk.own.terms


@pytest.fixture
def desk(engine: Engine) -> TestApprovals:
    desk = TestApprovals.over(engine, TestLedger(engine, *BUDGETS))
    rows = (
        a_row("R1", rep=1000, supervisor=5000, manager=9000),
        a_row("R2", remedy="goodwill_credit", rep=1000, supervisor=5000, manager=9000),
        a_row("R3", remedy="fee_discount", rep=1000, supervisor=5000, manager=9000),
    )
    limits = CompiledLimits(LimitTable(1, rows), desk.own.vocabulary)
    desk.own.terms = replace(desk.own.terms, limits=limits)
    return desk


def queue(desk: TestApprovals, by: str = "s-1", **more: Any) -> tuple[Waiting, ...]:
    triage = Triage(desk.store, desk.own.ledger, desk.people)
    asked: dict[str, Any] = {"team": None, "limit": 200, "after": None} | more
    return triage.waiting(Snapshot(desk), by, **asked).waiting  # type: ignore[arg-type]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cu: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_what_budgets_have_given_to_many_is_what_they_have_given_to_each(
    desk: TestApprovals,
) -> None:
    own = desk.own
    for number in range(12):
        parties = {
            "contact": f"k-{number % 3}",
            "order": None if number % 4 == 0 else f"o-{number % 2}",
            "customer": f"c-{number % 3}",
            "rep": f"x-{number % 2}",
            "team": f"t-{number % 3}",
        }
        remedy = "fee_discount" if number % 3 else "fee_waiver"
        own.terms = replace(own.terms, budgets=())
        grant = own.reserve(100 + number, remedy=remedy, level="manager", **parties)
        own.terms = replace(own.terms, budgets=BUDGETS)
        if number % 4 == 1:
            own.void(grant, 50)
        if number % 3 != 1:
            own.capture(grant)  # else it counts no more after a while
        own.now += timedelta(hours=7) if number % 5 == 0 else timedelta(minutes=1)
    own.pull("t-1")
    asked = [
        Parties(f"k-{one % 4}", f"o-{one % 3}", f"c-{one % 4}", f"x-{one % 3}", f"t-{one % 3}")
        for one in range(6)
    ] + [Parties("k-1", None, None, None, None), Parties(None, "o-1", "c-2", "x-1", None)]

    together = own.ledger.uses(own.terms, asked)

    assert together == [own.ledger.use(own.terms, one) for one in asked]
    assert any(use.used["customer"].amount for use in together[:6])
    assert any(use.given for use in together)
    assert any(use.brakes for use in together)
    assert own.ledger.uses(own.terms, []) == []


def test_a_queue_takes_as_many_statements_for_many_as_for_one(
    desk: TestApprovals, engine: Engine
) -> None:
    def ask(number: int) -> None:
        ids = {"contact": f"k-{number}", "customer": f"c-{number}", "order": f"o-{number}"}
        desk.request(1500, **ids)

    ask(0)
    queue(desk)  # what is looked up once in a process
    with statements(engine) as for_one:
        assert len(queue(desk)) == 1
    for number in range(1, 25):
        ask(number)
    with statements(engine) as for_many:
        assert len(queue(desk)) == 25

    assert len(for_many) == len(for_one)


def test_the_queue_says_what_a_decision_needs(desk: TestApprovals) -> None:
    desk.own.reserve(700, rep="x", contact="k-0", order="o-0", customer="c-1")
    desk.request(1500, order="o-1")

    (one,) = queue(desk)

    assert (one.asker and one.asker.name, one.above) == ("Rita", 1200)  # 1000 - 700 are left
    assert [(level, decision.up_to) for level, decision in one.levels] == [
        ("rep", 300), ("supervisor", 5000), ("manager", 9000),
    ]  # fmt: skip
    assert one.mine.refusal is None
    assert one.mine.decision is not None
    assert one.mine.decision.up_to == 5000
    left = {each.budget.key: (each.used.amount, each.amount) for each in one.budgets}
    assert left["customer"] == (700, 5300)
    assert "team" not in left  # it counts another remedy


def test_whoever_looks_is_told_what_they_may_not_decide_on_and_why(desk: TestApprovals) -> None:
    desk.people.add(Person("s-3", "Selma", "supervisor", "t-1", "c-7"), "test")
    desk.request(1500, order="o-1")
    desk.request(1500, order="o-2", contact="k-2", customer="c-7")
    desk.request(5500, order="o-3", contact="k-3", customer="c-3", level="supervisor", rep="s-1")

    def refusals(by: str) -> list[bool]:
        return [one.mine.refusal is None for one in queue(desk, by)]

    assert refusals("s-1") == [True, True, False]  # the last is their own
    assert refusals("s-2") == [True, True, False]  # needs a manager
    assert refusals("s-3") == [True, False, False]  # the second is for themselves
    assert refusals("m-1") == [True, True, True]
    assert "asked for themselves" in (queue(desk, "s-1")[2].mine.refusal or "")
    desk.people.change("r-1", lambda one: replace(one, active=False), "test")
    assert refusals("m-1") == [False, False, True]
    with pytest.raises(LevelTooLow):
        queue(desk, "r-2")
    with pytest.raises(UnknownPerson):
        queue(desk, "nobody")


def test_the_queue_is_what_waits_oldest_first_page_by_page(desk: TestApprovals) -> None:
    made = [desk.request(1500, order=f"o-{n}", contact=f"k-{n}") for n in range(5)]
    desk.decide(made[1])
    desk.request(1500, order="o-9", contact="k-9", team="t-2", rep="r-9")

    first = queue(desk, limit=2)
    rest = queue(desk, after=first[-1].shown.approval.seq)

    listed = [one.shown.approval.id for one in (*first, *rest)]
    assert listed[:4] == [made[n]["id"] for n in (0, 2, 3, 4)]
    assert [one.shown.approval.id for one in queue(desk, team="t-2")] == listed[4:]
    desk.own.now = NOON + 2 * LIFE
    assert queue(desk) == ()


def test_precedent_is_of_the_same_kind_about_as_much_and_not_long_ago(desk: TestApprovals) -> None:
    def past(
        number: int, amount: int, ruling: Ruling, less: int | None = None, **more: str
    ) -> None:
        ids = {"order": f"p-{number}", "contact": f"p-{number}", "customer": f"p-{number}"}
        made = desk.request(amount, **(ids | more))
        desk.decide(made, by="m-1", ruling=ruling, amount=less)

    past(0, 1500, Ruling.APPROVE)
    desk.own.now += timedelta(days=60)
    past(1, 1400, Ruling.APPROVE)
    past(2, 2000, Ruling.APPROVE, 1200)
    past(3, 2900, Ruling.REFUSE)
    past(4, 3100, Ruling.APPROVE)  # more than twice as much
    past(5, 1500, Ruling.APPROVE, remedy="goodwill_credit")
    past(6, 5500, Ruling.APPROVE, level="supervisor", rep="x-2")
    desk.own.now += timedelta(days=31)  # the first is older than precedent reaches
    desk.request(1500, order="o-1")

    found = queue(desk)[0].precedent

    assert (found.approved, found.lowered, found.refused, found.median) == (1, 1, 1, 1200)


@pytest.fixture
def roster(desk: TestApprovals) -> Roster:
    return Roster(desk.people, vocabulary=lambda: desk.own.vocabulary, now=lambda: desk.own.now)


TODAY = date(2026, 11, 21)
AWAY = Delegation("s-1", "s-2", TODAY, date(2026, 11, 30))


def test_work_goes_to_the_substitute_while_somebody_is_away(
    desk: TestApprovals, roster: Roster
) -> None:
    request = desk.request(1500)
    assert desk.routed_to(request) == "s-1"

    roster.be_away(AWAY, "person:s-1")

    assert desk.routed_to(request) == "s-2"
    assert roster.absences().delegations == (AWAY,)
    assert [one.id for one in roster.absences().deciders] == ["m-1", "s-1", "s-2"]
    assert roster.end_delegations("s-1", "person:s-1") == 1
    assert desk.routed_to(request) == "s-1"


def test_the_newest_absence_is_the_only_one_and_saying_it_twice_is_saying_it_once(
    desk: TestApprovals, roster: Roster
) -> None:
    def acts() -> int:
        return desk.own.audit.verify().entries

    roster.be_away(AWAY, "person:s-1")
    before = acts()
    roster.be_away(AWAY, "person:s-1")
    assert acts() == before
    later = replace(AWAY, substitute="m-1", first=date(2026, 12, 24), last=date(2026, 12, 30))
    roster.be_away(later, "person:s-1")

    assert roster.absences().delegations == (later,)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        (replace(AWAY, substitute="r-1"), "/substitute"),
        (replace(AWAY, substitute="nobody"), "/substitute"),
        (replace(AWAY, substitute="s-1"), "/substitute"),
        (replace(AWAY, last=date(2026, 11, 20)), "/last"),
    ],
)
def test_an_absence_that_helps_nobody_is_refused(
    desk: TestApprovals, roster: Roster, wrong: Delegation, pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        roster.be_away(wrong, "person:s-1")

    assert pointer in {one.pointer for one in refused.value.problems}
    assert roster.absences().delegations == ()


def test_nobody_stands_in_for_somebody_who_decides_on_nothing(roster: Roster) -> None:
    with pytest.raises(LevelTooLow):
        roster.be_away(replace(AWAY, person="r-1"), "person:r-1")
