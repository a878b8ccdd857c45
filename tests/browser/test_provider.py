"""Who came by an identity provider shows there once more who they are, in a window of its own."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.consoles import make_a_key
from tests.browser.deployment import MANIFEST
from tests.browser.test_pages import violations
from tests.conftest import lacking
from tests.serving import invoke, serving
from tests.small_provider import CLIENT, SECRET, SmallProvider, provided

pytestmark = pytest.mark.browser


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with provided(lambda: datetime.now(UTC)) as small:
        yield small


@pytest.fixture
def origin(
    prepared_data: Path, encoder_folder: Path, tmp_path: Path, provider: SmallProvider
) -> Iterator[str]:
    """A server whose people come by the provider; one of them is an administrator."""
    del encoder_folder
    if not MANIFEST.exists():
        lacking("the built console (make test)")
    data = Path(shutil.copytree(prepared_data, tmp_path / "data"))
    words = ["--name", "Person a-1", "--level", "rep", "--team", "t-1"]
    invoke(data, "users", "add", "a-1", *words)
    invoke(data, "users", "set", "a-1", "--admin")
    with serving(
        data,
        AGENT_ASSIST_OIDC_ISSUER=provider.issuer,
        AGENT_ASSIST_OIDC_CLIENT_ID=CLIENT,
        AGENT_ASSIST_OIDC_CLIENT_SECRET=SECRET,
        AGENT_ASSIST_OIDC_ID_CLAIM="sub",
    ) as server:
        yield server.address


@pytest.fixture
def page(browser: Browser, provider: SmallProvider) -> Iterator[Page]:
    """A page of somebody whom the provider lets in as soon as they are sent to it."""
    provider.comes = {"sub": "a-1"}
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_step_up_is_the_providers_in_a_window_and_then_what_was_wanted_is_done(
    page: Page, origin: str, axe: str
) -> None:
    page.goto(f"{origin}/login?next=/console/systems")
    page.get_by_role("link", name="Sign in with your organisation").click()
    expect(page.get_by_role("heading", name="Systems", level=1)).to_be_visible()
    asked = make_a_key(page, "provider")
    dialog = page.get_by_role("dialog", name="Is it still you?")
    page.evaluate("() => { window.kept = window.open; window.open = () => null; }")
    dialog.get_by_role("button", name="Sign in again").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Nothing is lost: sign in in a tab")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, axe) == []
    with page.expect_popup():
        dialog.get_by_role("link", name="sign in in a tab").click()
    made = page.get_by_role("dialog", name="The key of Proved")
    expect(made).to_be_visible()
    expect(dialog).to_have_count(0)
    assert asked.count("POST") == 2

    made.get_by_role("button", name="Close").click()
    page.evaluate("() => { window.open = window.kept; }")
    asked = make_a_key(page, "provider")
    with page.expect_popup():
        dialog.get_by_role("button", name="Sign in again").click()
    expect(made).to_be_visible()
    expect(dialog).to_have_count(0)
    assert asked.count("POST") == 2
