"""The audit: every act in one chain, so that a change to any entry shows.

Each entry holds the hash of the one before it, so that nothing can be changed, left out or
put in between without breaking the chain there. What a chain alone cannot show is that its end
was cut off, or that all of it was written anew: for that its newest hash must leave the host.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.schema import AuditEntry

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""

# After every scope in sorting, so that it is always the last lock that is waited for.
_LOCK = "~audit"
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be remembered. `content` is JSON without floats and without personal data."""

    actor: str
    act: str
    subject: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first entry that does not fit the chain, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a check of the chain.

    Attributes:
        entries: how many fit, from the first.
        newest: hash of the last of them; keep it elsewhere to prove later that none is missing.
        bad: None if all of them fit.
    """

    entries: int
    newest: str
    bad: BadEntry | None


def append(session: Session, act: Act, at: datetime) -> int:
    """Add an act to the chain, in the caller's transaction; gives its place in it."""
    lock(session, [_LOCK])
    newest = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    last, previous = newest if newest is not None else (0, BEGINNING)
    entry = AuditEntry(
        seq=last + 1,
        at=at,
        actor=act.actor,
        act=act.act,
        subject=act.subject,
        content=dict(act.content),
        previous=previous,
    )
    entry.hash = _hash(entry)
    session.add(entry)
    session.flush()
    return entry.seq


def verify(entries: Iterable[AuditEntry]) -> Verification:
    """Follow the chain from its first entry; the first that does not fit is named."""
    number, newest = 0, BEGINNING
    for entry in entries:
        reason = _fault(entry, number + 1, newest)
        if reason:
            return Verification(number, newest, BadEntry(entry.seq, reason))
        number, newest = number + 1, entry.hash
    return Verification(number, newest, None)


class AuditStore:
    """Reads the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def verify(self) -> Verification:
        """Follow the whole chain."""
        with self._database.reading() as session:
            rows = select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=_BATCH)
            # Closed also where the chain breaks off: on PostgreSQL it is a cursor of the server's.
            with closing(session.scalars(rows)) as entries:
                return verify(entries)


def _fault(entry: AuditEntry, place: int, previous: str) -> str | None:
    if entry.seq != place:
        return f"entry {place} is missing"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    if entry.hash != _hash(entry):
        return "it is not what was written"
    return None


def _hash(entry: AuditEntry) -> str:
    content = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "content": entry.content,
    }
    return hashlib.sha256((entry.previous + canonical(content)).encode()).hexdigest()


def canonical(content: object) -> str:
    """The one text of a JSON document without floats."""
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
