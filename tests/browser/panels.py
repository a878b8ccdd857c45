"""Driving the panel as a representative does: by its names and keys, in a page that holds it."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import jwt
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.deployment import ZENDESK_AUDIENCE, Deployment, password_of
from tests.browser.hosts import a_context

FEE = "the cash machine took a fee nobody told me about"
KNOWN = {
    "contact.plan": "plus",
    "contact.months_since_opening": 48,
    "contact.extra_care": False,
    "contact.hardship": False,
    "account.status": "open",
    "transaction.fee": "15.00",
    "transaction.channel": "chip_and_pin",
}
"""What the CRM knows; whether the fee was shown, and who caused it, is to be asked.

The channel is not the cash machine's, of which one row speaks that begins and ends on a date: what
is asked and may be given is the same on every day.
"""


@dataclass(frozen=True)
class Panel:
    """An open panel: the page that holds it, and the frame that it is in."""

    page: Page
    frame: Frame

    def show(self, context: object) -> None:
        """Tell of a contact as the page around it does."""
        self.page.evaluate("context => show(context)", context)

    def press(self, *keys: str) -> None:
        """Press keys, with the focus where it is."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, wanted: Locator) -> None:
        """Go on from one thing to the next until the focus is where it is wanted."""
        for _ in range(12):
            self.press("Tab")
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"twelve steps did not lead to {wanted}")

    def find(self, selector: str) -> Locator:
        return self.frame.locator(selector)

    def button(self, name: str) -> Locator:
        return self.frame.get_by_role("button", name=name)

    def answered(self, title: str) -> None:
        """Wait until a policy is the answer."""
        expect(self.find(".policy-head h2")).to_have_text(title)

    def option(self, remedy: str) -> Locator:
        return self.find(f'[data-remedy="{remedy}"]')


def launch_token(deployment: Deployment, person: str, **more: Any) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": "crm",
        "aud": "agent-assist",
        "sub": person,
        "iat": now,
        "exp": now + timedelta(seconds=50),
        "jti": uuid.uuid4().hex,
        **more,
    }
    return jwt.encode(claims, deployment.secret, algorithm="HS256")


def zendesk_token(deployment: Deployment, person: str) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": "zendesk.com",
        "sub": f"https://crm.zendesk.com/api/v2/users/{person}.json",
        "aud": ZENDESK_AUDIENCE,
        "iat": now,
        "nbf": now - timedelta(seconds=1),
        "exp": now + timedelta(seconds=50),
    }
    return jwt.encode(claims, deployment.zendesk_key, algorithm="RS256")


def launched(
    page: Page, deployment: Deployment, *, host: str = "crm", person: str = "r-1", token: str = ""
) -> Panel:
    """The panel in a page that signs for its people: a form is posted into the frame."""
    kind = "zendesk" if host == "zen" else "generic"
    around = f"{deployment.elsewhere}/{kind}?launch={quote(deployment.address, safe='')}"
    page.goto(around)
    given = token or (
        zendesk_token(deployment, person) if host == "zen" else launch_token(deployment, person)
    )
    query = f"host={host}&origin={quote(deployment.elsewhere, safe='')}&app_guid=g"
    page.evaluate(
        """([action, token]) => {
          const form = document.createElement("form");
          Object.assign(form, { method: "post", action, target: "panel" });
          const field = document.createElement("input");
          Object.assign(field, { name: "token", value: token });
          form.append(field);
          document.body.append(form);
          form.submit();
        }""",
        [f"{deployment.address}/panel/launch?{query}", given],
    )
    return Panel(page, framed(page, "/panel/launch"))


def framed(page: Page, path: str) -> Frame:
    """The frame of a page that shows an address of ours."""
    for _ in range(200):
        for frame in page.frames[1:]:
            if path in frame.url:
                return frame
        page.wait_for_timeout(25)
    raise AssertionError(f"no frame shows {path}: {[frame.url for frame in page.frames]}")


def signed_in(page: Page, frame: Frame, person: str) -> None:
    """Sign in by the window that a framed panel opens."""
    with page.expect_popup() as opened:
        frame.get_by_role("button", name="Sign in").click()
    window = opened.value
    window.get_by_label("Your id").fill(person)
    window.get_by_label("Password").fill(password_of(person))
    with window.expect_event("close"):
        window.get_by_role("button", name="Sign in").click()
    expect(frame.locator("#said")).to_be_visible()


def a_number() -> str:
    """A contact of the test's own: what is given in it is taken off nobody else's headroom."""
    return uuid.uuid4().hex[:10]


def with_an_answer(panel: Panel, number: str = "") -> str:
    """A contact whose fee may be given back, up to what the level allows."""
    number = number or a_number()
    panel.show(a_context(FEE, number=number, attributes=KNOWN))
    panel.answered("Fee for taking out cash")
    for _ in range(2):  # was it shown? did we cause it?
        question = panel.find(".question").inner_text()
        panel.find(".ask").get_by_role("button", name="No", exact=True).click()
        expect(panel.find(".question").filter(has_text=question)).to_have_count(0)
    return number


def given(deployment: Deployment, number: str) -> list[str]:
    """The amounts that stand in a contact, as the server has them."""
    answer = deployment.server.ask(f"/v1/grants?contact={number}", deployment.key)[1]
    return [one["amount"]["amount"] for one in answer["items"] if one["state"] != "voided"]


@contextmanager
def watched_shifts(frame: Frame) -> Iterator[list[str]]:
    """What moved on the screen meanwhile without the rep's doing."""
    frame.evaluate(
        """() => {
          window.shifts = [];
          new PerformanceObserver((list) => {
            for (const one of list.getEntries()) {
              if (one.hadRecentInput) continue;
              const place = (rect) => [rect.x, rect.y, rect.width, rect.height].join(" ");
              const moved = one.sources.map(({ node, previousRect, currentRect }) => {
                const name = node?.className || node?.nodeName;
                return `${name} from ${place(previousRect)} to ${place(currentRect)}`;
              });
              shifts.push(`${moved}: ${one.value}`);
            }
          }).observe({ type: "layout-shift" });
        }"""
    )
    found: list[str] = []
    yield found
    frame.page.wait_for_timeout(200)
    found.extend(frame.evaluate("shifts"))


def eventually(check: Any, seconds: float = 5.0) -> None:
    """Wait until something that is not on a screen holds."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)
