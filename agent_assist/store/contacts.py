"""Contacts as the CRM last described them, and their outcomes, which are only ever added to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.contact import Contact
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.outcomes import Ending, Outcome, PolicySaid
from agent_assist.core.people import EVERYTHING, OtherTeam, Sight
from agent_assist.core.vocabulary import Cause
from agent_assist.core.wordings import Wording
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.figures.changes import note_contacts, note_outcomes
from agent_assist.store.locks import lock
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.schema import ContactRow, GrantRow, OutcomeRow, PolicyVersion

Answer = Callable[[Outcome], bytes]
"""Writes the answer about an outcome."""

CREATED = 201


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A contact and its outcomes, oldest first."""

    contact: Contact
    outcomes: tuple[Outcome, ...]


class ContactStore:
    """Keeps contacts and outcomes.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def put(self, contact: Contact, sight: Sight = EVERYTHING) -> ContactRecord:
        """Keep a contact as it is described now, in place of any earlier description.

        Raises:
            OtherTeam: it is another team's, and out of sight: within a team it changes hands.
        """
        with self._database.writing() as session:
            lock(session, [contact_lock(contact.external_id)])
            known = session.get(ContactRow, contact.external_id)
            if known is not None and not sight.takes_over(known.rep, known.team):
                raise OtherTeam
            note_contacts(session, [(None if known is None else contact_of(known), contact)])
            row = contact_row(contact)
            if known is not None and _changes_hands(known, contact):
                row.transfers = known.transfers + 1
            session.merge(row)
            session.flush()
            return ContactRecord(contact, _outcomes(session, contact.external_id))

    def find(self, external_id: str, sight: Sight = EVERYTHING) -> ContactRecord:
        """A contact with its outcomes; NotFound if none with that id is in sight."""
        with self._database.reading() as session:
            return _find(session, external_id, sight)

    def known(self, external_id: str, sight: Sight = EVERYTHING) -> ContactRecord | None:
        """A contact with its outcomes; None if none with that id is in sight."""
        with self._database.reading() as session:
            return _known(session, external_id, sight)

    @again_if_aborted
    def end(
        self,
        external_id: str,
        ending: Ending,
        by: str,
        once: Once,
        answer: Answer,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """Add an outcome to a contact, once.

        Raises:
            NotFound: there is no such contact in sight.
            InvalidInput: a policy's version or a grant is unknown, or the grant is another
                contact's.
            KeyReused, KeyInFlight: see `store.once`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock(session, [contact_lock(external_id)])
            before = _find(session, external_id, sight)
            _check(session, external_id, ending)
            at = self._clock(session)
            outcome = Outcome(external_id, len(before.outcomes) + 1, at, by, ending)
            session.add(outcome_row(outcome))
            note_outcomes(session, [before.contact.opened_at])
            return fulfil(session, once, CREATED, answer(outcome), external_id)


def _changes_hands(known: ContactRow, contact: Contact) -> bool:
    return None not in (known.rep, contact.rep) and known.rep != contact.rep


def contact_lock(external_id: str) -> str:
    """What writers of a contact wait for."""
    return f"contact:{external_id}"


def _find(session: Session, external_id: str, sight: Sight) -> ContactRecord:
    found = _known(session, external_id, sight)
    if found is None:
        raise NotFound("contact", external_id[:80])
    return found


def _known(session: Session, external_id: str, sight: Sight) -> ContactRecord | None:
    row = session.get(ContactRow, external_id)
    if row is None or not sight.covers(row.rep, row.team):
        return None
    return ContactRecord(contact_of(row), _outcomes(session, external_id))


def _outcomes(session: Session, external_id: str) -> tuple[Outcome, ...]:
    rows = select(OutcomeRow).where(OutcomeRow.contact == external_id).order_by(OutcomeRow.number)
    return tuple(outcome_of(one) for one in session.scalars(rows))


def _check(session: Session, external_id: str, ending: Ending) -> None:
    problems = []
    for number, said in enumerate(ending.said):
        known = select(PolicyVersion.policy_id).where(
            PolicyVersion.policy_id == said.policy, PolicyVersion.version == said.version
        )
        if session.execute(known).first() is None:
            detail = "is not a version of a policy; a suggestion names both"
            problems.append(FieldProblem(f"/said/{number}", "unknown_policy_version", detail))
    for number, grant_id in enumerate(ending.given):
        grant = session.get(GrantRow, grant_id)
        if grant is None:
            detail = "is not the id of a grant"
            problems.append(FieldProblem(f"/given/{number}", "unknown_grant", detail))
        elif grant.contact != external_id:
            detail = "is a grant that was not given in this contact"
            problems.append(FieldProblem(f"/given/{number}", "other_contact", detail))
    if problems:
        raise InvalidInput(problems)


def contact_row(contact: Contact) -> ContactRow:
    """A contact as it is kept."""
    return ContactRow(
        external_id=contact.external_id,
        opened_at=contact.opened_at,
        closed_at=contact.closed_at,
        channel=contact.channel,
        locale=contact.locale,
        customer=contact.customer,
        rep=contact.rep,
        team=contact.team,
        issues=list(contact.issues),
    )


def contact_of(row: ContactRow) -> Contact:
    """A contact from what was kept."""
    return Contact(
        external_id=row.external_id,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        channel=row.channel,
        locale=row.locale,
        customer=row.customer,
        rep=row.rep,
        team=row.team,
        issues=tuple(row.issues),
    )


def outcome_row(outcome: Outcome) -> OutcomeRow:
    """An outcome as it is kept."""
    ending = outcome.ending
    said: list[dict[str, Any]] = [
        {"policy": one.policy, "version": one.version}
        | ({} if one.wording is None else {"wording": one.wording.value})
        for one in ending.said
    ]
    return OutcomeRow(
        contact=outcome.contact,
        number=outcome.number,
        at=outcome.at,
        by=outcome.by,
        resolved=ending.resolved,
        cause=ending.cause,
        said=said,
        given=list(ending.given),
        note=ending.note,
    )


def _said(found: Mapping[str, Any]) -> PolicySaid:
    wording = Wording(found["wording"]) if "wording" in found else None
    return PolicySaid(found["policy"], found["version"], wording)


def outcome_of(row: OutcomeRow) -> Outcome:
    """An outcome from what was kept."""
    ending = Ending(
        resolved=row.resolved,
        cause=None if row.cause is None else Cause(row.cause),
        said=tuple(_said(one) for one in row.said),
        given=tuple(row.given),
        note=row.note,
    )
    return Outcome(row.contact, row.number, row.at, row.by, ending)
