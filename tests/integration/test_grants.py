"""Grants over the API: the bank's library, a real server, a real database."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent_assist.web.examples import GRANT, VOID
from tests.serving import Server, a_key, run, serving


class Desk:
    """A CRM with a key, at a server."""

    def __init__(self, server: Server, key: str) -> None:
        self.server, self.key, self.sent = server, key, 0

    def post(
        self, path: str, body: object, key: str | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        self.sent += 1
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.key}",
            "Idempotency-Key": key or f"k{self.sent}",
        }
        if key == "":
            del headers["Idempotency-Key"]
        data = json.dumps(body).encode()
        request = urllib.request.Request(self.server.address + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read(), dict(refusal.headers)

    def told(self, path: str, body: object, key: str | None = None) -> tuple[int, Any]:
        status, answer, _ = self.post(path, body, key)
        return status, json.loads(answer)

    def get(self, path: str) -> Any:
        status, answer = self.server.ask(path, self.key)
        assert status == 200, answer
        return answer


@pytest.fixture(scope="module")
def deployment(prepared_data: Path, encoder_folder: Path, tmp_path_factory: Any) -> Path:
    del encoder_folder
    return Path(shutil.copytree(prepared_data, tmp_path_factory.mktemp("grants") / "data"))


@pytest.fixture(scope="module")
def server(deployment: Path) -> Iterator[Server]:
    with serving(deployment) as running:
        yield running


@pytest.fixture
def desk(deployment: Path, server: Server) -> Desk:
    return Desk(server, a_key(deployment, "grant", "decide"))


def asked(name: str, **more: Any) -> dict[str, Any]:
    """The example, for a customer, order, contact and rep of one test."""
    own = {
        "rep": {"id": f"r-{name}", "team": f"t-{name}"},
        "customer": {"id": f"c-{name}"},
        "order": {"id": f"o-{name}"},
        "contact": {"external_id": f"k-{name}"},
    }
    return GRANT | own | more


def test_a_grant_is_reserved_captured_and_voided(desk: Desk) -> None:
    status, grant = desk.told("/v1/grants", asked("life"))

    assert status == 201
    assert (grant["state"], grant["counts"]) == (
        "reserved", {"amount": "5.00", "currency": "EUR"},
    )  # fmt: skip
    one = f"/v1/grants/{grant['id']}"
    status, captured = desk.told(f"{one}/capture", {"amount": "4.00"})
    assert (status, captured["state"]) == (200, "captured")
    status, voided = desk.told(f"{one}/void", {**VOID, "amount": "1.50", "rep": {"id": "r-2"}})
    assert (status, voided["counts"]["amount"]) == (200, "2.50")
    status, problem = desk.told(f"{one}/capture", {})
    assert (status, problem["type"]) == (409, "urn:agent-assist:problem:grant_settled")
    status, problem = desk.told(f"{one}/void", {**VOID, "amount": "2.51"})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/amount")
    assert [entry["kind"] for entry in desk.get(one)["entries"]] == ["capture", "void"]
    assert desk.get(one)["entries"][1]["by"] == "rep:r-2"


def test_a_retry_is_answered_as_the_first_request_was(desk: Desk) -> None:
    first, body, headers = desk.post("/v1/grants", asked("retry"), "same")
    again, body_again, headers_again = desk.post("/v1/grants", asked("retry"), "same")

    assert (first, again) == (201, 201)
    assert body == body_again
    assert "Idempotent-Replayed" not in headers
    assert headers_again["Idempotent-Replayed"] == "true"
    status, problem = desk.told("/v1/grants", asked("retry", amount="1.00"), "same")
    assert (status, problem["type"]) == (422, "urn:agent-assist:problem:idempotency_key_reused")
    assert len(desk.get("/v1/grants?customer=c-retry")["items"]) == 1


@pytest.mark.parametrize("key", ["", "\t ", "x" * 201, "caf\u00e9"])
def test_a_grant_needs_a_usable_key(desk: Desk, key: str) -> None:
    status, problem = desk.told("/v1/grants", asked("nokey"), key)

    assert (status, problem["type"]) == (400, "urn:agent-assist:problem:idempotency_key_missing")


def test_a_grant_over_the_headroom_says_what_is_left_and_what_holds_it_down(desk: Desk) -> None:
    assert desk.told("/v1/grants", asked("over"))[0] == 201

    status, problem = desk.told("/v1/grants", asked("over"))

    assert (status, problem["type"]) == (409, "urn:agent-assist:problem:over_headroom")
    assert problem["headroom"] == {"amount": "0.00", "currency": "EUR"}
    assert problem["binding"]["kind"] == "ceiling"
    assert problem["binding"]["given"] == {"amount": "5.00", "currency": "EUR"}
    assert problem["binding"]["scope"] == "order"
    assert problem["approval"]["level"] == "senior"


def test_every_fault_of_a_grant_is_named_at_once(desk: Desk) -> None:
    wrong = {
        "issue": "no_such", "remedy": "fee_waiver", "amount": "0.00", "reason_code": "because",
        "facts": {"no.such": 1}, "contact": {"external_id": "k"},
    }  # fmt: skip

    status, problem = desk.told("/v1/grants", wrong)

    assert status == 422
    assert {one["pointer"] for one in problem["errors"]} == {
        "/issue", "/amount", "/reason_code", "/facts/no.such",
        "/order/id", "/customer/id", "/rep/id", "/rep/team",
    }  # fmt: skip


def test_a_grant_that_rests_on_unknown_facts_is_refused_with_what_to_ask_for(desk: Desk) -> None:
    status, problem = desk.told("/v1/grants", asked("unknown", facts={"account.status": "open"}))

    assert (status, problem["verdict"]) == (409, "open")
    assert "fee.disclosed" in problem["needs"]
    assert "needs" in problem["detail"]


def test_decisions_count_what_was_granted_to_those_they_name(desk: Desk) -> None:
    body = {name: asked("advice")[name] for name in ("issue", "facts", "rep", "customer", "order")}
    body |= {"contact": {"external_id": "k-advice"}, "remedies": [{"remedy": "fee_waiver"}]}
    before = desk.told("/v1/decisions", body)[1]["options"][0]
    desk.told("/v1/grants", asked("advice"))

    after = desk.told("/v1/decisions", body)[1]["options"][0]
    elsewhere = {"order": {"id": "another"}, "contact": {"external_id": "k-another"}}
    others = desk.told("/v1/decisions", body | elsewhere)[1]["options"][0]

    assert before["verdict"] == "allowed"
    assert after["verdict"] == "needs_approval"
    left = [cap["grants_left"] for cap in after["caps"] if cap.get("budget") == "payment_once"]
    assert left == [None, 0]
    assert others["verdict"] == "allowed"


def test_headroom_shows_each_budget_of_those_it_names(desk: Desk) -> None:
    desk.told("/v1/grants", asked("room"))

    found = desk.get("/v1/headroom?customer=c-room&level=rep")
    left = {one["budget"]: one for one in found["items"]}

    assert left["customer_quarter_basic"]["used"] == {
        "amount": {"amount": "5.00", "currency": "EUR"}, "grants": 1,
    }  # fmt: skip
    assert left["customer_quarter_basic"]["headroom"] == {
        "amount": {"amount": "45.00", "currency": "EUR"}, "grants": 2,
    }  # fmt: skip
    assert "rep_day_gestures" not in left
    assert "organisation_month" in left


def test_grants_are_listed_newest_first_page_by_page(desk: Desk) -> None:
    made = []
    for number in range(3):
        body = asked("list", order={"id": f"o-list-{number}"})
        body["contact"] = {"external_id": f"k-list-{number}"}
        made.append(desk.told("/v1/grants", body)[1]["id"])

    first = desk.get("/v1/grants?customer=c-list&limit=2")
    second = desk.get(f"/v1/grants?customer=c-list&limit=2&cursor={first['next_cursor']}")

    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    assert [one["id"] for one in desk.get("/v1/grants?contact=k-list-1")["items"]] == made[1:2]


def test_the_records_of_a_served_deployment_check_out(deployment: Path, desk: Desk) -> None:
    assert desk.told("/v1/grants", asked("record"))[0] == 201

    audit = run(deployment, "audit", "verify", "--json")
    recount = run(deployment, "ledger", "recount", "--json")
    ledger = run(deployment, "ledger", "check", "--json")

    assert (recount.returncode, json.loads(recount.stdout)) == (0, {"recounted": True})
    assert (audit.returncode, json.loads(audit.stdout)["broken"]) == (0, None)
    assert json.loads(audit.stdout)["entries"] >= 1
    assert (ledger.returncode, json.loads(ledger.stdout)["differences"]) == (0, [])
