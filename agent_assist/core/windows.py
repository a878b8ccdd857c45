"""Windows of budgets: from which instant grants count. Exact across clock changes."""

from datetime import UTC, datetime, time, timedelta
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
    local = at.astimezone(ZoneInfo(time_zone))
    first = local.date() if window is Window.DAY else local.date().replace(day=1)
    midnight = datetime.combine(first, time.min, tzinfo=local.tzinfo)
    # Where midnight does not exist (clocks jump over it), this is the jump itself.
    return midnight.astimezone(UTC) - timedelta(microseconds=1)
