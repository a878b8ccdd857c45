"""The life of a draft over HTTP: every answer is as published, and refusals say what to do."""

import base64
import itertools
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from .test_document import answer_schema, validator

_KEYS = itertools.count()
ROW = {"issue": "fee", "remedy": "discount", "effect": "allow", "offer": "if_asked"}
ROW |= {"ceiling.rep": "12.5%", "ceiling.senior": "25%", "ceiling.manager": "30%"}


@pytest.fixture
def document(visitor: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = visitor.get("/openapi.json").get_json()
    return found


class Caller:
    """Sends requests and holds every answer to the document."""

    def __init__(self, client: FlaskClient, document: dict[str, Any]) -> None:
        self.client = client
        self.document = document

    def begin(self, by: str = "sam", **more: Any) -> str:
        body = {"by": {"id": by}, "purpose": "a test", **more}
        made = self.post("/v1/limits/drafts", body, "/v1/{table}/drafts", status=201)
        found: str = made.get_json()["id"]
        return found

    def act(
        self, draft: str, name: str, body: dict[str, Any], *, by: str = "sam", status: int = 200
    ) -> Any:
        etag = self.client.get(f"/v1/limits/drafts/{draft}").headers["ETag"]
        path, published = f"/v1/limits/drafts/{draft}/{name}", "/v1/{table}/drafts/{draft_id}/"
        body = {"by": {"id": by}, **body}
        return self.post(path, body, published + name, status=status, etag=etag).get_json()

    def get(self, path: str, published: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        validator(self.document, *answer_schema(published, "get")).validate(answer.get_json())
        return answer.get_json()

    def post(
        self, path: str, body: Any, published: str, *, status: int, etag: str | None = None
    ) -> TestResponse:
        headers = {"Idempotency-Key": str(next(_KEYS))} | ({"If-Match": etag} if etag else {})
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        if status < 300:
            steps = answer_schema(published, "post", str(status))
            validator(self.document, *steps).validate(answer.get_json())
        return answer


@pytest.fixture
def call(client: FlaskClient, document: dict[str, Any]) -> Caller:
    return Caller(client, document)


def put(key: str = "R3", **cells: str) -> dict[str, Any]:
    return {"put": [{"row": key, "cells": ROW | cells}]}


def test_a_draft_lives_from_its_beginning_to_its_publication(call: Caller) -> None:
    draft = call.begin()
    one, published = f"/v1/limits/drafts/{draft}", "/v1/{table}/drafts/{draft_id}"

    call.act(draft, "rows", put())
    call.act(draft, "rows", {"drop": ["R4"]})
    rows = call.get(f"{one}/rows", f"{published}/rows")
    review = call.get(f"{one}/review", f"{published}/review")
    difference = call.get(f"{one}/difference", f"{published}/difference")
    call.act(draft, "submit", {"comment": "Please look"})
    call.post(
        f"{one}/comments",
        {"by": {"id": "kim"}, "comment": "Fine"},
        f"{published}/comments",
        status=200,
    )
    call.act(draft, "approve", {}, by="kim")
    version = call.act(draft, "publish", {"note": "A test"}, status=201)
    after = call.get(one, published)

    assert [one["row"] for one in rows["items"]] == ["R1", "R2", "R3", "R5", "R6"]
    assert review["faults"] == []
    assert [(one["row"], one["kind"]) for one in difference["items"]] == [
        ("R3", "changed"),
        ("R4", "removed"),
    ]
    assert difference["items"][1]["after"] is None
    assert (version["number"], version["state"], version["approved_by"]) == (9, "current", "kim")
    assert (after["state"], after["version"]) == ("published", 9)
    assert [one["kind"] for one in after["acts"]] == [
        "edit", "edit", "submit", "comment", "approve", "publish",
    ]  # fmt: skip
    listed = call.get("/v1/limits/versions", "/v1/{table}/versions")
    assert listed["current"] == 9
    assert [(one["number"], one["state"]) for one in listed["items"]] == [
        (9, "current"),
        (8, "past"),
    ]


def test_the_difference_of_a_draft_is_that_of_its_newest_edit(call: Caller) -> None:
    mine, other = call.begin(), call.begin()

    def differing(draft: str) -> list[str]:
        path = f"/v1/limits/drafts/{draft}/difference"
        found = call.get(path, "/v1/{table}/drafts/{draft_id}/difference")
        return [one["row"] for one in found["items"]]

    call.act(mine, "rows", put())
    assert (differing(mine), differing(other), differing(mine)) == (["R3"], [], ["R3"])
    call.act(mine, "rows", {"drop": ["R4"]})
    call.act(other, "rows", {"drop": ["R5"]})
    assert (differing(mine), differing(other)) == (["R3", "R4"], ["R5"])


def test_a_scheduled_version_is_shown_and_can_be_cancelled(call: Caller) -> None:
    draft = call.begin()
    call.act(draft, "rows", {"drop": ["R4"]})
    version = call.act(draft, "publish", {"effective_at": "2026-03-15T00:00:00Z"}, status=201)

    cancelled = call.post(
        f"/v1/limits/versions/{version['number']}/cancel",
        {"by": {"id": "kim"}},
        "/v1/{table}/versions/{number}/cancel",
        status=200,
    )

    assert version["state"] == "scheduled"
    assert cancelled.get_json()["state"] == "cancelled"
    assert call.get("/v1/limits/versions", "/v1/{table}/versions")["current"] == 8


def test_a_past_date_is_refused_by_its_field(call: Caller) -> None:
    draft = call.begin()
    call.act(draft, "rows", {"drop": ["R4"]})

    problem = call.act(draft, "publish", {"effective_at": "2026-03-14T09:25:59Z"}, status=422)

    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
        ("/effective_at", "in_the_past")
    ]


def test_an_outdated_edit_is_refused_with_what_was_changed(
    call: Caller, document: dict[str, Any]
) -> None:
    draft = call.begin()
    call.act(draft, "rows", put(), by="kim")

    answer = call.post(
        f"/v1/limits/drafts/{draft}/rows",
        {"by": {"id": "sam"}, "drop": ["R3"]},
        "",
        status=412,
        etag='"e0"',
    )

    problem = answer.get_json()
    steps = ("components", "responses", "Outdated", "content", "application/problem+json")
    validator(document, *steps, "schema").validate(problem)
    assert problem["etag"] == '"e1"'
    assert [(one["row"], one["by"]) for one in problem["changed"]] == [("R3", "kim")]


@pytest.mark.parametrize(
    ("etag", "status"), [(None, 428), ("e0", 422), ("*", 422), ('W/"e0"', 422), ('"e1"', 412)]
)
def test_an_edit_must_say_what_it_knows_of(call: Caller, etag: str | None, status: int) -> None:
    draft = call.begin()
    body = {"by": {"id": "sam"}, "drop": ["R3"]}
    call.post(f"/v1/limits/drafts/{draft}/rows", body, "", status=status, etag=etag)


def test_clashes_are_listed_for_a_person_to_choose(call: Caller, document: dict[str, Any]) -> None:
    mine, theirs = call.begin(), call.begin("kim")
    call.act(mine, "rows", put(**{"ceiling.rep": "10%"}))
    call.act(theirs, "rows", {"drop": ["R3"]}, by="kim")
    call.act(theirs, "publish", {}, by="kim", status=201)

    problem = call.act(mine, "rebase", {}, status=409)
    rebased = call.act(mine, "rebase", {"mine": ["R3"]})

    steps = ("components", "responses", "Conflict", "content", "application/problem+json")
    validator(document, *steps, "schema").validate(problem)
    assert problem["newest"] == 9
    (clash,) = problem["clashes"]
    assert (clash["row"], clash["theirs"]) == ("R3", None)
    assert clash["mine"]["ceiling.rep"] == "10%"
    assert rebased["base"] == 9


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_downloaded_sheet_is_loaded_again_as_it_was(call: Caller, form: str) -> None:
    sheet = call.client.get(f"/v1/limits/versions/8/sheet?format={form}")
    draft = call.begin()
    raw = sheet.get_data()
    content = base64.b64encode(raw).decode() if form == "xlsx" else raw.decode()
    given = {"format": form, "content": content}

    preview = call.client.post(f"/v1/limits/drafts/{draft}/sheet/preview", json=given)
    call.act(draft, "sheet", given)

    assert sheet.status_code == 200
    assert preview.get_json()["items"] == []
    after = call.get(f"/v1/limits/drafts/{draft}/rows", "/v1/{table}/drafts/{draft_id}/rows")
    before = call.get("/v1/limits/versions/8/rows", "/v1/{table}/versions/{number}/rows")
    assert after == before


def test_a_sheet_is_previewed_with_the_cells_that_cannot_be_read(call: Caller) -> None:
    lines = "".join(f"R{n},fee,maybe,red\n" for n in range(60))
    given = {"format": "csv", "content": f"row,issue,effect,colour\n{lines}"}

    path = f"/v1/limits/drafts/{call.begin()}/sheet/preview"
    preview = call.client.post(path, json=given).get_json()

    faults = preview["faults"]
    assert (preview["unreadable"], len(faults)) == (180, 100)
    assert {(one["row"], one["column"]) for one in faults[:3]} == {
        ("R0", "colour"),
        ("R0", "effect"),
        ("R0", "remedy"),
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"format": "csv", "content": ""}, "empty"),
        ({"format": "csv", "content": "a,b\n1,2\n"}, "missing_column"),
        ({"format": "csv", "content": "row\nR1\nR1\n"}, "duplicate"),
        ({"format": "csv", "content": "row\n=1+1\n"}, "bad_key"),
        ({"format": "xlsx", "content": "not base64"}, "bad_base64"),
        ({"format": "xlsx", "content": "\u00aa"}, "bad_base64"),
        ({"format": "xlsx", "content": "bm8gd29ya2Jvb2s="}, "bad_xlsx"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(
    call: Caller, given: dict[str, str], code: str
) -> None:
    problem = call.act(call.begin(), "sheet", given, status=422)

    assert problem["errors"][0]["code"] == code


def test_rows_are_checked_cell_by_cell_and_nothing_is_written(call: Caller) -> None:
    cells = ROW | {"ceiling.rep": "ten", "fee.disclosed": "perhaps"}
    body = {"rows": [{"row": "R3", "cells": cells}, {"row": "N1", "cells": {"issue": "fee"}}]}

    answer = call.client.post("/v1/limits/check", json=body)

    assert answer.status_code == 200
    validator(call.document, *answer_schema("/v1/{table}/check", "post")).validate(
        answer.get_json()
    )
    assert {(one["row"], one["column"]) for one in answer.get_json()["faults"]} == {
        ("R3", "ceiling.rep"),
        ("R3", "fee.disclosed"),
        ("N1", "remedy"),
        ("N1", "effect"),
    }
    hidden = {"rows": [{"row": "R3", "cells": {"say": "a\u200bb"}}]}
    refused = call.client.post("/v1/limits/check", json=hidden)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/rows/R3/say"


def test_a_draft_is_downloaded_as_it_was_written_faults_and_all(call: Caller) -> None:
    draft = call.begin()
    call.act(draft, "rows", put(**{"ceiling.rep": "ten", "say": "=1+1"}))

    sheet = call.client.get(f"/v1/limits/drafts/{draft}/sheet?format=json").get_json()
    written = call.client.get(f"/v1/limits/drafts/{draft}/sheet").get_data(as_text=True)

    row = next(one for one in sheet["rows"] if one["row"] == "R3")
    assert (row["ceiling.rep"], row["say"]) == ("ten", "=1+1")
    assert ",=1+1" not in written  # a spreadsheet would reckon it


def test_a_draft_is_replayed_on_what_was_granted(call: Caller) -> None:
    asked: dict[str, Any] = {"issue": "fee", "remedy": "refund", "amount": "10.00"}
    asked |= {"reason_code": "our_error", "order": {"id": "o-1"}}
    asked |= {"facts": {"fee.disclosed": False}}
    call.post("/v1/grants", asked, "/v1/grants", status=201)
    draft, one = call.begin(), "/v1/{table}/drafts/{draft_id}"
    path = f"/v1/limits/drafts/{draft}"
    rows = call.get(f"{path}/rows", f"{one}/rows")["items"]
    lower = next(row["cells"] for row in rows if row["row"] == "R2") | {"ceiling.rep": "4.00"}

    same = call.post(f"{path}/replay", {}, f"{one}/replay", status=200).get_json()
    call.act(draft, "rows", {"put": [{"row": "R2", "cells": lower}]})
    found = call.post(f"{path}/replay", {}, f"{one}/replay", status=200).get_json()
    before = {"until": "2026-03-14T09:26:00Z"}
    none = call.post(f"{path}/replay", before, f"{one}/replay", status=200).get_json()

    assert (same["total"]["cases"], same["total"]["same"], same["total"]["granted"]) == (
        1,
        1,
        "10.00",
    )
    assert (found["entries"], found["complete"], found["etag"]) == (1, True, '"e1"')
    assert (found["total"]["less"], found["total"]["unbounded"]) == (1, 1)
    assert (found["total"]["granted"], found["total"]["uncovered"]) == ("10.00", "6.00")
    assert found["by_responsible"][0]["responsible"] == {"kind": "row", "key": "R2"}
    assert (none["entries"], none["total"]["cases"]) == (0, 0)
    call.act(draft, "rows", {"put": [{"row": "R2", "cells": lower | {"ceiling.rep": "much"}}]})
    faulty = call.post(f"{path}/replay", {}, f"{one}/replay", status=422).get_json()
    assert [fault["pointer"] for fault in faulty["errors"]] == ["/rows/R2/ceiling.rep"]


def test_a_case_is_tried_by_what_is_published_and_by_a_draft_and_leaves_no_trace(
    call: Caller,
) -> None:
    draft = call.begin()
    rows = call.get(f"/v1/limits/drafts/{draft}/rows", "/v1/{table}/drafts/{draft_id}/rows")
    lower = next(row["cells"] for row in rows["items"] if row["row"] == "R2")
    call.act(draft, "rows", {"put": [{"row": "R2", "cells": lower | {"ceiling.rep": "4.00"}}]})
    case: dict[str, Any] = {"issue": "fee", "facts": {"fee.disclosed": False}, "draft": draft}
    case |= {"remedies": [{"remedy": "refund"}]}

    tried = call.post("/v1/limits/trials", case, "/v1/{table}/trials", status=200).get_json()
    alone = {"issue": "fee", "level": "senior"}
    published = call.post("/v1/limits/trials", alone, "/v1/{table}/trials", status=200).get_json()
    replayed = call.post(
        f"/v1/limits/drafts/{draft}/replay", {}, "/v1/{table}/drafts/{draft_id}/replay", status=200
    ).get_json()

    assert (tried["level"], tried["etag"]) == ("rep", '"e1"')
    assert tried["published"]["options"][0]["up_to"] == {"unlimited": True}
    assert tried["draft"]["options"][0]["up_to"] == {"amount": "4.00", "currency": "EUR"}
    assert (published["level"], published["draft"], published["etag"]) == ("senior", None, None)
    assert replayed["entries"] == 0


def test_a_trial_refuses_what_nobody_could_decide(call: Caller) -> None:
    draft = call.begin()
    call.act(draft, "rows", put(**{"ceiling.rep": "much"}))

    def refused(body: dict[str, Any], status: int) -> list[str]:
        answer = call.post("/v1/limits/trials", body, "", status=status).get_json()
        return [one["pointer"] for one in answer.get("errors", [])]

    assert refused({"issue": "rain"}, 422) == ["/issue"]
    assert refused({"issue": "fee", "level": "king"}, 422) == ["/rep/level"]
    assert refused({"issue": "fee", "draft": draft}, 422) == ["/rows/R3/ceiling.rep"]
    assert refused({"issue": "fee", "draft": "drf_none"}, 404) == []


def test_two_versions_are_compared_in_words_and_side_by_side(call: Caller) -> None:
    first = call.get("/v1/limits/versions", "/v1/{table}/versions")["current"]
    draft = call.begin()
    call.act(draft, "rows", {"drop": ["R4"]})
    published = call.act(draft, "publish", {}, status=201)["number"]
    path, known = f"/v1/limits/versions/{published}/difference", "/v1/{table}/versions/{number}"

    found = call.get(f"{path}?against={first}", f"{known}/difference")
    back = call.get(
        f"/v1/limits/versions/{first}/difference?against={published}", f"{known}/difference"
    )

    assert [(one["row"], one["kind"]) for one in found["items"]] == [("R4", "removed")]
    assert (found["base"], found["changed"], found["tightens"]) == (first, 1, True)
    assert [(one["row"], one["kind"]) for one in back["items"]] == [("R4", "added")]
    assert call.client.get(path).status_code == 422
    assert call.client.get(f"{path}?against=99").status_code == 404


def test_nobody_unknown_acts_and_nobody_approves_their_own(call: Caller) -> None:
    draft = call.begin()
    call.act(draft, "rows", put())
    unknown = call.act(draft, "rows", put(), by="nobody", status=403)
    unapproved = call.act(draft, "publish", {}, status=409)
    call.act(draft, "submit", {})
    own = call.act(draft, "approve", {}, status=403)

    kinds = [one["type"].rpartition(":")[2] for one in (unknown, unapproved, own)]
    assert kinds == ["unknown_person", "needs_approval", "own_approval"]
