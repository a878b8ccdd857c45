"""A server with people, and with pages on another origin that may hold its panel."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import create_engine

from agent_assist.settings import ROOT
from tests.browser.hosts import host_pages
from tests.conftest import upgrade
from tests.serving import Server, a_key, invoke, serving

MANIFEST = ROOT / "agent_assist" / "web" / "static" / "built" / "manifest.json"
ZENDESK_AUDIENCE = "https://crm.zendesk.com/api/v2/apps/installations/1.json"
PEOPLE = (
    ("r-1", "rep", "t-1"),
    ("r-2", "rep", "t-1"),
    ("7", "rep", "t-1"),
    ("v-1", "supervisor", "t-1"),
    ("m-1", "manager", "t-1"),
    ("v-2", "supervisor", "t-1"),
    ("a-1", "rep", "t-1"),
    ("f-1", "supervisor", "t-2"),
)


@dataclass(frozen=True)
class Deployment:
    """A server with people, and pages on other origins that may hold its panel.

    Attributes:
        elsewhere: the origin of the pages that may hold it.
        stranger: an origin that looks like it, and may not.
        secret: what the generic page signs launches with.
        zendesk_key: what Zendesk does, in PEM.
        key: an API key that may do what a CRM and its supervisors do.
    """

    server: Server
    elsewhere: str
    stranger: str
    secret: str
    zendesk_key: str
    key: str

    @property
    def address(self) -> str:
        return self.server.address


@contextmanager
def deployed(data: Path) -> Iterator[Deployment]:
    """Serves a prepared data folder, which is changed: people, pages and a key are added."""
    for person, level, team in PEOPLE:
        _add_person(data, person, level, team)
    invoke(data, "users", "set", "a-1", "--admin")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = data / "zendesk.pem"
    pem.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Half of the threads may stream, and a window that was closed is noticed by the next ping.
    with (
        host_pages() as port,
        serving(
            data, AGENT_ASSIST_THREADS="64", AGENT_ASSIST_WEBHOOK_NETWORKS="127.0.0.0/8"
        ) as server,
    ):
        elsewhere = f"http://localhost:{port}"
        _host(data, "chat", "chatwoot", elsewhere)
        zendesk = ("--public-key", str(pem), "--audience", ZENDESK_AUDIENCE)
        _host(data, "zen", "zendesk", elsewhere, *zendesk)
        yield Deployment(
            server=server,
            elsewhere=elsewhere,
            stranger=f"http://localhost.localhost:{port}",
            secret=str(_host(data, "crm", "generic", elsewhere)["secret"]),
            zendesk_key=private.decode(),
            key=a_key(data, "suggest", "grant", "approve", "record", "brake", "level"),
        )


def a_copy(folder: Path) -> Path:
    """A copy of the prepared data folder, at the newest migration."""
    data = Path(shutil.copytree(ROOT / ".test-data", folder / "data"))
    engine = create_engine(f"sqlite:///{data / 'agent-assist.db'}")
    upgrade(engine)
    engine.dispose()
    return data


def password_of(person: str) -> str:
    return f"correct horse {person}"


def _add_person(data: Path, person: str, level: str, team: str) -> None:
    words = ["--name", f"Person {person}", "--level", level, "--team", team]
    invoke(data, "users", "add", person, *words)
    given = invoke(data, "users", "password", person, typed=password_of(person))
    assert given.exit_code == 0, given.output


def _host(data: Path, name: str, kind: str, origin: str, *more: str) -> dict[str, object]:
    words = ["hosts", "add", name, "--kind", kind, "--origin", origin, *more, "--json"]
    made: dict[str, object] = json.loads(invoke(data, *words).stdout)
    return made
