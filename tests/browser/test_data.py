"""The console's data page: a customer is found, handed out and erased."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser
CUSTOMER = "c-who-leaves"


@pytest.fixture
def data_page(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "a-1", "/console/systems/data")
    context.close()


def _describe(deployment: Deployment) -> None:
    told = {"opened_at": "2026-03-14T09:00:00Z", "customer": CUSTOMER}
    request = urllib.request.Request(
        f"{deployment.address}/v1/contacts/k-of-who-leaves",
        json.dumps(told).encode(),
        {"Authorization": f"Bearer {deployment.key}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(request).close()


def test_a_customer_is_found_handed_out_and_erased_by_typing_the_id_again(
    data_page: Page, panel_server: Deployment, axe: str, tmp_path: Path
) -> None:
    _describe(panel_server)
    data_page.get_by_label("Customer's id").fill(CUSTOMER)
    data_page.get_by_role("button", name="Find").click()
    expect(data_page.get_by_role("status").filter(has_text="1 contact")).to_be_visible()
    with data_page.expect_download() as download:
        data_page.get_by_role("button", name="Download what is held").click()
    download.value.save_as(tmp_path / "held.json")
    held: dict[str, Any] = json.loads((tmp_path / "held.json").read_text("utf-8"))
    assert held["rows"]["contacts"][0]["external_id"] == "k-of-who-leaves"

    data_page.get_by_role("button", name="Erase…").click()
    dialog = data_page.get_by_role("dialog")
    confirm = dialog.get_by_label("Customer's id, once more")
    erase = dialog.get_by_role("button", name="Erase for good")
    confirm.fill("c-who-stays")
    expect(dialog.get_by_role("alert")).to_have_text("Not the same id.")
    expect(erase).to_be_disabled()
    assert violations(data_page, axe) == []
    confirm.fill(CUSTOMER)
    erase.click()

    expect(data_page.get_by_text("stands for them in the figures")).to_be_visible()
    expect(data_page.get_by_role("row").filter(has_text="erased-")).to_be_visible()
    data_page.get_by_role("button", name="Find").click()
    expect(data_page.get_by_text("Nothing is held of this customer.")).to_be_visible()
    for scheme in ("light", "dark"):
        data_page.emulate_media(color_scheme=scheme)
        assert violations(data_page, axe) == []
