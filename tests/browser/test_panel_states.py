"""Every state of the panel is accessible, in light and dark, and fits the narrowest window."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.deployment import Deployment
from tests.browser.hosts import a_context
from tests.browser.panels import KNOWN, a_number, launched
from tests.browser.states import STATES, allowed, answered, leave
from tests.browser.test_pages import TAGS

pytestmark = pytest.mark.browser

_LOOK = """async (tags) => {
  const found = await axe.run({ runOnly: { type: "tag", values: tags } });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html)}`);
}"""


def test_every_state_is_accessible_in_light_and_dark_and_never_scrolls_sideways(
    browser: Browser, panel_server: Deployment, axe: str
) -> None:
    found: dict[str, object] = {}
    for name, reach in STATES.items():
        context = browser.new_context(
            viewport={"width": 320, "height": 720}, locale="en", reduced_motion="reduce"
        )
        panel = launched(context.new_page(), panel_server)
        reach(panel, panel_server)
        panel.frame.evaluate(axe)
        wrong = list(panel.frame.evaluate(_LOOK, TAGS))
        panel.page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {one}" for one in panel.frame.evaluate(_LOOK, TAGS)]
        if (width := panel.frame.evaluate("document.documentElement.scrollWidth")) > 320:
            wrong.append(f"it is {width} wide")
        if wrong:
            found[name] = wrong
        leave(panel)

    assert found == {}


@pytest.mark.parametrize(("locale", "direction"), [("de", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_other_languages_fit_and_run_their_own_way(
    browser: Browser, panel_server: Deployment, locale: str, direction: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 720}, locale=locale)
    panel = launched(context.new_page(), panel_server)
    answered(panel, panel_server)

    assert panel.frame.evaluate("document.documentElement.dir") == direction
    assert panel.frame.evaluate("document.documentElement.scrollWidth") <= 320
    words = {"de": "Sie dürfen", "es": "Usted puede", "ar": "You may"}
    expect(panel.find(".options h2")).to_have_text(words[locale])
    context.close()


def test_in_the_readers_own_colours_shapes_are_still_drawn(
    browser: Browser, panel_server: Deployment
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, forced_colors="active")
    panel = launched(context.new_page(), panel_server)
    allowed(panel, panel_server)

    for shape in ('.verdict[data-verdict="allowed"]', ".bar-chosen"):
        drawn = panel.find(shape).first.evaluate("one => getComputedStyle(one).backgroundColor")
        assert drawn != panel.find("body").evaluate("one => getComputedStyle(one).backgroundColor")
    context.close()


def test_at_four_times_the_size_the_whole_panel_scrolls(
    browser: Browser, panel_server: Deployment
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 256})
    panel = launched(context.new_page(), panel_server)
    answered(panel, panel_server)

    assert panel.find(".body").evaluate("one => one.scrollHeight - one.clientHeight") <= 0
    assert panel.frame.evaluate("document.documentElement.scrollHeight") > 512
    assert panel.frame.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_keys_can_be_changed_and_switched_off(page: Page, panel_server: Deployment) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context("my card was swallowed", number=a_number(), attributes=KNOWN))
    panel.answered("The cash machine kept my card")

    panel.button("Help and keys").click()
    panel.button("Why: w").click()
    panel.press("g")
    panel.button("Close").click()
    panel.press("g")
    expect(panel.find("#fold")).to_be_visible()
    panel.press("w")
    expect(panel.find("#fold")).to_be_visible()

    panel.button("Help and keys").click()
    panel.frame.get_by_label("Single keys are on").uncheck()
    panel.button("Close").click()
    panel.press("g")
    expect(panel.find("#fold")).to_be_visible()
