"""The whole job of a representative, in each kind of page that can hold the panel."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.deployment import Deployment, password_of
from tests.browser.hosts import a_context, for_chatwoot, for_zendesk
from tests.browser.panels import (
    FEE,
    KNOWN,
    Panel,
    a_number,
    eventually,
    framed,
    launched,
    signed_in,
)

pytestmark = pytest.mark.browser


def post(deployment: Deployment, path: str, body: object) -> Any:
    """What the API answers to a CRM, or to a supervisor in another browser."""
    once = uuid.uuid4().hex
    status, answer = deployment.server.post(path, body, deployment.key, once=once)
    assert status < 300, answer
    return answer


def listed(deployment: Deployment, what: str, number: str) -> Any:
    return deployment.server.ask(f"/v1/{what}?contact={number}", deployment.key)[1]["items"]


@pytest.fixture
def supervisor(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    """The console's approvals, in a browser of their own, as somebody who may decide."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(panel_server.address + "/login?next=/console/approvals")
    page.get_by_label("Your id").fill("v-1")
    page.get_by_label("Password").fill(password_of("v-1"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Approvals")).to_be_visible()
    yield page
    context.close()


def test_the_whole_job_is_done_by_keyboard_alone(
    page: Page, supervisor: Page, panel_server: Deployment
) -> None:
    number = a_number()
    panel = launched(page, panel_server)
    expect(panel.find("#said")).to_be_visible()
    panel.press("Tab")  # into the panel: single keys are ours from here on

    # The transcript arrives, and the answer with it.
    panel.show(a_context("Hello", number=number, attributes=KNOWN))
    page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": FEE})
    panel.answered("Fee for taking out cash")
    expect(panel.find("#said")).to_have_value(FEE)

    # Questions are answered, and what may be given changes.
    option = panel.option("fee_refund")
    expect(option).to_have_attribute("data-verdict", "open")
    expect(panel.find(".question")).to_contain_text("shown before")
    panel.press("n")
    expect(panel.find(".question")).to_contain_text("Did we cause this")
    panel.tab_to(panel.find(".answers").get_by_role("button", name="No"))
    panel.press("Enter")
    expect(option).to_have_attribute("data-verdict", "allowed")
    expect(option.locator(".option-head")).to_be_focused()
    expect(option.locator(".option-amount")).to_have_text("up to €10.00")
    expect(option.locator(".headroom-words")).to_contain_text("your limit: €10.00")

    # Given within the limit: the option, less of it, a reason.
    panel.press("1")
    expect(option.locator(".reason").first).to_be_focused()
    panel.press("Shift+Tab")
    expect(option.get_by_label("Amount")).to_be_focused()
    panel.press("Control+a", *"5.63", "Tab")
    expect(option.locator("legend")).to_have_text("Give €5.63, because")
    panel.press("Enter")
    expect(panel.find(".receipt")).to_contain_text("€5.63 given")
    expect(panel.find(".receipt")).to_be_focused()
    expect(option.locator(".option-amount")).to_have_text("up to €4.37")
    (grant,) = listed(panel_server, "grants", number)
    assert (grant["amount"]["amount"], grant["state"], grant["rep"]) == ("5.63", "reserved", "r-1")

    # Asked above it, with a word for whoever decides.
    panel.press("1")
    expect(option.locator(".reason").first).to_be_focused()
    panel.press("Shift+Tab", "Control+a", *"9.37", "Tab")
    expect(option.get_by_label("A note for whoever decides")).to_be_focused()
    panel.press(*"twice today", "Tab", "Enter")
    expect(panel.find('[data-approval="pending"]')).to_contain_text("Waiting for a senior: €9.37")

    # Approved by somebody else in another browser, seen here at once.
    supervisor.locator(".queue-row").filter(has_text="€9.37").click()
    expect(supervisor.locator(".request-view")).to_contain_text("twice today")
    supervisor.keyboard.press("a")
    expect(supervisor.get_by_role("button", name="Justified")).to_be_focused()
    supervisor.keyboard.press("Enter")
    expect(panel.find('[data-approval="pending"]')).to_have_count(0)
    expect(panel.find(".receipt")).to_have_count(2)
    # All there is was given: nothing more is possible, and what was given stays in sight.
    expect(option).to_have_attribute("data-verdict", "not_allowed")
    for receipt in panel.find(".receipt").all():
        expect(receipt).to_be_visible()
    expect(panel.find('[role="status"]')).to_contain_text("Approved")

    _end_by_keyboard(panel, panel_server, number)


def _end_by_keyboard(panel: Panel, panel_server: Deployment, number: str) -> None:
    """How it ended: what was given is final."""
    panel.press("Control+Enter")
    expect(panel.frame.get_by_label("Solved", exact=True)).to_be_focused()
    panel.press("Space")
    panel.tab_to(panel.button("Record the outcome"))
    panel.press("Enter")
    expect(panel.button("Outcome recorded")).to_be_visible()
    expect(panel.find('.receipt[data-state="captured"]')).to_have_count(2)
    contact = panel_server.server.ask(f"/v1/contacts/{number}", panel_server.key)[1]
    assert contact["outcomes"][-1]["resolved"] is True
    assert sorted(contact["outcomes"][-1]["given"]) == sorted(
        one["id"] for one in listed(panel_server, "grants", number)
    )


@pytest.mark.parametrize("generation", ["old", "new"])
def test_it_lives_in_chatwoot_of_both_generations(
    page: Page, panel_server: Deployment, generation: str
) -> None:
    src = f"{panel_server.address}/panel?host=chat"
    page.goto(f"{panel_server.elsewhere}/chatwoot?generation={generation}&src={src}")
    panel = Panel(page, framed(page, "/panel"))
    signed_in(page, panel.frame, "r-1")
    context = a_context("my card was swallowed by the machine", number=a_number())

    panel.show(for_chatwoot(context))

    panel.answered("The cash machine kept my card")
    expect(panel.find(".who")).to_contain_text("Ana Ruiz")
    expect(panel.find(".who")).to_contain_text("Plus")
    expect(panel.button("Insert into the reply")).to_have_count(0)  # Chatwoot has no way to

    if generation == "new":
        themed = {**for_chatwoot(context), "theme": "dark"}
        page.evaluate("data => post(JSON.stringify({event: 'appContext', data}))", themed)
        expect(panel.find(":root")).to_have_attribute("data-theme", "dark")


def test_it_lives_in_zendesk(page: Page, panel_server: Deployment) -> None:
    panel = launched(page, panel_server, host="zen", person="7")
    expect(panel.find("#said")).to_be_visible()

    panel.show(for_zendesk(a_context("my card was swallowed by the machine", number=a_number())))
    panel.answered("The cash machine kept my card")
    panel.button("Insert into the reply").click()

    def inserted() -> list[Any]:
        heard: list[Any] = page.evaluate("heard")
        return [one["params"] for one in heard if "comment.appendText" in one.get("params", {})]

    eventually(inserted)
    assert "Oh no, what a moment" in json.dumps(inserted()[0])
    keys = page.evaluate("heard.map((one) => one.key ?? one.request)")
    assert keys[:3] == ["iframe.handshake", "iframe.on:ticket.conversation.changed", "get"]


def test_it_is_an_element_of_any_page(page: Page, panel_server: Deployment) -> None:
    page.goto(f"{panel_server.elsewhere}/element?launch={panel_server.address}")
    panel = Panel(page, framed(page, "/panel"))
    signed_in(page, panel.frame, "r-1")

    panel.show(a_context("Hello", number=a_number()))
    expect(panel.find("#said")).to_have_value("Hello")
    page.evaluate("text => panel.say({from: 'customer', text})", FEE)
    panel.answered("Fee for taking out cash")
    panel.button("Insert into the reply").click()

    eventually(lambda: page.evaluate("heard"))
    assert "we pay the bank" in page.evaluate("heard[0].text")


def test_it_is_a_tab_of_its_own_and_keeps_what_was_typed(
    page: Page, panel_server: Deployment
) -> None:
    page.goto(panel_server.address + "/panel")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Your id").fill("r-2")
    page.get_by_label("Password").fill("correct horse r-2")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_label("What the customer said").fill("my card was swallowed")
    expect(page.locator(".policy-head h2")).to_have_text("The cash machine kept my card")
    page.reload()

    expect(page.get_by_label("What the customer said")).to_have_value("my card was swallowed")
    expect(page.locator(".policy-head h2")).to_have_text("The cash machine kept my card")
    page.get_by_role("button", name="What is known").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    page.goto(panel_server.address + "/panel")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_right_policy_is_said_when_the_answer_was_wrong(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context("my card was swallowed by the machine", number=a_number()))
    panel.answered("The cash machine kept my card")

    panel.button("Wrong policy").click()
    panel.frame.get_by_label("Search policies").fill("lost or stolen card")
    found = panel.find(".pick").filter(has_text="stolen").first
    with page.expect_response(
        lambda answer: '"verdict":"other"' in str(answer.request.post_data)
    ) as answered:
        found.click()

    assert answered.value.status == 201
