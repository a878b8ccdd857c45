"""A panel's session: it acts as its person, as nobody else, and only as long as it may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import Scope, Sessions
from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

from .conftest import SuggestionLog

SUE = Person("sue", "Sue S.", "senior", "t-1")
RITA = Person("rita", "Rita R.", "rep", "t-1")
GRANT = {
    "issue": "card",
    "remedy": "discount",
    "amount": "10",
    "reason_code": "delay",
    "order": {"id": "o-1"},
}


@pytest.fixture
def rita(people: PeopleStore) -> Person:
    people.add(RITA, "test")
    return RITA


@pytest.fixture
def sue(people: PeopleStore) -> Person:
    people.add(SUE, "test")
    return SUE


@pytest.fixture
def open_session(
    app: Flask, sessions: Sessions, visitor: FlaskClient
) -> Callable[[Person], tuple[FlaskClient, dict[str, Any]]]:
    """Opens a session as a person; gives a client that sends its token, and the answer."""

    def begin(person: Person) -> tuple[FlaskClient, dict[str, Any]]:
        answer = visitor.post("/v1/sessions", json={"code": sessions.code_for(person, None)})
        assert answer.status_code == 201
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {answer.get_json()['token']}"
        return client, answer.get_json()

    return begin


Begin = Callable[[Person], tuple[FlaskClient, dict[str, Any]]]


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rpartition(":")[2]


def test_session_says_whom_it_acts_as_and_what_it_may(rita: Person, open_session: Begin) -> None:
    client, opened = open_session(rita)

    current = client.get("/v1/sessions/current").get_json()

    assert opened["person"] == {
        "id": "rita", "name": "Rita R.", "level": "rep", "team": "t-1", "admin": False,
    }  # fmt: skip
    assert opened["scopes"] == [
        "decide", "events", "grant", "read", "record", "suggest",
    ]  # fmt: skip
    assert opened["expires_at"] == "2026-03-14T09:41:00Z"
    assert (current["person"], current["host"]) == (opened["person"], None)
    assert current["expires_at"] == opened["expires_at"]


def test_code_works_once(rita: Person, sessions: Sessions, visitor: FlaskClient) -> None:
    code = sessions.code_for(rita, None)

    first = visitor.post("/v1/sessions", json={"code": code})
    second = visitor.post("/v1/sessions", json={"code": code})

    assert first.status_code == 201
    assert problem(second) == (401, "unauthenticated")


@pytest.mark.parametrize("code", ["x", "aac_" + "A" * 43, "'OR+1=1--", "~" * 200])
def test_code_that_nobody_was_given_opens_nothing(visitor: FlaskClient, code: str) -> None:
    assert problem(visitor.post("/v1/sessions", json={"code": code})) == (401, "unauthenticated")


def test_tokens_codes_and_renewals_are_not_taken_for_each_other(
    rita: Person, sessions: Sessions, visitor: FlaskClient, open_session: Begin
) -> None:
    _, opened = open_session(rita)
    code = sessions.code_for(rita, None)

    as_token = [
        visitor.get("/v1/issues", headers={"Authorization": f"Bearer {text}"})
        for text in (code, opened["renewal"], "aas_" + "A" * 43)
    ]
    as_code = [
        visitor.post("/v1/sessions", json={"code": opened[kind]}) for kind in ("token", "renewal")
    ]
    as_renewal = [
        visitor.post("/v1/sessions/renewal", json={"renewal": text})
        for text in (code, opened["token"])
    ]

    assert {one.status_code for one in (*as_token, *as_code, *as_renewal)} == {401}


def test_renewed_session_goes_on_under_its_new_token(
    app: Flask, rita: Person, visitor: FlaskClient, open_session: Begin
) -> None:
    client, opened = open_session(rita)

    renewed = visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]})
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {renewed.get_json()['token']}"

    assert renewed.status_code == 201
    assert renewed.get_json()["renewal"] != opened["renewal"]
    assert client.get("/v1/sessions/current").status_code == 200


def test_renewal_that_comes_twice_ends_the_session(
    rita: Person, visitor: FlaskClient, open_session: Begin
) -> None:
    client, opened = open_session(rita)

    first = visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]})
    again = visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]})
    newest = visitor.post("/v1/sessions/renewal", json={"renewal": first.get_json()["renewal"]})

    assert (first.status_code, again.status_code, newest.status_code) == (201, 401, 401)
    assert client.get("/v1/issues").status_code == 401


def test_ended_session_is_nobody(rita: Person, visitor: FlaskClient, open_session: Begin) -> None:
    client, opened = open_session(rita)

    ended = client.delete("/v1/sessions/current")
    renewed = visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]})

    assert ended.status_code == 200
    assert problem(client.get("/v1/issues")) == (401, "unauthenticated")
    assert renewed.status_code == 401


def test_whoever_was_deactivated_is_out_at_once_and_stays_out(
    rita: Person,
    people: PeopleStore,
    sessions: Sessions,
    visitor: FlaskClient,
    open_session: Begin,
) -> None:
    client, opened = open_session(rita)
    unused = sessions.code_for(rita, None)

    people.change("rita", lambda one: replace(one, active=False), "test")
    out = client.get("/v1/issues")
    people.change("rita", lambda one: replace(one, active=True), "test")

    assert out.status_code == 401
    assert client.get("/v1/issues").status_code == 401
    assert visitor.post("/v1/sessions", json={"code": unused}).status_code == 401
    assert (
        visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]}).status_code == 401
    )


@pytest.mark.parametrize(
    "rep", [{"id": "sam"}, {"level": "rep"}, {"level": "manager"}, {"team": "t-1"}]
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/suggestions", {"text": "fee"}),
        ("/v1/decisions", {"issue": "fee"}),
        ("/v1/grants", GRANT),
        ("/v1/approvals", GRANT),
    ],
)
def test_session_acts_as_nobody_else_and_at_no_other_level(
    rita: Person, open_session: Begin, path: str, body: dict[str, Any], rep: dict[str, str]
) -> None:
    client, _ = open_session(rita)

    answer = client.post(path, json={**body, "rep": rep}, headers={"Idempotency-Key": "a"})

    assert problem(answer) == (403, "not_yourself")


def test_session_grants_as_its_person_whether_it_says_so_or_not(
    rita: Person, open_session: Begin
) -> None:
    client, _ = open_session(rita)

    silent = client.post("/v1/grants", json=GRANT, headers={"Idempotency-Key": "a"})
    said = client.post(
        "/v1/grants",
        json={**GRANT, "order": {"id": "o-2"}, "rep": {"id": "rita"}},
        headers={"Idempotency-Key": "b"},
    )

    assert [(one.get_json()["rep"], one.get_json()["team"]) for one in (silent, said)] == [
        ("rita", "t-1"),
        ("rita", "t-1"),
    ]


def test_suggestion_is_decided_at_the_level_of_the_person(
    rita: Person, people: PeopleStore, open_session: Begin, log: SuggestionLog
) -> None:
    client, _ = open_session(rita)
    people.change("rita", lambda one: replace(one, level="senior"), "test")

    answer = client.post("/v1/decisions", json={"issue": "card"})

    assert answer.get_json()["level"] == "senior"


def test_retry_in_a_new_session_of_the_person_gets_the_first_answer(
    rita: Person, open_session: Begin
) -> None:
    one, other = open_session(rita)[0], open_session(rita)[0]

    first = one.post("/v1/grants", json=GRANT, headers={"Idempotency-Key": "a"})
    again = other.post("/v1/grants", json=GRANT, headers={"Idempotency-Key": "a"})

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.data == first.data


def test_keys_of_two_people_never_meet(rita: Person, sue: Person, open_session: Begin) -> None:
    first = open_session(rita)[0].post("/v1/grants", json=GRANT, headers={"Idempotency-Key": "a"})
    other = open_session(sue)[0].post(
        "/v1/grants", json={**GRANT, "order": {"id": "o-9"}}, headers={"Idempotency-Key": "a"}
    )

    assert (first.status_code, other.status_code) == (201, 201)


@pytest.mark.parametrize("act", ["capture", "void"])
def test_session_changes_only_what_its_person_gave(
    rita: Person, sue: Person, open_session: Begin, act: str
) -> None:
    mine = open_session(rita)[0].post("/v1/grants", json=GRANT, headers={"Idempotency-Key": "a"})
    path = f"/v1/grants/{mine.get_json()['id']}/{act}"
    body = {"reason": "wrong one"} if act == "void" else {}

    others = open_session(sue)[0].post(path, json=body, headers={"Idempotency-Key": "b"})
    named = open_session(sue)[0].post(
        path, json={**body, "rep": {"id": "rita"}}, headers={"Idempotency-Key": "c"}
    )
    own = open_session(rita)[0].post(path, json=body, headers={"Idempotency-Key": "d"})

    assert problem(others) == problem(named) == (403, "not_yourself")
    assert own.status_code == 200


def test_request_is_decided_on_by_whoever_is_signed_in_and_by_nobody_they_name(
    rita: Person, sue: Person, open_session: Begin
) -> None:
    asked = open_session(rita)[0].post(
        "/v1/approvals", json={**GRANT, "amount": "20"}, headers={"Idempotency-Key": "a"}
    )
    path = f"/v1/approvals/{asked.get_json()['id']}/decision"
    ruling = {
        "hash": asked.get_json()["hash"],
        "ruling": "approve",
        "reason_code": "justified",
        "by": {"id": "sue"},
    }

    forged = open_session(rita)[0].post(path, json=ruling, headers={"Idempotency-Key": "b"})
    own = open_session(sue)[0].post(path, json=ruling, headers={"Idempotency-Key": "c"})

    assert problem(forged) == (403, "outside_role")
    assert own.status_code == 200, own.get_json()


@pytest.mark.parametrize("query", ["rep=sam", "team=t-9"])
def test_headroom_of_others_is_not_shown_to_a_session(
    rita: Person, open_session: Begin, query: str
) -> None:
    answer = open_session(rita)[0].get(f"/v1/headroom?{query}")

    assert problem(answer) == (403, "not_yourself")


@pytest.mark.parametrize(
    "path", ["/v1/users", "/v1/audit", "/v1/brake", "/v1/limits/versions", "/v1/budgets/drafts"]
)
def test_session_of_a_panel_reaches_nothing_of_the_console(
    rita: Person, open_session: Begin, path: str
) -> None:
    assert open_session(rita)[0].get(path).status_code == 403


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_key_has_no_session(client: FlaskClient, method: str) -> None:
    assert problem(client.open("/v1/sessions/current", method=method)) == (403, "forbidden")


def test_no_secret_is_kept_as_it_is(
    rita: Person, sessions: Sessions, open_session: Begin, dump: Callable[[], str]
) -> None:
    _, opened = open_session(rita)
    code = sessions.code_for(rita, None)

    kept = dump()

    for secret in (opened["token"], opened["renewal"], code):
        assert secret not in kept
        assert secret[4:] not in kept
    assert "session.begin" in kept


def test_token_is_good_for_a_quarter_of_an_hour_and_the_session_for_a_shift(
    rita: Person, clock: Any, visitor: FlaskClient, open_session: Begin
) -> None:
    client, opened = open_session(rita)

    clock.at += timedelta(minutes=14, seconds=59)
    before = client.get("/v1/issues").status_code
    clock.at += timedelta(seconds=1)
    after = client.get("/v1/issues").status_code
    renewed = visitor.post("/v1/sessions/renewal", json={"renewal": opened["renewal"]}).get_json()
    clock.at += timedelta(hours=12)
    late = visitor.post("/v1/sessions/renewal", json={"renewal": renewed["renewal"]}).status_code

    assert (before, after, late) == (200, 401, 401)


def test_code_is_good_for_a_minute(
    rita: Person, clock: Any, sessions: Sessions, visitor: FlaskClient
) -> None:
    code = sessions.code_for(rita, None)

    clock.at += timedelta(seconds=60)

    assert visitor.post("/v1/sessions", json={"code": code}).status_code == 401


def test_scopes_of_a_panel_are_these_alone(rita: Person, open_session: Begin) -> None:
    missing = set(Scope) - {Scope(one) for one in open_session(rita)[1]["scopes"]}

    assert missing == {
        Scope.LEVEL, Scope.PEOPLE, Scope.AUDIT, Scope.BRAKE, Scope.APPROVE,
        Scope.LIMITS_READ, Scope.LIMITS_EDIT, Scope.LIMITS_PUBLISH, Scope.INSIGHTS, Scope.SYSTEMS,
        Scope.PEOPLE_EDIT, Scope.CUSTOMERS,
    }  # fmt: skip
