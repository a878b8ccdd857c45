"""The brake over the API: what is stopped is told, and seen by the very next decision."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from agent_assist.admit import Scope
from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

ASKED = {
    "issue": "fee",
    "facts": {"customer.tier": "plus", "fee.amount": {"amount": "15.00", "currency": "EUR"}},
    "remedies": [{"remedy": "waiver"}],
}


def post(client: FlaskClient, path: str, key: str, **body: Any) -> tuple[int, Any]:
    answer = client.post(path, json=body, headers={"Idempotency-Key": key})
    return answer.status_code, answer.get_json()


def waiver(client: FlaskClient, **more: Any) -> dict[str, Any]:
    decided = client.post("/v1/decisions", json=ASKED | more).get_json()
    option: dict[str, Any] = decided["options"][0]
    return option


def test_a_pulled_brake_is_in_the_next_decision_with_its_reason(client: FlaskClient) -> None:
    before = waiver(client)["verdict"]
    pulled = post(client, "/v1/brake", "a", reason="Too much", by={"id": "kim"})
    during = waiver(client)
    released = post(client, "/v1/brake/release", "b", reason="Enough")

    assert before == waiver(client)["verdict"] == "allowed"
    assert (pulled[0], pulled[1]["scope"], pulled[1]["by"]) == (201, "organisation", "person:kim")
    assert during["verdict"] == "needs_approval"
    assert during["binding"] == {
        "kind": "brake", "scope": "organisation", "team": None, "reason": "Too much",
        "headroom": {"amount": "0.00", "currency": "EUR"},
    }  # fmt: skip
    assert (released[0], released[1]["pulled"]) == (200, False)


def test_a_teams_brake_is_listed_and_reaches_the_team_alone(client: FlaskClient) -> None:
    post(client, "/v1/brake", "a", team="t-1", reason="Too much")

    [listed] = client.get("/v1/brake").get_json()["items"]

    assert (listed["team"], listed["pulled"]) == ("t-1", True)
    assert waiver(client, rep={"team": "t-2"})["verdict"] == "allowed"
    assert waiver(client, rep={"team": "t-1"})["binding"]["team"] == "t-1"
    assert post(client, "/v1/brake/release", "b", reason="No")[0] == 409


def test_a_brake_is_pulled_once_for_each_key(client: FlaskClient) -> None:
    first = post(client, "/v1/brake", "a", reason="Too much")
    post(client, "/v1/brake/release", "b", reason="Enough")

    assert post(client, "/v1/brake", "a", reason="Too much") == first
    assert client.get("/v1/brake").get_json()["items"] == []


def test_who_pulls_or_releases_is_active_and_of_a_level_that_may(
    client: FlaskClient, people: PeopleStore
) -> None:
    for name, level in (("low", "rep"), ("mid", "senior"), ("left", "manager"), ("odd", "gone")):
        people.add(Person(name, name, level, "t-1", active=name != "left"), "test")

    def tried(path: str, person: str) -> tuple[int, str]:
        status, answer = post(
            client, path, f"{path[-7:]}-{person}".replace("/", ""), reason="So", by={"id": person}
        )
        return status, answer.get("type", "").rpartition(":")[2]

    assert [tried("/v1/brake", name) for name in ("nobody", "left", "low", "odd", "mid")] == [
        (403, "unknown_person"),
        (403, "unknown_person"),
        (403, "level_too_low"),
        (403, "level_too_low"),
        (201, ""),
    ]
    assert tried("/v1/brake/release", "mid") == (403, "level_too_low")
    assert waiver(client)["verdict"] == "needs_approval"
    assert tried("/v1/brake/release", "kim") == (200, "")
    people.change("mid", lambda one: replace(one, active=False), "test")
    assert tried("/v1/brake", "mid") == (201, "")  # its own answer, given again


def test_the_brake_needs_its_own_scope(make_client: Callable[..., FlaskClient]) -> None:
    status, _ = post(make_client(Scope.GRANT), "/v1/brake", "a", reason="Too much")

    assert status == 403
