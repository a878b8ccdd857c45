"""How a text is spelt, as numbers: its words, pairs of words and runs of letters."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from agent_assist.matching.encoders import Vectors
from agent_assist.matching.words import stems

DIMENSION = 2048
"""Of the vectors: 1,024 loses three tenths of a point, 4,096 gains nothing."""

_BUCKETS = 1 << 16
_RUNS = (3, 4, 5)

Rarity = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Turns texts into vectors by their words and letters, the rarer ones weighing more.

    Features are told apart by a hash: one half of it says how rare they are, the other to which
    number they are added, and with which sign, so that those that meet there cancel out.

    Attributes:
        rarity: shape (65536,), logarithm of how few of the texts it was made from have a feature.

    Source: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
    """

    rarity: Rarity

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Spelling":
        """The spelling that knows how rare features are among n texts."""
        holders = np.zeros(_BUCKETS, np.int64)
        for text in texts:
            holders[np.unique(_hashes(text) & (_BUCKETS - 1))] += 1
        return cls((np.log((1 + len(texts)) / (1 + holders)) + 1).astype(np.float32))

    def vectors(self, texts: Iterable[str]) -> Vectors:
        """The vectors of n texts, shape (n, DIMENSION); rows have length 1, or 0 without a word."""
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        hashes = _hashes(text)
        weights = self.rarity[hashes & (_BUCKETS - 1)]
        signed = np.where(hashes >> 31, weights, -weights)
        vector = np.bincount((hashes >> 16) % DIMENSION, signed, DIMENSION).astype(np.float32)
        length = np.linalg.norm(vector)
        return vector / length if length else vector


def _hashes(text: str) -> npt.NDArray[np.int64]:
    """The 32-bit hashes of a text's features, each feature once."""
    found = stems(text)
    each = {number for stem in found for number in _of_word(stem)}
    each.update(zlib.crc32(f"{one} {two}".encode()) for one, two in pairwise(found))
    return np.array(sorted(each), np.int64)


@lru_cache(maxsize=20_000)
def _of_word(stem: str) -> tuple[int, ...]:
    return tuple(zlib.crc32(feature.encode()) for feature in _features(stem))


def _features(stem: str) -> Iterator[str]:
    yield stem
    framed = f"^{stem}$"
    for length in _RUNS:
        yield from (framed[at : at + length] for at in range(len(framed) - length + 1))
