"""Measures are told with how many of how many, within what, and to those whom they concern."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

from .conftest import ActAs

PATH = "/v1/insights/measures"
SUE = Person("sue", "Sue S.", "senior", "t-1")
RITA = Person("rita", "Rita R.", "rep", "t-1")


def put(client: FlaskClient, name: str, **more: Any) -> None:
    body = {"opened_at": "2026-03-12T08:00:00Z", "issues": ["fee"], "team": "t-1"} | more
    assert client.put(f"/v1/contacts/{name}", json=body).status_code == 200


def end(client: FlaskClient, name: str, *, resolved: bool) -> None:
    headers, body = {"Idempotency-Key": name}, {"resolved": resolved}
    answer = client.post(f"/v1/contacts/{name}/outcome", json=body, headers=headers)
    assert answer.status_code == 201


@pytest.fixture
def contacts(client: FlaskClient) -> None:
    put(client, "a", customer="c-1")
    put(client, "b", customer="c-1", opened_at="2026-03-13T08:00:00Z")
    put(client, "c", customer="c-2", team="t-2", issues=["card", "fee"], channel="chat")
    put(client, "d", issues=[], team="t-2")
    end(client, "a", resolved=True)
    end(client, "c", resolved=True)


def test_each_share_comes_with_what_it_is_of_and_few_are_flagged(
    client: FlaskClient, contacts: None
) -> None:
    found = client.get(f"{PATH}?by=team").get_json()

    assert found["total"]["contacts"] == 4
    assert found["total"]["resolved_at_once"] == {
        "count": 1, "of": 2, "share": 0.5, "low": 0.0945, "high": 0.9055, "shrunk": None,
        "few": True,
    }  # fmt: skip
    assert found["total"]["came_back"]["count"] == 1
    assert (found["since"], found["until"]) == ("2025-12-14", "2026-03-14")
    assert (found["pending"], found["whole"], found["unsettled_since"]) == (0, True, "2026-02-28")
    first, second = found["items"]
    assert (first["key"], second["key"]) == ("t-1", "t-2")
    assert (first["repeated"]["count"], first["repeated"]["of"]) == (1, 2)
    assert second["escalated"]["share"] == 0.0


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("by=day", [("2026-03-12", 3), ("2026-03-13", 1)]),
        ("by=week&since=2026-03-13", [("2026-03-09", 1)]),
        ("by=issue", [("fee", 3), ("card", 1), (None, 1)]),
        ("by=issue&issue=fee", [("fee", 3)]),
        ("by=channel&issue=card", [("chat", 1)]),
        ("by=cause", [(None, 2), ("marketing", 1), ("product", 1)]),
        ("by=policy", []),
        ("by=day&until=2026-03-11", []),
    ],
)
def test_contacts_are_told_apart_by_what_is_asked_for(
    client: FlaskClient, contacts: None, wanted: str, told: list[tuple[str | None, int]]
) -> None:
    found = client.get(f"{PATH}?{wanted}").get_json()["items"]

    assert [(one["key"], one["contacts"]) for one in found] == told


def test_a_supervisor_is_told_of_their_own_team(
    client: FlaskClient, act_as: ActAs, people: PeopleStore, contacts: None
) -> None:
    for person in (SUE, RITA):
        people.add(person, "test")

    assert act_as(SUE).get(PATH).get_json()["total"]["contacts"] == 2
    assert act_as(SUE).get(f"{PATH}?team=t-2").status_code == 403
    assert act_as(RITA).get(PATH).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "parameter"),
    [
        ("since=2026-03-02&until=2026-03-01", "since"),
        ("since=2001-01-01", "since"),
        ("by=mood", "by"),
        ("issue=No%20key", "issue"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_name(
    client: FlaskClient, wanted: str, parameter: str
) -> None:
    refused = client.get(f"{PATH}?{wanted}")

    assert refused.status_code == 422
    assert [one["parameter"] for one in refused.get_json()["errors"]] == [parameter]


def test_grants_and_requests_are_measured_by_row_and_level(
    client: FlaskClient, act_as: ActAs, people: PeopleStore
) -> None:
    for person in (SUE, RITA):
        people.add(person, "test")
    body: dict[str, Any] = {"remedy": "discount", "reason_code": "delay"}
    given = body | {"issue": "fee", "amount": "5", "order": {"id": "o-1"}, "rep": {"id": "r-1"}}
    asked = body | {"issue": "card", "amount": "20", "order": {"id": "o-2"}, "rep": {"id": "rita"}}
    made = client.post("/v1/grants", json=given, headers={"Idempotency-Key": "g"}).get_json()
    capture = {"headers": {"Idempotency-Key": "c"}, "json": {}}
    assert client.post(f"/v1/grants/{made['id']}/capture", **capture).status_code == 200
    assert client.post(
        "/v1/approvals", json=asked, headers={"Idempotency-Key": "a"}
    ).status_code == 202  # fmt: skip

    rows = client.get("/v1/insights/grants?by=row").get_json()
    levels = client.get("/v1/insights/approvals?by=level").get_json()

    (row,), (level,) = rows["items"], levels["items"]
    assert (row["reserved"], row["given"]["count"], row["others"]) == (1, 1, 1)
    assert (rows["total"]["spend"], row["given"]["few"]) == ([], True)
    assert (level["key"], level["states"]["pending"]) == ("rep", 1)
    assert (level["approved"]["share"], level["waited_seconds"]) == (None, None)
    assert act_as(SUE).get("/v1/insights/approvals").get_json()["total"]["requests"] == 1
    assert act_as(SUE).get("/v1/insights/grants").get_json()["total"]["reserved"] == 0
    assert client.get("/v1/insights/grants?channel=chat").status_code == 422
