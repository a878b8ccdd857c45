"""A no carries what would turn it."""

from agent_assist.core.conditions import Is, OneOf, Within
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import LimitRow
from tests.builders import DAY, a_deny, a_row, compiled

GOLD = OneOf(frozenset({"gold"}))


def decided(*rows: LimitRow, facts: dict[str, FactValue]) -> Decision:
    return compiled(*rows).decide(
        issue="fee", remedy="fee_waiver", level="rep", facts=facts, day=DAY
    )


def test_a_row_that_one_test_excludes_is_told_with_what_it_would_allow() -> None:
    late = a_row(rep=2500, conditions={"customer.months": Within(60, None)})

    decision = decided(late, facts={"customer.months": 12})

    assert decision.verdict is Verdict.NOT_ALLOWED
    assert [(one.row, one.fact, one.test, one.up_to) for one in decision.otherwise] == [
        ("R1", "customer.months", Within(60, None), 2500)
    ]


def test_a_row_that_two_tests_exclude_is_too_far_away_to_be_told() -> None:
    far = a_row(conditions={"customer.months": Within(60, None), "customer.tier": GOLD})

    assert decided(far, facts={"customer.months": 1, "customer.tier": "basic"}).otherwise == ()


def test_only_changes_that_allow_more_are_told_the_largest_first() -> None:
    rows = (
        a_row("R1", rep=1000),
        a_row("R2", rep=500, conditions={"customer.tier": GOLD}),
        a_row("R3", rep=2000, conditions={"customer.months": Within(60, None)}),
        a_row("R4", rep=3000, conditions={"fee.disclosed": Is(answer=False)}),
    )

    decision = decided(
        *rows, facts={"customer.tier": "basic", "customer.months": 1, "fee.disclosed": True}
    )

    assert [(one.row, one.up_to) for one in decision.otherwise] == [("R4", 3000), ("R3", 2000)]


def test_a_row_that_would_be_outranked_anyway_is_not_told() -> None:
    rows = (
        a_row("R1", rep=100, priority=1),
        a_row("R2", rep=900, conditions={"customer.tier": GOLD}),
    )

    assert decided(*rows, facts={"customer.tier": "basic"}).otherwise == ()


def test_while_a_deny_stands_no_change_of_another_row_would_help() -> None:
    rows = (a_deny(), a_row("R2", rep=900, conditions={"customer.tier": GOLD}))

    assert decided(*rows, facts={"customer.tier": "basic"}).otherwise == ()


def test_an_outranked_row_is_not_told_even_where_an_open_row_holds_down_what_outranks_it() -> None:
    rows = (
        a_row("R1", rep=900, priority=1),
        a_row("R2", rep=100, priority=1, conditions={"fee.disclosed": Is(answer=False)}),
        a_row("R3", rep=500, conditions={"customer.tier": GOLD}),
    )

    decision = decided(*rows, facts={"customer.tier": "basic"})

    assert (decision.up_to, decision.otherwise) == (100, ())


def test_a_row_is_told_that_outranks_the_lowest_ceiling_though_not_a_higher_one() -> None:
    rows = (
        a_row("R1", rep=1000, conditions={"customer.months": Within(0, None)}),
        a_row("R2", rep=3000, conditions={"fee.disclosed": Is(answer=True)}),
        a_row("R3", rep=2000, conditions={"customer.months": Within(60, None)}),
    )

    decision = decided(*rows, facts={"customer.months": 1, "fee.disclosed": True})

    assert decision.up_to == 1000
    assert [(one.row, one.up_to) for one in decision.otherwise] == [("R3", 2000)]
