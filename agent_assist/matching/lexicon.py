"""Keywords: BM25 over the texts of a library, every score worked out when it is built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.matching.words import SMALL, stems

Scores: TypeAlias = npt.NDArray[np.float32]

SATURATION = 1.2
LENGTH_SHARE = 0.5

MOST_HOLDERS = 10_000
"""Texts in which a stem may stand and still count: one in more says little, and costs most."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The score that each stem gives to each of n texts.

    The stem of row r gives `scores[k]` to text `texts[k]`, k from `starts[r]` to `starts[r + 1]`.

    Source: Lucene's form of BM25; scored when built as in Lù, "BM25S: Orders of magnitude faster
    lexical search via eager sparse scoring" (2024), whose package costs a worker 28 MB.
    """

    rows: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int32]
    scores: Scores
    size: int

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Lexicon":
        """The lexicon of n texts, at least one."""
        numbers: dict[str, int] = {}
        said = [[numbers.setdefault(stem, len(numbers)) for stem in stems(text)] for text in texts]
        lengths = np.array([len(one) for one in said])
        held = np.repeat(np.arange(len(texts)), lengths)
        keys, counts = np.unique(
            np.fromiter(chain.from_iterable(said), np.int64) * len(texts) + held,
            return_counts=True,
        )
        rows, holding = np.divmod(keys, len(texts))
        starts = np.searchsorted(rows, np.arange(len(numbers) + 1))
        relative = lengths / max(1.0, lengths.mean())
        rarity = _rarity(np.diff(starts), len(texts))
        scores = rarity[rows] * _saturated(counts, relative[holding])
        return cls(
            rows=numbers,
            starts=starts.astype(np.int64),
            texts=holding.astype(np.int32),
            scores=scores.astype(np.float32),
            size=len(texts),
        )

    def score(self, asked: Sequence[str]) -> Scores:
        """How well each text has the stems asked for, shape (n,), each at least 0."""
        total = np.zeros(self.size, np.float32)
        for stem in set(asked):
            row = self.rows.get(stem)
            if row is not None and self.starts[row + 1] - self.starts[row] <= MOST_HOLDERS:
                part = slice(self.starts[row], self.starts[row + 1])
                # A text stands at most once in a row, so that nothing is added twice.
                total[self.texts[part]] += self.scores[part]
        return total

    def rarity(self, stem: str) -> float:
        """How much a shared word proves: 0 for small and unknown words, more for rarer ones."""
        row = self.rows.get(stem)
        if row is None or stem in SMALL:
            return 0.0
        return float(_rarity(int(self.starts[row + 1] - self.starts[row]), self.size))


def _rarity(holders: Any, texts: int) -> Any:
    """How much a stem proves that so many texts hold, one number or several."""
    return np.log(1 + (texts - holders + 0.5) / (holders + 0.5))


def _saturated(
    counts: npt.NDArray[np.int64], relative_lengths: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    slowed = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relative_lengths)
    return counts / (counts + slowed)
