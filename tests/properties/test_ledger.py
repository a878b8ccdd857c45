"""The ledger does what a small model of it does, whatever is asked in whatever order.

The model adds up in the plainest way, in integers, and knows nothing of the ledger's code.
LEDGER_EXAMPLES and LEDGER_STEPS set how long it tries.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import StaticPool, create_engine

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import OneOf
from agent_assist.core.errors import GrantSettled, InvalidInput, KeyReused
from agent_assist.core.grants import GrantAsked, OverHeadroom, Parties
from agent_assist.store.database import configure
from agent_assist.store.ledger.subtotals import differing
from agent_assist.store.schema import Base
from tests.ledgers import HOLD, NOON, TestLedger, answer, told

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "150"))
STEPS = int(os.environ.get("LEDGER_STEPS", "30"))
CEILINGS = {"rep": 1000, "supervisor": 5000, "manager": 4000}
LENGTHS = {Window.DAYS_7: timedelta(days=7), Window.DAYS_30: timedelta(days=30)}
CUSTOMERS, REPS, TEAMS = ("c-1", "c-2"), ("r-1", "r-2"), (None, "t-1", "t-2")
TIERS = (None, "gold", "basic")
# An order may be talked about in several contacts, and a contact may be about several orders.
PLACES = (
    ("k-1", None), ("k-1", "o-1"), ("k-2", "o-1"), ("k-2", "o-2"), (None, "o-2"), ("k-3", None),
)  # fmt: skip
REMEDIES = ("fee_waiver", "goodwill_credit", "fee_discount")
IRREVERSIBLE = "fee_discount"
EXCLUSIVE = {"fee_waiver": "goodwill_credit", "goodwill_credit": "fee_waiver"}


def budgets(week: int, number: int, day: int) -> tuple[Budget, ...]:
    """Caps on several scopes and windows, tight enough for a few grants to meet them."""
    return (
        Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": week, "supervisor": 4000}),
        Budget("number", Scope.CUSTOMER, Window.DAYS_30, counts={"rep": number, "supervisor": 6}),
        Budget("day", Scope.REP, Window.DAY, amounts={"rep": day, "supervisor": 5000}),
        Budget("month", Scope.ORGANISATION, Window.MONTH, amounts={"rep": 6000}),
        Budget("team", Scope.TEAM, Window.DAYS_7, amounts={"rep": 4000}, counts={"rep": 9}),
        Budget("ever", Scope.ORGANISATION, Window.LIFETIME, remedies=frozenset({"fee_waiver"})),
        Budget(
            "contact", Scope.CONTACT, Window.CONTACT,
            remedies=frozenset({"goodwill_credit"}), amounts={"rep": 900}, counts={"rep": 2},
        ),
        Budget(
            "gold", Scope.CUSTOMER, Window.DAYS_30,
            conditions={"customer.tier": OneOf(frozenset({"gold"}))}, amounts={"rep": 1200},
        ),
    )  # fmt: skip


@dataclass
class Given:
    """What the model knows of a grant."""

    at: datetime
    amount: int
    remedy: str
    customer: str
    contact: str | None
    rep: str
    order: str | None = None
    team: str | None = None
    left: int = 0
    captured: bool = False

    def __post_init__(self) -> None:
        self.left = self.amount

    def of(self, scope: Scope) -> str | None:
        match scope:
            case Scope.ORDER:
                return self.order
            case Scope.CUSTOMER:
                return self.customer
            case Scope.CONTACT:
                return self.contact
            case Scope.REP:
                return self.rep
            case Scope.TEAM:
                return self.team
        return ""

    def counts(self, now: datetime) -> int:
        return self.left if self.captured or now < self.at + HOLD else 0


@dataclass
class Model:
    """All grants and the teams whose brake is pulled (empty for all), and nothing else."""

    grants: dict[str, Given] = field(default_factory=dict)
    pulled: set[str] = field(default_factory=set)

    def used(self, budget: Budget, like: Given, now: datetime) -> tuple[int, int]:
        counted = [
            (grant.remedy != "fee_discount", grant.counts(now))
            for grant in self.grants.values()
            if grant.of(budget.scope) == like.of(budget.scope)
            and (not budget.remedies or grant.remedy in budget.remedies)
            and in_window(budget.window, grant.at, now)
            and grant.counts(now)
        ]
        return sum(amount for money, amount in counted if money), len(counted)

    def given(self, remedy: str, like: Given, now: datetime) -> int:
        """What stands on the order or in the contact, whichever holds more."""
        sums = [
            sum(
                grant.counts(now)
                for grant in self.grants.values()
                if grant.of(scope) == mine and grant.remedy == remedy
            )
            for scope in (Scope.ORDER, Scope.CONTACT)
            if (mine := like.of(scope)) is not None
        ]
        return max(sums)

    def stopped(self, team: str | None) -> bool:
        if "" in self.pulled:
            return True
        return bool(self.pulled) if team is None else team in self.pulled

    def headroom(
        self, table: Sequence[Budget], like: Given, level: str, now: datetime, tier: str | None
    ) -> int:
        """The most that may be granted; everything is allowed up to its row's ceiling."""
        if level != "manager" and self.stopped(like.team):
            return 0
        other = EXCLUSIVE.get(like.remedy)
        if other is not None and self.given(other, like, now):
            return 0
        least = max(CEILINGS[level] - self.given(like.remedy, like, now), 0)
        for budget in table:
            if budget.remedies and like.remedy not in budget.remedies:
                continue
            if like.of(budget.scope) is None:
                continue  # the use case demands the id; the ledger cannot add up by it
            if budget.conditions and tier not in (None, "gold"):
                continue  # it caps nobody else, and counts what everybody was given
            amount, number = self.used(budget, like, now)
            if level in budget.amounts and like.remedy != "fee_discount":
                least = min(least, max(budget.amounts[level] - amount, 0))
            if level in budget.counts and number >= budget.counts[level]:
                least = 0
        return least


def in_window(window: Window, at: datetime, now: datetime) -> bool:
    match window:
        case Window.DAY:
            return at.date() >= now.date()
        case Window.MONTH:
            return (at.year, at.month) >= (now.year, now.month)
        case Window.CONTACT | Window.LIFETIME:
            return True
    return now - at < LENGTHS[window]


class LedgerMachine(RuleBasedStateMachine):
    """The ledger beside its model."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        configure(self.engine)
        Base.metadata.create_all(self.engine)
        self.table = budgets(2000, 4, 1500)
        self.ledger = TestLedger(self.engine, *self.table)
        self.model = Model()
        self.sent: list[tuple[str, GrantAsked, bytes]] = []

    def teardown(self) -> None:
        assert self.ledger.audit.verify().is_sound
        self.engine.dispose()

    @rule(
        amount=st.sampled_from((1, 100, 300, 500, 900, 1000, 1001, 2500)),
        remedy=st.sampled_from(REMEDIES),
        level=st.sampled_from(("rep", "rep", "supervisor", "manager")),
        customer=st.sampled_from(CUSTOMERS),
        place=st.sampled_from(PLACES),
        rep=st.sampled_from(REPS),
        team=st.sampled_from(TEAMS),
        tier=st.sampled_from(TIERS),
    )
    def reserve(
        self,
        amount: int,
        remedy: str,
        level: str,
        customer: str,
        place: tuple[str | None, str | None],
        rep: str,
        team: str | None,
        tier: str | None,
    ) -> None:
        contact, order = place
        given = Given(self.ledger.now, amount, remedy, customer, contact, rep, order, team)
        most = self.model.headroom(self.table, given, level, self.ledger.now, tier)
        key = f"s{len(self.sent)}"
        asked = self.ledger.asked(
            amount, remedy=remedy, level=level, facts={"customer.tier": tier} if tier else {},
            customer=customer, contact=contact, order=order, rep=rep, team=team,
        )  # fmt: skip
        try:
            stored = self.ledger.ledger.reserve(
                asked, self.ledger.terms, self.ledger.once(key, asked), answer
            )
        except OverHeadroom as refused:
            told_left = refused.headroom
        else:
            assert amount <= most
            self.model.grants[str(told(stored)["id"])] = given
            self.sent.append((key, asked, stored.body))
            return
        assert amount > most
        assert told_left == most

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        key, asked, body = data.draw(st.sampled_from(self.sent))
        stored = self.ledger.ledger.reserve(
            asked, self.ledger.terms, self.ledger.once(key, asked), answer
        )
        assert (stored.body, stored.replayed) == (body, True)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def retry_with_another_request(self, data: st.DataObject) -> None:
        key, asked, _ = data.draw(st.sampled_from(self.sent))
        try:
            self.ledger.ledger.reserve(
                asked, self.ledger.terms, self.ledger.once(key, "another"), answer
            )
        except KeyReused:
            return
        raise AssertionError("the key of another request was taken")

    @precondition(lambda self: self.model.grants)
    @rule(data=st.data(), share=st.sampled_from((None, 1, 100, 300, 1000)))
    def capture(self, data: st.DataObject, share: int | None) -> None:
        grant_id = data.draw(st.sampled_from(list(self.model.grants)))
        grant = self.model.grants[grant_id]
        open_ = not grant.captured and grant.counts(self.ledger.now) > 0
        amount = grant.left if share is None else share
        try:
            self.ledger.capture(grant_id, share)
        except GrantSettled:
            assert not open_
            return
        except InvalidInput:
            assert open_
            assert amount > grant.left
            return
        assert open_
        assert amount <= grant.left
        grant.captured, grant.left = True, amount

    @precondition(lambda self: self.model.grants)
    @rule(data=st.data(), share=st.sampled_from((None, 1, 100, 300, 1000)))
    def void(self, data: st.DataObject, share: int | None) -> None:
        grant_id = data.draw(st.sampled_from(list(self.model.grants)))
        grant = self.model.grants[grant_id]
        held = grant.counts(self.ledger.now)
        amount = grant.left if share is None else share
        final = grant.captured and grant.remedy == IRREVERSIBLE
        try:
            self.ledger.void(grant_id, share)
        except GrantSettled:
            assert held == 0 or final
            return
        except InvalidInput:
            assert 0 < held < amount
            return
        assert not final
        assert amount <= held
        grant.left -= amount

    @rule(
        step=st.sampled_from(
            (
                timedelta(microseconds=1),
                timedelta(minutes=1),
                HOLD,
                timedelta(hours=12),
                timedelta(days=1),
                timedelta(days=7),
                timedelta(days=7) - timedelta(microseconds=1),
                timedelta(days=30),
            )
        )
    )
    def wait(self, step: timedelta) -> None:
        self.ledger.now += step

    @precondition(lambda self: self.model.grants)
    @rule(
        data=st.data(),
        length=st.sampled_from((HOLD, *LENGTHS.values())),
        before=st.sampled_from((timedelta(0), timedelta(microseconds=1))),
    )
    def wait_until_a_grant_leaves_a_window(
        self, data: st.DataObject, length: timedelta, before: timedelta
    ) -> None:
        # Captured ones first: only they are still there when a long window ends.
        grants = list(self.model.grants.values())
        grant = data.draw(st.sampled_from([one for one in grants if one.captured] or grants))
        self.ledger.now = max(self.ledger.now, grant.at + length - before)

    @rule(
        week=st.sampled_from((0, 500, 2000, 3000)),
        number=st.integers(1, 5),
        day=st.sampled_from((300, 1500, 4000)),
    )
    def publish(self, week: int, number: int, day: int) -> None:
        self.table = budgets(week, number, day)
        self.ledger.publish(*self.table)

    @rule(team=st.sampled_from(("", "t-1", "t-2")))
    def pull_the_brake(self, team: str) -> None:
        self.ledger.pull(team)
        self.model.pulled.add(team)

    @precondition(lambda self: self.model.pulled)
    @rule(data=st.data())
    def release_the_brake(self, data: st.DataObject) -> None:
        team = data.draw(st.sampled_from(sorted(self.model.pulled)))
        self.ledger.release(team)
        self.model.pulled.remove(team)

    @invariant()
    def sums_are_the_models(self) -> None:
        now = self.ledger.now
        for customer, rep, team, (contact, order) in zip(
            CUSTOMERS, REPS, TEAMS[1:], PLACES[1:3], strict=True
        ):
            like = Given(NOON, 1, "", customer, contact, rep, order, team)
            ids = Parties(contact, order, customer, rep, team)
            found = self.ledger.ledger.use(self.ledger.terms, ids)
            for budget in self.table:
                assert found.used[budget.key] == self.model.used(budget, like, now), budget.key
            for remedy in REMEDIES:
                held = found.given[remedy].amount if remedy in found.given else 0
                assert held == self.model.given(remedy, like, now), remedy
        with self.ledger.sessions() as session:
            assert list(differing(session)) == []


LedgerMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    suppress_health_check=list(HealthCheck),
)
TestLedgerMachine = LedgerMachine.TestCase
