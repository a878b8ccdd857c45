"""Windows of budgets: from which instant grants count. Exact across clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agent_assist.core.budgets import Window

_DAYS = {
    Window.DAYS_7: 7,
    Window.DAYS_30: 30,
    Window.DAYS_90: 90,
    Window.DAYS_365: 365,
}

CALENDAR = frozenset({Window.DAY, Window.MONTH})
"""Windows that begin at a midnight of the organisation's time zone."""


def window_start(window: Window, at: datetime, time_zone: str) -> datetime | None:
    """The instant after which grants count at `at`; None for all there ever were.

    Args:
        window: a calendar day and month begin at midnight in the organisation's time zone;
            rolling windows are that many times 24 hours; a contact's window is its lifetime.
        at: an aware instant.
        time_zone: IANA name.

    Returns:
        For rolling windows the start is excluded, so that a grant leaves its window exactly
        when the window's length has passed. For calendar windows the start is the last instant
        before midnight's first: it is excluded too, so that midnight itself counts.
    """
    if window in _DAYS:
        return at.astimezone(UTC) - timedelta(days=_DAYS[window])
    if window in (Window.CONTACT, Window.LIFETIME):
        return None
    today = at.astimezone(ZoneInfo(time_zone)).date()
    first = today if window is Window.DAY else today.replace(day=1)
    return _midnight(first, time_zone) - timedelta(microseconds=1)


def window_end(window: Window, at: datetime, time_zone: str) -> datetime | None:
    """When all that counts at `at` stops counting at once; None for windows that do not end so.

    Arguments as those of `window_start`: calendar windows end at the next midnight of their kind.
    """
    if window not in CALENDAR:
        return None
    today = at.astimezone(ZoneInfo(time_zone)).date()
    if window is Window.DAY:
        return _midnight(today + timedelta(days=1), time_zone)
    return _midnight((today.replace(day=28) + timedelta(days=4)).replace(day=1), time_zone)


def rolling_days(window: Window) -> int | None:
    """How many days a rolling window is long; None for others."""
    return _DAYS.get(window)


def _midnight(day: date, time_zone: str) -> datetime:
    # Where midnight does not exist (clocks jump over it), this is the jump itself.
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
