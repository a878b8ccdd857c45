"""What labelled texts teach, and what they leave alone."""

from pathlib import Path

import numpy as np
import pytest

from agent_assist.matching import regression, taught
from agent_assist.matching.assigned import Assigned, assign
from agent_assist.matching.calibration import Floats
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.lessons import Labelled
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.matching.taught import MOST_PAIRS, Exam, Taught, enough
from agent_assist.matching.tuning import NEVER, Tuning, conformal_threshold, reckoned_threshold
from agent_assist.matching.words import stems
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder, learned

TAUGHT = tuple(
    Labelled(f"{what} {n}", issue)
    for issue, what in (
        ("lost_card", "zorblat my plastic"),
        ("cash_fee", "money machine gizmo"),
        ("pin", "secret digits frobnicate"),
    )
    for n in range(5)
)

QUESTIONS = (
    "how long does a transfer take",
    "my transfer is pending",
    "the machine took a fee",
    "zorblat transfer",
    "I forgot my PIN",
    "what is this",
)


def joint(index: PolicyIndex, text: str) -> Floats:
    """The probability of each pair, that anything fits included."""
    scored = index.score([text], [stems(text)], HashingEncoder().encode([text]))
    chances = index.chances(scored)
    result: Floats = chances.fits[0] * chances.pairs[0]
    return result


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_was_not_taught_keeps_the_probability_that_the_library_gives_it(
    index: PolicyIndex, encoder: HashingEncoder, text: str
) -> None:
    taught = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned(TAUGHT))
    others = [n for n, pair in enumerate(index.corpus.pairs) if pair.issue.startswith("transfer")]

    assert joint(taught, text)[others] == pytest.approx(joint(index, text)[others], abs=1e-9)


def test_fewer_texts_than_enough_count_as_examples_of_the_library(
    encoder: HashingEncoder,
) -> None:
    few = tuple(Labelled(f"zorblat gizmo {n}", "pin") for n in range(2))

    index = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned(few))

    assert index.taught is None
    heard = Listener(encoder).hear(index, "zorblat gizmo")
    assert rank(index, heard).items[0].issue == "pin"


def test_chances_add_up_whatever_is_allowed(encoder: HashingEncoder) -> None:
    index = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned(TAUGHT))
    texts = list(QUESTIONS)
    scored = index.score(texts, [stems(text) for text in texts], encoder.encode(texts))
    issues = [pair.issue for pair in index.corpus.pairs]

    for allowed in ({"lost_card"}, {"transfer_time"}, {"transfer_time", "pin"}, set(issues)):
        may = np.array([issue in allowed for issue in issues])
        chances = index.chances(scored, may)
        assert chances.pairs.sum(axis=1) == pytest.approx(1.0)
        assert (chances.pairs[:, ~may] == 0).all()
        assert ((chances.fits > 0) & (chances.fits <= 1)).all()


def test_what_was_taught_is_saved_and_loaded(encoder: HashingEncoder, tmp_path: Path) -> None:
    index = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned(TAUGHT))
    index.save(tmp_path / "index")

    loaded = PolicyIndex.load(tmp_path / "index")

    for text in QUESTIONS:
        assert (joint(loaded, text) == joint(index, text)).all()


def test_the_threshold_keeps_the_share_of_wrong_answers() -> None:
    surest = np.linspace(1, 0.001, 1000)
    right = np.arange(1000) < 800

    threshold = conformal_threshold(surest, right, 0.05)

    answered = surest >= threshold
    assert 0.035 < (~right[answered]).mean() <= 0.05
    assert conformal_threshold(surest, ~right, 0.05) == NEVER
    assert conformal_threshold(surest[:5], right[:5], 0.05) == NEVER


def test_the_threshold_is_one_that_the_probabilities_promise_as_well() -> None:
    surest = np.linspace(1, 0.001, 1000)

    threshold = reckoned_threshold(surest, 0.05)

    assert (1 - surest[surest >= threshold]).mean() == pytest.approx(0.05, abs=1e-3)
    assert reckoned_threshold(surest[500:], 0.05) == NEVER


@pytest.fixture
def assigned(index: PolicyIndex, encoder: HashingEncoder) -> Assigned:
    vectors = encoder.encode([one.text for one in TAUGHT])
    return assign(index.corpus, TAUGHT, vectors)


@pytest.mark.parametrize("source", [0, 7, 14])
def test_a_lesson_is_asked_of_what_is_learned_without_it(
    index: PolicyIndex, assigned: Assigned, source: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regression, "SPELLING_SHARE", 0.0)  # it counts rare words with the lesson
    exam = Exam.of(index.corpus, assigned, Tuning())
    without = Taught.fit(index.corpus, assigned.where(assigned.sources != source), Tuning())

    scores = exam.without_each(np.array([source]))

    expected = without.scores([assigned.texts[source]], assigned.vectors[source : source + 1])
    assert scores == pytest.approx(expected, abs=1e-4)


def test_a_lesson_without_its_policy_scores_nothing_for_it(
    index: PolicyIndex, assigned: Assigned
) -> None:
    exam = Exam.of(index.corpus, assigned, Tuning())
    own = np.searchsorted(exam.taught.positions, assigned.pairs)

    scores = exam.without_policies(exam.asked, index.corpus.policies)

    rows = np.arange(len(own))
    assert scores[rows, own] == pytest.approx(0.0, abs=1e-4)
    assert (exam.without_each(exam.asked)[rows, own] > 0.1).all()


def test_only_so_many_texts_are_learned_from_and_of_each_pair_as_many(
    index: PolicyIndex, assigned: Assigned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taught, "MOST_TEXTS", 14)

    exam = Exam.of(index.corpus, assigned, Tuning())

    pairs, counts = np.unique(exam.pairs, return_counts=True)
    assert set(pairs) == set(assigned.pairs)
    assert (counts == 4).all()


def test_the_pairs_with_most_labelled_texts_are_taught(
    index: PolicyIndex, assigned: Assigned, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(index.corpus.pairs) < MOST_PAIRS
    assert enough(assigned).all()
    monkeypatch.setattr(taught, "MOST_PAIRS", 2)
    fewer = assigned.where(assigned.sources != 0)

    taught_pairs = set(fewer.pairs[enough(fewer)])

    assert len(taught_pairs) == 2
    assert assigned.pairs[0] not in taught_pairs
