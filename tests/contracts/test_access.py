"""Who may do what: every route by every role, and every row by every role and team."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import KeyRing, Scope, Sessions
from agent_assist.admit.access import ACCESS, Role
from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore
from agent_assist.web.admission import OWN_FORM, PUBLIC, Admission, scopes_of

from .conftest import new_token

REFUSED_BY_ACCESS = {"unauthenticated", "forbidden", "outside_role"}
PEOPLE = {
    "rita": Person("rita", "Rita", "rep", "t-1"),
    "rosa": Person("rosa", "Rosa", "rep", "t-1"),
    "rolf": Person("rolf", "Rolf", "rep", "t-2"),
    "sue": Person("sue", "Sue", "senior", "t-1"),
    "sid": Person("sid", "Sid", "senior", "t-2"),
    "max": Person("max", "Max", "manager", "t-9"),
    "ada": Person("ada", "Ada", "rep", "t-9", admin=True),
    "gone": Person("gone", "Gone", "manager", "t-1", admin=True),
}
ROLES = {
    "rita": {Role.REP},
    "sue": {Role.SUPERVISOR},
    "max": {Role.SUPERVISOR, Role.TOP},
    "ada": {Role.REP, Role.ADMINISTRATOR},
}
SEEN_BY = {
    "rita": {"rita", "sue", "max", "ada"},
    "rolf": {"rolf", "sid", "max", "ada"},
}
"""Who sees the work of whom: not colleagues, not who decides in another team."""


@dataclass(frozen=True)
class Route:
    endpoint: str
    method: str
    rule: str
    sent: Mapping[str, Any]
    names: frozenset[str]

    def by(
        self,
        client: FlaskClient,
        number: int = 0,
        row: Mapping[str, str] | None = None,
        who: str | None = None,
    ) -> tuple[int, str | None]:
        """The status and the problem's code that a caller is answered with."""
        path = self.rule
        for name, value in {**self.sent["path"], **(row or {})}.items():
            path = re.sub(rf"<(?:\w+:)?{name}>", value, path)
        headers = {"Idempotency-Key": f"{self.endpoint}-{number}", "If-Match": '"e0"'}
        body = {name: value for name, value in self.sent["body"].items() if name != "rep"}
        if "by" in body and who is not None:
            body["by"] = {"id": who}
        json = None if self.method in ("GET", "DELETE") else body
        answer = client.open(path, method=self.method, json=json, headers=headers)
        problem = answer.get_json(silent=True) if answer.status_code >= 400 else None
        code = str(problem["type"]).rpartition(":")[2] if problem else None
        return answer.status_code, code


@pytest.fixture
def routes(app: Flask) -> list[Route]:
    """Every route of the app, with what its document shows of a request."""
    document = app.test_client().get("/openapi.json").get_json()["paths"]
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}")
            told = document.get(path, {}).get(method.lower(), {})
            told_path = {
                one["name"]: str(one["schema"].get("examples", one["schema"].get("enum"))[0])
                for one in told.get("parameters", ())
                if one["in"] == "path"
            }
            bodies = told.get("requestBody", {}).get("content", {}).get("application/json", {})
            shown = [one["value"] for one in bodies.get("examples", {}).values()]
            sent = {"path": told_path, "body": shown[0] if shown else {}}
            found.append(Route(rule.endpoint, method, rule.rule, sent, frozenset(rule.arguments)))
    return sorted(found, key=lambda one: (one.endpoint == "end_session", one.rule, one.method))


@pytest.fixture
def clients(
    app: Flask, people: PeopleStore, sessions: Sessions, visitor: FlaskClient
) -> dict[str, FlaskClient]:
    """A client in a session of each person; of one who has left since."""
    made = {}
    for person in PEOPLE.values():
        people.add(person, "test")
        opened = visitor.post("/v1/sessions", json={"code": sessions.code_for(person, None)})
        made[person.id] = app.test_client()
        made[person.id].environ_base["HTTP_AUTHORIZATION"] = f"Bearer {opened.get_json()['token']}"
    people.change("gone", lambda one: replace(one, active=False), "test")
    return made


def test_every_route_lets_through_whom_the_table_names_and_nobody_else(
    app: Flask,
    routes: list[Route],
    clients: dict[str, FlaskClient],
    make_client: Callable[..., FlaskClient],
    visitor: FlaskClient,
    dump: Callable[[], str],
) -> None:
    admission: Admission = app.extensions["admission"]
    everything = make_client(*Scope)
    without = {
        scopes: make_client(*(set(Scope) - set(scopes)))
        for scopes in {scopes_of(admits) for admits in admission.declared.values()}
    }

    def callers(route: Route) -> Iterator[tuple[str, FlaskClient, bool]]:
        admits = admission.declared[route.endpoint]
        scopes = scopes_of(admits)
        open_to_all = admits in (PUBLIC, OWN_FORM)
        yield "nobody", visitor, open_to_all
        yield "gone", clients["gone"], open_to_all
        yield "key", everything, bool(scopes) or open_to_all
        yield "key without the scope", without[scopes], open_to_all
        for name, roles in ROLES.items():
            opened = any(role in ACCESS[scope] for scope in scopes for role in roles)
            yield name, clients[name], opened or not scopes

    wrong, tried = [], 0
    for admitted in (False, True):
        before = dump()
        for route in routes:
            for name, client, expected in callers(route):
                if expected is not admitted or admission.declared[route.endpoint] is OWN_FORM:
                    continue
                status, code = route.by(client, tried)
                tried += 1
                passed = status not in (401, 403) or code not in REFUSED_BY_ACCESS
                if passed is not admitted and not _is_secret(route):
                    wrong.append((name, route.method, route.rule, status, code))
        if not admitted:
            assert dump() == before

    assert wrong == []
    assert tried > 500


def _is_secret(route: Route) -> bool:
    """Answered to anybody who knows a secret, and with 401 to others."""
    return route.rule in ("/v1/sessions", "/v1/sessions/renewal")


def test_forms_of_ours_are_taken_from_no_other_page(
    app: Flask, routes: list[Route], visitor: FlaskClient, dump: Callable[[], str]
) -> None:
    declared = app.extensions["admission"].declared
    forms = [one for one in routes if declared[one.endpoint] is OWN_FORM]
    before = dump()

    answers = [one.by(visitor) for one in forms]

    assert answers == [(403, "other_site")] * len(forms) != []
    assert dump() == before


GRANT = {
    "issue": "card", "remedy": "discount", "reason_code": "delay", "amount": "10",
}  # fmt: skip


@pytest.fixture
def rows(clients: dict[str, FlaskClient]) -> dict[str, dict[str, str]]:
    """What two representatives of different teams have done, by person and kind of path."""
    done = {}
    for name in ("rita", "rolf"):
        client, contact = clients[name], f"c-{name}"
        key = {"Idempotency-Key": f"row-{name}"}
        told = {"opened_at": "2026-03-14T09:00:00Z"}
        assert client.put(f"/v1/contacts/{contact}", json=told).status_code == 200
        suggested = client.post("/v1/suggestions", json={"text": "fee"})
        given = {**GRANT, "contact": {"external_id": contact}}
        granted = client.post("/v1/grants", json=given, headers=key)
        more = {**GRANT, "amount": "20", "order": {"id": f"o-{name}"}}
        asked = client.post("/v1/approvals", json=more, headers=key)
        assert (suggested.status_code, granted.status_code, asked.status_code) == (200, 201, 202)
        done[name] = {
            "external_id": contact,
            "suggestion_id": suggested.get_json()["id"],
            "grant_id": granted.get_json()["id"],
            "approval_id": asked.get_json()["id"],
        }
    return done


def about_rows(
    routes: list[Route], rows: dict[str, dict[str, str]]
) -> Iterator[tuple[Route, str, dict[str, str]]]:
    """Every route that names something somebody has done, with each that was."""
    for route in routes:
        if route.names & rows["rita"].keys():
            for owner, row in rows.items():
                yield route, owner, {name: row[name] for name in route.names}


def test_every_row_is_there_for_nobody_who_may_not_see_it(
    routes: list[Route],
    rows: dict[str, dict[str, str]],
    clients: dict[str, FlaskClient],
    dump: Callable[[], str],
) -> None:
    before, wrong, tried = dump(), [], 0

    for route, owner, row in about_rows(routes, rows):
        if route.method == "PUT":
            continue  # a contact changes hands, see below
        for name in PEOPLE.keys() - SEEN_BY[owner] - {"gone"}:
            tried += 1
            answer = route.by(clients[name], tried, row, who=name)
            if answer not in ((404, "not_found"), (403, "outside_role")):
                wrong.append((name, route.method, route.rule, owner, answer))

    assert dump() == before
    assert wrong == []
    assert tried > 50


def test_every_row_is_there_for_all_who_may_see_it(
    routes: list[Route],
    rows: dict[str, dict[str, str]],
    clients: dict[str, FlaskClient],
    client: FlaskClient,
) -> None:
    wrong = []

    for route, owner, row in about_rows(routes, rows):
        if route.method == "GET":
            readers = [clients[name] for name in SEEN_BY[owner]]
            answers = {route.by(one, 0, row) for one in (*readers, client)}
            if answers != {(200, None)}:
                wrong.append((route.rule, owner, answers))

    assert wrong == []


def test_lists_hold_what_their_reader_may_see_and_nothing_else(
    rows: dict[str, dict[str, str]], clients: dict[str, FlaskClient], client: FlaskClient
) -> None:
    def listed(reader: FlaskClient, path: str, field: str) -> set[str]:
        return {one[field] for one in reader.get(path).get_json()["items"]}

    for name, reader in [*clients.items(), ("key", client)]:
        if name == "gone":
            continue
        expected = {owner for owner, seen_by in SEEN_BY.items() if name in seen_by or name == "key"}
        for path, field, kind in (
            ("/v1/grants", "id", "grant_id"),
            ("/v1/approvals", "id", "approval_id"),
        ):
            found = listed(reader, path, field)
            assert found == {rows[owner][kind] for owner in expected}, (name, path)
        events = listed(reader, "/v1/events?after=0", "subject")
        of_rows = {rows[owner][kind] for owner in rows for kind in ("grant_id", "approval_id")}
        assert events & of_rows == {
            rows[owner][kind] for owner in expected for kind in ("grant_id", "approval_id")
        }, name


def test_contact_changes_hands_within_its_team_and_not_across(
    rows: dict[str, dict[str, str]], clients: dict[str, FlaskClient], dump: Callable[[], str]
) -> None:
    path, told = (
        f"/v1/contacts/{rows['rita']['external_id']}",
        {"opened_at": "2026-03-14T09:00:00Z"},
    )
    before = dump()

    across = clients["rolf"].put(path, json=told)
    unchanged = dump() == before
    within = clients["rosa"].put(path, json=told)

    assert (across.status_code, across.get_json()["type"].rpartition(":")[2]) == (403, "other_team")
    assert unchanged
    assert (within.status_code, within.get_json()["rep"]) == (200, "rosa")
    assert clients["rita"].get(path).status_code == 404


def test_headroom_is_shown_of_those_whose_work_is_seen(clients: dict[str, FlaskClient]) -> None:
    def status(name: str, query: str) -> int:
        return clients[name].get(f"/v1/headroom?{query}").status_code

    assert [status("sue", one) for one in ("rep=rita", "team=t-1", "rep=rita&team=t-1")] == [
        200, 200, 200,
    ]  # fmt: skip
    assert [status("sue", one) for one in ("rep=rolf", "team=t-2", "rep=rita&team=t-2")] == [
        403, 403, 403,
    ]  # fmt: skip
    assert [status("rita", one) for one in ("rep=rosa", "rep=rosa&team=t-1")] == [403, 403]
    assert [status("max", one) for one in ("rep=rolf", "team=t-2")] == [200, 200]


def test_lost_level_counts_from_the_next_request_on(
    clients: dict[str, FlaskClient], people: PeopleStore
) -> None:
    before = clients["sue"].get("/v1/limits/versions").status_code

    people.change("sue", lambda one: replace(one, level="rep"), "test")

    assert (before, clients["sue"].get("/v1/limits/versions").status_code) == (200, 403)


def test_session_inside_of_another_page_reaches_nothing_of_the_console(
    app: Flask, people: PeopleStore, sessions: Sessions, visitor: FlaskClient
) -> None:
    people.add(PEOPLE["max"], "test")
    code = sessions.code_for(PEOPLE["max"], "crm")
    opened = visitor.post("/v1/sessions", json={"code": code}).get_json()
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {opened['token']}"

    assert {"approve", "grant"} <= set(opened["scopes"])
    assert not {"limits:read", "brake", "people", "audit"} & set(opened["scopes"])
    assert client.get("/v1/limits/versions").status_code == 403


@pytest.mark.parametrize("act", ["brake", "draft"])
def test_session_of_who_decides_names_nobody_else_either(
    clients: dict[str, FlaskClient], act: str
) -> None:
    path, body = {
        "brake": ("/v1/brake", {"reason": "too much"}),
        "draft": ("/v1/limits/drafts", {"purpose": "fees"}),
    }[act]
    key = {"Idempotency-Key": "a"}

    forged = clients["sue"].post(path, json={**body, "by": {"id": "max"}}, headers=key)
    own = clients["sue"].post(path, json={**body, "by": {"id": "sue"}}, headers=key)

    assert (forged.status_code, own.status_code) == (403, 201)
    assert forged.get_json()["type"].endswith("not_yourself")


def test_administrator_of_the_lowest_level_looks_after_people_and_tunes_no_limits() -> None:
    of_admins = {scope for scope, cells in ACCESS.items() if Role.ADMINISTRATOR in cells}

    assert {Scope.PEOPLE, Scope.AUDIT} <= of_admins
    assert not {Scope.LIMITS_EDIT, Scope.LIMITS_PUBLISH, Scope.BRAKE, Scope.LEVEL} & of_admins


def test_scope_without_a_line_in_the_table_keeps_the_app_from_starting() -> None:
    assert set(Scope) == set(ACCESS)


def test_key_reaches_everything_it_has_the_scope_for(keys: KeyRing) -> None:
    caller = keys.authenticate(new_token(keys, Scope.GRANT))

    assert caller.sight(Scope.GRANT).covers("anybody", "any team")
