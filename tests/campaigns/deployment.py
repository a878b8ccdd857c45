"""What campaigns run against: the bank's library with three tight budgets, on either database."""

import csv
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from agent_assist.settings import ROOT
from tests.campaigns.cluster import Cluster, own_cluster
from tests.serving import a_key, run

BUDGETS = {"customer": 5000, "rep": 2000, "team": 4500}
"""What a scope's budget holds in 30 days, in cents."""

_INDEXES = ROOT / ".test-data" / "indexes"


@dataclass(frozen=True)
class Granted:
    """A grant as it stands in the database."""

    id: str
    contact: str
    customer: str
    rep: str
    team: str
    amount: int

    def of(self, scope: str) -> str:
        return str(getattr(self, scope))


CHECKED_WITHIN = 7_200.0
"""Seconds; every grant is decided again, and on PostgreSQL that takes more than a millisecond."""


@dataclass(frozen=True)
class Deployment:
    """A deployment with a key that may grant, and the cluster that it is on, if any."""

    data: Path
    key: str
    cluster: Cluster | None
    settings: dict[str, Any] = field(default_factory=dict)

    def grants(self) -> list[Granted]:
        """All grants in the order of the audit, read around the product."""
        columns = "id, contact, customer, rep, team, amount"
        return [Granted(*row) for row in self._read(f"SELECT {columns} FROM grants ORDER BY seq")]

    def unsound(self) -> dict[str, int]:
        """What the product's own checks and the database's find; all must be 0."""
        audit = self._told("audit", "verify", "--json")
        ledger = self._told("ledger", "check", "--json")
        return {
            "audit broken": int(audit["broken"] is not None),
            "bad checkpoints": int(audit["bad_checkpoint"] is not None),
            "ledger differences": len(ledger["differences"]),
            "budgets frozen": self._frozen(),
            "database damaged": self._damaged(),
        }

    @property
    def url(self) -> str:
        if self.cluster is None:
            return f"sqlite:///{self.data / 'agent-assist.db'}"
        return self.cluster.url.replace("postgresql://", "postgresql+psycopg://")

    def _frozen(self) -> int:
        """How often the ledger, checking itself beside the requests, froze a budget."""
        return len(self._read("SELECT seq FROM freezes"))

    def _read(self, statement: str) -> Sequence[tuple[Any, ...]]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(statement))]
        engine.dispose()
        return rows

    def _damaged(self) -> int:
        if self.cluster is None:
            with sqlite3.connect(self.data / "agent-assist.db") as connection:
                found = connection.execute("PRAGMA integrity_check").fetchall()
            connection.close()
            return int(found != [("ok",)])
        return self.cluster.damaged()

    def _told(self, *words: str) -> Any:
        done = run(self.data, *words, seconds=CHECKED_WITHIN, **self.settings)
        if not done.stdout:
            raise RuntimeError(done.stderr[-500:])
        return json.loads(done.stdout)


@contextmanager
def deployed(database: str, **settings: str) -> Iterator[Deployment]:
    """A deployment on `sqlite` or `postgresql`; gone afterwards with all it made."""
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        if database == "sqlite":
            yield _deploy(Path(folder), None, settings)
            return
        with own_cluster() as cluster:
            yield _deploy(Path(folder), cluster, settings)


def _deploy(folder: Path, cluster: Cluster | None, settings: dict[str, Any]) -> Deployment:
    library, data = folder / "library", folder / "data"
    shutil.copytree(ROOT / "policies" / "bank", library)
    _write_budgets(library / "budgets.csv")
    if _INDEXES.is_dir():  # of the same library, so that it need not be indexed again
        shutil.copytree(_INDEXES, data / "indexes")
    settings = {
        "AGENT_ASSIST_LOG_LEVEL": "WARNING",
        "AGENT_ASSIST_RESERVATION_MINUTES": "10080",
        **settings,
    }
    if cluster is not None:
        settings["AGENT_ASSIST_DATABASE_URL"] = cluster.url
    done = run(data, "setup", "--library", str(library), "--json", **settings)
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    return Deployment(data, a_key(data, "grant", **settings), cluster, settings)


def _write_budgets(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(("budget", "scope", "window", "remedies", "amount.rep"))
        for scope, cents in BUDGETS.items():
            writer.writerow((scope, scope, "30d", "fee_waiver", f"{cents / 100:.2f}"))
