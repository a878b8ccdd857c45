"""What the scores of labelled texts mean: probabilities, whether anything fits, when to abstain."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agent_assist.matching.calibration import (
    Chances,
    Floats,
    Positions,
    Scored,
    Truths,
    by_policy,
    features,
    fit_fits,
    logistic,
    softmax,
)

MIN_TRIALS = 20
"""Below this many trials, the defaults hold."""

PRIOR_TRIALS = 10.0
"""How many trials the defaults count for."""

FLOOR = 0.025
"""The score that counts as none: what scores less is all but as unlikely as what scores nothing."""

UNKNOWN_SHARE = 0.02
"""How many of the texts asked are taken to be about nothing that was taught. With more, whoever
asks about what is there is told too small a probability (ECE .015 at .05, .007 at .02)."""

ERROR_RATE = 0.05
NEVER = 1.1
"""A threshold that no probability reaches."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How the scores of what was taught become probabilities.

    The chance of a taught pair among all taught ones is the softmax of its strength, which is
    `meaning` * logarithm of (score + FLOOR) + `keywords` * keyword score. That anything taught
    fits is a logistic function of the cosine to the library's nearest text of the best policy,
    and of the sum of strengths.

    Attributes:
        error_rate: share of the answers above `threshold` that may be wrong.
        threshold: probability of the best policy below which the answer abstains.
    """

    meaning: float = 3.0
    keywords: float = 0.2
    fits_bias: float = -2.0
    fits_nearness: float = 8.0
    fits_strength: float = 0.0
    error_rate: float = ERROR_RATE
    threshold: float = 0.5

    def chances(
        self,
        scored: Scored,
        library: Chances,
        taught: Positions,
        policies: Positions,
        may: Truths | None = None,
    ) -> Chances:
        """What m texts are about, by what was taught and by the library.

        A pair that was not taught keeps exactly the probability that the library's own text
        gives it, however much was taught about others: they share what it leaves.

        Args:
            scored: what the texts score, by what was taught too.
            library: what they are about by the library alone, among the pairs that may be.
            taught: shape (k,), positions of the taught pairs.
            policies: shape (pairs,), which policy each pair is of.
            may: shape (pairs,) or (m, pairs), False for what is out of the question.
        """
        if may is None:
            may = np.ones(len(policies), bool)
        strengths = np.where(may[..., taught], self.strengths(scored, taught), -np.inf)
        # Where nothing taught may be, what the library leaves to it is 0: any numbers will do.
        strengths[np.isneginf(strengths).all(axis=1)] = 0.0
        chances = softmax(strengths)
        fits = self._fits(self.evidence(scored, strengths, taught, policies[taught]))
        pairs = library.fits[:, None] * library.pairs
        left = library.pairs[:, taught].sum(axis=1)
        pairs[:, taught] = (left * fits)[:, None] * chances
        total = pairs.sum(axis=1)
        pairs /= total[:, None]
        return Chances(pairs, by_policy(pairs, policies), total)

    def strengths(self, scored: Scored, taught: Positions) -> Floats:
        """All scores of the taught pairs as one, shape (m, k)."""
        if scored.taught is None:
            raise ValueError("nothing was taught")
        scores = np.log(np.maximum(scored.taught, 0.0) + FLOOR)
        result: Floats = self.meaning * scores + self.keywords * scored.keywords[:, taught]
        return result

    def evidence(
        self, scored: Scored, strengths: Floats, taught: Positions, policies: Positions
    ) -> Floats:
        """What tells whether anything taught fits, shape (m, 2); `policies` of the taught pairs."""
        summed = by_policy(softmax(strengths), policies)
        return features(strengths, scored.nearness[:, taught], summed, policies)

    def _fits(self, evidence: Floats) -> Floats:
        return logistic(
            evidence @ np.array([self.fits_nearness, self.fits_strength]) + self.fits_bias
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts with what they score, by what was learned without them, and by the library alone."""

    scored: Scored
    library: Chances


@dataclass(frozen=True, slots=True)
class TaughtTrials:
    """What there is to tune by.

    Attributes:
        known: m labelled texts, all of whose pairs are taught.
        right: shape (m, pairs), True for the pairs that are right; one of each row at least.
        strange: shape (m, k), what the same texts score by what was learned without all that is
            about their policies.
        unknown: texts that nothing fits, as they were asked; None if there are none.
        elsewhere: what texts score that are made up to be about nothing in a library.
        taught: shape (k,), positions of the taught pairs.
        policies: shape (pairs,), which policy each pair is of.
    """

    known: Asked
    right: Truths
    strange: Floats
    unknown: Asked | None
    elsewhere: Scored
    taught: Positions
    policies: Positions


def tune(trials: TaughtTrials, start: Tuning) -> Tuning:
    """The tuning under which the trials come out most likely, beginning with another.

    A weight that is 0 at the start stays so. That nothing fits is learned from what fits nothing,
    and from the labelled texts themselves, asked of what was learned without their policies.
    """
    if len(trials.right) < MIN_TRIALS:
        return start
    mixed = _mixed(start, trials)
    tuned = _told_apart(mixed, trials)
    surest, right = _answers(tuned, trials)
    threshold = max(
        conformal_threshold(surest, right, start.error_rate),
        reckoned_threshold(surest, start.error_rate),
    )
    return replace(tuned, threshold=threshold)


def conformal_threshold(surest: Floats, right: Truths, error_rate: float) -> float:
    """The least threshold above which at most a share of answers is wrong.

    Args:
        surest: shape (m,), probability of each answer.
        right: shape (m,), whether it is right.
        error_rate: the share, above 0 and below 1.

    Returns:
        NEVER if there is none.

    Source: split conformal risk control (Angelopoulos et al., 2024): one more answer, a wrong
    one, is added, so that the promise holds for the next question and not just for these.
    """
    order = np.argsort(-surest, kind="stable")
    wrong = np.cumsum(~right[order]) + 1
    enough = np.flatnonzero(wrong <= error_rate * (np.arange(len(order)) + 2))
    return float(surest[order][enough[-1]]) if len(enough) else NEVER


def reckoned_threshold(surest: Floats, error_rate: float) -> float:
    """The least threshold above which the answers' own probabilities promise the same.

    With a few hundred trials, counting what was wrong finds a place where by chance it was little
    (7 % wrong for 5 %); probabilities have each answer's whole doubt in them. They alone are not
    to be trusted where they are wrong themselves: the stricter of both thresholds holds.

    Args:
        surest: shape (m,), probability of each answer.
        error_rate: mean doubt of the answers at most, above 0 and below 1.

    Returns:
        NEVER if there is none.
    """
    falling = -np.sort(-surest)
    doubt = np.cumsum(1 - falling) / np.arange(1, len(falling) + 1)
    enough = np.flatnonzero(doubt <= error_rate)
    return float(falling[enough[-1]]) if len(enough) else NEVER


def _mixed(start: Tuning, trials: TaughtTrials) -> Tuning:
    """The tuning with weights by maximum likelihood, the starting ones counting as some trials."""
    # Imported here, for what serves never fits anything; it ships no types.
    from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415

    known, right = trials.known.scored, trials.right[:, trials.taught]
    origin = np.array([start.meaning, start.keywords])

    def weighed(logarithms: Any) -> Tuning:
        meaning, keywords = (origin * np.exp(logarithms)).tolist()
        return replace(start, meaning=meaning, keywords=keywords)

    def loss(logarithms: Any) -> float:
        chances = softmax(weighed(logarithms).strengths(known, trials.taught))
        surprise = -np.log(np.maximum((chances * right).sum(axis=1), 1e-12)).sum()
        return float((surprise + PRIOR_TRIALS * np.square(logarithms).sum()) / len(right))

    found = minimize(loss, x0=np.zeros(2), bounds=[(-3.0, 3.0)] * 2, method="L-BFGS-B")
    return weighed(found.x)


def _told_apart(mixed: Tuning, trials: TaughtTrials) -> Tuning:
    """The tuning that tells what fits from what does not."""
    policies = trials.policies[trials.taught]

    def evidence(scored: Scored, may: Truths | None = None) -> Floats:
        strengths = mixed.strengths(scored, trials.taught)
        if may is not None:
            strengths = np.where(may, strengths, -np.inf)
        return mixed.evidence(scored, strengths, trials.taught, policies)

    own = by_policy(trials.right.astype(float), trials.policies)[:, policies] > 0
    not_fits = [evidence(trials.elsewhere)]
    if trials.unknown is not None:
        not_fits.append(evidence(trials.unknown.scored))
    if not own.all(axis=1).any():
        not_fits.append(evidence(replace(trials.known.scored, taught=trials.strange), ~own))
    bias, nearness, strength = fit_fits(evidence(trials.known.scored), not_fits, UNKNOWN_SHARE)
    return replace(mixed, fits_bias=bias, fits_nearness=nearness, fits_strength=strength)


def _answers(tuned: Tuning, trials: TaughtTrials) -> tuple[Floats, Truths]:
    """How sure the answer to each trial is, and whether it is right; what fits nothing has none."""

    def asked(one: Asked) -> Chances:
        return tuned.chances(one.scored, one.library, trials.taught, trials.policies)

    chances = asked(trials.known)
    rights = by_policy(trials.right.astype(float), trials.policies) > 0
    best = chances.policies.argmax(axis=1)
    surest = chances.fits * chances.policies.max(axis=1)
    right = rights[np.arange(len(best)), best]
    if trials.unknown is None:
        return surest, right
    others = asked(trials.unknown)
    surest = np.concatenate([surest, others.fits * others.policies.max(axis=1)])
    return surest, np.concatenate([right, np.zeros(len(others.fits), bool)])
