"""The console's frame: signing in, every page it leads to, and whom it is not for."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser
BELOW = (
    ("limits", "Export"),
    ("limits", "Stop goodwill"),
    ("limits/try", ""),
    ("limits/history", ""),
    ("budgets/table", ""),
    ("policies", "New policy"),
    ("policies/fees%2Fcash-withdrawal", ""),
    ("policies/history", ""),
    ("approvals", "Absence…"),
)
"""Where pages lead to: an address, and the button of a dialog."""
BELOW_FOR_ADMINISTRATORS = (
    ("systems", "Make a key"),
    ("systems/embedding", "Add a page"),
    ("systems/webhooks", "Make a webhook"),
    ("people", "Add a person"),
    ("people/v-2", "Deactivate"),
)
OFFERED = re.compile("New|Begin|Go back|Cancel")


@pytest.fixture
def console(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "v-1")
    context.close()


def test_every_page_is_accessible_in_light_and_dark_and_never_scrolls_sideways(
    console: Page, axe: str
) -> None:
    faults: list[str] = []
    console.on("pageerror", lambda error: faults.append(str(error)))
    pages = console.get_by_role("navigation", name="Pages").get_by_role("link")
    names = [pages.nth(n).get_attribute("title") or "" for n in range(pages.count())]
    assert {"Overview", "Contacts"} <= set(names)
    found: dict[str, Any] = {}

    for name in names:
        pages.filter(has_text=name).first.click()
        expect(console.get_by_role("heading", level=1)).to_contain_text(name)
        expect(console.locator(".waiting")).to_have_count(0)
        if wrong := faults_of(console, axe):
            found[name] = wrong

    assert found == {}
    assert faults == []


def test_what_pages_lead_to_and_their_dialogs_are_accessible_too(console: Page, axe: str) -> None:
    faults: list[str] = []
    console.on("pageerror", lambda error: faults.append(str(error)))
    found = _faults_below(console, axe, BELOW)

    # A draft: in the grid, its import, its review, and the question before it ends.
    _show(console, "limits/drafts?new")
    console.get_by_label("What for").fill("To be looked at")
    console.get_by_role("button", name="Begin the draft").click()
    expect(console.locator(".draft-standing")).to_have_text("All changes are saved")
    found["grid"] = faults_of(console, axe, "#page")
    console.get_by_role("button", name="Import").click()
    found["import"] = faults_of(console, axe, "dialog")
    console.keyboard.press("Escape")
    console.get_by_role("link", name="Review", exact=True).click()
    console.get_by_role("button", name="Discard…").click()
    found["review"] = faults_of(console, axe)
    console.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(console.get_by_text("It was given up")).to_be_visible()

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert faults == []


def test_what_administrators_see_is_accessible_and_offers_nothing_that_is_refused(
    page: Page, panel_server: Deployment, axe: str
) -> None:
    signed_in(page, panel_server, "a-1")
    found = _faults_below(page, axe, BELOW_FOR_ADMINISTRATORS)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    for place in ("limits", "limits/drafts", "limits/history", "policies"):
        _show(page, place)
        expect(page.locator(".tabs")).to_be_visible()
        expect(page.get_by_role("button", name=OFFERED)).to_have_count(0)


def _faults_below(page: Page, axe: str, places: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found = {}
    for place, button in places:
        _show(page, place)
        if button:
            page.get_by_role("button", name=button, exact=True).click()
            expect(page.get_by_role("dialog")).to_be_visible()
        # The frame around it has been looked at on each page that it leads to.
        found[f"{place} {button}"] = faults_of(page, axe, "dialog" if button else "#page")
        page.keyboard.press("Escape")
    return found


def _show(page: Page, place: str) -> None:
    """Go somewhere as a link in the page does, and wait until all of it is there."""
    page.evaluate("place => history.pushState(null, '', place)", f"/console/{place}")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)


def faults_of(page: Page, axe: str, within: str = "html") -> list[str]:
    """What is wrong with what is shown: in light by all rules, in dark by its colours."""
    wrong = []
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wrong.append(f"{wide} wide at {width}")
    for scheme, rules in (("dark", ["color-contrast"]), ("light", [])):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        wrong += [f"{scheme}: {one}" for one in violations(page, axe, rules, within)]
    return wrong


def test_figures_lead_to_their_contacts_and_back_by_the_browsers_history(console: Page) -> None:
    console.get_by_role("link", name="Contacts", exact=True).click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Contacts")
    console.get_by_label("Ended").select_option("open")
    expect(console).to_have_url(re.compile("ended=open"))

    console.go_back()
    expect(console.get_by_label("Ended")).to_have_value("")
    console.go_back()
    expect(console.get_by_role("heading", level=1)).to_have_text("Overview")


def test_reload_keeps_the_place_and_the_session(console: Page) -> None:
    console.get_by_role("link", name="Contacts", exact=True).click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Contacts")
    console.reload()

    expect(console.get_by_role("heading", level=1)).to_have_text("Contacts")


def test_those_who_decide_for_nobody_are_led_to_their_panel(
    page: Page, panel_server: Deployment
) -> None:
    signed_in(page, panel_server, "r-1")

    expect(page.get_by_role("heading", level=1)).to_have_text("The console is for supervisors")
    expect(page.get_by_role("link", name="Open your panel")).to_have_attribute("href", "/panel")
    expect(page.get_by_role("navigation", name="Pages")).to_have_count(0)


def test_signing_out_leads_to_the_way_in(console: Page) -> None:
    console.get_by_role("button", name="Sign out").click()

    expect(console.get_by_role("link", name="Sign in")).to_have_attribute(
        "href", "/login?next=%2Fconsole"
    )
