"""From scores to probabilities that mean what they say, learned from the library's own examples."""

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

MIN_EXAMPLES = 20
"""Below this many examples, the defaults hold: there is too little to learn from."""

UNKNOWN_SHARE = 0.2
"""How many of the texts asked are taken to be about nothing in the library."""

TARGET_ACCURACY = 0.8
"""What the answers above the threshold should reach."""

MAX_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities.

    The chance of a pair, given that anything fits, is the softmax of `meaning` * logit +
    `keywords` * keyword score. That anything fits is a logistic function of the logarithm of
    the best such chance and of the cosine to the nearest text of the library.

    Attributes:
        threshold: best probability below which the answer abstains.
    """

    meaning: float = 1.0
    keywords: float = 0.2
    known_bias: float = 0.0
    known_chance: float = 1.0
    known_nearness: float = 4.0
    threshold: float = 0.3

    def known(self, chance: Floats, nearness: Floats) -> Floats:
        """How likely it is that anything in the library fits, shape as given, each in (0, 1)."""
        evidence = (
            self.known_bias
            + self.known_chance * np.log(np.maximum(chance, 1e-9))
            + self.known_nearness * (nearness - 0.5)
        )
        return _logistic(evidence)

    def as_json(self) -> dict[str, float]:
        """Its numbers by name, as the constructor takes them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trials:
    """Examples of the library, each scored as if it were not in it.

    Attributes:
        logits, keywords: shape (m, pairs).
        nearness: shape (m, pairs), cosine to the nearest text that speaks for the pair.
        truth: shape (m,), position of the right pair.
        policies: shape (pairs,), which policy each pair is of.
    """

    logits: Floats
    keywords: Floats
    nearness: Floats
    truth: npt.NDArray[np.int64]
    policies: npt.NDArray[np.int64]


def calibrate(trials: Trials) -> Calibration:
    """The calibration under which the trials come out most likely.

    That nothing fits is learned by taking, from each example, the policy that it is of.
    """
    if len(trials.truth) < MIN_EXAMPLES:
        return Calibration()
    meaning, keywords = _fit_mixture(trials)
    mixed = meaning * trials.logits + keywords * trials.keywords
    own = trials.policies[None, :] == trials.policies[trials.truth][:, None]
    with_own = _features(mixed, trials.nearness, trials.policies)
    without = _features(
        np.where(own, -np.inf, mixed), np.where(own, -1.0, trials.nearness), trials.policies
    )
    bias, chance, nearness = _fit_known(with_own, without)
    known = Calibration(meaning, keywords, bias, chance, nearness)
    summed = by_policy(softmax(mixed), trials.policies)
    right = summed.argmax(axis=1) == trials.policies[trials.truth]
    surety = known.known(with_own[:, 0], with_own[:, 1]) * summed.max(axis=1)
    return Calibration(meaning, keywords, bias, chance, nearness, _threshold(surety, right))


def softmax(scores: Floats) -> Floats:
    """Chances from scores along the last axis; they add up to 1. -inf gives 0."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def by_policy(chances: Floats, policies: npt.NDArray[np.int64]) -> Floats:
    """Chances of pairs, shape (m, pairs), added up to those of policies, shape (m, policies)."""
    total = np.zeros((len(chances), int(policies.max()) + 1))
    np.add.at(total.T, policies, chances.T)
    return total


def _features(mixed: Floats, nearness: Floats, policies: npt.NDArray[np.int64]) -> Floats:
    best = by_policy(softmax(mixed), policies).max(axis=1)
    return np.stack([best, nearness.max(axis=1)], axis=1)


def _fit_mixture(trials: Trials) -> tuple[float, float]:
    """Weights of meaning and of keywords, by maximum likelihood."""
    from scipy.optimize import minimize  # noqa: PLC0415 - only building needs it

    rows = np.arange(len(trials.truth))

    def loss(weights: Any) -> float:
        scores = weights[0] * trials.logits + weights[1] * trials.keywords
        chances = softmax(scores)[rows, trials.truth]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize(
        loss, x0=np.array([1.0, 0.2]), bounds=[(0.05, 5.0), (0.0, 2.0)], method="L-BFGS-B"
    )
    return float(found.x[0]), float(found.x[1])


def _fit_known(with_own: Floats, without: Floats) -> tuple[float, float, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only building needs it

    features = np.concatenate([with_own, without])
    features = np.stack([np.log(np.maximum(features[:, 0], 1e-9)), features[:, 1] - 0.5], axis=1)
    fits = np.repeat([1, 0], [len(with_own), len(without)])
    weights = np.where(fits == 1, 1 - UNKNOWN_SHARE, UNKNOWN_SHARE)
    model = LogisticRegression(C=10.0).fit(features, fits, sample_weight=weights)
    chance, nearness = model.coef_[0]
    return float(model.intercept_[0]), max(0.0, float(chance)), max(0.0, float(nearness))


def _threshold(surety: Floats, right: npt.NDArray[np.bool_]) -> float:
    """The lowest threshold above which the answers are as often right as they should be."""
    order = np.argsort(-surety)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= TARGET_ACCURACY)
    if not len(enough):
        return MAX_THRESHOLD
    return min(MAX_THRESHOLD, float(surety[order][enough[-1]]))


def _logistic(value: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(value, -50, 50)))
    return result
