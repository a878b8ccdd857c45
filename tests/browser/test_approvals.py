"""The queue that supervisors live in: a rep's panel in one browser, the supervisor in another."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.deployment import Deployment, password_of
from tests.browser.panels import a_number, eventually, launched, with_an_answer
from tests.browser.test_panel import listed, post

pytestmark = pytest.mark.browser
FEE = {
    "issue": "cash_withdrawal_charge",
    "remedy": "fee_refund",
    "reason_code": "not_disclosed",
    "facts": {
        "customer.tier": "plus",
        "customer.hardship": False,
        "account.status": "open",
        "fee.amount": {"amount": "200.00", "currency": "EUR"},
        "fee.disclosed": False,
        "contact.our_error": False,
    },
}
"""Of which a representative gives up to 10.00, a senior 30.00, a supervisor 100.00."""


@pytest.fixture
def supervisor(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    """The console's approvals, of somebody who signed in; in a browser of their own."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 860}, locale="en-GB", reduced_motion="reduce"
    )
    yield signed_in(context, panel_server, "v-1")
    context.close()


def signed_in(context: BrowserContext, deployment: Deployment, person: str) -> Page:
    page = context.new_page()
    page.goto(f"{deployment.address}/login?next=/console/approvals")
    page.get_by_label("Your id").fill(person)
    page.get_by_label("Password").fill(password_of(person))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Approvals")).to_be_visible()
    return page


def asked(deployment: Deployment, amount: str, rep: str = "r-2", **more: Any) -> Any:
    """A request for a case of its own; another amount in each test tells them apart."""
    number = a_number()
    body = {
        **FEE, "amount": amount, "rep": {"id": rep}, "customer": {"id": f"c-{number}"},
        "order": {"id": f"o-{number}"}, "contact": {"external_id": number},
    }  # fmt: skip
    return post(deployment, "/v1/approvals", body | more)


def state_of(deployment: Deployment, request: Any) -> str:
    path = f"/v1/approvals/{request['id']}"
    return str(deployment.server.ask(path, deployment.key)[1]["approval"]["state"])


def row(page: Page, amount: str) -> Any:
    return page.locator(".queue-row").filter(has_text=f"€{amount}")


def test_what_a_rep_asks_for_is_there_without_a_reload_and_approved_by_key(
    page: Page, supervisor: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    option = panel.option("fee_refund")
    panel.press("1")
    option.get_by_label("Amount").fill("11.37")
    option.locator(".reason").filter(has_text="Not disclosed").click()
    expect(panel.find('[data-approval="pending"]')).to_contain_text("€11.37")

    expect(row(supervisor, "11.37")).to_be_visible()
    expect(supervisor).to_have_title("(1) Approvals - Agent Assist")
    expect(supervisor.locator(".badge")).to_contain_text("1")
    row(supervisor, "11.37").click()
    expect(supervisor.locator(".request-head h2")).to_contain_text("€11.37")
    expect(supervisor.locator(".request-facts")).to_contain_text("€1.37 above")
    expect(supervisor.locator(".request-facts")).to_contain_text("may give it: up to")
    supervisor.keyboard.press("a")
    expect(supervisor.get_by_role("button", name="Justified")).to_be_focused()
    supervisor.keyboard.press("Enter")

    expect(panel.find(".receipt").first).to_contain_text("€11.37 given")
    expect(supervisor.locator(".told")).to_contain_text("€11.37 approved for Person r-1")
    expect(row(supervisor, "11.37")).to_have_count(0)
    (request,) = listed(panel_server, "approvals", number)
    assert (request["state"], request["end"]["by"]) == ("approved", "v-1")


def test_a_queue_is_worked_by_one_hand(supervisor: Page, panel_server: Deployment) -> None:
    requests = [asked(panel_server, f"{amount}.41") for amount in (12, 13, 14, 15, 16)]
    own = asked(panel_server, "138.41", rep="v-1")
    expect(row(supervisor, "138.41")).to_be_visible()

    # Less, typed; then the next one is there.
    row(supervisor, "12.41").click()
    supervisor.keyboard.press("e")
    field = supervisor.locator('input[name="less"]')
    field.fill("99")
    supervisor.keyboard.press("Enter")
    expect(supervisor.locator(".ruling .fault")).to_contain_text("At most €12.41")
    field.fill("11.00")
    supervisor.keyboard.press("Enter")
    expect(supervisor.locator(".request-head h2")).to_contain_text("€13.41")

    # Declined, with a reason of its own key and a line for who asked.
    supervisor.keyboard.press("d")
    expect(supervisor.get_by_role("button", name="Not justified")).to_be_focused()
    supervisor.keyboard.press("2")
    expect(supervisor.locator(".request-head h2")).to_contain_text("€14.41")

    # The like are decided together, each by itself.
    for amount in ("14.41", "15.41", "16.41"):
        supervisor.keyboard.press("x")
        expect(supervisor.get_by_label(f"Pick Person r-2, €{amount}")).to_be_checked()
        supervisor.keyboard.press("j")
    supervisor.keyboard.press("a")
    expect(supervisor.locator(".ruling")).to_contain_text("3 requests, €46.23")
    supervisor.keyboard.press("1")
    expect(supervisor.locator(".told")).to_contain_text("3 requests approved")
    states = [state_of(panel_server, one) for one in requests]
    assert states == ["approved", "refused", "approved", "approved", "approved"]

    # One's own is there, and refused.
    row(supervisor, "138.41").click()
    expect(supervisor.locator(".request-view")).to_contain_text("nobody decides on what they asked")
    supervisor.keyboard.press("a")
    expect(supervisor.locator(".told")).to_contain_text("You may not decide on it")
    assert state_of(panel_server, own) == "pending"
    post(panel_server, f"/v1/approvals/{own['id']}/withdrawal", {"by": {"id": "v-1"}})
    expect(supervisor.locator(".notice")).to_contain_text("Withdrawn by who asked")


def test_what_another_decides_meanwhile_is_told_and_nothing_is_lost(
    supervisor: Page, panel_server: Deployment
) -> None:
    request = asked(panel_server, "17.83")
    row(supervisor, "17.83").click()
    supervisor.keyboard.press("d")
    supervisor.locator(".ruling-note input").fill("the receipt, please")
    ruling = {"ruling": "approve", "by": {"id": "m-1"}, "reason_code": "our_error"}
    path = f"/v1/approvals/{request['id']}/decision"
    post(panel_server, path, ruling | {"hash": request["hash"]})

    notice = supervisor.locator(".request .notice")
    expect(notice).to_contain_text("Approved meanwhile by Person m-1: €17.83")
    expect(notice).to_contain_text("What you had written: “the receipt, please”")
    supervisor.keyboard.press("n")
    expect(notice).to_have_count(0)


def test_a_decision_outlives_a_lost_connection_and_is_made_once(
    supervisor: Page, panel_server: Deployment
) -> None:
    request = asked(panel_server, "18.29")
    row(supervisor, "18.29").click()
    supervisor.context.set_offline(True)
    supervisor.keyboard.press("a")
    supervisor.keyboard.press("1")

    trouble = supervisor.locator(".troubles")
    expect(trouble).to_contain_text("Nobody knows yet whether it was decided")
    assert state_of(panel_server, request) == "pending"
    supervisor.context.set_offline(False)
    supervisor.get_by_role("button", name="Find out").click()

    expect(trouble).to_have_count(0)
    eventually(lambda: state_of(panel_server, request) == "approved")


def test_who_is_away_says_so_and_the_queue_is_for_everybody(
    supervisor: Page, panel_server: Deployment, axe: str
) -> None:
    asked(panel_server, "19.57", comment="The second machine today that showed no fee")
    row(supervisor, "19.57").click()
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 768)):
        supervisor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
        supervisor.set_viewport_size({"width": width, "height": 860})
        supervisor.keyboard.press("d")
        assert violations(supervisor, axe) == []
        supervisor.keyboard.press("Escape")
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert supervisor.evaluate(overflow) <= 0
    supervisor.get_by_role("button", name="Absence…").click()
    assert violations(supervisor, axe) == []
    supervisor.get_by_label("Who stands in").select_option("m-1")
    supervisor.get_by_role("button", name="Say I am away").click()

    away = supervisor.locator(".notice").filter(has_text="You are away until")
    expect(away).to_contain_text("Person m-1 is asked instead")
    expect(supervisor.locator(".request-facts")).to_contain_text("Person m-1 is asked first")
    away.get_by_role("button", name="I am back").click()
    expect(away).to_have_count(0)
    supervisor.keyboard.press("d")
    supervisor.keyboard.press("1")
    expect(row(supervisor, "19.57")).to_have_count(0)


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]]
