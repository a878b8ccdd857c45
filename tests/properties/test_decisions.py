"""What must hold for every table, every case and every order of rows."""

from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.ceilings import covers
from agent_assist.core.conditions import (
    Conditions,
    Is,
    OneOf,
    Test,
    Within,
    exclude_each_other,
    narrows,
)
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import LimitRow
from agent_assist.core.options import options_for
from tests.builders import DAY, LEVELS, a_deny, a_row, compiled

# Small alphabets, so that random rows often meet: on rows that never meet, all properties hold.
TIERS = ("basic", "plus", "gold")
_tiers = st.sets(st.sampled_from(TIERS), min_size=1, max_size=2).map(lambda v: OneOf(frozenset(v)))
_ranges = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda b: Within(min(b), max(b)))


def _conditions() -> st.SearchStrategy[dict[str, Test]]:
    optional: Mapping[str, st.SearchStrategy[Test]] = {
        "customer.tier": _tiers,
        "customer.months": _ranges,
        "fee.disclosed": st.booleans().map(lambda answer: Is(answer=answer)),
    }
    return st.fixed_dictionaries({}, optional=optional)


_amounts = st.one_of(st.none(), st.integers(0, 5))


@st.composite
def tables(draw: st.DrawFn) -> list[LimitRow]:
    rows = []
    for number in range(draw(st.integers(1, 5))):
        conditions = draw(_conditions())
        issues = draw(
            st.sampled_from([frozenset(), frozenset({"fee"}), frozenset({"fee", "card"})])
        )
        if draw(st.integers(0, 4)) == 0:
            rows.append(a_deny(f"R{number}", issues=issues, conditions=conditions))
        else:
            rep, supervisor, manager = (draw(_amounts) for _ in LEVELS)
            priority = draw(st.integers(0, 1))
            rows.append(
                a_row(
                    f"R{number}",
                    issues=issues,
                    conditions=conditions,
                    priority=priority,
                    rep=rep,
                    supervisor=supervisor,
                    manager=manager,
                )
            )
    return rows


full_facts = st.fixed_dictionaries(
    {
        "customer.tier": st.sampled_from(TIERS),
        "customer.months": st.integers(0, 3),
        "fee.disclosed": st.booleans(),
    }
)


def _decide(rows: list[LimitRow], facts: Mapping[str, FactValue], level: str = "rep") -> Decision:
    limits = compiled(*rows)
    return limits.decide(issue="fee", remedy="fee_waiver", level=level, facts=facts, day=DAY)


@given(tables(), full_facts, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_decision(
    rows: list[LimitRow], facts: dict[str, FactValue], random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)

    one, other = _decide(shuffled, facts), _decide(rows, facts)

    assert (one, one.trace) == (other, other.trace)


@given(tables(), full_facts)
def test_what_the_issues_of_a_case_share_is_what_each_of_them_has_alone(
    rows: list[LimitRow], facts: dict[str, FactValue]
) -> None:
    limits, issues = compiled(*rows), ("fee", "card", "other")

    together = options_for(limits, issues=issues, level="rep", facts=facts, day=DAY)

    for issue in issues:
        alone = options_for(compiled(*rows), issues=[issue], level="rep", facts=facts, day=DAY)
        assert together[issue] == alone[issue]
        for option in alone[issue]:
            key = option.decision.remedy.key
            decided = limits.decide(issue=issue, remedy=key, level="rep", facts=facts, day=DAY)
            assert (decided, decided.trace) == (option.decision, option.decision.trace)


@given(tables(), full_facts)
def test_with_all_facts_known_the_answer_is_the_one_a_person_would_work_out(
    rows: list[LimitRow], facts: dict[str, FactValue]
) -> None:
    decision = _decide(rows, facts)

    assert decision.up_to == _by_hand(rows, facts)
    assert decision.possible == ()
    assert decision.verdict is not Verdict.OPEN


@given(tables(), full_facts, st.sets(st.sampled_from(["customer.tier", "customer.months"])))
def test_what_is_granted_while_facts_are_unknown_is_granted_whatever_they_turn_out_to_be(
    rows: list[LimitRow], facts: dict[str, FactValue], unknown: set[str]
) -> None:
    partial = {key: value for key, value in facts.items() if key not in unknown}

    granted = _decide(rows, partial).up_to

    assert isinstance(granted, int)  # no row of these tables is unlimited
    assert covers(_decide(rows, facts).up_to, granted)


@given(tables(), full_facts, st.sets(st.sampled_from(["customer.tier", "customer.months"])))
def test_a_flat_no_while_facts_are_unknown_stays_a_no(
    rows: list[LimitRow], facts: dict[str, FactValue], unknown: set[str]
) -> None:
    partial = {key: value for key, value in facts.items() if key not in unknown}

    if _decide(rows, partial).verdict is Verdict.NOT_ALLOWED:
        assert _decide(rows, facts).verdict is Verdict.NOT_ALLOWED


@given(_conditions(), _conditions(), full_facts)
def test_conditions_that_narrow_others_are_met_only_where_those_are(
    one: Conditions, other: Conditions, facts: dict[str, FactValue]
) -> None:
    if narrows(one, other) and _met(one, facts):
        assert _met(other, facts)
    if exclude_each_other(one, other):
        assert not (_met(one, facts) and _met(other, facts))


def _met(conditions: Conditions, facts: Mapping[str, FactValue]) -> bool:
    return all(test.accepts(facts[key]) for key, test in conditions.items())


def _cases(row: LimitRow) -> frozenset[tuple[object, ...]]:
    """Every case of the small alphabet that meets the row, issues included."""
    return frozenset(
        (issue, tier, months, disclosed)
        for issue in ("fee", "card", "other")
        if not row.issues or issue in row.issues
        for tier in TIERS
        for months in range(-1, 5)
        for disclosed in (False, True)
        if _met(
            row.conditions,
            {"customer.tier": tier, "customer.months": months, "fee.disclosed": disclosed},
        )
    )


def _by_hand(rows: list[LimitRow], facts: Mapping[str, FactValue]) -> int:
    """The oracle: refinement as a proper subset of cases, written without the engine."""
    met = [row for row in rows if _met(row.conditions, facts)]
    if not met or any(row.effect.value == "deny" for row in met):
        return 0
    highest = max(row.priority for row in met)
    top = [row for row in met if row.priority == highest]
    cases = {row.key: _cases(row) for row in top}
    narrow = [row for row in top if not any(cases[o.key] < cases[row.key] for o in top)]
    amounts = [row.ceiling("rep").evaluate(facts) for row in narrow]
    return min(amount for amount in amounts if isinstance(amount, int))
