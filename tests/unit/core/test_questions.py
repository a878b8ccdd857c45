"""Which of several unknown facts is asked for first."""

from agent_assist.core.conditions import Is, OneOf
from agent_assist.core.facts import Facts
from agent_assist.core.limits import LimitRow
from agent_assist.core.options import options_for, questions_for
from tests.builders import DAY, a_deny, a_row, a_vocabulary, compiled


def asked(*rows: LimitRow, facts: Facts | None = None) -> list[tuple[str, tuple[str, ...]]]:
    limits = compiled(*rows)
    found = options_for(limits, issues=["fee"], level="rep", facts=facts or {}, day=DAY)
    questions = questions_for(found["fee"], a_vocabulary())
    return [(one.fact.key, one.settles) for one in questions]


def test_a_fact_that_could_allow_more_comes_before_one_that_cannot() -> None:
    allowed = a_row("R1", conditions={"fee.disclosed": Is(answer=False)})
    never = a_row("R2", rep=0, conditions={"customer.tier": OneOf(frozenset({"basic"}))})

    assert [fact for fact, _ in asked(allowed, never)] == ["fee.disclosed", "customer.tier"]


def test_what_holds_down_a_row_that_is_met_is_asked_for() -> None:
    met = a_row("R1", conditions={"fee.disclosed": Is(answer=False)})
    deny = a_deny(conditions={"customer.tier": OneOf(frozenset({"basic"}))})

    assert asked(met, deny, facts={"fee.disclosed": False}) == [
        ("customer.tier", ("fee_waiver",)),
    ]


def test_the_fact_that_could_allow_more_of_most_options_comes_first() -> None:
    tier = OneOf(frozenset({"gold"}))
    rows = (
        a_row("R1", conditions={"fee.disclosed": Is(answer=False)}),
        a_row("R2", remedy="more_time", conditions={"customer.tier": tier}),
        a_row("R3", remedy="courier_card", conditions={"customer.tier": tier}),
    )

    assert asked(*rows)[0] == ("customer.tier", ("courier_card", "more_time"))
