"""The contacts of a day can be listed, filtered and followed page by page; bad days are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

DAY = "/v1/contacts?day=2026-03-14"


@pytest.fixture
def contacts(client: FlaskClient) -> None:
    described: list[tuple[str, int, dict[str, Any] | None]] = [
        ("a", 1, {"resolved": True, "cause": "process"}),
        ("b", 2, {"resolved": False, "cause": "product"}),
        ("c", 3, None),
    ]
    for name, hour, outcome in described:
        body = {
            "opened_at": f"2026-03-14T0{hour}:00:00Z",
            "issues": ["fee" if hour < 3 else "card"],
        }
        assert client.put(f"/v1/contacts/{name}", json=body).status_code == 200
        if outcome is not None:
            headers = {"Idempotency-Key": name}
            answer = client.post(f"/v1/contacts/{name}/outcome", json=outcome, headers=headers)
            assert answer.status_code == 201


def names(answer: Any) -> list[str]:
    return [one["external_id"] for one in answer.get_json()["items"]]


def test_contacts_of_a_day_come_page_by_page_the_newest_first(
    client: FlaskClient, contacts: None
) -> None:
    first = client.get(f"{DAY}&limit=2")
    second = client.get(f"{DAY}&limit=2&cursor={first.get_json()['next_cursor']}")

    assert (names(first), names(second)) == (["c", "b"], ["a"])
    assert second.get_json()["next_cursor"] is None
    assert names(client.get("/v1/contacts?day=2026-03-13")) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("issue=fee", ["b", "a"]),
        ("cause=product", ["b"]),
        ("ended=open", ["c"]),
        ("ended=unresolved", ["b"]),
        ("ended=resolved&issue=fee", ["a"]),
        ("ended=came_back", []),
    ],
)
def test_contacts_of_a_day_are_those_that_a_figure_counted(
    client: FlaskClient, contacts: None, wanted: str, found: list[str]
) -> None:
    assert names(client.get(f"{DAY}&{wanted}")) == found


@pytest.mark.parametrize("path", ["/v1/insights/day", "/v1/contacts"])
@pytest.mark.parametrize("day", ["1999-12-31", "2200-01-01", "2026-02-30", "today", "0001-01-01"])
def test_day_that_is_none_is_refused(client: FlaskClient, path: str, day: str) -> None:
    answer = client.get(f"{path}?day={day}")

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "day"


def test_cursor_that_no_page_gave_is_refused(client: FlaskClient, contacts: None) -> None:
    assert client.get(f"{DAY}&cursor=nobody").status_code == 422


@pytest.mark.parametrize("path", ["/v1/insights/day", "/v1/contacts"])
def test_days_need_the_scope_for_insights(
    make_client: Callable[..., FlaskClient], path: str
) -> None:
    assert make_client("read", "record").get(path).status_code == 403


def test_contacts_of_several_days_come_page_by_page_the_newest_first(
    client: FlaskClient, contacts: None
) -> None:
    body = {"opened_at": "2026-03-11T12:00:00Z", "issues": ["fee"]}
    client.put("/v1/contacts/z", json=body)
    several = "/v1/contacts?since=2026-03-11&until=2026-03-14&limit=2"

    first = client.get(several)
    second = client.get(f"{several}&cursor={first.get_json()['next_cursor']}")

    assert (names(first), names(second)) == (["c", "b"], ["a", "z"])
    assert second.get_json()["next_cursor"] is None
    assert names(client.get("/v1/contacts?since=2026-03-12&until=2026-03-14")) == ["c", "b", "a"]


def test_a_cause_as_measured_lists_as_many_contacts_as_its_measure_counts(
    client: FlaskClient, contacts: None
) -> None:
    told = {"resolved": True}  # of no cause: the library's of a fee is marketing
    client.put("/v1/contacts/z", json={"opened_at": "2026-03-14T00:01:00Z", "issues": ["fee"]})
    client.post("/v1/contacts/z/outcome", json=told, headers={"Idempotency-Key": "z"})
    days = "since=2026-03-10&until=2026-03-14"

    measured = client.get(f"/v1/insights/measures?by=cause&{days}").get_json()["items"]

    counted = {one["key"]: one["contacts"] for one in measured if one["key"]}
    assert counted == {"marketing": 1, "process": 1, "product": 1}
    for cause, number in counted.items():
        listed = client.get(f"/v1/contacts?{days}&measured_cause={cause}")
        assert len(names(listed)) == number


@pytest.mark.parametrize(
    ("wanted", "parameter"),
    [
        ("day=2026-03-14&since=2026-03-14", "day"),
        ("since=2026-03-14&until=2026-03-13", "since"),
        ("since=1999-01-01", "since"),
        ("since=2026-03-13&until=2026-03-14&cursor=nobody", "cursor"),
    ],
)
def test_days_that_contradict_each_other_are_refused_by_name(
    client: FlaskClient, contacts: None, wanted: str, parameter: str
) -> None:
    refused = client.get(f"/v1/contacts?{wanted}")

    (fault,) = refused.get_json()["errors"]
    assert (refused.status_code, fault["parameter"]) == (422, parameter)
