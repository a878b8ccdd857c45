"""Every state of the panel, and how to get there: what is looked at, by axe and by people."""

import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.deployment import Deployment
from tests.browser.hosts import a_context
from tests.browser.panels import FEE, KNOWN, Panel, a_number, with_an_answer

_unanswered: list[Route] = []
_to_undo: list[Callable[[], None]] = []

State = Callable[[Panel, Deployment], None]


def empty(panel: Panel, _: Deployment) -> None:
    panel.show(a_context(number=a_number(), attributes=KNOWN))
    expect(panel.find(".empty")).to_be_visible()


def asking(panel: Panel, _: Deployment) -> None:
    expect(panel.find("#said")).to_be_visible()  # a frame that is only beginning slips past routes
    panel.page.route("**/v1/suggestions", _keep)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    expect(panel.find(".skeleton")).to_be_visible()


def answered(panel: Panel, _: Deployment) -> None:
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")
    expect(panel.find(".question")).to_be_visible()


def why(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.button("Why").click()
    expect(panel.find(".sources")).to_contain_text("Review by")


def allowed(panel: Panel, _: Deployment) -> None:
    with_an_answer(panel)
    expect(panel.find(".reasons")).to_be_visible()


def above(panel: Panel, _: Deployment) -> None:
    with_an_answer(panel)
    panel.frame.get_by_label("Amount").fill("12.00")
    expect(panel.find(".reasons")).to_contain_text("Ask a senior for €12.00")


def given(panel: Panel, _: Deployment) -> None:
    with_an_answer(panel)
    panel.frame.get_by_label("Amount").fill("6.00")
    panel.find(".reason").first.click()
    expect(panel.find(".receipt")).to_contain_text("given")


def asked(panel: Panel, deployment: Deployment) -> None:
    above(panel, deployment)
    panel.find(".reason").first.click()
    expect(panel.find('[data-approval="pending"]')).to_be_visible()


def declined(panel: Panel, deployment: Deployment) -> None:
    number = with_an_answer(panel)
    panel.frame.get_by_label("Amount").fill("12.00")
    panel.find(".reason").first.click()
    expect(panel.find('[data-approval="pending"]')).to_be_visible()
    request = _read(deployment, f"/v1/approvals?contact={number}")["items"][0]
    ruling = {"ruling": "refuse", "by": {"id": "v-1"}, "hash": request["hash"],
              "reason_code": "evidence_missing", "comment": "Ask for a photo, please"}  # fmt: skip
    _post(deployment, f"/v1/approvals/{request['id']}/decision", ruling)
    expect(panel.find('[data-approval="refused"]')).to_be_visible()


def refused(panel: Panel, _: Deployment) -> None:
    with_an_answer(panel)
    left = {"amount": "3.00", "currency": "EUR"}
    problem = {
        "type": "urn:agent-assist:problem:over_headroom", "title": "More than may be given",
        "status": 409, "detail": "", "errors": [], "headroom": left,
        "binding": {"kind": "budget", "budget": "b", "scope": "customer", "window": "90d",
                    "headroom": left, "grants_left": None, "warning": True},
    }  # fmt: skip
    panel.page.route(
        "**/v1/grants",
        lambda route: _or_go_on(route, status=409, json=problem),
    )
    panel.find(".reason").first.click()
    expect(panel.find(".trouble")).to_contain_text("€3.00 left for this customer")


def unknown(panel: Panel, _: Deployment) -> None:
    with_an_answer(panel)
    panel.page.clock.install()  # the pauses between retries pass at once
    panel.page.route(
        "**/v1/grants",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    panel.find(".reason").first.click()
    for _step in range(20):
        if panel.button("Find out").count():
            break
        panel.page.clock.run_for(2_000)
        panel.page.wait_for_timeout(50)
    expect(panel.button("Find out")).to_be_visible()


def unsure(panel: Panel, _: Deployment) -> None:
    panel.show(a_context("hello, I have something about a thing", number=a_number()))
    expect(panel.find(".unsure")).to_be_visible()


def earlier(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.page.route("**/v1/suggestions", _keep)
    text = "and now my card was swallowed"
    panel.page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": text})
    expect(panel.find(".sure")).to_have_text("Earlier")


def standing(panel: Panel, deployment: Deployment) -> None:
    given(panel, deployment)
    text = "hello, I have something about a thing"
    panel.find("#said").fill(text)
    expect(panel.find(".unsure")).to_be_visible()
    expect(panel.find(".receipt")).to_be_visible()


def offline(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.page.context.set_offline(True)
    panel.page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": "hello?"})
    expect(panel.find(".notice")).to_contain_text("No connection")


def braked(panel: Panel, deployment: Deployment) -> None:
    _post(deployment, "/v1/brake", {"team": "t-1", "reason": "Spending doubled since noon"})
    release = {"team": "t-1", "reason": "All is well"}
    _to_undo.append(lambda: _post(deployment, "/v1/brake/release", release))
    panel.show(a_context(FEE, number=a_number(), attributes={**KNOWN, "contact.plan": "premium"}))
    panel.answered("Fee for taking out cash")
    expect(panel.find(".notice")).to_contain_text("Spending doubled")


def failed(panel: Panel, _: Deployment) -> None:
    problem = {
        "type": "urn:agent-assist:problem:invalid_input", "title": "The request has faults",
        "status": 422, "detail": "errors lists what to change", "request_id": "5f0c2e",
        "errors": [{"pointer": "/facts/fee.amount", "code": "x", "detail": "is not in euro"}],
    }  # fmt: skip
    panel.page.route("**/v1/suggestions", lambda route: _or_go_on(route, status=422, json=problem))
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    expect(panel.find(".notice")).to_contain_text("is not in euro")


def held(panel: Panel, deployment: Deployment) -> None:
    allowed(panel, deployment)
    panel.find(".reason").first.focus()
    text = "and now my card was swallowed, the machine kept my card"
    panel.page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": text})
    expect(panel.find(".notice")).to_contain_text("The customer said more")


def known(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.button("What is known").click()
    expect(panel.find(".fact-list")).to_be_visible()


def helped(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.button("Help and keys").click()
    expect(panel.find(".key-list")).to_be_visible()


def outcome(panel: Panel, deployment: Deployment) -> None:
    given(panel, deployment)
    panel.find(".outcome-button").click()
    panel.frame.get_by_label("Solved", exact=True).check()
    expect(panel.button("Record the outcome")).to_be_enabled()


def wrong(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.button("Wrong policy").click()
    expect(panel.find(".pick").first).to_be_visible()


def ended(panel: Panel, deployment: Deployment) -> None:
    answered(panel, deployment)
    panel.page.route("**/v1/**", lambda route: route.fulfill(status=401, json={}))
    panel.page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": "and another"})
    expect(panel.find(".sign-in")).to_contain_text("Your session has ended")


STATES: dict[str, State] = {
    "empty": empty,
    "asking": asking,
    "answered": answered,
    "why": why,
    "allowed": allowed,
    "above": above,
    "given": given,
    "asked": asked,
    "declined": declined,
    "refused": refused,
    "unknown": unknown,
    "unsure": unsure,
    "standing": standing,
    "earlier": earlier,
    "offline": offline,
    "braked": braked,
    "failed": failed,
    "held": held,
    "known": known,
    "help": helped,
    "outcome": outcome,
    "wrong": wrong,
    "ended": ended,
}


def _keep(route: Route) -> None:
    """As a server that thinks."""
    _unanswered.append(route)


def leave(panel: Panel) -> None:
    """Close the window of a state."""
    while _unanswered:
        _unanswered.pop().abort()
    while _to_undo:
        _to_undo.pop()()
    panel.page.unroute_all(behavior="ignoreErrors")
    panel.page.context.close()


def _or_go_on(route: Route, **answer: Any) -> None:
    if route.request.method == "POST":
        route.fulfill(content_type="application/problem+json", **answer)
    else:
        route.continue_()


def _post(deployment: Deployment, path: str, body: object) -> None:
    once = uuid.uuid4().hex
    status, answer = deployment.server.post(path, body, deployment.key, once=once)
    assert status < 300, answer


def _read(deployment: Deployment, path: str) -> Any:
    return deployment.server.ask(path, deployment.key)[1]
