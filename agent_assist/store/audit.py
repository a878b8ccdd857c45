"""The audit: every act in one chain, so that a change to any entry shows; see `chain`."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_assist import chain
from agent_assist.chain import BEGINNING, Bad, Entry, Verification
from agent_assist.core.errors import NotReady
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.schema import AuditEntry, SessionRow

# After every scope in sorting, so that it is always the last lock that is waited for.
_LOCK = "~audit"
_BATCH = 1_000
MOST_SOUGHT = 20_000
"""So many acts are looked through for one page, so that no search holds the database for long."""
_MOST_BACKWARD = timedelta(seconds=5)
# How actors are named; see `core.ids.by_caller`.
_PERSON, _OF_SESSION = "person:", "session:"


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be remembered. `content` is JSON without floats and without personal data."""

    actor: str
    act: str
    subject: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """Where the chain stands, from an entry on; `bad` is the first that does not fit, if any."""

    seq: int
    newest: str
    bad: Bad | None


def present(session: Session, clock: Clock) -> datetime:
    """The present, never before the newest act: time that ran back would reopen windows.

    Raises:
        NotReady: it ran back too far for that.
    """
    at = clock(session)
    newest = session.scalars(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)).first()
    if newest is None or newest <= at:
        return at
    if newest - at > _MOST_BACKWARD:
        raise NotReady(
            "the database's clock is behind the newest act: set it right, or nothing can be "
            "granted until it has caught up"
        )
    return newest


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
    entry.hash = _entry(entry).reckoned()
    session.add(entry)
    session.flush()
    return entry.seq


@dataclass(frozen=True, slots=True)
class Sought:
    """Which acts are wanted; None for any.

    Attributes:
        act: its whole name, or the first word of it: `grant` for all that is done to grants.
        actor, subject: whole; a person is the actor of what their sessions asked for too.
        first, end: instants, the first inclusive and the second not.
    """

    act: str | None = None
    actor: str | None = None
    subject: str | None = None
    first: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, newest first; older ones are below the place `left`, None if there are none.

    Attributes:
        people: whose the sessions are that are actors of these entries, by the actor.
    """

    entries: tuple[Entry, ...]
    left: int | None
    people: Mapping[str, str]


class AuditStore:
    """Reads the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def verify(
        self, checkpoints: Iterable[str] = (), key: Ed25519PublicKey | None = None
    ) -> Verification:
        """Follow the whole chain, past checkpoints where there are any; see `chain.verify`."""
        with self.entries() as entries:
            return chain.verify(entries, checkpoints, key)

    def follow(self, seq: int, newest: str, limit: int | None = None) -> Followed:
        """Follow the chain from an entry that is known by its hash; 0 is before the first.

        At most `limit` entries of it; None for all.
        """
        with self.entries(max(seq, 1)) as entries:
            first = next(entries, None) if seq else None
            if seq and (first is None or first.seq != seq or first.hash != newest):
                return Followed(seq, newest, Bad(seq, seq, "it is not the one that was seen"))
            for entry in islice(entries, limit):
                reason = chain.fault(entry, seq + 1, newest)
                if reason:
                    return Followed(seq, newest, Bad(entry.seq, entry.seq, reason))
                seq, newest = entry.seq, entry.hash
            return Followed(seq, newest, None)

    def newest(self) -> int:
        """The place of the newest entry; 0 before the first."""
        with self._database.reading() as session:
            return _newest(session)

    def search(self, sought: Sought, *, limit: int, before: int | None) -> Found:
        """The newest entries that are wanted, of those below the place `before` (None for all).

        It looks through `MOST_SOUGHT` places at most: fewer than `limit` may be given while
        older ones are left.
        """
        with self._database.reading() as session:
            top = _newest(session) + 1 if before is None else before
            if sought.end is not None:
                top = min(top, place_at(session, sought.end))
            bottom = 1 if sought.first is None else place_at(session, sought.first)
            lowest = max(bottom, top - MOST_SOUGHT)
            places = AuditEntry.seq >= lowest, AuditEntry.seq < top
            rows = select(AuditEntry).where(*places, *_conditions(sought))
            page = session.scalars(rows.order_by(AuditEntry.seq.desc()).limit(limit + 1)).all()
            entries = tuple(_entry(row) for row in page[:limit])
            people = _people(session, {one.actor for one in entries})
        if len(page) > limit:
            return Found(entries, entries[-1].seq, people)
        return Found(entries, lowest if lowest > bottom else None, people)

    @contextmanager
    def entries(self, start: int = 1) -> Iterator[Iterator[Entry]]:
        """All entries from a place on, in order, a batch at a time."""
        rows = select(AuditEntry).where(AuditEntry.seq >= start).order_by(AuditEntry.seq)
        with (
            self._database.reading() as session,
            # Closed also where the reader stops: on PostgreSQL it is a cursor of the server's.
            closing(session.scalars(rows.execution_options(yield_per=_BATCH))) as found,
        ):
            yield (_entry(row) for row in found)


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor=row.actor,
        act=row.act,
        subject=row.subject,
        content=row.content,
        previous=row.previous,
        hash=row.hash,
    )


def _by(actor: str) -> ColumnElement[bool]:
    """That an actor acted: a person also by what they asked for in sessions."""
    itself = AuditEntry.actor == actor
    if not actor.startswith(_PERSON):
        return itself
    theirs = select(_OF_SESSION + SessionRow.id).where(
        SessionRow.person == actor.removeprefix(_PERSON)
    )
    return itself | AuditEntry.actor.in_(theirs)


def _people(session: Session, actors: Iterable[str]) -> dict[str, str]:
    ids = [one.removeprefix(_OF_SESSION) for one in actors if one.startswith(_OF_SESSION)]
    found = session.execute(select(SessionRow.id, SessionRow.person).where(SessionRow.id.in_(ids)))
    return {_OF_SESSION + row.id: row.person for row in found}


def _newest(session: Session) -> int:
    return session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0


def place_at(session: Session, at: datetime) -> int:
    """The place of the first entry at or after an instant, or the one after the last.

    Halved again and again: time never runs back along the chain, see `present`.
    """
    low, high = 1, _newest(session) + 1
    while low < high:
        middle = (low + high) // 2
        seen = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == middle))
        if seen is None or seen < at:
            low = middle + 1
        else:
            high = middle
    return low


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.act is not None:
        inside = AuditEntry.act.startswith(sought.act + ".", autoescape=True)
        conditions.append((AuditEntry.act == sought.act) | inside)
    if sought.actor is not None:
        conditions.append(_by(sought.actor))
    if sought.subject is not None:
        conditions.append(AuditEntry.subject == sought.subject)
    return conditions
