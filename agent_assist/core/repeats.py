"""Repeats: whether a customer had to come back about the same issue, and until when that counts."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

Window = Callable[[str], timedelta]
"""How long after a contact another one about an issue is its repeat."""


def is_repeat(
    opened: datetime,
    issues: Collection[str],
    again: datetime,
    issues_again: Collection[str],
    window: Window,
) -> bool:
    """Whether a contact opened at `again` repeats an earlier one of the same customer.

    It does if both are about one issue, and it was opened after the earlier one, at the last
    instant of the issue's window still. Whether the earlier one was closed by then is nothing to
    the customer, who had to ask twice.
    """
    return again > opened and any(
        again <= opened + window(issue) for issue in issues if issue in issues_again
    )


def settles_at(opened: datetime, issues: Collection[str], window: Window) -> datetime:
    """The last instant at which a contact can still be repeated; without an issue it never can."""
    return max((opened + window(issue) for issue in issues), default=opened)
