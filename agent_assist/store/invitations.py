"""Invitations: hashes of links that let people choose a password, each once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from agent_assist.core.errors import NotFound
from agent_assist.core.people import Person
from agent_assist.store import audit
from agent_assist.store.accounts import keep_password
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.people import find_person
from agent_assist.store.schema import InvitationRow


class InvitationStore:
    """Keeps invitations; a person has one at most.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def add(self, person: str, secret: str, life: timedelta, by: str) -> datetime:
        """Keep the hash of an invitation in place of any other; gives when it expires.

        Raises:
            NotFound: nobody active is known under the id.
        """
        with self._database.writing() as session:
            found = find_person(session, person)
            if found is None or not found.active:
                raise NotFound("active person", person[:80])
            at = audit.present(session, self._clock)
            session.execute(delete(InvitationRow).where(InvitationRow.person == person))
            session.add(InvitationRow(hash=secret, person=person, expires_at=at + life))
            content = {"expires_at": (at + life).isoformat(timespec="seconds")}
            audit.append(session, audit.Act(by, "account.invite", person, content), at)
            return at + life

    def find(self, secret: str) -> Person | None:
        """Whom an invitation that is still good is for; None for nobody."""
        with self._database.reading() as session:
            row = session.get(InvitationRow, secret)
            if row is None or row.expires_at <= self._clock(session):
                return None
            found = find_person(session, row.person)
            return found if found is not None and found.active else None

    def pending(self, person: str) -> datetime | None:
        """When the invitation of a person expires; None without one that is good."""
        with self._database.reading() as session:
            rows = select(InvitationRow.expires_at).where(InvitationRow.person == person)
            until = session.scalars(rows).first()
            return until if until is not None and until > self._clock(session) else None

    @again_if_aborted
    def accept(self, secret: str, password_hash: str) -> Person | None:
        """Take an invitation, and keep its person's password; None if it is not good any more."""
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            # One statement, so that of two who come with one invitation one gets in.
            taken = (
                delete(InvitationRow)
                .where(InvitationRow.hash == secret, InvitationRow.expires_at > at)
                .returning(InvitationRow.person)
            )
            person = session.execute(taken).scalar_one_or_none()
            found = None if person is None else find_person(session, person)
            if found is None or not found.active:
                return None
            keep_password(session, at, found.id, password_hash, by=f"person:{found.id}"[:200])
            return found
