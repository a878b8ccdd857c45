"""Money at risk over HTTP: every input is told and can be another; no other is taken."""

import pytest
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from agent_assist.web.insights.brief import render
from agent_assist.web.insights.stake_shapes import IssueReport

from .test_document import answer_schema, validator

STAKES = "/v1/insights/stakes"


@pytest.fixture
def contacts(client: FlaskClient) -> None:
    for number, resolved in enumerate([True, False, False, None]):
        body = {"opened_at": f"2026-03-1{number}T01:00:00Z", "issues": ["fee"], "team": "t-1"}
        assert client.put(f"/v1/contacts/k{number}", json=body).status_code == 200
        if resolved is not None:
            headers = {"Idempotency-Key": f"k{number}"}
            answer = client.post(
                f"/v1/contacts/k{number}/outcome", json={"resolved": resolved}, headers=headers
            )
            assert answer.status_code == 201


def test_stakes_tell_every_input_of_what_they_say(client: FlaskClient, contacts: None) -> None:
    document = client.get("/openapi.json").get_json()

    found = client.get(STAKES).get_json()

    validator(document, *answer_schema(STAKES, "get")).validate(found)
    (fee,) = found["items"]
    assert (found["since"], found["until"], found["days"]) == ("2026-03-10", "2026-03-14", 5)
    assert (fee["issue"], fee["ends"]["contacts"], fee["ends"]["unresolved"]) == ("fee", 4, 2)
    assert fee["share"]["likely"] == 0.6667
    assert fee["ends"]["few"]
    assert found["inputs"] == found["library"]


def test_what_is_supposed_stands_for_what_the_library_says(
    client: FlaskClient, contacts: None
) -> None:
    asked = "customer_value=100&loss_resolved=0&loss_unresolved=0.5&loss_repeated=1.0&share=0.25"

    found = client.get(f"{STAKES}?{asked}").get_json()

    # 4 x .25 x .5 x 100.00
    assert {one["amount"] for one in found["items"][0]["at_risk"].values()} == {"50.00"}
    assert found["inputs"]["share"] == 0.25
    assert found["inputs"] != found["library"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("share=1.5", "out_of_range"),
        ("share=-0.1", "out_of_range"),
        ("share=NaN", "out_of_range"),
        ("loss_unresolved=0.12345", "out_of_range"),
        ("loss_resolved=", "out_of_range"),
        ("loss_repeated=1e-1", "out_of_range"),
        ("customer_value=ten", "invalid_amount"),
        ("customer_value=-1", "invalid_amount"),
        ("customer_value=1000000000.01", "out_of_range"),
        ("since=2026-03-14&until=2026-03-13", "out_of_range"),
        ("since=never", "date_from_datetime_parsing"),
        ("loss=0.1", "unknown_field"),
    ],
)
def test_what_is_no_number_in_range_is_refused_by_name(
    client: FlaskClient, asked: str, code: str
) -> None:
    for path in (STAKES, f"{STAKES}/fee", f"{STAKES}/fee/brief"):
        refused = client.get(f"{path}?{asked}")

        (fault,) = refused.get_json()["errors"]
        assert (refused.status_code, fault["parameter"], fault["code"]) == (
            422, asked.partition("=")[0], code,
        )  # fmt: skip


def test_brief_is_a_page_and_says_the_same_as_the_report(
    client: FlaskClient, contacts: None
) -> None:
    document = client.get("/openapi.json").get_json()

    report = client.get(f"{STAKES}/fee").get_json()
    page = client.get(f"{STAKES}/fee/brief")

    validator(document, *answer_schema(STAKES + "/{issue}", "get")).validate(report)
    assert [week["ends"]["contacts"] for week in report["weeks"]] == [4]
    assert page.mimetype == "text/html"
    assert page.headers["Content-Disposition"] == 'attachment; filename="brief-fee.html"'
    assert "67 %" in page.text
    assert client.get(f"{STAKES}/unheard_of").status_code == 404
    assert client.get(f"{STAKES}/Fee").status_code == 422


def test_what_customers_said_is_text_in_a_brief_and_never_markup(client: FlaskClient) -> None:
    report = client.get(f"{STAKES}/fee").get_json()

    page = render(TypeAdapter(IssueReport).validate_python({**report, "sentences": ["<b>&"]}))

    assert "<blockquote>&lt;b&gt;&amp;</blockquote>" in page
