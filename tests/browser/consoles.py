"""Driving the console as a supervisor does, and its API as its page sees it."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route

from tests.browser.deployment import Deployment, password_of

_CALL = """async ([token, method, path, body, match]) => {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "Idempotency-Key": crypto.randomUUID(),
    ...(match && { "If-Match": match }),
  };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  return [answer.status, await answer.json()];
}"""
Change = Callable[[dict[str, Any]], dict[str, Any]]
"""Of rows by key those that shall be otherwise; None for one that shall go."""


def signed_in(page: Page, deployment: Deployment, person: str, place: str = "/console") -> Page:
    page.goto(f"{deployment.address}/login?next={place}")
    page.get_by_label("Your id").fill(person)
    page.get_by_label("Password").fill(password_of(person))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1).wait_for()
    return page


def make_a_key(page: Page, how: str) -> list[str]:
    """Make a key on the page of systems; the server asks once for proof, as if it were too old.

    Gives the methods of all requests about keys, those to come too.
    """
    asked: list[str] = []

    def once(route: Route) -> None:
        asked.append(route.request.method)
        if route.request.method == "POST" and asked.count("POST") == 1:
            told = {"type": "urn:agent-assist:problem:step_up_required", "how": [how]}
            route.fulfill(status=403, body=json.dumps(told))
        else:
            route.continue_()

    page.route("**/v1/keys", once)
    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name").fill("Proved")
    page.get_by_label("read", exact=False).first.check()
    page.get_by_role("button", name="Make the key").click()
    return asked


class Console:
    """A console in a browser of its own, with the API as its page sees it."""

    def __init__(self, page: Page, person: str) -> None:
        self.page, self.person, self._token = page, person, ""
        page.on("request", self._overhear)

    def call(self, method: str, path: str, body: Any = None, match: str = "") -> tuple[int, Any]:
        by = {"by": {"id": self.person}} if method == "POST" else {}
        sent = json.loads(json.dumps({**(body or {}), **by})) if method == "POST" else None
        status, answer = self.page.evaluate(_CALL, [self._token, method, path, sent, match])
        return int(status), answer

    def draft(self, purpose: str, change: Change, table: str = "limits") -> str:
        """A draft with some rows put and dropped, through the API; gives its id."""
        _, made = self.call("POST", f"/v1/{table}/drafts", {"purpose": purpose})
        path = f"/v1/{table}/drafts/{made['id']}"
        _, rows = self.call("GET", f"{path}/rows?limit=200")
        changed = change({one["row"]: one["cells"] for one in rows["items"]})
        put = [{"row": key, "cells": cells} for key, cells in changed.items() if cells]
        drop = [key for key, cells in changed.items() if cells is None]
        status, _ = self.call("POST", f"{path}/rows", {"put": put, "drop": drop}, made["etag"])
        assert status == 200
        return str(made["id"])

    def act(self, draft: str, act: str, table: str = "limits") -> None:
        """Do something to a draft as it stands, through the API."""
        path = f"/v1/{table}/drafts/{draft}"
        etag = self.call("GET", path)[1]["etag"]
        status, told = self.call("POST", f"{path}/{act}", {}, etag)
        assert status in {200, 201}, told

    def go(self, place: str) -> None:
        self.page.goto(self.page.url.split("/console")[0] + "/console" + place)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def confirm(self, name: str) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def _overhear(self, request: Any) -> None:
        sent = request.headers.get("authorization", "")
        self._token = sent.removeprefix("Bearer ") or self._token


def with_rep(cells: dict[str, Any], ceiling: str) -> dict[str, Any]:
    return cells | {"ceiling.rep": ceiling}
