"""Accounts: passwords of people, attempts to sign in, and browsers in which somebody has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from agent_assist.core.errors import NotFound
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means, Proof
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.people import PERSON, find_person
from agent_assist.store.schema import AccountRow, AttemptRow, PersonRow, SignInRow
from agent_assist.store.session_ends import end_all_of

_LOCK = "accounts"
_SIGNED_IN = (
    select(SignInRow.means, SignInRow.at, *PERSON)
    .join(SignInRow, SignInRow.person == PersonRow.id)
    .where(
        SignInRow.hash == bindparam("hash"),
        SignInRow.ended_at.is_(None),
        SignInRow.expires_at > bindparam("at"),
        PersonRow.active.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the hash of their password."""

    person: Person
    password_hash: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in in a browser, and how long ago."""

    person: Person
    proof: Proof
    ago: timedelta


class AccountStore:
    """Keeps accounts.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def set_password(self, person: str, password_hash: str, by: str) -> None:
        """Keep a person's new password, and end every way in that the old one had opened.

        Raises:
            NotFound: nobody is known under the id.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if find_person(session, person) is None:
                raise NotFound("person", person[:80])
            at = audit.present(session, self._clock)
            keep_password(session, at, person, password_hash, by=by)

    @again_if_aborted
    def rehash(self, person: str, old: str, new: str) -> None:
        """Keep the same password as another hash, unless it was changed meanwhile."""
        same = (AccountRow.person == person, AccountRow.password_hash == old)
        with self._database.writing() as session:
            session.execute(update(AccountRow).where(*same).values(password_hash=new))

    def find(self, person: str) -> Account | None:
        """The account of somebody who is active; None for everybody else."""
        with self._database.reading() as session:
            row = session.get(AccountRow, person)
            found = None if row is None else find_person(session, person)
            if row is None or found is None or not found.active:
                return None
            return Account(found, row.password_hash)

    @again_if_aborted
    def attempt(
        self, name_hash: str, wait: Callable[[int], timedelta], forgotten: timedelta
    ) -> timedelta:
        """Count an attempt under a name, before it is judged.

        Attempts of one name queue here, so that many at once are no more than one after the other.

        Args:
            name_hash: of the name that was typed.
            wait: after how many attempts in a row that did not succeed how much time must pass.
            forgotten: after how much time without any they are forgotten.

        Returns:
            Zero if the attempt may be made; else how long to wait, and it does not count.
        """
        with self._database.writing() as session:
            lock(session, [f"attempt:{name_hash}"])
            at = self._clock(session)
            row = session.get(AttemptRow, name_hash)
            if row is None:
                row = AttemptRow(name_hash=name_hash, count=0, at=at)
                session.add(row)
            if at - row.at > forgotten:
                row.count = 0
            left = row.at + wait(row.count) - at
            if left > timedelta(0):
                return left
            row.count, row.at = row.count + 1, at
            return timedelta(0)

    @again_if_aborted
    def refuse(self, person: str, name_hash: str, act: str, noted: int) -> None:
        """Tell the audit that somebody fails for a person again and again: once, at a number."""
        with self._database.writing() as session:
            row = session.get(AttemptRow, name_hash)
            if row is not None and row.count == noted:
                told = audit.Act("anyone", act, person, {"in_a_row": noted})
                audit.append(session, told, audit.present(session, self._clock))

    @again_if_aborted
    def forget(self, name_hash: str) -> None:
        """Forget the attempts under a name, for the last one succeeded."""
        with self._database.writing() as session:
            lock(session, [f"attempt:{name_hash}"])  # another may just be counted
            session.execute(delete(AttemptRow).where(AttemptRow.name_hash == name_hash))

    @again_if_aborted
    def sign_in(
        self,
        person: str,
        secret: str,
        life: timedelta,
        replaces: str | None,
        means: Means,
    ) -> None:
        """Keep the hash of a browser's secret, in place of the one it had.

        The one before it ends, so that nobody goes on in a browser under what they left there.
        """
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            _end(session, replaces, at)
            row = SignInRow(hash=secret, person=person, means=means, at=at, expires_at=at + life)
            session.add(row)
            session.flush()
            act = audit.Act(f"person:{person}"[:200], "sign_in", person, {"means": means})
            audit.append(session, act, at)

    def signed_in(self, secret: str) -> SignedIn | None:
        """Who has signed in in the browser with a secret's hash, and is active; else None."""
        with self._database.looking_up() as reads:
            at = self._clock(reads)
            row = reads.execute(_SIGNED_IN, {"hash": secret, "at": at}).one_or_none()
        if row is None:
            return None
        proof = Proof(Means(row.means), row.at)
        return SignedIn(Person(*row[2:]), proof, at - row.at)

    @again_if_aborted
    def sign_out(self, secret: str) -> None:
        """End a browser's sign-in; of one that has ended nothing more is to be done."""
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            person = _end(session, secret, at)
            if person is not None:
                act = audit.Act(f"person:{person}"[:200], "sign_out", person, {})
                audit.append(session, act, at)

    @again_if_aborted
    def purge(self, forgotten: timedelta) -> None:
        """Delete attempts that are forgotten."""
        with self._database.logging() as session:
            before = self._clock(session) - forgotten
            session.execute(delete(AttemptRow).where(AttemptRow.at < before))


def keep_password(
    session: Session, at: datetime, person: str, password_hash: str, *, by: str
) -> None:
    """Keep a known person's password, and end what was open to them, in the transaction."""
    session.merge(AccountRow(person=person, password_hash=password_hash, at=at))
    audit.append(session, audit.Act(by, "account.password", person, {}), at)
    end_all_of(session, at, person, by=by, why="new password")


def _end(session: Session, secret: str | None, at: datetime) -> str | None:
    """End the sign-in with a secret's hash; gives whose it was, if it went on."""
    ended = (
        update(SignInRow)
        .where(SignInRow.hash == secret, SignInRow.ended_at.is_(None))
        .values(ended_at=at)
        .returning(SignInRow.person)
    )
    return session.execute(ended).scalar_one_or_none()
