"""The gate: worse beyond noise, and golden questions."""

from typing import Any, cast

import pytest

from agent_assist.matching.cases import Case
from agent_assist.matching.gate import (
    Comparison,
    Contender,
    compare,
    failing,
    golden_questions,
    judgement,
)
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.lessons import Labelled
from agent_assist.matching.tuning import Tuning
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder, learned

COVERS = {policy.id: policy.issues for policy in POLICIES}


def no_time() -> float:
    return 0.0


@pytest.mark.parametrize(
    ("won", "lost", "chance", "is_worse"),
    [
        (0, 0, 1.0, False),
        (5, 0, 1.0, False),
        (0, 4, 0.0625, False),
        (0, 5, 0.03125, True),
        (10, 12, 0.4159, False),
        (10, 25, 0.0083, True),
    ],
)
def test_only_what_is_worse_beyond_noise_is_worse(
    won: int, lost: int, chance: float, is_worse: bool
) -> None:
    found = Comparison(cast("Any", None), cast("Any", None), won, lost)

    assert found.chance == pytest.approx(chance, abs=5e-4)
    assert found.is_worse is is_worse


def test_an_index_neither_wins_nor_loses_beside_itself(index: PolicyIndex) -> None:
    one = Contender(index, HashingEncoder())
    cases = [Case("I lost my card", "lost_card"), Case("who is the king", "pin")]

    found = compare(one, one, cases, COVERS, no_time)

    assert (found.won, found.lost, found.new.n) == (0, 0, 2)
    assert judgement(found, ())["is_worse"] is False


def test_what_was_taught_wrongly_loses(index: PolicyIndex) -> None:
    old = Contender(index, HashingEncoder())
    # Every example is given to another issue, many times over.
    issues = list(ISSUES)
    following = dict(zip(issues, [*issues[1:], issues[0]], strict=True))
    wrong = [
        Labelled(f"{text} kindly {number}", following[issue])
        for policy in POLICIES
        for issue, texts in policy.examples.items()
        for text in texts
        for number in range(30)
    ]
    # By the library's keywords, which training would find misleading here, all would be right.
    lessons = learned(wrong, Tuning(keywords=0.0))
    taught = PolicyIndex.build(POLICIES, ISSUES, HashingEncoder(), learned=lessons)
    new = Contender(taught, HashingEncoder())
    cases = [
        Case(f"{text} kindly 3 4", issue)
        for policy in POLICIES
        for issue, texts in policy.examples.items()
        for text in texts
    ]

    found = compare(new, old, cases, COVERS, no_time)

    assert found.is_worse


def test_a_golden_question_fails_when_its_policy_is_not_among_the_first(
    index: PolicyIndex,
) -> None:
    golden = golden_questions(POLICIES)
    one = Contender(index, HashingEncoder())

    assert failing(one, golden, no_time) == frozenset()
    assert failing(one, {"I lost my card": frozenset({"no/such"})}, no_time) == {"I lost my card"}
