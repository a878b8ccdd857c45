"""A real browser against a real server: Debian's Chromium, for no other is installed here."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from agent_assist.settings import ROOT
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
