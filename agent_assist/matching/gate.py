"""The gate: is what was learned anew worse than what serves, beyond noise?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any

from agent_assist.core.policy import Policy
from agent_assist.matching.cases import Case
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.evaluation import Covers, Measures, evaluate, right_policies, run
from agent_assist.matching.index import PolicyIndex

SIGNIFICANCE = 0.05
SHOWN = 3
"""A golden question passes if its policy is among so many: what a suggestion lists."""


@dataclass(frozen=True, slots=True)
class Contender:
    """An index with the encoder that it was built with."""

    index: PolicyIndex
    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contenders on the same questions.

    Attributes:
        new, old: the figures of each.
        won: questions that only the new one answers rightly at the first place.
        lost: those that only the old one does.
    """

    new: Measures
    old: Measures
    won: int
    lost: int

    @property
    def chance(self) -> float:
        """How likely a new one that is as good would lose so many or more of those that differ.

        Source: the exact sign test on discordant pairs (McNemar, 1947), one-sided.
        """
        differ = self.won + self.lost
        return float(sum(comb(differ, lost) for lost in range(self.lost, differ + 1)) / 2**differ)

    @property
    def is_worse(self) -> bool:
        """Whether the new one is worse beyond noise."""
        return self.lost > self.won and self.chance < SIGNIFICANCE


def compare(
    new: Contender,
    old: Contender,
    cases: Sequence[Case],
    covers: Covers,
    clock: Callable[[], float],
) -> Comparison:
    """Ask both the same questions, of which there is at least one."""
    trials = [list(run(one.index, one.encoder, cases, clock=clock)) for one in (new, old)]
    rights = [right_policies(case, covers) for case in cases]
    news, olds = (
        [
            bool(trial.ranked) and trial.ranked[0][0] in right
            for trial, right in zip(t, rights, strict=True)
        ]
        for t in trials
    )
    return Comparison(
        new=evaluate(trials[0], covers).measures,
        old=evaluate(trials[1], covers).measures,
        won=sum(one and not other for one, other in zip(news, olds, strict=True)),
        lost=sum(other and not one for one, other in zip(news, olds, strict=True)),
    )


def golden_questions(policies: Sequence[Policy]) -> dict[str, frozenset[str]]:
    """The library's own examples, and for each the policies it is an example of."""
    golden: dict[str, frozenset[str]] = {}
    for policy in policies:
        for texts in policy.examples.values():
            for text in texts:
                golden[text] = golden.get(text, frozenset()) | {policy.id}
    return golden


def failing(
    one: Contender, golden: Mapping[str, frozenset[str]], clock: Callable[[], float]
) -> frozenset[str]:
    """The golden questions whose policy is not among the first."""
    trials = run(one.index, one.encoder, [Case(text) for text in golden], clock=clock)
    return frozenset(
        text
        for trial, (text, right) in zip(trials, golden.items(), strict=True)
        if not right.intersection(policy for policy, _ in trial.ranked[:SHOWN])
    )


def judgement(comparison: Comparison | None, broken: tuple[str, ...]) -> dict[str, Any]:
    """How a model was judged, as JSON."""
    told: dict[str, Any] = {"golden_broken": len(broken)}
    if comparison is None:
        return told
    return told | {
        "new": _figures(asdict(comparison.new)),
        "old": _figures(asdict(comparison.old)),
        "won": comparison.won,
        "lost": comparison.lost,
        "chance": round(comparison.chance, 4),
        "is_worse": comparison.is_worse,
    }


def _figures(measures: dict[str, Any]) -> dict[str, Any]:
    told = ("n", "top1", "top3", "coverage", "selective_accuracy", "ece")
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in measures.items()
        if name in told
    }
