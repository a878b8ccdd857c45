"""A supervisor sets up a second factor, signs in with it, and shows once more who is there."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from tests.browser.consoles import make_a_key, signed_in
from tests.browser.deployment import Deployment, password_of
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_second_factor_is_set_up_and_asked_for_on_pages_that_are_accessible(
    page: Page, panel_server: Deployment, axe: str
) -> None:
    found: list[str] = []

    def look() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found.extend(violations(page, axe))

    signed_in(page, panel_server, "f-1", "/second-factor")
    look()
    page.get_by_role("button", name="Begin").click()
    app = TOTP((page.locator(".secret").text_content() or "").replace(" ", ""))
    look()
    page.get_by_label("Enter the six digits").fill(app.at(datetime.now(UTC)))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("listitem")).to_have_count(10)
    look()
    page.get_by_role("link", name="I have kept them").click()
    page.goto(f"{panel_server.address}/second-factor?next=/console")
    expect(page.get_by_text("You have 10 recovery codes left.")).to_be_visible()
    look()
    page.context.clear_cookies()
    page.goto(f"{panel_server.address}/login?next=/console")
    page.get_by_label("Your id").fill("f-1")
    page.get_by_label("Password").fill(password_of("f-1"))
    page.get_by_role("button", name="Sign in").click()
    look()
    page.get_by_label("Six digits").fill(app.at(datetime.now(UTC), counter_offset=1))
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    assert found == []


def test_dialog_asks_who_is_there_and_then_what_was_wanted_is_done(
    page: Page, panel_server: Deployment, axe: str
) -> None:
    signed_in(page, panel_server, "a-1", "/console/systems")
    make_a_key(page, "password")
    dialog = page.get_by_role("dialog", name="Is it still you?")
    dialog.get_by_label("Password").fill("wrong wrong wrong")
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_role("alert")).to_have_text("The password is wrong.")
    assert violations(page, axe) == []
    dialog.get_by_label("Password").fill(password_of("a-1"))
    dialog.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("dialog", name="The key of Proved")).to_be_visible()
    expect(dialog).to_have_count(0)
