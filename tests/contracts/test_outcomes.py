"""Contacts and outcomes over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.web.examples import OUTCOME

from .test_document import answer_schema, validator

CONTACT = {"opened_at": "2026-03-14T09:00:00Z", "customer": "c-9", "issues": ["fee"]}


def ended(client: FlaskClient, body: Any, contact: str = "4711", key: str = "a") -> Any:
    path = f"/v1/contacts/{contact}/outcome"
    return client.post(path, json=body, headers={"Idempotency-Key": key})


def test_answers_are_as_published(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    said = OUTCOME | {"said": [{"policy": "fees/cash", "version": 4, "wording": "alternative"}]}
    answers = {
        ("/v1/contacts/{external_id}", "put", "200"): client.put("/v1/contacts/4711", json=CONTACT),
        ("/v1/contacts/{external_id}/outcome", "post", "201"): ended(client, said),
        ("/v1/contacts/{external_id}", "get", "200"): client.get("/v1/contacts/4711"),
        ("/v1/outcomes", "get", "200"): client.get("/v1/outcomes?contact=4711"),
    }

    for (path, method, status), answer in answers.items():
        assert str(answer.status_code) == status, answer.get_json()
        schema = answer_schema(path, method, status)
        validator(document, *schema).validate(answer.get_json())
    read = answers["/v1/contacts/{external_id}", "get", "200"].get_json()
    assert read["opened_at"] == "2026-03-14T09:00:00Z"
    assert read["outcomes"][0]["said"] == [
        {"policy": "fees/cash", "version": 4, "wording": "alternative"}
    ]
    listed = answers["/v1/outcomes", "get", "200"].get_json()
    assert listed == {"is_described": True, "items": read["outcomes"]}


def test_a_contact_that_nobody_described_is_no_fault_to_look_for(client: FlaskClient) -> None:
    answer = client.get("/v1/outcomes?contact=unheard-of")

    assert (answer.status_code, answer.get_json()) == (200, {"is_described": False, "items": []})


def test_putting_the_same_again_gives_the_same_answer(client: FlaskClient) -> None:
    first = client.put("/v1/contacts/4711", json=CONTACT)

    assert client.put("/v1/contacts/4711", json=CONTACT).data == first.data


def test_every_fault_of_a_contact_is_named_at_once(client: FlaskClient) -> None:
    wrong = {
        "opened_at": "2026-03-14T09:32:00Z",
        "closed_at": "1999-12-31T23:59:59Z",
        "issues": ["fee", "nothing", "fee"],
    }

    answer = client.put("/v1/contacts/4711", json=wrong)

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [
        ("/issues/1", "unknown_issue"),
        ("/issues/2", "duplicate"),
        ("/opened_at", "out_of_range"),
        ("/closed_at", "out_of_range"),
        ("/closed_at", "out_of_order"),
    ]


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_the_edge_of_time_is_a_fault(client: FlaskClient, edge: str) -> None:
    answer = client.put("/v1/contacts/4711", json={"opened_at": edge})

    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["%00", "a%0Ab", "x" * 201])
def test_an_id_that_no_contact_can_have_is_a_fault_of_the_path(
    client: FlaskClient, path: str
) -> None:
    answer = client.put(f"/v1/contacts/{path}", json=CONTACT)

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "external_id"


def test_a_contact_nobody_described_is_not_there(client: FlaskClient) -> None:
    assert client.get("/v1/contacts/unheard-of").status_code == 404
    assert ended(client, {"resolved": True}, contact="unheard-of").status_code == 404


def test_an_outcome_is_answered_alike_in_every_retry(client: FlaskClient) -> None:
    client.put("/v1/contacts/4711", json=CONTACT)
    first = ended(client, {"resolved": False})

    again = ended(client, {"resolved": False})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
