"""People over HTTP: listed, added, changed and invited, by administrators alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import Sessions
from agent_assist.core.people import LastAdministrator, Person
from agent_assist.store.people import PeopleStore

from .test_document import answer_schema, validator

ADA = Person("ada", "Ada", "rep", "t-9", admin=True)
BO = Person("bo", "Bo", "manager", "t-9", admin=True)
ANA = {"id": "ana", "name": "Ana Ruiz", "level": "rep", "team": "t-1"}
PASSWORD = "a sentence that is easy to keep"
OURS = {"Sec-Fetch-Site": "same-origin"}


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rpartition(":")[2]


@pytest.fixture
def open_as(
    app: Flask, sessions: Sessions, visitor: FlaskClient
) -> Callable[[Person], FlaskClient]:
    """Opens a session of a person."""

    def begin(person: Person) -> FlaskClient:
        opened = visitor.post("/v1/sessions", json={"code": sessions.code_for(person, None)})
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {opened.get_json()['token']}"
        return client

    return begin


@pytest.fixture
def ada(people: PeopleStore, open_as: Callable[[Person], FlaskClient]) -> FlaskClient:
    """A client in the session of the only administrator."""
    people.add(ADA, "test")
    return open_as(ADA)


def test_people_are_listed_page_by_page_each_once(client: FlaskClient, people: PeopleStore) -> None:
    document = client.get("/openapi.json").get_json()
    people.add(Person("a person/1", "Ann", "rep", "t-1", active=False), "test")
    listed: list[tuple[str, bool]] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = client.get("/v1/users", query_string=query).get_json()
        validator(document, *answer_schema("/v1/users", "get")).validate(page)
        listed += [(one["id"], one["active"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert listed == [("a person/1", False), ("kim", True), ("sam", True)]


def test_people_are_found_by_name_level_team_and_state(ada: FlaskClient) -> None:
    ada.post("/v1/users", json=ANA)
    ada.post("/v1/users", json={**ANA, "id": "100%", "name": "Percent", "level": "senior"})

    def found(query: str) -> list[str]:
        return [one["id"] for one in ada.get(f"/v1/users?{query}").get_json()["items"]]

    assert found("q=RUIZ") == ["ana"]
    assert found("q=%25") == ["100%"]
    assert found("level=senior") == ["100%"]
    assert found("team=t-1&level=rep&active=yes") == ["ana"]
    assert found("admin=yes") == ["ada"]


def test_person_is_added_changed_and_deactivated_and_each_act_is_in_the_audit(
    ada: FlaskClient,
) -> None:
    added = ada.post("/v1/users", json={**ANA, "customer": "c-1"})
    changed = ada.patch("/v1/users/ana", json={"level": "senior", "team": "t-2"})
    left = ada.patch("/v1/users/ana", json={"active": False})
    again = ada.patch("/v1/users/ana", json={"active": True})
    acts = ada.get("/v1/audit?limit=4").get_json()["items"]

    assert (added.status_code, changed.status_code) == (201, 200)
    assert (changed.get_json()["level"], changed.get_json()["team"]) == ("senior", "t-2")
    assert (left.get_json()["active"], again.get_json()["active"]) == (False, True)
    assert [(one["act"], one["subject"]) for one in acts] == [
        ("person.change", "ana"), ("person.change", "ana"),
        ("person.change", "ana"), ("person.add", "ana"),
    ]  # fmt: skip
    assert {one["actor"].split(":")[0] for one in acts} == {"session"}
    assert ada.get("/v1/users/ana").get_json()["customer"] == "c-1"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"level": "king"}, "/level"),
        ({"id": "a/b"}, "/id"),
        ({"id": "ada"}, "/id"),
        ({"name": ""}, "/name"),
        ({"admin": "yes"}, "/admin"),
        ({"boss": True}, "/boss"),
    ],
)
def test_what_nobody_can_be_is_refused_by_its_field(
    ada: FlaskClient, dump: Callable[[], str], wrong: dict[str, Any], pointer: str
) -> None:
    before = dump()

    refused = ada.post("/v1/users", json={**ANA, **wrong})

    assert problem(refused) == (422, "invalid_input")
    assert refused.get_json()["errors"][0]["pointer"] == pointer
    assert dump() == before


@pytest.mark.parametrize("change", [{"level": "manager"}, {"admin": False}, {"active": False}])
def test_nobody_changes_their_own_standing(
    ada: FlaskClient, people: PeopleStore, dump: Callable[[], str], change: dict[str, Any]
) -> None:
    people.add(BO, "test")
    before = dump()

    refused = ada.patch("/v1/users/ada", json=change)
    unchanged = dump() == before
    renamed = ada.patch("/v1/users/ada", json={"name": "Ada L."})

    assert problem(refused) == (403, "own_standing")
    assert unchanged
    assert renamed.status_code == 200


@pytest.mark.parametrize("change", [{"admin": False}, {"active": False}])
def test_last_administrator_stays_one(
    ada: FlaskClient, people: PeopleStore, dump: Callable[[], str], change: dict[str, Any]
) -> None:
    people.add(BO, "test")

    first = ada.patch("/v1/users/bo", json=change)
    before = dump()
    with pytest.raises(LastAdministrator):
        people.change("ada", lambda one: replace(one, **change), "cli")

    assert first.status_code == 200
    assert dump() == before


def test_key_neither_makes_nor_changes_administrators(
    client: FlaskClient, ada: FlaskClient, dump: Callable[[], str]
) -> None:
    del ada
    made = client.post("/v1/users", json=ANA)
    before = dump()

    refused = [
        client.post("/v1/users", json={**ANA, "id": "eve", "admin": True}),
        client.patch("/v1/users/ana", json={"admin": True}),
        client.patch("/v1/users/ada", json={"name": "Eve"}),
        client.post("/v1/users/ada/invitation", json={}),
        client.delete("/v1/users/ada/sessions"),
    ]

    assert made.status_code == 201
    assert {problem(one) for one in refused} == {(403, "administrators_alone")}
    assert dump() == before


def invited(client: FlaskClient, person: str = "ana") -> str:
    answer = client.post(f"/v1/users/{person}/invitation", json={})
    assert answer.status_code == 201, answer.get_json()
    url: str = answer.get_json()["url"]
    assert url.startswith("http://localhost/invitation#aai_")
    return url.partition("#")[2]


def choose(visitor: FlaskClient, secret: str, password: str = PASSWORD) -> Any:
    form = {"invitation": secret, "password": password, "again": password}
    return visitor.post("/invitation", data=form, headers=OURS)


def test_invitation_gives_a_password_once_and_is_kept_nowhere(
    ada: FlaskClient, visitor: FlaskClient, dump: Callable[[], str]
) -> None:
    ada.post("/v1/users", json=ANA)
    secret = invited(ada)
    waiting = ada.get("/v1/users/ana").get_json()
    kept = secret in dump()

    easy = choose(visitor, secret, "aaaaaaaaaaaaaaaa")
    first, second = choose(visitor, secret), choose(visitor, secret, "another one that is long")
    signed_in = visitor.post("/login", data={"id": "ana", "password": PASSWORD}, headers=OURS)
    known = ada.get("/v1/users/ana").get_json()

    assert waiting["invited_until"] is not None
    assert not kept
    assert [one.status_code for one in (easy, first, second, signed_in)] == [422, 200, 401, 303]
    assert (known["has_password"], known["invited_until"]) == (True, None)
    assert [one["kind"] for one in known["open"]] == ["browser"]


def test_invitation_ends_by_time_by_a_newer_one_and_with_the_person(
    ada: FlaskClient, visitor: FlaskClient, clock: Any, people: PeopleStore
) -> None:
    ada.post("/v1/users", json=ANA)
    replaced, newest = invited(ada), invited(ada)
    early = choose(visitor, replaced).status_code
    people.change("ana", lambda one: replace(one, active=False), "test")
    gone = choose(visitor, newest).status_code
    people.change("ana", lambda one: replace(one, active=True), "test")
    back = choose(visitor, newest).status_code
    late = invited(ada)
    clock.at += timedelta(days=3)

    assert (early, gone, back, choose(visitor, late).status_code) == (401, 401, 401, 401)


def test_all_sessions_of_a_person_end_at_once(ada: FlaskClient, open_as: Any) -> None:
    ada.post("/v1/users", json=ANA)
    panel = open_as(Person("ana", "Ana Ruiz", "rep", "t-1"))
    before = panel.get("/v1/issues").status_code

    ended = ada.delete("/v1/users/ana/sessions")

    assert (before, ended.get_json(), panel.get("/v1/issues").status_code) == (
        200, {"id": "ana", "ended": 1}, 401,
    )  # fmt: skip
