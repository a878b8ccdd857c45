"""`make pictures`: what the console shows, wide in light and narrow in dark, in docs/pictures.

With the simulated organisation's data; requests that wait and a draft are added to it, for its past
ends with nothing open.
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from agent_assist.settings import ROOT
from agent_assist.web import examples
from tests.browser.conftest import CHROMIUM
from tests.browser.pictures import FOLDER, join
from tests.serving import COMMAND, Server, environment, invoke, serving

HEIGHT = 800
Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = ((1280, "light"), (768, "dark"))
_ADMIN, _PASSWORD = "ingrid", "correct horse ingrid"
_POLICY = "fees/cash-withdrawal"
_SAY = (
    "I can see that fee, and I understand why it surprised you. Some machines add a charge of "
    "their own, and they must show it before you agree. Let me look at what we can do about it."
)
_KEYS = {
    "Contact centre CRM": ("suggest", "decide", "grant", "record", "events"),
    "Warehouse of figures": ("insights", "audit"),
}
_CUT = ("R008", "12.00")  # of a representative's ceiling, which needs no second person
_ENOUGH = 10  # contacts, for a page to show how it looks
_BOOT = re.compile(r'id="boot">(.*?)</script>')
_ASKED = (
    ("15.00", "It is the second machine today that showed no fee"),
    ("12.00", ""),
    ("9.50", ""),
)


@dataclass(frozen=True)
class Shown:
    """What is to be seen: an address, and the button of a dialog; for whom, or of what level."""

    place: str
    button: str = ""
    admin: bool = False
    level: str = "supervisor"


def take(wanted: list[str]) -> None:
    """Take the pictures of some pages and dialogs, by their names, or of all."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        setup = [*COMMAND, "setup", "--demo"]
        subprocess.run(setup, env=environment(data), cwd=ROOT, check=True)
        take_of(data, wanted)


def take_of(data: Path, wanted: list[str]) -> None:
    """The same of a demonstration that is set up, which is changed."""
    invoke(data, "users", "add", _ADMIN, "--name", "Ingrid Aas", "--level", "rep", "--team", "it")
    invoke(data, "users", "set", _ADMIN, "--admin")
    invoke(data, "users", "password", _ADMIN, typed=_PASSWORD)
    for name, scopes in _KEYS.items():
        words = [word for scope in scopes for word in ("--scope", scope)]
        invoke(data, "keys", "create", "--name", name, *words)
    with sync_playwright() as playwright, serving(data, AGENT_ASSIST_THREADS="32") as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, shown in _all(browser, server).items():
            if not wanted or name in wanted:
                shots = [_shot(browser, server, shown, look) for look in LOOKS]
                join(browser, shots, FOLDER / f"console-{name}.png", HEIGHT)
                sys.stdout.write(f"{name}\n")
        browser.close()


def _all(browser: Browser, server: Server) -> dict[str, Shown]:
    limits = f"/console/limits/drafts/{_furnish(server)}"
    words = f"/console/policies/drafts/{_worded(server)}"
    day = _busy_day(server)
    return {
        **{name: Shown(place) for name, place in _places(browser, server).items()},
        "overview": Shown(f"/console{day}", level="manager"),
        "contacts": Shown(f"/console/contacts{day}", level="manager"),
        "limits-draft": Shown(limits),
        "limits-review": Shown(f"{limits}/review"),
        "limits-try": Shown("/console/limits/try?issue=cash_withdrawal_charge"),
        "limits-history": Shown("/console/limits/history"),
        "policy": Shown("/console/policies/fees%2Fcash-withdrawal"),
        "policy-editor": Shown(f"{words}/fees%2Fcash-withdrawal"),
        "policy-review": Shown(words),
        "insights-issue": Shown("/console/insights/issues/failed_transfer", level="manager"),
        "insights-measures": Shown("/console/insights/measures", level="manager"),
        "insights-limits": Shown("/console/insights/limits", level="manager"),
        "insights-drift": Shown("/console/insights/drift", level="manager"),
        "systems": Shown("/console/systems", admin=True),
        "dialog-import": Shown(limits, "Import"),
        "dialog-brake": Shown("/console", "Stop goodwill"),
        "dialog-key": Shown("/console/systems", "Make a key", admin=True),
    }


def _busy_day(server: Server) -> str:
    """What to ask for to see a day with contacts: nothing today, but at night the last weekday."""
    _, told = server.ask("/v1/insights/day", _session(server, "/demo/console?level=manager"))
    if told["told"]["contacts"] >= _ENOUGH:
        return ""
    day = date.fromisoformat(told["day"])
    back = {0: 3, 6: 2}.get(day.weekday(), 1)
    return f"?day={day - timedelta(days=back)}"


def _furnish(server: Server) -> str:
    """Requests that wait, and a draft with a change and a contradiction; gives the draft's id."""
    rep = _session(server, "/panel?host=demo")
    for number, (amount, comment) in enumerate(_ASKED):
        asked = {
            key: text for key, text in examples.APPROVAL.items() if key not in ("rep", "comment")
        }
        asked |= {"amount": amount, "customer": {"id": f"demo-customer-90{number}"}}
        asked |= {
            "order": {"id": f"demo-order-90{number}"},
            "contact": {"external_id": f"demo-90{number}"},
        }
        asked |= {"comment": comment} if comment else {}
        _sent(server, "/v1/approvals", asked, rep, f"ask-{number}")
    supervisor = _session(server, "/demo/console")
    by = {"by": {"id": _person(server, supervisor)}}
    _cut(server, supervisor, by)
    draft = _sent(server, "/v1/limits/drafts", examples.DRAFT | by, supervisor, "draft")
    rows = [*examples.ROWS["put"], {"row": "R901", "cells": _contradiction()}]
    path = f"/v1/limits/drafts/{draft['id']}/rows"
    _sent(server, path, {**by, "put": rows}, supervisor, "rows", draft["etag"])
    return str(draft["id"])


def _cut(server: Server, supervisor: str, by: dict[str, Any]) -> None:
    """Publish that less may be given: a second version."""
    purpose = {"purpose": "A smaller credit where a card has not arrived"}
    draft = _sent(server, "/v1/limits/drafts", purpose | by, supervisor, "cut")
    path = f"/v1/limits/drafts/{draft['id']}"
    _, rows = server.ask(f"{path}/rows?limit=200", supervisor)
    row, ceiling = _CUT
    (cells,) = (one["cells"] for one in rows["items"] if one["row"] == row)
    put = [{"row": row, "cells": cells | {"ceiling.rep": ceiling}}]
    edited = _sent(server, f"{path}/rows", {**by, "put": put}, supervisor, "less", draft["etag"])
    note = {"note": "Courier delivery ends most of these"}
    _sent(server, f"{path}/publish", by | note, supervisor, "publish", edited["etag"])


def _worded(server: Server) -> str:
    """A draft that rewords a policy; gives its id."""
    supervisor = _session(server, "/demo/console")
    by = {"by": {"id": _person(server, supervisor)}}
    purpose = {"purpose": "Say it in fewer words"}
    draft = _sent(server, "/v1/policies/drafts", purpose | by, supervisor, "words")
    path = f"/v1/policies/drafts/{draft['id']}"
    _, rows = server.ask(f"{path}/rows?limit=200", supervisor)
    (cells,) = (one["cells"] for one in rows["items"] if one["row"] == _POLICY)
    put = [{"row": _POLICY, "cells": cells | {"say": _SAY}}]
    _sent(server, f"{path}/rows", {**by, "put": put}, supervisor, "reworded", draft["etag"])
    return str(draft["id"])


def _contradiction() -> dict[str, str]:
    cells: dict[str, str] = dict(examples.ROWS["put"][0]["cells"])
    del cells["fee.disclosed"]
    return cells | {"customer.tier": "plus", "ceiling.rep": "8.00"}


def _session(server: Server, page: str) -> str:
    with urllib.request.urlopen(server.address + page) as answer:
        found = _BOOT.search(answer.read().decode())
    assert found
    opened = _sent(server, "/v1/sessions", {"code": json.loads(found[1])["code"]})
    return str(opened["token"])


def _person(server: Server, token: str) -> str:
    _, current = server.ask("/v1/sessions/current", token)
    return str(current["person"]["id"])


def _sent(
    server: Server, path: str, body: Any, token: str = "", once: str = "", tag: str = ""
) -> Any:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    headers |= {"Idempotency-Key": once} if once else {}
    headers |= {"If-Match": tag} if tag else {}
    request = urllib.request.Request(server.address + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def _places(browser: Browser, server: Server) -> dict[str, str]:
    """The pages that the navigation leads to."""
    context, page = _opened(browser, server, LOOKS[0], Shown("/console"))
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    found = [links.nth(n).get_attribute("href") or "" for n in range(links.count())]
    context.close()
    return {place.removeprefix("/console").strip("/") or "overview": place for place in found}


def _opened(
    browser: Browser, server: Server, look: Look, shown: Shown
) -> tuple[BrowserContext, Page]:
    width, scheme = look
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    demo = f"/demo/console?level={shown.level}"
    page.goto(server.address + ("/login?next=/console" if shown.admin else demo))
    if shown.admin:
        page.get_by_label("Your id").fill(_ADMIN)
        page.get_by_label("Password").fill(_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    page.locator(".side-person").wait_for()
    return context, page


def _shot(browser: Browser, server: Server, shown: Shown, look: Look) -> bytes:
    context, page = _opened(browser, server, look, shown)
    page.goto(server.address + shown.place)
    page.get_by_role("heading", level=1).wait_for()
    expect(page.locator(".waiting")).to_have_count(0, timeout=60_000)
    if shown.button:
        page.get_by_role("button", name=shown.button, exact=True).click()
    page.wait_for_timeout(800)
    taken = page.screenshot()
    context.close()
    return taken


if __name__ == "__main__":
    take(sys.argv[1:])
