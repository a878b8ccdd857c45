"""How good matching is, measured on labelled cases."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.matching.cases import Case
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank

LISTED = 10
"""Policies asked for in a trial: what the deepest measure looks at."""

MOST_ISSUES = 4
"""A policy that covers more issues than this never counts as right: it fits by accident."""

BINS = 10
_CURVE_POINTS = 50

Covers: TypeAlias = Mapping[str, Sequence[str]]
"""The issues that each policy covers, by the policy's id."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One case with what was answered.

    Attributes:
        ranked: policies with their probabilities, most probable first.
        fits: probability that anything in the library fits.
        milliseconds: from the text to the answer.
    """

    case: Case
    ranked: tuple[tuple[str, float], ...]
    abstained: bool
    fits: float
    milliseconds: float

    @property
    def surest(self) -> float:
        """Probability of the first policy; 0 if there is none."""
        return self.ranked[0][1] if self.ranked else 0.0


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took, in milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of an evaluation; a figure that the cases say nothing about is None.

    Attributes:
        n: cases, those with no right policy included.
        top1, top3, top5: share of known cases with a right policy among the first.
        recall_at_5, recall_at_10: share of the right policies among the first, by known case.
        mrr: mean of 1 / place of the first right policy among ten, 0 where there is none.
        auroc_known: chance that something seems to fit a known case better than an unknown one.
        coverage: share of all cases that were answered without abstaining.
        selective_accuracy: share of those answers whose first policy was right; an answer to a
            case that nothing fits is wrong.
        ece: mean gap between probability and truth of the first policy, over all cases.
    """

    n: int
    top1: float | None
    top3: float | None
    top5: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    mrr: float | None
    auroc_known: float | None
    coverage: float
    selective_accuracy: float | None
    ece: float
    latency_ms: Latency


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a policy stood first where another was right.

    Attributes:
        label: the issue, or the right policies joined by commas; empty where nothing fits.
    """

    label: str
    policy: str
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """What would be answered, and how rightly, above a threshold."""

    threshold: float
    coverage: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose first policy had a probability of `low` to `high`; means are 0 without cases."""

    low: float
    high: float
    count: int
    probability: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures, and what explains them.

    Attributes:
        confusions: most frequent first.
        curve: by falling threshold.
        slowness: upper bound in milliseconds and count of each bar of a histogram.
    """

    measures: Measures
    confusions: tuple[Confusion, ...]
    curve: tuple[Point, ...]
    bins: tuple[Bin, ...]
    slowness: tuple[tuple[float, int], ...]


def run(
    index: PolicyIndex, encoder: Encoder, cases: Iterable[Case], *, clock: Callable[[], float]
) -> Iterator[Trial]:
    """Ask each case, one at a time as customers do; `clock` tells seconds."""
    listener = Listener(encoder)
    for case in cases:
        start = clock()
        matches = rank(index, listener.hear(index, case.said), limit=LISTED)
        spent = (clock() - start) * 1000
        ranked = tuple((match.policy, match.probability) for match in matches.items)
        yield Trial(case, ranked, matches.abstained, matches.fits, spent)


def evaluate(trials: Sequence[Trial], covers: Covers) -> Evaluation:
    """The figures of at least one trial.

    Raises:
        ValueError: there is no trial.
    """
    if not trials:
        raise ValueError("there is nothing to evaluate")
    rights = [right_policies(trial.case, covers) for trial in trials]
    return Evaluation(
        measures=_measures(trials, rights),
        confusions=_confusions(trials, rights),
        curve=_curve(*_surety(trials, rights)),
        bins=_bins(*_surety(trials, rights)),
        slowness=_slowness(trials),
    )


def right_policies(case: Case, covers: Covers) -> frozenset[str]:
    """The policies that count as right; none if nothing fits, or only ones that cover too much."""
    return frozenset(
        policy
        for policy, issues in covers.items()
        if len(issues) <= MOST_ISSUES and (case.issue in issues or policy in case.policies)
    )


def _measures(trials: Sequence[Trial], rights: Sequence[frozenset[str]]) -> Measures:
    known = [
        ([policy for policy, _ in trial.ranked], right)
        for trial, right in zip(trials, rights, strict=True)
        if trial.case.is_known
    ]
    surest, right = _surety(trials, rights)
    answered = np.array([not trial.abstained for trial in trials])
    times = [trial.milliseconds for trial in trials]
    return Measures(
        n=len(trials),
        top1=_mean(_hit(ranked[:1], right) for ranked, right in known),
        top3=_mean(_hit(ranked[:3], right) for ranked, right in known),
        top5=_mean(_hit(ranked[:5], right) for ranked, right in known),
        recall_at_5=_mean(_recall(ranked[:5], right) for ranked, right in known),
        recall_at_10=_mean(_recall(ranked[:10], right) for ranked, right in known),
        mrr=_mean(_reciprocal(ranked, right) for ranked, right in known),
        auroc_known=_auroc(trials),
        coverage=float(answered.mean()),
        selective_accuracy=float(right[answered].mean()) if answered.any() else None,
        ece=sum(b.count * abs(b.probability - b.accuracy) for b in _bins(surest, right))
        / len(trials),
        latency_ms=Latency(float(np.percentile(times, 50)), float(np.percentile(times, 99))),
    )


def _surety(
    trials: Sequence[Trial], rights: Sequence[frozenset[str]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Probability of each trial's first policy, and whether it is right."""
    firsts = [[policy for policy, _ in trial.ranked[:1]] for trial in trials]
    return (
        np.array([trial.surest for trial in trials], np.float64),
        np.array([_hit(first, right) == 1 for first, right in zip(firsts, rights, strict=True)]),
    )


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def _hit(ranked: Sequence[str], right: frozenset[str]) -> float:
    return float(any(policy in right for policy in ranked))


def _recall(ranked: Sequence[str], right: frozenset[str]) -> float:
    return len(right.intersection(ranked)) / len(right) if right else 0.0


def _reciprocal(ranked: Sequence[str], right: frozenset[str]) -> float:
    places = (place for place, policy in enumerate(ranked, start=1) if policy in right)
    return next((1 / place for place in places), 0.0)


def _auroc(trials: Sequence[Trial]) -> float | None:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - serving needs no scikit-learn

    known = [trial.case.is_known for trial in trials]
    if all(known) or not any(known):
        return None
    return float(roc_auc_score(known, [trial.fits for trial in trials]))


def _confusions(trials: Sequence[Trial], rights: Sequence[frozenset[str]]) -> tuple[Confusion, ...]:
    counts = Counter(
        (trial.case.issue or ", ".join(trial.case.policies), trial.ranked[0][0])
        for trial, right in zip(trials, rights, strict=True)
        if trial.ranked and trial.ranked[0][0] not in right
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(label, policy, count) for (label, policy), count in ordered)


def _curve(surest: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> tuple[Point, ...]:
    order = np.argsort(-surest, kind="stable")
    steps = np.unique(np.linspace(1, len(order), min(_CURVE_POINTS, len(order))).astype(int))
    hits = np.cumsum(right[order])
    return tuple(
        Point(float(surest[order][n - 1]), float(n / len(order)), float(hits[n - 1] / n))
        for n in steps
    )


def _bins(surest: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    place = np.minimum((surest * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=int((place == number).sum()),
            probability=float(surest[place == number].mean()) if (place == number).any() else 0.0,
            accuracy=float(right[place == number].mean()) if (place == number).any() else 0.0,
        )
        for number in range(BINS)
    )


def _slowness(trials: Sequence[Trial]) -> tuple[tuple[float, int], ...]:
    times = [trial.milliseconds for trial in trials]
    # The slowest hundredth is counted in the last bar, or one outlier would flatten all others.
    last = max(float(np.percentile(times, 99)), 1e-3)
    counts, edges = np.histogram(np.minimum(times, last), bins=20, range=(0.0, last))
    return tuple((float(edge), int(count)) for edge, count in zip(edges[1:], counts, strict=True))
