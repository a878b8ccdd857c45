"""Open means that an answer could change something, and says what."""

from hypothesis import given

from agent_assist.core.conditions import Is, OneOf
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import LimitRow
from tests.builders import DAY, a_deny, a_row, compiled
from tests.properties.test_decisions import TIERS, tables


def decided(*rows: LimitRow, facts: dict[str, FactValue], amount: int | None = None) -> Decision:
    return compiled(*rows).decide(
        issue="fee", remedy="fee_waiver", level="rep", facts=facts, day=DAY, amount=amount
    )


def test_a_deny_that_might_apply_opens_nothing_that_no_row_allows() -> None:
    decision = decided(a_deny(conditions={"fee.disclosed": Is(answer=True)}), facts={})

    assert (decision.verdict, decision.possible, decision.needs()) == (Verdict.NOT_ALLOWED, (), ())


def test_what_is_given_if_no_deny_turns_out_to_apply_is_among_the_possible() -> None:
    deny = a_deny(conditions={"fee.disclosed": Is(answer=True)})

    decision = decided(a_row(rep=700), deny, facts={})

    assert decision.verdict is Verdict.OPEN
    assert [(one.row, one.up_to) for one in decision.possible] == [("R1", 700), ("D1", 0)]


def test_a_deny_for_any_issue_does_not_make_a_remedy_an_option() -> None:
    limits = compiled(a_deny(issues=frozenset()), a_row("R2", remedy="more_time"))

    assert limits.remedies("fee") == ("more_time",)


def test_asking_too_much_does_not_hide_what_may_be_given() -> None:
    decision = decided(a_row(rep=700, supervisor=2000), facts={}, amount=1200)

    assert (decision.verdict, decision.up_to) == (Verdict.NEEDS_APPROVAL, 700)


def test_what_only_a_supervisor_could_give_once_a_fact_is_known_is_open() -> None:
    row = a_row(rep=None, supervisor=900, conditions={"customer.tier": OneOf(frozenset({"gold"}))})

    assert decided(row, facts={}).verdict is Verdict.OPEN


@given(tables())
def test_every_open_decision_has_an_answer_that_somebody_may_give(rows: list[LimitRow]) -> None:
    # Of three rows or more, two may cover a third together, which only a review works out.
    rows = rows[:2]

    if decided(*rows, facts={}).verdict is Verdict.OPEN:
        assert any(
            decided(
                *rows,
                facts={
                    "customer.tier": tier,
                    "customer.months": months,
                    "fee.disclosed": disclosed,
                },
            ).verdict
            is not Verdict.NOT_ALLOWED
            for tier in TIERS
            for months in range(-1, 5)  # also outside every range of the rows
            for disclosed in (False, True)
        )
