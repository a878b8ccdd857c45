"""Keys of CRM systems over the API: made, used within their bounds, revoked."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import KeyRing, Scope

from .conftest import HandClock

CRM: dict[str, Any] = {"name": "CRM", "scopes": ["read", "suggest"]}


@pytest.fixture
def admin(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    return make_client(Scope.SYSTEMS)


def asking(app: Flask, key: str, address: str = "192.0.2.7", forwarded: str = "") -> Any:
    """The answer to a request that a key is used for, from an address."""
    headers = {"Authorization": f"Bearer {key}"}
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    place = {"REMOTE_ADDR": address}
    return app.test_client().get("/v1/issues", headers=headers, environ_base=place)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rpartition(":")[2]


def test_key_is_shown_once_works_and_is_revoked_at_once(app: Flask, admin: FlaskClient) -> None:
    made = admin.post("/v1/keys", json=CRM)
    key = made.get_json()
    worked = asking(app, key["key"])
    listed = admin.get("/v1/keys")
    revoked = admin.delete(f"/v1/keys/{key['id']}")

    assert (made.status_code, worked.status_code) == (201, 200)
    assert key["key"].split("_", 2)[2] not in listed.text
    assert "CRM" in [one["name"] for one in listed.get_json()["items"]]
    assert revoked.get_json()["state"] == "revoked"
    answer = asking(app, key["key"])
    assert code_of(answer) == (401, "unauthenticated")
    assert "is revoked" in answer.get_json()["detail"]


@pytest.mark.parametrize("scope", ["approve", "limits:publish", "brake", "level", "systems"])
def test_no_key_of_more_than_a_crm_needs_is_made_over_the_api(
    admin: FlaskClient, scope: str, dump: Callable[[], str]
) -> None:
    before = dump()

    refused = admin.post("/v1/keys", json={**CRM, "scopes": ["read", scope]})

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/scopes/1"
    assert dump() == before


def test_bad_bounds_are_named_all_at_once_and_nothing_is_made(
    admin: FlaskClient, dump: Callable[[], str]
) -> None:
    before = dump()
    bounds = {"expires_at": "2020-01-01T00:00:00Z", "networks": ["192.0.2.0/24", "192.0.2.1/24"]}

    refused = admin.post("/v1/keys", json={**CRM, **bounds})

    pointers = [one["pointer"] for one in refused.get_json()["errors"]]
    assert (refused.status_code, pointers) == (422, ["/expires_at", "/networks/1"])
    assert dump() == before


def test_key_is_refused_elsewhere_when_it_expired_and_beyond_its_cap(
    app: Flask, admin: FlaskClient, clock: HandClock
) -> None:
    bounds = {"expires_at": "2026-03-14T10:00:00Z", "networks": ["192.0.2.0/24"], "per_minute": 2}
    key = admin.post("/v1/keys", json={**CRM, **bounds}).get_json()["key"]

    elsewhere = asking(app, key, "198.51.100.1")
    statuses = [asking(app, key).status_code for _ in range(2)]
    beyond = asking(app, key)
    clock.at = clock.at.replace(hour=10, minute=0)
    expired = asking(app, key)

    assert code_of(elsewhere) == (403, "wrong_address")
    assert "198.51.100.1" in elsewhere.get_json()["detail"]
    assert statuses == [200, 200]
    assert code_of(beyond) == (429, "too_many_requests")
    assert beyond.headers["Retry-After"] == "60"
    assert code_of(expired) == (401, "unauthenticated")
    assert "is expired" in expired.get_json()["detail"]


def test_what_a_stranger_says_of_its_address_does_not_count(app: Flask, keys: KeyRing) -> None:
    scopes = frozenset({Scope.READ})
    key = keys.make("crm", scopes, None, by="test", networks=("192.0.2.0/24",))[1]

    forged = asking(app, key, "198.51.100.1", forwarded="192.0.2.7")

    assert code_of(forged) == (403, "wrong_address")


def test_administrators_alone_look_after_keys_and_hosts(
    make_client: Callable[..., FlaskClient],
) -> None:
    others = make_client(*(scope for scope in Scope if scope is not Scope.SYSTEMS))

    assert others.get("/v1/keys").status_code == 403
    assert others.post("/v1/keys", json=CRM).status_code == 403
    assert others.post("/v1/hosts", json={}).status_code == 403


def test_list_goes_on_page_by_page(admin: FlaskClient) -> None:
    names = [admin.post("/v1/keys", json={**CRM, "name": f"k{n}"}).get_json()["id"] for n in "12"]

    first = admin.get("/v1/keys?limit=2").get_json()
    rest = admin.get(f"/v1/keys?limit=2&cursor={first['next_cursor']}").get_json()

    listed = [one["id"] for one in (*first["items"], *rest["items"])]
    assert set(names) < set(listed)
    assert (len(listed), rest["next_cursor"]) == (3, None)
    assert admin.get("/v1/keys?cursor=nobody").status_code == 422


def test_host_is_added_with_a_secret_shown_once_listed_and_removed(admin: FlaskClient) -> None:
    page = {"id": "crm", "kind": "generic", "origins": ["https://crm.example.com"]}

    added = admin.post("/v1/hosts", json=page)
    twice = admin.post("/v1/hosts", json=page)
    listed = admin.get("/v1/hosts")
    removed = admin.delete("/v1/hosts/crm")

    assert (added.status_code, len(added.get_json()["secret"])) == (201, 64)
    assert (twice.status_code, twice.get_json()["errors"][0]["pointer"]) == (422, "/id")
    assert added.get_json()["secret"] not in listed.text
    assert listed.get_json()["items"] == [{**page, "audience": None}]
    assert (removed.status_code, admin.get("/v1/hosts").get_json()["items"]) == (200, [])
    assert admin.delete("/v1/hosts/crm").status_code == 404


def test_origin_that_no_browser_writes_is_named_by_its_place(admin: FlaskClient) -> None:
    origins = ["https://crm.example.com", "https://*.example.com"]

    refused = admin.post("/v1/hosts", json={"id": "crm", "kind": "chatwoot", "origins": origins})

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/origins/1"
