"""The head: a linear model from a text's vector to the policy and issue it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.matching.encoders import Vectors

Logits: TypeAlias = npt.NDArray[np.float32]
"""Shape (n, pairs): how much each text is about each pair; only differences mean something."""

MOST_CLASSES = 300
"""Pairs up to which a regression is fitted; its time grows with their square. With 77, centroids
and nearness are as often right as regression and nearness but for half a point."""

MOST_CELLS = 10_000_000
"""Texts, times pairs, up to which it is fitted: these take about a minute."""

SHARPNESS = 30.0
"""What a cosine to a centroid counts as a logit."""

PENALTY = 30.0
"""Inverse strength of the penalty on weights: 1 loses four points, 10 to 300 are alike."""

MAX_STEPS = 300
TOLERANCE = 1e-3


@dataclass(frozen=True, slots=True)
class Samples:
    """What a head learns from: m texts, with what each is about, and how much it counts.

    Attributes:
        vectors: shape (n, d).
        texts: shape (m,), which of the vectors is each text's.
        classes: shape (m,), positions of pairs.
        weights: shape (m,), each above 0.
    """

    vectors: Vectors
    texts: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    def where(self, kept: npt.NDArray[np.bool_]) -> "Samples":
        """Those of the samples that are kept; `kept` has shape (m,)."""
        return Samples(self.vectors, self.texts[kept], self.classes[kept], self.weights[kept])


@dataclass(frozen=True, slots=True)
class Head:
    """Multinomial logistic regression, or centroids where there is very much, as its numbers.

    Attributes:
        weights: shape (pairs, d).
        bias: shape (pairs,).
    """

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, samples: Samples, pairs: int) -> "Head":
        """The head of the samples; a pair without a sample is all but impossible to it."""
        weights = np.zeros((pairs, samples.vectors.shape[1]), np.float32)
        bias = np.full(pairs, -30.0, np.float32)
        known = np.unique(samples.classes)
        if len(known) < 2:
            bias[known] = 0.0
            return cls(weights, bias)
        if len(known) > MOST_CLASSES or len(known) * len(samples.texts) > MOST_CELLS:
            bias[known] = 0.0
            return cls(_centroids(samples, pairs), bias)
        model = _fitted(samples)
        coefficients, intercepts = model.coef_, model.intercept_
        if len(known) == 2:
            # scikit-learn gives two classes one row: what speaks for the second.
            coefficients = np.vstack([-coefficients, coefficients]) / 2
            intercepts = np.concatenate([-intercepts, intercepts]) / 2
        weights[known], bias[known] = coefficients, intercepts
        return cls(weights, bias)

    def logits(self, vectors: Vectors) -> Logits:
        """For n vectors, shape (n, d), their logits."""
        result: Logits = vectors @ self.weights.T + self.bias
        return result


def _fitted(samples: Samples) -> Any:
    # Imported here: what serves has the numbers and needs no scikit-learn.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    model = LogisticRegression(C=PENALTY, max_iter=MAX_STEPS, tol=TOLERANCE)
    vectors = samples.vectors[samples.texts]
    return model.fit(vectors, samples.classes, sample_weight=samples.weights)


def _centroids(samples: Samples, pairs: int) -> npt.NDArray[np.float32]:
    """The weighted mean of each pair's vectors, brought to one length; shape (pairs, d)."""
    # Imported here, for what serves never learns anything; it ships no types.
    from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415

    shape = (pairs, len(samples.vectors))
    counts = csr_array((samples.weights, (samples.classes, samples.texts)), shape=shape)
    means: npt.NDArray[np.float32] = (counts.astype(np.float32) @ samples.vectors).astype(
        np.float32
    )
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    np.divide(SHARPNESS * means, lengths, out=means, where=lengths > 0)
    return means


def folds(groups: Sequence[int], count: int) -> npt.NDArray[np.int64]:
    """A fold for each sample, shape (m,): the samples of a group are dealt out in turn."""
    seen: dict[int, int] = {}
    dealt = []
    for group in groups:
        dealt.append(seen.get(group, 0) % count)
        seen[group] = seen.get(group, 0) + 1
    return np.array(dealt, np.int64)
