"""Bad input, bad networks and hostile windows: nothing is given twice, nothing typed is lost."""

import json
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.deployment import Deployment
from tests.browser.hosts import a_context
from tests.browser.panels import (
    FEE,
    KNOWN,
    Panel,
    a_number,
    framed,
    given,
    launch_token,
    launched,
    watched_shifts,
    with_an_answer,
)

pytestmark = pytest.mark.browser


def test_a_double_click_gives_once_and_undo_takes_it_back(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)

    panel.option("fee_refund").locator(".reason").first.dblclick()
    expect(panel.find(".receipt")).to_contain_text("€10.00 given")

    assert given(panel_server, number) == ["10.00"]
    panel.button("Undo").click()
    expect(panel.find(".receipt")).to_have_count(0)
    assert given(panel_server, number) == []


def test_an_answer_that_is_lost_is_found_out_with_the_same_key(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) <= 2:  # the server does it, and its answer never arrives
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/v1/grants", lambda route: lose(route) if route.request.method == "POST"
               else route.continue_())  # fmt: skip
    panel.option("fee_refund").locator(".reason").first.click()
    expect(panel.find(".trouble")).to_contain_text("€10.00: No answer yet")
    expect(panel.find(".give")).to_have_count(0)  # no other amount meanwhile

    expect(panel.find(".receipt")).to_contain_text("€10.00 given")
    assert given(panel_server, number) == ["10.00"]
    expect(panel.find(".trouble")).to_have_count(0)
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert given(panel_server, number) == ["10.00"]


def test_a_reload_in_the_middle_gives_once_and_tells(page: Page, panel_server: Deployment) -> None:
    # A page of its own keeps its session; so does a frame that is loaded again.
    page.goto(panel_server.address + "/login")
    page.get_by_label("Your id").fill("r-1")
    page.get_by_label("Password").fill("correct horse r-1")
    page.get_by_role("button", name="Sign in").click()
    panel = Panel(page, page.main_frame)
    panel.find("#said").fill(FEE)
    panel.answered("Fee for taking out cash")
    number = a_number()
    panel.button("What is known").click()
    page.get_by_label("Customer number").fill(f"c-{number}")
    page.get_by_label("Order or account number").fill(f"o-{number}")
    panel.button("Close").click()
    for _ in range(12):
        if panel.option("fee_refund").get_attribute("data-verdict") == "allowed":
            break
        _answer(panel)

    page.get_by_label("Amount").fill("12.00")
    page.get_by_label("A note for whoever decides").fill("twice today")
    page.reload()
    expect(page.get_by_label("Amount")).to_have_value("12.00")
    expect(page.get_by_label("A note for whoever decides")).to_have_value("twice today")
    page.get_by_label("Amount").fill("3.00")

    page.route("**/v1/grants", lambda route: route.abort() if route.request.method == "POST"
               else route.continue_())  # fmt: skip
    panel.option("fee_refund").locator(".reason").first.click()
    expect(panel.find(".trouble")).to_be_visible()
    page.unroute_all()
    page.reload()

    expect(panel.find(".receipt")).to_contain_text("€3.00 given")
    contact = panel.page.evaluate("sessionStorage.getItem('aa.own-contact')")
    assert len(given(panel_server, json.loads(contact))) == 1


def _answer(panel: Panel) -> None:
    question = panel.find(".question").inner_text()
    ask = panel.find(".ask")
    if ask.locator("input").count():
        ask.locator("input").fill("15" if "much" in question else "0")
        ask.get_by_role("button", name="Set").click()
    elif "account" in question:
        ask.get_by_role("button", name="Open").click()
    elif ask.get_by_role("button", name="No", exact=True).count():
        ask.get_by_role("button", name="No", exact=True).click()
    else:
        ask.locator(".choice").nth(1).click()
    expect(panel.find(".question").filter(has_text=question)).to_have_count(0)


def test_what_was_taken_meanwhile_is_told_with_what_is_left(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    held = {"answer": b""}

    def stale(route: Route) -> None:  # an answer from before the other grant
        route.fulfill(body=held["answer"], content_type="application/json")

    with page.expect_response("**/v1/suggestions") as answered:
        page.evaluate(
            "turn => window.turn(turn)", {"from": "customer", "text": "please, a fee at a machine"}
        )
    held["answer"] = answered.value.body()
    page.route("**/v1/suggestions", stale)
    elsewhere = {
        "issue": "cash_withdrawal_charge",
        "remedy": "fee_refund",
        "amount": "7.00",
        "reason_code": "our_error",
        "facts": {"fee.disclosed": False, "fee.amount": {"amount": "15.00", "currency": "EUR"},
                  "contact.our_error": False, "account.status": "open",
                  "customer.hardship": False, "customer.vulnerable": False},
        "rep": {"id": "r-2"},
        "customer": {"id": f"c-{number}"},
        "order": {"id": f"o-{number}"},
        "contact": {"external_id": number},
    }  # fmt: skip
    once = uuid.uuid4().hex
    status, answer = panel_server.server.post("/v1/grants", elsewhere, panel_server.key, once=once)
    assert status == 201, answer

    panel.option("fee_refund").locator(".reason").first.click()

    expect(panel.find(".trouble")).to_contain_text(
        "Not given: €3.00 left of your limit; €7.00 given already"
    )
    assert given(panel_server, number) == ["7.00"]


def test_more_than_anybody_may_approve_is_never_asked_for(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    with_an_answer(panel)

    panel.frame.get_by_label("Amount").fill("15.01")  # the whole fee was 15.00

    expect(panel.find(".give .fault")).to_have_text("Nobody may approve so much.")
    expect(panel.find(".reason")).to_have_count(0)
    panel.frame.get_by_label("Amount").fill("15.00")
    expect(panel.find(".reasons legend")).to_have_text("Ask a senior for €15.00, because")


def test_an_old_answer_never_lands_and_a_new_turn_moves_nothing(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = a_number()
    panel.show(a_context("Hello", number=number))
    expect(panel.find(".connection")).to_have_text("Live")
    expect(panel.find(".unsure")).to_be_visible()
    waiting: list[Route] = []
    page.route("**/v1/suggestions", lambda route: waiting.append(route) if not waiting
               else route.continue_())  # fmt: skip

    with watched_shifts(panel.frame) as shifts:
        turn = "window.turn({from: 'customer', text: %s})"
        page.evaluate(turn % json.dumps("my card was swallowed by the machine"))
        page.wait_for_timeout(100)
        page.evaluate(turn % json.dumps("sorry, I mean " + FEE))
        panel.answered("Fee for taking out cash")
        waiting[0].continue_()  # the first question is answered last
        page.wait_for_timeout(400)

        panel.answered("Fee for taking out cash")
    assert shifts == []


def test_a_server_that_is_gone_is_said_and_the_answer_stays(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)

    page.context.set_offline(True)
    page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": "are you there?"})
    expect(panel.find(".connection")).to_have_text("Offline")
    expect(panel.find(".notice")).to_contain_text("it may have changed")
    panel.answered("Fee for taking out cash")
    panel.find("#said").fill("typed while nobody answered: my card was swallowed")
    page.context.set_offline(False)

    panel.answered("The cash machine kept my card")
    expect(panel.find(".connection")).to_have_text("Live")
    assert given(panel_server, number) == []


def test_html_in_turns_is_text_and_two_hundred_turns_are_read(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    turns = [f"{evil} turn {at}" for at in range(399)]

    panel.show(a_context(*turns, f"{evil} {FEE}", FEE, number=a_number()))

    panel.answered("Fee for taking out cash")
    expect(panel.find("#said")).to_have_value(FEE)
    panel.show(a_context(evil, number=a_number(), customer={"id": "c-1", "name": evil}))
    expect(panel.find("#said")).to_have_value(evil)
    expect(panel.find("h1")).to_contain_text("<img src=x")
    assert panel.frame.title() == "Agent Assist"
    assert panel.find("img").count() == 0


def test_messages_of_no_known_form_change_nothing(page: Page, panel_server: Deployment) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")
    payloads: list[Any] = [None, 1, [], {"conversation": 1}, {"conversation": {"id": {}}}]
    messages: list[Any] = [None, 7, "x", "{", [], {}, {"source": "agent-assist"}]
    messages += [
        {"source": "agent-assist", "v": 1, "type": kind, "payload": payload}
        for kind in ("context", "message", "insert", "signed-in", "other")
        for payload in payloads
    ]
    messages += [{"source": "agent-assist", "v": 2, "type": "context", "payload": a_context("x")}]
    wrong: list[str] = []
    panel.page.on("pageerror", lambda error: wrong.append(str(error)))

    page.evaluate("all => all.forEach((one) => post(one))", messages)
    page.wait_for_timeout(200)

    expect(panel.find("#said")).to_have_value(FEE)
    panel.answered("Fee for taking out cash")
    assert wrong == []
    refused = [one for one in page.evaluate("heard") if one["type"] == "error"]
    assert len(refused) == 10  # what called itself a context or a message, and was none


def test_windows_that_are_not_the_host_are_not_listened_to(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")
    context = json.dumps(a_context("my card was swallowed by the machine", number="hostile"))

    # A frame beside it on the host's own origin, and a window that the page opened elsewhere.
    page.evaluate(
        """context => {
          const beside = document.createElement("iframe");
          document.body.append(beside);
          const script = beside.contentDocument.createElement("script");
          script.textContent = `parent.frames[0].postMessage(
            {source: "agent-assist", v: 1, type: "context", payload: ${context}}, "*")`;
          beside.contentDocument.body.append(script);
        }""",
        context,
    )
    page.wait_for_timeout(300)

    expect(panel.find("#said")).to_have_value(FEE)
    panel.answered("Fee for taking out cash")


def test_a_page_that_looks_like_the_host_gets_nothing(page: Page, panel_server: Deployment) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    token = launch_token(panel_server, "r-1")
    src = quote(f"{panel_server.address}/panel?host=crm", safe="")

    page.goto(f"{panel_server.stranger}/silent?src={src}")
    page.wait_for_timeout(400)

    assert any("frame-ancestors" in line for line in said), said
    frame = page.frames[1]
    assert frame.query_selector("#said") is None
    assert frame.query_selector(".sign-in") is None

    # A token that was used is good for nothing.
    launched(page, panel_server, token=token)
    page.goto("about:blank")
    again = launched(page, panel_server, token=token)
    expect(again.frame.locator("body")).to_contain_text("could not open")
    assert again.frame.query_selector("#boot") is None
    assert framed(page, "/panel/launch") is again.frame


def test_where_no_stream_is_to_be_had_it_asks_again_and_again(
    page: Page, panel_server: Deployment
) -> None:
    full = {"type": "urn:agent-assist:problem:streams_full", "title": "Full", "status": 503}

    def refuse(route: Route) -> None:
        if "event-stream" in route.request.headers["accept"]:
            route.fulfill(status=503, json=full, content_type="application/problem+json")
        else:
            route.continue_()

    page.route("**/v1/events*", refuse)
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    expect(panel.find(".connection")).to_have_text("Live, slower")

    panel.frame.get_by_label("Amount").fill("12.00")
    panel.find(".reason").first.click()
    expect(panel.find('[data-approval="pending"]')).to_be_visible()
    request = panel_server.server.ask(f"/v1/approvals?contact={number}", panel_server.key)[1]
    ruling = {"ruling": "approve", "by": {"id": "v-1"}, "hash": request["items"][0]["hash"],
              "reason_code": "justified"}  # fmt: skip
    path = f"/v1/approvals/{request['items'][0]['id']}/decision"
    panel_server.server.post(path, ruling, panel_server.key, once=uuid.uuid4().hex)

    expect(panel.find(".receipt")).to_contain_text("€12.00 given")


def test_what_the_host_knows_is_in_the_first_question_already(
    page: Page, panel_server: Deployment
) -> None:
    asked: list[Any] = []

    def note(request: Request) -> None:
        if "/v1/suggestions" in request.url:
            asked.append(request.post_data_json)

    def hold(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.on("request", note)
    page.route("**/v1/facts", hold)
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")

    assert [set(one["facts"]) >= {"customer.tier", "fee.amount"} for one in asked] == [True]


def test_it_answers_though_nobody_can_say_which_facts_there_are(
    page: Page, panel_server: Deployment
) -> None:
    page.route("**/v1/facts", lambda route: route.abort())
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")


def test_while_a_newer_answer_takes_long_the_older_says_that_it_is(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context(FEE, number=a_number(), attributes=KNOWN))
    panel.answered("Fee for taking out cash")
    expect(panel.find(".sure")).to_contain_text("sure")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/v1/suggestions", hold)
    with watched_shifts(panel.frame) as shifts:
        turn = {"from": "customer", "text": "and my card was swallowed"}
        page.evaluate("turn => window.turn(turn)", turn)
        expect(panel.find(".sure")).to_have_text("Earlier")

    assert shifts == []
    expect(panel.find(".answer")).to_have_attribute("aria-busy", "true")
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("turn => window.turn(turn)", {"from": "customer", "text": "are you there?"})
    expect(panel.find(".sure")).to_contain_text("sure")


def test_what_stands_is_seen_and_undone_though_nobody_knows_what_it_is_about(
    page: Page, panel_server: Deployment
) -> None:
    panel = launched(page, panel_server)
    number = with_an_answer(panel)
    panel.find(".reason").first.click()
    expect(panel.find(".receipt")).to_contain_text("€10.00 given")

    panel.show(a_context("hello, something about a thing", number=number, attributes=KNOWN))
    expect(panel.find(".unsure")).to_be_visible()
    expect(panel.find(".receipt")).to_contain_text("€10.00 given")

    # A policy that nobody suggested is found, shown, and asked about.
    panel.frame.get_by_label("Search policies").fill("lost or stolen card")
    panel.find(".pick").filter(has_text="Lost or stolen card").click()
    panel.answered("Lost or stolen card")
    expect(panel.find(".sure")).to_have_text("Your choice")
    expect(panel.option("replacement_card")).to_be_visible()
    expect(panel.find(".receipt")).to_contain_text("€10.00 given")
    panel.find(".who").click()
    panel.press("u")
    expect(panel.find(".receipt")).to_have_count(0)
    assert given(panel_server, number) == []
