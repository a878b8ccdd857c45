"""A PostgreSQL cluster of a campaign's own: its processes may be killed, its files lost."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import free_port

_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql/bin", "/opt/homebrew/bin")
_ACCOUNT = "postgres"


class NoPostgres(Exception):
    """PostgreSQL's server programs are not installed here."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster on the loopback interface, set up as PostgreSQL sets itself up."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://{_ACCOUNT}@127.0.0.1:{self.port}/postgres"

    @property
    def postmaster(self) -> int:
        lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(lines[0])

    def processes(self) -> list[int]:
        """The postmaster and all its children."""
        first = self.postmaster
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii")
        return [first, *(int(pid) for pid in children.split())]

    def backends(self) -> list[int]:
        """The processes that serve connections of clients."""
        return [pid for pid in self.processes()[1:] if b"127.0.0.1" in _title(pid)]

    def start(self) -> None:
        """Start it; it must not be running."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        _run("pg_ctl", "-D", str(self.folder), "-w", "-o", options, "-l", self._log, "start")

    def stop(self, mode: str = "immediate") -> None:
        _run("pg_ctl", "-D", str(self.folder), "-m", mode, "stop")

    def damaged(self) -> int:
        """1 if pg_amcheck finds a damaged table or index, 0 if it finds none."""
        words = ("-h", "127.0.0.1", "-p", str(self.port), "-U", _ACCOUNT, "--install-missing")
        try:
            _run("pg_amcheck", *words, "--heapallindexed", "postgres")
        except RuntimeError:
            return 1
        return 0

    def is_running(self) -> bool:
        return Path(f"/proc/{self.postmaster}").exists() if self._pid_file.exists() else False

    @property
    def _log(self) -> str:
        return str(self.folder / "log")

    @property
    def _pid_file(self) -> Path:
        return self.folder / "postmaster.pid"


@contextmanager
def own_cluster(*settings: str) -> Iterator[Cluster]:
    """A new cluster in a folder of its own; gone afterwards.

    Raises:
        NoPostgres: there is no `initdb`, or only root is here, whom PostgreSQL refuses.
    """
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        if os.geteuid() == 0:
            os.chown(folder, _owner().pw_uid, _owner().pw_gid)
        cluster = Cluster(Path(folder) / "cluster", free_port())
        _run("initdb", "-D", str(cluster.folder), "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8")
        with (cluster.folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{setting}\n" for setting in settings)
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster.is_running():
                cluster.stop()


def _owner() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        raise NoPostgres(f"there is no account {_ACCOUNT}, and PostgreSQL refuses root") from None


def _program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    for place in _PLACES:
        for path in sorted(Path(place).rglob(name), reverse=True):
            return str(path)
    raise NoPostgres(f"PostgreSQL's {name} is not installed")


def _run(name: str, *words: str) -> None:
    done = subprocess.run(
        [_program(name), *words], **_as_owner(),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        cwd="/", env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr[-500:]}")


def _as_owner() -> dict[str, Any]:
    """What makes a process PostgreSQL's account's, where this is root's."""
    if os.geteuid() != 0:
        return {}
    return {"user": _owner().pw_uid, "group": _owner().pw_gid, "extra_groups": []}


def _title(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
