"""Policies in the console: one person writes, another publishes, and the panel says it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.hosts import a_context
from tests.browser.panels import a_number, launched
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser

TITLE = "My card is about to expire"
SAY = (
    "Thank you for asking in good time. We send you a new card before the old one ends, and you "
    "need not do anything for it. Let me look right now at where yours is."
)


@pytest.fixture
def author(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "v-1", "/console/policies")
    context.close()


@pytest.fixture
def second(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "v-2", "/console/policies")
    context.close()


def test_words_go_from_the_author_over_a_second_person_to_the_panel(
    author: Page, second: Page, page: Page, panel_server: Deployment, axe: str
) -> None:
    panel = launched(page, panel_server)
    panel.show(a_context("my card is about to expire, what happens now?", number=a_number()))
    panel.answered(TITLE)
    expect(panel.find("article.policy")).not_to_contain_text("right now")

    author.get_by_role("link", name=TITLE).click()
    author.get_by_role("button", name="Edit in a draft").click()
    say = author.get_by_label("Say", exact=True)
    say.fill(f"{SAY} You get up to 15 EUR back.")
    expect(author.locator(".cell .fault")).to_contain_text("amount or limit")
    assert violations(author, axe) == []
    author.get_by_role("button", name="Keep in the draft").click()
    author.get_by_role("link", name="Draft", exact=True).click()
    expect(author.locator(".findings")).to_contain_text("amount or limit")
    expect(author.get_by_role("button", name="Ask for approval…")).to_be_disabled()
    author.locator(".findings").get_by_role("link").first.click()
    say.fill(SAY)
    author.get_by_role("button", name="Keep in the draft").click()
    expect(author.get_by_role("button", name="Kept")).to_be_visible()
    author.get_by_role("link", name="Draft", exact=True).click()
    expect(author.locator(".worded ins").first).to_be_visible()
    assert violations(author, axe) == []
    author.get_by_role("button", name="Ask for approval…").click()
    author.get_by_role("dialog").get_by_role("button", name="Ask for approval").click()
    expect(author.get_by_text("It waits for a second person")).to_be_visible()

    second.reload()
    second.get_by_role("list", name="Open drafts").get_by_role("link").first.click()
    expect(second.locator(".worded ins").first).to_be_visible()
    second.get_by_role("button", name="Approve…").click()
    second.get_by_role("dialog").get_by_role("button", name="Approve").click()
    second.get_by_role("button", name="Publish…").click()
    second.get_by_role("button", name="Publish now").click()
    expect(second.get_by_role("row").nth(1)).to_contain_text("In force")

    expect(panel.find("article.policy")).to_contain_text("right now")
    expect(author.get_by_text("Published", exact=True)).to_be_visible()


def test_what_one_writes_is_not_lost_when_another_keeps_the_same_policy(
    author: Page, second: Page
) -> None:
    author.get_by_role("link", name="My card is not working").click()
    author.get_by_role("button", name="Edit in a draft").click()
    why = author.get_by_label("Why", exact=True)
    expect(why).not_to_have_value("")
    second.goto(author.url)
    second.get_by_label("Title").fill("My card does not work")
    second.get_by_role("button", name="Keep in the draft").click()
    expect(second.get_by_role("button", name="Kept")).to_be_visible()

    why.fill("Chips wear out, because they are touched so often.")
    author.get_by_role("button", name="Keep in the draft").click()

    expect(author.get_by_role("alert")).to_contain_text("still here")
    expect(why).to_have_value("Chips wear out, because they are touched so often.")
    author.get_by_role("button", name="Take theirs").click()
    expect(author.get_by_label("Title")).to_have_value("My card does not work")
