"""A change of limits goes through two people in two browsers, and a panel shows it at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.consoles import Console, with_rep
from tests.browser.deployment import Deployment
from tests.browser.panels import launched, with_an_answer
from tests.browser.test_pages import broken_rules

pytestmark = pytest.mark.browser

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


@pytest.fixture
def consoles(opened: Callable[[str], Console]) -> tuple[Console, Console]:
    """An author and a second person, each in a browser of their own."""
    return opened("v-1"), opened("m-1")


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
    consoles: tuple[Console, Console], axe: str
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
    assert broken_rules(author.page, axe) == []
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
