"""Policies are drafted over HTTP by the same operations as limits, and read beside them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from .test_drafts import Caller

DRAFTS, DRAFT = "/v1/{table}/drafts", "/v1/{table}/drafts/{draft_id}"
SAY = (
    "I am sorry about the fee. Some cash machines add a charge of their own, and we pass it on "
    "as it is. I can look at what we may do for you."
)


class Desk(Caller):
    """Sends requests about drafts of policies."""

    def start(self) -> str:
        body = {"by": {"id": "sam"}, "purpose": "Clearer words"}
        made = self.post("/v1/policies/drafts", body, DRAFTS, status=201)
        return f"/v1/policies/drafts/{made.get_json()['id']}"

    def do(
        self, draft: str, name: str, *, by: str = "sam", status: int = 200, **more: Any
    ) -> dict[str, Any]:
        etag = self.client.get(draft).headers["ETag"]
        body = {"by": {"id": by}, **more}
        answer = self.post(f"{draft}/{name}", body, f"{DRAFT}/{name}", status=status, etag=etag)
        found: dict[str, Any] = answer.get_json()
        return found

    def rows(self, draft: str) -> dict[str, dict[str, str]]:
        page = self.get(f"{draft}/rows", f"{DRAFT}/rows")
        return {one["row"]: one["cells"] for one in page["items"]}


@pytest.fixture
def desk(client: FlaskClient, visitor: FlaskClient) -> Desk:
    return Desk(client, visitor.get("/openapi.json").get_json())


def test_words_are_edited_reviewed_approved_and_published(desk: Desk) -> None:
    draft = desk.start()
    cells = desk.rows(draft)["fees/cash"]
    assert (cells["say"], cells["internal"]) == ("Cash costs us money.", "INTERNAL-ONLY")

    bad = {"row": "fees/cash", "cells": {**cells, "say": f"{SAY} At most 15 EUR."}}
    desk.do(draft, "rows", put=[bad])
    review = desk.get(f"{draft}/review", f"{DRAFT}/review")
    refused = desk.do(draft, "submit", status=422)
    desk.do(draft, "rows", put=[{"row": "fees/cash", "cells": {**cells, "say": SAY}}])
    difference = desk.get(f"{draft}/difference", f"{DRAFT}/difference")
    desk.do(draft, "submit")
    own = desk.do(draft, "approve", status=403)
    desk.do(draft, "approve", by="kim")
    version = desk.do(draft, "publish", by="kim", status=201)

    first = review["items"][0]
    assert (first["code"], first["rows"], first["column"]) == (
        "amount_in_say",
        ["fees/cash"],
        "say",
    )
    assert refused["errors"][0]["pointer"] == "/rows/fees~1cash/say"
    assert own["type"].endswith("own_approval")
    assert [one["row"] for one in difference["items"]] == ["fees/cash"]
    assert difference["tightens"] is False
    assert (version["table"], version["number"], version["library"]) == ("policies", 13, 13)
    listed = desk.get("/v1/policies/versions", "/v1/{table}/versions")
    assert (listed["current"], listed["items"][0]["approved_by"]) == (13, "kim")


def test_what_is_being_written_is_checked_before_anybody_keeps_it(desk: Desk) -> None:
    draft = desk.start()
    typed = {**desk.rows(draft)["fees/cash"], "say": "You get up to 15 EUR.", "review_by": "soon"}

    found = desk.post(
        f"{draft}/check",
        {"row": "fees/cash", "cells": typed},
        "/v1/policies/drafts/{draft_id}/check",
        status=200,
    ).get_json()
    typed["review_by"] = "2027-01-01"
    mended = desk.client.post(f"{draft}/check", json={"row": "fees/cash", "cells": typed})

    assert [(one["column"], one["code"]) for one in found["faults"]] == [
        ("review_by", "wrong_type")
    ]
    assert found["readings"][0] == {"column": "say", "words": 6, "grade": -6.7}
    first = mended.get_json()["items"][0]
    assert (first["code"], first["column"]) == ("amount_in_say", "say")
    assert desk.rows(draft)["fees/cash"]["say"] == "Cash costs us money."


def test_real_questions_are_asked_of_a_draft(desk: Desk) -> None:
    found = desk.post(
        f"{desk.start()}/questions", {}, "/v1/policies/drafts/{draft_id}/questions", status=200
    ).get_json()

    assert (found["over"], found["done"], found["of"]) == (True, 5, 5)
    moved = {"text": "where is my card", "source": "said", "count": 3}
    assert found["moved"] == [{**moved, "before": "cards/lost", "after": "cards/sent"}]


def test_what_was_said_and_judged_is_counted_by_policy(desk: Desk) -> None:
    said = {"resolved": True, "said": [{"policy": "fees/cash", "version": 4}]}
    assert desk.client.put(
        "/v1/contacts/c-1", json={"opened_at": "2026-03-14T09:00:00Z"}
    ).status_code in (200, 201)
    headers = {"Idempotency-Key": "outcome-of-c-1"}
    made = desk.client.post("/v1/contacts/c-1/outcome", json=said, headers=headers)
    assert made.status_code == 201, made.get_data(as_text=True)

    report = desk.get("/v1/insights/policies?days=30", "/v1/insights/policies")

    assert report["whole"] is True
    used = {"shown": 0, "said": 1, "resolved": 1, "right": 0, "wrong": 0, "missed": 0}
    assert report["items"] == [{"policy": "fees/cash", **used}]


def test_policies_are_no_sheet_and_cannot_be_replayed(desk: Desk) -> None:
    draft = desk.start()

    for path in (f"{draft}/sheet/preview", f"{draft}/replay"):
        assert desk.client.post(path, json={}).status_code == 422
    assert desk.client.get("/v1/policies/versions/12/sheet").status_code == 422


def test_a_text_of_a_megabyte_is_refused_and_changes_nothing(desk: Desk) -> None:
    draft = desk.start()
    cells = desk.rows(draft)["fees/cash"]

    put = [{"row": "fees/cash", "cells": {**cells, "say": "a" * 900_000}}]
    desk.do(draft, "rows", put=put, status=422)
    put = [{"row": "fees/cash", "cells": {**cells, "say": "a" * 1_000_000}}]
    desk.do(draft, "rows", put=put, status=413)

    assert desk.rows(draft)["fees/cash"] == cells


def test_drafts_and_versions_are_not_taken_for_policies(desk: Desk) -> None:
    assert "items" in desk.client.get("/v1/policies/drafts").get_json()
    assert "current" in desk.client.get("/v1/policies/versions").get_json()
    assert desk.client.get("/v1/policies/fees/cash").get_json()["id"] == "fees/cash"
    assert desk.client.get("/v1/policies/drafts-of-money").status_code == 404
