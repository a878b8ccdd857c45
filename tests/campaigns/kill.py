"""Processes are killed at random moments while eight clients grant, each retrying until answered.

Killed with SIGKILL: a worker, gunicorn's master, the whole server; on PostgreSQL also the process
of a connection and the postmaster. What was acknowledged must be there, once, and the records be
sound. SIGKILL cannot show what a loss of power does: see `power`.
"""

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Self

from tests.campaigns.cluster import Cluster
from tests.campaigns.deployment import Deployment, deployed
from tests.campaigns.judge import BUSY, CREATED, Tried, judge
from tests.campaigns.verdict import Progress, Verdict, arguments
from tests.campaigns.wire import Answer, Asked, NoAnswer, ask, message
from tests.serving import Server, free_port, start, wait_until_it_answers

CLIENTS = 8
AMOUNTS = (100, 250, 400, 500)
OF_ONE_CUSTOMER = 24  # requests, of which about two thirds fit
BETWEEN = (0.15, 0.7)
RECOVERED_WITHIN = 120.0
LEAST_AMBIGUOUS = 0.1  # of the kills: fewer, and they hit nothing
AT_MOST = 5  # times as many kills, while they hit nothing


def main() -> int:
    given = arguments(__doc__, trials="kills", usually=100).parse_args()
    verdict = kill(given.database, kills=given.trials, seed=given.seed)
    return verdict.show(as_json=given.as_json)


def kill(database: str, *, kills: int, seed: int) -> Verdict:
    """Kill so many times, and more often while too few requests were hit midway."""
    chance = random.Random(seed)
    workers = {"AGENT_ASSIST_WORKERS": "1" if database == "sqlite" else "2"}
    recoveries: list[float] = []
    killed: Counter[str] = Counter()
    progress = Progress("kills", kills)
    with deployed(database, **workers) as deployment:
        with (
            _Victim(deployment, chance) as victim,
            _clients(deployment, victim, seed) as clients,
        ):
            clients.wait_for_an_answer(victim.keep_up)
            for number in range(AT_MOST * kills):
                if number >= kills and clients.ambiguous >= LEAST_AMBIGUOUS * kills:
                    break
                time.sleep(chance.uniform(*BETWEEN))
                what = chance.choice(list(victim.ways))
                killed[what] += 1
                began = time.monotonic()
                victim.ways[what]()
                clients.wait_for_an_answer(victim.keep_up)
                recoveries.append(time.monotonic() - began)
                progress.at(number + 1)
        grants = deployment.grants()
        unsound = deployment.unsound()
    ambiguous = clients.ambiguous
    recoveries.sort()
    return Verdict(
        campaign=f"kill on {database}",
        seed=seed,
        trials=killed.total(),
        figures={
            "killed": dict(killed),
            "acknowledged": sum(one.status == CREATED for _, some in clients.tried for one in some),
            "ambiguous": ambiguous,
            "answered again": sum(one.replayed for _, some in clients.tried for one in some),
            "busy or down (503)": clients.busy,
            "ended by itself": victim.ended,
            "seconds to answer p50": round(recoveries[len(recoveries) // 2], 2),
            "seconds to answer max": round(recoveries[-1], 2),
        },
        faults={**judge(clients.tried, grants), "never answered": clients.unanswered, **unsound},
        void="" if ambiguous >= LEAST_AMBIGUOUS * kills else "too few requests were hit midway",
    )


class _Victim:
    """A server that is killed and started again on one port."""

    def __init__(self, deployment: Deployment, chance: random.Random) -> None:
        self._deployment, self._chance = deployment, chance
        self.port = free_port()
        self._server = self._start()
        self.ended = 0
        self.ways: Mapping[str, Callable[[], None]] = {
            "worker": self._kill_worker,
            "master": self._kill_master,
            "server": self._kill_server,
        }
        if deployment.cluster is not None:
            self.ways = {
                **self.ways,
                "connection": lambda: self._kill_connection(deployment.cluster),
                "postmaster": lambda: _kill_postmaster(deployment.cluster),
            }

    def __enter__(self) -> Self:
        wait_until_it_answers(self._server)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._server.process.pid, signal.SIGKILL)
        self._server.process.wait(timeout=30)

    def keep_up(self) -> None:
        """Start the server again if it has ended by itself."""
        if self._server.process.poll() is not None:
            self.ended += 1
            self._server = self._start()

    def _kill_worker(self) -> None:
        workers = self._server.workers()
        if workers:
            _kill(self._chance.choice(workers))

    def _kill_master(self) -> None:
        """Its workers live on for a moment, and answer beside the new server's."""
        _kill(self._server.process.pid)
        self._server.process.wait(timeout=30)
        self._server = self._start()

    def _kill_server(self) -> None:
        os.killpg(self._server.process.pid, signal.SIGKILL)
        self._server.process.wait(timeout=30)
        self._server = self._start()

    def _kill_connection(self, cluster: Cluster | None) -> None:
        assert cluster is not None
        backends = cluster.backends()
        if backends:
            _kill(self._chance.choice(backends))

    def _start(self) -> Server:
        return start(self._deployment.data, self.port, **self._deployment.settings)


def _kill_postmaster(cluster: Cluster | None) -> None:
    assert cluster is not None
    processes = cluster.processes()
    _kill(processes[0])
    while any(Path(f"/proc/{pid}").exists() for pid in processes):
        time.sleep(0.02)
    cluster.start()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class _Clients:
    """Clients that ask one grant after the other, each until it is answered."""

    def __init__(self, api_key: str, port: int, seed: int) -> None:
        self._api_key, self._port, self._seed = api_key, port, seed
        self._numbers = count()
        self._stop = threading.Event()
        self._answered = threading.Event()
        self.tried: list[Tried] = []
        self.ambiguous = 0
        self.busy = 0
        self.unanswered = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self, keep_up: Callable[[], None]) -> None:
        """When each has its last answer. Until then the server is kept up: the answer to the last
        kill may have come from a worker that outlived its master."""
        self._stop.set()
        for thread in self._threads:
            while thread.is_alive():
                thread.join(1.0)
                keep_up()

    def wait_for_an_answer(self, keep_up: Callable[[], None]) -> None:
        """Until a request that was sent from now on is answered, or an earlier one that was not.

        Meanwhile the server is kept up, as by the service manager of a host.
        """
        self._answered.clear()
        until = time.monotonic() + RECOVERED_WITHIN
        while not self._answered.wait(1.0):
            keep_up()
            if time.monotonic() > until:
                raise RuntimeError("the server did not come back")

    def _run(self, client: int) -> None:
        chance = random.Random(f"{self._seed}/{client}")
        while not self._stop.is_set():
            number = next(self._numbers)
            own = f"{client}-{number}"
            asked = Asked(
                key=own,
                contact=f"k-{own}",
                customer=f"c-{number // OF_ONE_CUSTOMER}",
                rep=f"r-{own}",
                team=f"t-{own}",
                amount=chance.choice(AMOUNTS),
            )
            answer = self._until_answered(message(asked, self._api_key))
            with self._lock:
                self.tried.append((asked, [answer] if answer else []))
                self.unanswered += answer is None
            self._answered.set()

    def _until_answered(self, request: bytes) -> Answer | None:
        until = time.monotonic() + RECOVERED_WITHIN
        while time.monotonic() < until:
            try:
                answer = ask(self._port, request)
            except NoAnswer as none:
                with self._lock:
                    self.ambiguous += none.sent
                time.sleep(0.02)
                continue
            if answer.status != BUSY:
                return answer
            with self._lock:
                self.busy += 1
            time.sleep(0.02)
        return None


@contextmanager
def _clients(deployment: Deployment, victim: _Victim, seed: int) -> Iterator[_Clients]:
    clients = _Clients(deployment.key, victim.port, seed)
    clients.begin()
    try:
        yield clients
    finally:
        clients.end(victim.keep_up)


if __name__ == "__main__":
    sys.exit(main())
