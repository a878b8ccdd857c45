"""Approval requests: bound to what was asked, decided once, by somebody who may, as of now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from agent_assist.core.approvals import (
    ApprovalPending,
    ApprovalSettled,
    ApprovalState,
    MayNotDecide,
    NoApprovalNeeded,
    NotAsShown,
    Pair,
    Ruling,
)
from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import InvalidInput, NotFound
from agent_assist.core.grants import OverHeadroom
from agent_assist.core.limits import LimitTable
from agent_assist.core.people import Delegation, OwnBenefit, Person, RepInactive
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.store.approvals.reading import Filter
from agent_assist.store.ledger.held import Held, plain_sums
from agent_assist.store.schema import ApprovalEnd, AuditEntry, GrantRow
from tests.approvals import LIFE, TestApprovals
from tests.builders import a_row
from tests.ledgers import NOON, ROWS, TestLedger, told

CUSTOMER = Budget(
    "customer", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 1000, "supervisor": 6000}
)

UNKNOWN = Person("nobody", "Nobody", "rep", "t-0")


@pytest.fixture
def desk(engine: Engine) -> TestApprovals:
    desk = TestApprovals.over(engine, TestLedger(engine, CUSTOMER))
    rows = (
        a_row("R1", rep=1000, supervisor=5000, manager=9000),
        a_row("R2", remedy="goodwill_credit", rep=1000, supervisor=5000, manager=9000),
    )
    limits = CompiledLimits(LimitTable(1, rows), desk.own.vocabulary)
    desk.own.terms = replace(desk.own.terms, limits=limits)
    return desk


def grants(desk: TestApprovals) -> int:
    with desk.own.sessions() as session:
        return session.query(GrantRow).count()


def test_what_is_approved_is_granted_at_the_same_moment(desk: TestApprovals) -> None:
    request = desk.request(1500)
    assert (request["state"], request["level"], request["routed_to"]) == (
        "pending", "supervisor", "s-1",
    )  # fmt: skip

    decided = desk.decide(request)

    grant, at = desk.own.ledger.find(str(decided["grant"]))
    assert (decided["state"], decided["granted"]) == ("approved", 1500)
    assert (grant.amount, grant.level, grant.parties.rep) == (1500, "supervisor", "r-1")
    assert grant.at == at == desk.find(request).end.at  # type: ignore[union-attr]
    with desk.own.sessions() as session:
        acts = [one.act for one in session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert acts[-3:] == ["approval.request", "grant.reserve", "approval.decide"]
    assert desk.own.audit.verify().is_sound


def test_less_may_be_approved_and_more_may_not(desk: TestApprovals) -> None:
    request = desk.request(1500)
    with pytest.raises(InvalidInput):
        desk.decide(request, amount=1501)
    assert grants(desk) == 0

    assert desk.decide(request, amount=1200)["granted"] == 1200


def test_a_refusal_grants_nothing(desk: TestApprovals) -> None:
    request = desk.request(1500)

    assert desk.decide(request, ruling=Ruling.REFUSE)["state"] == "refused"
    assert grants(desk) == 0


def test_an_approval_is_used_once(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.decide(request)

    for by in ("s-1", "s-2", "m-1"):
        with pytest.raises(ApprovalSettled):
            desk.decide(request, by=by)
    assert grants(desk) == 1


def test_a_request_ends_once_whatever_the_code_believes(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.decide(request)

    with desk.own.sessions() as session, pytest.raises(DBAPIError):
        session.execute(
            text(
                "INSERT INTO approval_ends (approval_id, seq, at, state, by, level)"
                " SELECT approval_id, 1, at, state, by, level FROM approval_ends"
            )
        )


@pytest.mark.parametrize("table", ["approvals", "approval_ends"])
def test_what_was_asked_and_said_cannot_be_rewritten_by_hand(
    desk: TestApprovals, table: str
) -> None:
    desk.decide(desk.request(1500))

    for statement in (f"UPDATE {table} SET amount = 1", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="immutable"), desk.own.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_decision_binds_to_what_was_shown(desk: TestApprovals) -> None:
    request, other = desk.request(1500), desk.request(1600, contact="k-2")

    with pytest.raises(NotAsShown):
        desk.decide(request | {"hash": other["hash"]})
    assert request["hash"] != other["hash"]
    assert grants(desk) == 0


def test_a_request_that_somebody_edited_is_approved_no_more(desk: TestApprovals) -> None:
    request = desk.request(1500)
    sqlite = desk.own.engine.dialect.name == "sqlite"
    with desk.own.engine.begin() as connection:
        connection.execute(
            text(
                "DROP TRIGGER approvals_update"
                if sqlite
                else "ALTER TABLE approvals DISABLE TRIGGER approvals_change"
            )
        )
        connection.execute(text("UPDATE approvals SET amount = 4000"))

    edited = str(desk.find(request).hash)
    assert edited != request["hash"]
    for shown in (request, request | {"hash": edited}):
        with pytest.raises(NotAsShown):
            desk.decide(shown)
    assert grants(desk) == 0


def test_nobody_decides_on_what_they_asked_for(desk: TestApprovals) -> None:
    request = desk.request(5500, level="supervisor", rep="s-1")
    assert request["routed_to"] == "m-1"
    desk.people.change("s-1", lambda one: replace(one, level="manager"), "test")

    with pytest.raises(MayNotDecide):
        desk.decide(request, by="s-1")


def test_nobody_decides_for_their_own_benefit(desk: TestApprovals) -> None:
    desk.people.change("s-1", lambda one: replace(one, customer="c-1"), "test")
    request = desk.request(1500)

    assert request["routed_to"] == "s-2"
    for ruling in Ruling:
        with pytest.raises(OwnBenefit):
            desk.decide(request, by="s-1", ruling=ruling)


@pytest.mark.parametrize("by", ["r-2", "nobody", "r-1"])
def test_nobody_decides_without_the_level(desk: TestApprovals, by: str) -> None:
    request = desk.request(1500)

    for ruling in Ruling:
        with pytest.raises(MayNotDecide):
            desk.decide(request, by=by, ruling=ruling, amount=None)
    assert desk.find(request).state(NOON) is ApprovalState.PENDING


def test_a_role_lost_between_request_and_decision_is_lost(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.people.change("s-1", lambda one: replace(one, level="rep"), "test")
    desk.people.change("m-1", lambda one: replace(one, active=False), "test")

    for by in ("s-1", "m-1"):
        with pytest.raises(MayNotDecide):
            desk.decide(request, by=by)
    assert desk.routed_to(request) == "s-2"
    assert desk.decide(request, by="s-2")["state"] == "approved"


def test_nothing_is_granted_to_who_asked_and_was_deactivated(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.people.change("r-1", lambda one: replace(one, active=False), "test")

    with pytest.raises(RepInactive):
        desk.decide(request)
    with pytest.raises(RepInactive):
        desk.request(1600, contact="k-9")


def test_a_limit_cut_since_the_request_counts_at_the_decision(desk: TestApprovals) -> None:
    request = desk.request(1500)
    cut = a_row("R1", rep=1000, supervisor=1400)
    desk.own.terms = replace(
        desk.own.terms, limits=CompiledLimits(LimitTable(1, (cut,)), desk.own.vocabulary)
    )

    with pytest.raises(OverHeadroom) as refused:
        desk.decide(request)
    assert refused.value.headroom == 1400
    assert desk.find(request).state(NOON) is ApprovalState.PENDING
    assert desk.decide(request, amount=1400)["granted"] == 1400


def test_a_budget_used_up_since_the_request_counts_at_the_decision(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.own.reserve(4600, level="supervisor", remedy="goodwill_credit", rep="x", contact="k-5")

    with pytest.raises(OverHeadroom) as refused:
        desk.decide(request)
    assert refused.value.headroom == 1400


def test_versions_published_since_the_request_are_those_it_is_decided_under(
    desk: TestApprovals,
) -> None:
    request = desk.request(1500)
    desk.own.publish(CUSTOMER)

    desk.decide(request)

    approval = desk.find(request)
    assert approval.end is not None
    assert approval.versions.budgets == 1
    assert approval.end.versions is not None
    assert approval.end.versions.budgets == 2
    assert approval.end.changed(approval.versions)


def in_yen(known: Vocabulary) -> Vocabulary:
    return replace(known, currency="JPY")


def in_percent(known: Vocabulary) -> Vocabulary:
    waiver = replace(known.remedies["fee_waiver"], unit=Unit.PERCENT)
    return replace(known, remedies={**known.remedies, "fee_waiver": waiver})


@pytest.mark.parametrize("changed", [in_yen, in_percent])
def test_an_amount_is_never_approved_in_another_currency_or_unit_than_it_was_asked_in(
    desk: TestApprovals, changed: Callable[[Vocabulary], Vocabulary]
) -> None:
    request = desk.request(1500)
    desk.own.vocabulary = changed(desk.own.vocabulary)
    desk.own.publish()

    with pytest.raises(ApprovalSettled, match="ask anew"):
        desk.decide(request)

    assert desk.find(request).end is None


def test_nothing_is_approved_past_a_budget_that_cannot_sum_it_up(desk: TestApprovals) -> None:
    request = desk.request(1500)  # without an order
    desk.own.publish(Budget("orders", Scope.ORDER, Window.LIFETIME, amounts={"supervisor": 100}))

    with pytest.raises(ApprovalSettled, match="orders sums up by order"):
        desk.decide(request)

    assert desk.own.used("orders", order="o-1") == (0, 0)


def test_what_needs_no_approval_is_not_asked(desk: TestApprovals) -> None:
    with pytest.raises(NoApprovalNeeded):
        desk.request(1000)
    assert desk.give_or_request(1000).status == 201
    assert grants(desk) == 1


def test_what_nobody_may_give_is_not_asked(desk: TestApprovals) -> None:
    with pytest.raises(OverHeadroom):
        desk.request(9001, remedy="goodwill_credit")


def test_a_grant_above_the_headroom_becomes_a_request_where_that_is_wanted(
    desk: TestApprovals,
) -> None:
    stored = desk.give_or_request(1500)

    assert (stored.status, told(stored)["state"]) == (202, "pending")
    assert desk.give_or_request(1400).status == 202
    desk.decide(told(stored))
    again = desk.give_or_request(1500)
    assert (again.status, told(again)["id"]) == (200, told(stored)["id"])


def test_an_unchanged_or_lower_repeat_gets_the_earlier_request_or_answer(
    desk: TestApprovals,
) -> None:
    first = desk.request(1500)

    assert desk.request(1500)["id"] == first["id"]
    assert desk.request(1400)["id"] == first["id"]
    with pytest.raises(ApprovalPending):
        desk.request(1501)
    assert desk.request(1500, contact="k-2")["id"] != first["id"]
    assert desk.request(1500, facts={"customer.months": 3})["id"] != first["id"]  # type: ignore[arg-type]
    desk.decide(first, amount=1450)
    assert desk.request(1450)["state"] == "approved"
    assert desk.request(1460)["id"] != first["id"]


def test_as_much_in_another_currency_is_no_repeat(desk: TestApprovals) -> None:
    first = desk.request(1500)
    own = desk.own
    own.vocabulary = replace(own.vocabulary, currency="USD")
    own.terms = replace(
        own.terms,
        vocabulary=own.vocabulary,
        limits=CompiledLimits(LimitTable(1, ROWS), own.vocabulary),
    )

    second = desk.request(1500)

    assert second["state"] == "pending"
    assert second["id"] != first["id"]
    with pytest.raises(ApprovalSettled):
        desk.decide(first)
    assert desk.decide(second)["state"] == "approved"


def test_a_refused_request_is_asked_again_only_when_something_changed(desk: TestApprovals) -> None:
    first = desk.request(1500)
    desk.decide(first, ruling=Ruling.REFUSE)

    assert desk.request(1500) == first | {"state": "refused", "routed_to": None}
    assert desk.request(1600)["id"] == first["id"]
    lower = desk.request(1400)
    assert lower["id"] != first["id"]
    desk.withdraw(lower)
    desk.own.publish(CUSTOMER)
    assert desk.request(1500)["state"] == "pending"


def test_an_approval_whose_grant_counts_no_more_answers_nothing(desk: TestApprovals) -> None:
    first = desk.request(1500)
    grant = str(desk.decide(first)["grant"])
    desk.own.void(grant)

    assert desk.request(1500)["id"] != first["id"]


def test_only_who_asked_may_withdraw(desk: TestApprovals) -> None:
    request = desk.request(1500)
    with pytest.raises(MayNotDecide):
        desk.withdraw(request, by="r-2")

    assert desk.withdraw(request)["state"] == "withdrawn"
    with pytest.raises(ApprovalSettled):
        desk.decide(request)
    with pytest.raises(NotFound):
        desk.withdraw(request | {"id": "apr_none"})


def test_a_request_falls_back_to_the_next_level_once_and_then_expires(desk: TestApprovals) -> None:
    request = desk.request(1500)
    desk.own.now = NOON + LIFE - timedelta(microseconds=1)
    assert desk.routed_to(request) == "s-1"

    desk.own.now = NOON + LIFE
    assert desk.routed_to(request) == "m-1"

    desk.own.now = NOON + 2 * LIFE
    assert desk.find(request).state(desk.own.now) is ApprovalState.EXPIRED
    with pytest.raises(ApprovalSettled):
        desk.decide(request)
    assert desk.store.expire() == 1
    assert desk.store.expire() == 0
    assert desk.find(request).end is not None
    assert desk.request(1500)["id"] != request["id"]


def test_an_absent_person_is_stood_in_for_by_somebody_who_may_decide_alone(
    desk: TestApprovals,
) -> None:
    away = date(2026, 11, 21)
    desk.people.delegate(Delegation("s-1", "r-2", away, away), "test")
    request = desk.request(1500)
    assert request["routed_to"] == "s-2"  # a delegation gives no authority
    with pytest.raises(MayNotDecide):
        desk.decide(request, by="r-2")

    desk.people.delegate(Delegation("s-1", "m-1", away, away), "test")
    assert desk.routed_to(request) == "m-1"
    desk.people.delegate(Delegation("m-1", "s-2", away, away), "test")
    assert desk.routed_to(request) == "s-2"  # nor is it passed on


def test_lists_show_what_waits_for_a_person(desk: TestApprovals) -> None:
    first = desk.request(1500)
    second = desk.request(3000, contact="k-2", remedy="goodwill_credit", team="t-1")
    decided = desk.request(1600, contact="k-3")
    desk.decide(decided, ruling=Ruling.REFUSE)
    sara = desk.people.find("s-1") or UNKNOWN
    vocabulary = desk.own.vocabulary

    def listed(wanted: Filter) -> list[str]:
        found = desk.store.page(wanted, vocabulary, limit=9, before=None)
        return [one.approval.id for one in found]

    assert listed(Filter()) == [decided["id"], second["id"], first["id"]]
    assert listed(Filter(state=ApprovalState.REFUSED)) == [decided["id"]]
    assert listed(Filter(team="t-2")) == []
    assert listed(Filter(contact="k-2")) == [second["id"]]
    assert listed(Filter(decider=sara, levels=("rep", "supervisor"))) == [
        second["id"], first["id"],
    ]  # fmt: skip
    assert listed(Filter(decider=replace(sara, customer="c-1"), levels=("supervisor",))) == []
    desk.own.now = NOON + 2 * LIFE
    assert set(listed(Filter(state=ApprovalState.EXPIRED))) == {first["id"], second["id"]}
    assert listed(Filter(state=ApprovalState.PENDING)) == []


def test_precedents_count_what_was_decided_in_like_cases(desk: TestApprovals) -> None:
    desk.decide(desk.request(1100, contact="k-2"))
    desk.decide(desk.request(1200, contact="k-3"), amount=1100)
    desk.decide(desk.request(1300, contact="k-4"), ruling=Ruling.REFUSE)
    request = desk.request(1500)

    found = desk.store.precedents(desk.find(request))

    assert (found.approved, found.lowered, found.refused) == (1, 1, 1)
    assert [one.amount for one in found.latest] == [1300, 1200, 1100]


def test_pairs_who_approve_for_each_other_are_shown(desk: TestApprovals) -> None:
    for rep, by in (("s-1", "m-1"), ("s-2", "m-1"), ("m-1", "s-1")):
        demoted = desk.people.change(rep, lambda one: replace(one, level="rep"), "test")
        desk.people.change(by, lambda one: replace(one, level="manager"), "test")
        request = desk.request(1500, rep=rep, contact=rep, customer=f"c-{rep}", team=demoted.team)
        desk.decide(request, by=by)

    assert desk.store.pairs() == (Pair("m-1", "s-1", 1, 1),)


def test_the_ledger_adds_up_what_approvals_granted(desk: TestApprovals) -> None:
    desk.decide(desk.request(1500))
    desk.decide(desk.request(1600, contact="k-2"), amount=1100)

    found, at = desk.own.ledger.page(limit=9, before=None, customer=None, contact=None)
    sums = plain_sums(Held(found), (CUSTOMER,), found[0].parties, at, desk.own.vocabulary)
    assert sums["customer"].amount == desk.own.used("customer")[0] == 2600
    with desk.own.sessions() as session:
        assert session.query(ApprovalEnd).count() == 2
