"""Kernel ridge regression: what a text is about, by how close it is to texts that are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agent_assist.matching.encoders import Vectors
from agent_assist.matching.head import Logits

SHARPNESS = 2.0
"""How fast closeness falls with the cosine of meanings; 1 to 4 are alike, straight lines instead
lose five points among 7,000 texts."""

SPELLING_SHARE = 0.15
"""What the cosine of spellings adds to closeness, beside 1 for meaning; .05 to .3 are alike. It is
worth two points where two letters of a question are typed wrongly, and nothing where none are."""

NOISE = 0.1
"""How far a text of weight 1 may be from what is known of it; .05 to .3 are alike."""

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Regression:
    """What n texts of k pairs say of any other text.

    The score of a text for a pair is the sum, over all n texts, of how close it is to each times
    what that one answers; closeness is exp(SHARPNESS * (cosine of meanings - 1)) +
    SPELLING_SHARE * cosine of spellings. A text that is close to none scores 0 for every pair.

    Attributes:
        vectors: shape (n, d), meanings.
        answers: shape (n, k).
        words: shape (s, k), what the spellings of all texts answer, added up.

    Source: Saunders, Gammerman and Vovk, "Ridge Regression Learning Algorithm in Dual Variables",
    ICML 1998.
    """

    vectors: Vectors
    answers: npt.NDArray[np.float32]
    words: npt.NDArray[np.float32]

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> "Regression":
        """What `arrays` gave; KeyError if one is missing."""
        return cls(arrays["taught_vectors"], arrays["taught_answers"], arrays["taught_words"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of it, to be saved."""
        return {
            "taught_vectors": self.vectors,
            "taught_answers": self.answers,
            "taught_words": self.words,
        }

    def scores(self, meanings: Vectors, spellings: Vectors) -> Logits:
        """What m texts score, shape (m, k); their meanings are (m, d), their spellings (m, s)."""
        close = _closeness(meanings @ self.vectors.T)
        result: Logits = close @ self.answers + spellings @ self.words
        return result


@dataclass(frozen=True, slots=True)
class Solved:
    """A regression with what tells how it would be without some of its texts.

    Attributes:
        right: shape (n, k), 1 for what each text is about.
        inverse: shape (n, n), of the closeness of all texts to each other, noise added.
    """

    regression: Regression
    right: Logits
    inverse: npt.NDArray[np.float32]

    @classmethod
    def of(
        cls,
        meanings: Vectors,
        spellings: Vectors,
        classes: npt.NDArray[np.int64],
        weights: npt.NDArray[np.float64],
        pairs: int,
    ) -> "Solved":
        """The regression of n texts; what is right scores 1 and all else 0, but for noise.

        Args:
            meanings: shape (n, d), rows of length 1.
            spellings: shape (n, s), rows of length 1, or 0.
            classes: shape (n,), which of the pairs each text is about.
            weights: shape (n,), how much each counts, above 0.
            pairs: how many there are.
        """
        # Imported here, for what serves never fits anything; it ships no types.
        from scipy.linalg import lapack  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415

        close = np.empty((len(meanings), len(meanings)), np.float32)
        for start in range(0, len(close), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            close[rows] = _closeness(meanings[rows] @ meanings.T)
            close[rows] += np.float32(SPELLING_SHARE) * (spellings[rows] @ spellings.T)
        close[np.diag_indices(len(close))] += (NOISE / weights).astype(np.float32)
        # In place, in one triangle, of what is the same when transposed, as LAPACK has it.
        factor, failed = lapack.spotrf(close.T, overwrite_a=True)
        inverse, failed_again = lapack.spotri(factor, overwrite_c=True)
        if failed or failed_again:
            raise ValueError("the closeness of the texts is no positive definite matrix")
        for row in range(len(inverse)):
            inverse[row + 1 :, row] = inverse[row, row + 1 :]
        right = np.zeros((len(close), pairs), np.float32)
        right[np.arange(len(close)), classes] = 1.0
        answers = inverse @ right
        words = np.float32(SPELLING_SHARE) * (spellings.T @ answers)
        return cls(Regression(meanings, answers, words), right, inverse)

    def without(self, rows: npt.NDArray[np.int64]) -> Logits:
        """What some of the texts score by what all others say, shape (rows, k)."""
        block = self.inverse[np.ix_(rows, rows)]
        result: Logits = self.right[rows] - np.linalg.solve(block, self.regression.answers[rows])
        return result


def _closeness(cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    close = np.float32(SHARPNESS) * cosines
    close -= np.float32(SHARPNESS)
    np.exp(close, out=close)
    return close
