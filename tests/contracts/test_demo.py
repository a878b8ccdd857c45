"""The demonstration lets simulated people in, and only where all data are simulated."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database
from agent_assist.store.people import PeopleStore
from agent_assist.store.schema import AuditEntry
from agent_assist.store.simulation import SimulationStore

from .conftest import NOW

PAGES = ("/demo/crm", "/demo/console")


@pytest.fixture
def simulated(database: Database, people: PeopleStore) -> None:
    """A database whose first act says that it is simulated; and people in it."""
    with database.writing() as session:
        session.query(AuditEntry).delete()
    assert SimulationStore(database, database_clock(lambda: NOW)).begin({})
    people.add(Person("anna", "Anna", "rep", "t-1"), "test")
    people.add(Person("demo-rep-01", "Noor (simulated)", "rep", "t-1"), "test")
    people.add(Person("demo-rep-02", "Tom (simulated)", "senior", "t-1"), "test")


def boot(page: Any) -> Any:
    found = re.search(r'id="boot">(.*?)</script>', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return json.loads(found[1])


@pytest.mark.parametrize("path", [*PAGES, "/panel?host=demo"])
def test_where_data_are_real_there_is_no_demonstration(
    visitor: FlaskClient, people: PeopleStore, path: str
) -> None:
    # Not even where somebody is called as the simulated ones are.
    people.add(Person("demo-rep-01", "Noor (simulated)", "rep", "t-1"), "test")

    answer = visitor.get(path)

    assert answer.status_code == 404
    assert "aac_" not in answer.get_data(as_text=True)
    assert "/demo/" not in visitor.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "person"),
    [
        ("/panel?host=demo", "demo-rep-01"),
        ("/demo/console", "demo-rep-02"),
    ],
)
def test_codes_of_the_demonstration_are_for_simulated_people(
    simulated: None, visitor: FlaskClient, path: str, person: str
) -> None:
    code = boot(visitor.get(path))["code"]

    opened = visitor.post("/v1/sessions", json={"code": code}).get_json()

    assert opened["person"]["id"] == person


def test_pages_of_the_demonstration_hold_the_panel_and_nothing_of_others(
    simulated: None, visitor: FlaskClient
) -> None:
    answer = visitor.get("/demo/crm")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-src 'self'; base-uri 'none'; form-action 'none'; " in policy
    assert policy.endswith("frame-ancestors 'none'")
    inline = r"<script(?![^>]*(?:src|application/json))"
    assert re.search(inline, answer.get_data(as_text=True)) is None
    panel = visitor.get(boot(visitor.get("/demo/crm"))["panel"])
    assert panel.headers["Content-Security-Policy"].endswith("frame-ancestors http://localhost")
    assert boot(panel)["demo"] is True
    assert "/demo/crm" in visitor.get("/").get_data(as_text=True)


def test_nobody_simulated_is_left_to_come_in_as(
    database: Database, simulated: None, people: PeopleStore, visitor: FlaskClient
) -> None:
    for one in ("demo-rep-01", "demo-rep-02"):
        people.change(one, lambda old: replace(old, active=False), "test")

    assert boot(visitor.get("/panel?host=demo"))["code"] is None
    assert visitor.get("/demo/crm").status_code == 404
