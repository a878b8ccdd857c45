"""Settings: the one reader of the environment. Bad values stop the start; nothing is guessed."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from agent_assist.core.addresses import Network
from agent_assist.core.errors import SetupRefused
from agent_assist.core.groups import GroupRule
from agent_assist.settings.provider import OidcProvider, read_groups, read_names, read_words
from agent_assist.settings.values import (
    SmtpServer,
    read_database_url,
    read_folder,
    read_host,
    read_log_level,
    read_mail_address,
    read_mail_addresses,
    read_networks,
    read_origin,
    read_outside_url,
    read_path,
    read_required_or_offered,
    read_smtp_server,
    read_weakenable,
    read_webhook_secret,
    read_yes_or_no,
    whole_number,
)

T = TypeVar("T")

PREFIX = "AGENT_ASSIST_"
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose; see `docs/settings.md`.

    Attributes:
        data: the folder of everything that changes.
        database_url: SQLite or PostgreSQL, as SQLAlchemy writes it.
        models: the folder of built encoders.
        encoder: a local sentence-transformers model to export; None for the packaged one.
        host, port: where `serve` listens.
        threads: how many requests one process answers at once, 1 to 512.
        client_seconds: how long one waits for a client that stalls in its request, 1 to 600.
        workers: how many processes serve, 1 to 64.
        log_level: DEBUG, INFO, WARNING or ERROR.
        reservation_minutes: how long a grant stays reserved before it is captured, 1 to 10,080.
        checkpoints: the file of the audit's checkpoints.
        checkpoint_url: where the newest checkpoint is sent as well; None for nowhere.
        approval_minutes: how long the level that is needed has to decide, 1 to 1,440.
        reminder_minutes: how long a request waits before it is told of outside, 1 to 1,440.
        reminder_url: where such requests are posted; None for nowhere.
        reminder_secret: what these posts are signed with; there where the address is.
        smtp: the server that takes e-mails about them; None for none.
        reminder_from, reminder_to: their sender and recipients; there where the server is.
        ledger_seconds: from one check of the ledger by itself to the next, 10 to 3,600.
        key_days: how long the answer to an Idempotency-Key is kept, 30 to 3,650.
        log_days: how long suggestions and decisions are kept, 7 to 3,650.
        keep_texts: whether suggestions keep what they were made from, masked.
        second_factor_required: whether those who decide or administer sign in by more than a
            password.
        provider: the identity provider that people may sign in by; None for none.
        step_up_minutes: how long it counts that somebody has shown who they are, 1 to 1,440.
        origin: ours, as browsers name it; None for the address that each request was sent to.
        proxies: whose word about whom a request comes from counts.
        webhook_networks: where webhooks may go beside the internet.
        accept_weak: settings of the database that may promise less than grants need, by name.
    """

    data: Path
    database_url: str
    models: Path
    encoder: Path | None
    host: str
    port: int
    threads: int
    client_seconds: int
    workers: int
    log_level: str
    reservation_minutes: int
    checkpoints: Path
    checkpoint_url: str | None
    approval_minutes: int
    reminder_minutes: int
    reminder_url: str | None
    reminder_secret: str | None
    smtp: SmtpServer | None
    reminder_from: str | None
    reminder_to: tuple[str, ...]
    ledger_seconds: int
    key_days: int
    log_days: int
    keep_texts: bool
    second_factor_required: bool
    step_up_minutes: int
    provider: OidcProvider | None
    origin: str | None
    proxies: tuple[Network, ...]
    webhook_networks: tuple[Network, ...]
    accept_weak: frozenset[str]

    @property
    def address(self) -> str:
        """Host and port as in a URL: an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def indexes(self) -> Path:
        """Where indexes of library versions are kept."""
        return self.data / "indexes"

    @property
    def trained(self) -> Path:
        """Where model versions are kept."""
        return self.data / "models"

    @property
    def pepper(self) -> Path:
        """The file of the secret that API keys are hashed with."""
        return self.data / "pepper"

    @property
    def checkpoint_key(self) -> Path:
        """The file of the private key that checkpoints are signed with."""
        return self.data / "checkpoint-key.pem"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment.

    Raises:
        SetupRefused: a value cannot be used, or a setting of ours is not known (a misspelt one
            would otherwise be ignored); names all of them.
    """
    reader = _Reader(os.environ if environment is None else environment)
    data = reader.take("AGENT_ASSIST_DATA", read_path, ROOT / "var")
    settings = Settings(
        data=data,
        database_url=reader.take(
            "AGENT_ASSIST_DATABASE_URL", read_database_url, f"sqlite:///{data / 'agent-assist.db'}"
        ),
        models=reader.take("AGENT_ASSIST_MODELS", read_path, ROOT / "models"),
        encoder=reader.take("AGENT_ASSIST_ENCODER", read_folder, None),
        host=reader.take("HOST", read_host, "127.0.0.1"),
        port=reader.take("PORT", whole_number(1, 65_535), 8000),
        threads=reader.take("AGENT_ASSIST_THREADS", whole_number(1, 512), 16),
        client_seconds=reader.take("AGENT_ASSIST_CLIENT_SECONDS", whole_number(1, 600), 30),
        workers=reader.take("AGENT_ASSIST_WORKERS", whole_number(1, 64), 1),
        log_level=reader.take("AGENT_ASSIST_LOG_LEVEL", read_log_level, "INFO"),
        reservation_minutes=reader.take(
            "AGENT_ASSIST_RESERVATION_MINUTES", whole_number(1, 10_080), 15
        ),
        checkpoints=reader.take(
            "AGENT_ASSIST_CHECKPOINTS", read_path, data / "checkpoints" / "audit.jsonl"
        ),
        checkpoint_url=reader.take("AGENT_ASSIST_CHECKPOINT_URL", read_outside_url, None),
        approval_minutes=reader.take("AGENT_ASSIST_APPROVAL_MINUTES", whole_number(1, 1_440), 15),
        reminder_minutes=reader.take("AGENT_ASSIST_REMINDER_MINUTES", whole_number(1, 1_440), 5),
        reminder_url=reader.take("AGENT_ASSIST_REMINDER_URL", read_outside_url, None),
        reminder_secret=reader.take("AGENT_ASSIST_REMINDER_SECRET", read_webhook_secret, None),
        smtp=reader.take("AGENT_ASSIST_SMTP_URL", read_smtp_server, None),
        reminder_from=reader.take("AGENT_ASSIST_REMINDER_FROM", read_mail_address, None),
        reminder_to=reader.take("AGENT_ASSIST_REMINDER_TO", read_mail_addresses, ()),
        ledger_seconds=reader.take("AGENT_ASSIST_LEDGER_SECONDS", whole_number(10, 3_600), 60),
        key_days=reader.take("AGENT_ASSIST_KEY_DAYS", whole_number(30, 3_650), 30),
        log_days=reader.take("AGENT_ASSIST_LOG_DAYS", whole_number(7, 3_650), 90),
        keep_texts=reader.take("AGENT_ASSIST_KEEP_TEXTS", read_yes_or_no, True),
        second_factor_required=reader.take(
            "AGENT_ASSIST_SECOND_FACTOR", read_required_or_offered, True
        ),
        provider=_read_provider(reader),
        step_up_minutes=reader.take("AGENT_ASSIST_STEP_UP_MINUTES", whole_number(1, 1_440), 10),
        origin=reader.take("AGENT_ASSIST_ORIGIN", read_origin, None),
        proxies=reader.take("AGENT_ASSIST_PROXIES", read_networks, ()),
        webhook_networks=reader.take("AGENT_ASSIST_WEBHOOK_NETWORKS", read_networks, ()),
        accept_weak=reader.take("AGENT_ASSIST_ACCEPT_WEAK", read_weakenable, frozenset()),
    )
    reader.need("AGENT_ASSIST_REMINDER_URL", "AGENT_ASSIST_REMINDER_SECRET")
    for name in ("AGENT_ASSIST_REMINDER_FROM", "AGENT_ASSIST_REMINDER_TO"):
        reader.need("AGENT_ASSIST_SMTP_URL", name)
    reader.finish()
    return settings


def wants_colour(environment: Mapping[str, str] | None = None) -> bool:
    """False where NO_COLOR is set to anything (https://no-color.org)."""
    return not (os.environ if environment is None else environment).get("NO_COLOR")


def _read_provider(reader: "_Reader") -> OidcProvider | None:
    """The identity provider; None unless its issuer is set."""
    usual: tuple[str, ...] = ("openid", "profile")
    no_groups: tuple[GroupRule, ...] = ()
    told = OidcProvider(
        issuer=reader.take("AGENT_ASSIST_OIDC_ISSUER", read_outside_url, ""),
        client_id=reader.take("AGENT_ASSIST_OIDC_CLIENT_ID", str, ""),
        client_secret=reader.take("AGENT_ASSIST_OIDC_CLIENT_SECRET", str, ""),
        scopes=reader.take("AGENT_ASSIST_OIDC_SCOPES", read_words, usual),
        id_claim=reader.take("AGENT_ASSIST_OIDC_ID_CLAIM", str, "sub"),
        groups_claim=reader.take("AGENT_ASSIST_OIDC_GROUPS_CLAIM", str, "groups"),
        groups=reader.take("AGENT_ASSIST_OIDC_GROUPS", read_groups, no_groups),
        second=reader.take("AGENT_ASSIST_OIDC_SECOND_FACTOR", read_names, frozenset({"mfa"})),
    )
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        reader.need("AGENT_ASSIST_OIDC_ISSUER", f"AGENT_ASSIST_OIDC_{name}")
    if "openid" not in told.scopes:
        reader.faults.append("AGENT_ASSIST_OIDC_SCOPES must hold openid")
    return told if told.issuer else None


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.faults: list[str] = []
        self.known: set[str] = set()

    def take(self, name: str, read: Callable[[str], T], default: T) -> T:
        self.known.add(name)
        text = self.environment.get(name, "").strip()
        if not text:
            return default
        try:
            return read(text)
        except ValueError as error:
            self.faults.append(f"{name} {error}")
            return default

    def need(self, name: str, other: str) -> None:
        """A setting that does nothing without another."""
        if self.environment.get(name, "").strip() and not self.environment.get(other, "").strip():
            self.faults.append(f"{name} needs {other} as well")

    def finish(self) -> None:
        ours = {name for name in self.environment if name.startswith(PREFIX)}
        self.faults += [
            f"{name} is not a setting; docs/settings.md lists them"
            for name in sorted(ours - self.known)
        ]
        if self.faults:
            raise SetupRefused("; ".join(self.faults))
