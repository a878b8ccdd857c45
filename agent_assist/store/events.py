"""What happens, in order: the audit, read as a feed. There is no second record to disagree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.people import Sight
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalRow, AuditEntry, GrantRow

TYPES: Mapping[str, str] = {
    "approval.request": "approval.requested",
    "approval.decide": "approval.decided",
    "approval.withdraw": "approval.withdrawn",
    "approval.expire": "approval.expired",
    "grant.reserve": "grant.reserved",
    "grant.capture": "grant.captured",
    "grant.void": "grant.voided",
    "version.import": "version.published",
    "draft.publish": "version.published",
    "draft.cancel": "version.cancelled",
    "model.activate": "model.activated",
    "brake.pull": "brake.pulled",
    "brake.release": "brake.released",
    "budget.warning": "budget.warning",
    "budget.freeze": "budget.frozen",
    "budget.release": "budget.released",
}
"""Names that clients read, by the acts that the audit holds."""

KINDS = frozenset(TYPES.values()) | {one.partition(".")[0] for one in TYPES.values()}
"""The names of events, and the first words of these."""

_WARNING = "budget.warning"
_OF_SOMEBODY = ("grant.", "approval.", _WARNING)


_NEWEST = select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        seq: its place in the audit; later events have higher ones, and none comes in between.
        subject: id of what it happened to; of an import, the version, such as `limits:2`.
        by: who did it: `key:…`, `person:…`, `rep:…`, `cli`, `cli:…` with the account, or `clock`.
        contact, rep, team: of the grant or request; None for others.
        grant: id of the grant with which a budget came to where it warns; None for others.
    """

    seq: int
    at: datetime
    type: str
    subject: str
    by: str
    contact: str | None = None
    rep: str | None = None
    team: str | None = None
    grant: str | None = None

    def concerns(self, sight: Sight) -> bool:
        """Whether somebody is told of it: of work that they see, and of what is nobody's."""
        return not self.type.startswith(_OF_SOMEBODY) or sight.covers(self.rep, self.team)


class EventStore:
    """Reads events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """The place of the newest act, whether or not it is an event; 0 before the first."""
        with self._database.looking_up() as reads:
            return reads.execute(_NEWEST).scalar_one_or_none() or 0

    def after(self, seq: int, *, limit: int) -> tuple[Event, ...]:
        """The first events after a place in the audit, oldest first.

        Nothing is ever missed: places are given out under a lock, in the order of the commits.
        """
        rows = select(AuditEntry).where(AuditEntry.seq > seq, AuditEntry.act.in_(TYPES))
        with self._database.reading() as session:
            entries = session.scalars(rows.order_by(AuditEntry.seq).limit(limit)).all()
            return _read(session, entries)

    def at(self, seq: int) -> Event | None:
        """The event at a place in the audit; None if what stands there is none."""
        rows = select(AuditEntry).where(AuditEntry.seq == seq, AuditEntry.act.in_(TYPES))
        with self._database.reading() as session:
            return next(iter(_read(session, session.scalars(rows).all())), None)


def _read(session: Session, entries: Sequence[AuditEntry]) -> tuple[Event, ...]:
    parties = _parties(session, {_about(entry) for entry in entries})
    return tuple(
        Event(
            entry.seq,
            entry.at,
            TYPES[entry.act],
            entry.subject,
            entry.actor,
            *parties.get(_about(entry), (None, None, None)),
            entry.content.get("grant") if entry.act == _WARNING else None,
        )
        for entry in entries
    )


def _about(entry: AuditEntry) -> str:
    """Id of what tells whom an act is about."""
    return str(entry.content.get("grant") if entry.act == _WARNING else entry.subject)


def _parties(
    session: Session, subjects: Iterable[str]
) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Contact, rep and team of grants and requests, by their ids."""
    found: dict[str, tuple[str | None, str | None, str | None]] = {}
    for table in (GrantRow, ApprovalRow):
        rows = select(table.id, table.contact, table.rep, table.team)
        for key, contact, rep, team in session.execute(rows.where(table.id.in_(subjects))):
            found[key] = (contact, rep, team)
    return found
