"""Sessions of people: one-time codes, what they become, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, null, or_, select, update
from sqlalchemy.orm import Session

from agent_assist.core.errors import NotFound
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means, Proof
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.people import PERSON, find_person
from agent_assist.store.schema import CodeRow, PersonRow, SessionRow, SessionSecretRow, SignInRow
from agent_assist.store.session_ends import end_all_of, end_sessions, end_sign_ins


class SecretKind(StrEnum):
    """What a secret of a session is for: to be sent with requests, or to get new secrets."""

    BEARER = "bearer"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class NewSecrets:
    """Hashes of secrets that are about to be handed out, and how long a token lives."""

    token: str
    renewal: str
    life: timedelta


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that goes on.

    Attributes:
        host: id of the host it was opened in; None for our own pages.
        means: by which its person had come when it was opened.
        unproved: how long ago its person last showed who they are.
        expires_at: when its token does, or, where no token is meant, the session itself.
    """

    id: str
    person: Person
    host: str | None
    means: Means
    unproved: timedelta
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedAt:
    """A way in that is open to a person: a panel or console, or a browser they signed in in."""

    at: datetime
    expires_at: datetime
    host: str | None
    is_browser: bool


_SESSION = (
    SessionRow.id,
    SessionRow.host,
    SessionRow.means,
    SessionRow.proved_at,
    SessionRow.expires_at,
)
_OPEN = (
    select(*_SESSION, *PERSON)
    .join(PersonRow, PersonRow.id == SessionRow.person)
    .where(
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > bindparam("at"),
        PersonRow.active.is_(True),
    )
)
_BY_ID = _OPEN.where(SessionRow.id == bindparam("id"))
# Asked by every request of a panel, so made once, and one statement for session and person.
_BY_TOKEN = (
    _OPEN.add_columns(SessionSecretRow.expires_at)
    .join(SessionSecretRow, SessionSecretRow.session == SessionRow.id)
    .where(
        SessionSecretRow.hash == bindparam("hash"),
        SessionSecretRow.kind == SecretKind.BEARER,
        SessionSecretRow.expires_at > bindparam("at"),
    )
)


class SessionStore:
    """Keeps codes and sessions.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def leave_code(
        self,
        code: str,
        person: str,
        host: str | None,
        life: timedelta,
        *,
        means: Means,
        proved_at: datetime | None,
    ) -> None:
        """Keep the hash of a code that lets a person in once.

        `proved_at` is when they last showed who they are; None for just now.
        """
        with self._database.writing() as session:
            at = self._clock(session)
            add_code(session, code, person, host, at + life, Proof(means, proved_at or at))

    @again_if_aborted
    def begin(
        self, code: str, session_id: str, secrets: NewSecrets, life: timedelta
    ) -> OpenSession | None:
        """The session that a code becomes; None if the code is unknown, used or too old."""
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            used = update(CodeRow).where(
                CodeRow.hash == code, CodeRow.used_at.is_(None), CodeRow.expires_at > at
            )
            # One statement, so that of two requests with one code one gets it.
            taken = session.execute(
                used.values(used_at=at).returning(
                    CodeRow.person, CodeRow.host, CodeRow.means, CodeRow.proved_at
                )
            ).one_or_none()
            person = None if taken is None else find_person(session, taken.person)
            if taken is None or person is None or not person.active:
                return None
            session.add(
                SessionRow(
                    id=session_id,
                    person=person.id,
                    host=taken.host,
                    means=taken.means,
                    proved_at=taken.proved_at,
                    at=at,
                    expires_at=at + life,
                )
            )
            session.flush()
            expires_at = _add_secrets(session, session_id, secrets, at, at + life)
            content = {"person": person.id, "host": taken.host, "means": taken.means}
            act = audit.Act(f"person:{person.id}"[:200], "session.begin", session_id, content)
            audit.append(session, act, at)
            means, unproved = Means(taken.means), at - taken.proved_at
            return OpenSession(session_id, person, taken.host, means, unproved, expires_at)

    @again_if_aborted
    def renew(self, renewal: str, secrets: NewSecrets) -> OpenSession | None:
        """A session with new secrets, for a renewal that is used for the first time; else None.

        A renewal that is used twice was copied by somebody: nobody knows which of the two is the
        person, so the session ends.
        """
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            known = (
                SessionSecretRow.hash == renewal,
                SessionSecretRow.kind == SecretKind.RENEWAL,
            )
            first = (
                update(SessionSecretRow)
                .where(*known, SessionSecretRow.used_at.is_(None))
                .values(used_at=at)
                .returning(SessionSecretRow.session)
            )
            session_id = session.execute(first).scalar_one_or_none()
            if session_id is None:
                copied = select(SessionSecretRow.session).where(*known)
                for one in session.scalars(copied).all():
                    end_sessions(session, at, SessionRow.id == one, by="clock", why="renewed twice")
                return None
            row = session.execute(_BY_ID, {"id": session_id, "at": at}).one_or_none()
            if row is None:
                return None
            expires_at = _add_secrets(session, session_id, secrets, at, row[4])
            return _open(row, at, expires_at)

    def find(self, token: str) -> OpenSession | None:
        """The open session of a token's hash, of a person who is active; else None."""
        with self._database.looking_up() as reads:
            at = self._clock(reads)
            row = reads.execute(_BY_TOKEN, {"hash": token, "at": at}).one_or_none()
        return None if row is None else _open(row, at, row[-1])

    def find_open(self, session_id: str) -> OpenSession | None:
        """A session that goes on, of a person who is active; else None."""
        with self._database.looking_up() as reads:
            at = self._clock(reads)
            row = reads.execute(_BY_ID, {"id": session_id, "at": at}).one_or_none()
        return None if row is None else _open(row, at, row[4])

    def of_person(self, person: str) -> tuple[OpenedAt, ...]:
        """What is open to a person: sessions, and browsers they signed in in; newest first."""
        with self._database.reading() as session:
            at = self._clock(session)
            found = [
                OpenedAt(row.at, row.expires_at, row.host, is_browser=table is SignInRow)
                for table, host in ((SessionRow, SessionRow.host), (SignInRow, null()))
                for row in session.execute(
                    select(table.at, table.expires_at, host.label("host")).where(
                        table.person == person, table.ended_at.is_(None), table.expires_at > at
                    )
                )
            ]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    @again_if_aborted
    def prove(self, session_id: str, by: str) -> datetime:
        """Keep that a session's person has just shown who they are; gives when that was.

        Raises:
            NotFound: the session has ended.
        """
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            proved = (
                update(SessionRow)
                .where(SessionRow.id == session_id, SessionRow.ended_at.is_(None))
                .values(proved_at=at)
                .returning(SessionRow.id)
            )
            if session.execute(proved).scalar_one_or_none() is None:
                raise NotFound("session", session_id)
            audit.append(session, audit.Act(by, "session.prove", session_id, {}), at)
            return at

    @again_if_aborted
    def end_all(self, person: str, by: str) -> int:
        """End every way in that is open to a person; gives how many sessions and browsers."""
        count = len(self.of_person(person))
        with self._database.writing() as session:
            if find_person(session, person) is None:
                raise NotFound("person", person[:80])
            at = audit.present(session, self._clock)
            audit.append(session, audit.Act(by, "account.end", person, {"open": count}), at)
            end_all_of(session, at, person, by=by, why="ended by another")
            return count

    @again_if_aborted
    def end(self, session_id: str, by: str) -> None:
        """End a session, and what its person's browsers are let in by; NotFound if it has ended.

        A panel in a frame does not see the cookie. Without this, whoever signs in there next would
        be let in as the one who has just signed out.
        """
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            if not end_sessions(session, at, SessionRow.id == session_id, by=by, why="ended"):
                raise NotFound("session", session_id)
            whose = select(SessionRow.person).where(SessionRow.id == session_id)
            end_sign_ins(session, at, session.scalars(whose).one())

    @again_if_aborted
    def purge(self, kept: timedelta) -> None:
        """Delete codes that are too old to be used, and sessions and sign-ins some time later."""
        with self._database.logging() as session:
            at = self._clock(session)
            session.execute(delete(CodeRow).where(CodeRow.expires_at < at))
            for table in (SessionRow, SignInRow):
                over = or_(table.expires_at < at - kept, table.ended_at < at - kept)
                session.execute(delete(table).where(over))
            old = (SessionSecretRow.kind == SecretKind.BEARER, SessionSecretRow.expires_at < at)
            session.execute(delete(SessionSecretRow).where(*old))


def add_code(
    session: Session,
    code: str,
    person: str,
    host: str | None,
    expires_at: datetime,
    proof: Proof,
) -> None:
    """Keep the hash of a code, in the caller's transaction."""
    row = CodeRow(
        hash=code,
        person=person,
        host=host,
        means=proof.means,
        proved_at=proof.at,
        expires_at=expires_at,
    )
    session.add(row)


def _open(row: Sequence[Any], at: datetime, expires_at: datetime) -> OpenSession:
    """A session that is open at an instant, from its row."""
    session_id, host, means, proved_at, _ = row[: len(_SESSION)]
    person = Person(*row[len(_SESSION) : len(_SESSION) + len(PERSON)])
    return OpenSession(session_id, person, host, Means(means), at - proved_at, expires_at)


def _add_secrets(
    session: Session, session_id: str, secrets: NewSecrets, at: datetime, end: datetime
) -> datetime:
    """Keep a session's new secrets; gives when the token expires, which is not after `end`."""
    expires_at = min(at + secrets.life, end)
    for kind, text, until in (
        (SecretKind.BEARER, secrets.token, expires_at),
        (SecretKind.RENEWAL, secrets.renewal, end),
    ):
        session.add(SessionSecretRow(hash=text, session=session_id, kind=kind, expires_at=until))
    session.flush()
    return expires_at
