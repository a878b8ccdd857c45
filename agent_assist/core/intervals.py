"""Intervals: how far a share that was counted may lie from the true one."""

from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval that holds a share with 95 % confidence, for `hits` of at least 1.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    JASA 1927.
    """
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)
