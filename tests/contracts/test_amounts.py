"""An amount is stated as an answer says it, or as a plain text, in the remedy's unit alone."""

from typing import Any

import pytest
from flask.testing import FlaskClient

FACTS = {
    "customer.tier": "plus", "fee.amount": {"amount": "15.00", "currency": "EUR"},
    "contact.since": "2026-02-01", "cards.count": 5,
}  # fmt: skip


def decided(client: FlaskClient, issue: str, remedy: dict[str, Any]) -> Any:
    body = {"issue": issue, "facts": FACTS, "remedies": [remedy]}
    return client.post("/v1/decisions", json=body).get_json()["options"][0]


def given(client: FlaskClient, amount: Any) -> tuple[int, Any]:
    """A discount, whose unit is percent."""
    body = {
        "issue": "fee", "remedy": "discount", "amount": amount, "reason_code": "delay",
        "facts": FACTS, "contact": {"external_id": "k"}, "order": {"id": "o"},
        "customer": {"id": "c"}, "rep": {"id": "r", "team": "t"},
    }  # fmt: skip
    answer = client.post("/v1/grants", json=body, headers={"Idempotency-Key": "a"})
    return answer.status_code, answer.get_json()


@pytest.mark.parametrize(
    ("issue", "remedy"), [("fee", "waiver"), ("fee", "discount"), ("card", "card")]
)
def test_what_an_answer_offers_is_decided_on_as_it_stands(
    client: FlaskClient, issue: str, remedy: str
) -> None:
    offered = decided(client, issue, {"remedy": remedy})

    asked = decided(client, issue, {"remedy": remedy, "amount": offered["up_to"]})

    assert (offered["verdict"], asked["verdict"]) == ("allowed", "allowed")


def test_what_an_answer_offers_is_granted_as_it_stands(client: FlaskClient) -> None:
    up_to = decided(client, "fee", {"remedy": "discount"})["up_to"]

    status, grant = given(client, up_to)

    assert (status, grant["amount"]) == (201, up_to)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ({"count": 1}, "unit"),
        ({"days": 1}, "unit"),
        ({"amount": "1.00", "currency": "EUR"}, "unit"),
        ({"percent": "0"}, "more than 0"),
        ({"percent": " 5"}, "no space"),
        ({"percent": "5 "}, "no space"),
        ("5\u00a0", "no space"),
        (" 5", "no space"),
    ],
)
def test_an_amount_in_another_unit_is_refused_in_words(
    client: FlaskClient, amount: Any, said: str
) -> None:
    status, refusal = given(client, amount)

    assert status == 422
    assert [(one["pointer"], one["code"]) for one in refusal["errors"]] == [
        ("/amount", "bad_amount")
    ]
    assert said in refusal["errors"][0]["detail"]


@pytest.mark.parametrize("amount", [{"count": 0}, {"count": 1, "days": 1}, {"count": "1"}, 5, None])
def test_an_amount_of_no_known_form_is_refused(client: FlaskClient, amount: Any) -> None:
    status, refusal = given(client, amount)

    assert status == 422
    assert refusal["errors"][0]["pointer"].startswith("/amount")


@pytest.mark.parametrize("amount", [5, 5.0, True, []])
def test_a_number_that_is_no_text_is_told_how_to_be_sent(client: FlaskClient, amount: Any) -> None:
    _, refusal = given(client, amount)

    assert refusal["errors"][0]["code"] == "wrong_type"
    assert 'a text such as "15.00"' in refusal["errors"][0]["detail"]


@pytest.mark.parametrize("reason", [" ", "\u200b", "\u00a0\t"])
def test_a_grant_is_taken_back_for_a_reason_that_can_be_read(
    client: FlaskClient, reason: str
) -> None:
    answer = client.post(
        "/v1/grants/grt_1/void", json={"reason": reason}, headers={"Idempotency-Key": "b"}
    )

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.get_json()["errors"]] == ["/reason"]
