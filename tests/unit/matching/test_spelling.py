"""Spelling: texts as vectors of their words and letters."""

import numpy as np

from agent_assist.matching.spelling import DIMENSION, Spelling

TEXTS = ("my card was charged twice", "the card is lost", "where is my refund")


def test_vectors_have_length_one_unless_there_is_no_word() -> None:
    vectors = Spelling.of(TEXTS).vectors([*TEXTS, "!?"])

    assert vectors.shape == (4, DIMENSION)
    assert np.linalg.norm(vectors, axis=1).round(5).tolist() == [1.0, 1.0, 1.0, 0.0]


def test_a_misspelt_word_is_nearer_than_another() -> None:
    spelling = Spelling.of(TEXTS)
    refund, misspelt, other = spelling.vectors(["refund", "refnud refun", "charged"])

    assert refund @ misspelt > refund @ other + 0.1


def test_rare_words_weigh_more_than_common_ones() -> None:
    spelling = Spelling.of(["card payment"] * 50 + ["card refund"])
    asked, payment, refund = spelling.vectors(["payment refund", "payment", "refund"])

    assert asked @ refund > asked @ payment


def test_no_text_has_no_vector() -> None:
    assert Spelling.of(TEXTS).vectors([]).shape == (0, DIMENSION)
