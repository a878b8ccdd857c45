"""Wordings compared: whoever looks every day is hardly ever misled, and a good one is found."""

import random
from collections.abc import Iterator
from dataclasses import replace
from math import lgamma, log, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.sequential import interval
from agent_assist.core.wording_trial import ERROR, Assigned, compare
from agent_assist.core.wordings import Wording

DAYS, A_DAY, RUNS = 90, 20, 300
FINE = Assigned(
    Wording.STANDING,
    settled=True, named=True, repeated=False, ended=True, resolved=True, escalated=False,
)  # fmt: skip
OTHER = replace(FINE, wording=Wording.ALTERNATIVE)
BACK, OTHER_BACK = replace(FINE, repeated=True), replace(OTHER, repeated=True)

Counted = tuple[int, int]


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    of = draw(st.integers(0, 400))
    return draw(st.integers(0, of)), of


def excludes_zero(one: Counted, other: Counted, error: float) -> bool:
    """The same rule for no difference, where the likeliest share is that of both together."""
    hits, of = one[0] + other[0], one[1] + other[1]
    share = hits / of if of else 0.5
    likelihood = sum(n * log(p) for n, p in ((hits, share), (of - hits, 1 - share)) if n)
    mixture = sum(
        lgamma(h + 0.5) + lgamma(n - h + 0.5) - lgamma(n + 1) - log(pi) for h, n in (one, other)
    )
    return likelihood < mixture + log(error)


def days(rng: random.Random, one: float, other: float) -> Iterator[tuple[Counted, Counted]]:
    """What is counted at the end of each day."""
    hits, of = [0, 0], [0, 0]
    for _ in range(DAYS):
        for _ in range(A_DAY):
            arm = rng.random() < 0.5
            of[arm] += 1
            hits[arm] += rng.random() < (other if arm else one)
        yield (hits[0], of[0]), (hits[1], of[1])


def found(one: float, other: float) -> int:
    """In how many runs some day's look finds a difference."""
    return sum(
        any(excludes_zero(*both, ERROR / 2) for both in days(random.Random(seed), one, other))
        for seed in range(RUNS)
    )


@settings(max_examples=60, deadline=None)
@given(counted(), counted())
def test_an_interval_holds_what_was_seen_and_zero_where_both_may_be_alike(
    one: Counted, other: Counted
) -> None:
    low, high = interval(one, other, 0.05)

    assert -1.0 <= low < high <= 1.0
    if one[1] and other[1]:
        assert low - 1e-6 <= other[0] / other[1] - one[0] / one[1] <= high + 1e-6
    assert (low > 0 or high < 0) is excludes_zero(one, other, 0.05)


@settings(max_examples=30, deadline=None)
@given(counted(), counted())
def test_an_interval_of_the_wordings_the_other_way_round_is_the_same_with_its_sign_turned(
    one: Counted, other: Counted
) -> None:
    low, high = interval(one, other, 0.05)

    assert interval(other, one, 0.05) == pytest.approx((-high, -low), abs=1e-6)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_looking_every_day_finds_no_difference_where_there_is_none(share: float) -> None:
    assert found(share, share) <= ERROR / 2 * RUNS


def test_a_wording_that_halves_repeats_is_found() -> None:
    assert found(0.2, 0.1) >= 0.95 * RUNS


def test_a_wording_is_proposed_that_is_surely_better_by_one_measure() -> None:
    halved = compare([FINE] * 480 + [BACK] * 120 + [OTHER] * 540 + [OTHER_BACK] * 60)

    assert halved.better is Wording.ALTERNATIVE
    assert halved.repeated[1] < 0
    assert compare([OTHER] * 480 + [OTHER_BACK] * 120 + [FINE] * 540 + [BACK] * 60).better is (
        Wording.STANDING
    )


def test_nothing_is_proposed_of_few_contacts_or_of_none() -> None:
    assert compare([]).better is None
    assert compare([FINE, OTHER_BACK] * 3).better is None


def test_nothing_is_proposed_that_is_surely_worse_by_the_other_measure() -> None:
    worse = replace(OTHER, resolved=False)

    mixed = compare([FINE] * 500 + [BACK] * 500 + [worse] * 500 + [OTHER] * 500)

    assert mixed.repeated[1] < 0
    assert mixed.accepted[1] < 0
    assert mixed.better is None


def test_contacts_count_once_they_are_settled_and_with_what_they_were_assigned() -> None:
    some = [
        FINE,
        replace(FINE, settled=False, repeated=True),
        replace(FINE, named=False),
        replace(FINE, ended=False, resolved=False),
        replace(FINE, escalated=True),
    ]

    arm = compare(some).arms[Wording.STANDING]

    assert (arm.contacts, arm.settled, arm.ended) == (5, 4, 3)
    assert (arm.repeated.count, arm.repeated.of) == (0, 3)
    assert (arm.accepted.count, arm.accepted.of) == (2, 4)
