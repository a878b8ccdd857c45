"""The commands that let people and pages in: passwords, hosts, and the package for Zendesk."""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agent_assist.app.database import bare_app
from agent_assist.app.stores import open_stores
from agent_assist.cli import main
from agent_assist.settings import read_settings
from tests.serving import invoke

PERSON = ("users", "add", "rita", "--name", "Rita", "--level", "rep", "--team", "t-1")
PACKAGE = ("package", "zendesk", "--contact", "ops@example.com")
ORIGIN = ("--origin", "https://assist.example.com")


def set_password(data: Path, typed: str) -> Result:
    words = ["users", "password", "rita", "--json"]
    return CliRunner().invoke(main, words, input=typed, env={"AGENT_ASSIST_DATA": str(data)})


def test_password_is_read_from_standard_input_and_is_no_argument(data: Path) -> None:
    invoke(data, *PERSON)

    given = set_password(data, "correct horse battery\n")
    argued = invoke(data, "users", "password", "rita", "correct horse battery")

    assert (given.exit_code, json.loads(given.stdout)) == (0, {"id": "rita"})
    assert argued.exit_code == 2


@pytest.mark.parametrize("typed", ["", "short\n", "aaaaaaaaaaaaaaaa\n", "x" * 201 + "\n"])
def test_password_that_is_easy_to_guess_is_refused(data: Path, typed: str) -> None:
    invoke(data, *PERSON)

    refused = set_password(data, typed)

    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["code"] == "invalid_input"


def test_nobody_who_is_not_known_gets_a_password(data: Path) -> None:
    refused = set_password(data, "correct horse battery\n")

    assert json.loads(refused.stdout)["error"]["code"] == "not_found"


def test_second_factor_that_nobody_has_is_not_reset(data: Path) -> None:
    invoke(data, *PERSON)

    none = invoke(data, "users", "reset-second-factor", "rita", "--json")
    nobody = invoke(data, "users", "reset-second-factor", "nobody", "--json")

    assert json.loads(none.stdout) == {"id": "rita", "reset": False}
    assert json.loads(nobody.stdout)["error"]["code"] == "not_found"


def test_administrator_is_named_invited_and_signed_out_and_stays_one(data: Path) -> None:
    added = invoke(data, *PERSON, "--admin", "--json")
    invited = invoke(data, "users", "invite", "rita", "--days", "2", "--json")
    ended = invoke(data, "users", "sign-out", "rita", "--json")
    alone = invoke(data, "users", "set", "rita", "--no-admin", "--json")
    nobody = invoke(data, "users", "invite", "nobody", "--json")

    assert json.loads(added.stdout)["admin"] is True
    assert "/invitation#aai_" in json.loads(invited.stdout)["url"]
    assert json.loads(ended.stdout) == {"id": "rita", "ended": 0}
    assert json.loads(alone.stdout)["error"]["code"] == "last_administrator"
    assert (alone.exit_code, nobody.exit_code) == (1, 1)


def test_host_is_added_shown_without_its_secret_and_removed(data: Path) -> None:
    origin = "https://crm.example.com"
    words = ("hosts", "add", "crm", "--kind", "generic", "--origin", origin, "--json")

    added, again = invoke(data, *words), invoke(data, *words)
    listed = invoke(data, "hosts", "list", "--json")
    removed, gone = (invoke(data, "hosts", "remove", "crm", "--json") for _ in range(2))

    secret = json.loads(added.stdout)["secret"]
    assert len(secret) == 64
    assert json.loads(again.stdout)["error"]["code"] == "invalid_input"
    assert secret not in listed.stdout
    assert json.loads(listed.stdout)["hosts"] == [
        {"id": "crm", "kind": "generic", "origins": [origin], "audience": None}
    ]
    assert (removed.exit_code, gone.exit_code) == (0, 1)


def test_host_of_zendesk_is_added_with_its_public_key(data: Path, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = tmp_path / "key.pem"
    pem.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    origin = "https://acme.zendesk.com"
    words = ("hosts", "add", "zd", "--kind", "zendesk", "--origin", origin)
    audience = f"{origin}/api/v2/apps/installations/1.json"

    lacking = invoke(data, *words)
    added = invoke(data, *words, "--public-key", str(pem), "--audience", audience, "--json")

    assert (lacking.exit_code, added.exit_code) == (1, 0)
    assert json.loads(added.stdout)["secret"] is None


def test_package_for_zendesk_is_the_same_to_the_byte_and_names_where_to_post(
    tmp_path: Path,
) -> None:
    for name in ("one", "two"):
        made = invoke(tmp_path, *PACKAGE, *ORIGIN, "--host", "zd", "--out", str(tmp_path / name))
        assert made.exit_code == 0, made.output

    one, two = (tmp_path / name / "agent-assist-zendesk.zip" for name in ("one", "two"))
    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(two.read_bytes()).digest()
    with zipfile.ZipFile(io.BytesIO(one.read_bytes())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        logo = archive.read("assets/logo.png")
    assert names == [
        "assets/logo-small.png", "assets/logo.png", "manifest.json", "translations/en.json",
    ]  # fmt: skip
    assert manifest["signedUrls"] is True
    assert manifest["location"]["support"]["ticket_sidebar"]["url"] == (
        "https://assist.example.com/panel/launch?host=zd"
    )
    assert struct.unpack(">II", logo[16:24]) == (320, 320)
    data = logo[logo.index(b"IDAT") + 4 : logo.index(b"IEND") - 8]
    assert len(zlib.decompress(data)) == 320 * 321


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--origin", "http://assist.example.com"),
        ("--origin", "https://assist.example.com/"),
        (*ORIGIN, "--host", "a&b=c"),
        (*ORIGIN, "--contact", "nobody"),
    ],
)
def test_package_for_an_address_that_is_none_is_not_made(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    made = invoke(tmp_path, *PACKAGE, "--out", str(tmp_path / "out"), *words)

    assert made.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_webhooks_are_listed_with_whether_they_take_what_is_sent_and_without_secrets(
    data: Path,
) -> None:
    nothing = invoke(data, "webhooks", "list")
    settings = read_settings({"AGENT_ASSIST_DATA": str(data)})
    with bare_app(settings).app_context():
        made, secret = open_stores(settings).subscriber.add(
            "https://hooks.example/", ["grant"], "CRM", "test"
        )

    told = invoke(data, "webhooks", "list", "--json")
    said = invoke(data, "webhooks", "list")

    assert "no webhooks yet" in nothing.output
    (one,) = json.loads(told.stdout)["webhooks"]
    assert (one["id"], one["state"], one["waiting"], one["failed"]) == (
        made.endpoint.id,
        "on",
        0,
        0,
    )
    assert said.stdout.split()[1:3] == ["https://hooks.example/", "on"]
    assert secret not in told.stdout + said.stdout
