"""Who may decide, and whom a request goes to: every pair of roles, against an oracle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.approvals import (
    Approval,
    ApprovalState,
    End,
    Ruling,
    RulingReason,
    answers,
)
from agent_assist.core.deciders import may_decide, route
from agent_assist.core.grants import Parties
from agent_assist.core.people import Delegation, Person
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Unit

LADDER = ("rep", "senior", "supervisor", "manager")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 21)
LIFE = timedelta(minutes=15)
VERSIONS = Versions(1, 1, 1)
CUSTOMERS = (None, "c-1", "c-2")


def an_approval(
    level: str = "supervisor",
    *,
    rep: str = "r-1",
    customer: str | None = "c-1",
    amount: int = 1500,
    end: End | None = None,
) -> Approval:
    top = level == LADDER[-1]
    return Approval(
        id="apr_1",
        at=NOW,
        falls_back_at=None if top else NOW + LIFE,
        expires_at=NOW + (LIFE if top else 2 * LIFE),
        parties=Parties("k-1", "o-1", customer, rep, "t-1"),
        rep_level="rep",
        level=level,
        issue="fee",
        remedy="waiver",
        unit=Unit.MONEY,
        amount=amount,
        currency="EUR",
        reason_code="first_time",
        comment=None,
        versions=VERSIONS,
        suggestion=None,
        key="key1",
        facts={},
        case="case",
        end=end,
    )


def oracle(person: Person, approval: Approval) -> bool:
    """The rule, said in another way: six reasons to say no."""
    order = {"rep": 1, "senior": 2, "supervisor": 3, "manager": 4}
    left = not person.active
    asked = person.id == approval.parties.rep
    gains = person.customer is not None and person.customer == approval.parties.customer
    too_low = order.get(person.level, 0) < order[approval.level]
    elsewhere = person.team != "t-1" and person.level != "manager" and not person.admin
    return not (left or asked or gains or too_low or elsewhere)


def test_every_pair_of_roles_is_decided_as_the_rule_says() -> None:
    tried = allowed = 0
    cube = product(
        LADDER[1:],
        (*LADDER, "gone"),
        ("r-1", "s-1"),
        CUSTOMERS,
        CUSTOMERS,
        (True, False),
        ("t-1", "t-2"),
        (True, False),
    )
    for needed, level, who, own, beneficiary, active, team, admin in cube:
        approval = an_approval(needed, customer=beneficiary)
        person = Person(who, "P", level, team, own, active, admin)
        assert may_decide(person, approval, LADDER) == oracle(person, approval), (person, needed)
        tried += 1
        allowed += oracle(person, approval)

    assert tried == 3 * 5 * 2 * 3 * 3 * 2 * 2 * 2
    assert allowed == 147


@pytest.mark.parametrize("level", [*LADDER, "gone", "other"])
def test_nobody_decides_on_what_needs_a_level_that_is_no_longer_there(level: str) -> None:
    approval, person = an_approval("gone"), Person("s-1", "P", level, "t-1")

    assert not may_decide(person, approval, LADDER)
    assert route(approval, NOW, [person], [], LADDER) is None


def routed_by_oracle(
    approval: Approval, at: datetime, people: list[Person], away: dict[str, str]
) -> str | None:
    """Walks the ladder floor by floor, own team first, and asks whoever is there."""
    by_id = {one.id: one for one in people}
    floors = list(LADDER[LADDER.index(approval.level) :])
    if approval.falls_back_at and at >= approval.falls_back_at:
        floors = floors[1:] + floors[:1]
    for floor in floors:
        here = sorted(
            (one for one in people if one.level == floor and oracle(one, approval)),
            key=lambda one: (0 if one.team == "t-1" else 1, one.id),
        )
        for one in here:
            if one.id not in away:
                return one.id
            stand_in = by_id.get(away[one.id])
            if stand_in and stand_in.id not in away and oracle(stand_in, approval):
                return stand_in.id
    return None


people = st.lists(
    st.builds(
        Person,
        id=st.sampled_from(["r-1", "a", "b", "c", "d", "e"]),
        name=st.just("P"),
        level=st.sampled_from(LADDER),
        team=st.sampled_from(["t-1", "t-2"]),
        customer=st.sampled_from(CUSTOMERS),
        active=st.booleans(),
        admin=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)
absences = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "b", "c", "d", "r-1", "x"]), max_size=3
)


@settings(max_examples=400)
@given(people, absences, st.sampled_from(LADDER[1:]), st.booleans())
def test_a_request_goes_to_the_first_who_is_there_and_may_decide(
    known: list[Person], away: dict[str, str], needed: str, late: bool
) -> None:
    approval, at = an_approval(needed), NOW + LIFE if late else NOW
    away = {one: other for one, other in away.items() if one != other}  # nobody stands in so
    delegations = [Delegation(one, other, TODAY, TODAY) for one, other in away.items()]

    found = route(approval, at, known, delegations, LADDER)

    assert (found and found.id) == routed_by_oracle(approval, at, known, away)
    assert found is None or oracle(found, approval)


def test_time_alone_ends_a_request() -> None:
    approval = an_approval()

    assert approval.state(NOW + 2 * LIFE - timedelta(microseconds=1)) is ApprovalState.PENDING
    assert approval.state(NOW + 2 * LIFE) is ApprovalState.EXPIRED
    assert not approval.fell_back(NOW + LIFE - timedelta(microseconds=1))
    assert approval.fell_back(NOW + LIFE)
    assert not an_approval("manager").fell_back(NOW + LIFE)


@pytest.mark.parametrize(
    ("state", "amount", "given_", "versions", "expected"),
    [
        (None, 1500, 0, VERSIONS, True),
        (None, 1501, 0, VERSIONS, False),
        (ApprovalState.APPROVED, 1400, 1400, VERSIONS, True),
        (ApprovalState.APPROVED, 1401, 1400, VERSIONS, False),
        (ApprovalState.APPROVED, 1, 0, VERSIONS, False),
        (ApprovalState.REFUSED, 1500, 0, VERSIONS, True),
        (ApprovalState.REFUSED, 1600, 0, VERSIONS, True),
        (ApprovalState.REFUSED, 1499, 0, VERSIONS, False),
        (ApprovalState.REFUSED, 1500, 0, Versions(1, 2, 1), False),
        (ApprovalState.WITHDRAWN, 1500, 0, VERSIONS, False),
        (ApprovalState.EXPIRED, 1500, 0, VERSIONS, False),
    ],
)
def test_a_repeat_is_answered_as_the_rule_says(
    state: ApprovalState | None, amount: int, given_: int, versions: Versions, expected: bool
) -> None:
    end = None if state is None else End(state, NOW, "s-1")

    assert answers(an_approval(end=end), NOW, amount, versions, given_) is expected


def test_every_reason_is_for_one_ruling() -> None:
    of = {ruling: [one for one in RulingReason if one.ruling is ruling] for ruling in Ruling}

    assert {ruling: len(reasons) for ruling, reasons in of.items()} == {
        Ruling.APPROVE: 4, Ruling.REFUSE: 4,
    }  # fmt: skip
    assert replace(an_approval(), amount=1) != an_approval()
