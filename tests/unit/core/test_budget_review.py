"""Budgets under review: what is said of them, and that tightening is never claimed wrongly."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import OneOf, Within
from agent_assist.core.facts import Facts
from agent_assist.core.review import Code, Severity, budgets_tighten, review_budgets
from tests.builders import LEVELS, a_row, a_vocabulary

VOCABULARY = a_vocabulary()
BUDGET = Budget("B1", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 5000, "supervisor": 9000})
ROWS = (a_row("R1"), a_row("R2", remedy="courier_card"))


GOODWILL = frozenset(VOCABULARY.remedies)


def codes(*budgets: Budget) -> list[tuple[str, Severity, tuple[str, ...]]]:
    found = review_budgets(budgets, ROWS, VOCABULARY)
    return [(str(one.code), one.severity, one.rows) for one in found]


def test_a_sound_budget_is_passed_over_in_silence() -> None:
    assert codes(BUDGET) == []


@pytest.mark.parametrize("amounts", [{"rep": 2, "supervisor": 1}, {"supervisor": 1}])
def test_a_cap_that_falls_up_the_ladder_is_an_error(amounts: dict[str, int]) -> None:
    assert codes(replace(BUDGET, amounts=amounts)) == [(Code.LADDER_FALLS, Severity.ERROR, ("B1",))]


def test_a_ceiling_out_of_reach_under_a_budget_is_told() -> None:
    found = codes(replace(BUDGET, scope=Scope.ORDER, amounts={"rep": 999}))

    assert found == [(Code.OVER_BUDGET, Severity.WARNING, ("R1",))]


def test_a_budget_of_what_nobody_may_give_is_told() -> None:
    found = codes(replace(BUDGET, remedies=frozenset({"goodwill_credit"})))

    assert found == [(Code.UNREACHABLE, Severity.WARNING, ("B1",))]


def test_a_budget_that_another_makes_superfluous_is_told() -> None:
    wider = replace(BUDGET, key="B2", amounts={"rep": 6000, "supervisor": 9000})

    assert codes(BUDGET, wider) == [(Code.REDUNDANT, Severity.WARNING, ("B2", "B1"))]
    assert codes(BUDGET, replace(BUDGET, key="B2")) == [
        (Code.DUPLICATE, Severity.WARNING, ("B2", "B1"))
    ]


@pytest.mark.parametrize(
    ("new", "tightens"),
    [
        ((BUDGET,), True),
        ((BUDGET, replace(BUDGET, key="B2", scope=Scope.REP)), True),
        ((replace(BUDGET, key="other name", warn_at=5000),), True),
        ((replace(BUDGET, amounts={"rep": 4999, "supervisor": 9000}),), True),
        ((replace(BUDGET, amounts={"rep": 5001, "supervisor": 9000}),), False),
        ((replace(BUDGET, amounts={"rep": 5000}),), False),
        ((replace(BUDGET, window=Window.DAYS_90),), True),
        ((replace(BUDGET, window=Window.DAYS_7),), False),
        ((replace(BUDGET, window=Window.MONTH),), False),
        ((replace(BUDGET, scope=Scope.TEAM),), False),
        ((replace(BUDGET, remedies=frozenset({"fee_waiver"})),), False),
        ((replace(BUDGET, conditions={"cards.count": Within(1, 2)}),), False),
        ((), False),
        # What a remedy is now need not be what it was when it was granted, nor need it be at all.
        ((replace(BUDGET, remedies=GOODWILL),), False),
    ],
)
def test_only_what_leaves_nobody_more_tightens(new: tuple[Budget, ...], tightens: bool) -> None:
    assert budgets_tighten((BUDGET,), new) is tightens


def test_a_list_of_remedies_holds_a_longer_one_and_never_all_goodwill() -> None:
    one, both = frozenset({"fee_waiver"}), frozenset({"fee_waiver", "goodwill_credit"})
    of = {names: replace(BUDGET, remedies=names) for names in (one, both)}

    assert budgets_tighten((of[one],), (of[both],))
    assert not budgets_tighten((of[both],), (of[one],))
    assert not budgets_tighten((of[one],), (BUDGET,))


tests = st.one_of(
    st.none(),
    st.builds(OneOf, st.frozensets(st.sampled_from(["basic", "plus", "gold"]), min_size=1)),
)
budgets = st.builds(
    lambda window, test, remedies, amounts, counts: Budget(
        "B",
        Scope.CUSTOMER,
        window,
        remedies=remedies,
        conditions={} if test is None else {"customer.tier": test},
        amounts=amounts,
        counts=counts,
    ),
    st.sampled_from([Window.DAYS_7, Window.DAYS_30]),
    tests,
    st.frozensets(st.sampled_from(["fee_waiver", "goodwill_credit"]), min_size=1),
    st.dictionaries(st.sampled_from(LEVELS[:2]), st.integers(0, 3)),
    st.dictionaries(st.sampled_from(LEVELS[:2]), st.integers(0, 3)),
)
Past = list[tuple[str, int, int]]
"""Remedy, amount and days ago of what was granted to one customer."""


def allows(every: list[Budget], remedy: str, level: str, facts: Facts, past: Past) -> bool:
    """Whether one minor unit may still be given: worked out without the code under test."""
    for one in every:
        test = one.conditions.get("customer.tier")
        tier = facts.get("customer.tier")
        apart = test is not None and tier is not None and not test.accepts(tier)
        if remedy not in one.remedies or apart:
            continue
        days = int(one.window.removesuffix("d"))
        mine = [amount for key, amount, ago in past if key in one.remedies and ago < days]
        if sum(mine) + 1 > one.amounts.get(level, 10**9):
            return False
        if len(mine) + 1 > one.counts.get(level, 10**9):
            return False
    return True


@given(
    st.lists(budgets, max_size=3),
    st.lists(budgets, max_size=3),
    st.sampled_from(["fee_waiver", "goodwill_credit"]),
    st.sampled_from(LEVELS[:2]),
    st.sampled_from(["basic", "plus", "gold", None]),
    st.lists(
        st.tuples(
            st.sampled_from(["fee_waiver", "goodwill_credit"]),
            st.integers(1, 2),
            st.sampled_from([1, 20]),
        ),
        max_size=3,
    ),
)
def test_what_is_said_to_tighten_never_allows_what_was_refused(
    old: list[Budget], new: list[Budget], remedy: str, level: str, tier: str | None, past: Past
) -> None:
    facts = {} if tier is None else {"customer.tier": tier}
    if budgets_tighten(old, new) and allows(new, remedy, level, facts, past):
        assert allows(old, remedy, level, facts, past)
