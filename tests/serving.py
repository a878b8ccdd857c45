"""Running the product as a user does: the command line, and a server on a free port."""

import ctypes
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from agent_assist.cli import main
from agent_assist.settings import ROOT

COMMAND = [sys.executable, "-m", "agent_assist"]


def environment(data: Path, **more: str) -> dict[str, str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("AGENT_ASSIST")}
    # People of tests sign in by a password; what asks for more has tests of its own.
    ours = {"AGENT_ASSIST_DATA": str(data), "AGENT_ASSIST_SECOND_FACTOR": "offered"}
    return {**clean, **ours, **more}


def run(
    data: Path,
    *words: str,
    before: Callable[[], None] | None = None,
    seconds: float = 180,
    **more: str,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=ROOT,
        preexec_fn=before,
    )


def invoke(data: Path, *words: str, typed: str = "", **more: str) -> Result:
    """As `run`, in this process: for what does not depend on being a process."""
    others = {name: None for name in os.environ if name.startswith("AGENT_ASSIST")}
    settings = {"AGENT_ASSIST_DATA": str(data), **more}
    return CliRunner().invoke(main, words, env={**others, **settings}, input=typed)


def without_privileges() -> None:
    """Take from a process that is about to start what lets root read and write any file."""
    drop_from_bounding_set, overrides, searches = 24, 1, 2  # prctl.h, capability.h
    for capability in (overrides, searches):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


def a_key(data: Path, *scopes: str, **more: Any) -> str:
    words = [word for scope in scopes for word in ("--scope", scope)]
    words = ["keys", "create", "--name", "test", *words, "--json"]
    # On PostgreSQL a command leaves connections behind that only the end of its process closes.
    made = run(data, *words, **more) if more else invoke(data, *words)
    return str(json.loads(made.stdout)["key"])


@dataclass
class Server:
    address: str
    process: subprocess.Popen[str]

    def post(self, path: str, body: object, key: str, *, once: str = "") -> tuple[int, Any]:
        return self.ask(path, key, json.dumps(body).encode(), once=once)

    def ask(
        self, path: str, key: str = "", body: bytes | None = None, *, once: str = ""
    ) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        if once:
            headers["Idempotency-Key"] = once
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text(encoding="ascii").split()]


def free_port() -> int:
    """A port that nothing listens on, and that the system gives to no connection going out.

    It is by chance, so that test processes beside each other do not take the same one: a server
    binds it seconds later.
    """
    while True:
        port = secrets.choice(range(10_000, 32_000))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def start(data: Path, port: int, *, at: Path = ROOT, **more: str) -> Server:
    """A server that was told to start, in a group of processes of its own.

    `at` is the folder in which the command is given.
    """
    process = subprocess.Popen(
        [*COMMAND, "serve"],
        env=environment(data, PORT=str(port), **more),
        cwd=at,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    return Server(f"http://127.0.0.1:{port}", process)


def wait_until_it_answers(server: Server) -> None:
    for _ in range(600):
        try:
            server.ask("/healthz")
        except OSError:
            assert server.process.poll() is None, "the server ended while it was starting"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start within a minute")


@contextmanager
def serving(data: Path, *, at: Path = ROOT, **more: str) -> Iterator[Server]:
    server = start(data, free_port(), at=at, **more)
    try:
        wait_until_it_answers(server)
        yield server
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)
