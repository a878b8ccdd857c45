"""Who may pass."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import KeyRing, Scope, Sessions
from agent_assist.core.errors import SetupRefused
from agent_assist.web.admission import Admission

from .conftest import new_token

MakeClient = Callable[..., FlaskClient]


def test_app_with_a_route_that_declares_no_scope_does_not_start(
    keys: KeyRing, sessions: Sessions
) -> None:
    app = Flask(__name__, static_folder=None)
    admission = Admission(app, keys, sessions, lambda: ("rep",))
    app.add_url_rule("/open", "open", lambda: "secret")

    with pytest.raises(SetupRefused, match="/open"):
        admission.check()


def test_route_added_after_the_check_answers_nobody(app: Flask) -> None:
    app.add_url_rule("/late", "late", lambda: "secret")

    answer = app.test_client().get("/late")

    assert answer.status_code == 500
    assert b"secret" not in answer.data


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Basic dXNlcjpwYXNz",
        "Bearer aa_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "Bearer \u00e9",
        "Bearer " + "a" * 5_000,
    ],
)
def test_request_without_a_valid_key_is_unauthenticated(
    visitor: FlaskClient, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = visitor.get("/v1/issues", headers=headers)

    assert answer.status_code == 401
    assert answer.get_json()["type"] == "urn:agent-assist:problem:unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="agent-assist"')


def test_scheme_of_a_key_is_read_in_any_case(app: Flask, keys: KeyRing) -> None:
    token = new_token(keys, Scope.READ)

    answer = app.test_client().get("/v1/issues", headers={"Authorization": f"bearer {token}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("POST", "/v1/suggestions", Scope.SUGGEST),
        ("POST", "/v1/decisions", Scope.DECIDE),
        ("GET", "/v1/policies", Scope.READ),
        ("GET", "/v1/policies/fees/cash", Scope.READ),
        ("GET", "/v1/issues", Scope.READ),
        ("GET", "/v1/facts", Scope.READ),
        ("GET", "/v1/remedies", Scope.READ),
        ("GET", "/v1/search?q=fee", Scope.READ),
        ("POST", "/v1/grants", Scope.GRANT),
        ("POST", "/v1/grants/grt_1/capture", Scope.GRANT),
        ("POST", "/v1/grants/grt_1/void", Scope.GRANT),
        ("GET", "/v1/grants", Scope.GRANT),
        ("GET", "/v1/grants/grt_1", Scope.GRANT),
        ("GET", "/v1/headroom", Scope.GRANT),
        ("PUT", "/v1/contacts/4711", Scope.RECORD),
        ("GET", "/v1/contacts/4711", Scope.RECORD),
        ("GET", "/v1/outcomes?contact=4711", Scope.RECORD),
        ("POST", "/v1/contacts/4711/outcome", Scope.RECORD),
        ("GET", "/v1/suggestions/sug_1", Scope.RECORD),
    ],
)
def test_key_without_the_scope_is_told_which_one_is_missing(
    make_client: MakeClient, method: str, path: str, needed: Scope
) -> None:
    client = make_client(*(scope for scope in Scope if scope is not needed))

    answer = client.open(path, method=method, json={"text": "x"} if method == "POST" else None)

    assert answer.status_code == 403
    assert f"`{needed}`" in answer.get_json()["detail"]
    assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["/v1/suggestions", "/v1/decisions"])
def test_key_without_the_scope_may_not_state_a_higher_level(
    make_client: MakeClient, path: str
) -> None:
    client = make_client(Scope.SUGGEST, Scope.DECIDE)
    body = {"text": "fee"} if path == "/v1/suggestions" else {"issue": "fee"}

    lowest = client.post(path, json={**body, "rep": {"level": "rep"}})
    higher = client.post(path, json={**body, "rep": {"level": "senior"}})

    assert lowest.status_code == 200
    assert higher.status_code == 403
    assert "`level`" in higher.get_json()["detail"]


def test_key_without_the_scope_may_not_grant_at_a_higher_level(make_client: MakeClient) -> None:
    client = make_client(Scope.GRANT)
    body = {"issue": "card", "remedy": "discount", "amount": "20", "reason_code": "delay"}

    answer = client.post(
        "/v1/grants",
        json={**body, "rep": {"level": "senior"}},
        headers={"Idempotency-Key": "a"},
    )

    assert answer.status_code == 403
    assert "`level`" in answer.get_json()["detail"]


def test_key_with_the_scope_may_state_a_higher_level(client: FlaskClient) -> None:
    answer = client.post("/v1/decisions", json={"issue": "fee", "rep": {"level": "manager"}})

    assert answer.status_code == 200
    assert answer.get_json()["level"] == "manager"


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"])
def test_public_pages_need_no_key(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 200


def test_caller_is_known_before_the_body_is_read(visitor: FlaskClient) -> None:
    answer = visitor.post("/v1/suggestions", data="x" * 2_000_000)

    assert answer.status_code == 401
