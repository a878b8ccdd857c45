"""When a budget runs out, at the pace of the last weeks."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.burn import Spent, near_from, runs_out
from agent_assist.core.headroom import Used
from agent_assist.core.windows import window_end

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def days(window: Window, used: int, week: int, month: int, most: int = 1000) -> float | None:
    """After how many days nothing is left."""
    spent = Spent("t-1", Used(used, 1), Used(week, 1), Used(month, 1))
    budget = Budget("B", Scope.TEAM, window, amounts={"rep": most})
    found = runs_out(spent, budget, "rep", NOON, BERLIN)
    return None if found is None else (found - NOON) / timedelta(days=1)


@pytest.mark.parametrize(
    ("window", "used", "week", "month", "expected"),
    [
        (Window.MONTH, 900, 140, 280, 5),  # 20 a day, nine days before the month ends
        (Window.MONTH, 800, 70, 280, None),  # 10 a day: 20 days
        (Window.MONTH, 1000, 0, 0, 0),
        (Window.LIFETIME, 0, 70, 0, 100),
        (Window.LIFETIME, 0, 0, 0, None),
        (Window.LIFETIME, 0, 0, 1, None),  # in 28,000 days
        (Window.DAYS_30, 0, 350, 0, 20),
        (Window.DAYS_30, 900, 210, 840, None),  # 30 a day make 900 in 30 days, and no more
        (Window.DAYS_30, 900, 280, 0, 10),  # 40 a day come, 30 a day leave
        (Window.CONTACT, 900, 700, 0, None),
        (Window.CONTACT, 1000, 0, 0, 0),
    ],
)
def test_a_budget_runs_out_when_what_is_left_of_it_is_granted(
    window: Window, used: int, week: int, month: int, expected: float | None
) -> None:
    assert days(window, used, week, month) == expected


def test_the_first_of_amount_and_number_to_run_out_counts() -> None:
    spent = Spent("", Used(0, 8), Used(70, 7), Used(70, 7))
    budget = Budget(
        "B", Scope.ORGANISATION, Window.LIFETIME, amounts={"rep": 1000}, counts={"rep": 10}
    )

    assert runs_out(spent, budget, "rep", NOON, BERLIN) == NOON + timedelta(days=2)
    assert runs_out(spent, budget, "manager", NOON, BERLIN) is None


def test_a_cap_is_near_from_where_its_budget_warns_and_from_four_fifths_without() -> None:
    silent = Budget("B", Scope.TEAM, Window.MONTH)
    early = Budget("B", Scope.TEAM, Window.MONTH, warn_at=5001)

    assert (near_from(silent, 10), near_from(silent, 3)) == (8, 3)
    assert (near_from(early, 100), near_from(early, 10_000)) == (51, 5001)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window.DAY, datetime(2026, 11, 21, 23, tzinfo=UTC)),
        (Window.MONTH, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        (Window.DAYS_7, None),
        (Window.LIFETIME, None),
    ],
)
def test_calendar_windows_end_at_the_organisations_midnight(
    window: Window, expected: datetime | None
) -> None:
    assert window_end(window, NOON, BERLIN) == expected
