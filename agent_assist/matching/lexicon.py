"""Keywords: BM25 over the texts of a library, every score worked out when it is built."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.matching.words import SMALL, stems

Scores: TypeAlias = npt.NDArray[np.float32]

SATURATION = 1.2
LENGTH_SHARE = 0.5


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
        counts = [Counter(stems(text)) for text in texts]
        lengths = [sum(count.values()) for count in counts]
        mean = max(1.0, sum(lengths) / len(lengths))
        holders: dict[str, list[int]] = {}
        for index, count in enumerate(counts):
            for stem in count:
                holders.setdefault(stem, []).append(index)
        known = sorted(holders)
        scores = [
            _rarity(len(holders[stem]), len(texts))
            * _saturated(counts[index][stem], lengths[index] / mean)
            for stem in known
            for index in holders[stem]
        ]
        return cls(
            rows={stem: row for row, stem in enumerate(known)},
            starts=np.cumsum([0, *(len(holders[stem]) for stem in known)], dtype=np.int64),
            texts=np.array([index for stem in known for index in holders[stem]], np.int32),
            scores=np.array(scores, np.float32),
            size=len(texts),
        )

    def score(self, asked: Sequence[str]) -> Scores:
        """How well each text has the stems asked for, shape (n,), each at least 0."""
        total = np.zeros(self.size, np.float32)
        for stem in set(asked):
            row = self.rows.get(stem)
            if row is not None:
                part = slice(self.starts[row], self.starts[row + 1])
                # A text stands at most once in a row, so that nothing is added twice.
                total[self.texts[part]] += self.scores[part]
        return total

    def rarity(self, stem: str) -> float:
        """How much a shared word proves: 0 for small and unknown words, more for rarer ones."""
        row = self.rows.get(stem)
        if row is None or stem in SMALL:
            return 0.0
        return _rarity(int(self.starts[row + 1] - self.starts[row]), self.size)


def _rarity(holders: int, texts: int) -> float:
    return log(1 + (texts - holders + 0.5) / (holders + 0.5))


def _saturated(count: int, relative_length: float) -> float:
    slowed = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relative_length)
    return count / (count + slowed)
