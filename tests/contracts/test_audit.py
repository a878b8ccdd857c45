"""The audit over the API is the chain itself, and lets its reader check it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from agent_assist import chain
from agent_assist.admit import Sessions
from agent_assist.chain import Entry
from agent_assist.core.people import Person
from agent_assist.store.database import Database
from agent_assist.store.people import PeopleStore

from .conftest import HandClock
from .test_access import GRANT


def test_the_pages_of_the_audit_put_together_are_an_unbroken_chain(client: FlaskClient) -> None:
    _do_something(client)

    entries = [Entry(**one) for page in _pages(client) for one in page]
    found = chain.verify(reversed(entries))

    assert {entry.act for entry in entries} >= {"brake.pull", "brake.release"}
    assert (found.bad_entry, found.entries) == (None, len(entries))


def test_a_reader_of_the_pages_sees_what_was_changed_on_the_way(client: FlaskClient) -> None:
    _do_something(client)
    entries = [Entry(**one | {"actor": "me"}) for page in _pages(client) for one in page]

    assert chain.verify(reversed(entries)).bad_entry is not None


def test_a_place_that_no_page_gave_is_refused(client: FlaskClient) -> None:
    refused = client.get("/v1/audit?cursor=-1")

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["parameter"] == "cursor"


def test_search_finds_all_that_fits_in_the_order_of_the_chain(client: FlaskClient) -> None:
    _do_something(client)
    entries = [one for page in _pages(client) for one in page]

    def found(query: str) -> list[int]:
        return [one["seq"] for one in client.get(f"/v1/audit?{query}").get_json()["items"]]

    def those(name: str, value: str) -> list[int]:
        return [one["seq"] for one in entries if one[name] == value]

    pulled = those("act", "brake.pull")
    assert found("act=brake.pull") == pulled != []
    assert found("act=brake") == sorted(pulled + those("act", "brake.release"), reverse=True)
    assert found("act=brak") == []
    assert found("subject=" + entries[0]["subject"]) == those("subject", entries[0]["subject"])
    assert found("actor=" + entries[-1]["actor"]) == those("actor", entries[-1]["actor"])
    assert found("actor=nobody") == []


def test_search_for_a_person_finds_what_they_did_in_sessions_and_says_whose_these_are(
    app: Flask, client: FlaskClient, people: PeopleStore, sessions: Sessions, visitor: FlaskClient
) -> None:
    for name in ("ann", "bob"):
        person = Person(name, name, "rep", "t-1")
        people.add(person, "test")
        opened = visitor.post("/v1/sessions", json={"code": sessions.code_for(person, None)})
        theirs = app.test_client()
        theirs.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {opened.get_json()['token']}"
        told = {"opened_at": "2026-03-14T09:00:00Z"}
        assert theirs.put(f"/v1/contacts/c-{name}", json=told).status_code == 200
        given = {**GRANT, "contact": {"external_id": f"c-{name}"}}
        sent = theirs.post("/v1/grants", json=given, headers={"Idempotency-Key": name})
        assert sent.status_code == 201

    found = client.get("/v1/audit?actor=person:ann").get_json()

    acts = {one["act"]: one["actor"] for one in found["items"]}
    assert {"session.begin", "grant.reserve"} <= acts.keys()
    session = acts["grant.reserve"]
    assert session.startswith("session:")
    assert found["people"] == {session: "ann"}
    assert {one["actor"] for one in found["items"]} == {"person:ann", session}
    whole = client.get("/v1/audit?act=grant").get_json()
    assert sorted(whole["people"].values()) == ["ann", "bob"]
    assert client.get("/v1/audit?actor=person:cid").get_json() == {
        "items": [], "people": {}, "next_cursor": None,
    }  # fmt: skip


def test_search_by_days_includes_both(client: FlaskClient, clock: HandClock) -> None:
    for day in (15, 16, 17):
        clock.at = datetime(2026, 3, day, 23, 59, 59, tzinfo=UTC)
        _do_something(client, f"{day}")

    def days(query: str) -> set[str]:
        items = client.get(f"/v1/audit?{query}").get_json()["items"]
        return {one["at"][:10] for one in items}

    assert days("first=2026-03-16&last=2026-03-16") == {"2026-03-16"}
    assert days("first=2026-03-16") == {"2026-03-16", "2026-03-17"}
    assert days("last=2026-03-15") == {"2026-03-14", "2026-03-15"}
    assert days("first=2026-03-17&last=2026-03-16") == set()


def test_search_that_looked_far_enough_says_where_to_go_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _do_something(client)
    monkeypatch.setattr("agent_assist.store.audit.MOST_SOUGHT", 2)

    cursor, seen, asked = "", [], 0
    while cursor is not None:
        place = cursor and f"&cursor={cursor}"
        page = client.get(f"/v1/audit?act=person.add{place}").get_json()
        seen += [one["act"] for one in page["items"]]
        cursor, asked = page["next_cursor"], asked + 1

    assert seen == ["person.add", "person.add"]
    assert asked == 5


def test_chain_is_checked_part_by_part_up_to_its_end(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _do_something(client)
    monkeypatch.setattr("agent_assist.web.audit.AT_ONCE", 3)

    parts = _verified(client)

    assert [one["seq"] for one in parts] == [3, 6, 9]
    assert {one["entries"] for one in parts} == {9}
    assert {one["broken"] for one in parts} == {None}


def test_chain_that_was_changed_is_told_from_the_entry_that_was_changed(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _do_something(client)
    with database.writing() as session:
        session.execute(text("UPDATE audit SET actor = 'me' WHERE seq = 5"))
    monkeypatch.setattr("agent_assist.web.audit.AT_ONCE", 3)

    parts = _verified(client)

    assert [one["seq"] for one in parts] == [3, 4]
    assert parts[-1]["broken"] == {"seq": 5, "reason": "it is not what was written"}


def test_part_that_begins_where_nobody_was_is_told_as_broken_or_refused(
    client: FlaskClient,
) -> None:
    other = client.get(f"/v1/audit/verification?after=1&hash={'0' * 64}").get_json()
    without = client.get("/v1/audit/verification?after=1")

    assert other["broken"]["seq"] == 1
    assert (without.status_code, without.get_json()["errors"][0]["parameter"]) == (422, "hash")


def test_export_of_the_whole_audit_is_a_chain_that_can_be_checked(client: FlaskClient) -> None:
    _do_something(client)

    answer = client.get("/v1/audit/export")
    found = chain.verify(chain.read_entries(answer.text.splitlines()))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.jsonl"'
    assert (found.bad_entry, found.entries) == (None, 9)
    assert client.get("/v1/audit/export?act=brake.pull").text.count("\n") == 3


def _verified(client: FlaskClient) -> list[dict[str, Any]]:
    """What is said of each part, up to the end or to what is broken."""
    parts, place = [], ""
    while True:
        part = client.get(f"/v1/audit/verification{place}").get_json()
        parts.append(part)
        if part["broken"] or part["seq"] == part["entries"]:
            return parts
        place = f"?after={part['seq']}&hash={part['hash']}"


def _do_something(client: FlaskClient, name: str = "") -> None:
    for number in range(3):
        for path in ("/v1/brake", "/v1/brake/release"):
            key = {"Idempotency-Key": f"{name}{path}{number}"}
            assert client.post(path, json={"reason": "a try"}, headers=key).status_code < 300


def _pages(client: FlaskClient) -> list[list[dict[str, Any]]]:
    pages, cursor = [], ""
    while True:
        page = client.get(f"/v1/audit?limit=2{cursor}").get_json()
        pages.append(page["items"])
        if page["next_cursor"] is None:
            return pages
        cursor = f"&cursor={page['next_cursor']}"
