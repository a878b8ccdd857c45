"""The panel's sources: their own tests, and the API's types as the API has them now."""

import json
import shutil
import subprocess

import pytest

from agent_assist.settings import ROOT
from tests.conftest import lacking
from tests.document import published

FRONTEND = ROOT / "frontend"


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None or not (FRONTEND / "node_modules" / "esbuild").exists():
        lacking("node with the panel's packages (npm ci in frontend/)")
    return found or ""


def test_the_parts_of_the_panel_that_need_no_browser_hold_their_promises(node: str) -> None:
    done = subprocess.run(
        [node, "test.mjs"], cwd=FRONTEND, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


def test_the_panel_knows_the_api_as_it_is(node: str) -> None:
    made = subprocess.run(
        [node, "types.mjs"],
        cwd=FRONTEND,
        input=json.dumps(published()),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    committed = (FRONTEND / "api" / "schema.ts").read_text(encoding="utf-8")
    assert made.stdout == committed, "run `make locales`"
