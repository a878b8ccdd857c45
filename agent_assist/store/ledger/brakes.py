"""The spend brake: who stopped goodwill, for whom and why; read in the transaction of a grant."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_assist.chain import canonical
from agent_assist.core.errors import BrakeNotPulled
from agent_assist.core.grants import Parties
from agent_assist.core.holds import Brake
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.schema import BrakeRow


@dataclass(frozen=True, slots=True)
class BrakeEntry:
    """A brake that was pulled or released.

    Attributes:
        team: whose grants it is about; empty for everybody's.
        by: who did it.
    """

    at: datetime
    team: str
    pulled: bool
    by: str
    reason: str


class Brakes:
    """Pulls and releases brakes. Append-only: the newest entry of each team holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def pull(
        self, team: str, by: str, reason: str, once: Once, answer: Callable[[BrakeEntry], bytes]
    ) -> StoredAnswer:
        """Stop goodwill below the highest level, for a team or (empty) everybody, once.

        Holds for every grant that is decided after this returns. Pulled again it has a new reason.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            # Every grant holds this lock: those under way end first, the next ones see the brake.
            lock_parties(session, Parties())
            entry = BrakeEntry(audit.present(session, self._clock), team, True, by, reason)
            _append(session, entry)
            return fulfil(session, once, 201, answer(entry))

    @again_if_aborted
    def release(
        self, team: str, by: str, reason: str, once: Once, answer: Callable[[BrakeEntry], bytes]
    ) -> StoredAnswer:
        """End what `pull` began, once; BrakeNotPulled if there is nothing to end."""
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_parties(session, Parties())
            entry = BrakeEntry(audit.present(session, self._clock), team, False, by, reason)
            if team not in {one.team for one in _pulled(session)}:
                raise BrakeNotPulled("this brake is not pulled: GET /v1/brake lists those that are")
            _append(session, entry)
            return fulfil(session, once, 200, answer(entry))

    def pulled(self) -> tuple[BrakeEntry, ...]:
        """The brakes that hold now."""
        with self._database.reading() as session:
            return _pulled(session)


def brakes_on(session: Session, parties: Parties) -> tuple[Brake, ...]:
    """The brakes that reach a case, as this transaction sees them."""
    held = (Brake(row.team, row.reason) for row in _pulled(session))
    return tuple(brake for brake in held if brake.reaches(parties.team))


# Made once, for every answer reads it.
_PULLED = (
    select(BrakeRow.at, BrakeRow.team, BrakeRow.pulled, BrakeRow.by, BrakeRow.reason)
    .where(BrakeRow.seq.in_(select(func.max(BrakeRow.seq)).group_by(BrakeRow.team)))
    .where(BrakeRow.pulled)
    .order_by(BrakeRow.team)
)


def _pulled(session: Session) -> tuple[BrakeEntry, ...]:
    return tuple(BrakeEntry(*row) for row in session.execute(_PULLED))


def _append(session: Session, entry: BrakeEntry) -> None:
    said = {**asdict(entry), "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    digest = hashlib.sha256(canonical(said).encode()).hexdigest()
    act = "brake.pull" if entry.pulled else "brake.release"
    subject = f"team:{entry.team}" if entry.team else "organisation"
    done = audit.Act(entry.by, act, subject[:200], {"digest": digest})
    seq = audit.append(session, done, entry.at)
    session.add(BrakeRow(seq=seq, **asdict(entry)))
