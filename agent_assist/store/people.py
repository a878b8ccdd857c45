"""People and who stands in for them. Every change is an act in the audit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from agent_assist.core.budgets import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.people import Delegation, LastAdministrator, Person, Sight
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.locks import lock
from agent_assist.store.schema import DelegationRow, PersonRow
from agent_assist.store.session_ends import end_all_of

# Every grant waits for the organisation's lock, so that none is decided by a level of before.
_LOCK = f"{Scope.ORGANISATION}:"
# Columns rather than entities, and made once: every grant asks for a person, once more under its
# locks, and an identity map would answer from before these were waited for.
PERSON = (
    PersonRow.id,
    PersonRow.name,
    PersonRow.level,
    PersonRow.team,
    PersonRow.customer,
    PersonRow.active,
    PersonRow.admin,
)
"""The columns that a `Person` is made of, in its order."""
_ONE = select(*PERSON).where(PersonRow.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Whom:
    """Which people to list; None for no matter.

    Attributes:
        text: a part of their id or name, in any case.
    """

    text: str | None = None
    level: str | None = None
    team: str | None = None
    active: bool | None = None
    admin: bool | None = None


ANYBODY = Whom()


class PeopleStore:
    """Adds, changes and finds people."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def add(self, person: Person, by: str) -> None:
        """Keep a new person; InvalidInput if the id is known, also of somebody who left."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if session.get(PersonRow, person.id) is not None:
                detail = "is known already: `users set` changes a person"
                raise InvalidInput([FieldProblem("id", "known", detail)])
            session.add(PersonRow(**asdict(person)))
            self._note(session, "person.add", person, by)

    @again_if_aborted
    def change(self, person_id: str, edit: Callable[[Person], Person], by: str) -> Person:
        """Change a person to what `edit` makes of them.

        Raises:
            NotFound: there is none.
            LastAdministrator: nobody would be left who is one.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = session.get(PersonRow, person_id)
            if row is None:
                raise NotFound("person", person_id[:80])
            before = read_person(row)
            person = edit(before)
            if _looks_after(before) and not _looks_after(person):
                _check_others(session, person.id)
            row.name, row.level, row.team = person.name, person.level, person.team
            row.customer, row.active, row.admin = person.customer, person.active, person.admin
            self._note(session, "person.change", person, by)
            if not person.active:
                at = audit.present(session, self._clock)
                end_all_of(session, at, person.id, by=by, why="deactivated")
            return person

    def find(self, person_id: str) -> Person | None:
        """Who is known under an id, active or not."""
        with self._database.looking_up() as reads:
            return find_person(reads, person_id)

    def page(self, *, limit: int, after: str | None, wanted: Whom = ANYBODY) -> tuple[Person, ...]:
        """Some of the people, in the order of their ids, from the first after `after`."""
        rows = select(PersonRow).where(*_are(wanted)).order_by(PersonRow.id).limit(limit)
        if after is not None:
            rows = rows.where(PersonRow.id > after)
        with self._database.reading() as session:
            return tuple(read_person(row) for row in session.scalars(rows))

    @again_if_aborted
    def delegate(self, delegation: Delegation, by: str) -> None:
        """Let somebody stand in for a person; NotFound if either is not known."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            self._delegate(session, delegation, by)

    @again_if_aborted
    def replace_delegations(self, delegation: Delegation, by: str) -> None:
        """As `delegate`, instead of all that stood for the person; nothing if it does already."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            rows = select(DelegationRow).where(
                DelegationRow.person == delegation.person, DelegationRow.ended.is_(False)
            )
            standing = [read_delegation(row) for row in session.scalars(rows)]
            if delegation in standing and all(
                one == delegation or one.last < delegation.first for one in standing
            ):
                return
            self._end_delegations(session, delegation.person, by)
            self._delegate(session, delegation, by)

    @again_if_aborted
    def end_delegations(self, person_id: str, by: str) -> int:
        """Nobody stands in for a person any more; gives how many delegations that ended."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            return self._end_delegations(session, person_id, by)

    def delegations(self, day: date) -> tuple[Delegation, ...]:
        """Who stands in for whom on a day."""
        with self._database.reading() as session:
            return delegations_on(session, day)

    def delegations_from(self, day: date) -> tuple[Delegation, ...]:
        """Who stands in for whom on a day or later, by the first day."""
        rows = select(DelegationRow).where(
            DelegationRow.ended.is_(False), DelegationRow.last >= day
        )
        with self._database.reading() as session:
            ordered = rows.order_by(DelegationRow.first, DelegationRow.seq)
            return tuple(read_delegation(row) for row in session.scalars(ordered))

    def active_at(self, levels: Sequence[str]) -> tuple[Person, ...]:
        """Active people of some levels, in the order of their ids."""
        with self._database.reading() as session:
            return active_at(session, levels)

    def _delegate(self, session: Session, delegation: Delegation, by: str) -> None:
        for person_id in (delegation.person, delegation.substitute):
            if session.get(PersonRow, person_id) is None:
                raise NotFound("person", person_id[:80])
        content = {
            "substitute": delegation.substitute,
            "first": delegation.first.isoformat(),
            "last": delegation.last.isoformat(),
        }
        act = audit.Act(by, "person.delegate", delegation.person, content)
        seq = audit.append(session, act, audit.present(session, self._clock))
        session.add(DelegationRow(seq=seq, ended=False, **asdict(delegation)))

    def _end_delegations(self, session: Session, person_id: str, by: str) -> int:
        theirs = (DelegationRow.person == person_id, DelegationRow.ended.is_(False))
        rows = session.scalars(select(DelegationRow.seq).where(*theirs)).all()
        if rows:
            session.execute(update(DelegationRow).where(*theirs).values(ended=True))
            act = audit.Act(by, "person.undelegate", person_id, {"ended": list(rows)})
            audit.append(session, act, audit.present(session, self._clock))
        return len(rows)

    def _note(self, session: Session, act: str, person: Person, by: str) -> None:
        # Neither name nor customer: an audit holds what decides, and nothing else of a person.
        content = {
            "level": person.level,
            "team": person.team,
            "active": person.active,
            "admin": person.admin,
        }
        at = audit.present(session, self._clock)
        audit.append(session, audit.Act(by, act, person.id, content), at)


def _looks_after(person: Person) -> bool:
    return person.admin and person.active


def _check_others(session: Session, person_id: str) -> None:
    """Refuse to lose the last administrator; under the lock, or two would lose each other."""
    others = select(PersonRow.id).where(
        PersonRow.admin.is_(True), PersonRow.active.is_(True), PersonRow.id != person_id
    )
    if session.scalars(others.limit(1)).first() is None:
        raise LastAdministrator


def _are(wanted: Whom) -> Iterator[ColumnElement[bool]]:
    if wanted.text is not None:
        yield or_(
            PersonRow.id.icontains(wanted.text, autoescape=True),
            PersonRow.name.icontains(wanted.text, autoescape=True),
        )
    if wanted.level is not None:
        yield PersonRow.level == wanted.level
    if wanted.team is not None:
        yield PersonRow.team == wanted.team
    if wanted.active is not None:
        yield PersonRow.active.is_(wanted.active)
    if wanted.admin is not None:
        yield PersonRow.admin.is_(wanted.admin)


def find_person(reads: Reads, person_id: str) -> Person | None:
    """Who is known under an id, as it stands in this transaction."""
    row = reads.execute(_ONE, {"id": person_id}).one_or_none()
    return None if row is None else Person(*row)


def in_sight(
    sight: Sight, rep: InstrumentedAttribute[Any], team: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """The rows whose representative and team a sight covers; as `Sight.covers`, in SQL."""
    if sight.person is None:
        return true()
    theirs = or_(team.is_(None), team == sight.team)
    nobodys = true() if sight.whole_team else rep.is_(None)
    return or_(rep == sight.person, and_(nobodys, theirs))


def active_at(session: Session, levels: Sequence[str]) -> tuple[Person, ...]:
    """Active people of some levels, in the order of their ids."""
    rows = select(PersonRow).where(PersonRow.active.is_(True), PersonRow.level.in_(levels))
    return tuple(read_person(row) for row in session.scalars(rows.order_by(PersonRow.id)))


def delegations_on(session: Session, day: date) -> tuple[Delegation, ...]:
    """Who stands in for whom on a day; the newest first where there are several for one."""
    rows = (
        select(DelegationRow)
        .where(
            DelegationRow.ended.is_(False), DelegationRow.first <= day, DelegationRow.last >= day
        )
        .order_by(DelegationRow.seq.desc())
    )
    return tuple(read_delegation(row) for row in session.scalars(rows))


def read_person(row: PersonRow) -> Person:
    """A person from their row."""
    return Person(row.id, row.name, row.level, row.team, row.customer, row.active, row.admin)


def read_delegation(row: DelegationRow) -> Delegation:
    """A delegation from its row."""
    return Delegation(row.person, row.substitute, row.first, row.last)
