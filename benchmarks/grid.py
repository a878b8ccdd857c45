"""How long a supervisor waits for the console: a real browser, a real server, one machine.

`make bench-grid` starts both on the loopback interface, with a copy of the tests' data folder: a
draft of 5,000 rows in the grid (first paint, scrolling down and to the side, typing), a queue of
200 requests, and the time from publishing until a panel shows the new limit. Prints a table, then
the same as JSON. Of scrolling it tells the time on a core too, which says something on a machine
that is busy as well.
"""

import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.deployment import Deployment, a_copy, deployed, password_of
from tests.browser.panels import launched, with_an_answer
from tests.browser.test_approvals import asked
from tests.serving import a_key

ROWS = 5_000
WAITING = 200
AT_ONCE = 1_000  # a request takes no more than a megabyte
MIDDLE = 2_500 * 33  # px
LOADS = 7
KEYS = 40
FRAMES = 300
DOWN = (0, 660)  # px a frame, to the side and down: twenty rows, faster than anybody reads
ASIDE = (100, 0)
CUTS = ("9.00", "8.00", "7.00", "6.00", "5.00")
WARM = 2
TURNED = "R082"  # the row that the panel's answer rests on

# When something is there that a selector finds, and has been painted: in ms since navigation.
_FIRST = """
new MutationObserver((_, observer) => {
  if (!document.querySelector(%s)?.textContent) return;
  observer.disconnect();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => (window.painted = performance.now());
    channel.port2.postMessage(null);
  });
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
# How long each frame took while the rows ran by, back where they ended, and in how many frames no
# cell was in view.
_SCROLL = """async ([frames, [across, down]]) => {
  const holder = document.querySelector(".tabulator-tableholder");
  const times = [];
  let blank = 0;
  let before = await new Promise(requestAnimationFrame);
  for (let n = 0; n < frames; n += 1) {
    const { scrollLeft, scrollTop } = holder;
    holder.scrollBy(across, down);
    if (holder.scrollLeft === scrollLeft) across = -across;
    if (holder.scrollTop === scrollTop) down = -down;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
    const { left, top, width, height } = holder.getBoundingClientRect();
    const middle = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!middle?.closest(".tabulator-cell")) blank += 1;
  }
  holder.scrollLeft = 0;
  return { times, blank };
}"""
# The key of the row in the middle of what is in view.
_IN_VIEW = """
(({ left, top, height }) => {
  const middle = document.elementFromPoint(left + 40, top + height / 2);
  return middle.closest(".tabulator-row").dataset.row;
})(document.querySelector(".tabulator-tableholder").getBoundingClientRect())
"""
_QUEUE_TOOK = """
performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/v1/queue")).map((one) => one.duration)
"""
# From each key until what a test says is painted.
_KEYS = """
window.taken = [];
window.wanted = null;
addEventListener("keydown", (event) => (window.pressed = event.timeStamp), true);
const look = () => {
  if (window.wanted === null || !window.wanted()) return;
  window.wanted = null;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.taken.push(performance.now() - window.pressed);
    channel.port2.postMessage(null);
  });
};
const all = { subtree: true, childList: true, characterData: true, attributes: true };
new MutationObserver(look).observe(document.body, all);
addEventListener("input", () => queueMicrotask(look), true);
"""


@dataclass(frozen=True)
class Measure:
    """What was measured, in ms."""

    name: str
    goal: int | None
    n: int
    p50: float
    p95: float
    most: float

    @classmethod
    def of(cls, name: str, times: Sequence[float], goal: int | None = None) -> "Measure":
        ordered = sorted(times)
        p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        rounded = (round(one, 1) for one in (statistics.median(ordered), p95, ordered[-1]))
        return cls(name, goal, len(ordered), *rounded)


class Supervisor:
    """The API as a supervisor's key has it."""

    def __init__(self, deployment: Deployment, key: str) -> None:
        self._address, self._key = deployment.address, key

    def ask(self, path: str) -> Any:
        return self._sent(urllib.request.Request(self._address + path))

    def post(self, path: str, body: dict[str, Any], tag: str = "", by: str = "v-1") -> Any:
        content = json.dumps({"by": {"id": by}, **body}).encode()
        request = urllib.request.Request(self._address + path, content)
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", f"{time.monotonic_ns()}")
        if tag:
            request.add_header("If-Match", tag)
        return self._sent(request)

    def draft(self, purpose: str) -> Any:
        return self.post("/v1/limits/drafts", {"purpose": purpose})

    def _sent(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self._key}")
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


def a_large_draft(supervisor: Supervisor) -> str:
    """A draft of what is published then, 5,000 rows like the sample's; gives its address."""
    draft = supervisor.draft("Five thousand rows")
    path = f"/v1/limits/drafts/{draft['id']}"
    rows = supervisor.ask(f"{path}/sheet?format=json")["rows"]
    cells = [{name: cell for name, cell in row.items() if name != "row"} for row in rows]
    many = [
        {"row": f"L{n:04}", "cells": {**cells[n % len(rows)], "priority": str(n % 900)}}
        for n in range(ROWS - len(rows))
    ]
    for n in range(0, len(many), AT_ONCE):
        draft = supervisor.post(f"{path}/rows", {"put": many[n : n + AT_ONCE]}, draft["etag"])
    asked_for = supervisor.post(f"{path}/submit", {}, draft["etag"])
    approved = supervisor.post(f"{path}/approve", {}, asked_for["etag"], by="m-1")
    supervisor.post(f"{path}/publish", {}, approved["etag"])
    return f"/console/limits/drafts/{supervisor.draft('A few of them')['id']}"


@contextmanager
def console(browser: Browser, deployment: Deployment) -> Iterator[Page]:
    """A page of the console, of a supervisor who signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{deployment.address}/login?next=/console/people")
    page.get_by_label("Your id").fill("v-1")
    page.get_by_label("Password").fill(password_of("v-1"))
    page.get_by_role("button", name="Sign in").click()
    page.locator(".side-person").wait_for()
    yield page
    context.close()


def first_paints(page: Page, address: str, selector: str) -> list[float]:
    """From the start of a navigation until something is painted; scripts are in the cache."""
    page.add_init_script(_FIRST % json.dumps(selector))
    times = []
    for _ in range(LOADS + WARM):
        page.goto("about:blank")
        page.goto(address)
        wait(page, "window.painted !== undefined")
        times.append(float(page.evaluate("painted")))
    return times[WARM:]


def opened(page: Page, address: str) -> list[float]:
    """From a click on the draft's link, in the open console, until its rows are painted."""
    place = address.removeprefix(page.evaluate("location.origin"))
    times = []
    for _ in range(LOADS + WARM):
        page.goto(f"{page.evaluate('location.origin')}/console/limits/drafts")
        link = page.locator(f'a[href="{place}"]')
        link.wait_for()
        page.evaluate("delete window.painted")
        page.evaluate(_FIRST % json.dumps(".tabulator-row"))
        began = link.evaluate("link => { const at = performance.now(); link.click(); return at; }")
        wait(page, "window.painted !== undefined")
        times.append(float(page.evaluate("painted")) - began)
    return times[WARM:]


def typed(page: Page) -> Iterator[Measure]:
    """From a key to what it does: the field with the digit, and the cell with the amount."""
    page.evaluate(_KEYS)
    page.evaluate(
        "px => { document.querySelector('.tabulator-tableholder').scrollTop = px }", MIDDLE
    )
    page.wait_for_timeout(500)
    row = page.evaluate(_IN_VIEW)
    page.locator(f'[data-row="{row}"] [data-form="amount"]').first.click()
    begun, written = [], []
    for n in range(KEYS + WARM):
        row = page.locator("[data-cursor]").evaluate("one => one.parentElement.dataset.row")
        field = "document.querySelector('.cell-field')?.value"
        begun.append(_from_key(page, "7", f"{field} === '7'"))
        page.keyboard.type(f"{n % 10}.50")
        line = f"document.querySelector('[data-row={row}]')?.textContent"
        written.append(_from_key(page, "Enter", f"{line}.includes('7{n % 10}.50')"))
        page.keyboard.press("ArrowUp")
        page.wait_for_timeout(60)
    yield Measure.of("first key to the field", begun[WARM:], 50)
    yield Measure.of("Enter to the written cell", written[WARM:], 50)


def _from_key(page: Page, key: str, condition: str) -> float:
    count = page.evaluate(f"window.wanted = () => {condition}, window.taken.length")
    page.keyboard.press(key)
    wait(page, f"window.taken.length > {count}")
    return float(page.evaluate("window.taken.at(-1)"))


def grid(browser: Browser, deployment: Deployment, supervisor: Supervisor) -> Iterator[Measure]:
    """What is waited for in a grid of 5,000 rows."""
    address = deployment.address + a_large_draft(supervisor)
    with console(browser, deployment) as page:
        yield Measure.of("grid painted after a click", opened(page, address), 1_000)
    with console(browser, deployment) as page:
        painted = first_paints(page, address, ".tabulator-row")
        yield Measure.of("grid painted after navigation", painted, 1_000)
        page.locator(".draft-about").get_by_text("0 rows differ").wait_for()
        page.wait_for_timeout(3_000)  # the review of all rows is read beside it
        yield from scrolled(browser, page, "down", DOWN)
        yield from scrolled(browser, page, "to the side", ASIDE)
        yield from typed(page)


def scrolled(browser: Browser, page: Page, way: str, pixels: tuple[int, int]) -> Iterator[Measure]:
    """What a frame takes while the rows run by."""
    before = on_a_core(browser)
    run = page.evaluate(_SCROLL, [FRAMES, pixels])
    spent = (on_a_core(browser) - before) / FRAMES
    name = f"a frame scrolling {way}, {run['blank']} of {FRAMES} without a cell"
    yield Measure.of(name, run["times"], 50)
    yield Measure.of(f"a frame scrolling {way}, on a core, on average", [spent])


def on_a_core(browser: Browser) -> float:
    """How long the main threads of the pages that are open have been on a core, in ms."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    pages = [one["id"] for one in processes if one["type"] == "renderer"]
    told = (Path(f"/proc/{one}/task/{one}/schedstat").read_text("ascii") for one in pages)
    return sum(int(one.split()[0]) for one in told) / 1e6


def queue(browser: Browser, deployment: Deployment) -> Iterator[Measure]:
    """What is waited for where 200 requests wait."""
    for n in range(WAITING):
        asked(deployment, f"{11 + n % 60}.{n % 100:02}")
    with console(browser, deployment) as page:
        painted = first_paints(page, f"{deployment.address}/console/approvals", ".queue-row")
        yield Measure.of("queue painted after navigation, 200 waiting", painted, 1_000)
        yield Measure.of("GET /v1/queue, 100 of 200, in the page", page.evaluate(_QUEUE_TOOK))


def published(
    browser: Browser, deployment: Deployment, supervisor: Supervisor
) -> Iterator[Measure]:
    """From the request that publishes a cut until a panel shows it, without a reload."""
    context = browser.new_context(locale="en-GB")
    panel = launched(context.new_page(), deployment)
    with_an_answer(panel)
    shown = panel.option("fee_refund").locator(".option-amount")
    shown.wait_for()
    times = []
    for amount in CUTS:
        draft = supervisor.draft(f"At most {amount}")
        path = f"/v1/limits/drafts/{draft['id']}"
        rows = supervisor.ask(f"{path}/sheet?format=json")["rows"]
        (cells,) = (dict(row) for row in rows if row["row"] == TURNED)
        del cells["row"]
        cells["ceiling.rep"] = f"100% of fee.amount max {amount}"
        edited = supervisor.post(
            f"{path}/rows", {"put": [{"row": TURNED, "cells": cells}]}, draft["etag"]
        )
        began = time.time()
        supervisor.post(f"{path}/publish", {}, edited["etag"])
        while amount not in (shown.text_content() or ""):
            panel.page.wait_for_timeout(5)
        times.append((time.time() - began) * 1_000)
    context.close()
    yield Measure.of("publish to the panel's new limit", times, 2_000)


def wait(page: Page, condition: str) -> None:
    """Until something holds; asked from outside, for the console's policy forbids eval."""
    while not page.evaluate(condition):
        page.wait_for_timeout(5)


def told(one: Measure) -> Measure:
    """The measure, which is told as a line of the table meanwhile."""
    cells = (one.p50, one.p95, one.most, one.goal or "", one.n)
    print(f"| {one.name:58} | {' | '.join(map(str, cells))} |", flush=True)
    return one


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = a_copy(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with deployed(data) as deployment:
            key = a_key(data, "limits:read", "limits:edit", "limits:publish")
            supervisor = Supervisor(deployment, key)
            parts = (
                published(browser, deployment, supervisor),
                grid(browser, deployment, supervisor),
                queue(browser, deployment),
            )
            print(f"| {'ms':58} | p50 | p95 | most | goal | n |\n|---|---|---|---|---|---|")
            measures = [told(one) for part in parts for one in part]
        browser.close()
    print(json.dumps([asdict(one) for one in measures]))


if __name__ == "__main__":
    main()
