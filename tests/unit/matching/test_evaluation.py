"""The figures, on trials that can be counted by hand."""

import time

import pytest

from agent_assist.matching.cases import Case
from agent_assist.matching.evaluation import Confusion, Trial, evaluate, right_policies, run
from agent_assist.matching.index import PolicyIndex
from tests.unit.matching.small import POLICIES, HashingEncoder

COVERS = {
    "a": ("one",),
    "b": ("two", "three"),
    "c": ("four",),
    "wide": ("one", "two", "three", "four", "five"),
}


def a_trial(
    case: Case,
    *ranked: tuple[str, float],
    abstained: bool = False,
    fits: float = 0.9,
    milliseconds: float = 1.0,
) -> Trial:
    return Trial(case, ranked, abstained=abstained, fits=fits, milliseconds=milliseconds)


FIRST = a_trial(Case("x", issue="one"), ("a", 0.9), ("b", 0.05))
SECOND = a_trial(Case("x", issue="two"), ("a", 0.5), ("b", 0.4))
UNKNOWN = a_trial(Case("x"), ("c", 0.3), abstained=True, fits=0.3)


def test_places_of_right_policies_make_the_figures() -> None:
    measures = evaluate([FIRST, SECOND, UNKNOWN], COVERS).measures

    assert (measures.n, measures.top1, measures.top3, measures.mrr) == (3, 0.5, 1.0, 0.75)
    assert (measures.recall_at_5, measures.recall_at_10) == (1.0, 1.0)


def test_recall_counts_each_right_policy() -> None:
    trial = a_trial(Case("x", policies=("a", "c")), ("a", 0.9), ("b", 0.05))

    assert evaluate([trial], COVERS).measures.recall_at_5 == 0.5


def test_abstaining_is_not_answering() -> None:
    measures = evaluate([FIRST, SECOND, UNKNOWN], COVERS).measures

    assert measures.coverage == pytest.approx(2 / 3)
    assert measures.selective_accuracy == 0.5


def test_an_answer_to_what_nothing_fits_is_wrong() -> None:
    answered = a_trial(Case("x"), ("c", 0.9))

    assert evaluate([FIRST, answered], COVERS).measures.selective_accuracy == 0.5


def test_known_cases_are_told_from_unknown_ones_by_fit() -> None:
    assert evaluate([FIRST, SECOND, UNKNOWN], COVERS).measures.auroc_known == 1.0
    assert evaluate([FIRST, SECOND], COVERS).measures.auroc_known is None
    assert evaluate([UNKNOWN], COVERS).measures.auroc_known is None


def test_the_gap_between_probability_and_truth_is_averaged_over_bins() -> None:
    # 0.9 is right (gap 0.1), 0.5 is wrong (gap 0.5).
    assert evaluate([FIRST, SECOND], COVERS).measures.ece == pytest.approx(0.3)


def test_times_are_percentiles() -> None:
    trials = [a_trial(Case("x", issue="one"), ("a", 1.0), milliseconds=t) for t in (1.0, 2.0, 9.0)]
    latency = evaluate(trials, COVERS).measures.latency_ms

    assert latency.p50 == 2.0
    assert latency.p99 == pytest.approx(8.86)


def test_figures_without_known_cases_are_none() -> None:
    measures = evaluate([UNKNOWN], COVERS).measures

    assert (measures.top1, measures.mrr, measures.selective_accuracy) == (None, None, None)


def test_an_answer_without_policies_is_wrong_at_probability_zero() -> None:
    measures = evaluate([a_trial(Case("x", issue="one"), abstained=True)], COVERS).measures

    assert (measures.top1, measures.coverage, measures.ece) == (0.0, 0.0, 0.0)


def test_a_policy_that_covers_more_than_four_issues_never_counts_as_right() -> None:
    assert right_policies(Case("x", issue="one"), COVERS) == {"a"}
    assert right_policies(Case("x", policies=("wide", "c")), COVERS) == {"c"}
    assert right_policies(Case("x"), COVERS) == frozenset()


def test_confusions_are_counted_most_frequent_first() -> None:
    confusions = evaluate([FIRST, SECOND, UNKNOWN, SECOND], COVERS).confusions

    assert confusions == (Confusion("two", "a", 2), Confusion("", "c", 1))


def test_the_curve_ends_where_everything_is_answered() -> None:
    curve = evaluate([FIRST, SECOND, UNKNOWN], COVERS).curve

    assert [round(point.coverage, 3) for point in curve] == [0.333, 0.667, 1.0]
    assert [round(point.accuracy, 3) for point in curve] == [1.0, 0.5, 0.333]


def test_nothing_to_evaluate_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing to evaluate"):
        evaluate([], COVERS)


def test_a_small_library_answers_its_own_examples(index: PolicyIndex) -> None:
    cases = [
        Case(text, issue=issue)
        for policy in POLICIES
        for issue, texts in policy.examples.items()
        for text in texts
    ]
    trials = list(run(index, HashingEncoder(), cases, clock=time.perf_counter))
    measures = evaluate(trials, {policy.id: policy.issues for policy in POLICIES}).measures

    assert (measures.n, measures.top1) == (25, 1.0)
