"""What one setting's text means: each reader gives its value; ValueError says what it must be."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from agent_assist.core.addresses import Network, read_network

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
_WEAKENABLE = ("journal_mode", "synchronous", "synchronous_commit", "fsync", "full_page_writes")
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server that takes e-mails.

    Attributes:
        security: `tls` from the first byte, `starttls`, or `none` on this host.
        user, password: to sign in with; None for neither.
    """

    host: str
    port: int
    security: str
    user: str | None
    password: str | None


def read_path(text: str) -> Path:
    """A path, made absolute."""
    try:
        return Path(text).expanduser().resolve()
    except (RuntimeError, OSError):  # ~somebody who is unknown; links that lead to each other
        raise ValueError("must be a path that leads somewhere; begin it with /") from None


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        # Of very long numbers Python would say so in its own words.
        is_whole = text.isascii() and text.isdigit() and len(text) < 20
        if not (is_whole and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def read_folder(text: str) -> Path:
    """A folder that is there."""
    path = read_path(text)
    if not path.is_dir():
        raise ValueError("must be a folder that is there")
    return path


def read_host(text: str) -> str:
    """An address or a name to listen at."""
    try:
        return str(ip_address(text))
    except ValueError:
        named = _NAME.fullmatch(text)
    # All digits and dots is an address that is none, not a name.
    if named is None or not text.strip("0123456789.").strip():
        raise ValueError("must be an IP address or a host name such as localhost")
    return text


def read_database_url(text: str) -> str:
    """SQLite or PostgreSQL, as SQLAlchemy's driver names it."""
    if text.startswith("sqlite:////") and len(text) > len("sqlite:////") and "?" not in text:
        return text
    if text.startswith("sqlite:////"):
        raise ValueError("must name a file, without ? and options after it")
    if text.startswith("sqlite:"):
        raise ValueError("must name its file from the root: sqlite:////var/lib/agent-assist.db")
    if not text.startswith(("postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite://// or postgresql://")
    form = "must be like postgresql://user:password@host:5432/name; encode spaces"
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no IPv6 address
        raise ValueError(form) from None
    if any(character.isspace() for character in text) or not parts.path.strip("/"):
        raise ValueError(form)
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("has a port that is no number; encode / ? # @ in the password") from None
    return "postgresql+psycopg://" + text.split("://", 1)[1]


def read_outside_url(text: str) -> str:
    """Where something is posted: https, or this host alone; never with a password."""
    try:
        parts = urlsplit(text)
        _ = parts.port
        name = parts.hostname or ""
    except ValueError:
        name = ""
    if not name or parts.username is not None or not text.isprintable() or " " in text:
        raise ValueError("must be like https://hooks.example/assist, without a password")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(name)):
        raise ValueError("must begin with https://, or name this host alone")
    return text


def read_webhook_secret(text: str) -> str:
    """A secret as Standard Webhooks writes it."""
    form = "must be whsec_ and base64 of 24 to 64 random bytes, as `openssl rand -base64 32` gives"
    try:
        secret = b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ValueError(form) from None
    if not text.startswith("whsec_") or not 24 <= len(secret) <= 64:
        raise ValueError(form)
    return text


def read_smtp_server(text: str) -> SmtpServer:
    """A server that takes e-mails, with how to sign in."""
    form = "must be like smtps://user:password@mail.example:465 or smtp://mail.example:587"
    try:
        parts = urlsplit(text)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(form) from None
    if parts.scheme not in ("smtp", "smtps") or not _is_host(name) or parts.path.strip("/"):
        raise ValueError(form)
    plain = "none" if _is_loopback(name) else "starttls"
    return SmtpServer(
        host=name,
        port=port or (465 if parts.scheme == "smtps" else 587),
        security="tls" if parts.scheme == "smtps" else plain,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def read_mail_address(text: str) -> str:
    """One e-mail address."""
    if not _MAIL.fullmatch(text):
        raise ValueError("must be an e-mail address such as assist@example.com")
    return text


def read_mail_addresses(text: str) -> tuple[str, ...]:
    """E-mail addresses with commas between."""
    found = tuple(one.strip() for one in text.split(","))
    if not all(_MAIL.fullmatch(one) for one in found):
        raise ValueError("must be e-mail addresses, with commas between")
    return found


def _is_host(name: str) -> bool:
    return _NAME.fullmatch(name) is not None or _is_loopback(name)


def read_origin(text: str) -> str:
    """An origin exactly as browsers write it; ValueError says what is wrong with any other text."""
    form = "must be like https://assist.example.com, without a path or a slash at its end"
    try:
        parts = urlsplit(text)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        raise ValueError(form) from None
    name = parts.hostname or ""
    known = _NAME.fullmatch(name) or _is_loopback(name)
    if not known or text != f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}":
        raise ValueError(form)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(name)):
        raise ValueError("must begin with https://, or name this host alone")
    return text


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def read_log_level(text: str) -> str:
    """A level of the log, in capitals."""
    if text.upper() not in _LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(_LOG_LEVELS)}")
    return text.upper()


def read_required_or_offered(text: str) -> bool:
    """Whether it is required."""
    if text.lower() not in ("required", "offered"):
        raise ValueError("must be required or offered")
    return text.lower() == "required"


def read_yes_or_no(text: str) -> bool:
    """True for yes."""
    if text.lower() not in ("yes", "no"):
        raise ValueError("must be yes or no")
    return text.lower() == "yes"


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks with commas between."""
    return tuple(read_network(one.strip()) for one in text.split(","))


def read_weakenable(text: str) -> frozenset[str]:
    """Names of what a database may promise less of."""
    names = frozenset(name.strip() for name in text.split(","))
    if not names <= set(_WEAKENABLE):
        raise ValueError(f"must be some of {', '.join(_WEAKENABLE)}, with commas between")
    return names
