"""Insights in the console: money at risk with its what-if, down to the contacts behind it."""

import json
import re
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.test_console import faults_of

pytestmark = pytest.mark.browser
ISSUE = "failed_transfer"


@pytest.fixture
def console(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    for number, resolved in enumerate([False, False, True, None]):
        opened = datetime.now(UTC) - timedelta(days=number, hours=1)
        body = {"opened_at": opened.isoformat(), "issues": [ISSUE], "team": "t-1"}
        _send(panel_server, "PUT", f"/v1/contacts/risk-{number}", body)
        if resolved is not None:
            ended = f"/v1/contacts/risk-{number}/outcome"
            _send(panel_server, "POST", ended, {"resolved": resolved, "cause": "process"})
    context = browser.new_context(
        locale="en-GB", reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    yield signed_in(context.new_page(), panel_server, "v-1", "/console/insights")
    context.close()


def _send(deployment: Deployment, method: str, path: str, body: Any) -> None:
    headers = {
        "Authorization": f"Bearer {deployment.key}",
        "Content-Type": "application/json",
        "Idempotency-Key": path,
    }
    sent = urllib.request.Request(
        deployment.address + path, json.dumps(body).encode(), headers, method=method
    )
    with urllib.request.urlopen(sent) as answer:
        assert answer.status in (200, 201)


def test_money_at_risk_moves_with_what_is_supposed_and_leads_to_its_contacts(
    console: Page, axe: str
) -> None:
    row = console.get_by_role("row").filter(has_text="Transfer failed")
    expect(row).to_contain_text("67%")

    field = console.get_by_label("Value of a customer, a year")
    before = row.inner_text()
    field.fill("1000")
    field.press("Tab")
    expect(console).to_have_url(re.compile("customer_value=1000"))
    expect(row).not_to_have_text(before)
    field.fill("-1")
    field.press("Tab")
    expect(console.get_by_role("alert")).to_be_visible()
    assert faults_of(console, axe) == []
    console.get_by_role("button", name="Back to the library").click()
    expect(field).to_have_value("")

    row.get_by_role("link").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Transfer failed")
    expect(console.get_by_role("link", name="risk-1")).to_be_visible()
    assert faults_of(console, axe) == []
    with console.expect_download() as saved:
        console.get_by_role("button", name="Save the brief").click()
    assert saved.value.suggested_filename == f"brief-{ISSUE}.html"
    console.get_by_role("link", name="risk-0").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Contact risk-0")


def test_evidence_measures_and_drift_are_told_where_there_is_little_or_none(
    console: Page, axe: str
) -> None:
    console.get_by_role("link", name="Limits by evidence").click()
    none = console.get_by_text("There is no evidence against a ceiling")
    some = console.get_by_role("region", name="Ceilings that were asked beyond")
    expect(none.or_(some)).to_be_visible()  # other tests may have asked the same deployment
    assert faults_of(console, axe) == []

    console.get_by_role("link", name="Measures").click()
    expect(console.get_by_role("row").filter(has_text="All, each contact once")).to_be_visible()
    assert faults_of(console, axe) == []
    console.get_by_label("By", exact=True).select_option("issue")
    expect(console.get_by_role("link", name="Transfer failed")).to_be_visible()

    console.get_by_role("link", name="Drift").click()
    expect(console.locator(".waiting")).to_have_count(0)
    assert faults_of(console, axe) == []


def _spare(route: Route) -> None:
    """What a long history would say."""
    of_cell = {"remedy": "goodwill_credit", "most": _euros("9.50")}
    cells: list[dict[str, Any]] = [
        {**of_cell, "row": "R008", "level": "senior", "ceiling": "30.00", "occasions": 212,
         "nearly_all": _euros("8.00"), "why_kept": None,
         "advice": {"to": _euros("15.00"), "beyond": 1, "at_most": 0.0263}},
        {**of_cell, "row": "R007", "level": "rep", "ceiling": "1.00 per delivery.days_late",
         "occasions": 140, "nearly_all": _euros("9.00"), "advice": None,
         "why_kept": "rests_on_facts"},
    ]  # fmt: skip
    rows = [
        {"row": "R009", "remedy": "courier_card", "suggestions": 311, "at_most": 0.0122,
         "drop": True, "why_kept": None},
        {"row": "R026", "remedy": "temporary_limit_raise", "suggestions": 120, "at_most": 0.031,
         "drop": False, "why_kept": "guards"},
    ]  # fmt: skip
    days = {"since": "2026-08-23", "until": "2026-11-21", "team": None}
    route.fulfill(json={**days, "whole": True, "cells": cells, "rows": rows, "left_out": 0})


def _euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("Make a draft that lowers R008 for Senior", "15.00"),
        ("Make a draft that drops R009", "R009"),
    ],
)
def test_what_has_room_to_spare_is_made_a_draft_at_one_click(
    console: Page, axe: str, button: str, told: str
) -> None:
    console.route("**/v1/insights/limits/spare*", _spare)
    console.get_by_role("link", name="Limits by evidence").click()
    expect(console.get_by_role("heading", name="Room to spare")).to_be_visible()
    assert faults_of(console, axe) == []

    console.get_by_role("button", name=button).click()

    expect(console).to_have_url(re.compile("/drafts/.+/review"))
    expect(console.locator("main")).to_contain_text(told)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("?cause=process", "stakes"),
        ("/measures?by=team", "measures-by-team"),
        ("/limits", "limits"),
        ("/drift", "drift"),
    ],
)
def test_what_a_page_shows_is_had_as_a_file_with_its_filters(
    console: Page, panel_server: Deployment, place: str, name: str
) -> None:
    console.goto(f"{panel_server.address}/console/insights{place}")
    console.get_by_role("button", name="Export").click()

    asked: list[str] = []
    console.on("request", lambda one: asked.append(one.url))
    with console.expect_download() as saved:
        console.get_by_role("button", name="Download CSV").click()

    assert saved.value.suggested_filename == f"{name}.csv"
    (sheet,) = [one for one in asked if "/sheets/" in one]
    assert place.partition("?")[2] in sheet
    assert saved.value.path().read_text().startswith("line,")


def test_who_sees_one_team_reads_its_name_in_the_choice(
    console: Page, panel_server: Deployment
) -> None:
    console.goto(f"{panel_server.address}/console/insights/measures")

    choice = console.get_by_label("Team")
    expect(choice).to_have_value("t-1")
    expect(choice.get_by_role("option")).to_have_count(1)


def test_new_issues_are_told_in_customers_words_and_lead_to_their_contacts(
    console: Page, axe: str
) -> None:
    weeks = [{"week": f"2026-11-{day:02}", "count": n} for day, n in ((2, 2), (9, 5), (16, 9))]
    issue = {
        "words": ["parrot", "envelope"],
        "contacts": 16,
        "weeks": weeks,
        "sentences": ["the parrot ate my envelope with # in it"],
        "newest": ["risk-0"],
    }
    told = {"since": "2026-08-23", "until": "2026-11-21", "team": "t-1", "looked": 212}
    report = {**told, "pending": 3, "whole": True, "new_issues": [issue]}
    console.route("**/v1/insights/preventable*", lambda route: route.fulfill(json=report))

    console.get_by_role("link", name="Preventable").click()

    expect(console.get_by_text("the parrot ate my envelope")).to_be_visible()
    assert faults_of(console, axe) == []
    console.get_by_text("The newest contacts").click()
    console.get_by_role("link", name="risk-0").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Contact risk-0")


def _wording(wording: str, repeated: int) -> dict[str, Any]:
    def rate(count: int) -> dict[str, Any]:
        share = count / 600
        near = {"share": share, "low": share - 0.03, "high": share + 0.03, "shrunk": None}
        return {"count": count, "of": 600, **near, "few": False}

    return {
        "wording": wording, "say": f"What is said in the {wording} wording.", "why": "So.",
        "contacts": 640, "settled": 600, "ended": 590,
        "repeated": rate(repeated), "accepted": rate(480),
    }  # fmt: skip


def test_two_wordings_stand_side_by_side_and_the_better_one_becomes_a_draft(
    console: Page, axe: str
) -> None:
    policy = {"id": "account/age-limit", "version": 1, "title": "A policy of two wordings"}
    compared = {
        "policy": policy, "pair": "0123456789abcdef", "alternative_share": 50,
        "wordings": [_wording("standing", 120), _wording("alternative", 60)],
        "repeated": {"low": -0.1956, "high": -0.0062}, "accepted": {"low": -0.08, "high": 0.08},
        "better": "alternative",
    }  # fmt: skip
    report = {"team": None, "error": 0.05, "items": [compared]}
    console.route("**/v1/insights/wordings?*", lambda route: route.fulfill(json=report))

    console.get_by_role("link", name="Wordings").click()

    row = console.get_by_role("row").filter(has_text="Alternative")
    expect(row).to_contain_text("10%")
    expect(console.get_by_text("-19.6 to -0.6 points")).to_be_visible()
    assert faults_of(console, axe) == []
    console.get_by_role("button", name="Make a draft").click()
    expect(console).to_have_url(re.compile(r"/policies/drafts/.+/review"))
