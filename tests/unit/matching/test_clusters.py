"""What many ask for alike is found whatever the order, and nothing is found in noise."""

import random

import numpy as np
import numpy.typing as npt
import pytest

from agent_assist.matching.clusters import clusters, proposed_name
from agent_assist.matching.encoders import Vectors

D = 64


def near(middle: Vectors, number: int, rng: np.random.Generator) -> list[Vectors]:
    """Vectors around a middle: each two of them have a cosine of about .8."""
    moved = middle + rng.normal(size=(number, D)) * (0.5 / np.sqrt(D))
    return list(_unit(moved))


def noise(number: int, rng: np.random.Generator) -> list[Vectors]:
    return list(_unit(rng.normal(size=(number, D))))


def _unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    found: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return found.astype(np.float32)


@pytest.mark.parametrize("seed", range(20))
def test_planted_clusters_are_found_whole_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = noise(2, rng)
    texts = [*near(one, 12, rng), *noise(200, rng), *near(other, 7, rng)]

    found = clusters(texts)

    assert [sorted(rows) for rows in found] == [[*range(12)], [*range(212, 219)]]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_found_in_noise(seed: int) -> None:
    assert clusters(noise(300, np.random.default_rng(seed))) == []


def test_fewer_than_five_alike_are_no_cluster_and_five_are() -> None:
    rng = np.random.default_rng(1)
    (middle,) = noise(1, rng)
    same = [middle] * 5

    assert clusters(same[:4]) == []
    assert [sorted(rows) for rows in clusters(same)] == [[0, 1, 2, 3, 4]]
    assert clusters([]) == []


def test_the_order_of_texts_decides_nothing() -> None:
    rng = np.random.default_rng(2)
    middles = noise(3, rng)
    texts = [one for middle in middles for one in near(middle, 9, rng)] + noise(50, rng)
    places = list(range(len(texts)))
    random.Random(3).shuffle(places)

    plain = {frozenset(rows) for rows in clusters(texts)}
    shuffled = clusters([texts[place] for place in places])

    assert {frozenset(places[row] for row in rows) for rows in shuffled} == plain


def test_a_cluster_is_named_by_what_tells_it_from_the_others() -> None:
    own = ["my parrot ate the card", "the parrot chewed my card", "Parrots bite cards, my parrot"]
    others = ["where is my card", "card please", "block the card", "my card is late"]

    assert proposed_name(own, [*own, *others])[0] == "parrot"
    assert proposed_name(["the # of it"], ["the # of it"]) == ()
