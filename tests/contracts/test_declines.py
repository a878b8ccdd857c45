"""Advice on a limit is declined once, by whom it may be, and only about what there is."""

from typing import Any

import pytest
from flask.testing import FlaskClient

DECLINES = "/v1/insights/limits/declines"
ADVICE = {"kind": "raise", "row": "R1", "level": "rep", "reason": "A second look is worth it"}


def decline(client: FlaskClient, body: dict[str, Any], key: str = "once") -> Any:
    return client.post(DECLINES, json=body, headers={"Idempotency-Key": key})


def test_advice_is_declined_once_and_the_audit_knows(client: FlaskClient) -> None:
    first = decline(client, ADVICE)
    again = decline(client, ADVICE)

    assert (first.status_code, first.data) == (201, again.data)
    assert first.get_json() | ADVICE == first.get_json()
    acts = client.get("/v1/audit?act=advice.decline").get_json()["items"]
    assert [one["subject"] for one in acts] == ["R1"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"row": "R999"}, "/row"),
        ({"level": "emperor"}, "/level"),
        ({"kind": "drop"}, "/level"),
        ({"kind": "praise"}, "/kind"),
        ({"level": None}, "/level"),
        ({"reason": "x" * 1001}, "/reason"),
    ],
)
def test_advice_that_nobody_could_have_given_is_refused(
    client: FlaskClient, change: dict[str, Any], pointer: str
) -> None:
    refused = decline(client, ADVICE | change)

    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == [pointer]
