"""The pages a newcomer meets: home and the API's document."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, axe: str, rules: Sequence[str] = (), within: str = "html") -> list[str]:
    """What breaks the rules of accessibility; some of them, or all of WCAG 2.2 AA."""
    # The page's own policy forbids inline script, so axe is handed over by the debugger, once.
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    run = "([within, only]) => axe.run(within, {runOnly: only})"
    found: dict[str, Any] = page.evaluate(run, [within, only])
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def broken_rules(page: Page, axe: str) -> list[str]:
    """The same, in light and in dark."""
    found = list[str]()
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += violations(page, axe)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_home_is_ready_accessible_and_never_scrolls_sideways(
    page: Page, address: str, axe: str, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(address + "/")

    assert page.title() == "Agent Assist"
    assert "eady" in page.inner_text("main")
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_home_leads_to_the_document_by_keyboard(page: Page, address: str) -> None:
    page.goto(address + "/")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "/docs":
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/docs")


def test_the_document_is_browsable_offline_and_breaks_no_policy(page: Page, address: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(address + "/docs")
    page.get_by_text("/v1/suggestions", exact=True).first.wait_for()

    assert [line for line in said if "Content Security Policy" in line] == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_an_open_operation_never_scrolls_a_narrow_page_sideways(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(address + "/docs")

    page.get_by_text("/v1/suggestions", exact=True).first.click()
    page.get_by_text("Responses", exact=True).first.wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
