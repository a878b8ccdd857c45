"""Every error has one shape."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.core import errors as core_errors
from agent_assist.core.errors import AgentAssistError, FieldProblem, InvalidInput, SetupRefused
from agent_assist.web import problem_kinds, problems
from agent_assist.web.admission import PUBLIC, Admission

from .conftest import SmallLibrary

JSON = "application/json"
ALWAYS = {"type", "title", "status", "detail", "instance", "request_id", "errors"}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", "/v1/suggestions", {"data": "{", "content_type": JSON}, 400, "invalid_json"),
        ("GET", "/v1/nothing", {}, 404, "not_found"),
        ("GET", "/v1/policies/no/such", {}, 404, "not_found"),
        ("GET", "/v1//policies", {}, 404, "not_found"),
        ("GET", "/static/nothing.css", {}, 404, "not_found"),
        ("DELETE", "/v1/policies", {}, 405, "method_not_allowed"),
        ("OPTIONS", "/v1/policies", {}, 405, "method_not_allowed"),
        ("GET", "/v1/suggestions", {}, 405, "method_not_allowed"),
        (
            "POST", "/v1/suggestions", {"data": "x" * 1_000_001, "content_type": JSON},
            413, "content_too_large",
        ),
        (
            "POST", "/v1/suggestions", {"data": "text=fee", "content_type": "text/plain"},
            415, "unsupported_media_type",
        ),
        ("POST", "/v1/suggestions", {"data": "{}"}, 415, "unsupported_media_type"),
        ("POST", "/v1/suggestions", {"json": {}}, 422, "invalid_input"),
        ("GET", "/v1/policies?limit=0", {}, 422, "invalid_input"),
        ("POST", "/v1/suggestions", {"json": {"text": "explode"}}, 500, "internal_error"),
    ],
)  # fmt: skip
def test_error_is_a_problem(
    client: FlaskClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.open(path, method=method, **sent)

    problem = answer.get_json()
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert set(problem) == ALWAYS
    assert problem["type"] == f"urn:agent-assist:problem:{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == path.partition("?")[0]
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_refused_method_says_which_are_allowed(client: FlaskClient) -> None:
    answer = client.delete("/v1/policies")

    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_missing_library_is_not_ready_and_says_what_to_run(
    client: FlaskClient, library: SmallLibrary
) -> None:
    library.missing = True

    for answer in (
        client.post("/v1/suggestions", json={"text": "fee"}),
        client.post("/v1/decisions", json={"issue": "fee"}),
        client.get("/v1/policies"),
        client.get("/v1/search?q=fee"),
    ):
        assert answer.status_code == 503
        assert answer.get_json()["type"] == "urn:agent-assist:problem:not_ready"
        assert "agent-assist setup" in answer.get_json()["detail"]


def test_readiness_names_the_failing_checks(
    visitor: FlaskClient, checks: dict[str, Callable[[], None]], library: SmallLibrary
) -> None:
    def broken() -> None:
        raise OSError("disk /secret/path is on fire")

    library.missing = True
    checks["disk"] = broken

    answer = visitor.get("/readyz")

    assert answer.status_code == 503
    assert [(one["check"], one["code"]) for one in answer.get_json()["errors"]] == [
        ("library", "not_ready"),
        ("disk", "not_ready"),
    ]
    assert "/secret/path" not in answer.get_data(as_text=True)
    assert visitor.get("/healthz").status_code == 200


def test_every_named_error_has_a_status() -> None:
    kinds = [
        kind
        for kind in vars(core_errors).values()
        if isinstance(kind, type) and issubclass(kind, AgentAssistError)
    ]

    without = {kind for kind in kinds if kind not in problem_kinds.STATUS}

    # The first is the tree's root, the other can only happen before anything is served.
    assert without == {AgentAssistError, SetupRefused}


def test_unknown_error_tells_nothing_of_itself(
    client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    answer = client.post("/v1/suggestions", json={"text": "explode my card 4929123412341234"})

    assert answer.status_code == 500
    assert "4929123412341234" not in answer.get_data(as_text=True)
    assert "4929123412341234" not in repr(lines)
    unhandled = next(line for line in lines if line["event"] == "unhandled")
    assert unhandled["error"] == "RuntimeError"
    assert unhandled["where"][-1].endswith("_match")
    assert unhandled["request_id"] == answer.headers["X-Request-Id"]


def test_problem_lists_at_most_fifty_faults(keys: Any, sessions: Any) -> None:
    app = Flask(__name__, static_folder=None)
    admission = Admission(app, keys, sessions, lambda: ("rep",))
    problems.install(app)

    def fail() -> str:
        raise InvalidInput([FieldProblem(f"/{n}", "bad", "is bad") for n in range(80)])

    admission.declare("fail", PUBLIC)
    app.add_url_rule("/fail", "fail", fail)

    assert len(app.test_client().get("/fail").get_json()["errors"]) == 50
