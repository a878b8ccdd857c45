"""What labelled texts teach about the policies and issues that have enough of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agent_assist.matching.assigned import Assigned
from agent_assist.matching.calibration import Floats
from agent_assist.matching.corpus import Corpus, Positions
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.entries import Kind
from agent_assist.matching.learning import Lesson, library_lessons
from agent_assist.matching.regression import Regression, Solved
from agent_assist.matching.spelling import Spelling
from agent_assist.matching.tuning import Tuning

ENOUGH = 3
"""Labelled texts from which on a pair is taught; fewer join the library's own texts."""

MOST_PAIRS = 300
"""Pairs, those with most labelled texts, that are taught; what is said of others joins the
library's own texts as well."""

MOST_TEXTS = 12_000
"""Texts, as many of each pair as may be, that are learned from: learning takes time with the cube
of their number, and memory with the square (600 MB)."""

EXAMPLE_WEIGHT = 5.0
"""How much an example of the library teaches, beside 1 for a labelled text: who wrote the library
wants just these to be answered rightly."""


NO_SOURCE = -1


@dataclass(frozen=True, slots=True)
class Taught:
    """A regression on meaning and spelling; k pairs are taught.

    Attributes:
        tuning: what its scores mean.
        positions: shape (k,), the taught pairs, ascending.
        spelling: how rare words and letters are among the texts learned from.
    """

    tuning: Tuning
    positions: Positions
    spelling: Spelling
    regression: Regression

    @classmethod
    def fit(cls, corpus: Corpus, assigned: Assigned, tuning: Tuning) -> "Taught":
        """What labelled texts, at least one, teach beside the library's own of the same pairs."""
        return Exam.of(corpus, assigned, tuning).taught

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any], tuning: Tuning) -> "Taught":
        """What `arrays` gave; KeyError if one is missing."""
        return cls(
            tuning=tuning,
            positions=arrays["taught_positions"],
            spelling=Spelling(arrays["taught_rarity"]),
            regression=Regression.of_arrays(arrays),
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it but the tuning, to be saved."""
        return {
            "taught_positions": self.positions,
            "taught_rarity": self.spelling.rarity,
            **self.regression.arrays(),
        }

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Floats:
        """What m texts with their vectors, shape (m, d), score by what was taught, (m, k)."""
        return self.regression.scores(vectors, self.spelling.vectors(texts)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Exam:
    """What was taught, and what it would be without some of the texts.

    Attributes:
        sources: shape (n,), which labelled text each of the texts learned from is, as in
            `Assigned`; NO_SOURCE for the library's.
        pairs: shape (n,), positions in the corpus.
    """

    taught: Taught
    solved: Solved
    sources: Positions
    pairs: Positions

    @classmethod
    def of(cls, corpus: Corpus, assigned: Assigned, tuning: Tuning) -> "Exam":
        """See `Taught.fit`."""
        positions = np.unique(assigned.pairs)
        of_them = set(positions.tolist())
        library = [one for one in library_lessons(corpus) if one.pair in of_them]
        pairs = np.concatenate([assigned.pairs, [one.pair for one in library]]).astype(np.int64)
        weights = np.concatenate([assigned.weights, [_weight(corpus, one) for one in library]])
        own = corpus.vectors[[one.entry for one in library]]
        sources = np.concatenate([assigned.sources, np.full(len(library), NO_SOURCE)])
        kept = _evenly(pairs, weights)
        said = [*assigned.texts, *(one.text for one in library)]
        texts = [said[row] for row in kept.tolist()]
        spelling = Spelling.of(texts)
        solved = Solved.of(
            np.concatenate([assigned.vectors, own])[kept],
            spelling.vectors(texts),
            np.searchsorted(positions, pairs[kept]).astype(np.int64),
            weights[kept],
            len(positions),
        )
        taught = Taught(tuning, positions, spelling, solved.regression)
        return cls(taught, solved, sources[kept], pairs[kept])

    @property
    def asked(self) -> Positions:
        """The labelled texts among those learned from, ascending."""
        found: Positions = np.unique(self.sources[self.sources != NO_SOURCE])
        return found

    def without_each(self, asked: Positions) -> Floats:
        """What some labelled texts score by all texts but each itself, shape (asked, k)."""
        return self._without([np.flatnonzero(self.sources == one) for one in asked.tolist()], asked)

    def without_all(self, asked: Positions) -> Floats:
        """What some labelled texts score by all texts but these, shape (asked, k)."""
        return self._without([np.flatnonzero(np.isin(self.sources, asked))], asked)

    def without_policies(self, asked: Positions, policies: Positions) -> Floats:
        """What some labelled texts score by all that is not about their policies, (asked, k).

        `policies` has shape (pairs,), which policy each pair of the corpus is of.
        """
        of_rows = policies[self.pairs]
        known = np.isin(self.sources, asked)
        groups = []
        for policy in np.unique(of_rows[known]).tolist():
            about = of_rows == policy
            # With a text that is about several policies, all that it says is left out.
            groups.append(
                np.flatnonzero(about | np.isin(self.sources, self.sources[about & known]))
            )
        return self._without(groups, asked)

    def _without(self, groups: Sequence[Positions], asked: Positions) -> Floats:
        """The scores of labelled texts, each without a group of rows that has all of its own."""
        scores = np.zeros((len(asked), len(self.taught.positions)))
        for rows in groups:
            places = np.searchsorted(asked, self.sources[rows]) % len(asked)
            of_them = asked[places] == self.sources[rows]
            scores[places[of_them]] = self.solved.without(rows)[of_them]
        return scores


def enough(assigned: Assigned) -> npt.NDArray[np.bool_]:
    """Which of m assigned texts are of a pair that has enough of them, shape (m,)."""
    counts = np.bincount(assigned.pairs)
    most = np.argsort(-counts, kind="stable")[:MOST_PAIRS]
    taught = np.zeros(len(counts), bool)
    taught[most] = counts[most] >= ENOUGH
    result: npt.NDArray[np.bool_] = taught[assigned.pairs]
    return result


def _evenly(pairs: Positions, weights: Floats) -> Positions:
    """Rows, ascending, of which there are at most MOST_TEXTS: those that weigh most of each pair.

    Both have shape (n,).
    """
    order = np.lexsort((-weights, pairs))
    _, firsts, counts = np.unique(pairs[order], return_index=True, return_counts=True)
    place = np.arange(len(pairs)) - np.repeat(firsts, counts)
    each = int(np.searchsorted(np.cumsum(np.bincount(place)), MOST_TEXTS, side="right"))
    kept: Positions = np.sort(order[place < each])
    return kept


def _weight(corpus: Corpus, lesson: Lesson) -> float:
    is_example = corpus.entries[lesson.entry].kind is Kind.EXAMPLE
    return EXAMPLE_WEIGHT if is_example else lesson.weight
