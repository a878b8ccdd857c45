"""Customers over the API: whatever can be said of one is found, handed out and erased."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, LargeBinary, String, TypeDecorator

from agent_assist.admit import Scope
from agent_assist.store.schema import Base

CANARY = "canary"
CUSTOMER, CONTACT, ORDER = f"{CANARY}-c", f"{CANARY}-k", f"{CANARY}-o"
WHO: dict[str, Any] = {
    "customer": {"id": CUSTOMER}, "contact": {"external_id": CONTACT}, "order": {"id": ORDER},
}  # fmt: skip
COUNTED = 918_273_645
FACTS = {"cards.count": COUNTED}
GRANT: dict[str, Any] = {
    "issue": "card", "remedy": "discount", "reason_code": "delay", "comment": f"{CANARY} waited",
    "rep": {"id": "r-1"}, **WHO,
}  # fmt: skip

INVENTORY = {
    "contacts": {"external_id": "alias", "customer": "alias"},
    "outcomes": {"contact": "alias", "note": "goes"},
    "grants": {
        "contact": "alias", "order": "alias", "customer": "alias", "comment": "goes",
        "blind": "goes", "facts": "figures", "decision": "figures",
    },
    "grant_entries": {"reason": "goes", "blind": "goes"},
    "approvals": {
        "contact": "alias", "order": "alias", "customer": "alias", "comment": "goes",
        "case": "goes", "blind": "goes", "facts": "figures",
    },
    "approval_ends": {"comment": "goes"},
    "suggestions": {"around": "alias, without facts", "texts": "goes", "answer": "figures"},
    "decisions": {"around": "alias, without facts", "asked": "figures"},
    "people": {"customer": "goes"},
    "idempotency": {
        "key": "hashed", "request_hash": "goes", "body": "goes", "subject": "alias",
    },
    "scope_locks": {"id": "goes"},
    "audit": {"subject": "alias", "content": "digests"},
    "erasures": {"alias": "alias", "rows": "figures"},
}  # fmt: skip
"""What of a customer each column can hold, and what an erasure makes of it."""
OF_NOBODY = {
    "suggestions": "id key_id model level pair wording",
    "feedback": "suggestion by rep verdict policy issue",
    "decisions": "id key_id level issue",
    "contacts": "channel locale rep team issues",
    "outcomes": "by cause said given",
    "grants": "id rep team level issue remedy kind unit currency reason_code suggestion key_id",
    "grant_entries": "grant_id kind by",
    "approvals": "id rep team rep_level level issue remedy unit currency reason_code suggestion "
    "key_id",
    "approval_ends": "approval_id state by level reason grant_id",
    "people": "id name level team",
    "idempotency": "principal route",
    "audit": "actor act previous hash",
    "subtotals": "scope holder remedy kind unit currency",
    "contact_figures": "team channel issue cause",
    "stake_figures": "team issue cause",
    "policy_figures": "policy team channel issue cause",
    "suggestion_figures": "team channel issue policy",
    "help_figures": "team channel issue",
    "grant_figures": "team issue remedy level row unit currency",
    "approval_figures": "team issue remedy level state",
    "figure_changes": "part",
}
"""Columns that say nothing of a customer: ids of ours, keys of the library, who works here."""
OF_THE_HOUSE = {
    "accounts", "activations", "api_keys", "attempts", "brakes", "budgets_rows", "budgets_versions",
    "cancellations", "codes", "declined_advice", "delegations", "draft_acts", "draft_edits",
    "drafts", "erased", "figure_basis", "freezes", "hosts", "invitations", "launches",
    "library_policies", "library_versions", "limits_rows", "limits_versions", "policy_versions",
    "provider_visits", "purges", "recovery_codes", "reminders", "second_factors", "session_secrets",
    "sessions", "sign_ins", "webhook_deliveries", "webhooks",
}  # fmt: skip
"""Tables that no request about a contact writes to."""


def test_what_each_column_can_hold_of_a_customer_is_known() -> None:
    unknown = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in OF_THE_HOUSE
        for column in table.columns
        if isinstance(column.type, (String, JSON, LargeBinary))
        and not isinstance(column.type, TypeDecorator)
        and column.name not in INVENTORY.get(table.name, {})
        and column.name not in OF_NOBODY.get(table.name, "").split()
    ]

    assert unknown == []


@pytest.fixture
def admin(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    return make_client(Scope.CUSTOMERS)


@pytest.fixture
def said(client: FlaskClient, people: Any) -> dict[str, Any]:
    """Everything that requests can say of a customer; gives what they were answered."""
    number = iter(range(100))

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = {"Idempotency-Key": f"{CANARY}-{next(number)}"}
        answer = client.post(path, json=body, headers=key)
        assert answer.status_code < 300, answer.text
        return dict(answer.get_json())

    told = {"opened_at": "2026-03-14T09:00:00Z", "customer": CUSTOMER, "channel": "chat"}
    assert client.put(f"/v1/contacts/{CONTACT}", json=told).status_code == 200
    asking = {"text": f"the fee, says {CANARY}", "facts": FACTS, **WHO}
    suggested = client.post("/v1/suggestions", json=asking).get_json()
    client.post("/v1/suggestions", json={"text": f"fee {CANARY}", "order": {"id": ORDER}})
    client.post("/v1/decisions", json={"issue": "card", "facts": FACTS, **WHO})
    opinion = {"verdict": "right", "policy": "fees/cash"}
    post(f"/v1/suggestions/{suggested['id']}/feedback", opinion)
    first = post("/v1/grants", {**GRANT, "amount": "5", "suggestion": suggested["id"]})
    post(f"/v1/grants/{first['id']}/capture", {"amount": "4"})
    post(f"/v1/grants/{first['id']}/void", {"reason": f"{CANARY} said no"})
    asked = post("/v1/approvals", {**GRANT, "amount": "20"})
    ruling = {
        "ruling": "refuse", "hash": asked["hash"], "by": {"id": "sam"},
        "reason_code": "not_justified", "comment": f"not for {CANARY}",
    }  # fmt: skip
    post(f"/v1/approvals/{asked['id']}/decision", ruling)
    waiting = post("/v1/approvals", {**GRANT, "amount": "15", "facts": {"fee.disclosed": True}})
    outcome = {"resolved": True, "cause": "product", "note": f"{CANARY} is glad"}
    post(f"/v1/contacts/{CONTACT}/outcome", outcome)
    people.change("kim", lambda one: one.__class__(**{**_fields(one), "customer": CUSTOMER}), "t")
    return {"grant": first, "asked": asked, "waiting": waiting}


def _fields(person: Any) -> dict[str, Any]:
    return {name: getattr(person, name) for name in type(person).__slots__}


def test_nothing_that_requests_said_of_an_erased_customer_is_left(
    said: dict[str, Any], admin: FlaskClient, client: FlaskClient, dump: Callable[[], str]
) -> None:
    assert CANARY in dump()
    found = admin.post("/v1/customers/search", json={"customer": CUSTOMER}).get_json()

    erased = admin.post(
        "/v1/customers/erase", json={"customer": CUSTOMER, "confirm": CUSTOMER}
    ).get_json()["erased"]

    assert CANARY not in dump()
    assert dump().count(str(COUNTED)) == 0
    assert found["rows"].items() <= erased["rows"].items()
    assert erased["rows"] == {
        "contacts": 1, "grants": 1, "approvals": 2, "suggestions": 2, "decisions": 0,
        "people": 1, "answers": 7,
    }  # fmt: skip
    assert CANARY not in client.get("/v1/audit/export").text
    for path in (
        f"/v1/grants/{said['grant']['id']}",
        f"/v1/approvals/{said['asked']['id']}",
        "/v1/grants",
        "/v1/approvals",
        "/v1/events",
        "/v1/retention",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text
    assert client.get(f"/v1/contacts/{CONTACT}").status_code == 404


def test_a_retry_after_an_erasure_is_answered_with_what_it_became(
    said: dict[str, Any], admin: FlaskClient, client: FlaskClient
) -> None:
    request = {**GRANT, "amount": "5", "contact": {"external_id": f"{CANARY}-k2"}}
    key = {"Idempotency-Key": f"{CANARY}-again"}
    given = client.post("/v1/grants", json=request, headers=key).get_json()
    admin.post("/v1/customers/erase", json={"customer": CUSTOMER, "confirm": CUSTOMER})

    gone = client.post("/v1/grants", json=request, headers=key)

    told = gone.get_json()
    assert (gone.status_code, told["subject"]) == (410, given["id"])
    assert told["type"] == "urn:agent-assist:problem:answer_erased"
    assert CANARY not in gone.text
    assert client.get(f"/v1/grants?customer={CUSTOMER}").get_json()["items"] == []


def test_an_erasure_wants_the_id_twice_and_changes_nothing_the_second_time(
    said: dict[str, Any], admin: FlaskClient, dump: Callable[[], str]
) -> None:
    before = dump()
    wrong = admin.post("/v1/customers/erase", json={"customer": CUSTOMER, "confirm": "c"})
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/confirm")
    assert dump() == before

    both = {"customer": CUSTOMER, "confirm": CUSTOMER}
    first = admin.post("/v1/customers/erase", json=both).get_json()
    after = dump()
    second = admin.post("/v1/customers/erase", json=both)

    assert first["erased"]["alias"].startswith("erased-")
    assert (second.status_code, second.get_json()) == (200, {"erased": None})
    assert dump() == after


def test_everything_held_is_handed_out_and_the_audit_knows_by_whom(
    said: dict[str, Any], admin: FlaskClient, client: FlaskClient
) -> None:
    answer = admin.post("/v1/customers/export", json={"customer": CUSTOMER})

    rows = answer.get_json()["rows"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert rows["outcomes"][0]["note"] == f"{CANARY} is glad"
    assert rows["grants"][0]["comment"] == f"{CANARY} waited"
    assert {one["around"].get("order") for one in rows["suggestions"]} == {ORDER}
    newest = client.get("/v1/audit?limit=1").get_json()["items"][0]
    assert (newest["act"], newest["subject"]) == ("customer.export", "customer")


def test_what_is_kept_how_long_is_told_with_what_went(admin: FlaskClient, app: Flask) -> None:
    app.extensions["services"].retention.purge()

    told = admin.get("/v1/retention").get_json()

    kept = {one["kind"]: (one["days"], one["total"]) for one in told["kept"]}
    assert kept == {
        "answers": (30, 0), "suggestions": (90, 0), "decisions": (90, 0), "texts": (90, 0),
        "deliveries": (30, 0),
    }  # fmt: skip
    assert all(one["ran_at"] for one in told["kept"])
    assert told["erasures"] == []
