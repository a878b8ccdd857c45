"""The spend brake: who stopped goodwill, for whom and why; read in the transaction of a grant."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_assist.chain import canonical
from agent_assist.core.errors import BrakeNotPulled
from agent_assist.core.grants import Parties
from agent_assist.core.holds import Brake
from agent_assist.core.people import above_lowest, check_level
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.people import find_person
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


@dataclass(frozen=True, slots=True)
class BrakeWanted:
    """A brake to be pulled or released.

    Attributes:
        team: whose goodwill; empty for everybody's.
        actor: who calls, in the audit's words; it counts where no person is named.
        person: id of the person who decided it; None for nobody but the caller.
        ladder: keys of the levels, lowest first; not empty where a person is named.
    """

    team: str
    reason: str
    actor: str
    person: str | None = None
    ladder: Sequence[str] = ()

    @property
    def by(self) -> str:
        """Who does it, in the audit's words."""
        return self.actor if self.person is None else f"person:{self.person}"

    def check(self, session: Session, *, of_highest: bool) -> None:
        """Refuse a person who is not active, or of too low a level."""
        if self.person is not None:
            least = self.ladder[-1] if of_highest else above_lowest(self.ladder)
            check_level(find_person(session, self.person), least, self.ladder)


class Brakes:
    """Pulls and releases brakes. Append-only: the newest entry of each team holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def pull(
        self, wanted: BrakeWanted, once: Once, answer: Callable[[BrakeEntry], bytes]
    ) -> StoredAnswer:
        """Stop goodwill below the highest level, once.

        Holds for every grant that is decided after this returns. Pulled again it has a new reason.

        Raises:
            UnknownPerson: the person who decided it is not known, or has left.
            LevelTooLow: they are of the lowest level, on a ladder that has others.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            # Every grant holds this lock: those under way end first, the next ones see the brake.
            lock_parties(session, Parties())
            wanted.check(session, of_highest=False)
            entry = self._entry(session, wanted, pulled=True)
            _append(session, entry)
            return fulfil(session, once, 201, answer(entry))

    @again_if_aborted
    def release(
        self, wanted: BrakeWanted, once: Once, answer: Callable[[BrakeEntry], bytes]
    ) -> StoredAnswer:
        """End what `pull` began, once.

        Raises:
            UnknownPerson: the person who decided it is not known, or has left.
            LevelTooLow: they are not of the highest level, which alone may give meanwhile.
            BrakeNotPulled: there is nothing to end.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_parties(session, Parties())
            wanted.check(session, of_highest=True)
            entry = self._entry(session, wanted, pulled=False)
            if wanted.team not in {one.team for one in _pulled(session)}:
                raise BrakeNotPulled("this brake is not pulled: GET /v1/brake lists those that are")
            _append(session, entry)
            return fulfil(session, once, 200, answer(entry))

    def _entry(self, session: Session, wanted: BrakeWanted, *, pulled: bool) -> BrakeEntry:
        at = audit.present(session, self._clock)
        return BrakeEntry(at, wanted.team, pulled, wanted.by, wanted.reason)

    def pulled(self) -> tuple[BrakeEntry, ...]:
        """The brakes that hold now."""
        with self._database.reading() as session:
            return _pulled(session)


def brakes_on(reads: Reads, parties: Parties) -> tuple[Brake, ...]:
    """The brakes that reach a case, as this transaction sees them."""
    return brakes_on_many(reads, (parties,))[0]


def brakes_on_many(reads: Reads, parties: Iterable[Parties]) -> list[tuple[Brake, ...]]:
    """`brakes_on` for many at once, in their order."""
    held = [Brake(row.team, row.reason) for row in _pulled(reads)]
    return [tuple(brake for brake in held if brake.reaches(one.team)) for one in parties]


# Made once, for every answer reads it.
_PULLED = (
    select(BrakeRow.at, BrakeRow.team, BrakeRow.pulled, BrakeRow.by, BrakeRow.reason)
    .where(BrakeRow.seq.in_(select(func.max(BrakeRow.seq)).group_by(BrakeRow.team)))
    .where(BrakeRow.pulled)
    .order_by(BrakeRow.team)
)


def _pulled(reads: Reads) -> tuple[BrakeEntry, ...]:
    return tuple(BrakeEntry(*row) for row in reads.execute(_PULLED))


def _append(session: Session, entry: BrakeEntry) -> None:
    said = {**asdict(entry), "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    digest = hashlib.sha256(canonical(said).encode()).hexdigest()
    act = "brake.pull" if entry.pulled else "brake.release"
    subject = f"team:{entry.team}" if entry.team else "organisation"
    done = audit.Act(entry.by, act, subject[:200], {"digest": digest})
    seq = audit.append(session, done, entry.at)
    session.add(BrakeRow(seq=seq, **asdict(entry)))
