"""How long a representative waits for the panel: a real browser, a real server, one machine.

`make bench-panel` starts both on the loopback interface, with a copy of the tests' data folder:
first answer visible after a turn arrives, panel usable after navigation.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Frame, Page, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.deployment import Deployment, a_copy, deployed, password_of
from tests.browser.hosts import a_context
from tests.browser.panels import a_number, launched

TIMES = 40
WARM = 5
SAID = (
    "the cash machine took a fee nobody told me about",
    "my card was swallowed by the machine at the station",
    "I sent money to the wrong account yesterday, can you get it back?",
    "why was I charged twice for the same payment?",
    "the exchange rate you used is not the one I saw in the app",
    "my new card has still not arrived after ten days",
    "I cannot verify my identity, the app keeps refusing my passport",
    "someone used my card and it was not me",
)
# When the answer that is shown changes, and has been painted: in the time of the epoch, in ms.
_WATCH = """
window.painted = [];
new MutationObserver(() => {
  const title = document.querySelector(".policy-head h2, .unsure h2")?.textContent ?? null;
  if (title === null || document.querySelector("#said")?.value !== window.awaited) return;
  window.awaited = null;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => painted.push(performance.timeOrigin + performance.now());
    channel.port2.postMessage(null);
  });
}).observe(document.body, { subtree: true, childList: true, characterData: true });
"""
_USABLE = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("#said")) return;
  observer.disconnect();
  requestAnimationFrame(() => (window.usable = performance.now()));
}).observe(document, { subtree: true, childList: true });
"""


def after_a_turn(page: Page, deployment: Deployment) -> list[float]:
    """From the host's message to the painted answer, a new contact each time, in ms."""
    panel = launched(page, deployment)
    panel.find("#said").wait_for()
    panel.frame.evaluate(_WATCH)
    times = []
    for number in range(TIMES + WARM):
        said = f"{SAID[number % len(SAID)]} ({number})"
        panel.frame.evaluate("said => { window.awaited = said }", said)
        context = a_context(said, number=a_number())
        sent = page.evaluate(
            "context => { const at = performance.timeOrigin + performance.now();"
            " show(context); return at; }",
            context,
        )
        wait(panel.frame, f"painted.length > {number}")
        times.append(panel.frame.evaluate("painted.at(-1)") - sent)
        page.wait_for_timeout(150)
    return times[WARM:]


def after_navigation(page: Page, deployment: Deployment) -> list[float]:
    """From the start of a navigation to a field that can be typed in, signed in, in ms."""
    page.goto(deployment.address + "/login")
    page.get_by_label("Your id").fill("r-2")
    page.get_by_label("Password").fill(password_of("r-2"))
    page.get_by_role("button", name="Sign in").click()
    page.locator("#said").wait_for()
    page.add_init_script(_USABLE)
    times = []
    for _ in range(TIMES // 2 + WARM):
        page.goto("about:blank")
        page.goto(deployment.address + "/panel")
        wait(page.main_frame, "window.usable !== undefined")
        times.append(float(page.evaluate("usable")))
    return times[WARM:]


def wait(frame: Frame, condition: str) -> None:
    """Until something holds in a frame; asked from outside, for the panel's policy forbids eval."""
    while not frame.evaluate(condition):
        frame.page.wait_for_timeout(10)


def tell(name: str, times: list[float], goal: int) -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"{name}: p50 {statistics.median(times):.0f} ms, p95 {p95:.0f}, "
        f"most {ordered[-1]:.0f} (goal {goal}), n = {len(times)}"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = a_copy(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with deployed(data) as deployment:
            tell("answer visible after a turn", after_a_turn(browser.new_page(), deployment), 300)
            tell("usable after navigation", after_navigation(browser.new_page(), deployment), 500)
        browser.close()


if __name__ == "__main__":
    main()
