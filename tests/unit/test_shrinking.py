"""Shares of few are drawn towards that of all, and no further than the shares speak for."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.shrinking import prior

COUNTS = st.lists(
    st.integers(0, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))),
    max_size=12,
)


@given(COUNTS)
def test_a_shrunk_share_lies_between_its_own_and_that_of_all(counts: list[tuple[int, int]]) -> None:
    believed = prior(counts)
    assert (believed is None) == (not sum(of for _, of in counts))
    for hits, of in counts:
        if believed is not None and of:
            low, high = sorted((hits / of, believed.share))
            assert low - 1e-9 <= believed.shrink(hits, of) <= high + 1e-9


def test_shares_that_differ_by_chance_alone_are_all_that_of_all() -> None:
    believed = prior([(5, 10), (50, 100), (500, 1000)])

    assert believed is not None
    assert believed.shrink(1, 1) == 0.5


def test_the_strength_is_that_of_the_shares_that_were_drawn() -> None:
    rng = random.Random(7)
    counts = []
    for _ in range(2000):
        share, of = rng.betavariate(12, 28), rng.randint(5, 60)
        counts.append((sum(rng.random() < share for _ in range(of)), of))

    believed = prior(counts)

    assert believed is not None
    assert believed.share == pytest.approx(0.3, abs=0.01)
    assert believed.strength == pytest.approx(40, rel=0.15)
