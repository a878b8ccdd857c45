"""Two shares compared while they are still counted: an interval that holds however often one looks.

Each look at an interval of the common kind is another chance to be misled. This one holds at all
times at once: over the whole comparison, the chance that the difference of the true shares ever
lies outside is at most what is stated, so that anybody may look every day and stop when they like.

Source: the likelihood is set against its mixture under Jeffreys' prior, which for the true shares
is a martingale that hardly ever grows large (Ville): Robbins, "Statistical Methods Related to the
Law of the Iterated Logarithm", Annals of Mathematical Statistics 41 (1970); as tests of websites
in Johari, Koomen, Pekelis and Walsh, "Always Valid Inference", Operations Research 70 (2022), and
in Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, Nonparametric, Nonasymptotic Confidence
Sequences", Annals of Statistics 49 (2021). Exact for any order in which contacts arrive.
"""

from collections.abc import Callable
from math import inf, lgamma, log, pi

_STEPS = 40
"""Halvings of an interval: far below what anybody can tell apart."""
_GOLDEN = (5**0.5 - 1) / 2


def interval(one: tuple[int, int], other: tuple[int, int], error: float) -> tuple[float, float]:
    """Where the other's true share less the one's lies, at all times at once.

    Args:
        one: how many of how many.
        other: the same of the other.
        error: the chance that it ever lies outside, over the whole comparison.

    Returns:
        From -1 to 1 where nothing is known.
    """
    least = _mixture(*one) + _mixture(*other) + log(error)

    def holds(difference: float) -> bool:
        return _profile(one, other, difference) >= least

    middle = _share(other) - _share(one)
    # The likelihood falls on both sides of its top.
    return _edge(holds, middle, -1.0), _edge(holds, middle, 1.0)


def _edge(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    if holds(outside):
        return outside
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return outside


def _profile(one: tuple[int, int], other: tuple[int, int], difference: float) -> float:
    """The greatest log likelihood of shares that differ by so much; concave in the lower one."""
    low, high = max(0.0, -difference), min(1.0, 1.0 - difference)

    def at(share: float) -> float:
        return _likelihood(*one, share) + _likelihood(*other, share + difference)

    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (left, high) if at(left) < at(right) else (low, right)
    return max(at(low), at(high), at((low + high) / 2))


def _likelihood(hits: int, of: int, share: float) -> float:
    misses = of - hits
    return (hits * _log(share) if hits else 0.0) + (misses * _log(1.0 - share) if misses else 0.0)


def _log(share: float) -> float:
    return log(share) if share > 0.0 else -inf


def _mixture(hits: int, of: int) -> float:
    """The log likelihood on average over all shares, by Jeffreys' prior."""
    return lgamma(hits + 0.5) + lgamma(of - hits + 0.5) - lgamma(of + 1) - log(pi)


def _share(counted: tuple[int, int]) -> float:
    hits, of = counted
    return hits / of if of else 0.5
