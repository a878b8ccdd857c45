"""What the panel learns late, or is refused for a while, and how it says what is refused."""

from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.deployment import Deployment
from tests.browser.hosts import a_context
from tests.browser.panels import (
    FEE,
    KNOWN,
    Panel,
    a_number,
    eventually,
    launched,
    with_an_answer,
)
from tests.browser.states import declined

pytestmark = pytest.mark.browser

BUSY = {"type": "urn:agent-assist:problem:too_many", "title": "Too many requests", "status": 429}


def first_fails(page: Page, address: str, *, times: int, **answer: Any) -> list[str]:
    """Answer an address otherwise the first few times; gives the methods it was asked with."""
    asked: list[str] = []

    def meet(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) <= times:
            route.fulfill(content_type="application/problem+json", **answer)
        else:
            route.continue_()

    page.route(address, meet)
    return asked


def facts_asked(page: Page) -> list[set[str]]:
    """The facts of each question that is asked from now on."""
    asked: list[set[str]] = []

    def note(one: Request) -> None:
        if "/v1/suggestions" in one.url:
            asked.append(set((one.post_data_json or {})["facts"]))

    page.on("request", note)
    return asked


def test_facts_that_hang_keep_nobody_waiting_and_count_when_they_arrive(
    page: Page, panel_server: Deployment
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/facts", hold)
    asked = facts_asked(page)
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))

    expect(panel.find(".skeleton")).to_be_visible()  # and nobody says that nothing was said
    expect(panel.find(".policy-head h2")).to_have_text("Fee for taking out cash", timeout=7_000)
    assert asked == [set()]

    with page.expect_request("**/v1/suggestions"):
        held[0].continue_()
    expect(panel.find(".who")).to_contain_text("Plus")
    assert asked[1] >= {"customer.tier", "fee.amount"}


@pytest.mark.parametrize("status", [429, 503])
def test_what_could_not_be_learned_at_first_is_learned_without_a_reload(
    page: Page, panel_server: Deployment, status: int
) -> None:
    asked = first_fails(page, "**/v1/remedies", times=2, status=status, json={**BUSY})
    panel = launched(page, panel_server)

    with_an_answer(panel)

    expect(panel.find(".reason").first).to_be_visible()
    assert len(asked) == 3


def test_what_was_given_is_seen_though_it_could_not_be_listed_at_first(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    panel.find(".reason").first.click()
    expect(panel.find(".receipt")).to_contain_text("€10.00 given")
    panel.show(a_context("Hello", number=a_number()))
    expect(panel.find(".receipt")).to_have_count(0)

    asked = first_fails(page, "**/v1/grants?*", times=1, status=503, json={**BUSY})
    panel.show(a_context(FEE, number=number, attributes=KNOWN))

    expect(panel.find(".receipt")).to_contain_text("€10.00 given")
    assert len(asked) > 1


def test_a_question_that_was_one_too_many_is_asked_again_by_itself(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    expect(panel.find("#said")).to_be_visible()
    first_fails(page, "**/v1/suggestions", times=1, status=429, json=BUSY)

    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))

    expect(panel.find(".notice")).to_contain_text("Too many requests")
    panel.answered("Fee for taking out cash")
    expect(panel.find(".notice")).to_have_count(0)


def test_a_fact_that_is_refused_is_named_and_can_be_taken_away(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    wrong = {**KNOWN, "transaction.fee": "15.00 USD"}
    panel.show(a_context(FEE, number=a_number(), attributes=wrong))
    expect(panel.find(".notice")).to_contain_text("Amount of the fee: ")

    panel.find(".notice").get_by_role("button", name="What is known").click()
    panel.button("Forget: Amount of the fee").click()
    panel.button("Close").click()

    panel.answered("Fee for taking out cash")
    expect(panel.find(".notice")).to_have_count(0)


def test_what_a_row_denies_says_why_in_words_for_the_customer(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context("Why do you have to verify my identity?", number=a_number()))
    panel.answered("Identity check: how and why")

    panel.find(".refusals summary").click()

    said = panel.option("temporary_limit_raise").locator(".option-say")
    expect(said).to_contain_text("Before we have met you properly")


def is_in_sight(panel: Panel, selector: str) -> bool:
    """True if all of it is between head and foot."""
    found: bool = panel.find(selector).first.evaluate(
        """(one) => {
          const inside = one.getBoundingClientRect();
          const around = one.closest(".body").getBoundingClientRect();
          return inside.top >= around.top && inside.bottom <= around.bottom;
        }"""
    )
    return found


@pytest.mark.parametrize("width", [320, 360, 380, 480])
def test_after_a_decline_its_words_and_the_next_step_are_both_in_sight(
    page: Page, panel_server: Deployment, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    panel = launched(page, panel_server)
    declined(panel, panel_server)

    expect(panel.find('[data-approval="refused"]')).to_contain_text("Declined: €12.00")
    for what in ('[data-approval="refused"]', ".reasons"):
        eventually(lambda what=what: is_in_sight(panel, what))
