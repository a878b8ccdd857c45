"""A real browser against a real server: Debian's Chromium, for no other is installed here."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from agent_assist.settings import ROOT
from tests.browser.consoles import Console, signed_in
from tests.browser.deployment import MANIFEST, Deployment, deployed
from tests.conftest import lacking
from tests.serving import serving

expect.set_options(timeout=15_000)  # machines that test are busy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if CHROMIUM is None:
        lacking("Chromium")
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.exists():
        lacking("axe-core (npm ci in frontend/)")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(
    prepared_data: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    del encoder_folder
    data = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(prepared_data, data)
    with serving(data) as server:
        yield server.address


@pytest.fixture(scope="session")
def panel_server(
    prepared_data: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """One server for all tests of the panel; each has contacts of its own."""
    del encoder_folder
    if not MANIFEST.exists():
        lacking("the built panel (make test)")
    data = tmp_path_factory.mktemp("panel") / "data"
    shutil.copytree(prepared_data, data)
    with deployed(data) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def own_data(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `own_server`."""
    return Path(shutil.copytree(prepared_data, tmp_path_factory.mktemp("own") / "data"))


@pytest.fixture(scope="module")
def own_server(own_data: Path, encoder_folder: Path) -> Iterator[Deployment]:
    """A server whose limits and people the tests of one module alone may change."""
    del encoder_folder
    if not MANIFEST.exists():
        lacking("the built console (make test)")
    with deployed(own_data) as deployment:
        yield deployment


@pytest.fixture
def opened(browser: Browser, own_server: Deployment) -> Iterator[Callable[[str], Console]]:
    """Opens consoles, each in a browser of its own; nothing may have gone wrong in them."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_for(person: str) -> Console:
        context = browser.new_context(locale="en-GB", reduced_motion="reduce")
        contexts.append(context)
        console = Console(context.new_page(), person)
        console.page.on("pageerror", lambda error: faults.append(str(error)))
        signed_in(console.page, own_server, person)
        expect(console.page.locator(".side-person")).to_be_visible()
        return console

    yield open_for
    for context in contexts:
        context.close()
    assert faults == []
