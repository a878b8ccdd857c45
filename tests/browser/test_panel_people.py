"""Who is at the panel: two people one after the other, and the same person twice."""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.deployment import Deployment, password_of
from tests.browser.panels import (
    FEE,
    Panel,
    eventually,
    framed,
    given,
    signed_in,
    with_an_answer,
)

pytestmark = pytest.mark.browser


def in_a_page(page: Page, deployment: Deployment) -> Panel:
    """The panel in a page that signs for nobody."""
    src = quote(f"{deployment.address}/panel?host=crm", safe="")
    page.goto(f"{deployment.elsewhere}/generic?src={src}")
    return Panel(page, framed(page, "/panel"))


def test_nothing_of_who_signed_out_is_shown_or_sent_as_who_comes_next(
    page: Page, panel_server: Deployment
) -> None:
    panel = in_a_page(page, panel_server)
    signed_in(page, panel.frame, "r-1")
    number = with_an_answer(panel)

    # The first says it in their own words, begins an outcome, and gives what is never answered.
    panel.find("#said").fill("secret: " + FEE)
    panel.find("#said").blur()
    panel.press("o")
    panel.frame.get_by_label("A note for colleagues").fill("secret note")
    panel.press("Escape")
    held: list[Route] = []
    page.route("**/v1/grants", lambda route: held.append(route)
               if route.request.method == "POST" else route.continue_())  # fmt: skip
    panel.find(".reason").first.click()
    eventually(lambda: held)
    panel.button("What is known").click()
    panel.button("Sign out").click()
    expect(panel.button("Sign in")).to_be_visible()
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    signed_in(page, panel.frame, "r-2")  # who types a name, though the first had signed in
    held[0].abort()
    panel.answered("Fee for taking out cash")

    expect(panel.find("#said")).to_have_value(FEE)
    expect(panel.find(".question")).to_contain_text("shown before")  # what the first answered
    expect(panel.find(".receipt, .trouble")).to_have_count(0)
    panel.find(".who").click()
    panel.press("o")
    expect(panel.frame.get_by_label("A note for colleagues")).to_have_value("")
    page.wait_for_timeout(1_000)  # longer than the first pause of what is tried again
    assert "secret" not in "".join(str(one.post_data) for one in sent)
    assert not [one for one in sent if one.method == "POST" and "/v1/grants" in one.url]
    assert given(panel_server, number) == []


def sign_in(page: Page, deployment: Deployment, person: str) -> None:
    """Sign in to the panel in a page of its own."""
    page.goto(deployment.address + "/login")
    page.get_by_label("Your id").fill(person)
    page.get_by_label("Password").fill(password_of(person))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#said")).to_be_visible()


def test_a_page_of_ours_shows_the_next_person_nothing_either(
    page: Page, panel_server: Deployment
) -> None:
    sign_in(page, panel_server, "r-1")
    page.locator("#said").fill("secret words: my card was swallowed by the machine")
    expect(page.locator(".policy-head h2")).to_have_text("The cash machine kept my card")
    contact = page.evaluate("sessionStorage.getItem('aa.own-contact')")
    page.context.clear_cookies()  # a shift that ended: nobody signed out

    shown: list[str] = []

    def tell(said: str) -> None:
        shown.append(said)

    page.expose_function("tell", tell)
    page.add_init_script(
        """new MutationObserver(() => {
          const said = document.getElementById("said");
          if (said) tell(said.value);
        }).observe(document, { childList: true, subtree: true });"""
    )
    sign_in(page, panel_server, "r-2")

    eventually(lambda: shown)
    page.wait_for_timeout(300)
    assert set(shown) == {""}
    assert page.evaluate("sessionStorage.getItem('aa.own-contact')") != contact
    assert "secret" not in page.evaluate("JSON.stringify({...sessionStorage})")


def test_a_copied_session_ends_for_both_and_loses_nothing_that_was_typed(
    page: Page, panel_server: Deployment
) -> None:
    sign_in(page, panel_server, "r-1")
    page.locator("#said").fill("my card was swallowed")
    expect(page.locator(".policy-head h2")).to_have_text("The cash machine kept my card")

    # A copy of the tab renews as well: nobody knows who is who, so neither may go on.
    renewal = json.loads(page.evaluate("sessionStorage.getItem('aa.renewal')"))
    answers = [
        panel_server.server.post("/v1/sessions/renewal", {"renewal": renewal}, "")[0]
        for _ in range(2)
    ]
    page.locator("#said").press_sequentially(" by the machine")

    assert answers == [201, 401]
    expect(page.locator(".sign-in")).to_contain_text("what you typed is still here")
    page.get_by_role("link", name="Sign in").click()  # the browser still knows who it is
    expect(page.locator("#said")).to_have_value("my card was swallowed by the machine")
    expect(page.locator(".policy-head h2")).to_have_text("The cash machine kept my card")
