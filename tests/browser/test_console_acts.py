"""What is done rarely in the console, and must be right then: dates, retiring, files, endings."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.consoles import Console, with_rep
from tests.serving import invoke

pytestmark = pytest.mark.browser

POLICY = "/policies/fees%2Fcash-withdrawal"


def test_what_is_published_for_a_date_waits_for_it_and_can_be_cancelled(
    opened: Callable[[str], Console],
) -> None:
    author, other = opened("v-1"), opened("m-1")
    draft = author.draft("Less next year", lambda rows: {"R024": with_rep(rows["R024"], "3.00")})
    author.go(f"/limits/drafts/{draft}/review")
    author.press("Publish…")
    author.page.get_by_label("On a date", exact=False).check()
    author.page.locator("input[type=datetime-local]").fill("2099-01-01T10:00")
    author.confirm("Publish on that date")
    newest = author.page.get_by_role("row").nth(1)
    expect(newest).to_contain_text("Waits for its date")

    # Whoever looks at the limits is told; what is in force is the version before.
    other.go("/limits")
    expect(other.page.get_by_text("takes effect 1 Jan 2099")).to_be_visible()
    author.press("Cancel")
    author.confirm("Cancel the version")
    expect(newest).to_contain_text("Cancelled")
    expect(newest).to_contain_text("cancelled by")
    expect(other.page.get_by_text("takes effect 1 Jan 2099")).to_have_count(0)
    other.go(f"/limits/drafts/{draft}/review")
    expect(other.page.get_by_text("Being written")).to_be_visible()


def test_two_who_publish_at_once_get_one_version_and_the_other_draft_is_told(
    opened: Callable[[str], Console],
) -> None:
    first, second = opened("v-1"), opened("m-1")
    cuts = (
        first.draft("Of one", lambda rows: {"R024": with_rep(rows["R024"], "0.50")}),
        second.draft("Of another", lambda rows: {"R025": with_rep(rows["R025"], "0.50")}),
    )
    for console, draft in zip((first, second), cuts, strict=True):
        console.go(f"/limits/drafts/{draft}/review")
        console.press("Publish…")

    first.confirm("Publish now")
    expect(first.page.get_by_role("row").nth(1)).to_contain_text("In force")
    second.confirm("Publish now")

    expect(second.page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    second.page.keyboard.press("Escape")
    expect(second.page.get_by_text("was published since")).to_be_visible()


def test_a_draft_of_budgets_is_read_and_published_like_one_of_limits(
    opened: Callable[[str], Console],
) -> None:
    author = opened("v-1")
    _, made = author.call("POST", "/v1/budgets/drafts", {"purpose": "Fewer gestures"})
    path = f"/v1/budgets/drafts/{made['id']}"
    _, rows = author.call("GET", f"{path}/rows?limit=200")
    row = rows["items"][0]
    put = {"row": row["row"], "cells": row["cells"] | {"amount.rep": "1.00"}}
    author.call("POST", f"{path}/rows", {"put": [put]}, made["etag"])

    author.go(f"/budgets/drafts/{made['id']}/review")
    change = author.page.locator(".row-change")
    expect(change).to_contain_text("Representative, amount: from 40.00 to 1.00")
    author.press("Publish…")
    author.confirm("Publish now")

    expect(author.page.get_by_role("row").nth(1)).to_contain_text("In force")
    expect(author.page.get_by_role("row").nth(1)).to_contain_text("2")


def test_a_policy_gets_a_translation_beside_it_and_is_retired_with_what_that_leaves_unsaid(
    opened: Callable[[str], Console],
) -> None:
    author = opened("v-1")
    page = author.page
    author.go(POLICY)
    author.press("Edit in a draft")
    say = page.get_by_label("Say", exact=True)
    expect(say).not_to_have_value("")
    author.press("Add a translation")
    page.get_by_label("Language", exact=True).fill("de")
    author.press("Add")
    expect(page.get_by_role("button", name="Add a translation")).to_be_visible()
    expect(page.get_by_role("link", name="de", exact=True)).to_have_attribute(
        "aria-current", re.compile(".+")
    )
    expect(page.get_by_text("Each time you take out cash").first).to_be_visible()

    page.get_by_role("link", name="en", exact=True).click()
    author.press("Retire…")
    author.confirm("Retire it")
    expect(page.locator(".row-change")).to_contain_text("Removed")
    expect(page.locator(".findings")).to_contain_text("nothing is left to say")


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def test_hostile_files_are_refused_in_words_and_none_reaches_the_draft(
    opened: Callable[[str], Console],
) -> None:
    author = opened("v-1")
    page = author.page
    draft = author.draft("From a file", lambda rows: {"R024": rows["R024"]})
    author.go(f"/limits/drafts/{draft}")
    author.press("Import")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    refused = {
        "noise.xlsx": (b"\x00\x01\x02", "not a readable XLSX workbook"),
        "bomb.xlsx": (bomb.getvalue(), "more than a sheet may"),
        "latin.csv": ("row,issue\nR1,Gebühr".encode("latin-1"), "not text in UTF-8"),
        "empty.csv": (b"", "no header line"),
    }
    dialog = page.get_by_role("dialog")
    for name, (content, words) in refused.items():
        dialog.locator("input[type=file]").set_input_files(a_file(name, content))
        expect(dialog.get_by_role("alert")).to_contain_text(words)
        expect(dialog.get_by_role("button", name="Put these rows")).to_have_count(0)

    # What can be read is shown as text, whatever it is: never run, and not put in unasked.
    shown = b"row,<img src=x onerror=alert(1)>,issue\nR1,x,=cmd|calc\n"
    dialog.locator("input[type=file]").set_input_files(a_file("odd.csv", shown))
    for told in (dialog.locator(".import-faults"), dialog.locator(".import-changes")):
        expect(told.get_by_text("<img src=x onerror=alert(1)>", exact=False)).to_be_visible()
    assert dialog.locator("img").count() == 0
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    assert author.call("GET", f"/v1/limits/drafts/{draft}/difference")[1]["changed"] == 0


def test_the_audit_is_searched_checked_and_taken_away(
    opened: Callable[[str], Console], tmp_path: Path
) -> None:
    reader = opened("v-1")
    page = reader.page
    draft = reader.draft("To be found", lambda rows: {"R024": rows["R024"]})
    reader.go("/audit")
    page.get_by_label("About").fill(draft)
    page.get_by_label("About").press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Draft edit")
    expect(page.get_by_role("row").nth(2)).to_contain_text("Draft create")

    reader.press("Check the chain")
    expect(page.get_by_text("entries are as they were written")).to_be_visible()
    with page.expect_download() as download:
        reader.press("Download the newest 5,000")
    download.value.save_as(tmp_path / "audit.jsonl")
    lines = (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line).get("subject", draft) for line in lines} == {draft}


def test_who_loses_the_level_decides_no_more_and_who_is_disabled_is_out_at_once(
    opened: Callable[[str], Console], own_data: Path
) -> None:
    decider, leaver = opened("v-2"), opened("f-1")
    decider.go("/approvals")
    expect(decider.page.get_by_role("heading", name="Approvals")).to_be_visible()
    leaver.go("/limits")
    expect(leaver.page.get_by_role("heading", name="Limits")).to_be_visible()

    invoke(own_data, "users", "set", "v-2", "--level", "rep")
    invoke(own_data, "users", "deactivate", "f-1")

    expect(leaver.page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    status, refused = decider.call("GET", "/v1/queue")
    assert (status, refused["type"].rpartition(":")[2]) == (403, "outside_role")
    decider.page.reload()
    expect(decider.page.get_by_role("heading", name="for supervisors")).to_be_visible()
