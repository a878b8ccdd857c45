"""Stakes: the money that problems put at risk, by issue and cause, in the open.

    contacts x share not resolved at once x loyalty lost x value of a customer

Every factor is a whole number, an amount in minor units, or a share of four decimals, and what is
told of them is what was reckoned with: whoever multiplies what they read gets what they read.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, sqrt

from agent_assist.core.intervals import wilson
from agent_assist.core.stake_counts import FEW, Counts, Sides, Tally
from agent_assist.core.stake_inputs import Inputs, Share, one
from agent_assist.core.vocabulary import Cause, Estimate

YEAR = 365
"""Days."""

_DECIMALS = 10_000
_NOBODY, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Saved:
    """What remedies kept from being at risk, as far as contacts with and without them show it.

    Attributes:
        share: by how much less often contacts with a remedy were not resolved at once; never
            under 0.
        money: minor units.
    """

    share: Share
    money: Estimate[int]


@dataclass(frozen=True, slots=True)
class Stake:
    """What one problem puts at risk.

    Attributes:
        issue: None for all together, each contact once.
        cause: None where nobody knows any, and for all together.
        tally, given: of all its contacts; of those in which something was given for it.
        share: not resolved at once, of those that ended; None while none has, and nothing is
            supposed.
        loyalty: lost of a customer whose contact was not resolved at once, beyond what is lost of
            one whose was.
        at_risk: minor units, of the contacts that were counted.
        saved: None where too few ended with a remedy, or without one, to compare them.
        ranked: what it is ranked by: the likely money, with the share drawn towards that of all.
    """

    issue: str | None
    cause: Cause | None
    tally: Tally
    given: Tally
    share: Share | None
    loyalty: Share
    at_risk: Estimate[int]
    saved: Saved | None
    ranked: int

    @property
    def without_remedies(self) -> Estimate[int] | None:
        """What would be at risk had nothing been given; None where nobody can say."""
        if self.saved is None:
            return None
        risk, saved = self.at_risk, self.saved.money
        return Estimate(risk.low + saved.low, risk.likely + saved.likely, risk.high + saved.high)


@dataclass(frozen=True, slots=True)
class Stakes:
    """What all problems put at risk, the most first; and all contacts together, each once."""

    total: Stake
    items: tuple[Stake, ...]


def weigh(counts: Counts, factors: Inputs) -> Stakes:
    """What each issue and cause puts at risk, of contacts that were counted."""
    every = counts.all.every
    items = (_stake(problem, sides, factors, every) for problem, sides in counts.of.items())
    total = _stake((None, None), counts.all, factors, every)
    return Stakes(total, tuple(sorted(items, key=_rank)))


def a_year(money: Estimate[int], days: int) -> Estimate[int]:
    """The same for a year, of what some days put at risk."""
    return _money(*(Fraction(one * YEAR, days) for one in (money.low, money.likely, money.high)))


def share_of(tally: Tally) -> Share | None:
    """Where the share that was not resolved at once lies; None while nothing has ended."""
    if not tally.ended:
        return None
    low, high = wilson(tally.lost, tally.ended)
    return Estimate(_down(low), _near(Fraction(tally.lost, tally.ended)), _up(high))


def _rank(stake: Stake) -> tuple[int, str, str]:
    return -stake.ranked, stake.issue or "", stake.cause or ""


def _stake(
    key: tuple[str | None, Cause | None], sides: Sides, factors: Inputs, every: Tally
) -> Stake:
    tally, given = sides
    share = share_of(tally) if factors.share is None else one(factors.share)
    drawn = _drawn(tally, every) if factors.share is None else factors.share
    loyalty = _loyalty(tally, factors)
    value = factors.customer_value
    return Stake(
        issue=key[0],
        cause=key[1],
        tally=tally,
        given=given,
        share=share,
        loyalty=loyalty,
        at_risk=_at_risk(tally.contacts, share, loyalty, value) if share else Estimate(0, 0, 0),
        saved=_saved(tally, given, loyalty, value),
        ranked=_round(tally.contacts * drawn * loyalty.likely * value.likely),
    )


def _drawn(tally: Tally, every: Tally) -> Fraction:
    """The share as it would be had thirty more of the contacts ended, and as all do."""
    of_all = Fraction(every.lost, every.ended) if every.ended else _NOBODY
    return (tally.lost + FEW * of_all) / (tally.ended + FEW)


def _at_risk(contacts: int, share: Share, loyalty: Share, value: Estimate[int]) -> Estimate[int]:
    return _money(
        contacts * share.low * loyalty.low * value.low,
        contacts * share.likely * loyalty.likely * value.likely,
        contacts * share.high * loyalty.high * value.high,
    )


def _loyalty(tally: Tally, factors: Inputs) -> Share:
    """Of one contact that was not resolved at once, as often unresolved or repeated as counted."""
    base = factors.resolved.likely  # lost anyway, however well it went
    unresolved, came_back = (tally.unresolved, tally.came_back) if tally.lost else (1, 0)

    def lost(of_unresolved: Fraction, of_repeated: Fraction) -> Fraction:
        beyond = unresolved * max(_NOBODY, of_unresolved - base)
        beyond += came_back * max(_NOBODY, of_repeated - base)
        return _near(beyond / (unresolved + came_back))

    bad, again = factors.unresolved, factors.repeated
    return Estimate(
        lost(bad.low, again.low), lost(bad.likely, again.likely), lost(bad.high, again.high)
    )


def _saved(tally: Tally, given: Tally, loyalty: Share, value: Estimate[int]) -> Saved | None:
    without = tally.without(given)
    if given.is_few or without.is_few:
        return None
    share = _difference(without, given)
    return Saved(share, _at_risk(given.contacts, share, loyalty, value))


def _difference(more: Tally, less: Tally) -> Share:
    """By how much one share is above another, cut off at none.

    Source: Newcombe, "Interval Estimation for the Difference between Independent Proportions",
    method 10, Statistics in Medicine 1998.
    """
    first, other = more.lost / more.ended, less.lost / less.ended
    first_low, first_high = wilson(more.lost, more.ended)
    other_low, other_high = wilson(less.lost, less.ended)
    exact = Fraction(more.lost, more.ended) - Fraction(less.lost, less.ended)
    low = first - other - sqrt((first - first_low) ** 2 + (other_high - other) ** 2)
    high = first - other + sqrt((first_high - first) ** 2 + (other - other_low) ** 2)
    return Estimate(_down(max(0.0, low)), _near(max(_NOBODY, exact)), _up(max(0.0, high)))


def _money(low: Fraction, likely: Fraction, high: Fraction) -> Estimate[int]:
    """Ranges are rounded outwards, so that they hold what they held."""
    return Estimate(floor(low), _round(likely), ceil(high))


def _round(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def _near(share: Fraction) -> Fraction:
    return Fraction(_round(share * _DECIMALS), _DECIMALS)


def _down(share: float) -> Fraction:
    return Fraction(floor(share * _DECIMALS), _DECIMALS)


def _up(share: float) -> Fraction:
    return min(_ALL, Fraction(ceil(share * _DECIMALS), _DECIMALS))
