"""The published document says what the app does."""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from agent_assist.core.budgets import Budget, BudgetTable, Scope, Window
from agent_assist.store.database import Database
from agent_assist.store.ledger.freezes import Freezes

from .conftest import NOW, SmallLibrary


@pytest.fixture
def document(visitor: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = visitor.get("/openapi.json").get_json()
    return found


def validator(document: dict[str, Any], *path: str) -> Draft202012Validator:
    """A validator of the part of the document at a path."""
    resource: Resource[Any] = DRAFT202012.create_resource(document)
    registry = Registry().with_resource("urn:document", resource)
    steps = "/".join(step.replace("~", "~0").replace("/", "~1") for step in path)
    return Draft202012Validator({"$ref": f"urn:document#/{steps}"}, registry=registry)


def answer_schema(path: str, method: str, status: str = "200") -> tuple[str, ...]:
    return (
        "paths", path, method, "responses", status, "content", "application/json", "schema",
    )  # fmt: skip


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


def test_every_operation_is_described_and_tagged(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert set(operation["tags"]) <= tags, path


def test_document_and_app_have_the_same_operations(app: Flask, document: dict[str, Any]) -> None:
    pages = {"/", "/docs", "/metrics", "/openapi.json", "/static/{filename}", "/login", "/logout"}
    pages |= {"/panel", "/panel/launch", "/panel/loader.js", "/demo/crm"}
    pages |= {"/console", "/console/", "/console/{place}", "/demo/console", "/invitation"}
    pages |= {"/login/code", "/second-factor", "/login/provider", "/login/provider/back"}
    pages |= {f"/second-factor/{page}" for page in ("offer", "confirmation")}
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method != "HEAD"
    }

    published = {(path, method) for path, item in document["paths"].items() for method in item}

    assert {one for one in served if one[0] not in pages} == published


def test_every_operation_names_its_scope_or_is_public(document: dict[str, Any]) -> None:
    named = {
        path: operation["security"]
        for path, item in document["paths"].items()
        for operation in item.values()
        if "{table}" not in path
    }

    assert named == {
        "/v1/suggestions": [{"key": ["suggest"]}],
        "/v1/suggestions/{suggestion_id}": [{"key": ["record"]}],
        "/v1/suggestions/{suggestion_id}/feedback": [{"key": ["record"]}],
        "/v1/decisions": [{"key": ["decide"]}],
        "/v1/grants": [{"key": ["grant"]}],
        "/v1/grants/{grant_id}": [{"key": ["grant"]}],
        "/v1/grants/{grant_id}/capture": [{"key": ["grant"]}],
        "/v1/grants/{grant_id}/void": [{"key": ["grant"]}],
        "/v1/headroom": [{"key": ["grant"]}],
        "/v1/budgets/use": [{"key": ["limits:read"]}],
        "/v1/brake": [{"key": ["brake"]}],
        "/v1/brake/release": [{"key": ["brake"]}],
        "/v1/outcomes": [{"key": ["record"]}],
        "/v1/contacts/{external_id}": [{"key": ["record"]}],
        "/v1/contacts/{external_id}/outcome": [{"key": ["record"]}],
        "/v1/models": [{"key": ["read"]}],
        "/v1/policies": [{"key": ["read"]}],
        "/v1/approvals": [{"key": ["grant"]}, {"key": ["approve"]}],
        "/v1/approvals/{approval_id}": [{"key": ["grant"]}, {"key": ["approve"]}],
        "/v1/approvals/decisions": [{"key": ["approve"]}],
        "/v1/approvals/{approval_id}/decision": [{"key": ["approve"]}],
        "/v1/queue": [{"key": ["approve"]}],
        "/v1/absences": [{"key": ["approve"]}],
        "/v1/absences/{person_id}": [{"key": ["approve"]}],
        "/v1/approvals/{approval_id}/withdrawal": [{"key": ["grant"]}],
        "/v1/insights/day": [{"key": ["insights"]}],
        "/v1/contacts": [{"key": ["insights"]}],
        "/v1/insights/drift": [{"key": ["read"]}],
        "/v1/insights/preventable": [{"key": ["insights"]}],
        "/v1/insights/sheets/measures": [{"key": ["insights"]}],
        "/v1/insights/sheets/grants": [{"key": ["insights"]}],
        "/v1/insights/sheets/approvals": [{"key": ["insights"]}],
        "/v1/insights/sheets/suggestions": [{"key": ["insights"]}],
        "/v1/insights/sheets/stakes": [{"key": ["insights"]}],
        "/v1/insights/sheets/limits": [{"key": ["insights"]}],
        "/v1/insights/sheets/drift": [{"key": ["read"]}],
        "/v1/insights/limits": [{"key": ["insights"]}],
        "/v1/insights/limits/spare": [{"key": ["insights"]}],
        "/v1/insights/limits/declines": [{"key": ["limits:edit"]}],
        "/v1/insights/stakes": [{"key": ["insights"]}],
        "/v1/insights/stakes/{issue}": [{"key": ["insights"]}],
        "/v1/insights/stakes/{issue}/brief": [{"key": ["insights"]}],
        "/v1/insights/approvals": [{"key": ["insights"]}],
        "/v1/insights/grants": [{"key": ["insights"]}],
        "/v1/insights/measures": [{"key": ["insights"]}],
        "/v1/insights/suggestions": [{"key": ["insights"]}],
        "/v1/insights/wordings": [{"key": ["insights"]}],
        "/v1/insights/policies": [{"key": ["read"]}],
        "/v1/policies/drafts/{draft_id}/check": [{"key": ["limits:read"]}],
        "/v1/policies/drafts/{draft_id}/questions": [{"key": ["limits:read"]}],
        "/v1/insights/reciprocity": [{"key": ["approve"]}],
        "/v1/events": [{"key": ["events"]}],
        "/v1/audit": [{"key": ["audit"]}],
        "/v1/audit/verification": [{"key": ["audit"]}],
        "/v1/audit/export": [{"key": ["audit"]}],
        "/v1/users": [{"key": ["people:edit"]}],
        "/v1/users/{person_id}": [{"key": ["people:edit"]}],
        "/v1/users/{person_id}/invitation": [{"key": ["people:edit"]}],
        "/v1/users/{person_id}/sessions": [{"key": ["people:edit"]}],
        "/v1/users/{person_id}/second-factor": [{"key": ["people:edit"]}],
        "/v1/keys": [{"key": ["systems"]}],
        "/v1/keys/{key_id}": [{"key": ["systems"]}],
        "/v1/hosts": [{"key": ["systems"]}],
        "/v1/hosts/{host_id}": [{"key": ["systems"]}],
        "/v1/webhooks": [{"key": ["systems"]}],
        "/v1/webhooks/{webhook_id}": [{"key": ["systems"]}],
        "/v1/webhooks/{webhook_id}/secret": [{"key": ["systems"]}],
        "/v1/webhooks/{webhook_id}/test": [{"key": ["systems"]}],
        "/v1/webhooks/{webhook_id}/deliveries": [{"key": ["systems"]}],
        "/v1/webhooks/{webhook_id}/replay": [{"key": ["systems"]}],
        "/v1/customers/search": [{"key": ["customers"]}],
        "/v1/customers/export": [{"key": ["customers"]}],
        "/v1/customers/erase": [{"key": ["customers"]}],
        "/v1/retention": [{"key": ["customers"]}],
        "/v1/policies/{policy_id}": [{"key": ["read"]}],
        "/v1/search": [{"key": ["read"]}],
        "/v1/issues": [{"key": ["read"]}],
        "/v1/facts": [{"key": ["read"]}],
        "/v1/library": [{"key": ["read"]}],
        "/v1/remedies": [{"key": ["read"]}],
        "/v1/sessions": [],
        "/v1/sessions/renewal": [],
        "/v1/sessions/current": [{"key": []}],
        "/v1/sessions/current/proof": [{"key": []}],
        "/healthz": [],
        "/readyz": [],
    }


def test_reading_editing_and_publishing_limits_need_scopes_of_their_own(
    document: dict[str, Any],
) -> None:
    of_scope: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "{table}" in path:
                (scope,) = operation["security"][0]["key"]
                of_scope.setdefault(scope, []).append(
                    f"{method} {path.removeprefix('/v1/{table}')}"
                )

    one = "/drafts/{draft_id}"
    assert {scope: sorted(found) for scope, found in of_scope.items()} == {
        "limits:read": [
            "get /drafts",
            f"get {one}",
            f"get {one}/difference",
            f"get {one}/review",
            f"get {one}/rows",
            f"get {one}/sheet",
            "get /versions",
            "get /versions/{number}",
            "get /versions/{number}/difference",
            "get /versions/{number}/rows",
            "get /versions/{number}/sheet",
            "post /check",
            f"post {one}/replay",
            "post /trials",
        ],
        "limits:edit": [
            "post /drafts",
            f"post {one}/comments",
            f"post {one}/discard",
            f"post {one}/rebase",
            f"post {one}/return",
            f"post {one}/rows",
            f"post {one}/sheet",
            f"post {one}/sheet/preview",
            f"post {one}/submit",
        ],
        "limits:publish": [
            f"post {one}/approve",
            f"post {one}/publish",
            "post /versions/{number}/cancel",
        ],
    }


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    tried = 0
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "requestBody" not in operation:
                continue
            steps = ("paths", path, method, "requestBody", "content", "application/json")
            check = validator(document, *steps, "schema")
            examples = operation["requestBody"]["content"]["application/json"]["examples"]
            for example in examples.values():
                check.validate(example["value"])
                tried += 1

    assert tried == 54


def test_nothing_that_clients_send_may_be_null_or_unknown(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    sent = (
        "SuggestionRequest", "DecisionRequest", "TurnGiven", "MoneyGiven", "RepGiven",
        "GrantRequest", "CaptureRequest", "VoidRequest", "ContactRequest", "OutcomeRequest",
        "FeedbackRequest", "BrakeRequest",
    )  # fmt: skip

    for name in sent:
        assert schemas[name]["additionalProperties"] is False, name
        assert '"null"' not in json.dumps(schemas[name]), name
    facts = schemas["SuggestionRequest"]["properties"]["facts"]
    assert facts["additionalProperties"] is False
    assert len(facts["patternProperties"]) == 1


def test_no_schema_says_what_json_schema_does_not_know(document: dict[str, Any]) -> None:
    text = json.dumps(document["components"]["schemas"])

    assert '"ge":' not in text
    assert '"le":' not in text


@pytest.mark.parametrize(
    "path",
    [
        "/v1/policies",
        "/v1/policies?limit=1",
        "/v1/policies/fees/cash",
        "/v1/policies/cards/lost",
        "/v1/issues",
        "/v1/facts",
        "/v1/library",
        "/v1/remedies",
        "/v1/search?q=fee",
        "/v1/insights/day",
        "/v1/insights/approvals?by=level",
        "/v1/insights/grants?by=row",
        "/v1/insights/measures?by=policy",
        "/v1/insights/suggestions?by=policy",
        "/v1/insights/wordings",
        "/v1/contacts?day=2026-03-14",
        "/v1/grants",
        "/v1/headroom?customer=c-1",
        "/v1/limits/versions",
        "/v1/limits/versions/8",
        "/v1/limits/versions/8/rows?limit=2",
        "/v1/budgets/versions",
        "/v1/budgets/drafts",
        "/healthz",
        "/readyz",
    ],
)
def test_answer_to_get_is_as_published(
    client: FlaskClient, document: dict[str, Any], path: str
) -> None:
    published = path.partition("?")[0]
    if published.startswith("/v1/policies/"):
        published = "/v1/policies/{policy_id}"
    published = re.sub("^/v1/(limits|budgets)", "/v1/{table}", published)
    published = published.replace("/8", "/{number}")

    answer = client.get(path)

    assert answer.status_code == 200
    validator(document, *answer_schema(published, "get")).validate(answer.get_json())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/suggestions", {"text": "a fee"}),
        (
            "/v1/suggestions",
            {
                "text": "a fee",
                "facts": {
                    "customer.tier": "plus",
                    "fee.amount": {"amount": "15.00", "currency": "EUR"},
                    "fee.disclosed": False,
                    "cards.count": 3,
                    "contact.since": "2026-02-01",
                },
            },
        ),
        ("/v1/suggestions", {"transcript": [{"from": "customer", "text": "fee"}]}),
        ("/v1/decisions", {"issue": "fee"}),
        ("/v1/decisions", {"issue": "card", "facts": {"cards.count": 0}}),
        ("/v1/decisions", {"issue": "fee", "remedies": [{"remedy": "time", "amount": "3"}]}),
        ("/v1/decisions", {"issue": "fee", "rep": {"level": "manager"}}),
    ],
)
def test_answer_to_post_is_as_published(
    client: FlaskClient, document: dict[str, Any], path: str, body: Any
) -> None:
    answer = client.post(path, json=body)

    assert answer.status_code == 200
    validator(document, *answer_schema(path, "post")).validate(answer.get_json())


def test_answers_about_a_grant_are_as_published(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {
        "issue": "card",
        "remedy": "discount",
        "amount": "12.5",
        "reason_code": "delay",
    }
    asked |= {"order": {"id": "o-1"}}
    made = client.post("/v1/grants", json=asked, headers={"Idempotency-Key": "a"})
    one = f"/v1/grants/{made.get_json()['id']}"
    void = {"amount": "2.5", "reason": "Too much"}
    answers = {
        ("/v1/grants", "post", "201"): made,
        ("/v1/grants/{grant_id}/void", "post", "200"): client.post(
            f"{one}/void", json=void, headers={"Idempotency-Key": "b"}
        ),
        ("/v1/grants/{grant_id}/capture", "post", "200"): client.post(
            f"{one}/capture", json={}, headers={"Idempotency-Key": "c"}
        ),
        ("/v1/grants/{grant_id}", "get", "200"): client.get(one),
        ("/v1/grants", "get", "200"): client.get("/v1/grants"),
    }

    for (path, method, status), answer in answers.items():
        assert str(answer.status_code) == status, path
        steps = answer_schema(path, method, status)
        validator(document, *steps).validate(answer.get_json())


def test_refused_grant_is_as_published_and_says_what_is_left(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {
        "issue": "card",
        "remedy": "discount",
        "amount": "13",
        "reason_code": "delay",
    }
    asked |= {"order": {"id": "o-1"}}

    answer = client.post("/v1/grants", json=asked, headers={"Idempotency-Key": "a"})

    assert answer.status_code == 409
    problem = answer.get_json()
    steps = ("components", "responses", "Conflict", "content", "application/problem+json")
    validator(document, *steps, "schema").validate(problem)
    assert problem["headroom"] == {"percent": "12.5"}
    assert problem["binding"] == {
        "kind": "ceiling", "row": "R3", "headroom": {"percent": "12.5"},
        "given": {"percent": "0"}, "scope": None,
    }  # fmt: skip
    assert problem["approval"] == {"level": "senior", "up_to": {"percent": "25"}}


def test_a_frozen_budget_is_told_as_published_in_headroom_options_and_refusals(
    client: FlaskClient, document: dict[str, Any], library: SmallLibrary, database: Database
) -> None:
    month = Budget("month", Scope.TEAM, Window.MONTH, amounts={"rep": 5000}, counts={"senior": 9})
    library.snapshot = replace(library.snapshot, budgets=BudgetTable(3, (month,)))
    Freezes(database, lambda _: NOW).freeze({"month": ["it differs"]})
    rep = {"id": "r-1", "team": "t-1"}
    given = {"issue": "fee", "remedy": "discount", "amount": "1", "reason_code": "delay"}
    case = {"rep": rep, "order": {"id": "o-1"}}

    answers = {
        ("/v1/headroom", "get"): client.get("/v1/headroom?team=t-1"),
        ("/v1/suggestions", "post"): client.post("/v1/suggestions", json={"text": "a fee"}),
        ("/v1/decisions", "post"): client.post("/v1/decisions", json={"issue": "fee"} | case),
    }
    refused = client.post("/v1/grants", json=given | case, headers={"Idempotency-Key": "a"})

    for (path, method), answer in answers.items():
        validator(document, *answer_schema(path, method)).validate(answer.get_json())
    headroom, suggested, decided = (one.get_json() for one in answers.values())
    [budget] = headroom["items"]
    assert (budget["frozen"], budget["warning"]) == (True, False)
    assert budget["headroom"] == {"amount": {"amount": "0.00", "currency": "EUR"}, "grants": None}
    nothing = {"percent": "0"}
    frozen = {"kind": "frozen", "budget": "month", "headroom": nothing}
    for options in (suggested["matches"][0]["options"], decided["options"]):
        [discount] = [one for one in options if one["remedy"] == "discount"]
        assert (discount["verdict"], discount["up_to"]) == ("not_allowed", nothing)
        assert discount["binding"] == frozen
        assert frozen in discount["caps"]
        [refund] = [one for one in options if one["remedy"] == "refund"]
        assert "month" not in str(refund["caps"])
    assert (refused.status_code, refused.get_json()["binding"]) == (409, frozen)
    Freezes(database, lambda _: NOW).release("month", "boss", "looked at")
    again = client.get("/v1/headroom?team=t-1&level=senior").get_json()["items"][0]
    assert (again["frozen"], again["headroom"]) == (False, {"amount": None, "grants": 9})


UNSEEN = [
    "o-3\u200b",
    "o\u00a0-3",
    "\ufeffo-3",
    " o-3",
    "o-3 ",
    "o-3\u202e",
    "\U000e0041o-3",
    "\u2003",
]


@pytest.mark.parametrize("spoken", UNSEEN)
def test_an_id_that_only_looks_like_another_is_refused(
    client: FlaskClient, document: dict[str, Any], spoken: str
) -> None:
    asked = {"issue": "fee", "order": {"id": spoken}}

    answer = client.post("/v1/decisions", json=asked)

    problems = answer.get_json()["errors"]
    assert (answer.status_code, problems[0]["pointer"]) == (422, "/order/id")
    steps = ("paths", "/v1/decisions", "post", "requestBody", "content", "application/json")
    assert not validator(document, *steps, "schema").is_valid(asked)
    path = f"/v1/contacts/{quote(spoken)}"
    assert client.put(path, json={"opened_at": "2026-03-02T09:30:00Z"}).status_code == 422


def test_two_forms_of_an_id_are_one_customer_order_and_contact(client: FlaskClient) -> None:
    composed, apart = "Ren\u00e9", "Rene\u0301"
    asked = {"issue": "fee", "remedy": "discount", "amount": "10", "reason_code": "delay"}

    def give(key: str, **case: Any) -> Any:
        return client.post("/v1/grants", json=asked | case, headers={"Idempotency-Key": key})

    first = give("a", order={"id": composed}, customer={"id": apart})
    second = give("b", order={"id": apart})
    listed = client.get(f"/v1/grants?customer={quote(composed)}").get_json()["items"]

    assert first.get_json()["order"] == first.get_json()["customer"] == composed
    assert (second.status_code, second.get_json()["headroom"]) == (409, {"percent": "2.5"})
    assert [one["id"] for one in listed] == [first.get_json()["id"]]
    opened = {"opened_at": "2026-03-02T09:30:00Z"}
    assert client.put(f"/v1/contacts/{quote(apart)}", json=opened).status_code == 200
    assert client.get(f"/v1/contacts/{quote(composed)}").status_code == 200
    assert client.post("/v1/decisions", json={"issue": "\u0958" * 120}).status_code == 422
