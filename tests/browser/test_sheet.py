"""A draft of limits in the console's table: edited by keys and by paste, kept whatever happens."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.consoles import signed_in
from tests.browser.deployment import Deployment
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser

REP, SENIOR = "Representative", "Senior representative"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def console(browser: Browser, panel_server: Deployment) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield signed_in(context.new_page(), panel_server, "v-1", "/console/limits")
    context.close()


class Table:
    """The table of a draft, as a person sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.standing = page.locator(".draft-standing")

    def cell(self, row: str, column: str) -> Locator:
        name = self.page.get_by_role("columnheader", name=column, exact=True)
        place = name.get_attribute("aria-colindex")
        return self.page.locator(f"[data-row='{row}'] > [aria-colindex='{place}']")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def paste(self, text: str) -> None:
        self.page.evaluate(PASTE, text)

    def is_saved(self) -> None:
        expect(self.standing).to_have_text("All changes are saved")


def begun(console: Page) -> Table:
    console.get_by_role("button", name="New draft").click()
    console.get_by_label("What for").or_(console.locator("dialog input")).first.fill("A test")
    console.get_by_role("button", name="Begin the draft").click()
    console.wait_for_url(re.compile("/drafts/drf_"))
    table = Table(console)
    expect(table.cell("R001", REP)).to_be_visible()
    table.is_saved()
    return table


def test_rows_and_columns_are_where_is_reckoned_so_that_each_is_where_it_is_looked_for(
    console: Page,
) -> None:
    table = begun(console)
    body = console.locator(".tabulator-table")

    expect(table.cell("R001", REP)).to_be_visible()
    height = body.locator(".tabulator-row").first.evaluate("row => row.offsetHeight")
    reckoned = "body => parseInt(getComputedStyle(body).getPropertyValue('--row-height'))"
    assert height == body.evaluate(reckoned)
    rows = int(console.locator(".sheet-grid").get_attribute("aria-rowcount") or 0) - 1
    assert body.evaluate("body => body.offsetHeight") == rows * height
    headers = console.locator(".tabulator-headers")
    width = "at => at.offsetWidth"
    assert body.evaluate(width) == headers.evaluate(width)

    before = headers.evaluate(width)
    console.locator(".tabulator-col-resize-handle").nth(1).hover()
    edge = console.locator(".tabulator-col-resize-handle").nth(1).bounding_box()
    assert edge is not None
    console.mouse.down()
    console.mouse.move(edge["x"] + edge["width"] / 2 + 80, edge["y"] + 5, steps=3)
    console.mouse.up()
    assert body.evaluate(width) == headers.evaluate(width) == before + 80
    console.get_by_label("Find text").fill("R001")  # other columns, and those again
    expect(table.cell("R002", REP)).to_have_count(0)
    console.get_by_label("Find text").fill("")
    expect(table.cell("R002", REP)).to_be_visible()
    assert headers.evaluate(width) == before + 80

    # To the side and back: each cell that comes into view says what is in it.
    holder = console.locator(".tabulator-tableholder")
    holder.evaluate("at => at.scrollTo(at.scrollWidth, 0)")
    expect(table.cell("R001", "Until")).to_be_in_viewport()
    expect(table.cell("R001", "Until")).to_have_text("\u2013")
    expect(table.cell("R001", REP)).to_have_count(0)
    holder.evaluate("at => at.scrollTo(0, 0)")
    expect(table.cell("R008", REP)).to_have_text("15.00")
    expect(table.cell("R001", "Until")).to_have_count(0)


def test_the_cursor_is_kept_while_it_is_out_of_view_and_comes_back_with_the_next_key(
    console: Page,
) -> None:
    table = begun(console)
    grid = console.locator(".sheet-grid")
    table.cell("R001", REP).click()

    console.locator(".tabulator-tableholder").evaluate("at => at.scrollTo(0, at.scrollHeight)")
    expect(table.cell("R001", REP)).to_have_count(0)
    expect(grid).to_be_focused()
    table.press("ArrowDown")
    expect(table.cell("R002", REP)).to_be_focused()
    expect(table.cell("R002", REP)).to_be_in_viewport()

    table.press("End")
    last = console.locator("[data-row='R002'] > :focus")
    expect(last).to_have_attribute("aria-colindex", grid.get_attribute("aria-colcount") or "")
    expect(last).to_be_in_viewport()
    expect(table.cell("R002", REP)).to_have_count(0)
    table.press("Home", "ArrowRight")
    expect(table.cell("R002", "Issue")).to_be_focused()


def test_many_rows_are_pasted_and_taken_back_as_one_and_too_many_are_refused(console: Page) -> None:
    table = begun(console)
    about = console.locator(".draft-about")
    lines = (f"N{n:03}\tgoodwill_credit\tallow\t1.00" for n in range(100))
    table.cell("R001", REP).click()

    table.paste("\n".join(("row\tremedy\teffect\tceiling.rep", *lines)))
    expect(about).to_contain_text("100 rows differ")
    table.press("Control+z")
    expect(about).to_contain_text("0 rows differ")
    table.press("Control+y")
    expect(about).to_contain_text("100 rows differ")
    table.is_saved()
    table.paste("9.00\n" * 100_000)
    expect(console.get_by_text("more than 5,000 rows").first).to_be_visible()
    expect(about).to_contain_text("100 rows differ")
    console.get_by_label("Find text").fill("N099")
    expect(table.cell("N099", REP)).to_have_text("1.00")
    expect(table.cell("R001", REP)).to_have_count(0)
    console.get_by_label("Find text").fill("nowhere at all")
    expect(console.get_by_text("No row fits these filters.")).to_be_visible()


def test_cells_are_edited_by_keys_and_by_paste_with_their_faults_and_undone(
    console: Page, axe: str
) -> None:
    faults: list[str] = []
    console.on("pageerror", lambda error: faults.append(str(error)))
    table = begun(console)

    table.cell("R008", REP).click()
    table.type("16.00")  # begins by typing
    table.press("ArrowUp", "ArrowRight", "F2")
    console.keyboard.press("Control+a")
    table.type("31.00")
    table.press("ArrowUp", "Enter")
    console.keyboard.type("99")
    table.press("Escape")
    expect(table.cell("R008", SENIOR)).to_have_text("31.00")
    expect(table.cell("R008", SENIOR)).to_be_focused()
    expect(table.cell("R008", SENIOR)).to_have_attribute("aria-description", "was 30.00")
    table.is_saved()

    table.cell("R009", REP).click()
    table.paste("2\t2\t3\r\n2\t2\t3\r\n2\t2\tmany\r\n")
    expect(table.cell("R011", "Supervisor")).to_have_attribute("aria-invalid", "true")
    expect(console.locator(".draft-about")).to_contain_text("1 fault")
    expect(console.locator(".draft-about")).to_contain_text("4 rows differ")
    table.is_saved()

    table.press("Control+z")
    expect(table.cell("R009", REP)).to_have_text("1")
    table.press("Control+y")
    expect(table.cell("R009", REP)).to_have_text("2")
    table.cell("R011", "Supervisor").click()
    table.press("Delete")
    expect(table.cell("R011", "Supervisor")).to_have_text("\u2013")
    expect(console.locator(".draft-about")).not_to_contain_text("fault")
    table.is_saved()

    console.reload()
    expect(table.cell("R010", "Supervisor")).to_have_text("3")
    expect(table.cell("R008", REP)).to_have_text("16.00")
    table.cell("R008", REP).click()
    table.press("Shift+Enter")
    form = console.get_by_role("dialog", name="Edit R008")
    form.get_by_label("Manager").fill("120.00")
    assert violations(console, axe) == []
    form.get_by_role("button", name="Change R008").click()
    expect(table.cell("R008", "Manager")).to_have_text("120.00")
    table.is_saved()
    assert faults == []


def test_what_two_people_edit_at_once_is_told_and_nothing_is_lost(
    console: Page, browser: Browser, panel_server: Deployment
) -> None:
    mine = begun(console)
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    place = re.sub("^.*(?=/console)", "", console.url)
    theirs = Table(signed_in(context.new_page(), panel_server, "v-1", place))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    console.route("**/rows", hold)  # mine are on their way all the while
    mine.cell("R008", REP).click()
    mine.type("18.00")
    mine.cell("R009", SENIOR).click()
    mine.type("3")
    expect(mine.standing).to_have_text("Saving…")
    theirs.cell("R008", REP).click()
    theirs.type("17.00")
    theirs.cell("R010", SENIOR).click()
    theirs.type("2")
    theirs.is_saved()
    for route in held:
        route.continue_()
    console.unroute("**/rows")

    expect(console.get_by_role("alert")).to_contain_text("Somebody else changed")
    expect(console.locator(".clashes")).to_have_text(
        re.compile(r"R008 Representative: yours 18.00, theirs 17.00")
    )
    expect(mine.cell("R010", SENIOR)).to_have_text("2")
    console.get_by_role("button", name="Save mine on top").click()
    mine.is_saved()
    theirs.page.reload()
    expect(theirs.cell("R008", REP)).to_have_text("18.00")
    expect(theirs.cell("R009", SENIOR)).to_have_text("3")
    expect(theirs.cell("R010", SENIOR)).to_have_text("2")
    context.close()


def test_edits_outlive_a_lost_connection_and_a_reload(console: Page) -> None:
    table = begun(console)
    console.context.set_offline(True)
    table.cell("R008", REP).click()
    table.type("19.00")
    table.type("2")
    expect(table.standing).to_contain_text("2 rows kept on this device")
    console.context.set_offline(False)
    table.is_saved()

    # The server answers nothing more to edits, and the page is loaded again.
    console.route("**/rows", lambda route: route.abort())
    table.cell("R008", REP).click()
    table.type("20.00")
    expect(table.standing).to_contain_text("1 row kept on this device")
    console.on("dialog", lambda dialog: dialog.accept())
    console.unroute("**/rows")
    console.reload()
    expect(table.cell("R008", REP)).to_have_text("20.00")
    table.is_saved()
