"""Money at risk is the product of what is told, in exact numbers, and shy where these are few."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.intervals import wilson
from agent_assist.core.stake_counts import FEW, Told, count
from agent_assist.core.stake_inputs import AS_ESTIMATED, Factors, Inputs, inputs
from agent_assist.core.stakes import Stake, a_year, share_of, weigh
from agent_assist.core.vocabulary import Cause, Economics, Estimate
from tests.builders import a_vocabulary

CAUSES = {"fee": Cause.PROCESS, "card": Cause.PRODUCT}
INPUTS = Inputs(
    customer_value=Estimate(9000, 14000, 22000),
    resolved=Estimate(Fraction(1, 100), Fraction(2, 100), Fraction(4, 100)),
    repeated=Estimate(Fraction(4, 100), Fraction(8, 100), Fraction(12, 100)),
    unresolved=Estimate(Fraction(12, 100), Fraction(20, 100), Fraction(30, 100)),
)
GOOD = Told(("fee",), True, False, None, frozenset())
BAD, AGAIN = GOOD._replace(resolved=False), GOOD._replace(came_back=True)
OPEN = GOOD._replace(resolved=None)
HELPED = GOOD._replace(given=frozenset({"fee"}))

tolds = st.builds(
    Told,
    issues=st.lists(st.sampled_from(["fee", "card", "gone"]), max_size=3).map(tuple),
    resolved=st.sampled_from([True, False, None]),
    came_back=st.booleans(),
    cause=st.sampled_from([None, *Cause]),
    given=st.frozensets(st.sampled_from(["fee", "card"])),
)


def fee(*contacts: Told, factors: Inputs = INPUTS) -> Stake:
    (found,) = weigh(count(contacts, CAUSES), factors).items
    return found


def test_money_at_risk_is_the_product_of_its_factors() -> None:
    found = fee(*[BAD] * 30, *[AGAIN] * 10, *[GOOD] * 60, *[OPEN] * 20)

    assert found.share == Estimate(Fraction(3094, 10_000), Fraction(4, 10), Fraction(4980, 10_000))
    # Three of four unresolved: .75 x (.20 - .02) + .25 x (.08 - .02), and so at both ends.
    assert found.loyalty == Estimate(Fraction(8, 100), Fraction(15, 100), Fraction(235, 1000))
    # 120 x .4 x .15 x 140.00
    assert found.at_risk.likely == 100_800
    assert found.at_risk.low == floor(120 * Fraction(3094, 10_000) * Fraction(8, 100) * 9000)
    assert found.at_risk.high == ceil(120 * Fraction(4980, 10_000) * Fraction(235, 1000) * 22000)


def test_nothing_is_known_to_be_at_risk_where_nothing_has_ended() -> None:
    found = fee(OPEN, OPEN)

    assert (found.share, found.at_risk, found.tally.contacts) == (None, Estimate(0, 0, 0), 2)


def test_cause_is_the_outcomes_and_else_the_librarys() -> None:
    contacts = (BAD, BAD._replace(cause=Cause.MARKETING), OPEN._replace(issues=("gone",)))

    found = {(one.issue, one.cause) for one in weigh(count(contacts, CAUSES), INPUTS).items}

    assert found == {("fee", Cause.PROCESS), ("fee", Cause.MARKETING), ("gone", None)}


def test_contact_about_two_issues_counts_with_each_and_once_in_all() -> None:
    found = weigh(count([BAD._replace(issues=("fee", "card", "fee"))], CAUSES), INPUTS)

    assert [one.tally.contacts for one in found.items] == [1, 1]
    assert found.total.tally.contacts == 1


def test_issue_of_which_little_is_known_does_not_lead() -> None:
    much = [BAD] * 12 + [GOOD] * 48
    little = BAD._replace(issues=("card",))

    found = weigh(count([*much, *[little] * 14], CAUSES), INPUTS)

    fees, cards = sorted(found.items, key=lambda one: one.issue or "", reverse=True)
    assert cards.at_risk.likely > fees.at_risk.likely
    assert found.items == (fees, cards)
    assert cards.tally.is_few


def test_remedies_save_by_how_much_more_often_they_end_it() -> None:
    helped = [HELPED] * 36 + [HELPED._replace(resolved=False)] * 4

    found = fee(*helped, *[GOOD] * 20, *[BAD] * 20)

    assert found.saved is not None
    assert found.saved.share.likely == Fraction(4, 10)
    # 40 x .4 x .18 x 140.00
    assert found.saved.money.likely == 40_320
    assert found.saved.share.low > 0
    assert found.without_remedies is not None
    assert found.without_remedies.likely == found.at_risk.likely + 40_320


def test_remedies_are_not_said_to_save_where_few_ended_with_or_without_them() -> None:
    assert fee(*[HELPED] * (FEW - 1), *[BAD] * 100).saved is None
    assert fee(*[HELPED] * 100, *[BAD] * (FEW - 1)).saved is None


def test_remedies_that_end_nothing_save_nothing() -> None:
    found = fee(*[HELPED._replace(resolved=False)] * 40, *[GOOD] * 40)

    assert found.saved is not None
    assert found.saved.money == Estimate(0, 0, 0)


def test_number_that_is_supposed_stands_for_the_whole_range() -> None:
    supposed = Factors(customer_value=10_000, unresolved=Decimal("0.12"), share=Decimal("0.5"))
    factors = inputs(a_vocabulary().economics, supposed)

    found = fee(*[BAD] * 10, factors=replace(factors, resolved=INPUTS.resolved))

    # 10 x .5 x (.12 - .02) x 100.00
    assert found.at_risk == Estimate(5_000, 5_000, 5_000)
    assert found.ranked == 5_000


def test_library_is_reckoned_with_where_nothing_is_supposed() -> None:
    economics: Economics = a_vocabulary().economics

    found = inputs(economics, AS_ESTIMATED)

    assert found.customer_value == Estimate(100, 200, 300)
    assert found.repeated == Estimate(Fraction(1, 10), Fraction(2, 10), Fraction(3, 10))


def test_year_is_told_of_the_days_that_were_counted() -> None:
    assert a_year(Estimate(100, 200, 300), 73) == Estimate(500, 1000, 1500)
    assert a_year(Estimate(1, 1, 1), 366) == Estimate(0, 1, 1)


@given(st.lists(tolds, max_size=60))
def test_what_is_told_can_be_reckoned_again_and_lies_in_its_range(contacts: list[Told]) -> None:
    found = weigh(count(contacts, CAUSES), INPUTS)

    value = INPUTS.customer_value
    for one in (found.total, *found.items):
        assert one.at_risk.low <= one.at_risk.likely <= one.at_risk.high
        if one.share is not None:
            low, high = wilson(one.tally.lost, one.tally.ended)
            assert float(one.share.low) <= low <= high <= float(one.share.high) + 1e-12
            exact = one.tally.contacts * one.share.likely * one.loyalty.likely * value.likely
            assert abs(one.at_risk.likely - exact) <= Fraction(1, 2)
    assert [one.ranked for one in found.items] == sorted(
        (one.ranked for one in found.items), reverse=True
    )


@given(st.lists(tolds, max_size=40), st.randoms(use_true_random=False))
def test_order_of_contacts_changes_nothing(contacts: list[Told], chance: Random) -> None:
    other = list(contacts)
    chance.shuffle(other)

    assert weigh(count(contacts, CAUSES), INPUTS) == weigh(count(other, CAUSES), INPUTS)


@pytest.mark.parametrize(("contacts", "few"), [(FEW - 1, True), (FEW, False)])
def test_few_is_told_of_what_ended(contacts: int, few: bool) -> None:
    tally = fee(*[GOOD] * contacts, *[OPEN] * 50).tally

    assert tally.is_few is few
    assert share_of(tally) is not None
