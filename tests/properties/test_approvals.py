"""Requests do what a small model of them does, whatever happens in whatever order.

The model knows rows' ceilings by level, one budget, who is there, who stands in for whom, and the
clock; nothing of the code's. It begins shortly before midnight, so that a day ends while requests
are open.
APPROVALS_EXAMPLES and APPROVALS_STEPS set how long it tries.
"""

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import StaticPool, create_engine, text

from agent_assist.core.approvals import (
    ApprovalPending,
    ApprovalSettled,
    ApprovalState,
    MayNotDecide,
    NoApprovalNeeded,
    NotAsShown,
    Ruling,
)
from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.grants import OverHeadroom
from agent_assist.core.people import Delegation, RepInactive
from agent_assist.store.database import Database, configure
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.schema import ApprovalEnd, Base, GrantRow
from tests.approvals import LIFE, TestApprovals
from tests.ledgers import NOON, TestLedger

EXAMPLES = int(os.environ.get("APPROVALS_EXAMPLES", "40"))
STEPS = int(os.environ.get("APPROVALS_STEPS", "40"))
CEILINGS = {"rep": 1000, "supervisor": 5000, "manager": 4000}
MOST = {"rep": 3000, "supervisor": 9000}
RANK = {"rep": 0, "supervisor": 1, "manager": 2}
CASES = ("k-1", "k-2", "k-3", "k-4")
RULINGS = (Ruling.APPROVE, Ruling.APPROVE, Ruling.APPROVE, Ruling.REFUSE, None)
BEFORE_MIDNIGHT = NOON + timedelta(hours=11, minutes=50)
TEAM = {"s-1": "t-1", "s-2": "t-1", "m-1": "t-9"}
APART = st.sampled_from((0, 0, 0, -1, 1))  # days from today
DECIDERS = ("s-1", "s-1", "s-2", "s-2", "m-1", "m-1", "r-1", "r-2")  # mostly those who may


@dataclass
class Asked:
    """What the model knows of a request."""

    told: dict[str, object]
    contact: str
    amount: int
    at: datetime
    until: datetime
    end: str | None = None
    granted: int = 0

    def state(self, now: datetime) -> str:
        return self.end or ("pending" if now < self.until else "expired")


class ApprovalMachine(RuleBasedStateMachine):
    """Requests beside their model."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        configure(self.engine)
        Base.metadata.create_all(self.engine)
        budget = Budget("customer", Scope.CUSTOMER, Window.DAYS_30, amounts=MOST)
        own = TestLedger(self.engine, budget)
        own.now = BEFORE_MIDNIGHT
        own.ledger = Ledger(Database(own.sessions), lambda _: own.now, hold=timedelta(days=7))
        self.desk = TestApprovals.over(self.engine, own)
        self.asked: list[Asked] = []
        self.level = {"s-1": "supervisor", "s-2": "supervisor", "m-1": "manager"}
        self.level |= {"r-1": "rep", "r-2": "rep"}
        self.left: set[str] = set()
        self.delegations: list[Delegation] = []

    def teardown(self) -> None:
        assert self.desk.own.audit.verify().is_sound
        self.engine.dispose()

    @property
    def now(self) -> datetime:
        return self.desk.own.now

    def room(self, level: str, contact: str) -> int:
        """What a level may give in a contact: its ceiling and the budget, less what was given.

        No reservation of these tests expires.
        """
        in_contact = sum(one.granted for one in self.asked if one.contact == contact)
        by_all = sum(one.granted for one in self.asked)
        return max(min(CEILINGS[level] - in_contact, MOST.get(level, 10**9) - by_all), 0)

    def needed(self, amount: int, contact: str) -> str | None:
        """The lowest level above a rep's that may give an amount; None for nobody."""
        above = ("supervisor", "manager")
        return next((one for one in above if amount <= self.room(one, contact)), None)

    def goes_to(self, one: Asked) -> str | None:
        """The first who may decide, or who stands in for them today and may as well."""
        needed = RANK[str(one.told["level"])]
        may = {
            who: RANK[self.level[who]]
            for who in TEAM
            if who not in self.left and RANK[self.level[who]] >= needed
        }
        first = sorted(may, key=lambda who: (may[who], TEAM[who] != "t-1", who))
        if self.now >= one.at + LIFE:
            above = [who for who in first if may[who] > needed]
            first = above + first
        today = self.now.date()
        away = {d.person: d.substitute for d in self.delegations if d.first <= today <= d.last}
        for who in first:
            if who not in away:
                return who
            if away[who] in may and away[who] not in away:
                return away[who]
        return None

    def drawn(self, data: st.DataObject) -> Asked:
        """One of the requests; mostly one that is open."""
        pending = [one for one in self.asked if one.state(self.now) == "pending"]
        return data.draw(st.sampled_from(pending * 3 + self.asked))

    @initialize()
    def begin(self) -> None:
        """Every run begins with something to decide on."""
        for contact in CASES[:3]:
            self.ask(contact, 1200)

    @rule(contact=st.sampled_from(CASES), amount=st.sampled_from((500, 1001, 1200, 1500, 3000)))
    def ask(self, contact: str, amount: int) -> None:
        newest = next((one for one in reversed(self.asked) if one.contact == contact), None)
        state = newest.state(self.now) if newest else None
        try:
            told = self.desk.request(amount, contact=contact)
        except RepInactive:
            assert "r-1" in self.left
            return
        except NoApprovalNeeded:
            assert amount <= self.room("rep", contact)
            return
        except ApprovalPending:
            assert newest is not None
            assert (state, amount > newest.amount) == ("pending", True)
            return
        except OverHeadroom:
            assert self.needed(amount, contact) is None
            return
        assert "r-1" not in self.left
        assert amount > self.room("rep", contact)
        known = [one for one in self.asked if one.told["id"] == told["id"]]
        if known:
            assert known == [newest]
            assert told["state"] == state
            answered = {
                "pending": amount <= known[0].amount,
                "approved": amount <= known[0].granted,
                "refused": amount >= known[0].amount,
            }
            assert answered[str(state)]
        else:
            assert state != "pending"
            assert told["level"] == self.needed(amount, contact)
            turns = 1 if told["level"] == "manager" else 2
            self.asked.append(Asked(told, contact, amount, self.now, self.now + turns * LIFE))

    @rule(
        data=st.data(),
        by=st.sampled_from(DECIDERS),
        ruling=st.sampled_from(RULINGS),
        share=st.sampled_from((None, None, 1, 300)),
    )
    def rule_on(
        self, data: st.DataObject, by: str, ruling: Ruling | None, share: int | None
    ) -> None:
        one = self.drawn(data)
        if ruling is None:
            self.withdraw(one, by)
            return
        if ruling is Ruling.REFUSE:
            share = None
        may = (
            by != "r-1"
            and by not in self.left
            and RANK[self.level[by]] >= RANK[str(one.told["level"])]
        )
        room = self.room(self.level[by], one.contact)
        try:
            told = self.desk.decide(one.told, by=by, ruling=ruling, amount=share)
        except ApprovalSettled:
            assert one.state(self.now) != "pending"
            return
        except MayNotDecide:
            assert not may
            return
        except RepInactive:
            assert "r-1" in self.left
            return
        except OverHeadroom:
            assert ruling is Ruling.APPROVE
            assert (share or one.amount) > room
            return
        assert may
        assert one.state(self.now) == "pending"
        assert "r-1" not in self.left
        one.end = "approved" if ruling is Ruling.APPROVE else "refused"
        assert told["state"] == one.end
        if ruling is Ruling.APPROVE:
            assert (share or one.amount) <= room
            one.granted = share or one.amount

    def withdraw(self, one: Asked, by: str) -> None:
        try:
            self.desk.withdraw(one.told, by=by)
        except ApprovalSettled:
            assert one.state(self.now) != "pending"
            return
        except MayNotDecide:
            assert by != "r-1"
            return
        assert (by, one.state(self.now)) == ("r-1", "pending")
        one.end = "withdrawn"

    @rule(who=st.sampled_from(("s-1", "s-2")), level=st.sampled_from(("rep", "supervisor")))
    def promote(self, who: str, level: str) -> None:
        self.desk.people.change(who, lambda person: replace(person, level=level), "test")
        self.level[who] = level

    @rule(who=st.sampled_from(("s-1", "m-1", "r-1")), active=st.sampled_from((True, True, False)))
    def come_and_go(self, who: str, active: bool) -> None:
        self.desk.people.change(who, lambda person: replace(person, active=active), "test")
        self.left = self.left - {who} if active else self.left | {who}

    @rule(data=st.data(), by=st.sampled_from(DECIDERS), edited=st.booleans())
    def rule_on_what_was_not_asked(self, data: st.DataObject, by: str, edited: bool) -> None:
        """Shown another request's hash, or of a request that somebody edits in the database."""
        one, other = self.drawn(data), data.draw(st.sampled_from(self.asked))
        if one is other and not edited:
            return
        self.edit(one, 1 if edited else 0)
        try:
            self.desk.decide(one.told if edited else one.told | {"hash": other.told["hash"]}, by=by)
        except NotAsShown:
            assert one.state(self.now) == "pending"
        except ApprovalSettled:
            assert one.state(self.now) != "pending"
        else:
            raise AssertionError("it was decided on")
        finally:
            self.edit(one, 0)

    def edit(self, one: Asked, more: int) -> None:
        edit = text("UPDATE approvals SET amount = :amount WHERE id = :id")
        with self.engine.begin() as connection:
            connection.execute(edit, {"amount": one.amount + more, "id": one.told["id"]})

    @rule(
        who=st.sampled_from(tuple(TEAM)),
        substitute=st.sampled_from(DECIDERS),
        first=APART,
        last=APART,
    )
    def stand_in(self, who: str, substitute: str, first: int, last: int) -> None:
        if who == substitute:
            return
        today = self.now.date()
        days = sorted((today + timedelta(days=first), today + timedelta(days=last)))
        self.delegations.append(Delegation(who, substitute, *days))
        self.desk.people.delegate(self.delegations[-1], "test")

    @rule(who=st.sampled_from(tuple(TEAM)))
    def come_back(self, who: str) -> None:
        ended = self.desk.people.end_delegations(who, "test")
        kept = [one for one in self.delegations if one.person != who]
        assert ended == len(self.delegations) - len(kept)
        self.delegations = kept

    @rule(minutes=st.sampled_from((1, 1, 7, 15)))
    def wait(self, minutes: int) -> None:
        self.desk.own.now += timedelta(minutes=minutes)

    @rule()
    def expire(self) -> None:
        due = [one for one in self.asked if one.end is None and one.until <= self.now]
        assert self.desk.store.expire() == len(due)
        for one in due:
            one.end = "expired"

    @invariant()
    def every_request_stands_as_the_model_says(self) -> None:
        for one in self.asked:
            shown = self.desk.store.find(str(one.told["id"]), self.desk.own.vocabulary)
            state = one.state(self.now)
            assert shown.approval.state(self.now) == ApprovalState(state)
            routed_to = self.goes_to(one) if state == "pending" else None
            assert (shown.routed_to and shown.routed_to.id) == routed_to

    @invariant()
    def every_approval_is_one_grant(self) -> None:
        with self.desk.own.sessions() as session:
            granted = session.query(GrantRow).count()
            ends = session.query(ApprovalEnd).filter(ApprovalEnd.grant_id.is_not(None)).count()
        assert granted == ends == sum(one.end == "approved" for one in self.asked)


ApprovalMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    suppress_health_check=list(HealthCheck),
)
TestApprovalMachine = ApprovalMachine.TestCase
