"""The panel's page: registered hosts embed it, and launch it by what they have signed."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from agent_assist.admit.hosts import Hosts
from agent_assist.core.errors import InvalidInput
from agent_assist.core.people import Person
from agent_assist.store.hosts import HostKind
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services, pages

from .conftest import NOW

CRM = "https://crm.example.com"
NOW_SECONDS = int(NOW.timestamp())
INSTALLATION = "https://acme.zendesk.com/api/v2/apps/installations/1.json"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def hosts(services: Services, people: PeopleStore) -> Hosts:
    people.add(Person("rita", "Rita R.", "rep", "t-1"), "test")
    people.add(Person("10001", "Zoe Z.", "rep", "t-1"), "test")
    people.add(Person("lena", "Lena L.", "rep", "t-1", active=False), "test")
    return services.hosts


@pytest.fixture
def secret(hosts: Hosts) -> str:
    _, secret = hosts.add("crm", HostKind.GENERIC, [CRM], "test")
    assert secret is not None
    return secret


@pytest.fixture
def zendesk(hosts: Hosts) -> None:
    origins = ["https://acme.zendesk.com"]
    hosts.add("zd", HostKind.ZENDESK, origins, "test", public_key=PEM, audience=INSTALLATION)


@pytest.fixture(autouse=True)
def real_time(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    """PyJWT asks the machine's clock; here it gets the test's."""

    class Clock(jwt.api_jwt.datetime):  # type: ignore[misc,name-defined]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock()

    monkeypatch.setattr(jwt.api_jwt, "datetime", Clock)


def claims(**changed: Any) -> dict[str, Any]:
    """What the generic host says of Rita; None takes a claim away."""
    said = {
        "iss": "crm",
        "aud": "agent-assist",
        "sub": "rita",
        "iat": NOW_SECONDS,
        "exp": NOW_SECONDS + 60,
        "jti": "1",
        **changed,
    }
    return {name: value for name, value in said.items() if value is not None}


def launch(client: FlaskClient, token: str, host: str = "crm") -> Any:
    return client.post(f"/panel/launch?host={host}", data={"token": token})


def boot(page: Any) -> Any:
    found = re.search(r'id="boot">(.*?)</script>', page.get_data(as_text=True))
    return json.loads(found[1]) if found else None


def test_exactly_the_origins_of_the_host_may_embed_its_panel(
    visitor: FlaskClient, hosts: Hosts
) -> None:
    hosts.add("desk", HostKind.CHATWOOT, [CRM, "http://127.0.0.1:3000"], "test")

    answer = visitor.get("/panel?host=desk")

    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors https://crm.example.com http://127.0.0.1:3000"
    )
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert boot(answer) == {
        "host": {"id": "desk", "kind": "chatwoot", "origins": [CRM, "http://127.0.0.1:3000"]},
        "person": None,
        "code": None,
        "locale": "en",
        "demo": False,
    }


def test_panel_of_its_own_cannot_be_embedded(visitor: FlaskClient) -> None:
    assert (
        visitor.get("/panel").headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    )


@pytest.mark.parametrize("host", ["nobody", "", "demo", "../x", "a" * 5_000, "%00", "crm'--"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_host_gets_nothing(visitor: FlaskClient, method: str, host: str) -> None:
    path = "/panel" if method == "GET" else "/panel/launch"

    answer = visitor.open(path, method=method, query_string={"host": host})

    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*",
        "https://*.example.com",
        "https://crm.example.com/",
        "https://crm.example.com/app",
        "https://crm.example.com?x",
        "https://crm.example.com:443",
        "https://CRM.example.com",
        "https://crm.example.com; script-src *",
        "https://crm.example.com https://evil.example",
        "https://user@crm.example.com",
        "https://",
        "http://crm.example.com",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0:1",
        "null",
        "'self'",
        "data:",
        "javascript://crm.example.com",
        "https://crm.example.com\n",
        "https://crm.ex\u0430mple.com",  # a Cyrillic letter
        "https://crm.example.com:99999",
        "https://[::1",
        "",
    ],
)
def test_what_is_not_exactly_an_origin_is_no_origin_of_a_host(hosts: Hosts, origin: str) -> None:
    with pytest.raises(InvalidInput, match="origin"):
        hosts.add("desk", HostKind.CHATWOOT, [origin], "test")


@pytest.mark.parametrize(
    "origin", ["https://crm.example.com:8443", "http://localhost:3000", "http://[::1]:3000"]
)
def test_origins_as_browsers_write_them_are_taken(hosts: Hosts, origin: str) -> None:
    assert hosts.add("desk", HostKind.CHATWOOT, [origin], "test")[0].origins == (origin,)


@pytest.mark.parametrize("host_id", ["demo", "", "A", "a b", "a" * 64, "ü"])
def test_host_has_a_plain_id_that_is_not_the_demonstrations(hosts: Hosts, host_id: str) -> None:
    with pytest.raises(InvalidInput, match="id"):
        hosts.add(host_id, HostKind.CHATWOOT, [CRM], "test")


def test_signed_token_opens_the_panel_for_whom_it_names(visitor: FlaskClient, secret: str) -> None:
    answer = launch(visitor, jwt.encode(claims(), secret, "HS256"))

    opened = visitor.post("/v1/sessions", json={"code": boot(answer)["code"]}).get_json()

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors {CRM}")
    assert opened["person"]["id"] == "rita"


def test_token_opens_the_panel_once(visitor: FlaskClient, secret: str) -> None:
    token = jwt.encode(claims(), secret, "HS256")

    first, second = launch(visitor, token), launch(visitor, token)
    again = launch(visitor, jwt.encode(claims(exp=NOW_SECONDS + 59), secret, "HS256"))

    assert (first.status_code, second.status_code, again.status_code) == (200, 401, 401)
    assert boot(second) is boot(again) is None
    assert "used before" in second.get_data(as_text=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW_SECONDS - 6},
        {"exp": NOW_SECONDS + 3_600},
        {"exp": NOW_SECONDS + 10**15},
        {"exp": "soon"},
        {"exp": None},
        {"iat": NOW_SECONDS + 60},
        {"iat": None},
        {"nbf": NOW_SECONDS + 60},
        {"aud": "somebody-else"},
        {"aud": None},
        {"aud": ["agent-assist", "somebody-else"]},
        {"iss": "another"},
        {"iss": None},
        {"jti": None},
        {"jti": 7},
        {"sub": None},
        {"sub": 7},
        {"sub": "nobody"},
        {"sub": "lena"},
        {"sub": ""},
        {"sub": "rita\x00"},
    ],
    ids=str,
)
def test_token_that_says_anything_else_opens_nothing(
    visitor: FlaskClient, secret: str, changed: dict[str, Any]
) -> None:
    token = _sign(claims(**changed), secret)

    answer = launch(visitor, token)

    assert answer.status_code == 401
    assert boot(answer) is None
    assert token not in answer.get_data(as_text=True)


def test_token_is_too_old_after_a_minute(visitor: FlaskClient, secret: str, clock: Any) -> None:
    token = jwt.encode(claims(), secret, "HS256")

    clock.at += timedelta(seconds=66)

    assert launch(visitor, token).status_code == 401


def test_forged_tokens_open_nothing(visitor: FlaskClient, secret: str, zendesk: None) -> None:
    good = jwt.encode(claims(), secret, "HS256")
    head, body, signature = good.split(".")
    other = _part(claims(sub="10001"))
    forged = [
        "",
        "a.b.c",
        f"{head}.{body}.",
        f"{head}.{other}.{signature}",
        f"{_part({'alg': 'none'})}.{body}.",
        f"{_part({'alg': 'none'})}.{body}.{signature}",
        jwt.encode(claims(), "another secret " * 3, "HS256"),
        jwt.encode(claims(), secret, "HS512"),
        jwt.encode(claims(), KEY, "RS256"),
        good + "A" * 10_000,
    ]
    # The secret of all confusions: a public key taken for a shared one.
    signed_by_the_public_key = _sign(zendesk_claims(), PEM)

    assert {launch(visitor, token).status_code for token in forged} == {401}
    assert launch(visitor, signed_by_the_public_key, "zd").status_code == 401
    assert launch(visitor, good).status_code == 200


def test_secret_of_one_host_opens_no_panel_in_another(
    visitor: FlaskClient, hosts: Hosts, secret: str
) -> None:
    hosts.add("other", HostKind.GENERIC, ["https://other.example.com"], "test")
    hosts.add("desk", HostKind.CHATWOOT, ["https://desk.example.com"], "test")

    for host in ("other", "desk"):
        token = jwt.encode(claims(iss=host), secret, "HS256")
        assert launch(visitor, token, host).status_code == 401


def zendesk_claims(**changed: Any) -> dict[str, Any]:
    return {
        "iss": "acme.zendesk.com",
        "aud": INSTALLATION,
        "sub": "https://acme.zendesk.com/api/v2/users/10001.json",
        "iat": NOW_SECONDS,
        "nbf": NOW_SECONDS,
        "exp": NOW_SECONDS + 300,
        "qsh": "x",
        **changed,
    }


def test_zendesk_opens_the_panel_for_its_user_once(visitor: FlaskClient, zendesk: None) -> None:
    token = jwt.encode(zendesk_claims(), KEY, "RS256")

    first, second = launch(visitor, token, "zd"), launch(visitor, token, "zd")
    opened = visitor.post("/v1/sessions", json={"code": boot(first)["code"]}).get_json()

    assert (first.status_code, second.status_code) == (200, 401)
    assert opened["person"]["id"] == "10001"


def test_spent_token_is_spent_however_its_signature_is_written(
    visitor: FlaskClient, zendesk: None
) -> None:
    token = jwt.encode(zendesk_claims(), KEY, "RS256")
    launch(visitor, token, "zd")
    # Two signs that fill up the last letters: PyJWT takes them, and means the same signature.
    twin = f"{token}=="

    assert launch(visitor, twin, "zd").status_code == 401


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(zendesk_claims(), OTHER_KEY, "RS256"),
        jwt.encode(zendesk_claims(aud="https://evil.example"), KEY, "RS256"),
        jwt.encode(zendesk_claims(iat=NOW_SECONDS - 66), KEY, "RS256"),
        jwt.encode(zendesk_claims(), KEY, "PS256"),
        jwt.encode(zendesk_claims(), "x" * 64, "HS256"),
    ],
    ids=["another key", "another installation", "a minute old", "another algorithm", "shared"],
)
def test_zendesk_token_that_is_not_for_us_opens_nothing(
    visitor: FlaskClient, zendesk: None, token: str
) -> None:
    assert launch(visitor, token, "zd").status_code == 401


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END"])
def test_zendesk_host_needs_a_key_that_is_one(hosts: Hosts, pem: str) -> None:
    with pytest.raises(InvalidInput, match="public_key"):
        hosts.add("zd", HostKind.ZENDESK, [CRM], "test", public_key=pem, audience=INSTALLATION)


def test_removed_host_embeds_and_launches_nothing_and_what_was_open_in_it_ends(
    visitor: FlaskClient, hosts: Hosts, secret: str
) -> None:
    code = boot(launch(visitor, jwt.encode(claims(), secret, "HS256")))["code"]
    token = visitor.post("/v1/sessions", json={"code": code}).get_json()["token"]

    hosts.remove("crm", "test")

    assert visitor.get("/panel?host=crm").status_code == 404
    assert launch(visitor, jwt.encode(claims(jti="2"), secret, "HS256")).status_code == 404
    headers = {"Authorization": f"Bearer {token}"}
    assert visitor.get("/v1/issues", headers=headers).status_code == 401


def test_database_alone_signs_no_launch(secret: str, dump: Callable[[], str]) -> None:
    assert secret not in dump()


def test_panel_says_what_to_run_while_it_is_not_built(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(pages, "_MANIFEST", tmp_path / "manifest.json")

    assert "npm run build" in visitor.get("/panel").get_data(as_text=True)
    assert visitor.get("/panel/loader.js").status_code == 404


def test_panel_loads_one_script_and_one_style_and_runs_nothing_inline(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"panel/panel.js": "panel/p.1.js", "panel/panel.css": "panel/p.2.css"}')
    monkeypatch.setattr(pages, "_MANIFEST", manifest)

    page = visitor.get("/panel").get_data(as_text=True)

    assert re.findall(r"<script[^>]*>", page) == [
        '<script type="module" src="/static/built/panel/p.1.js">',
        '<script type="application/json" id="boot">',
    ]
    assert page.count('rel="stylesheet"') == 1
    assert '<main id="panel">' in page


def _part(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _sign(said: dict[str, Any], secret: str) -> str:
    """A token with whatever claims, and any text as its secret, which PyJWT would not write."""
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(said)}"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
