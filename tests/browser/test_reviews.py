"""A change of limits goes through two people in two browsers, and a panel shows it at once."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.deployment import MANIFEST, Deployment, deployed
from tests.browser.panels import launched, with_an_answer
from tests.browser.test_console import signed_in
from tests.conftest import lacking

pytestmark = pytest.mark.browser

_CALL = """async ([token, method, path, body, match]) => {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": crypto.randomUUID(),
    ...(match && { "If-Match": match }),
  };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  return [answer.status, await answer.json()];
}"""
CROSSING = {
    "issue": "cash_withdrawal_charge",
    "remedy": "fee_refund",
    "effect": "allow",
    "offer": "offer",
    "customer.tier": "premium",
    "contact.our_error": "no",
    "ceiling.rep": "20.00",
    "ceiling.senior": "30.00",
    "ceiling.supervisor": "100.00",
    "ceiling.manager": "200.00",
    "say": "I will put that fee right.",
}
"""Beside R082 neither is the narrower one, so that they contradict each other."""


class Console:
    """A console in a browser of its own, with the API as its page sees it."""

    def __init__(self, page: Page, person: str) -> None:
        self.page, self.person, self._token = page, person, ""
        page.on("request", self._overhear)

    def call(self, method: str, path: str, body: Any = None, match: str = "") -> tuple[int, Any]:
        by = {"by": {"id": self.person}} if method == "POST" else {}
        sent = json.loads(json.dumps({**(body or {}), **by})) if method == "POST" else None
        status, answer = self.page.evaluate(_CALL, [self._token, method, path, sent, match])
        return int(status), answer

    def draft(self, purpose: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
        """A draft with some rows put, through the API; gives its id."""
        _, made = self.call("POST", "/v1/limits/drafts", {"purpose": purpose})
        path = f"/v1/limits/drafts/{made['id']}"
        _, rows = self.call("GET", f"{path}/rows?limit=200")
        put = change({one["row"]: one["cells"] for one in rows["items"]})
        body = {"put": [{"row": key, "cells": cells} for key, cells in put.items()]}
        status, _ = self.call("POST", f"{path}/rows", body, made["etag"])
        assert status == 200
        return str(made["id"])

    def go(self, place: str) -> None:
        self.page.goto(self.page.url.split("/console")[0] + "/console" + place)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def confirm(self, name: str) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def _overhear(self, request: Any) -> None:
        sent = request.headers.get("authorization", "")
        self._token = sent.removeprefix("Bearer ") or self._token


@pytest.fixture(scope="module")
def own_server(
    prepared_data: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """A server whose limits these tests alone may change."""
    del encoder_folder
    if not MANIFEST.exists():
        lacking("the built console (make test)")
    data = tmp_path_factory.mktemp("reviews") / "data"
    shutil.copytree(prepared_data, data)
    with deployed(data) as deployment:
        yield deployment


@pytest.fixture
def consoles(browser: Browser, own_server: Deployment) -> Iterator[tuple[Console, Console]]:
    """An author and a second person, each in a browser of their own."""
    contexts = [browser.new_context(locale="en-GB", reduced_motion="reduce") for _ in range(2)]
    opened = []
    for context, person in zip(contexts, ("v-1", "m-1"), strict=True):
        console = Console(context.new_page(), person)
        signed_in(console.page, own_server, person)
        expect(console.page.locator(".side-person")).to_be_visible()
        opened.append(console)
    yield opened[0], opened[1]
    for context in contexts:
        context.close()


def with_rep(cells: dict[str, Any], ceiling: str) -> dict[str, Any]:
    return cells | {"ceiling.rep": ceiling}


def test_a_change_is_mended_replayed_approved_by_another_and_shown_in_a_panel_at_once(
    consoles: tuple[Console, Console], browser: Browser, own_server: Deployment
) -> None:
    author, second = consoles
    context = browser.new_context(locale="en-GB")
    panel = launched(context.new_page(), own_server)
    with_an_answer(panel)
    refund = panel.option("fee_refund").locator(".option-amount")
    expect(refund).to_have_text("up to €10.00")
    draft = author.draft(
        "Give the whole fee back",
        lambda rows: {
            "R082": with_rep(rows["R082"], "100% of fee.amount max 14.00"),
            "R900": CROSSING,
        },
    )

    # The author reads it, and settles the contradiction by the row that is proposed.
    author.go(f"/limits/drafts/{draft}/review")
    expect(author.page.locator(".row-change")).to_have_count(2)
    expect(author.page.locator(".finding", has_text="R082 and R900 both count")).to_be_visible()
    link = author.page.locator(".finding").get_by_role("link", name="R900")
    assert link.get_attribute("href") == f"/console/limits/drafts/{draft}?row=R900"
    author.press("Add row R082-R900")
    expect(author.page.locator(".row-change")).to_have_count(3)
    expect(author.page.locator(".finding", has_text="both count")).to_have_count(0)
    expect(author.page.locator(".lead, .empty")).to_be_visible()  # the past, decided again
    author.press("Ask for approval…")
    author.confirm("Ask for approval")
    expect(author.page.get_by_text("waits for a second person")).to_be_visible()
    expect(author.page.get_by_role("button", name="Approve…")).to_have_count(0)
    etag = author.call("GET", f"/v1/limits/drafts/{draft}")[1]["etag"]
    status, refused = author.call("POST", f"/v1/limits/drafts/{draft}/approve", {}, etag)
    assert (status, refused["type"].rpartition(":")[2]) == (403, "own_approval")

    # Another approves exactly that, and publishes it: the panel has it without a reload.
    second.go("/limits/drafts")
    second.page.get_by_role("link", name="Give the whole fee back").click()
    expect(second.page.get_by_role("heading", level=1)).to_have_text("Give the whole fee back")
    second.press("Approve…")
    second.confirm("Approve")
    second.press("Publish…")
    with second.page.expect_response(re.compile("/publish$")):
        second.confirm("Publish now")
    expect(refund).to_have_text("up to €14.00")
    expect(second.page.get_by_role("row").nth(1)).to_contain_text("In force")
    context.close()


def test_a_stale_draft_is_told_and_loses_nothing_and_a_cut_needs_no_second_person(
    consoles: tuple[Console, Console],
) -> None:
    author, second = consoles
    draft = author.draft(
        "Slowly", lambda rows: {"R024": with_rep(rows["R024"], "4.00"), "R038": rows["R038"]}
    )
    cut = second.draft(
        "At once",
        lambda rows: {
            "R024": with_rep(rows["R024"], "3.00"),
            "R025": with_rep(rows["R025"], "1.00"),
        },
    )
    author.go(f"/limits/drafts/{draft}/review")
    expect(author.page.locator(".row-change")).to_have_count(1)

    # Tightening: proved to give nobody more, and in force at once.
    second.go(f"/limits/drafts/{cut}/review")
    expect(second.page.get_by_text("It is proved that nobody may be given more")).to_be_visible()
    second.press("Publish…")
    second.confirm("Publish now")
    expect(second.page.get_by_role("row").nth(1)).to_contain_text("In force")

    # The other draft is told so where it is read, and its row is chosen over the newer one.
    expect(author.page.get_by_text("was published since")).to_be_visible()
    author.page.get_by_role("button", name=re.compile("^Carry over to version")).click()
    clash = author.page.locator(".clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("4.00")
    expect(clash).to_contain_text("3.00")
    author.confirm("Carry over")
    expect(author.page.get_by_text("was published since")).to_have_count(0)
    expect(author.page.locator(".row-change")).to_contain_text("from 3.00 to 4.00")

    # And back: the older version's rows in a draft, which is reviewed like any other.
    second.page.get_by_role("button", name="Go back to it").first.click()
    second.confirm("Begin the draft")
    expect(second.page.get_by_role("heading", level=1)).to_contain_text("Go back to version")
    expect(second.page.locator(".row-change")).to_have_count(2)


def test_a_case_is_tried_and_the_brake_is_told_on_every_page(
    consoles: tuple[Console, Console],
) -> None:
    author, manager = consoles
    draft = author.draft("Try me", lambda rows: {"R067": with_rep(rows["R067"], "7.00")})
    author.go(f"/limits/try?draft={draft}&issue=cash_withdrawal_charge")
    refund = author.page.locator(".tried-remedy").filter(has_text="Give back a fee")

    author.page.get_by_label("Our mistake").select_option("yes")
    author.page.get_by_label("Amount of the fee").fill("15")
    expect(refund.get_by_label("Published")).to_contain_text("up to €15.00")
    expect(refund.get_by_label("Draft")).to_contain_text("up to €7.00")
    expect(refund.get_by_label("Draft")).to_contain_text("R067 is met")

    author.press("Stop goodwill")
    author.page.get_by_role("dialog").get_by_label("Why").fill("Spending doubled since noon")
    author.confirm("Stop goodwill")
    for console in (author, manager):
        expect(console.page.locator(".brake")).to_contain_text("Spending doubled since noon")
    expect(author.page.get_by_role("button", name="Set it free…")).to_have_count(0)
    manager.go("/budgets")
    manager.press("Set it free…")
    manager.page.get_by_role("dialog").get_by_label("Why").fill("It was one case")
    manager.confirm("Set it free")
    for console in (author, manager):
        expect(console.page.locator(".brake")).to_have_count(0)
