"""Before some operations a session's person shows who they are; refusals write nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

from agent_assist.admit import Scope
from agent_assist.admit.access import AFTER_PROOF
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services
from agent_assist.web.admission import Admission, scopes_of

from .conftest import HandClock
from .test_access import Route, routes

__all__ = ["routes"]

PASSWORD = "correct horse battery"
BOSS = Person("boss", "Boss", "manager", "t-1", admin=True)
LATER = timedelta(minutes=10)
NEW = {"name": "CRM", "scopes": ["read"]}
PROOF = "/v1/sessions/current/proof"


SENSITIVE = {Scope.LIMITS_PUBLISH, Scope.PEOPLE_EDIT, Scope.SYSTEMS, Scope.CUSTOMERS}
NO_FILES = {"application/json", "text/event-stream"}
EXCUSED = {
    "end_user_sessions": "only takes away",
    "revoke_key": "only takes away",
    "remove_host": "only takes away",
    "remove_webhook": "only takes away",
    "cancel_version": "leaves in force what is in force",
    "try_webhook": "goes where proof was asked for, and says nothing",
    "replay_webhook": "goes where proof was asked for",
    "search_customer": "says how much is held, and nothing of it",
}
"""What changes under a scope that publishes or lets in, or answers with a file, and asks nobody."""


@pytest.fixture
def boss(people: PeopleStore, services: Services) -> Person:
    people.add(BOSS, "test")
    services.sign_ins.set_password("boss", PASSWORD, "test")
    return BOSS


@pytest.fixture
def begin(app: Flask, services: Services, boss: Person) -> Callable[..., FlaskClient]:
    """Opens a session of the boss, who has come by some means; gives its client."""

    def opened(means: Means = Means.PASSWORD) -> FlaskClient:
        code = services.sessions.code_for(boss, None, means)
        client = app.test_client()
        token = services.sessions.begin(code).token
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return opened


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rpartition(":")[2]


def test_exactly_these_operations_ask_for_proof_and_a_refusal_writes_nothing(
    app: Flask,
    routes: list[Route],
    begin: Callable[..., FlaskClient],
    make_client: Callable[..., FlaskClient],
    clock: HandClock,
    dump: Callable[[], str],
) -> None:
    session, key = begin(), make_client(*Scope)
    clock.at += LATER
    before = dump()
    asked, of_keys = set(), set()

    tried = [one for one in routes if one.endpoint in AFTER_PROOF]
    for route in tried:
        if route.by(session)[1] == "step_up_required":
            asked.add(route.endpoint)
    unchanged = dump() == before
    for number, route in enumerate(routes):
        if route.endpoint not in AFTER_PROOF and route.endpoint != "end_session":
            assert route.by(session, number)[1] != "step_up_required", route
        if route.by(key, number)[1] == "step_up_required":
            of_keys.add(route.endpoint)

    assert asked == AFTER_PROOF
    assert of_keys == set()
    assert unchanged
    assert {
        "approve_draft", "publish_draft", "download_draft", "download_version", "download_brief",
        "export_audit", "add_user", "change_user", "invite_user", "reset_second_factor",
        "make_key", "add_host",
        "download_measures", "download_grants", "download_approvals", "download_suggestions",
        "download_stakes", "download_evidence", "download_drift",
        "make_webhook", "change_webhook", "change_webhook_secret",
        "export_customer", "erase_customer",
    } == AFTER_PROOF  # fmt: skip


def test_whatever_publishes_hands_out_files_or_lets_in_asks_for_proof_or_says_why_not(
    app: Flask, routes: list[Route], visitor: FlaskClient
) -> None:
    admission: Admission = app.extensions["admission"]
    paths = visitor.get("/openapi.json").get_json()["paths"]
    of_files = {
        one["operationId"]
        for item in paths.values()
        for one in item.values()
        if set(one["responses"].get("200", {}).get("content", ())) - NO_FILES
    }
    changing = {
        one.endpoint
        for one in routes
        if one.method != "GET"
        and SENSITIVE.intersection(scopes_of(admission.declared[one.endpoint]))
    }

    assert (changing | of_files) - EXCUSED.keys() <= AFTER_PROOF
    assert EXCUSED.keys() <= changing | of_files


def test_proof_counts_for_ten_minutes_from_signing_in_on(
    begin: Callable[..., FlaskClient], clock: HandClock
) -> None:
    client = begin()
    clock.at += LATER - timedelta(seconds=1)
    before = client.post("/v1/keys", json=NEW).status_code
    clock.at += timedelta(seconds=1)
    refused = client.post("/v1/keys", json=NEW)

    assert before == 201
    assert code_of(refused) == (403, "step_up_required")
    assert refused.get_json()["how"] == ["password"]


def test_new_code_of_an_old_sign_in_is_no_new_proof(
    app: Flask, services: Services, boss: Person, visitor: FlaskClient, clock: HandClock
) -> None:
    _, secret = services.sign_ins.sign_in("boss", PASSWORD, None)
    clock.at += LATER
    signed_in = services.sign_ins.visitor(secret)
    assert signed_in is not None
    opened = services.sessions.begin(services.sessions.code_of(signed_in, None))
    bearer = {"Authorization": f"Bearer {opened.token}"}

    assert code_of(visitor.post("/v1/keys", json=NEW, headers=bearer))[1] == "step_up_required"


def test_password_shows_who_is_there_and_the_same_request_passes_then(
    begin: Callable[..., FlaskClient], clock: HandClock, dump: Callable[[], str]
) -> None:
    client = begin()
    clock.at += LATER
    client.post("/v1/keys", json=NEW)

    proved = client.post(PROOF, json={"password": PASSWORD})

    assert proved.status_code == 200
    assert proved.get_json()["until"] == "2026-03-14T09:46:00Z"
    assert client.post("/v1/keys", json=NEW).status_code == 201
    assert "session.prove" in dump()


def test_proof_of_one_session_is_none_of_another(
    begin: Callable[..., FlaskClient], clock: HandClock
) -> None:
    first, second = begin(), begin()
    clock.at += LATER

    first.post(PROOF, json={"password": PASSWORD})

    assert code_of(second.post("/v1/keys", json=NEW))[1] == "step_up_required"


def test_wrong_passwords_are_refused_and_slowed_as_at_the_door(
    begin: Callable[..., FlaskClient], clock: HandClock, dump: Callable[[], str]
) -> None:
    client = begin()
    clock.at += LATER

    failed = [client.post(PROOF, json={"password": "wrong wrong wrong"}) for _ in range(5)]
    slowed = client.post(PROOF, json={"password": PASSWORD})

    assert {code_of(one) for one in failed} == {(403, "proof_refused")}
    assert code_of(slowed) == (429, "too_many_attempts")
    assert slowed.headers["Retry-After"] == "1"
    assert code_of(client.post("/v1/keys", json=NEW))[1] == "step_up_required"
    assert "wrong wrong wrong" not in dump()


def test_who_has_an_app_shows_its_code_too_and_each_counts_once(
    begin: Callable[..., FlaskClient], services: Services, boss: Person, clock: HandClock
) -> None:
    app = TOTP(services.second_factors.offer(boss).secret)
    services.second_factors.confirm(boss, app.at(clock.at))
    client = begin(Means.SECOND)
    clock.at += LATER
    good = app.at(clock.at)

    how = client.post("/v1/keys", json=NEW).get_json()["how"]
    without = client.post(PROOF, json={"password": PASSWORD})
    wrong = client.post(PROOF, json={"password": PASSWORD, "code": "000000"})
    given = client.post(PROOF, json={"password": PASSWORD, "code": good})
    again = client.post(PROOF, json={"password": PASSWORD, "code": good})

    assert how == ["password", "code"]
    assert (without.status_code, without.get_json()["errors"][0]["pointer"]) == (422, "/code")
    assert code_of(wrong) == (403, "proof_refused")
    assert given.status_code == 200
    assert code_of(again) == (403, "proof_refused")


def test_who_came_through_the_crm_and_has_no_password_can_show_nothing(
    app: Flask, people: PeopleStore, services: Services
) -> None:
    guest = Person("guest", "Guest", "manager", "t-1")
    people.add(guest, "test")
    opened = services.sessions.begin(services.sessions.code_for(guest, "crm", Means.HOST))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {opened.token}"

    assert code_of(client.post(PROOF, json={"password": PASSWORD})) == (403, "proof_refused")


def test_nobody_simulated_is_asked(begin: Callable[..., FlaskClient], clock: HandClock) -> None:
    client = begin(Means.DEMO)
    clock.at += LATER
    assert client.post("/v1/keys", json=NEW).status_code == 201


def test_document_says_which_operations_ask_for_proof(visitor: FlaskClient) -> None:
    paths = visitor.get("/openapi.json").get_json()["paths"]
    told = {
        one["operationId"]
        for item in paths.values()
        for one in item.values()
        if "step_up_required" in one["description"] and one["operationId"] != "prove_session"
    }

    assert told == AFTER_PROOF
