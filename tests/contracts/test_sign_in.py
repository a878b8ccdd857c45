"""People sign in by a password: in our own pages alone, slowly for guessers, and told nothing."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services

PASSWORD = "correct horse battery"
OWN = {"Sec-Fetch-Site": "same-origin"}
COOKIE = "aa_sign_in"


@pytest.fixture
def rita(people: PeopleStore, services: Services) -> Person:
    person = Person("rita", "Rita R.", "rep", "t-1")
    people.add(person, "test")
    services.sign_ins.set_password("rita", PASSWORD, "test")
    return person


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: Any) -> Any:
    form = {"id": "rita", "password": password, **more}
    return client.post("/login", data=form, headers=OWN)


def boot(page: Any) -> Any:
    found = re.search(r'id="boot">(.*?)</script>', page.get_data(as_text=True))
    assert found
    return json.loads(found[1])


def test_whoever_has_the_password_gets_to_the_panel_with_a_code(
    rita: Person, visitor: FlaskClient
) -> None:
    before = boot(visitor.get("/panel"))
    answer = sign_in(visitor)
    after = boot(visitor.get("/panel"))

    opened = visitor.post("/v1/sessions", json={"code": after["code"]})

    assert before == {"host": None, "person": None, "code": None, "locale": "en", "demo": False}
    assert after["person"] == "rita"
    assert (answer.status_code, answer.location) == (303, "/panel")
    assert opened.get_json()["person"]["id"] == "rita"


def test_cookie_is_for_our_own_pages_and_no_script(rita: Person, visitor: FlaskClient) -> None:
    plain = sign_in(visitor).headers["Set-Cookie"]
    secure = visitor.post(
        "/login",
        data={"id": "rita", "password": PASSWORD},
        headers=OWN,
        base_url="https://localhost",
    ).headers["Set-Cookie"]

    assert re.fullmatch(COOKIE + r"=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", plain)
    assert re.fullmatch(
        "__Host-" + COOKIE + r"=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", secure
    )


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("rita", "correct horse batter"),
        ("rita", ""),
        ("", ""),
        ("sam", PASSWORD),
        ("nobody", PASSWORD),
        ("rita\x00", PASSWORD),
        ("rita", "x" * 900_000),
        ("r" * 900_000, PASSWORD),
        ("rita' --", "' OR 1=1 --"),
        ("\ud800".encode("utf-8", "replace").decode(), "\u0000"),
    ],
)
def test_refusal_does_not_say_whether_the_name_or_the_password_is_wrong(
    rita: Person, visitor: FlaskClient, name: str, password: str
) -> None:
    answer = visitor.post("/login", data={"id": name, "password": password}, headers=OWN)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in page
    assert "Set-Cookie" not in answer.headers
    assert PASSWORD not in page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_form_of_another_site_is_refused(
    rita: Person, visitor: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    sign_in(visitor)

    answer = visitor.post(path, data={"id": "rita", "password": PASSWORD}, headers=headers)

    assert answer.status_code == 403
    assert answer.get_json()["type"].endswith(":other_site")
    assert "Set-Cookie" not in answer.headers
    assert boot(visitor.get("/panel"))["code"] is not None


def test_form_of_our_own_origin_is_taken_from_old_browsers_too(
    rita: Person, visitor: FlaskClient
) -> None:
    form = {"id": "rita", "password": PASSWORD}

    answer = visitor.post("/login", data=form, headers={"Origin": "http://localhost"})

    assert answer.status_code == 303


def test_secret_that_a_browser_came_with_is_never_taken_over(
    rita: Person, visitor: FlaskClient
) -> None:
    planted = "a" * 43
    visitor.set_cookie(COOKIE, planted)

    sign_in(visitor)

    new = visitor.get_cookie(COOKIE)
    assert new is not None
    assert new.value != planted


def test_earlier_sign_in_of_a_browser_ends_with_the_next(
    app: Flask, rita: Person, visitor: FlaskClient
) -> None:
    sign_in(visitor)
    first = visitor.get_cookie(COOKIE)
    sign_in(visitor)
    thief = app.test_client()
    assert first is not None
    thief.set_cookie(COOKIE, first.value)

    assert boot(thief.get("/panel"))["code"] is None
    assert boot(visitor.get("/panel"))["code"] is not None


def test_signing_out_ends_it_on_the_server(app: Flask, rita: Person, visitor: FlaskClient) -> None:
    sign_in(visitor)
    kept = visitor.get_cookie(COOKIE)
    assert kept is not None

    answer = visitor.post("/logout", headers=OWN)
    thief = app.test_client()
    thief.set_cookie(COOKIE, kept.value)

    assert (answer.status_code, answer.location) == (303, "/login")
    assert visitor.get_cookie(COOKIE) is None
    assert boot(thief.get("/panel"))["code"] is None


def test_after_five_failures_attempts_are_slowed_and_the_right_password_waits_too(
    rita: Person, visitor: FlaskClient, clock: Any
) -> None:
    failed = [sign_in(visitor, "wrong wrong wrong").status_code for _ in range(5)]
    slowed = sign_in(visitor)
    clock.at += timedelta(seconds=1)
    after = sign_in(visitor)

    assert failed == [401] * 5
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")
    assert "try again in 1 s" in slowed.get_data(as_text=True)
    assert after.status_code == 303


def test_nobody_waits_longer_than_a_minute_and_names_that_do_not_exist_wait_as_long(
    rita: Person, visitor: FlaskClient, clock: Any
) -> None:
    waits: dict[str, list[int]] = {"rita": [], "nobody": []}
    for name, told in waits.items():
        for _ in range(14):
            form = {"id": name, "password": "wrong wrong wrong"}
            visitor.post("/login", data=form, headers=OWN)
            answer = visitor.post("/login", data=form, headers=OWN)
            if answer.status_code == 429:
                told.append(int(answer.headers["Retry-After"]))
                clock.at += timedelta(seconds=told[-1])

    assert waits["rita"] == waits["nobody"]
    assert waits["rita"][:3] == [1, 2, 4]
    assert waits["rita"][-1] == 60


def test_failures_are_forgotten_with_a_success(rita: Person, visitor: FlaskClient) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(visitor, "wrong wrong wrong")
        assert sign_in(visitor).status_code == 303


def test_new_password_and_deactivation_end_what_is_open(
    rita: Person, visitor: FlaskClient, services: Services, people: PeopleStore
) -> None:
    sign_in(visitor)
    services.sign_ins.set_password("rita", "another horse battery", "test")
    after_change = boot(visitor.get("/panel"))["code"]
    old = sign_in(visitor).status_code
    sign_in(visitor, "another horse battery")
    people.change("rita", lambda one: replace(one, active=False), "test")

    assert (after_change, old) == (None, 401)
    assert boot(visitor.get("/panel"))["code"] is None
    assert sign_in(visitor, "another horse battery").status_code == 401


def test_popup_hands_its_code_to_our_own_origin_alone(rita: Person, visitor: FlaskClient) -> None:
    page = sign_in(visitor, popup="1").get_data(as_text=True)
    script = visitor.get("/static/signed_in.js")
    found = re.search(r'\{"code": "(aac_[\w-]{43})"\}', page)

    assert found
    assert visitor.post("/v1/sessions", json={"code": found[1]}).status_code == 201
    assert "postMessage(message, window.location.origin)" in script.get_data(as_text=True)
    script.close()


def test_popup_of_somebody_who_has_signed_in_needs_no_password(
    rita: Person, visitor: FlaskClient
) -> None:
    sign_in(visitor)

    assert "aac_" in visitor.get("/login?popup=1").get_data(as_text=True)
    assert visitor.get("/login").location == "/panel"


def test_whoever_signs_out_of_a_panel_is_not_let_in_again_by_its_popup(
    rita: Person, visitor: FlaskClient
) -> None:
    sign_in(visitor)
    code = boot(visitor.get("/panel"))["code"]
    token = visitor.post("/v1/sessions", json={"code": code}).get_json()["token"]

    # As a frame of another site does, which has no cookie.
    bearer = {"Authorization": f"Bearer {token}"}
    assert visitor.delete("/v1/sessions/current", headers=bearer).status_code == 200

    assert "aac_" not in visitor.get("/login?popup=1").get_data(as_text=True)
    assert boot(visitor.get("/panel"))["code"] is None


@pytest.mark.parametrize("path", ["/login", "/login?popup=1"])
def test_login_cannot_be_embedded_and_keeps_its_opener(visitor: FlaskClient, path: str) -> None:
    headers = visitor.get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["Cache-Control"] == "no-store"
    assert "Cross-Origin-Opener-Policy" not in headers


def test_name_that_was_typed_comes_back_as_text(visitor: FlaskClient) -> None:
    form = {"id": '"><script>alert(1)</script>', "password": "x"}

    page = visitor.post("/login", data=form, headers=OWN).get_data(as_text=True)

    assert "<script>" not in page


def test_audit_tells_of_it_without_any_secret(
    rita: Person, visitor: FlaskClient, dump: Callable[[], str]
) -> None:
    sign_in(visitor)
    cookie = visitor.get_cookie(COOKIE)
    visitor.post("/logout", headers=OWN)
    for _ in range(6):
        sign_in(visitor, "my other password")

    kept = dump()

    assert cookie is not None
    for secret in (PASSWORD, "my other password", cookie.value):
        assert secret not in kept
    for act in ("account.password", "'sign_in'", "sign_out", "sign_in.refused"):
        assert act in kept
    assert kept.count("sign_in.refused") == 1
