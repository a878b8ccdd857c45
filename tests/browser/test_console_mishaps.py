"""What goes otherwise than people thought, in the console: they are told, and nothing is lost."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Request, Route, expect

from tests.browser.consoles import Console, with_rep
from tests.browser.deployment import Deployment
from tests.browser.test_approvals import asked, row, state_of
from tests.browser.test_pages import broken_rules
from tests.serving import invoke

pytestmark = pytest.mark.browser

NO_MORE = "The level that you have now does not open this."
Opened = Callable[[str], Console]


def more(rows: dict[str, Any]) -> dict[str, Any]:
    return {"R082": with_rep(rows["R082"], "100% of fee.amount max 14.00")}


def test_a_fact_that_is_filled_in_stays_where_it_was_and_as_it_was(opened: Opened) -> None:
    console = opened("v-1")
    page = console.page
    console.go("/limits/try?issue=cash_withdrawal_charge")
    page.get_by_label("Our mistake").wait_for()
    page.get_by_text("All other facts").click()
    others = page.locator(".known details")
    kind = others.get_by_label("Kind of card")
    kind.select_option("physical")

    months = others.get_by_label("Months as a customer")
    with page.expect_response(re.compile("/trials$")):
        months.press_sequentially("48", delay=300)  # each key is a question of its own

    expect(months).to_be_focused()
    expect(months).to_have_value("48")
    expect(kind).to_have_value("physical")
    page.get_by_label("Our mistake").select_option("yes")
    expect(page.get_by_text("it is yes").first).to_be_visible()
    expect(kind).to_have_value("physical")


def test_a_sheet_says_which_cells_cannot_be_read_before_it_is_put_in(
    opened: Opened, axe: str
) -> None:
    console = opened("v-1")
    page = console.page
    draft = console.draft("A sheet of others", lambda rows: {"R024": rows["R024"]})
    console.go(f"/limits/drafts/{draft}")
    console.press("Import")
    lines = "".join(f"R{n},cash_withdrawal_charge,fee_waiver,maybe,red\n" for n in range(9))
    content = f"row,issue,remedy,effect,colour\n{lines}".encode()
    sheet: FilePayload = {"name": "theirs.csv", "mimeType": "text/csv", "buffer": content}
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(sheet)

    told = dialog.locator(".notice")
    expect(told).to_contain_text("18 cells cannot be read")
    expect(told.get_by_role("listitem")).to_have_count(2)
    expect(told).to_contain_text("colour is neither a column of this sheet")
    expect(told).to_contain_text("R0, R1, R2 and others")
    assert broken_rules(page, axe) == []
    dialog.get_by_role("button", name="Put these rows into the draft").click()
    expect(page.locator(".draft-about")).to_contain_text("faults")


def test_a_replay_that_is_stopped_says_so_and_can_be_begun_again(opened: Opened) -> None:
    console = opened("v-1")
    page = console.page
    draft = console.draft("To be replayed", more)

    def hold(_: Route) -> None:
        """Nothing is answered until it is given up."""

    page.route("**/replay", hold)
    console.go(f"/limits/drafts/{draft}/review")
    console.press("Stop")

    expect(page.get_by_text("Stopped before the first cases were replayed.")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.unroute("**/replay")
    console.press("Replay again")
    expect(page.get_by_text("Stopped before")).to_have_count(0)
    expect(page.locator(".lead, .empty")).to_be_visible()


def test_a_review_is_told_of_how_many_rows_and_can_be_cancelled_and_is_when_the_page_is_left(
    opened: Opened,
) -> None:
    console = opened("v-1")
    page = console.page
    draft = console.draft("To be reviewed", more)
    given_up: list[str] = []

    def note(request: Request) -> None:
        if "/review?" in request.url:
            given_up.append(request.url)

    page.on("requestfailed", note)

    def hold(_: Route) -> None:
        """Nothing is answered until it is given up."""

    page.route("**/review?*", hold)
    console.go(f"/limits/drafts/{draft}/review")
    expect(page.get_by_text("Reviewing 220 rows…")).to_be_visible()
    expect(page.get_by_text("It is being read…")).to_be_visible()
    console.press("Cancel")

    expect(page.get_by_text("Cancelled before it was done.")).to_be_visible()
    expect(page.get_by_text("Its review was cancelled.")).to_be_visible()
    assert len(given_up) == 1
    console.press("Review 220 rows")
    expect(page.get_by_text("Reviewing 220 rows…")).to_be_visible()
    page.get_by_role("link", name="Edit the rows").click()
    expect(page.locator(".tabulator-row").first).to_be_visible()
    assert len(given_up) == 2
    page.unroute("**/review?*")

    # The table too asks for nothing any more once it was left.
    page.route("**/sheet?*", hold)
    console.go("/limits")
    expect(page.get_by_role("heading", name="Limits", level=1)).to_be_visible()
    with page.expect_event("requestfailed", lambda one: "/sheet?" in one.url):
        page.get_by_role("link", name="Approvals").first.click()
    page.unroute("**/sheet?*")
    page.go_back()
    expect(page.locator(".tabulator-row").first).to_be_visible()
    console.go(f"/limits/drafts/{draft}/review")
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()


def test_words_of_a_stale_draft_are_carried_over_and_what_clashes_is_chosen(opened: Opened) -> None:
    author, other = opened("v-1"), opened("m-1")
    policy, gone = "cards/pin-blocked", "cards/spare"

    def titled(title: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda rows: {policy: rows[policy] | {"title": title}}

    def mine(rows: dict[str, Any]) -> dict[str, Any]:
        return titled("My PIN is locked")(rows) | {gone: None}

    draft = author.draft("Mine", mine, "policies")
    theirs = other.draft("Theirs", titled("PIN blocked"), "policies")
    author.go(f"/policies/drafts/{draft}")
    expect(author.page.locator(".row-change")).to_have_count(2)
    for console, act in ((other, "submit"), (author, "approve"), (other, "publish")):
        console.act(theirs, act, "policies")

    page = author.page
    expect(page.get_by_text("was published since")).to_be_visible()
    expect(page.get_by_role("button", name="Ask for approval…")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Carry over to version")).click()
    clash = page.locator(".clash")
    expect(clash).to_contain_text("My PIN is")
    expect(clash.locator("ins")).to_have_text(["locked", "PIN "])
    author.confirm("Carry over")
    expect(page.get_by_text("was published since")).to_have_count(0)
    expect(page.locator(".row-change")).to_have_count(2)
    expect(page.get_by_role("button", name="Ask for approval…")).to_be_enabled()


def test_questions_are_asked_of_a_draft_with_progress_until_all_are_answered(
    opened: Opened,
) -> None:
    console = opened("v-1")
    page = console.page
    draft = console.draft("Fewer", lambda _: {"cards/spare": None}, "policies")
    moved = [
        {"text": "a second card", "source": "said", "count": 3, "before": "cards/spare",
         "after": None},
    ]  # fmt: skip
    told = [
        {"done": 0, "of": 0, "over": False, "failed": False, "moved": []},
        {"done": 20, "of": 300, "over": False, "failed": False, "moved": []},
        {"done": 300, "of": 300, "over": True, "failed": False, "moved": moved},
    ]
    # To make a draft ready for real takes a minute, and is tried where it is done.
    page.route("**/questions", lambda route: route.fulfill(json=told.pop(0)))
    console.go(f"/policies/drafts/{draft}")
    console.press("Ask them")

    expect(page.get_by_text("The draft is being made ready…")).to_be_visible()
    expect(page.get_by_text("20 of 300 asked…")).to_be_visible()
    expect(page.get_by_text("1 of 300 questions would be answered otherwise.")).to_be_visible()
    answer = page.get_by_role("region", name="Questions").get_by_role("row").nth(1)
    expect(answer).to_contain_text("a second card said 3 times")
    expect(answer).to_contain_text("cards/spare")
    expect(answer).to_contain_text("nothing sure")
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_retired_policy_has_nothing_to_write_and_can_be_brought_back(opened: Opened) -> None:
    author = opened("v-1")
    page = author.page
    draft = author.draft("Fewer", lambda _: {"cards/spare": None}, "policies")
    author.go(f"/policies/drafts/{draft}")
    page.locator(".findings").get_by_role("link", name="cards/spare").click()
    expect(page.get_by_text("This draft retires the policy.")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Kept")).to_have_count(0)

    author.press("Bring it back")
    expect(page.get_by_label("Say", exact=True)).not_to_have_value("")
    page.get_by_role("link", name="Draft", exact=True).click()
    expect(page.get_by_text("Nothing yet: it holds what version")).to_be_visible()


def test_who_loses_the_level_before_the_click_is_told_and_decides_nothing(
    opened: Opened, own_server: Deployment, own_data: Path
) -> None:
    author, decider = opened("v-1"), opened("v-2")
    draft = author.draft("More of the fee", more)
    author.act(draft, "submit")
    request = asked(own_server, "14.41")
    page = decider.page
    decider.go("/approvals")
    row(page, "14.41").click()
    page.keyboard.press("a")
    ruling = page.locator(".ruling")
    expect(ruling).to_be_visible()
    approving = _approving(opened("v-2"), draft)

    invoke(own_data, "users", "set", "v-2", "--level", "rep")
    page.keyboard.press("1")
    approving.get_by_role("button", name="Approve", exact=True).click()

    expect(page.locator(".troubles")).to_contain_text(f"Nothing was decided. {NO_MORE}")
    expect(approving.get_by_role("alert")).to_contain_text(NO_MORE)
    assert state_of(own_server, request) == "pending"
    assert author.call("GET", f"/v1/limits/drafts/{draft}")[1]["state"] == "submitted"


def _approving(console: Console, draft: str) -> Locator:
    """The question whether to approve a draft, open."""
    console.go(f"/limits/drafts/{draft}/review")
    console.press("Approve…")
    return console.page.get_by_role("dialog")
