"""People and who stands in for them. Every change is an act in the audit."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.people import Delegation, Person
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.locks import lock
from agent_assist.store.schema import DelegationRow, PersonRow

# Every grant waits for the organisation's lock, so that none is decided by a level of before.
_LOCK = f"{Scope.ORGANISATION}:"
# Columns rather than entities, and made once: every grant asks for a person, once more under its
# locks, and an identity map would answer from before these were waited for.
_ONE = select(
    PersonRow.id,
    PersonRow.name,
    PersonRow.level,
    PersonRow.team,
    PersonRow.customer,
    PersonRow.active,
).where(PersonRow.id == bindparam("id"))


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
        """Change a person to what `edit` makes of them; NotFound if there is none."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = session.get(PersonRow, person_id)
            if row is None:
                raise NotFound("person", person_id[:80])
            person = edit(read_person(row))
            row.name, row.level, row.team = person.name, person.level, person.team
            row.customer, row.active = person.customer, person.active
            self._note(session, "person.change", person, by)
            return person

    def find(self, person_id: str) -> Person | None:
        """Who is known under an id, active or not."""
        with self._database.looking_up() as reads:
            return find_person(reads, person_id)

    def page(self, *, limit: int, after: str | None) -> tuple[Person, ...]:
        """People in the order of their ids, from the first after `after`."""
        rows = select(PersonRow).order_by(PersonRow.id).limit(limit)
        if after is not None:
            rows = rows.where(PersonRow.id > after)
        with self._database.reading() as session:
            return tuple(read_person(row) for row in session.scalars(rows))

    @again_if_aborted
    def delegate(self, delegation: Delegation, by: str) -> None:
        """Let somebody stand in for a person; NotFound if either is not known."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
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

    @again_if_aborted
    def end_delegations(self, person_id: str, by: str) -> int:
        """Nobody stands in for a person any more; gives how many delegations that ended."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            theirs = (DelegationRow.person == person_id, DelegationRow.ended.is_(False))
            rows = session.scalars(select(DelegationRow.seq).where(*theirs)).all()
            if rows:
                session.execute(update(DelegationRow).where(*theirs).values(ended=True))
                act = audit.Act(by, "person.undelegate", person_id, {"ended": list(rows)})
                audit.append(session, act, audit.present(session, self._clock))
            return len(rows)

    def delegations(self, day: date) -> tuple[Delegation, ...]:
        """Who stands in for whom on a day."""
        with self._database.reading() as session:
            return delegations_on(session, day)

    def _note(self, session: Session, act: str, person: Person, by: str) -> None:
        # Neither name nor customer: an audit holds what decides, and nothing else of a person.
        content = {"level": person.level, "team": person.team, "active": person.active}
        at = audit.present(session, self._clock)
        audit.append(session, audit.Act(by, act, person.id, content), at)


def find_person(reads: Reads, person_id: str) -> Person | None:
    """Who is known under an id, as it stands in this transaction."""
    row = reads.execute(_ONE, {"id": person_id}).one_or_none()
    return None if row is None else Person(*row)


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
    return tuple(
        Delegation(row.person, row.substitute, row.first, row.last) for row in session.scalars(rows)
    )


def read_person(row: PersonRow) -> Person:
    """A person from their row."""
    return Person(row.id, row.name, row.level, row.team, row.customer, row.active)
