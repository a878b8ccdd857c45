"""Labelled texts beside one library: which of its policies and issues each speaks for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent_assist.matching.corpus import Corpus, Positions
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.lessons import Labelled


@dataclass(frozen=True, slots=True)
class Assigned:
    """Labelled texts, each with a pair that it speaks for.

    Attributes:
        texts: m texts; one that speaks for several pairs stands here once for each.
        vectors: shape (m, d).
        pairs: shape (m,), positions in the corpus.
        weights: shape (m,), 1 divided by how many pairs the text speaks for.
        sources: shape (m,), position of each in the labelled texts that were assigned.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    pairs: Positions
    weights: npt.NDArray[np.float64]
    sources: Positions

    def where(self, kept: npt.NDArray[np.bool_]) -> "Assigned":
        """Those that are kept; `kept` has shape (m,)."""
        return Assigned(
            texts=tuple(text for text, one in zip(self.texts, kept.tolist(), strict=True) if one),
            vectors=self.vectors[kept],
            pairs=self.pairs[kept],
            weights=self.weights[kept],
            sources=self.sources[kept],
        )


def assign(corpus: Corpus, labelled: Sequence[Labelled], vectors: Vectors) -> Assigned:
    """Labelled texts with their vectors, assigned to pairs; those of no pair are passed over."""
    meant: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    found = []
    for source, one in enumerate(labelled):
        label = (one.issue, one.policies)
        if label not in meant:
            meant[label] = _meant(corpus, one)
        found += [(source, pair, 1 / len(meant[label])) for pair in meant[label]]
    sources = np.array([source for source, _, _ in found], np.int64)
    return Assigned(
        texts=tuple(labelled[source].text for source in sources.tolist()),
        vectors=vectors[sources],
        pairs=np.array([pair for _, pair, _ in found], np.int64),
        weights=np.array([weight for _, _, weight in found], np.float64),
        sources=sources,
    )


def _meant(corpus: Corpus, one: Labelled) -> list[int]:
    """The pairs a label means; none if the library has nothing of that name."""
    if not (one.issue or one.policies):
        return []
    return [
        index
        for index, pair in enumerate(corpus.pairs)
        if (not one.issue or pair.issue == one.issue)
        and (not one.policies or pair.policy in one.policies)
    ]
