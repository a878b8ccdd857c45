"""What is kept of a request, and what never is."""

import io
import json
import re
from contextlib import redirect_stdout
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient

from agent_assist.web import configure_log

SECRET = "4929123412341234"
STEPS = r"[a-z]+;dur=\d+\.\d\d"


def test_well_formed_request_id_is_kept(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": "crm-4711_a.b"})

    assert answer.headers["X-Request-Id"] == "crm-4711_a.b"


@pytest.mark.parametrize("offered", ["", "a b", "a" * 65, "a;b", "<script>", "\u00e9", "a,b"])
def test_malformed_request_id_is_replaced(client: FlaskClient, offered: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": offered})

    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_two_requests_have_two_ids(client: FlaskClient) -> None:
    one, other = client.get("/healthz"), client.get("/healthz")

    assert one.headers["X-Request-Id"] != other.headers["X-Request-Id"]


def test_each_request_is_one_line_in_the_log(
    client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    answer = client.get("/v1/policies/fees/cash?locale=de")

    (line,) = lines
    assert re.fullmatch(r"[a-z0-9]{12}", line.pop("key"))
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "request_id": answer.headers["X-Request-Id"],
        "method": "GET",
        "route": "/v1/policies/<policy:policy_id>",
        "status": 200,
    }


def test_log_never_holds_bodies_queries_paths_or_keys(
    client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    client.post("/v1/suggestions", json={"text": f"fee {SECRET}", "customer": {"id": SECRET}})
    client.get(f"/v1/search?q={SECRET}")
    client.get(f"/v1/policies/{SECRET}")
    client.get(f"/{SECRET}")
    client.get("/v1/issues", headers={"Authorization": f"Bearer {SECRET}"})

    assert [line["event"] for line in lines] == ["request"] * 5
    assert SECRET not in repr(lines)
    assert "Bearer" not in repr(lines)


def test_log_line_is_json_on_standard_output(client: FlaskClient) -> None:
    before = structlog.get_config()
    try:
        with redirect_stdout(io.StringIO()) as out:
            configure_log("INFO")
            structlog.get_logger("test").info("request", status=200)
    finally:
        structlog.configure(**before)

    line = json.loads(out.getvalue())
    assert line["status"] == 200
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_log_leaves_out_what_is_below_its_level() -> None:
    before = structlog.get_config()
    try:
        with redirect_stdout(io.StringIO()) as out:
            configure_log("WARNING")
            structlog.get_logger("test").info("request", status=200)
            structlog.get_logger("test").warning("check_failed")
    finally:
        structlog.configure(**before)

    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["check_failed"]


def test_suggestion_says_how_long_each_step_took(client: FlaskClient) -> None:
    answer = client.post("/v1/suggestions", json={"text": "fee"})

    timing = answer.headers["Server-Timing"]
    assert re.fullmatch(rf"{STEPS}(, {STEPS})*", timing)
    steps = [step.partition(";")[0] for step in timing.split(", ")]
    assert steps == ["parse", "encode", "rank", "budgets", "decide", "store", "total"]


def test_decision_says_how_long_each_step_took(client: FlaskClient) -> None:
    answer = client.post("/v1/decisions", json={"issue": "fee"})

    steps = [step.partition(";")[0] for step in answer.headers["Server-Timing"].split(", ")]
    assert steps == ["parse", "budgets", "decide", "store", "total"]


def test_figures_count_by_route_and_never_by_path(client: FlaskClient) -> None:
    client.get("/v1/policies/fees/cash")
    client.get("/made/up/by/a/client")
    client.post("/v1/decisions", json={"issue": "fee"})
    client.open("/v1/policies", method="BREW")

    page = client.get("/metrics").get_data(as_text=True)

    policy = 'route="/v1/policies/<policy:policy_id>"'
    assert f'agent_assist_requests_total{{method="GET",{policy},status="200"}} 1.0' in page
    assert 'agent_assist_requests_total{method="GET",route="unmatched",status="404"} 1.0' in page
    assert 'method="other"' in page
    assert 'agent_assist_step_seconds_count{route="/v1/decisions",step="decide"} 1.0' in page
    assert 'agent_assist_request_seconds_bucket{le="0.005",route="/v1/decisions"}' in page
    assert "made/up" not in page
    assert "BREW" not in page
