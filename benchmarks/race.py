"""Sixty-four grants at the same moment for one budget, through a real server, again and again.

Every request of a volley but its last byte is sent, then all last bytes at once. Ten grants of
each volley fit, whoever comes first; every eighth volley sends one request 64 times with the same
key instead. `python benchmarks/race.py --volleys 100 [--database postgresql://…]`; the
database must be empty.
"""

import argparse
import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SHOTS = 64
FITS = 10
SAME_KEY_EVERY = 8
REQUEST: dict[str, Any] = {
    "issue": "cash_withdrawal_charge",
    "remedy": "fee_waiver",
    "amount": "5.00",
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
BUDGET = {
    "budget": "race", "scope": "customer", "window": "30d", "remedies": "fee_waiver",
    "amount.rep": "50.00",
}  # fmt: skip


class Answer(NamedTuple):
    """One request's end: its status, body, and how long after the release it came."""

    status: int
    body: bytes
    replayed: bool
    milliseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volleys", type=int, default=60)
    parser.add_argument("--database", default="")
    parser.add_argument("--workers", default="1")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AGENT_ASSIST_DATA": folder,
            "AGENT_ASSIST_THREADS": str(SHOTS),
            "AGENT_ASSIST_WORKERS": given.workers,
            "AGENT_ASSIST_LOG_LEVEL": "WARNING",
        }
        if given.database:
            environment["AGENT_ASSIST_DATABASE_URL"] = given.database
        key = prepare(Path(folder), environment)
        with server(environment) as port:
            found = race(port, key, given.volleys)
        found["ledger_check"] = run(environment, "ledger", "check", "--json")["differences"]
        found["audit_bad"] = run(environment, "audit", "verify", "--json")["bad"]
    print(json.dumps(found, indent=2))


def prepare(folder: Path, environment: dict[str, str]) -> str:
    """The bank's library with one budget, live; gives a key that may grant."""
    run(environment, "setup", "--json")
    out = folder / "library"
    run(environment, "library", "export", str(out), "--json")
    with (out / "budgets.csv").open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, BUDGET)
        writer.writeheader()
        writer.writerow(BUDGET)
    run(environment, "library", "import", str(out), "--json")
    words = ("keys", "create", "--name", "race", "--scope", "grant", "--days", "1", "--json")
    return str(run(environment, *words)["key"])


def run(environment: dict[str, str], *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "agent_assist", *words],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not done.stdout:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


@contextmanager
def server(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "agent_assist", "serve"],
        env={**environment, "PORT": str(port)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(900):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def race(port: int, key: str, volleys: int) -> dict[str, Any]:
    over = under = duplicates = wrong_headroom = 0
    statuses: Counter[int] = Counter()
    spent: list[float] = []
    for number in range(volleys):
        same_key = number % SAME_KEY_EVERY == SAME_KEY_EVERY - 1
        answers = volley(port, key, number, same_key=same_key)
        statuses.update(one.status for one in answers)
        spent += [one.milliseconds for one in answers]
        bodies = {one.body for one in answers if one.status == 201}
        if same_key:
            duplicates += len(bodies) - 1
            continue
        over += max(len(bodies) - FITS, 0)
        under += max(FITS - len(bodies), 0)
        refused = [json.loads(one.body) for one in answers if one.status == 409]
        wrong_headroom += sum(one["headroom"]["amount"] != "0.00" for one in refused)
    spent.sort()
    return {
        "volleys": volleys,
        "requests": len(spent),
        "over_granted": over,
        "under_granted": under,
        "duplicates": duplicates,
        "wrong_headroom": wrong_headroom,
        "statuses": {str(status): number for status, number in sorted(statuses.items())},
        "ms_p50": round(spent[len(spent) // 2], 1),
        "ms_p99": round(spent[int(len(spent) * 0.99)], 1),
    }


def volley(port: int, key: str, number: int, *, same_key: bool) -> list[Answer]:
    sockets = []
    for shot in range(SHOTS):
        connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        message = request(key, number, 0 if same_key else shot)
        connection.sendall(message[:-1])
        sockets.append((connection, message[-1:]))
    time.sleep(0.05)  # so that every thread has its request but the last byte
    released = time.perf_counter()
    for connection, last in sockets:
        connection.sendall(last)
    with ThreadPoolExecutor(SHOTS) as pool:
        return list(pool.map(lambda one: read(one[0], released), sockets))


def request(key: str, number: int, shot: int) -> bytes:
    own = {
        "customer": {"id": f"c-{number}"},
        "rep": {"id": f"r-{shot}", "team": f"t-{shot % 5}"},
        "contact": {"external_id": f"k-{number}-{shot}"},
    }
    body = json.dumps(REQUEST | own).encode()
    head = (
        "POST /v1/grants HTTP/1.1\r\nHost: race\r\nConnection: close\r\n"
        f"Authorization: Bearer {key}\r\nIdempotency-Key: {number}/{shot}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def read(connection: socket.socket, released: float) -> Answer:
    received = b""
    with connection:
        while part := connection.recv(65_536):
            received += part
    spent = (time.perf_counter() - released) * 1000
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    return Answer(status, body, b"Idempotent-Replayed: true" in head, spent)


if __name__ == "__main__":
    main()
