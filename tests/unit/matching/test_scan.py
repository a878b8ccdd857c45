"""Searching very many vectors: what is found is what looking at all of them finds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent_assist.matching.artefacts import ArtefactDamaged
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.matching.scan import Scan
from tests.unit.matching.small import HashingEncoder


def scanning(index: PolicyIndex) -> PolicyIndex:
    """The same index, searched as if its texts were very many."""
    scan = Scan.build(index.corpus.vectors)
    return replace(index, corpus=replace(index.corpus, scan=scan))


def some_vectors(count: int, dimension: int, *, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    # Some numbers stand out, as they do in what encoders give.
    vectors[:, :3] *= 8
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


@pytest.mark.parametrize(("count", "dimension"), [(1, 1), (7, 3), (300, 384), (9000, 64)])
def test_a_scan_is_off_by_no_more_than_it_says(count: int, dimension: int) -> None:
    vectors = some_vectors(count, dimension, seed=1)
    scan = Scan.build(vectors)
    for asked in (*some_vectors(20, dimension, seed=2), vectors[0], np.zeros(dimension, "f4")):
        rough, off = scan.cosines(asked)

        assert np.abs(rough - vectors @ asked).max() <= off + 1e-6
        assert off < 0.15


def test_nearness_with_a_scan_is_nearness(index: PolicyIndex) -> None:
    vectors = some_vectors(len(index.corpus.entries), 384, seed=3)
    # One direction is common to all, so that the nearest are as near as the next.
    vectors += 0.3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    corpus = replace(index.corpus, vectors=vectors)
    scanned = replace(corpus, scan=Scan.build(vectors))
    for own, vector in enumerate(vectors):
        assert np.allclose(scanned.nearness(vector), corpus.nearness(vector), atol=1e-6)
        without = scanned.nearness(vector, without=own)
        assert np.allclose(without, corpus.nearness(vector, without=own), atol=1e-6)


def test_a_pair_without_its_only_text_is_near_nothing(index: PolicyIndex) -> None:
    pairs = len(index.corpus.pairs)
    alone = replace(scanning(index).corpus, members=np.arange(pairs), starts=np.arange(pairs + 1))

    nearness = alone.nearness(alone.vectors[2], without=2)

    assert nearness.argmin() == 2
    assert nearness[2] == -1.0


def test_an_index_with_a_scan_answers_alike_saved_or_not(
    index: PolicyIndex, encoder: HashingEncoder, tmp_path: Path
) -> None:
    many = scanning(index)
    many.save(tmp_path / "index")
    loaded = PolicyIndex.load(tmp_path / "index")

    assert loaded.corpus.scan is not None
    said = "a fee for cash from the machine"
    heard = Listener(encoder).hear(index, said)
    for one in (many, loaded):
        again = Listener(encoder).hear(one, said)
        assert [match.policy for match in rank(one, again).items] == [
            match.policy for match in rank(index, heard).items
        ]


def test_a_scan_that_is_not_the_one_that_was_saved_is_refused(
    index: PolicyIndex, tmp_path: Path
) -> None:
    scanning(index).save(tmp_path / "index")
    file = tmp_path / "index" / "scan.onnx"
    flipped = bytearray(file.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    file.write_bytes(flipped)

    with pytest.raises(ArtefactDamaged):
        PolicyIndex.load(tmp_path / "index")
