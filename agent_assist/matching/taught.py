"""What labelled texts teach about the policies and issues that have enough of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agent_assist.matching.assigned import Assigned
from agent_assist.matching.calibration import Floats, TaughtScores
from agent_assist.matching.corpus import Corpus, Positions
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.entries import Kind
from agent_assist.matching.head import Head, Logits, Samples
from agent_assist.matching.learning import Lesson, library_lessons
from agent_assist.matching.spelling import Spelling
from agent_assist.matching.tuning import Tuning

ENOUGH = 3
"""Labelled texts from which on a pair is taught; fewer join the library's own texts."""

NEAREST = 3
"""How many labelled texts tell how near a text is to a pair: one alone may be mislabelled."""

SPELLING_SHARE = 0.7
"""Length of a vector's spelling, beside 1 for its meaning; .5 to 1 are alike."""

EXAMPLE_WEIGHT = 5.0
"""How much an example of the library teaches, beside 1 for a labelled text: who wrote the library
wants just these to be answered rightly. At 1, two of 414 are lost among 8,500 labelled texts; 20
costs half a point."""

LIKELY = 12
"""Pairs, the likeliest by the head, whose labelled texts are looked at: all 8,500 would not fit
into the processor's cache, and cost a millisecond more."""

FAR = 0.0
"""The nearness of all others."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A head on meaning and spelling, and the labelled texts themselves; k pairs are taught.

    Attributes:
        tuning: what its scores mean.
        positions: shape (k,), the taught pairs, ascending.
        spelling: how rare words and letters are among the texts learned from.
        head: of the k pairs, on vectors of meaning and spelling.
        vectors: shape (n, d), of the labelled texts, pair by pair.
        starts: shape (k + 1,), where the texts of each pair begin and those of the last end.
    """

    tuning: Tuning
    positions: Positions
    spelling: Spelling
    head: Head
    vectors: Vectors
    starts: Positions

    @classmethod
    def fit(
        cls,
        corpus: Corpus,
        assigned: Assigned,
        tuning: Tuning,
        positions: Positions | None = None,
    ) -> "Taught":
        """What labelled texts teach, beside the library's own texts of the same pairs.

        Args:
            corpus: of the library.
            assigned: at least one.
            tuning: what the scores mean.
            positions: pairs to teach, ascending, if they are not just those of the texts.
        """
        if positions is None:
            positions = np.unique(assigned.pairs)
        of_them = set(positions.tolist())
        library = [one for one in library_lessons(corpus) if one.pair in of_them]
        texts = [*(one.text for one in library), *assigned.texts]
        own = corpus.vectors[[one.entry for one in library]]
        classes = np.concatenate([[one.pair for one in library], assigned.pairs])
        weights = np.concatenate([[_weight(corpus, one) for one in library], assigned.weights])
        spelling = Spelling.of(texts)
        samples = Samples(
            vectors=_joined(np.concatenate([own, assigned.vectors]), spelling.vectors(texts)),
            texts=np.arange(len(texts)),
            classes=np.searchsorted(positions, classes).astype(np.int64),
            weights=weights,
        )
        return cls(
            tuning=tuning,
            positions=positions,
            spelling=spelling,
            head=Head.fit(samples, len(positions)),
            vectors=assigned.vectors[np.argsort(assigned.pairs, kind="stable")],
            starts=np.searchsorted(np.sort(assigned.pairs), [*positions, len(corpus.pairs)]),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any], tuning: Tuning) -> "Taught":
        """What `arrays` gave; KeyError if one is missing."""
        return cls(
            tuning=tuning,
            positions=arrays["taught_positions"],
            spelling=Spelling(arrays["taught_rarity"]),
            head=Head(arrays["taught_weights"], arrays["taught_bias"]),
            vectors=arrays["taught_vectors"],
            starts=arrays["taught_starts"],
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it but the tuning, to be saved."""
        return {
            "taught_positions": self.positions,
            "taught_rarity": self.spelling.rarity,
            "taught_weights": self.head.weights,
            "taught_bias": self.head.bias,
            "taught_vectors": self.vectors,
            "taught_starts": self.starts,
        }

    def scores(self, texts: Sequence[str], vectors: Vectors) -> TaughtScores:
        """What m texts with their vectors, shape (m, d), score by what was taught."""
        joined = _joined(vectors, self.spelling.vectors(texts))
        logits = self.head.logits(joined)
        nearness = [self._nearness(*one) for one in zip(vectors, logits, strict=True)]
        return TaughtScores(logits.astype(np.float64), np.stack(nearness))

    def _nearness(self, vector: npt.NDArray[np.float32], logits: Logits) -> Floats:
        """Mean cosine to the nearest labelled texts of each likely pair, shape (k,)."""
        nearness = np.full(len(self.positions), FAR)
        for place in np.argsort(-logits, kind="stable")[:LIKELY].tolist():
            cosines = self.vectors[self.starts[place] : self.starts[place + 1]] @ vector
            if len(cosines):
                nearest = min(NEAREST, len(cosines))
                nearness[place] = np.partition(cosines, -nearest)[-nearest:].mean()
        return nearness


def enough(assigned: Assigned) -> npt.NDArray[np.bool_]:
    """Which of m assigned texts are of a pair that has enough of them, shape (m,)."""
    result: npt.NDArray[np.bool_] = (np.bincount(assigned.pairs) >= ENOUGH)[assigned.pairs]
    return result


def _weight(corpus: Corpus, lesson: Lesson) -> float:
    is_example = corpus.entries[lesson.entry].kind is Kind.EXAMPLE
    return EXAMPLE_WEIGHT if is_example else lesson.weight


def _joined(meaning: Vectors, spelling: Vectors) -> Vectors:
    return np.concatenate([meaning, np.float32(SPELLING_SHARE) * spelling], axis=1)
