"""Webhooks: who outside is told of events, how that went, and when it is tried again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from agent_assist.core.addresses import Address, Network, is_public, is_within
from agent_assist.core.errors import AgentAssistError

MOST = 20
"""Webhooks of a deployment: each is served beside the others, by a thread while it is."""
OVERLAP = timedelta(hours=24)
"""How long messages are signed with the secret before as well, once it was changed."""
KEPT = timedelta(days=30)
"""How long the log of what was delivered is kept, and how far back anything is sent again."""
OFF_AFTER = timedelta(days=5)
"""A webhook that has taken nothing for so long is switched off."""
LONGEST_URL = 2_000
MOST_JITTER = 20
"""Percent by which a pause is made longer, at most, so that not all are tried at once."""

# Source: Standard Webhooks, "Deliverability and reliability".
_PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
_RESTS = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 80, 300))


class WebhookOff(AgentAssistError):
    """The webhook is switched off; nothing is sent to it."""

    code = "webhook_off"


class Off(StrEnum):
    """Why a webhook is switched off: by a person, because it said 410, or after days of failing."""

    PERSON = "person"
    GONE = "gone"
    FAILING = "failing"


class DeliveryState(StrEnum):
    """How the delivery of an event to a webhook stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Fault(StrEnum):
    """Why nobody answered.

    NAME: the host is not known. ADDRESS: it leads where nothing may be sent. CONNECTION: nobody
    listens, or the line broke. TLS: the certificate is not good for the name. TIMEOUT: it took too
    long. ANSWER: what came is no HTTP.
    """

    NAME = "name"
    ADDRESS = "address"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message that was sent.

    Attributes:
        status: HTTP's; None if nobody answered.
        fault: why not; None if somebody did.
        ms: how long it took.
    """

    status: int | None
    fault: Fault | None
    ms: int

    @property
    def is_taken(self) -> bool:
        """Whether the other side has it. A redirect is no yes: it would lead elsewhere."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def why(self) -> str:
        """The status, or why there is none, for people."""
        return str(self.status if self.fault is None else self.fault)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook: an address outside that is told of events.

    Attributes:
        types: of events, each by its name or its first word; empty for all.
        off: why it is switched off; None while it is on.
        salt, old_salt: from which its secrets follow; the old one is empty where there is none.
        old_until: until when the old secret signs as well; None where there is none.
        made_by: as the audit calls them.
        failing_since: since when it has taken nothing of what was sent; None while it takes.
    """

    id: str
    url: str
    types: tuple[str, ...]
    description: str
    off: Off | None
    salt: str
    old_salt: str
    old_until: datetime | None
    made_by: str
    at: datetime
    failing_since: datetime | None = None

    @property
    def state(self) -> Literal["on", "failing", "off"]:
        """Whether it is told of events, and takes them."""
        if self.off is not None:
            return "off"
        return "on" if self.failing_since is None else "failing"

    def salts(self, at: datetime) -> tuple[str, ...]:
        """Of the secrets that sign at an instant, the newest first."""
        if self.old_until is None or self.old_until <= at:
            return (self.salt,)
        return (self.salt, self.old_salt)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a webhook, or what became of it.

    Attributes:
        seq: the event's place in the audit.
        happened_at: when the event happened.
        at: when it was tried last, or was put here.
        next_at: when it is tried next; None if no more.
        status, fault, ms: of the last try; None before the first.
    """

    seq: int
    type: str
    happened_at: datetime
    state: DeliveryState
    tries: int
    at: datetime
    next_at: datetime | None
    status: int | None
    fault: Fault | None
    ms: int | None


def is_of(type_: str, wanted: Sequence[str]) -> bool:
    """Whether an event of a type is wanted by any of some names or first words; none wants all."""
    return not wanted or type_ in wanted or type_.partition(".")[0] in wanted


def next_try(tries: int, at: datetime, jitter: int) -> datetime | None:
    """When a message is tried again that failed so many times by now; None: no more.

    Args:
        tries: 1 or more.
        at: of the last.
        jitter: 0 to MOST_JITTER, percent.
    """
    return at + _with(_PAUSES[tries - 1], jitter) if tries <= len(_PAUSES) else None


def rest(failures: int, at: datetime, jitter: int) -> datetime:
    """Until when a webhook is left alone that failed so many times in a row, 1 or more.

    Short against the pauses of one message: what fails may be that message alone.
    """
    return at + _with(_RESTS[min(failures, len(_RESTS)) - 1], jitter)


def _with(pause: timedelta, jitter: int) -> timedelta:
    return pause * (100 + jitter) / 100


def may_reach(address: Address, own: Sequence[Network]) -> bool:
    """Whether anything may be sent to an address: the internet's, or one that operators allow."""
    return is_public(address) or is_within(address, own)


def url_fault(url: str, own: Sequence[Network]) -> str | None:
    """Why nothing can be sent to a URL; None if it can, as far as it says so itself.

    Args:
        url: as somebody typed it.
        own: networks that operators allow beside the internet.
    """
    form = "must be like https://hooks.example.com/assist, without a password or a #"
    try:
        parts = urlsplit(url)
        port = parts.port
        name = parts.hostname or ""
    except ValueError:
        return form
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(" \\#")
    if not is_plain or not name or port == 0 or "@" in parts.netloc or len(url) > LONGEST_URL:
        return form
    address = _address(name)
    if parts.scheme != "https" and not _is_loopback(parts, address, own):
        return "must begin with https://"
    if address is not None and not may_reach(address, own):
        return "leads to an address that is not the internet's; operators can allow its network"
    return None


def origin_of(url: str) -> str:
    """Scheme, host and port: what may be written where others read; the rest may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_loopback(parts: SplitResult, address: Address | None, own: Sequence[Network]) -> bool:
    """Whether a URL names this host alone, by http, and operators allow it."""
    if parts.hostname == "localhost":
        address = ip_address("127.0.0.1")
    return (
        parts.scheme == "http"
        and address is not None
        and address.is_loopback
        and is_within(address, own)
    )


def _address(name: str) -> Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
