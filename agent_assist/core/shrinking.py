"""Shrinking: shares of few are drawn towards the share of all before they are ranked."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_assist.core.measures import Rate


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a share before anything is known of it.

    Attributes:
        share: of all together.
        strength: how many cases that belief weighs; None for infinitely many, which is when the
            shares differ no more than chance lets them.
    """

    share: float
    strength: float | None

    def shrink(self, hits: int, of: int) -> float:
        """A share drawn towards that of all, the more the fewer cases it is of."""
        if self.strength is None:
            return self.share
        return (hits + self.strength * self.share) / (of + self.strength)


def prior(counts: Sequence[tuple[int, int]]) -> Prior | None:
    """The prior that some shares, of hits and of how many, speak for; None if they are of none.

    A beta distribution by its moments, shares weighted by their cases: how much more they differ
    than binomial shares of so many cases would.

    Source: Kleinman, "Proportions with Extraneous Variance: Single and Independent Samples",
    JASA 1973.
    """
    counted = [(hits, of) for hits, of in counts if of]
    total = sum(of for _, of in counted)
    if not total:
        return None
    share = sum(hits for hits, _ in counted) / total
    varies = share * (1 - share)
    room = sum((of - 1) * (1 - of / total) for _, of in counted)
    if not varies or not room:
        return Prior(share, None)
    spread = sum(of * (hits / of - share) ** 2 for hits, of in counted) / varies
    alike = (spread - (len(counted) - 1)) / room
    if alike <= 0:
        return Prior(share, None)
    return Prior(share, max(1 / min(alike, 1.0) - 1, 0.0))


def rate(counted: tuple[int, int], believed: Prior | None) -> Rate:
    """How many of how many, with the share to rank by where something is believed of it."""
    hits, of = counted
    return Rate(hits, of, believed.shrink(hits, of) if believed is not None and of else None)
