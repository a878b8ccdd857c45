"""Precedent: which cases are like, how they went, and the middle of what was given."""

from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.ceilings import UNLIMITED
from agent_assist.core.waiting import Precedent, Ruled, above, precedent

CASES = st.lists(
    st.integers(1, 60).flatmap(
        lambda asked: st.builds(
            Ruled,
            st.just(asked),
            st.none() | st.integers(1, asked),
            st.integers(1, 4),
        )
    ),
    max_size=12,
)


def test_like_cases_asked_for_half_as_much_to_twice_as_much() -> None:
    cases = [
        Ruled(7, 7, 1),  # one too little
        Ruled(8, 8, 2),
        Ruled(15, 10, 1),
        Ruled(30, None, 3),
        Ruled(31, 31, 1),  # one too much
    ]

    assert precedent(15, cases) == Precedent(8, 30, approved=2, lowered=1, refused=3, median=8)


def test_nothing_decided_has_no_median() -> None:
    assert precedent(15, [Ruled(15, None, 2)]).median is None
    assert precedent(15, []) == Precedent(8, 30, 0, 0, 0, None)


@given(st.integers(1, 60), CASES)
def test_precedent_counts_every_like_case_once(amount: int, cases: list[Ruled]) -> None:
    found = precedent(amount, cases)

    each = [one for one in cases for _ in range(one.times)]
    like = [one for one in each if amount <= 2 * one.asked and one.asked <= 2 * amount]
    assert found.approved + found.lowered + found.refused == len(like)
    granted = [one.given for one in like if one.given is not None]
    assert found.median == (median_low(granted) if granted else None)


@pytest.mark.parametrize(("up_to", "expected"), [(1000, 500), (1500, 0), (UNLIMITED, 0)])
def test_how_much_is_above_what_may_be_given(up_to: int, expected: int) -> None:
    assert above(1500, up_to) == expected
