"""What holds a remedy down beside its rows: what was given before, exclusive groups, the brake."""

from dataclasses import replace

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import OneOf
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Cap, CapKind, Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Brake, Given, Use
from agent_assist.core.limits import LimitTable
from agent_assist.core.options import options_for
from agent_assist.core.vocabulary import RemedyKind
from tests.builders import DAY, a_row, a_vocabulary, compiled

PLUS = OneOf(frozenset({"plus"}))
EVERYBODY = Brake("", "too much was spent")


def decided(
    use: Use,
    *,
    level: str = "rep",
    amount: int | None = None,
    facts: dict[str, FactValue] | None = None,
    remedy: str = "fee_waiver",
) -> Decision:
    limits = compiled(
        a_row("R1", remedy=remedy, rep=1000, supervisor=2000, manager=4000),
        a_row("R2", remedy=remedy, rep=1500, supervisor=3000, conditions={"customer.tier": PLUS}),
    )
    return limits.decide(
        issue="fee", remedy=remedy, level=level, facts=facts or {"customer.tier": "basic"},
        day=DAY, amount=amount, use=use,
    )  # fmt: skip


def given(amount: int, remedy: str = "fee_waiver") -> Use:
    return Use(given={remedy: Given(Scope.ORDER, amount)})


def test_what_was_given_before_is_taken_off_the_ceiling_and_named() -> None:
    decision = decided(given(400))

    assert decision.up_to == 600
    cap = decision.caps[0]
    assert (cap.source, cap.headroom, cap.given, cap.scope) == ("R1", 600, 400, "order")


def test_what_was_given_before_is_taken_off_in_every_unit() -> None:
    for remedy in ("courier_card", "more_time", "fee_discount"):
        assert decided(given(999, remedy), remedy=remedy).up_to == 1


def test_splitting_an_amount_needs_the_level_that_the_whole_would_need() -> None:
    decision = decided(given(1000), amount=1000)

    assert decision.verdict is Verdict.NEEDS_APPROVAL
    assert decision.approval is not None
    assert (decision.approval.level, decision.approval.up_to) == ("supervisor", 1000)
    more = decided(given(1000), amount=1001)
    assert more.approval is not None
    assert more.approval.level == "manager"


def test_what_could_become_possible_counts_what_was_given_before() -> None:
    otherwise = decided(given(700)).otherwise
    assert [(one.row, one.up_to) for one in otherwise] == [("R2", 800)]

    limits = compiled(a_row(conditions={"customer.tier": PLUS}))
    opened = limits.decide(
        issue="fee", remedy="fee_waiver", level="rep", facts={}, day=DAY, use=given(1000)
    )
    assert [one.up_to for one in opened.possible] == [0]


def test_more_given_than_the_ceiling_leaves_nothing_and_never_less() -> None:
    assert decided(given(9999)).up_to == 0


def test_of_an_exclusive_group_only_the_one_that_stands_may_be_given_on() -> None:
    excluded = decided(given(1, "goodwill_credit"))

    assert excluded.verdict is Verdict.NOT_ALLOWED
    assert excluded.binding is not None
    assert (excluded.binding.kind, excluded.binding.source) == (
        CapKind.EXCLUSIVE, "goodwill_credit",
    )  # fmt: skip
    assert excluded.otherwise == ()
    assert decided(given(1)).up_to == 999
    assert decided(given(1, "courier_card")).up_to == 1000


def test_the_brake_sends_goodwill_to_the_highest_level() -> None:
    for level in ("rep", "supervisor"):
        decision = decided(Use(brakes=[EVERYBODY]), level=level)
        assert decision.verdict is Verdict.NEEDS_APPROVAL
        assert decision.approval is not None
        assert (decision.approval.level, decision.approval.up_to) == ("manager", 4000)
        assert decision.binding is not None
        assert (decision.binding.kind, decision.binding.reason) == (
            CapKind.BRAKE, "too much was spent",
        )  # fmt: skip
    assert decided(Use(brakes=[EVERYBODY]), level="manager").verdict is Verdict.ALLOWED


def test_an_entitlement_passes_the_brake() -> None:
    vocabulary = a_vocabulary()
    owed = replace(vocabulary.remedies["fee_waiver"], kind=RemedyKind.ENTITLEMENT)
    vocabulary = replace(vocabulary, remedies={**vocabulary.remedies, "fee_waiver": owed})
    limits = CompiledLimits(LimitTable(1, (a_row(),)), vocabulary)

    decision = limits.decide(
        issue="fee", remedy="fee_waiver", level="rep", facts={}, day=DAY,
        use=Use(brakes=[EVERYBODY]),
    )  # fmt: skip

    assert (decision.verdict, decision.up_to) == (Verdict.ALLOWED, 1000)


def test_a_teams_brake_reaches_the_team_and_whoever_names_none() -> None:
    brake = Brake("t-1", "why")

    assert [brake.reaches(team) for team in ("t-1", "t-2", None)] == [True, False, True]
    assert EVERYBODY.reaches("t-2")


def test_no_question_is_asked_where_the_answer_changes_nothing() -> None:
    of_plus = Budget(
        "plus", Scope.CUSTOMER, Window.DAY, conditions={"customer.tier": PLUS}, amounts={"rep": 0}
    )
    table = compiled(a_row(rep=1000, supervisor=5000))

    def verdict(use: Use, amount: int) -> Verdict:
        return table.decide(
            issue="fee", remedy="fee_waiver", level="rep", facts={}, day=DAY, amount=amount, use=use
        ).verdict

    use = Use([of_plus], {"plus": Used(0, 0)})
    assert verdict(use, 1000) is Verdict.OPEN
    assert verdict(use, 1001) is Verdict.NEEDS_APPROVAL
    assert verdict(replace(use, brakes=[EVERYBODY]), 1) is Verdict.NEEDS_APPROVAL
    excluded = replace(use, given=given(1, "goodwill_credit").given)
    assert verdict(excluded, 1) is Verdict.NOT_ALLOWED


def test_a_budget_warns_from_its_share_on() -> None:
    budget = Budget(
        "team", Scope.TEAM, Window.MONTH, amounts={"rep": 10_000}, counts={"rep": 4}, warn_at=7500
    )

    def warnings(amount: int, number: int) -> list[bool]:
        caps = decided(Use([budget], {"team": Used(amount, number)})).caps
        return [cap.warning for cap in caps if cap.kind is CapKind.BUDGET]

    assert warnings(7499, 2) == [False, False]
    assert warnings(7500, 3) == [True, True]
    quiet = replace(budget, warn_at=None)
    assert not any(cap.warning for cap in decided(Use([quiet], {"team": Used(9999, 4)})).caps)


def test_a_used_up_team_budget_asks_a_higher_level_and_is_never_silent() -> None:
    """A level it does not name has no cap of it; where every level is capped, nobody may."""
    month = Budget("month", Scope.TEAM, Window.MONTH, amounts={"rep": 1000, "supervisor": 1200})
    used = {"month": Used(1000, 1)}

    higher = decided(Use([month], used))
    assert higher.verdict is Verdict.NEEDS_APPROVAL
    assert higher.approval is not None
    assert (higher.approval.level, higher.approval.up_to) == ("supervisor", 200)

    of_all = replace(month, amounts=dict.fromkeys(("rep", "supervisor", "manager"), 1000))
    nobody = decided(Use([of_all], used))
    assert nobody.verdict is Verdict.NOT_ALLOWED
    assert nobody.binding is not None
    assert nobody.binding.source == "month"
    general = compiled(a_row(issues=frozenset()))
    shown = options_for(
        general, issues=["fee"], level="rep", facts={}, day=DAY, use=Use([of_all], used)
    )["fee"]
    assert [one.decision.remedy.key for one in shown] == ["fee_waiver"]


def test_a_frozen_budget_leaves_nothing_of_what_it_counts_at_any_level() -> None:
    waivers = Budget("waivers", Scope.CUSTOMER, Window.DAY, frozenset({"fee_waiver"}))
    others = replace(waivers, key="others", remedies=frozenset({"courier_card"}))
    use = Use(budgets=[waivers, others], frozen=frozenset({"waivers"}))

    for level in ("rep", "supervisor", "manager"):
        decision = decided(use, level=level)
        assert decision.verdict is Verdict.NOT_ALLOWED
        assert decision.binding == Cap(CapKind.FROZEN, "waivers", 0, "customer")
    assert decided(replace(use, frozen=frozenset({"others"}))).verdict is Verdict.ALLOWED
