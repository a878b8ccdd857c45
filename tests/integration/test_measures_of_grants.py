"""Figures of grants and requests say what a look at each of them does, whatever is done to them."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from agent_assist.core.approvals import Approval, ApprovalState, Ruling
from agent_assist.core.grants import Grant
from agent_assist.core.measures import WAITS, ApprovalsBy, GrantsBy, Wanted, most_waited
from agent_assist.core.money import Money
from agent_assist.core.vocabulary import Unit
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.store.database import Database
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.given import GivenStore
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.reading import MeasureStore
from tests.approvals import TestApprovals
from tests.ledgers import NOON, TestLedger

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
ALL = Wanted(FIRST, LAST)


class Till:
    """Who gives, asks, decides and takes back."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine, zone="Asia/Kathmandu")
        self.approvals = TestApprovals.over(engine, self.own)
        database = Database(self.own.sessions)
        measurer = Measurer(
            FigureStore(database, lambda _: self.own.now, logs=timedelta(days=90)),
            MeasureStore(database),
            now=lambda: self.own.now,
            seconds=lambda: 0.0,
        )
        self.measurer = GrantMeasurer(measurer, GivenStore(database))
        self.basis = Basis(1, self.own.vocabulary)
        self.granted: list[str] = []
        self.asked: list[dict[str, object]] = []

    def give(self, amount: int = 100, **more: str) -> str:
        self.granted.append(self.own.reserve(amount, **({"rep": "x-1"} | more)))
        return self.granted[-1]

    def ask(self, amount: int = 1500, **more: str) -> dict[str, object]:
        contact = f"k-{next(self.own.contacts)}"
        self.asked.append(self.approvals.request(amount, contact=contact, **more))
        return self.asked[-1]

    def decide(self, request: dict[str, object], ruling: Ruling, amount: int | None = None) -> None:
        grant = self.approvals.decide(request, ruling=ruling, amount=amount)["grant"]
        if grant is not None:
            self.granted.append(str(grant))

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.basis.vocabulary.time_zone)).date()


@pytest.fixture
def till(engine: Engine) -> Till:
    return Till(engine)


def act(till: Till, rng: random.Random) -> None:
    till.own.now += timedelta(minutes=rng.choice((1, 7, 400)))
    what = rng.choice(
        ("give", "give", "give", "capture", "capture", "void", "ask", "ask", "decide")
    )
    pending = [one for one in till.asked if state(till, one) is ApprovalState.PENDING]
    if what == "give":
        remedy = rng.choice(("fee_waiver", "goodwill_credit", "courier_card"))
        amount = 1 if remedy == "courier_card" else rng.choice((50, 300))
        till.give(amount, remedy=remedy, team=rng.choice(("t-1", "t-2")))
    elif what == "capture" and (of := reserved(till)):
        one = rng.choice(of)
        till.own.capture(one.id, rng.choice((one.left, max(one.left // 2, 1))))
    elif what == "void" and (
        of := [one for one in grants(till) if one.captured and one.unit is Unit.MONEY]
    ):
        one = rng.choice(of)
        if one.left:
            till.own.void(one.id, rng.choice((one.left, 1)))
    elif what == "ask":
        till.ask(rng.choice((1500, 2500)))
    elif what == "decide" and pending:
        ruling = rng.choice((Ruling.APPROVE, Ruling.APPROVE, Ruling.REFUSE))
        less = rng.choice((None, 1200)) if ruling is Ruling.APPROVE else None
        till.decide(rng.choice(pending), ruling, less)
    till.approvals.store.expire()


def grants(till: Till) -> list[Grant]:
    return [till.own.ledger.find(one)[0] for one in till.granted]


def reserved(till: Till) -> list[Grant]:
    return [one for one in grants(till) if not one.entries and till.own.now < one.expires_at]


def found(till: Till, one: dict[str, object]) -> Approval:
    return till.approvals.store.find(str(one["id"]), till.own.vocabulary).approval


def state(till: Till, one: dict[str, object]) -> ApprovalState:
    return found(till, one).state(till.own.now)


GRANT_KEYS: dict[GrantsBy, Callable[[Till, Grant], object]] = {
    GrantsBy.DAY: lambda till, one: till.day(one.at).isoformat(),
    GrantsBy.WEEK: lambda till, one: monday(till.day(one.at)),
    GrantsBy.ISSUE: lambda _, one: one.issue,
    GrantsBy.REMEDY: lambda _, one: one.remedy,
    GrantsBy.TEAM: lambda _, one: one.parties.team,
    GrantsBy.LEVEL: lambda _, one: one.level,
    GrantsBy.ROW: lambda _, one: {
        "fee_waiver": "R1", "goodwill_credit": "R2", "courier_card": "R3",
    }[one.remedy],
}  # fmt: skip
APPROVAL_KEYS: dict[ApprovalsBy, Callable[[Till, Approval], object]] = {
    ApprovalsBy.DAY: lambda till, one: till.day(one.at).isoformat(),
    ApprovalsBy.WEEK: lambda till, one: monday(till.day(one.at)),
    ApprovalsBy.ISSUE: lambda _, one: one.issue,
    ApprovalsBy.REMEDY: lambda _, one: one.remedy,
    ApprovalsBy.TEAM: lambda _, one: one.parties.team,
    ApprovalsBy.LEVEL: lambda _, one: one.rep_level,
}


def monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def grants_by_hand(till: Till, by: GrantsBy, team: str | None) -> dict[object, list[int]]:
    counted: dict[object, list[int]] = defaultdict(lambda: [0] * 5)
    for one in grants(till):
        if team in (None, one.parties.team):
            stands = one.captured is not None and one.left > 0
            money = one.left if stands and one.unit is Unit.MONEY else 0
            figures = (1, stands, one.voided > 0, money, stands and one.unit is not Unit.MONEY)
            for key in (GRANT_KEYS[by](till, one), "total"):
                counted[key] = [a + b for a, b in zip(counted[key], figures, strict=True)]
    return counted


def approvals_by_hand(till: Till, by: ApprovalsBy) -> dict[object, tuple[Counter[str], list[int]]]:
    counted: dict[object, tuple[Counter[str], list[int]]] = {}
    voided = {one.id for one in grants(till) if one.voided}
    for asked in till.asked:
        one = found(till, asked)
        for key in (APPROVAL_KEYS[by](till, one), "total"):
            states, more = counted.setdefault(key, (Counter(), [0, 0]))
            states[one.state(till.own.now).value] += 1
            if one.end is not None and one.end.amount is not None:
                more[0] += one.end.amount < one.amount
                more[1] += one.end.grant in voided
    return counted


def test_figures_equal_a_full_recomputation_after_any_acts(till: Till) -> None:
    rng = random.Random(5)
    for _ in range(14):
        for _ in range(rng.randint(2, 8)):
            act(till, rng)
        by, team = rng.choice(list(GrantsBy)), rng.choice((None, "t-1"))
        wanted = Wanted(FIRST, LAST, team=team)
        asked_by = rng.choice(list(ApprovalsBy))

        given = till.measurer.grants(till.basis, wanted, by)
        asked = till.measurer.approvals(till.basis, ALL, asked_by)

        kinds = {one.key: one for one in given.items} | {"total": given.total}
        told = {
            key: [
                one.reserved, one.given.count, one.taken_back.count,
                sum(money.minor for money in one.spend), one.others,
            ]
            for key, one in kinds.items()
        }  # fmt: skip
        assert told == {"total": [0] * 5} | grants_by_hand(till, by, team), by
        states = {
            key: (
                Counter({state.value: n for state, n in one.states.items() if n}),
                [one.cut.count, one.taken_back.count],
            )
            for key, one in ({one.key: one for one in asked.items} | {"total": asked.total}).items()
        }
        assert states == {"total": (Counter(), [0, 0])} | approvals_by_hand(till, asked_by)
        assert (given.pending, asked.pending) == (0, 0)


def test_spend_is_what_was_captured_and_not_taken_back(till: Till) -> None:
    till.own.capture(till.give(500), 300)
    till.own.void(till.granted[0], 100)
    till.give(700)  # nobody captures it

    told = till.measurer.grants(till.basis, ALL, GrantsBy.ROW).items[0]

    assert (told.key, told.reserved, told.spend) == ("R1", 2, (Money(200, "EUR"),))
    assert (told.given.count, told.taken_back.count) == (1, 1)


def test_waiting_is_told_by_the_stretch_that_half_and_nine_of_ten_were_decided_in(
    till: Till,
) -> None:
    for seconds in (10, 40, 50):
        request = till.ask()
        till.own.now = NOON + timedelta(seconds=seconds)
        till.decide(request, Ruling.APPROVE)

    told = till.measurer.approvals(till.basis, ALL, ApprovalsBy.LEVEL).total

    assert (told.waited, told.waited_long) == (15, 30)
    assert told.approved.interval is not None


def test_how_long_a_share_waited_is_the_end_of_the_stretch_it_lies_in() -> None:
    assert most_waited({}) is None
    assert most_waited({0: 1, 3: 1}) == 15
    assert most_waited({0: 1, 3: 2}) == 120
    assert most_waited({len(WAITS): 3, 0: 1}) is None
    assert most_waited({0: 9, 1: 1}, 0.9) == 15
