"""Cases that are alike but in one thing are each decided for themselves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import FactValue
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given
from agent_assist.core.limits import LimitTable
from agent_assist.core.replay import PastDecision, Replayed, Replayer, Rules, Tally
from agent_assist.core.replay.stretches import Stretches
from agent_assist.core.vocabulary import RemedyKind, Unit, Vocabulary
from tests.builders import DAY, a_deny, a_row, a_vocabulary, compiled

BUDGET = Budget("B", Scope.CUSTOMER, Window.DAYS_90, amounts={"rep": 500})
GOLD: dict[str, Test] = {"customer.tier": OneOf(frozenset({"gold"}))}
TIERS = ("basic", "plus", "gold")
OLD = (a_row("R1", conditions=GOLD),)
NEW = (a_row("R1", rep=400, supervisor=2500, conditions=GOLD, effective_from=DAY),)
CASE = PastDecision(
    issue="fee",
    remedy="fee_waiver",
    level="rep",
    facts={"customer.tier": "gold", "customer.months": 3},
    day=DAY,
    amount=450,
    granted=True,
    used={"B": Used(0, 0)},
)


def replayed(*history: PastDecision, budgets: tuple[Budget, ...] = (BUDGET,)) -> Replayed:
    before, after = Rules(compiled(*OLD), budgets), Rules(compiled(*NEW), budgets)
    replayer, found = Replayer(before, after), Replayed()
    for past in history:
        replayer.replay(past, found)
    return found


@pytest.mark.parametrize(
    "difference",
    [
        {"level": "supervisor"},
        {"facts": {"customer.tier": "basic"}},
        {"facts": {}},
        {"day": DAY - timedelta(days=1)},
        {"amount": 300},
        {"amount": None, "granted": False},
        {"granted": False},
        {"used": {"B": Used(480, 0)}},
        {"used": {}, "amount": 700},
        {"given": {"fee_waiver": Given(Scope.ORDER, 390)}},
        {"given": {"goodwill_credit": Given(Scope.ORDER, 1)}},
        {"issue": "other"},
        {"remedy": "goodwill_credit"},
    ],
)
def test_a_case_that_differs_in_one_thing_has_an_answer_of_its_own(
    difference: dict[str, Any],
) -> None:
    other = CASE._replace(**difference)
    apart = replayed(CASE)
    apart.merge(replayed(other))

    assert replayed(CASE, other) == apart
    assert replayed(CASE) != replayed(other)


def test_a_fact_that_no_row_looks_at_makes_no_difference() -> None:
    other = CASE._replace(facts={**CASE.facts, "customer.months": 4})

    assert replayed(CASE) == replayed(other)


@pytest.mark.parametrize(
    ("tests", "values"),
    [
        *(
            ((Within(low, high), Within(*other)), range(8, 23))
            for low in (None, 10, 20)
            for high in (None, 10, 20)
            for other in ((None, None), (12, None), (None, 12))
        ),
        ((OneOf(frozenset({"gold"})),), TIERS),
        ((NoneOf(frozenset({"gold"}), frozenset(TIERS)), OneOf(frozenset({"plus"}))), TIERS),
        ((Is(answer=True),), (True, False)),
        ((Is(answer=False),), (True, False)),
    ],
)
def test_values_of_one_stretch_pass_the_same_tests_and_unknown_is_none_of_them(
    tests: tuple[Test, ...], values: Sequence[FactValue]
) -> None:
    stretches = Stretches(tests)

    for one, other in product(values, values):
        if stretches.of(one) == stretches.of(other):
            assert [test.accepts(one) for test in tests] == [test.accepts(other) for test in tests]
    assert stretches.of(None) not in {stretches.of(value) for value in values}
    assert Stretches(()).of(None) != Stretches(()).of(values[0]) == Stretches(()).of(values[-1])


def test_a_budget_that_sums_up_something_else_is_left_out_and_counted() -> None:
    wider = replace(BUDGET, window=Window.DAYS_365)
    before = Rules(compiled(*OLD), (BUDGET,))
    found = Replayed()

    Replayer(before, Rules(compiled(*OLD), (wider,))).replay(CASE, found)

    assert found.unreckoned == {"B": 1}
    assert found.total().more == 1


def test_a_remedy_that_is_owed_by_the_draft_is_still_weighed_by_the_budgets_of_then() -> None:
    """Cases with other sums of a budget are not mixed up because the draft counts none."""
    goodwill = replace(BUDGET, remedies=frozenset())
    words = a_vocabulary()
    owed = replace(words.remedies["fee_waiver"], kind=RemedyKind.ENTITLEMENT)
    words = replace(words, remedies={**words.remedies, "fee_waiver": owed})
    after = Rules(CompiledLimits(LimitTable(1, OLD), words), (goodwill,))
    replayer, found = Replayer(Rules(compiled(*OLD), (goodwill,)), after), Replayed()

    for used, customer in ((0, "gold"), (500, "gold"), (0, "gold")):
        facts = {"customer.tier": customer}
        replayer.replay(CASE._replace(used={"B": (used, 0)}, facts=facts), found)

    total = found.total()
    assert (total.allowed, total.approvals_saved, total.raised) == (0, 1, 500 + 1000 + 500)


def changed(words: Vocabulary, *history: PastDecision) -> Tally:
    """What a draft with the same rows and budgets, but in other words, makes different."""
    both = [Rules(CompiledLimits(LimitTable(1, OLD), one), ()) for one in (a_vocabulary(), words)]
    replayer, found = Replayer(*both), Replayed()
    for past in history:
        replayer.replay(past, found)
    return found.total()


def test_a_draft_without_the_highest_levels_refuses_what_needed_their_approval() -> None:
    words = a_vocabulary()

    assert changed(replace(words, levels=words.levels[:1]), CASE._replace(amount=1500)).refused == 1


def test_a_draft_that_ends_an_exclusive_group_allows_what_the_other_remedy_excluded() -> None:
    words = a_vocabulary()
    alone = replace(words.remedies["fee_waiver"], exclusive_group=None)
    words = replace(words, remedies={**words.remedies, "fee_waiver": alone})
    beside = {"goodwill_credit": Given(Scope.ORDER, 1)}

    assert changed(words, CASE, CASE._replace(given=beside)).allowed == 1


def test_a_fact_that_only_a_budget_tests_tells_cases_apart() -> None:
    strict = replace(BUDGET, conditions={"fee.disclosed": Is(answer=True)})
    cases = [CASE._replace(facts={**CASE.facts, "fee.disclosed": one}) for one in (True, False)]
    apart = replayed(cases[0], budgets=(strict,))
    apart.merge(replayed(cases[1], budgets=(strict,)))

    assert replayed(*cases, budgets=(strict,)) == apart
    assert replayed(cases[0], budgets=(strict,)) != replayed(cases[1], budgets=(strict,))


def test_a_row_that_only_may_be_met_makes_a_draft_another() -> None:
    doubt = a_deny("D1", conditions={"customer.months": Within(None, 6)})
    case, found = CASE._replace(facts={"customer.tier": "gold"}), Replayed()

    Replayer(Rules(compiled(*OLD), ()), Rules(compiled(*OLD, doubt), ())).replay(case, found)

    assert (found.total().opened, found.unknown) == (1, {"customer.months": 1})


def test_a_remedy_that_is_measured_in_something_else_is_left_out_and_counted() -> None:
    words = a_vocabulary()
    other = replace(words.remedies["fee_waiver"], unit=Unit.COUNT)
    words = replace(words, remedies={**words.remedies, "fee_waiver": other})
    after = Rules(CompiledLimits(LimitTable(1, OLD), words), (BUDGET,))
    found = Replayed()

    Replayer(Rules(compiled(*OLD), (BUDGET,)), after).replay(CASE, found)

    assert (found.left_out, found.places) == ({"the remedy's unit is another": 1}, {})


def test_an_issue_that_is_gone_is_left_out_and_counted() -> None:
    found = replayed(CASE._replace(issue="gone"))

    assert (found.left_out, found.places) == ({"the issue is gone": 1}, {})
