"""What a supervisor reads about a draft: one example for each thing the review can find."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import LimitRow, Offer
from agent_assist.core.money import Money
from agent_assist.core.review import (
    Case,
    ChangeKind,
    Code,
    Finding,
    PastCase,
    Reviewer,
    Severity,
    difference,
    is_tightening,
    review_table,
    says_nothing_new,
)
from agent_assist.core.review.boxes import TooMuchWork, Values, Work, uncovered
from agent_assist.core.vocabulary import Vocabulary
from tests.builders import DAY, a_deny, a_row, a_vocabulary, compiled

GOLD: dict[str, Test] = {"customer.tier": OneOf(frozenset({"gold"}))}
LOYAL: dict[str, Test] = {"customer.months": Within(12, None)}
VOCABULARY = a_vocabulary()


def _review(*rows: LimitRow, budgets: tuple[Budget, ...] = ()) -> dict[str, Finding]:
    findings = review_table(rows, VOCABULARY, budgets)
    return {one.code: one for one in findings if one.code != Code.UNCOVERED}


def _laddered(rep: Ceiling, supervisor: Ceiling, manager: Ceiling, key: str = "R1") -> LimitRow:
    ceilings = {"rep": rep, "supervisor": supervisor, "manager": manager}
    return replace(a_row(key), ceilings=ceilings)


def test_a_sound_table_has_no_finding() -> None:
    assert _review(a_row("R1"), a_row("R2", conditions=dict(GOLD), rep=1500)) == {}


def test_two_rows_that_cross_are_shown_with_a_case_and_the_row_that_settles_it() -> None:
    one = a_row("R1", conditions=dict(GOLD), rep=2000, say="Gladly.", offer=Offer.IF_ASKED)
    other = a_row("R2", conditions=dict(LOYAL), rep=1500, issues=frozenset(), supervisor=None)

    finding = _review(one, other)[Code.CONFLICT]

    facts: dict[str, FactValue] = {"customer.tier": "gold", "customer.months": 12}
    assert finding.rows == ("R1", "R2")
    assert finding.severity is Severity.WARNING
    assert finding.case == Case("fee", "fee_waiver", facts)
    assert finding.message == (
        "R1 and R2 both count for fee, customer.tier gold, customer.months 12: R1 allows rep "
        "20.00, R2 allows 15.00. The lower counts; add the proposed row, or say by priority "
        "which counts."
    )
    assert finding.proposal == replace(
        one,
        key="R1-R2",
        conditions={**GOLD, **LOYAL},
        ceilings={"rep": Ceiling((Fixed(1500),)), "manager": Ceiling((Fixed(4000),))},
        reason="Settles where R1 and R2 both count: the lower ceiling.",
    )


def test_a_proposal_takes_in_a_lower_row_that_it_would_outrank() -> None:
    one = a_row("R1", rep=2000, conditions={"customer.months": Within(0, 5)})
    other = a_row("R2", rep=1500, conditions={"customer.months": Within(3, 8)})
    third = a_row("R3", rep=100, conditions={"customer.months": Within(2, 6)})

    findings = review_table([one, other, third], VOCABULARY)

    proposals = {one.rows: one.proposal for one in findings if one.code == Code.CONFLICT}
    proposal = proposals["R1", "R2"]
    assert proposal is not None
    assert proposal.ceilings["rep"] == Ceiling((Fixed(100),))


def test_a_proposal_rests_on_every_fact_that_its_parents_rest_on() -> None:
    share = Ceiling((ShareOf(5000, "fee.amount"),))
    one = replace(a_row("R1", conditions=dict(GOLD)), ceilings={"rep": share})
    other = a_row("R2", conditions=dict(LOYAL), rep=None, supervisor=None)

    proposal = _review(one, other)[Code.CONFLICT].proposal

    assert proposal is not None
    assert set(proposal.bases()) == {"fee.amount"}
    facts = {"fee.amount": Money(9000, "EUR")}
    assert [proposal.ceiling(level).evaluate(facts) for level in ("rep", "manager")] == [0, 0]


def test_a_proposal_that_allows_nothing_still_states_a_ceiling() -> None:
    one = a_row("R1", conditions=dict(GOLD), supervisor=None, manager=None)
    other = a_row("R2", conditions=dict(LOYAL), rep=None, supervisor=None)

    proposal = _review(one, other)[Code.CONFLICT].proposal

    assert proposal is not None
    assert proposal.ceilings == {"rep": Ceiling((Fixed(0),))}


# From 33.37 on the share is more than 10.00; the 10.00 are more than a share of nothing.
@pytest.mark.parametrize(("keys", "fee"), [(("R1", "R2"), 3337), (("R2", "R1"), 0)])
def test_a_case_is_chosen_where_the_ceilings_differ_and_no_more_than_that(
    keys: tuple[str, str], fee: int
) -> None:
    share = Ceiling((ShareOf(3000, "fee.amount", 2000),))
    one = replace(a_row(keys[0], conditions=dict(GOLD)), ceilings={"rep": share})
    other = a_row(keys[1], conditions=dict(LOYAL), rep=1000, supervisor=None, manager=None)

    case = _review(one, other)[Code.CONFLICT].case

    assert case is not None
    assert case.facts["fee.amount"] == Money(fee, "EUR")


def test_a_proposal_holds_on_the_days_of_both_rows() -> None:
    later = DAY + timedelta(days=9)
    one = a_row("R1", conditions=dict(GOLD), effective_to=later)
    other = a_row("R2", conditions=dict(LOYAL), rep=1, effective_from=DAY)

    proposal = _review(one, other)[Code.CONFLICT].proposal

    assert proposal is not None
    assert (proposal.effective_from, proposal.effective_to) == (DAY, later)


def test_rows_whose_days_never_meet_do_not_conflict() -> None:
    one = a_row("R1", conditions=dict(GOLD), effective_to=DAY)
    other = a_row("R2", conditions=dict(LOYAL), rep=1, effective_from=DAY + timedelta(days=1))

    assert _review(one, other) == {}


def test_the_same_tests_on_days_that_meet_can_only_be_settled_by_dates() -> None:
    one = a_row("R1", effective_to=DAY)
    other = a_row("R2", rep=1, effective_from=DAY)

    finding = _review(one, other)[Code.CONFLICT]

    assert finding.proposal is None
    assert finding.message.endswith("Give them dates that do not meet.")
    assert finding.case == Case("fee", "fee_waiver", {}, DAY)


@pytest.mark.parametrize(
    "settling",
    [
        a_deny("R3", conditions={**GOLD, **LOYAL}),
        a_row("R3", conditions=dict(GOLD), priority=1),
        a_row("R3", conditions={**GOLD, **LOYAL}),
    ],
)
def test_a_crossing_that_another_row_decides_is_no_conflict(settling: LimitRow) -> None:
    one = a_row("R1", conditions=dict(GOLD), rep=2000)
    other = a_row("R2", conditions=dict(LOYAL), rep=1500)

    assert Code.CONFLICT not in _review(one, other, settling)


def test_a_crossing_that_others_leave_only_a_corner_of_is_a_conflict_there() -> None:
    one = a_row("R1", conditions=dict(GOLD), rep=2000)
    other = a_row("R2", conditions=dict(LOYAL), rep=1500)
    told = Is(answer=True)
    first = a_deny("R3", conditions={"customer.months": Within(12, 20), "fee.disclosed": told})
    second = a_deny("R4", conditions={"customer.months": Within(21, None), **GOLD})

    finding = _review(one, other, first, second)[Code.CONFLICT]

    assert finding.case is not None
    assert finding.case.facts["fee.disclosed"] is False


def test_rows_with_the_same_tests_are_duplicates_in_other_words_too() -> None:
    choices = frozenset({"basic", "plus", "gold"})
    others: dict[str, Test] = {"customer.tier": NoneOf(frozenset({"basic", "plus"}), choices)}
    one, other = a_row("R1", conditions=dict(GOLD)), a_row("R2", conditions=dict(others))

    assert _review(one, other)[Code.DUPLICATE].message == (
        "R1 and R2 state the same conditions and the same outcome; keep one of them."
    )
    contradiction = _review(one, replace(other, ceilings={}))[Code.CONTRADICTION]
    assert contradiction.severity is Severity.ERROR
    assert contradiction.rows == ("R1", "R2")


def test_a_row_that_denies_and_refinements_cover_together_is_unreachable() -> None:
    wide = a_row("R1", conditions=dict(LOYAL))
    gold = a_row("R2", conditions={**LOYAL, **GOLD}, rep=1)
    plus = a_deny("R3", conditions={"customer.tier": OneOf(frozenset({"plus"}))})
    basic = a_row("R4", conditions={"customer.tier": OneOf(frozenset({"basic"}))}, priority=1)

    finding = _review(wide, gold, plus, basic)[Code.UNREACHABLE]

    assert finding.rows == ("R1", "R2", "R3", "R4")
    assert finding.message == (
        "R1 never counts: every case of it is taken by R2, R3 and R4. "
        "Remove R1, or change what outranks it."
    )
    assert Code.UNREACHABLE not in _review(wide, gold, plus)


def test_an_unreachable_row_names_the_one_row_that_takes_it_all() -> None:
    finding = _review(a_row("R1"), a_deny("R2", issues=frozenset()), a_deny("R3", conditions=GOLD))

    assert finding[Code.UNREACHABLE].rows == ("R1", "R2")


def test_a_test_that_no_value_passes_is_an_error() -> None:
    finding = _review(a_row("R1", conditions={"fee.amount": Within(None, -1)}))[Code.NEVER_MET]

    assert finding.message.startswith("No case can meet R1")


def test_a_row_that_repeats_the_wider_one_is_redundant_unless_something_is_in_between() -> None:
    wide, narrow = a_row("R1"), a_row("R2", conditions={**GOLD, **LOYAL})
    between = a_row("R3", conditions=dict(GOLD), rep=1)

    assert _review(wide, narrow)[Code.REDUNDANT].rows == ("R2", "R1")
    assert Code.REDUNDANT not in _review(wide, narrow, between)
    assert Code.REDUNDANT not in _review(wide, replace(narrow, say="Gladly."))
    assert Code.REDUNDANT not in _review(wide, replace(narrow, offer=Offer.NEVER))


def test_a_ladder_that_falls_in_every_case_is_an_error() -> None:
    five, six = Ceiling((Fixed(500),)), Ceiling((Fixed(600),))

    finding = _review(_laddered(six, five, six))[Code.LADDER_FALLS]

    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "R1 lets rep give more than supervisor, always. "
        "Raise the ceiling for supervisor, or lower that for rep."
    )


def test_a_ladder_that_falls_in_some_cases_is_shown_with_one() -> None:
    share = Ceiling((ShareOf(5000, "fee.amount"),))
    each = Ceiling((PerCount(700, "cards.count"),))

    finding = _review(_laddered(share, each, Ceiling(unlimited=True)))[Code.LADDER_MAY_FALL]

    assert finding.case is not None
    assert finding.case.facts == {"fee.amount": Money(2, "EUR"), "cards.count": 0}
    assert Code.LADDER_FALLS not in _review(_laddered(share, each, Ceiling(unlimited=True)))


def test_a_level_left_out_above_one_that_may_give_is_a_ladder_that_falls() -> None:
    assert Code.LADDER_FALLS in _review(a_row("R1", supervisor=None))


def test_a_share_with_a_higher_cap_but_a_lower_rate_falls_only_below_the_crossing() -> None:
    low = Ceiling((ShareOf(10_000, "fee.amount", 1000),))
    high = Ceiling((ShareOf(5000, "fee.amount", 4000),))
    row = _laddered(low, high, Ceiling(unlimited=True))

    assert Code.LADDER_MAY_FALL in _review(row)
    over = replace(row, conditions={"fee.amount": Within(2000, None)})
    assert _review(over) == {}
    under = replace(row, conditions={"fee.amount": Within(1, 1999)})
    assert Code.LADDER_FALLS in _review(under)


def test_a_ladder_that_is_level_in_some_case_does_not_always_fall() -> None:
    fixed, share = Ceiling((Fixed(1000),)), Ceiling((ShareOf(10_000, "fee.amount", 1000),))

    codes = set(_review(_laddered(fixed, share, Ceiling(unlimited=True))))

    assert codes == {Code.LADDER_MAY_FALL}


def _budget(key: str, rep: int, **changes: object) -> Budget:
    budget = Budget(key, Scope.CONTACT, Window.CONTACT, amounts={"rep": rep})
    return replace(budget, **changes)  # type: ignore[arg-type]


def test_a_ceiling_above_what_a_budget_ever_leaves_is_found() -> None:
    finding = _review(a_row("R1", rep=1000), budgets=(_budget("b", 999),))[Code.OVER_BUDGET]

    assert finding.message == (
        "R1 lets rep give up to 10.00, but budget b never leaves more than 9.99. "
        "Lower the ceiling for rep, or raise the budget."
    )


@pytest.mark.parametrize(
    "budget",
    [
        _budget("b", 1000),
        _budget("b", 1, scope=Scope.CUSTOMER),
        _budget("b", 1, conditions=GOLD),
        _budget("b", 1, remedies=frozenset({"goodwill_credit"})),
    ],
)
def test_a_budget_that_leaves_the_ceiling_reachable_somewhere_is_no_finding(
    budget: Budget,
) -> None:
    assert Code.OVER_BUDGET not in _review(a_row("R1", rep=1000), budgets=(budget,))


def test_budgets_that_share_out_all_cases_bound_a_row_together() -> None:
    others: dict[str, Test] = {"customer.tier": OneOf(frozenset({"basic", "plus"}))}
    budgets = (_budget("a", 5, conditions=GOLD), _budget("b", 7, conditions=others))

    assert (
        "never leaves more than 0.07" in _review(a_row(), budgets=budgets)[Code.OVER_BUDGET].message
    )


def test_rows_that_end_are_reported_with_a_case_that_is_left_without() -> None:
    row = a_row("R1", conditions=dict(GOLD), effective_to=DAY)
    gone = a_row("R2", remedy="goodwill_credit", effective_to=DAY - timedelta(days=1))

    findings = review_table([row, gone], VOCABULARY, day=DAY)

    by_code = {one.code: one for one in findings}
    tomorrow = DAY + timedelta(days=1)
    expiry = by_code[Code.EXPIRES]
    assert expiry.case == Case("fee", "fee_waiver", {"customer.tier": "gold"}, tomorrow)
    assert by_code[Code.PAST].message == f"R2 ended on {gone.effective_to}; remove it."
    heir = replace(row, key="R3", effective_from=tomorrow, effective_to=None)
    codes = {one.code for one in review_table([row, heir], VOCABULARY, day=DAY)}
    assert Code.EXPIRES not in codes


def test_sentences_are_read_by_whoever_knows_what_a_customer_must_not_hear() -> None:
    def shouts(text: str) -> Iterable[tuple[str, str]]:
        return [("shouting", "shouts; lower your voice")] if text.isupper() else []

    rows = [a_row("R1", say="NO"), a_row("R2", say="No.", conditions=dict(GOLD))]
    findings = review_table(rows, VOCABULARY, say_faults=shouts)

    assert [(one.code, one.rows) for one in findings if one.severity is Severity.ERROR] == [
        ("shouting", ("R1",))
    ]


def test_gaps_are_counted_in_the_widest_terms_that_no_row_tells_apart() -> None:
    row = a_row("R1", conditions={**GOLD, "fee.amount": Within(1000, 5000)})
    facts: dict[str, FactValue] = {"customer.tier": "gold", "customer.months": 3}
    past = [
        PastCase("fee", "fee_waiver", "rep", {**facts, "fee.amount": Money(5001, "EUR")}, 2),
        PastCase("fee", "fee_waiver", "manager", {**facts, "fee.amount": Money(9000, "EUR")}, 3),
        PastCase("fee", "fee_waiver", "rep", {**facts, "fee.amount": Money(2000, "EUR")}, 9),
        PastCase("fee", "fee_waiver", "rep", {"customer.tier": "plus"}, 1),
        PastCase("card", "fee_waiver", "rep", facts, 1),
        PastCase("unheard_of", "fee_waiver", "rep", facts, 1),
    ]

    gaps = [one for one in review_table([row], VOCABULARY, (), past) if one.code == Code.GAP]

    assert [one.count for one in gaps] == [5, 1, 1]
    assert gaps[0].rows == ("R1",)
    assert gaps[0].message == (
        "No row matches fee_waiver for fee with customer.tier gold, fee.amount at least 50.01; "
        "asked 5 times (rep 2, manager 3), and nothing could be given. R1 fails by one test "
        "only. Add a row, or leave it so on purpose."
    )


def test_a_past_number_that_the_fact_can_no_longer_be_is_unknown_to_gaps() -> None:
    past = [PastCase("fee", "fee_waiver", "rep", {"customer.months": 601})]
    row = a_row("R1", conditions={"customer.months": Within(0, 24)})

    def gaps(vocabulary: Vocabulary) -> list[str]:
        found = review_table([row], vocabulary, (), past)
        return [one.message for one in found if one.code == Code.GAP]

    assert gaps(_with_a_range(0, 600)) == []
    assert len(gaps(_with_a_range(0, 601))) == 1


def test_a_past_case_whose_row_was_open_is_no_gap() -> None:
    past = [PastCase("fee", "fee_waiver", "rep", {})]

    findings = review_table([a_row("R1", conditions=dict(GOLD))], VOCABULARY, (), past)

    assert Code.GAP not in {one.code for one in findings}


def test_static_gaps_are_noted_once_for_issues_with_the_same_rows() -> None:
    row = a_row("R1", issues=frozenset({"fee", "card"}), conditions=dict(GOLD))

    found = [one for one in review_table([row], VOCABULARY) if one.code == Code.UNCOVERED]

    assert len(found) == 1
    assert found[0].message == (
        "No row matches fee_waiver in every case of fee and card: none does for fee, "
        "customer.tier basic, so nothing may be given there."
    )


def test_a_question_that_is_too_much_work_is_not_answered() -> None:
    everything: dict[str, Values] = {f"f{n}": (0, 9) for n in range(12)}
    covers = [{fact: (0, n)} for n, fact in enumerate(everything)]
    crossing = [{a: (1, 8), b: (1, 8)} for a in everything for b in everything if a < b]
    work = Work(each=50)
    work.begin()

    with pytest.raises(TooMuchWork):
        list(uncovered({}, [*crossing, *covers], everything, work))


def test_an_unsettled_question_is_said_to_be_unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Work, "begin", lambda work: setattr(work, "_left", 0))

    finding = _review(a_row("R1"), a_deny("R2"))[Code.NOT_SETTLED]

    assert finding.rows == ("R1",)
    assert finding.message.startswith("Not settled: too many rows meet R1")


def test_an_edit_settles_a_pair_that_was_too_much_work_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = a_row("R1", conditions=dict(GOLD)), a_row("R2", conditions=dict(LOYAL), rep=1)
    denies = [
        a_deny("R3", conditions={"customer.months": Within(12, 20), **GOLD}),
        a_deny("R4", conditions={"customer.months": Within(21, None), **GOLD}),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(Work, "begin", lambda work: setattr(work, "_left", 0))
        reviewer = Reviewer([one, other, *denies], VOCABULARY)
    assert ("R1", "R2") in [x.rows for x in reviewer.findings() if x.code == Code.NOT_SETTLED]

    dropped = reviewer.drop("R4")

    assert ("R1", "R2") in [x.rows for x in dropped.appeared if x.code == Code.CONFLICT]


def test_findings_are_ordered_by_severity_then_kind_then_row() -> None:
    rows = [
        a_row("R3", conditions=dict(GOLD), rep=1),
        a_row("R2", conditions=dict(LOYAL)),
        a_row("R1", supervisor=None),
        a_deny("R0", conditions=dict(GOLD)),
        a_row("R4", remedy="goodwill_credit", conditions=dict(GOLD)),
    ]

    codes = [one.code for one in review_table(rows, VOCABULARY)]

    assert codes == [Code.LADDER_FALLS, Code.UNREACHABLE, Code.UNCOVERED]


def test_two_rows_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        review_table([a_row("R1"), a_row("R1")], VOCABULARY)


def test_an_edit_tells_what_it_brought_up_and_what_it_settled() -> None:
    one, other = a_row("R1", conditions=dict(GOLD)), a_row("R2", conditions=dict(LOYAL), rep=1)
    reviewer = Reviewer([one], VOCABULARY)

    added = reviewer.put(other)
    proposal = added.appeared[0].proposal
    assert proposal is not None
    settled = reviewer.put(proposal)
    moved = reviewer.put(replace(proposal, remedy="goodwill_credit"))
    dropped = reviewer.drop("R2")

    conflict = [(Code.CONFLICT, ("R1", "R2"))]
    assert [(found.code, found.rows) for found in added.appeared if found.rows] == conflict
    assert [(found.code, found.rows) for found in settled.settled if found.rows] == conflict
    assert settled.settled[0].message == "R1 and R2 do not clash any more."
    assert [(found.code, found.rows) for found in moved.appeared if found.rows] == conflict
    assert [(found.code, found.rows) for found in dropped.settled if found.rows] == conflict


def test_differences_are_told_cell_by_cell_in_words() -> None:
    old = a_row("R041", rep=1500, conditions={"fee.amount": Within(0, 3000)})
    new = replace(
        a_row("R041", rep=2000, conditions={"fee.disclosed": Is(answer=False)}, say="Gladly."),
        effective_to=date(2026, 12, 31),
    )
    gone = a_deny("R042")

    changes = difference([gone, old], [new, a_row("R043", issues=frozenset())], VOCABULARY)

    assert [(one.row, one.kind) for one in changes] == [
        ("R041", ChangeKind.CHANGED),
        ("R043", ChangeKind.ADDED),
        ("R042", ChangeKind.REMOVED),
    ]
    assert changes[0].sentences == (
        "R041: fee.amount no longer from 0.00 to 30.00",
        "R041: ceiling for rep from 15.00 to 20.00",
        "R041: fee.disclosed now no",
        'R041: say now "Gladly."',
        "R041: effective to now 2026-12-31",
    )
    assert changes[2].sentences == (
        "R042: removed, remedy fee_waiver, effect deny, issue fee, offer offer, priority 0",
    )
    assert difference([old], [old], VOCABULARY) == ()


def test_lower_ceilings_and_more_denies_tighten() -> None:
    share = {"rep": Ceiling((ShareOf(5000, "fee.amount", 1000),))}

    assert is_tightening([a_row(rep=1000)], [replace(a_row(), ceilings=share)], VOCABULARY)
    assert not is_tightening([replace(a_row(), ceilings=share)], [a_row(rep=1000)], VOCABULARY)
    assert is_tightening([a_row()], [a_row(), a_deny(conditions=dict(GOLD))], VOCABULARY)
    assert is_tightening([a_row()], [], VOCABULARY)
    assert not is_tightening([], [a_row()], VOCABULARY)


def test_another_sentence_or_a_freer_offer_of_a_row_that_allows_is_something_new() -> None:
    row = replace(a_row(), say="I can take this off.", offer=Offer.IF_ASKED)

    def new(*rows: LimitRow) -> bool:
        return not says_nothing_new([row], rows)

    assert new(replace(row, say="I will take all of it off."))
    assert new(replace(row, offer=Offer.OFFER))
    assert new(row, replace(a_row("R2"), say="I can take this off as well."))
    assert not new(replace(row, say="", offer=Offer.NEVER), a_row("R2"))
    assert not new(row, replace(a_deny(), say="This comes from another bank."))
    assert not new()


def test_a_narrow_row_with_lower_ceilings_tightens_and_its_removal_does_not() -> None:
    wide, narrow = a_row("R1"), a_row("R2", conditions=dict(GOLD), rep=1)

    assert is_tightening([wide], [wide, narrow], VOCABULARY)
    assert not is_tightening([wide, narrow], [wide], VOCABULARY)


def test_one_row_for_all_cases_in_place_of_one_for_each_loosens_while_facts_are_unknown() -> None:
    others: dict[str, Test] = {"customer.tier": OneOf(frozenset({"basic", "plus"}))}
    split = [a_row("R1", conditions=dict(GOLD)), a_row("R2", conditions=others)]

    assert is_tightening([a_row("R3")], split, VOCABULARY)
    assert not is_tightening(split, [a_row("R3")], VOCABULARY)


def test_a_longer_time_in_effect_loosens() -> None:
    short = a_row(effective_to=DAY)

    assert is_tightening([a_row()], [short], VOCABULARY)
    assert not is_tightening([short], [a_row()], VOCABULARY)


def test_a_ceiling_that_rests_on_a_fact_no_more_loosens_the_others() -> None:
    # While the fee is unknown, the old row withholds at every level.
    share = Ceiling((ShareOf(5000, "fee.amount"),))
    old = replace(a_row(), ceilings={"rep": Ceiling((Fixed(500),)), "supervisor": share})
    new = replace(old, ceilings={"rep": Ceiling((Fixed(500),))})

    assert not is_tightening([old], [new], VOCABULARY)


def test_a_row_that_another_always_outranks_withholds_nothing_so_its_removal_tightens() -> None:
    wide, low = a_row("R1", rep=1000), a_row("R2", conditions=dict(GOLD), rep=100)
    high = a_row("R3", conditions=dict(GOLD), rep=1000, priority=1)

    assert is_tightening([wide, low, high], [wide, high], VOCABULARY)
    assert not is_tightening([wide, low], [wide], VOCABULARY)
    assert [
        compiled(*rows)
        .decide(issue="fee", remedy="fee_waiver", level="rep", facts={}, day=DAY)
        .up_to
        for rows in ([wide, low, high], [wide, high], [wide, low])
    ] == [1000, 1000, 100]


def _with_a_range(least: int | None, most: int | None) -> Vocabulary:
    months = replace(VOCABULARY.facts["customer.months"], least=least, most=most)
    return replace(VOCABULARY, facts={**VOCABULARY.facts, months.key: months})


def test_no_finding_shows_a_number_that_the_fact_cannot_be() -> None:
    late = a_row("R1", conditions={"customer.months": Within(24, None)})

    uncovered = review_table([late], _with_a_range(6, 600))[0].case
    beyond = a_row("R1", conditions={"customer.months": Within(601, None)})
    complete = a_row("R1", conditions={"customer.months": Within(6, 600)})

    assert uncovered == Case("fee", "fee_waiver", {"customer.months": 6})
    assert review_table([beyond], _with_a_range(6, 600))[0].code == Code.NEVER_MET
    assert review_table([complete], _with_a_range(6, 600)) == ()
