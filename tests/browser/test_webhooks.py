"""Webhooks in the console: made, tested and followed by an administrator."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.test_console import faults_of
from tests.receiving import Receiver, receiving

pytestmark = pytest.mark.browser


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def console(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "a-1", "/console/systems/webhooks")
    context.close()


def test_webhook_is_made_tested_and_followed_until_what_failed_was_sent_again(
    console: Page, panel_server: Deployment, receiver: Receiver, axe: str
) -> None:
    console.get_by_role("button", name="Make a webhook").click()
    console.get_by_label("What it is for").fill("Warehouse")
    console.get_by_label("Address").fill(receiver.url)
    console.get_by_label("the brake").check()
    console.get_by_role("button", name="Make the webhook").click()
    expect(console.get_by_role("textbox", name="Secret")).to_have_value(re.compile("^whsec_"))
    console.get_by_role("button", name="I have kept it").click()
    console.get_by_role("link", name="Warehouse").click()
    console.get_by_role("button", name="Send a test").click()
    expect(console.get_by_text("Taken: it answers 204")).to_be_visible()

    receiver.answers = [500, 500]
    stop = {"team": "t-8", "reason": "to try", "by": {"id": "m-1"}}
    panel_server.server.post("/v1/brake", stop, panel_server.key, once="webhooks")
    expect(console.get_by_text("it answers 500")).to_be_visible()
    expect(console.get_by_text("Failing", exact=True)).to_be_visible()
    receiver.answers.clear()
    console.get_by_role("button", name="Send again brake.pulled").click()
    expect(console.get_by_text("brake.pulled is sent again.")).to_be_visible()
    expect(console.get_by_role("cell", name="Taken")).to_be_visible()
    assert faults_of(console, axe) == []
    assert len(set(receiver.ids)) == 2
