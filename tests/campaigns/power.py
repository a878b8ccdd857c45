"""Every acknowledged grant was on the disk before: the order of the system calls shows it.

A client grants one after the other while strace watches the server, and PostgreSQL's processes
too. Between a request and the answer that acknowledges it, a write-ahead log must have been
synchronised. Killing a process cannot show this, for what a process has written, the system keeps.
"""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.campaigns.deployment import Deployment, deployed
from tests.campaigns.judge import CREATED
from tests.campaigns.verdict import Progress, Verdict, arguments
from tests.campaigns.wire import Asked, ask, message
from tests.serving import serving

CALLS = "fsync,fdatasync,sync_file_range,openat,write,sendto,sendmsg"
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")
_OF_A_LOG = r"-wal>|/pg_wal/"
_STARTED = re.compile(rf"(?:fsync|fdatasync)\(\d+<[^>]*(?:{_OF_A_LOG})")
_DONE = re.compile(rf"(?:fsync|fdatasync)\(\d+<[^>]*(?:{_OF_A_LOG}).*= 0$")
_RESUMED = re.compile(r"<\.\.\. (?:fsync|fdatasync) resumed>.*= 0$")
_ANSWER = re.compile(r'(?:sendto|write|sendmsg)\(\d+<[^>]*>, "HTTP/1\.1 201')


class NoStrace(Exception):
    """strace is not installed, or may not watch processes here."""


@dataclass(frozen=True)
class Watched:
    """What strace saw: log files synchronised, and answers that nothing new preceded."""

    syncs: int
    answers: int
    too_early: int


def main() -> int:
    given = arguments(__doc__, trials="grants", usually=200).parse_args()
    verdict = power(given.database, grants=given.trials, seed=given.seed)
    return verdict.show(as_json=given.as_json)


def power(database: str, *, grants: int, seed: int) -> Verdict:
    """Make so many grants under the eyes of strace."""
    progress = Progress("grants", grants)
    acknowledged = 0
    with (
        deployed(database) as deployment,
        serving(deployment.data, **deployment.settings) as server,
    ):
        pids = [*server.workers(), *(deployment.cluster.processes() if deployment.cluster else ())]
        flushed = _flushes(deployment)
        with _watching(pids) as trace:
            for number in range(grants):
                request = message(_asked(seed, number), deployment.key)
                acknowledged += ask(server.port, request).status == CREATED
                progress.at(number + 1)
        watched = read_trace("".join(trace))
        weak = _weak_settings(deployment)
        kept = len(deployment.grants())
        flushed = _flushes(deployment) - flushed
    return Verdict(
        campaign=f"power on {database}",
        seed=seed,
        trials=grants,
        figures={
            "acknowledged": acknowledged,
            "synchronised": watched.syncs,
            **({"PostgreSQL's own count": flushed} if deployment.cluster else {}),
        },
        faults={
            "acknowledged too early": watched.too_early,
            "fewer syncs than grants": max(acknowledged - watched.syncs, 0),
            "not granted": grants - acknowledged,
            "lost": acknowledged - kept,
            "weak settings": len(weak),
        },
        void="" if watched.answers == acknowledged else "strace did not see all answers",
    )


def read_trace(text: str) -> Watched:
    """What happened in the order in which strace saw it."""
    syncs = answers = too_early = 0
    new = False
    unfinished: set[str] = set()
    for line in text.splitlines():
        pid = line.split(" ", 1)[0]
        if _STARTED.search(line) and line.endswith("<unfinished ...>"):
            unfinished.add(pid)
        elif _DONE.search(line) or (pid in unfinished and _RESUMED.search(line)):
            unfinished.discard(pid)
            syncs, new = syncs + 1, True
        elif _ANSWER.search(line):
            answers, too_early, new = answers + 1, too_early + (not new), False
    return Watched(syncs, answers, too_early)


def _asked(seed: int, number: int) -> Asked:
    own = f"{seed}-{number}"
    return Asked(own, f"k-{own}", f"c-{own}", f"r-{own}", f"t-{own}", 500)


@contextmanager
def _watching(pids: list[int]) -> Iterator[list[str]]:
    """Where the text of the trace stands afterwards; NoStrace if strace cannot be used."""
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        trace = Path(folder) / "trace"
        command = [
            "strace",
            "-f",
            "-y",
            "-qq",
            "-s",
            "16",
            "-e",
            f"trace={CALLS}",
            "-o",
            str(trace),
        ]
        command += [word for pid in pids for word in ("-p", str(pid))]
        with (Path(folder) / "errors").open("w", encoding="utf-8") as errors:
            try:
                process = subprocess.Popen(command, stderr=errors)
            except FileNotFoundError:
                raise NoStrace("strace is not installed") from None
        try:
            _wait_until_watched(process, pids)
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        found.append(trace.read_text(encoding="utf-8", errors="replace"))


def _wait_until_watched(process: subprocess.Popen[bytes], pids: list[int]) -> None:
    while not all(_tracer(pid) for pid in pids):
        if process.poll() is not None:
            raise NoStrace("strace, which may not watch other processes here,")
        time.sleep(0.05)


def _tracer(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return "TracerPid:\t0\n" not in status


def _weak_settings(deployment: Deployment) -> list[str]:
    if deployment.cluster is None:
        return []
    engine = create_engine(deployment.url)
    with engine.connect() as connection:
        weak = [
            name
            for name in SETTINGS
            if connection.execute(text(f"SHOW {name}")).scalar_one() != "on"
        ]
    engine.dispose()
    return weak


def _flushes(deployment: Deployment) -> int:
    """How often PostgreSQL says it has synchronised its log; 0 for SQLite, which counts nothing."""
    if deployment.cluster is None:
        return 0
    engine = create_engine(deployment.url)
    with engine.connect() as connection:
        number = int(connection.execute(text("SELECT wal_sync FROM pg_stat_wal")).scalar_one())
    engine.dispose()
    return number


if __name__ == "__main__":
    sys.exit(main())
