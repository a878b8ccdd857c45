"""Grants over raw sockets: asked for byte by byte, answered or not."""

import json
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

ISSUE: dict[str, Any] = {
    "issue": "cash_withdrawal_charge",
    "remedy": "fee_waiver",
    "reason_code": "first_time",
    "facts": {
        "customer.hardship": False,
        "customer.tier": "plus",
        "account.status": "open",
        "fee.amount": {"amount": "15.00", "currency": "EUR"},
        "fee.disclosed": True,
        "fee.refunds_12m": 0,
    },
}
_SECONDS = 60


@dataclass(frozen=True)
class Asked:
    """A grant to ask for, in cents; `key` names the request, `contact` is its own."""

    key: str
    contact: str
    customer: str
    rep: str
    team: str
    amount: int

    def of(self, scope: str) -> str:
        return str(getattr(self, scope))


@dataclass(frozen=True)
class Answer:
    """What came back: a status, the body, whether it was an earlier answer, and how fast."""

    status: int
    body: bytes
    replayed: bool
    milliseconds: float

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class NoAnswer(Exception):
    """The connection ended before an answer was whole.

    Attributes:
        sent: whether all of the request had been sent, so that it may have been carried out.
    """

    def __init__(self, *, sent: bool) -> None:
        self.sent = sent
        super().__init__("the request was sent" if sent else "the request was not sent")


def message(asked: Asked, api_key: str) -> bytes:
    """The bytes of a request."""
    own = {
        "amount": f"{asked.amount / 100:.2f}",
        "customer": {"id": asked.customer},
        "rep": {"id": asked.rep, "team": asked.team},
        "contact": {"external_id": asked.contact},
    }
    body = json.dumps(ISSUE | own).encode()
    head = (
        "POST /v1/grants HTTP/1.1\r\nHost: campaign\r\nConnection: close\r\n"
        f"Authorization: Bearer {api_key}\r\nIdempotency-Key: {asked.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ask(port: int, request: bytes) -> Answer:
    """Send a request and wait for its answer; NoAnswer if there is none."""
    sent = False
    started = time.perf_counter()
    received = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
            connection.sendall(request)
            sent = True
            while part := connection.recv(65_536):
                received += part
    except OSError:
        raise NoAnswer(sent=sent) from None
    return _read(received, started)


def volley(port: int, requests: Sequence[bytes]) -> list[Answer]:
    """Send all requests but their last bytes, then all last bytes at once.

    Gives the answers in the order of the requests.
    """
    connections = []
    for request in requests:
        connection = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request[:-1])
        connections.append(connection)
    time.sleep(0.05)  # so that as many threads as there are have a request but its last byte
    released = time.perf_counter()
    for connection, request in zip(connections, requests, strict=True):
        connection.sendall(request[-1:])
    answers = dict(_collect(connections, released))
    return [answers[connection] for connection in connections]


def _collect(
    connections: Sequence[socket.socket], released: float
) -> Iterator[tuple[socket.socket, Answer]]:
    received = dict.fromkeys(connections, b"")
    with selectors.DefaultSelector() as ready:
        for each in connections:
            ready.register(each, selectors.EVENT_READ, each)
        while ready.get_map():
            events = ready.select(_SECONDS)
            if not events:
                raise NoAnswer(sent=True)
            for key, _ in events:
                connection: socket.socket = key.data
                part = connection.recv(65_536)
                received[connection] += part
                if not part:
                    ready.unregister(connection)
                    connection.close()
                    yield connection, _read(received[connection], released)


def _read(received: bytes, started: float) -> Answer:
    head, end, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    if not end or len(body) != int(fields.get("content-length", "-1")):
        raise NoAnswer(sent=True)
    spent = (time.perf_counter() - started) * 1000
    replayed = fields.get("idempotent-replayed") == "true"
    return Answer(int(lines[0].split(" ", 2)[1]), body, replayed, spent)
