"""The report on drift over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from .test_document import answer_schema, validator

PATH = "/v1/insights/drift"


def drift(client: FlaskClient, query: str = "") -> Any:
    return client.get(f"{PATH}{query}").get_json()


def test_it_is_told_by_week_and_model(client: FlaskClient) -> None:
    for text in ("the machine took a fee", "the machine took my zorblat", "a fee, a fee"):
        client.post("/v1/suggestions", json={"text": text})

    found = drift(client)

    validator(client.get("/openapi.json").get_json(), *answer_schema(PATH, "get")).validate(found)
    assert found == {
        "whole": True,
        "items": [
            {
                "week": "2026-03-09",
                "model": "fake/1",
                "suggestions": 3,
                "few": True,
                "abstained": {"count": 1, "share": 0.3333, "low": 0.0615, "high": 0.7923},
                "probability": 0.9123,
                "words": 8,
                "unknown_words": 0.125,
            }
        ],
    }


def test_what_was_said_is_not_in_it(client: FlaskClient) -> None:
    client.post("/v1/suggestions", json={"text": "zorblat took a fee"})

    assert "zorblat" not in client.get(PATH).get_data(as_text=True)


def test_without_suggestions_there_is_nothing_to_tell(client: FlaskClient) -> None:
    assert drift(client) == {"whole": True, "items": []}


@pytest.mark.parametrize("weeks", ["0", "53", "x", "1.5"])
def test_a_number_of_weeks_that_is_none_is_refused(client: FlaskClient, weeks: str) -> None:
    assert client.get(f"{PATH}?weeks={weeks}").status_code == 422
