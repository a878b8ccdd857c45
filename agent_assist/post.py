"""Post: a message to an address outside, signed, and to nobody else than whom it is meant for."""

import contextlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from standardwebhooks.webhooks import Webhook

from agent_assist.core.addresses import Address
from agent_assist.core.webhooks import Answer, Fault

SECONDS = 15.0
_MOST_ADDRESSES = 4

Resolve = Callable[[str, int], Sequence[Address]]
"""Gives the addresses of a host's name and port; OSError or ValueError if there are none."""


@dataclass(frozen=True, slots=True)
class Message:
    """A Standard Webhook.

    Attributes:
        id: the same however often it is sent, so that the other side can tell.
        at: when it is sent.
        content: JSON.
    """

    id: str
    at: datetime
    content: Mapping[str, Any]

    def signed(self, secrets: Sequence[str]) -> tuple[bytes, dict[str, str]]:
        """Its bytes and headers, with a signature by each of some secrets."""
        body = json.dumps(self.content, separators=(",", ":"))
        at = self.at.astimezone(UTC)  # the library takes any other zone's clock for UTC's
        return body.encode(), {
            "webhook-id": self.id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(
                Webhook(secret).sign(self.id, at, body) for secret in secrets
            ),
        }


def anywhere(_address: Address) -> bool:
    """For addresses that operators set themselves."""
    return True


def addresses_of(host: str, port: int) -> tuple[Address, ...]:
    """What a host's name stands for, now; see `Resolve`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts to others. No redirect is followed, and no proxy asked.

    Attributes:
        may_reach: whether anything may be sent to an address. It is asked for every address that
            the host's name stands for, and one of those is connected to: a name that stands for
            something else a moment later leads nowhere else.
        seconds: how long all of it may take, however slowly the other side speaks; finding the
            name's addresses is the system's matter.
        resolve: finds them.
        trust: whom certificates are believed from; whom this system believes, by default.
    """

    may_reach: Callable[[Address], bool]
    seconds: float = SECONDS
    resolve: Resolve = addresses_of
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, url: str, message: Message, secrets: Sequence[str]) -> Answer:
        """Post a message, signed with each of some secrets."""
        return self.post(url, *message.signed(secrets))

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post JSON; gives what became of it, and raises nothing."""
        begun = time.monotonic()

        def answer(told: int | Fault) -> Answer:
            ms = round((time.monotonic() - begun) * 1000)
            return Answer(None, told, ms) if isinstance(told, Fault) else Answer(told, None, ms)

        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            addresses = self.resolve(parts.hostname or "", port)
        except (OSError, ValueError):
            return answer(Fault.NAME)
        if not addresses:
            return answer(Fault.NAME)
        # All of them, or whoever answers for the name could choose which one is connected to.
        if not all(self.may_reach(one) for one in addresses):
            return answer(Fault.ADDRESS)
        try:
            line = _connect(addresses, port, self.seconds)
        except OSError as error:
            return answer(_fault(error))
        with contextlib.closing(line):
            return answer(self._ask(line, parts, body, headers, begun + self.seconds))

    def _ask(
        self,
        line: socket.socket,
        parts: SplitResult,
        body: bytes,
        headers: Mapping[str, str],
        until: float,
    ) -> int | Fault:
        """The status that a line is answered with; it is cut when the time is over."""
        try:
            connection = self._connection(line, parts)
        except ValueError:  # no name that a certificate could be good for
            return Fault.NAME
        is_late = threading.Event()

        def cut() -> None:
            is_late.set()
            with contextlib.suppress(OSError):
                # Not the TLS socket's own, which would read on in the clear.
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

        timer = threading.Timer(max(0.0, until - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            status = _exchange(connection, parts, body, headers)
        except (OSError, HTTPException, ValueError) as error:
            return Fault.TIMEOUT if is_late.is_set() else _fault(error)
        else:
            # What was cut off in its first line may read like a status.
            return Fault.TIMEOUT if is_late.is_set() else status
        finally:
            timer.cancel()
            connection.close()

    def _connection(self, line: socket.socket, parts: SplitResult) -> HTTPConnection:
        """HTTP on a line that is there, so that it connects to nothing by itself."""
        host = parts.hostname or ""
        if parts.scheme != "https":
            connection = HTTPConnection(host, parts.port)
            connection.sock = line
            return connection
        connection = HTTPSConnection(host, parts.port, context=self.trust)
        connection.sock = self.trust.wrap_socket(
            line, server_hostname=host, do_handshake_on_connect=False
        )
        return connection


def _connect(addresses: Sequence[Address], port: int, seconds: float) -> socket.socket:
    """A line to the first address that takes one; OSError if none does."""
    until = time.monotonic() + seconds
    refused: OSError = TimeoutError()
    for address in addresses[:_MOST_ADDRESSES]:
        try:
            return socket.create_connection(
                (str(address), port), timeout=max(0.1, until - time.monotonic())
            )
        except OSError as error:
            refused = error
    raise refused


def _exchange(
    connection: HTTPConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> int:
    """The status of the answer; what follows its headers is not waited for."""
    if isinstance(connection.sock, ssl.SSLSocket):
        connection.sock.do_handshake()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    more = {"Content-Type": "application/json", "User-Agent": "Agent-Assist", "Connection": "close"}
    connection.request("POST", path, body, {**more, **headers})
    return connection.getresponse().status


def _fault(error: Exception) -> Fault:
    match error:
        case TimeoutError():
            return Fault.TIMEOUT
        case ssl.SSLError():
            return Fault.TLS
        case OSError():
            return Fault.CONNECTION
    return Fault.ANSWER
