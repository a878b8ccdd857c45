"""Settings: the one reader of the environment. Bad values stop the start; nothing is guessed."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from agent_assist.core.errors import SetupRefused

T = TypeVar("T")

PREFIX = "AGENT_ASSIST_"
ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_WEAKENABLE = ("journal_mode", "synchronous", "synchronous_commit", "fsync", "full_page_writes")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


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
        workers: how many processes serve, 1 to 64.
        log_level: DEBUG, INFO, WARNING or ERROR.
        reservation_minutes: how long a grant stays reserved before it is captured, 1 to 10,080.
        checkpoints: the file of the audit's checkpoints.
        checkpoint_url: where the newest checkpoint is sent as well; None for nowhere.
        approval_minutes: how long the level that is needed has to decide, 1 to 1,440.
        ledger_seconds: from one check of the ledger by itself to the next, 10 to 3,600.
        key_days: how long the answer to an Idempotency-Key is kept, 30 to 3,650.
        log_days: how long suggestions and decisions are kept, 7 to 3,650.
        accept_weak: settings of the database that may promise less than grants need, by name.
    """

    data: Path
    database_url: str
    models: Path
    encoder: Path | None
    host: str
    port: int
    threads: int
    workers: int
    log_level: str
    reservation_minutes: int
    checkpoints: Path
    checkpoint_url: str | None
    approval_minutes: int
    ledger_seconds: int
    key_days: int
    log_days: int
    accept_weak: frozenset[str]

    @property
    def indexes(self) -> Path:
        """Where indexes of library versions are kept."""
        return self.data / "indexes"

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
    data = reader.take("AGENT_ASSIST_DATA", _path, ROOT / "var")
    settings = Settings(
        data=data,
        database_url=reader.take(
            "AGENT_ASSIST_DATABASE_URL", _database_url, f"sqlite:///{data / 'agent-assist.db'}"
        ),
        models=reader.take("AGENT_ASSIST_MODELS", _path, ROOT / "models"),
        encoder=reader.take("AGENT_ASSIST_ENCODER", _folder, None),
        host=reader.take("HOST", _host, "127.0.0.1"),
        port=reader.take("PORT", _whole(1, 65_535), 8000),
        threads=reader.take("AGENT_ASSIST_THREADS", _whole(1, 512), 16),
        workers=reader.take("AGENT_ASSIST_WORKERS", _whole(1, 64), 1),
        log_level=reader.take("AGENT_ASSIST_LOG_LEVEL", _log_level, "INFO"),
        reservation_minutes=reader.take("AGENT_ASSIST_RESERVATION_MINUTES", _whole(1, 10_080), 15),
        checkpoints=reader.take(
            "AGENT_ASSIST_CHECKPOINTS", _path, data / "checkpoints" / "audit.jsonl"
        ),
        checkpoint_url=reader.take("AGENT_ASSIST_CHECKPOINT_URL", _witness_url, None),
        approval_minutes=reader.take("AGENT_ASSIST_APPROVAL_MINUTES", _whole(1, 1_440), 15),
        ledger_seconds=reader.take("AGENT_ASSIST_LEDGER_SECONDS", _whole(10, 3_600), 60),
        key_days=reader.take("AGENT_ASSIST_KEY_DAYS", _whole(30, 3_650), 30),
        log_days=reader.take("AGENT_ASSIST_LOG_DAYS", _whole(7, 3_650), 90),
        accept_weak=reader.take("AGENT_ASSIST_ACCEPT_WEAK", _weakenable, frozenset()),
    )
    reader.finish()
    return settings


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

    def finish(self) -> None:
        ours = {name for name in self.environment if name.startswith(PREFIX)}
        self.faults += [
            f"{name} is not a setting; docs/settings.md lists them"
            for name in sorted(ours - self.known)
        ]
        if self.faults:
            raise SetupRefused("; ".join(self.faults))


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _folder(text: str) -> Path:
    path = _path(text)
    if not path.is_dir():
        raise ValueError("must be a folder that is there")
    return path


def _host(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        named = _NAME.fullmatch(text)
    # All digits and dots is an address that is none, not a name.
    if named is None or not text.strip("0123456789.").strip():
        raise ValueError("must be an IP address or a host name such as localhost")
    return text


def _database_url(text: str) -> str:
    if text.startswith("sqlite:////") and len(text) > len("sqlite:////"):
        return text
    if text.startswith("sqlite:"):
        raise ValueError("must name its file from the root: sqlite:////var/lib/agent-assist.db")
    if not text.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite://// or postgresql://")
    parts = urlsplit(text)
    if any(character.isspace() for character in text) or not parts.path.strip("/"):
        raise ValueError("must be like postgresql://user:password@host:5432/name; encode spaces")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number; encode / ? # @ in the password") from None
    return "postgresql+psycopg://" + text.split("://", 1)[1]


def _witness_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
        name = parts.hostname or ""
    except ValueError:
        name = ""
    if not name or parts.username is not None or not text.isprintable() or " " in text:
        raise ValueError("must be like https://witness.example/checkpoints, without a password")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(name)):
        raise ValueError("must begin with https://, or name this host alone")
    return text


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _log_level(text: str) -> str:
    if text.upper() not in _LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(_LOG_LEVELS)}")
    return text.upper()


def _weakenable(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(","))
    if not names <= set(_WEAKENABLE):
        raise ValueError(f"must be some of {', '.join(_WEAKENABLE)}, with commas between")
    return names
