"""Second factors of people, and the codes that stand in for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from agent_assist.core.errors import NotFound
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.people import find_person
from agent_assist.store.schema import RecoveryCodeRow, SecondFactorRow
from agent_assist.store.session_ends import end_all_of

_LOCK = "second factors"


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What a person's app has: the salt of its secret, and the newest time step that was used.

    `recovery` is how many codes are left that stand in for it.
    """

    salt: str
    step: int
    recovery: int


class SecondFactorStore:
    """Keeps second factors.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def find(self, person: str) -> SecondFactor | None:
        """A person's second factor; None before one was confirmed."""
        left = select(func.count()).where(RecoveryCodeRow.person == person)
        with self._database.reading() as session:
            row = session.get(SecondFactorRow, person)
            if row is None or row.salt is None:
                return None
            return SecondFactor(row.salt, row.step, session.scalars(left).one())

    @again_if_aborted
    def offer(self, person: str, salt: str) -> None:
        """Keep the salt of a secret that is shown to a person, until they confirm it."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = _row(session, person)
            row.offered, row.offered_at = salt, self._clock(session)

    def offered(self, person: str, life: timedelta) -> str | None:
        """The salt that was last offered to a person, if that is not too long ago; else None."""
        with self._database.reading() as session:
            row = session.get(SecondFactorRow, person)
            if row is None or row.offered_at is None:
                return None
            return row.offered if self._clock(session) - row.offered_at < life else None

    @again_if_aborted
    def confirm(self, person: str, salt: str, step: int, recovery: Sequence[str]) -> bool:
        """Make what was offered a person's second factor; False if something else was offered.

        Recovery codes (hashes) take the place of those there were, and what had been opened
        without it ends.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = _row(session, person)
            if row.offered != salt:
                return False
            row.salt, row.step, row.offered, row.offered_at = salt, step, None, None
            _keep_recovery(session, person, recovery)
            at = audit.present(session, self._clock)
            by = f"person:{person}"[:200]
            audit.append(session, audit.Act(by, "second_factor.confirm", person, {}), at)
            end_all_of(session, at, person, by=by, why="second factor")
            return True

    @again_if_aborted
    def use(self, person: str, step: int) -> bool:
        """Use the code of a time step; False where it, or one of a later step, was used before."""
        # One statement, so that of two who come with one code one gets in.
        used = (
            update(SecondFactorRow)
            .where(SecondFactorRow.person == person, SecondFactorRow.step < step)
            .values(step=step)
            .returning(SecondFactorRow.person)
        )
        with self._database.writing() as session:
            return session.execute(used).scalar_one_or_none() is not None

    @again_if_aborted
    def recover(self, person: str, code: str) -> bool:
        """Use a recovery code (its hash), which is gone then; False if there is none."""
        used = (
            delete(RecoveryCodeRow)
            .where(RecoveryCodeRow.hash == code, RecoveryCodeRow.person == person)
            .returning(RecoveryCodeRow.person)
        )
        with self._database.writing() as session:
            if session.execute(used).scalar_one_or_none() is None:
                return False
            act = audit.Act(f"person:{person}"[:200], "second_factor.recover", person, {})
            audit.append(session, act, audit.present(session, self._clock))
            return True

    @again_if_aborted
    def reset(self, person: str, by: str) -> bool:
        """Forget a person's second factor, and end what is open to them; False if they had none.

        Raises:
            NotFound: nobody is known under the id.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if find_person(session, person) is None:
                raise NotFound("person", person[:80])
            row = session.get(SecondFactorRow, person)
            if row is None or row.salt is None:
                return False
            session.delete(row)
            _keep_recovery(session, person, ())
            at = audit.present(session, self._clock)
            audit.append(session, audit.Act(by, "second_factor.reset", person, {}), at)
            end_all_of(session, at, person, by=by, why="second factor reset")
            return True


def _row(session: Session, person: str) -> SecondFactorRow:
    row = session.get(SecondFactorRow, person)
    if row is None:
        row = SecondFactorRow(person=person, step=0)
        session.add(row)
    return row


def _keep_recovery(session: Session, person: str, codes: Sequence[str]) -> None:
    """Keep hashes of codes in place of those that a person had."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person == person))
    session.add_all(RecoveryCodeRow(hash=one, person=person) for one in codes)
