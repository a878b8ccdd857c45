"""Decisions, one rule at a time, with literal amounts in minor units."""

from datetime import date

import pytest

from agent_assist.core.ceilings import UNLIMITED, Ceiling, Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Is, NoneOf, OneOf, Within
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.money import Money
from agent_assist.core.row_index import RowState
from tests.builders import DAY, a_deny, a_row, compiled

GOLD = OneOf(frozenset({"gold"}))
GOLD_OR_PLUS = OneOf(frozenset({"gold", "plus"}))


def decided(
    *rows: LimitRow,
    facts: dict[str, FactValue] | None = None,
    level: str = "rep",
    amount: int | None = None,
    day: date = DAY,
    issue: str = "fee",
) -> Decision:
    return compiled(*rows).decide(
        issue=issue, remedy="fee_waiver", level=level, facts=facts or {}, day=day, amount=amount
    )


def test_a_met_row_allows_up_to_its_ceiling_inclusive() -> None:
    assert decided(a_row(rep=1500)).up_to == 1500
    assert decided(a_row(rep=1500), amount=1500).verdict is Verdict.ALLOWED
    assert decided(a_row(rep=1500), amount=1501).verdict is Verdict.NEEDS_APPROVAL


def test_no_matching_row_means_nothing_may_be_given() -> None:
    decision = decided(a_row(issues=frozenset({"card"})))

    assert decision.verdict is Verdict.NOT_ALLOWED
    assert (decision.up_to, decision.binding, decision.approval) == (0, None, None)


def test_a_row_for_any_issue_matches_every_issue() -> None:
    assert decided(a_row(issues=frozenset()), issue="other").verdict is Verdict.ALLOWED


def test_an_amount_above_needs_the_lowest_level_whose_ceiling_allows_it() -> None:
    row = a_row(rep=1000, supervisor=2000, manager=4000)

    for amount, level in ((1001, "supervisor"), (2000, "supervisor"), (2001, "manager")):
        approval = decided(row, amount=amount).approval
        assert approval is not None
        assert approval.level == level
    assert decided(row, amount=4001).verdict is Verdict.NOT_ALLOWED


def test_a_level_without_a_ceiling_may_give_nothing() -> None:
    decision = decided(a_row(rep=None, supervisor=2000))

    assert decision.verdict is Verdict.NEEDS_APPROVAL
    assert decision.approval is not None
    assert (decision.approval.level, decision.approval.up_to) == ("supervisor", 2000)


def test_the_highest_level_has_nobody_to_ask() -> None:
    assert decided(a_row(), level="manager", amount=4001).approval is None


def test_a_deny_wins_over_any_allow_row_whatever_its_priority() -> None:
    decision = decided(a_row(priority=9), a_deny(say="Not while the review runs."))

    assert decision.verdict is Verdict.NOT_ALLOWED
    assert decision.say == "Not while the review runs."
    assert decision.approval is None


def test_what_is_refused_without_a_deny_is_promised_to_nobody() -> None:
    row = a_row(rep=1000, supervisor=2000, manager=None, say="I take the fee off.")

    assert decided(row, amount=2000).verdict is Verdict.NEEDS_APPROVAL
    assert decided(row, amount=2000).say == "I take the fee off."
    assert decided(row, amount=2001).verdict is Verdict.NOT_ALLOWED
    assert decided(row, amount=2001).say == ""


def test_a_higher_priority_wins_even_where_it_allows_less() -> None:
    assert decided(a_row("R1", rep=5000), a_row("R2", rep=100, priority=1)).up_to == 100


def test_a_row_that_refines_another_wins_even_where_it_allows_more() -> None:
    wide = a_row("R1", rep=1000)
    narrow = a_row("R2", rep=3000, conditions={"customer.tier": GOLD})

    assert decided(wide, narrow, facts={"customer.tier": "gold"}).up_to == 3000
    assert decided(wide, narrow, facts={"customer.tier": "plus"}).up_to == 1000


def test_a_row_of_the_issue_refines_a_row_of_any_issue() -> None:
    assert decided(a_row("R1", rep=900, issues=frozenset()), a_row("R2", rep=100)).up_to == 100


def test_rows_that_cross_give_the_lowest_ceiling_at_each_level() -> None:
    tier = a_row("R1", rep=1000, supervisor=9000, conditions={"customer.tier": GOLD})
    months = a_row(
        "R2", rep=2000, supervisor=3000, conditions={"customer.months": Within(12, None)}
    )
    facts: dict[str, FactValue] = {"customer.tier": "gold", "customer.months": 12}

    decision = decided(tier, months, facts=facts)

    assert decision.up_to == 1000
    assert decision.approval is not None
    assert decision.approval.up_to == 3000
    assert {trace.row.key for trace in decision.trace if trace.decisive} == {"R1", "R2"}


def test_specificity_is_containment_and_not_a_count_of_tests() -> None:
    two_tests = a_row(
        "R1",
        rep=500,
        conditions={"customer.tier": GOLD_OR_PLUS, "customer.months": Within(0, None)},
    )
    one_test = a_row("R2", rep=800, conditions={"customer.tier": GOLD})
    facts: dict[str, FactValue] = {"customer.tier": "gold", "customer.months": 1}

    assert decided(two_tests, one_test, facts=facts).up_to == 500


def test_an_excluded_row_says_which_test_failed() -> None:
    row = a_row(conditions={"customer.tier": GOLD, "fee.disclosed": Is(answer=False)})

    decision = decided(row, facts={"customer.tier": "basic", "fee.disclosed": False})

    assert decision.verdict is Verdict.NOT_ALLOWED
    assert decision.trace[0].state is RowState.EXCLUDED
    assert [(test.fact, test.met) for test in decision.tests(decision.trace[0].row)] == [
        ("customer.tier", False),
        ("fee.disclosed", True),
    ]


def test_an_unknown_fact_leaves_a_row_open_and_grants_nothing() -> None:
    decision = decided(a_row(conditions={"customer.tier": GOLD}))

    assert (decision.verdict, decision.up_to) == (Verdict.OPEN, 0)
    assert decision.needs() == ("customer.tier",)
    assert decision.possible[0].up_to == 1000


def test_a_row_is_excluded_by_one_failed_test_though_others_are_unknown() -> None:
    row = a_row(conditions={"customer.tier": GOLD, "customer.months": Within(12, None)})

    assert decided(row, facts={"customer.months": 3}).verdict is Verdict.NOT_ALLOWED


def test_an_open_deny_withholds_what_a_met_row_allows() -> None:
    deny = a_deny(conditions={"fee.disclosed": Is(answer=True)})

    assert decided(a_row(), deny).verdict is Verdict.OPEN
    assert decided(a_row(), deny, facts={"fee.disclosed": False}).verdict is Verdict.ALLOWED
    assert decided(a_row(), deny, facts={"fee.disclosed": True}).verdict is Verdict.NOT_ALLOWED


def test_an_open_refining_row_that_allows_less_holds_the_amount_down() -> None:
    less = a_row("R2", rep=400, conditions={"customer.months": Within(None, 2)})

    decision = decided(a_row("R1", rep=1000), less)

    assert (decision.verdict, decision.up_to) == (Verdict.ALLOWED, 400)
    assert decision.binding is not None
    assert decision.binding.source == "R2"
    assert decision.needs() == ("customer.months",)


def test_an_open_refining_row_that_allows_more_only_shows_what_could_be() -> None:
    more = a_row("R2", rep=3000, conditions={"customer.tier": GOLD})

    decision = decided(a_row("R1", rep=1000), more)

    assert decision.up_to == 1000
    assert [(item.row, item.up_to) for item in decision.possible] == [("R2", 3000)]
    assert decided(a_row("R1", rep=1000), more, amount=2500).verdict is Verdict.OPEN


def test_an_open_row_that_is_outranked_is_not_asked_about() -> None:
    outranked = a_row("R2", conditions={"customer.tier": GOLD})

    assert decided(a_row("R1", priority=1), outranked).needs() == ()


def test_a_share_of_an_unknown_fact_leaves_the_row_open() -> None:
    row = LimitRow(
        key="R1",
        remedy="fee_waiver",
        effect=Effect.ALLOW,
        issues=frozenset({"fee"}),
        ceilings={"rep": Ceiling((ShareOf(5000, "fee.amount"),))},
    )

    assert decided(row).needs() == ("fee.amount",)
    assert decided(row, facts={"fee.amount": Money(1501, "EUR")}).up_to == 750


@pytest.mark.parametrize(
    ("ceiling", "expected"),
    [
        (Ceiling((ShareOf(2000, "fee.amount"),)), 399),  # 20 % of 19.99, rounded down
        (Ceiling((ShareOf(2000, "fee.amount", 300),)), 300),
        (Ceiling((PerCount(250, "cards.count"),)), 750),
        (Ceiling((PerCount(250, "cards.count", 600),)), 600),
        (Ceiling((Fixed(500), ShareOf(2000, "fee.amount"))), 399),
        (Ceiling(unlimited=True), UNLIMITED),
        (Ceiling(), 0),
    ],
)
def test_a_ceiling_is_the_lowest_of_its_terms(ceiling: Ceiling, expected: object) -> None:
    facts: dict[str, FactValue] = {"fee.amount": Money(1999, "EUR"), "cards.count": 3}

    assert ceiling.evaluate(facts) == expected


def test_a_negative_count_gives_nothing_rather_than_a_negative_amount() -> None:
    assert Ceiling((PerCount(250, "cards.count"),)).evaluate({"cards.count": -2}) == 0


def test_unlimited_needs_no_approval() -> None:
    row = LimitRow(
        key="R1",
        remedy="fee_waiver",
        effect=Effect.ALLOW,
        issues=frozenset({"fee"}),
        ceilings={"rep": Ceiling(unlimited=True)},
    )

    decision = decided(row, amount=10**12)

    assert (decision.verdict, decision.approval) == (Verdict.ALLOWED, None)


def test_a_row_holds_on_its_first_and_its_last_day_and_not_outside() -> None:
    row = a_row(effective_from=date(2026, 11, 1), effective_to=date(2026, 11, 30))

    held = [
        decided(row, day=date(2026, *day)).verdict is Verdict.ALLOWED
        for day in ((10, 31), (11, 1), (11, 30), (12, 1))
    ]

    assert held == [False, True, True, False]


def test_the_most_reserved_offer_mode_of_the_rows_that_count_holds() -> None:
    one = a_row("R1", conditions={"customer.tier": GOLD})
    other = a_row("R2", conditions={"customer.months": Within(1, None)}, offer=Offer.IF_ASKED)

    decision = decided(one, other, facts={"customer.tier": "gold", "customer.months": 3})

    assert decision.offer is Offer.IF_ASKED


def test_none_of_accepts_every_other_choice() -> None:
    row = a_row(
        conditions={
            "customer.tier": NoneOf(frozenset({"basic"}), frozenset({"basic", "plus", "gold"}))
        }
    )

    assert decided(row, facts={"customer.tier": "plus"}).verdict is Verdict.ALLOWED
    assert decided(row, facts={"customer.tier": "basic"}).verdict is Verdict.NOT_ALLOWED


def test_an_unknown_remedy_or_level_is_an_error_and_not_a_no() -> None:
    with pytest.raises(ValueError, match="boss"):
        decided(a_row(), level="boss")
