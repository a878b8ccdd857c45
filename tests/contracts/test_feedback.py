"""Feedback on suggestions over HTTP, and suggestions as they were given."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.admit import Scope

from .test_document import answer_schema, validator

PATH = "/v1/suggestions/{suggestion_id}"


@pytest.fixture
def suggestion(client: FlaskClient) -> str:
    """The id of a suggestion that showed `fees/cash` and, as an alternative, `cards/lost`."""
    turns = [{"from": "customer", "text": "the machine took a fee from Jo Doe, 4111 1111"}]
    return str(client.post("/v1/suggestions", json={"transcript": turns}).get_json()["id"])


def say(client: FlaskClient, suggestion: str, key: str = "a", **body: Any) -> Any:
    path = f"/v1/suggestions/{suggestion}/feedback"
    return client.post(path, json=body, headers={"Idempotency-Key": key})


def test_answers_are_as_published(client: FlaskClient, suggestion: str) -> None:
    document = client.get("/openapi.json").get_json()
    answers = {
        (f"{PATH}/feedback", "post", "201"): say(client, suggestion, verdict="right"),
        (PATH, "get", "200"): client.get(f"/v1/suggestions/{suggestion}"),
    }

    for (path, method, status), answer in answers.items():
        assert str(answer.status_code) == status, answer.get_json()
        schema = answer_schema(path, method, status)
        validator(document, *schema).validate(answer.get_json())


def test_a_suggestion_is_read_as_it_was_given(client: FlaskClient, suggestion: str) -> None:
    say(client, suggestion, verdict="right", by={"id": "r-17"})

    found = client.get(f"/v1/suggestions/{suggestion}").get_json()

    assert found["versions"] == {"library": 12, "limits": 8, "budgets": 3, "model": "fake/1"}
    main, other = found["matches"]
    assert main["options"]
    assert (main["role"], main["policy"], main["issue"], main["probability"], main["turns"]) == (
        "main", {"id": "fees/cash", "version": 4}, "fee", 0.9123, [0]
    )  # fmt: skip
    assert (other["role"], other["policy"]["id"]) == ("alternative", "cards/lost")
    [feedback] = found["feedback"]
    assert feedback == {
        "number": 1, "at": feedback["at"], "by": "r-17", "verdict": "right",
        "policy": "fees/cash", "issue": None, "holds": True,
    }  # fmt: skip


def test_what_the_customer_said_is_not_in_it(client: FlaskClient, suggestion: str) -> None:
    found = client.get(f"/v1/suggestions/{suggestion}").get_data(as_text=True)

    assert "machine" not in found
    assert "Doe" not in found


def test_of_several_opinions_of_one_person_the_newest_holds(
    client: FlaskClient, suggestion: str
) -> None:
    say(client, suggestion, "a", verdict="right", by={"id": "r-1"})
    say(client, suggestion, "b", verdict="wrong")
    say(client, suggestion, "c", verdict="wrong", policy="cards/lost", by={"id": "r-1"})
    say(client, suggestion, "d", verdict="other", policy="cards/sent", issue="card")

    found = client.get(f"/v1/suggestions/{suggestion}").get_json()["feedback"]

    assert [(one["number"], one["by"], one["policy"], one["holds"]) for one in found] == [
        (1, "r-1", "fees/cash", False),
        (2, None, "fees/cash", False),
        (3, "r-1", "cards/lost", True),
        (4, None, "cards/sent", True),
    ]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"verdict": "right", "policy": "cards/sent"}, "/policy", "not_shown"),
        ({"verdict": "wrong", "policy": "no/such"}, "/policy", "not_shown"),
        ({"verdict": "other"}, "/policy", "missing"),
        ({"verdict": "other", "policy": "no/such"}, "/policy", "unknown_policy"),
        ({"verdict": "right", "issue": "card"}, "/issue", "not_covered"),
        ({"verdict": "other", "policy": "cards/sent", "issue": "fee"}, "/issue", "not_covered"),
        ({"verdict": "wrong", "issue": "fee"}, "/issue", "not_taken"),
        ({"verdict": "maybe"}, "/verdict", "unknown_choice"),
        ({}, "/verdict", "missing"),
        ({"verdict": "right", "text": "no"}, "/text", "unknown_field"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(
    client: FlaskClient, suggestion: str, body: Any, pointer: str, code: str
) -> None:
    answer = say(client, suggestion, **body)

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [
        (pointer, code)
    ]
    assert client.get(f"/v1/suggestions/{suggestion}").get_json()["feedback"] == []


def test_feedback_is_answered_alike_in_every_retry(client: FlaskClient, suggestion: str) -> None:
    first = say(client, suggestion, verdict="right")

    again = say(client, suggestion, verdict="right")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(client.get(f"/v1/suggestions/{suggestion}").get_json()["feedback"]) == 1
    assert say(client, suggestion, verdict="wrong").status_code == 422


def test_a_suggestion_nobody_was_given_is_not_there(client: FlaskClient) -> None:
    assert client.get("/v1/suggestions/sug_none").status_code == 404
    assert say(client, "sug_none", verdict="right").status_code == 404
    assert say(client, "sug%20none", verdict="right").status_code == 422


def test_feedback_needs_the_scope_to_record(
    make_client: Callable[..., FlaskClient], suggestion: str
) -> None:
    client = make_client(*(scope for scope in Scope if scope is not Scope.RECORD))

    assert client.get(f"/v1/suggestions/{suggestion}").status_code == 403
    assert say(client, suggestion, verdict="right").status_code == 403
