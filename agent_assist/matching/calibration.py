"""From scores to probabilities that mean what they say, learned from the library's own examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Positions: TypeAlias = npt.NDArray[np.int64]
Truths: TypeAlias = npt.NDArray[np.bool_]

MIN_EXAMPLES = 20
"""Below this many examples, the defaults hold: there is too little to learn from."""

UNKNOWN_SHARE = 0.1
"""How many of the texts asked are taken to be about nothing in the library."""

TARGET_ACCURACY = 0.8
"""What the answers above the threshold should reach."""

HELD_BACK = 0.05
"""Share of the examples that may seem to fit nothing, so that what does fit nothing is told.

Source: split conformal prediction, with the examples as its calibration set.
"""

MAX_THRESHOLD = 0.5

BOUNDS = ((0.05, 5.0), (0.0, 2.0), (0.0, 10.0))
"""What the scores may weigh: logits, keywords, nearness."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What m texts score.

    Attributes:
        logits: shape (m, pairs).
        keywords: shape (m, pairs).
        nearness: shape (m, pairs), cosine to the nearest text that speaks for the pair.
        taught: shape (m, k), by labelled texts for each taught pair: about 1 for what is meant, 0
            for all else and for what is close to none of them. None if nothing was taught.
    """

    logits: Floats
    keywords: Floats
    nearness: Floats
    taught: Floats | None = None

    @classmethod
    def together(cls, parts: Sequence["Scored"]) -> "Scored":
        """The scores of all texts of some parts, at least one, in order."""
        if len(parts) == 1:
            return parts[0]
        taught = [part.taught for part in parts if part.taught is not None]
        return cls(
            logits=np.concatenate([part.logits for part in parts]),
            keywords=np.concatenate([part.keywords for part in parts]),
            nearness=np.concatenate([part.nearness for part in parts]),
            taught=np.concatenate(taught) if taught else None,
        )

    def rows(self, which: slice) -> "Scored":
        """The scores of some of the texts."""
        taught = None if self.taught is None else self.taught[which]
        return Scored(self.logits[which], self.keywords[which], self.nearness[which], taught)

    def weighted(self, weights: Floats) -> "Scored":
        """The scores of n mixtures of the texts; `weights` has shape (n, m)."""
        taught = None if self.taught is None else weights @ self.taught
        return Scored(
            weights @ self.logits, weights @ self.keywords, weights @ self.nearness, taught
        )


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely it is for each of m texts what it is about.

    Attributes:
        pairs: shape (m, pairs), given that anything fits; a row adds up to 1.
        policies: shape (m, policies), the same added up by policy.
        fits: shape (m,), that anything in the library fits.
    """

    pairs: Floats
    policies: Floats
    fits: Floats

    def row(self, which: int) -> "Chances":
        """The chances of one of the texts."""
        one = slice(which, which + 1)
        return Chances(self.pairs[one], self.policies[one], self.fits[one])


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities.

    The chance of a pair, given that anything fits, is the softmax of its strength, which is
    `meaning` * logit + `keywords` * keyword score + `nearness` * nearness. That anything fits is
    a logistic function of the cosine to the nearest text of the best policy, and of the sum of all
    strengths.

    Attributes:
        threshold: probability of the best policy below which the answer abstains.
        fits_threshold: probability that anything fits below which it abstains, too.
    """

    meaning: float = 1.0
    keywords: float = 0.3
    nearness: float = 5.0
    fits_bias: float = -2.0
    fits_nearness: float = 8.0
    fits_strength: float = 0.0
    threshold: float = 0.3
    fits_threshold: float = 0.0

    def strengths(self, scored: Scored) -> Floats:
        """All kinds of scores as one, shape (m, pairs)."""
        return (
            self.meaning * scored.logits
            + self.keywords * scored.keywords
            + self.nearness * scored.nearness
        )

    def chances(self, scored: Scored, policies: Positions, may: Truths | None = None) -> Chances:
        """What m texts are about.

        Args:
            scored: what the texts score.
            policies: shape (pairs,), which policy each pair is of.
            may: shape (pairs,) or (m, pairs), False for what is out of the question; at least
                one of each row is True.
        """
        strengths = self.strengths(scored)
        if may is not None:
            strengths = np.where(may, strengths, -np.inf)
        pairs = softmax(strengths)
        summed = by_policy(pairs, policies)
        found = features(strengths, scored.nearness, summed, policies)
        evidence = found @ np.array([self.fits_nearness, self.fits_strength]) + self.fits_bias
        return Chances(pairs, summed, logistic(evidence))


@dataclass(frozen=True, slots=True)
class Trials:
    """Examples of the library, each scored as if it were not in it.

    Attributes:
        truth: shape (m,), position of the right pair.
        policies: shape (pairs,), which policy each pair is of.
    """

    scored: Scored
    truth: Positions
    policies: Positions


def calibrate(trials: Trials, elsewhere: Scored) -> Calibration:
    """The calibration under which the trials come out most likely.

    That nothing fits is learned from texts from `elsewhere`, and from the trials themselves
    when the policy that they are of is out of the question.
    """
    if len(trials.truth) < MIN_EXAMPLES:
        return Calibration()
    policies = trials.policies
    mixed = _mixed(trials)
    own = policies[None, :] == policies[trials.truth][:, None]
    fits = [_fit_features(mixed, trials.scored, policies, None)]
    not_fits = [_fit_features(mixed, elsewhere, policies, None)]
    if policies.max() > 0:
        not_fits.append(_fit_features(mixed, trials.scored, policies, ~own))
    bias, nearness, strength = fit_fits(np.concatenate(fits), not_fits, UNKNOWN_SHARE)
    fitted = replace(mixed, fits_bias=bias, fits_nearness=nearness, fits_strength=strength)
    chances = fitted.chances(trials.scored, policies)
    right = chances.policies.argmax(axis=1) == policies[trials.truth]
    surest = chances.fits * chances.policies.max(axis=1)
    return replace(
        fitted,
        threshold=_threshold(surest, right),
        fits_threshold=float(np.quantile(chances.fits, HELD_BACK, method="lower")),
    )


def softmax(scores: Floats) -> Floats:
    """Chances from scores along the last axis; they add up to 1. -inf gives 0."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result


def by_policy(chances: Floats, policies: Positions) -> Floats:
    """Chances of pairs, shape (m, pairs), added up to those of policies, shape (m, policies)."""
    total = np.zeros((len(chances), int(policies.max()) + 1))
    np.add.at(total.T, policies, chances.T)
    return total


def features(strengths: Floats, nearness: Floats, chances: Floats, policies: Positions) -> Floats:
    """What tells whether anything fits, shape (m, 2)."""
    of_best = policies[None, :] == chances.argmax(axis=1)[:, None]
    nearest = np.where(of_best, nearness, -1.0).max(axis=1)
    top = strengths.max(axis=1)
    total = top + np.log(np.exp(strengths - top[:, None]).sum(axis=1))
    return np.stack([nearest, total], axis=1)


def _fit_features(
    mixed: Calibration, scored: Scored, policies: Positions, may: Truths | None
) -> Floats:
    strengths = mixed.strengths(scored)
    if may is not None:
        strengths = np.where(may, strengths, -np.inf)
    return features(strengths, scored.nearness, by_policy(softmax(strengths), policies), policies)


def _mixed(trials: Trials) -> Calibration:
    """The calibration with weights of the scores by maximum likelihood."""
    # Imported here, for what serves never fits anything; it ships no types.
    from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415

    rows = np.arange(len(trials.truth))

    def loss(weights: Any) -> float:
        chances = softmax(Calibration(*weights).strengths(trials.scored))[rows, trials.truth]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    found = minimize(loss, x0=np.array([1.0, 0.2, 2.0]), bounds=BOUNDS, method="L-BFGS-B")
    return Calibration(*found.x.tolist())


def fit_fits(
    fits: Floats, not_fits: Sequence[Floats], unknown_share: float
) -> tuple[float, float, float]:
    """Bias and weights by which the features of what fits stand out from what does not."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only building needs it

    groups = [fits, *not_fits]
    shares = [1 - unknown_share, *(unknown_share / len(not_fits) for _ in not_fits)]
    # Each group has its share however many texts it has; together they weigh as much as there are.
    texts = sum(map(len, groups))
    weights = [
        np.full(len(group), share * texts / len(group))
        for group, share in zip(groups, shares, strict=True)
    ]
    truth = np.concatenate([np.ones(len(fits)), *(np.zeros(len(group)) for group in not_fits)])
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(np.concatenate(groups), truth, sample_weight=np.concatenate(weights))
    nearness, strength = model.coef_[0]
    return float(model.intercept_[0]), float(nearness), float(strength)


def _threshold(surest: Floats, right: Truths) -> float:
    """The least threshold above which answers are as often right as they should be."""
    order = np.argsort(-surest)
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= TARGET_ACCURACY)
    if not len(enough):
        return MAX_THRESHOLD
    return min(MAX_THRESHOLD, float(surest[order][enough[-1]]))


def logistic(value: Floats) -> Floats:
    """The probability whose log-odds are `value`."""
    result: Floats = 1 / (1 + np.exp(-np.clip(value, -50, 50)))
    return result
