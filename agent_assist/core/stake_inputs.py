"""What stakes are reckoned from: what the library estimates, and what somebody supposes instead."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeVar

from agent_assist.core.vocabulary import Economics, Estimate

_N = TypeVar("_N", int, Fraction)

Share = Estimate[Fraction]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the library estimates, or somebody supposes.

    Attributes:
        customer_value: minor units of money, a year.
        resolved, repeated, unresolved: the share of customers that is lost, by how it ended.
        share: not resolved at once, supposed of every issue; None for what was counted.
    """

    customer_value: Estimate[int]
    resolved: Share
    repeated: Share
    unresolved: Share
    share: Fraction | None = None


class Factors(NamedTuple):
    """What is supposed of the library's estimates; None for what the library says."""

    customer_value: int | None = None
    resolved: Decimal | None = None
    repeated: Decimal | None = None
    unresolved: Decimal | None = None
    share: Decimal | None = None


AS_ESTIMATED = Factors()
"""Nothing is supposed."""


def inputs(economics: Economics, supposed: Factors) -> Inputs:
    """What is reckoned with: a number that is supposed stands for the whole range."""
    value, losses = economics.customer_value, economics.loyalty_loss
    own = Estimate(value.low.minor, value.likely.minor, value.high.minor)
    return Inputs(
        customer_value=own if supposed.customer_value is None else one(supposed.customer_value),
        resolved=_loss(losses["resolved"], supposed.resolved),
        repeated=_loss(losses["repeated"], supposed.repeated),
        unresolved=_loss(losses["unresolved"], supposed.unresolved),
        share=None if supposed.share is None else Fraction(supposed.share),
    )


def one(known: _N) -> Estimate[_N]:
    """A number that is known, as a range."""
    return Estimate(known, known, known)


def _loss(estimate: Estimate[Decimal], supposed: Decimal | None) -> Share:
    if supposed is not None:
        return one(Fraction(supposed))
    return Estimate(Fraction(estimate.low), Fraction(estimate.likely), Fraction(estimate.high))
