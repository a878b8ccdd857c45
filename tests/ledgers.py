"""A ledger to try things on: its clock is set by hand, its budgets are published by a call."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import FactValue
from agent_assist.core.grants import EntryKind, Grant, GrantAsked, Parties, Terms
from agent_assist.core.limits import LimitRow, LimitTable
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.audit import AuditStore
from agent_assist.store.clock import Clock, database_clock
from agent_assist.store.database import Database, configure
from agent_assist.store.ledger.brakes import Brakes, BrakeWanted
from agent_assist.store.ledger.ledger import Change, Ledger
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.schema import BudgetsVersion, LibraryVersion, LimitsVersion
from tests.builders import a_row, a_vocabulary

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOLD = timedelta(minutes=15)
ROWS = (
    a_row("R1", rep=1000, supervisor=5000),
    a_row("R2", remedy="goodwill_credit", rep=1000, supervisor=5000),
    a_row("R3", remedy="courier_card", rep=2, supervisor=2),
    a_row("R4", remedy="fee_discount", rep=1000, supervisor=5000),
)
_OF_ALL = count(10**6)
"""Numbers for several ledgers over one database, who must never send the same key."""

PUBLISHED = {"content_hash": "", "published_at": NOON, "published_by": "test", "note": ""}


def answer(grant: Grant, at: datetime) -> bytes:
    """What these tests keep as the answer: who reads it knows all that counts."""
    told = {
        "id": grant.id,
        "state": grant.state(at),
        "counts": grant.counts(at),
        "left": grant.left,
        "at": at.isoformat(),
    }
    return json.dumps(told).encode()


def told(stored: StoredAnswer) -> dict[str, object]:
    found: dict[str, object] = json.loads(stored.body)
    return found


def terms_of(budgets: Sequence[Budget], version: int, vocabulary: Vocabulary) -> Terms:
    limits = CompiledLimits(LimitTable(1, ROWS), vocabulary)
    return Terms(Versions(1, 1, version), vocabulary, limits, tuple(budgets))


def publish_first(engine: Engine) -> None:
    """A library, limits and budgets, by their numbers alone."""
    with sessionmaker(engine).begin() as session:
        session.add(LibraryVersion(version=1, vocabulary={}, **PUBLISHED))
        session.flush()
        session.add(LimitsVersion(version=1, library_version=1, **PUBLISHED))
        session.add(BudgetsVersion(version=1, library_version=1, **PUBLISHED))


class TestLedger:
    """A real ledger over an engine. `now` is set by hand; None for the database's own clock."""

    __test__ = False

    def __init__(
        self, engine: Engine, *budgets: Budget, rows: Sequence[LimitRow] = ROWS, zone: str = "UTC"
    ) -> None:
        self.engine = engine
        self.sessions = sessionmaker(engine)
        self.vocabulary = replace(a_vocabulary(), time_zone=zone)
        self.now: datetime = NOON
        self.keys = count()
        self.contacts = count()
        database = Database(self.sessions)
        self.ledger = Ledger(database, lambda _: self.now, hold=HOLD)
        self.brakes = Brakes(database, lambda _: self.now)
        self.audit = AuditStore(database)
        publish_first(engine)
        self.terms = terms_of(budgets, 1, self.vocabulary)

    @classmethod
    def over(cls, ledger: Ledger, engine: Engine, *budgets: Budget) -> "TestLedger":
        """The same over a ledger and a database that are there already."""
        own = cls.__new__(cls)
        own.engine, own.ledger, own.sessions = engine, ledger, sessionmaker(engine)
        own.vocabulary = replace(a_vocabulary(), time_zone="UTC")
        own.keys = own.contacts = _OF_ALL
        own.terms = terms_of(budgets, 1, own.vocabulary)
        return own

    def publish(self, *budgets: Budget) -> None:
        version = self.terms.versions.budgets + 1
        with self.sessions.begin() as session:
            session.add(BudgetsVersion(version=version, library_version=1, **PUBLISHED))
        self.terms = terms_of(budgets, version, self.vocabulary)

    def asked(
        self,
        amount: int = 100,
        *,
        remedy: str = "fee_waiver",
        level: str = "rep",
        facts: dict[str, FactValue] | None = None,
        **parties: str | None,
    ) -> GrantAsked:
        """A grant in a contact of its own, where none is named: ceilings are of one contact."""
        own = {"customer": "c-1", "contact": f"own-{next(self.contacts)}", "rep": "r-1"}
        return GrantAsked(
            parties=Parties(**(own | parties)),
            level=level,
            issue="fee",
            remedy=self.vocabulary.remedies[remedy],
            amount=amount,
            facts=facts or {},
            reason_code="first_time",
            key="key1",
        )

    def once(self, key: str | None = None, body: object = None) -> Once:
        digest = hashlib.sha256(repr(body).encode()).hexdigest()
        return Once("key1", "POST /v1/grants", key or f"k{next(self.keys)}", digest)

    def reserve(self, amount: int = 100, key: str | None = None, **more: str | None) -> str:
        """The id of a new grant."""
        asked = self.asked(amount, **more)  # type: ignore[arg-type]  # ids all
        stored = self.ledger.reserve(asked, self.terms, self.once(key, asked), answer)
        return str(told(stored)["id"])

    def capture(self, grant_id: str, amount: int | None = None) -> dict[str, object]:
        return self._change(EntryKind.CAPTURE, grant_id, amount)

    def void(self, grant_id: str, amount: int | None = None) -> dict[str, object]:
        return self._change(EntryKind.VOID, grant_id, amount)

    def pull(self, team: str = "") -> None:
        self.brakes.pull(
            BrakeWanted(team, "too much", "key:boss"), self.once(), lambda _: b"pulled"
        )

    def release(self, team: str = "") -> None:
        self.brakes.release(
            BrakeWanted(team, "enough", "key:boss"), self.once(), lambda _: b"released"
        )

    def used(self, budget: str, **parties: str) -> tuple[int, int]:
        ids = Parties(**({"customer": "c-1", "contact": "k-1", "rep": "r-1"} | parties))
        found = self.ledger.use(self.terms, ids).used[budget]
        return found.amount, found.grants

    def _change(self, kind: EntryKind, grant_id: str, amount: int | None) -> dict[str, object]:
        remedy = self.vocabulary.remedies[self.ledger.find(grant_id)[0].remedy]
        change = Change(grant_id, kind, amount, "rep:r-1", reversible=remedy.reversible)
        return told(self.ledger.change(change, self.once(None, change), answer))


def shared_ledger(url: str, pool: int) -> tuple[Engine, Ledger]:
    """A ledger on a database that others use as well, with the database's clock."""
    options = {} if url.startswith("sqlite") else {"isolation_level": "READ COMMITTED"}
    engine = create_engine(url, pool_size=pool, max_overflow=0, **options)
    configure(engine)
    clock: Clock = database_clock(lambda: datetime.now(UTC))
    return engine, Ledger(Database(sessionmaker(engine)), clock, hold=HOLD)
