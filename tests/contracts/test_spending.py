"""GET /v1/budgets/use: as published, page by page, for whoever may read limits."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.core.budgets import Budget, BudgetTable, Scope, Window

from .conftest import SmallLibrary
from .test_document import answer_schema, validator

BUDGETS = (
    Budget("all", Scope.ORGANISATION, Window.MONTH, amounts={"rep": 2000, "senior": 9000}),
    Budget("reps", Scope.REP, Window.DAYS_7, counts={"rep": 2}, warn_at=5000),
    Budget("orders", Scope.ORDER, Window.LIFETIME, amounts={"rep": 500}),
)


@pytest.fixture
def ask(client: FlaskClient, visitor: FlaskClient, library: SmallLibrary) -> Any:
    library.snapshot = replace(library.snapshot, budgets=BudgetTable(3, BUDGETS))
    document = visitor.get("/openapi.json").get_json()

    def asked(query: str = "", status: int = 200) -> Any:
        answer = client.get(f"/v1/budgets/use{query}")
        assert answer.status_code == status, answer.get_data(as_text=True)
        if status == 200:
            schema = validator(document, *answer_schema("/v1/budgets/use", "get"))
            schema.validate(answer.get_json())
        return answer.get_json()

    return asked


def test_use_says_who_used_what_and_when_it_runs_out(ask: Any, client: FlaskClient) -> None:
    body: dict[str, Any] = {"issue": "fee", "remedy": "discount", "amount": "5"}
    body |= {"reason_code": "delay", "order": {"id": "o-1"}, "rep": {"id": "r-1", "team": "t-1"}}
    given = client.post("/v1/grants", json=body, headers={"Idempotency-Key": "use"})
    found = ask()

    everybody, reps, orders = found["items"]
    assert given.status_code == 201
    assert everybody["levels"][0] == {
        "level": "rep",
        "amount": {"amount": "20.00", "currency": "EUR"},
        "grants": None,
        "reached": 0,
        "near": 0,
    }
    assert [one["holder"] for one in everybody["holders"]] == [""]
    assert (reps["levels"][0]["near"], reps["levels"][0]["reached"]) == (1, 0)
    assert [(one["holder"], one["used"]["grants"]) for one in reps["holders"]] == [("r-1", 1)]
    # One in the last week, and the week's cap is two: not at this pace.
    assert reps["holders"][0]["runs_out"] == [{"level": "rep", "at": None}]
    assert (orders["holders"], orders["levels"][0]["reached"]) == ([], None)


def test_use_comes_in_pages(ask: Any) -> None:
    first = ask("?limit=2")
    second = ask(f"?limit=2&cursor={first['next_cursor']}")

    assert [one["budget"] for one in first["items"] + second["items"]] == ["all", "reps", "orders"]
    assert second["next_cursor"] is None
    ask("?cursor=gone", 422)
    ask("?limit=51", 422)


def test_use_is_asked_of_one_kind_of_budget_and_of_one_holder_alone(
    ask: Any, client: FlaskClient
) -> None:
    for number, rep in enumerate(("r-1", "r-1", "r-2")):
        body: dict[str, Any] = {"issue": "fee", "remedy": "discount", "amount": "5"}
        body |= {"reason_code": "delay", "order": {"id": f"o-{number}"}, "rep": {"id": rep}}
        given = client.post("/v1/grants", json=body, headers={"Idempotency-Key": f"one-{number}"})
        assert given.status_code == 201

    (reps,) = ask("?scope=rep&holder=r-2")["items"]
    (everybody,) = ask("?scope=organisation&holder=r-2")["items"]

    assert [(one["holder"], one["used"]["grants"]) for one in reps["holders"]] == [("r-2", 1)]
    assert (reps["number"], reps["levels"][0]["reached"]) == (1, 0)
    assert everybody["holders"][0]["used"]["grants"] == 3
    assert ask("?scope=rep&holder=nobody")["items"][0]["holders"] == []
    ask("?scope=moon", 422)
