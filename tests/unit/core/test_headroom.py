"""Budgets: when they count, what they leave, and which cap binds."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.conditions import OneOf
from agent_assist.core.decision import CapKind, Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Use
from agent_assist.core.windows import window_start
from tests.builders import DAY, a_row, compiled

QUARTER = Budget(
    "quarter",
    Scope.CUSTOMER,
    Window.DAYS_90,
    amounts={"rep": 5000, "supervisor": 9000},
    counts={"rep": 3},
)


def decided(
    *budgets: Budget,
    used: dict[str, Used],
    facts: dict[str, FactValue] | None = None,
    level: str = "rep",
    amount: int | None = None,
) -> Decision:
    return compiled(a_row(rep=1000, supervisor=8000, manager=20_000)).decide(
        issue="fee",
        remedy="fee_waiver",
        level=level,
        facts=facts or {},
        day=DAY,
        amount=amount,
        use=Use(budgets, used),
    )


def test_the_least_of_ceiling_and_budgets_may_be_given_and_is_named() -> None:
    decision = decided(QUARTER, used={"quarter": Used(4400, 1)})

    assert decision.up_to == 600
    assert decision.binding is not None
    assert (decision.binding.kind, decision.binding.source) == (CapKind.BUDGET, "quarter")


def test_every_cap_is_returned_with_its_headroom() -> None:
    decision = decided(QUARTER, used={"quarter": Used(1000, 1)})

    assert [(cap.source, cap.headroom, cap.grants_left) for cap in decision.caps][:2] == [
        ("R1", 1000, None),
        ("quarter", 4000, None),
    ]
    assert decision.caps[2].grants_left == 2


def test_a_used_up_budget_sends_to_the_level_whose_budget_still_allows_it() -> None:
    decision = decided(QUARTER, used={"quarter": Used(5000, 1)})

    assert decision.verdict is Verdict.NEEDS_APPROVAL
    assert decision.approval is not None
    assert (decision.approval.level, decision.approval.up_to) == ("supervisor", 4000)


def test_a_used_up_number_of_grants_leaves_nothing_at_that_level() -> None:
    decision = decided(QUARTER, used={"quarter": Used(0, 3)})

    assert decision.up_to == 0
    assert decision.verdict is Verdict.NEEDS_APPROVAL


def test_an_overspent_budget_leaves_nothing_and_never_less() -> None:
    assert decided(QUARTER, used={"quarter": Used(9999, 1)}).binding.headroom == 0  # type: ignore[union-attr]


def test_a_budget_that_might_apply_withholds_until_its_facts_are_known() -> None:
    basic = Budget(
        "basic",
        Scope.CUSTOMER,
        Window.DAYS_90,
        conditions={"customer.tier": OneOf(frozenset({"basic"}))},
        amounts={"rep": 0, "supervisor": 0, "manager": 0},
    )
    used = {"basic": Used(0, 0)}

    unknown = decided(basic, used=used)
    assert (unknown.verdict, unknown.needs()) == (Verdict.OPEN, ("customer.tier",))
    assert decided(basic, used=used, facts={"customer.tier": "gold"}).up_to == 1000
    refused = decided(basic, used=used, facts={"customer.tier": "basic"})
    assert refused.verdict is Verdict.NOT_ALLOWED


def test_a_budget_of_other_remedies_or_of_nobody_known_does_not_count() -> None:
    other = Budget("other", Scope.REP, Window.DAY, frozenset({"courier_card"}), counts={"rep": 0})

    assert decided(other, used={"other": Used(0, 0)}).up_to == 1000
    assert decided(QUARTER, used={}).up_to == 1000


@pytest.mark.parametrize(
    ("window", "at", "start"),
    [
        # Clocks go forward in Berlin on 29 March 2026: that day has 23 hours.
        (Window.DAY, "2026-03-29T20:00+00:00", "2026-03-28T23:00+00:00"),
        (Window.DAY, "2026-03-30T00:00+00:00", "2026-03-29T22:00+00:00"),
        # And back on 25 October: that day has 25 hours.
        (Window.DAY, "2026-10-25T22:30+00:00", "2026-10-24T22:00+00:00"),
        (Window.DAY, "2026-10-25T23:00+00:00", "2026-10-25T23:00+00:00"),
        (Window.MONTH, "2026-03-31T21:59+00:00", "2026-02-28T23:00+00:00"),
        (Window.MONTH, "2026-03-31T22:00+00:00", "2026-03-31T22:00+00:00"),
        (Window.MONTH, "2026-01-01T00:30+00:00", "2025-12-31T23:00+00:00"),
    ],
)
def test_calendar_windows_begin_at_the_organisations_midnight(
    window: Window, at: str, start: str
) -> None:
    found = window_start(window, datetime.fromisoformat(at), "Europe/Berlin")

    assert found == datetime.fromisoformat(start) - timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("window", "days"), [(Window.DAYS_7, 7), (Window.DAYS_30, 30), (Window.DAYS_365, 365)]
)
def test_rolling_windows_are_whole_days_of_24_hours(window: Window, days: int) -> None:
    at = datetime(2026, 3, 30, 12, tzinfo=UTC)

    assert window_start(window, at, "Europe/Berlin") == at - timedelta(days=days)


def test_contacts_and_lifetimes_have_no_beginning() -> None:
    at = datetime(2026, 3, 30, 12, tzinfo=UTC)

    assert window_start(Window.LIFETIME, at, "UTC") is None
    assert window_start(Window.CONTACT, at, "UTC") is None
