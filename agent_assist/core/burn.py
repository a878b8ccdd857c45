"""How fast a budget is used, and when it would run out if that goes on. Exact, whole numbers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from agent_assist.core.budgets import Budget, Window
from agent_assist.core.headroom import Used
from agent_assist.core.windows import rolling_days, window_end

WEEK, MONTH = 7, 28
"""Days over which is told how much was granted."""

_FARTHEST = timedelta(days=3_650)
_WHOLE = 10_000  # basis points
NEAR = 8_000
"""Basis points of a cap from which it is near, where a budget does not say."""


class Spent(NamedTuple):
    """What one of those whom a budget sums up by was granted.

    Attributes:
        holder: their id; empty for the organisation.
        used: within the budget's window.
        week, month: in the last `WEEK` and `MONTH` days.
    """

    holder: str
    used: Used
    week: Used
    month: Used


def near_from(budget: Budget, most: int) -> int:
    """The least use that is near a cap."""
    share = NEAR if budget.warn_at is None else budget.warn_at
    return -(-most * share // _WHOLE)


def runs_out(
    spent: Spent, budget: Budget, level: str, at: datetime, time_zone: str
) -> datetime | None:
    """When a level would have nothing left, if as much went on being granted as lately.

    It goes by the last week or the last four, whichever was faster.

    Args:
        spent: of one holder.
        budget: which caps them.
        level: by whose caps.
        at: the aware present, at which `spent` was summed up.
        time_zone: IANA name, for calendar windows.

    Returns:
        `at` where nothing is left already; None where it does not run out at this pace, or only
        after its window ended, or in more than ten years.
    """
    caps = (
        (budget.amounts.get(level), spent.used.amount, spent.week.amount, spent.month.amount),
        (budget.counts.get(level), spent.used.grants, spent.week.grants, spent.month.grants),
    )
    found = [
        when
        for most, used, week, month in caps
        if most is not None
        and (when := _runs_out(most - used, used, _pace(week, month), budget.window, at))
    ]
    end = window_end(budget.window, at, time_zone)
    return _first(found, end)


def _pace(week: int, month: int) -> int:
    """How much in `MONTH` days."""
    return max(week * (MONTH // WEEK), month)


def _runs_out(left: int, used: int, pace: int, window: Window, at: datetime) -> datetime | None:
    if left <= 0:
        return at
    if window is Window.CONTACT:
        return None
    # Of a rolling window some leaves while more is granted: evenly, for want of a better guess.
    days = rolling_days(window) or 1
    leaving = used * MONTH if rolling_days(window) else 0
    growth = pace * days - leaving  # in MONTH days, times `days`
    if growth <= 0 or (rolling_days(window) and pace * days < (left + used) * MONTH):
        return None
    after = left * MONTH * days * (timedelta(days=1) // timedelta(microseconds=1)) // growth
    wait = timedelta(microseconds=min(after, _FARTHEST // timedelta(microseconds=1)))
    return at + wait if wait < _FARTHEST else None


def _first(found: Iterable[datetime], end: datetime | None) -> datetime | None:
    first = min(found, default=None)
    return None if first is None or (end is not None and first >= end) else first
