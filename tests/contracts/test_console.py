"""The console's page, who gets in, and what a session of it may do."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import Sessions
from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services

OWN = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"
CONSOLE = {"audit", "brake", "insights", "limits:edit", "limits:publish", "limits:read", "people"}


def boot(page: Any) -> Any:
    found = re.search(r'id="boot">(.*?)</script>', page.get_data(as_text=True))
    assert found
    return json.loads(found[1])


def scopes_of(app: Flask, sessions: Sessions, person: Person, host: str | None) -> set[str]:
    opened = sessions.begin(sessions.code_for(person, host))
    headers = {"Authorization": f"Bearer {opened.token}"}
    return set(app.test_client().get("/v1/sessions/current", headers=headers).get_json()["scopes"])


def test_console_is_one_page_at_all_its_places_which_nobody_embeds(visitor: FlaskClient) -> None:
    places = ("/console", "/console/", "/console/limits/drafts/7")
    pages = [visitor.get(path) for path in places]

    assert [page.status_code for page in pages] == [200] * 3
    assert [boot(page) for page in pages] == [{"code": None}] * 3
    assert "frame-ancestors 'none'" in pages[0].headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("level", "host", "more"),
    [
        ("rep", None, set()),
        ("manager", None, CONSOLE),
        ("manager", "crm", set()),
        ("gone", None, set()),
    ],
)
def test_those_who_decide_for_others_have_the_console_in_our_own_page_alone(
    app: Flask,
    people: PeopleStore,
    sessions: Sessions,
    level: str,
    host: str | None,
    more: set[str],
) -> None:
    person = Person("pat", "Pat", level, "t-1")
    people.add(person, "test")

    assert scopes_of(app, sessions, person, host) & CONSOLE == more


def test_signing_in_leads_back_to_the_place_that_was_asked_for(
    visitor: FlaskClient, people: PeopleStore, services: Services
) -> None:
    people.add(Person("rita", "Rita R.", "rep", "t-1"), "test")
    services.sign_ins.set_password("rita", PASSWORD, "test")
    form = visitor.get("/login?next=/console/limits").get_data(as_text=True)
    answer = visitor.post(
        "/login",
        data={"id": "rita", "password": PASSWORD, "next": "/console/limits"},
        headers=OWN,
    )

    assert 'name="next" value="/console/limits"' in form
    assert answer.location == "/console/limits"
    assert visitor.get("/login?next=/console").location == "/console"
    assert boot(visitor.get("/console"))["code"].startswith("aac_")


@pytest.mark.parametrize(
    "place", ["", "//evil.example", "https://evil.example", "/consoles", "/console/\n/x", "/docs"]
)
def test_signing_in_leads_nowhere_else(
    visitor: FlaskClient, people: PeopleStore, services: Services, place: str
) -> None:
    people.add(Person("rita", "Rita R.", "rep", "t-1"), "test")
    services.sign_ins.set_password("rita", PASSWORD, "test")
    form = {"id": "rita", "password": PASSWORD, "next": place}

    assert visitor.post("/login", data=form, headers=OWN).location == "/panel"
