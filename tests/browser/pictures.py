"""`make pictures`: each state of the panel, narrow, wide, light and dark, in docs/pictures."""

import base64
import io
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from agent_assist.settings import ROOT
from tests.browser.conftest import CHROMIUM
from tests.browser.deployment import Deployment, a_copy, deployed
from tests.browser.panels import launched
from tests.browser.states import STATES, leave

FOLDER = ROOT / "docs" / "pictures"
HEIGHT = 740
SCALE = 1  # sharper ones are four times the size, and belong to the history for ever
NARROW, WIDE = 360, 480
Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = ((NARROW, "light"), (NARROW, "dark"), (WIDE, "light"))
_SHEET = """<!doctype html><style>
body{{margin:0;padding:24px;display:inline-flex;gap:24px;background:#c9ced8}}
img{{display:block;block-size:{height}px;border-radius:8px;border:1px solid #b4bac6}}
</style>{images}"""


def take(wanted: list[str]) -> None:
    """Take the pictures of some states, or of all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = a_copy(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with deployed(data) as deployment:
            for name in wanted or STATES:
                shots = [_shot(browser, deployment, name, look) for look in LOOKS]
                join(browser, shots, FOLDER / f"panel-{name}.png")
                sys.stdout.write(f"{name}\n")
        browser.close()


def _shot(browser: Browser, deployment: Deployment, state: str, look: Look) -> bytes:
    width, scheme = look
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        device_scale_factor=SCALE,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
    )
    panel = launched(context.new_page(), deployment)
    STATES[state](panel, deployment)
    panel.page.mouse.move(0, 0)  # nothing is pointed at
    panel.page.wait_for_timeout(600)
    taken = panel.page.screenshot()
    leave(panel)
    return taken


def join(browser: Browser, shots: list[bytes], path: Path, height: int = HEIGHT) -> None:
    """Put pictures side by side."""
    page = browser.new_page(device_scale_factor=SCALE)
    addresses = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in shots]
    images = "".join(f'<img src="{address}">' for address in addresses)
    page.set_content(_SHEET.format(height=height, images=images))
    taken = page.locator("body").screenshot()
    page.close()
    # A third of the size: there are few colours on a screen.
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(
        256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    ).save(path, optimize=True)


if __name__ == "__main__":
    take(sys.argv[1:])
