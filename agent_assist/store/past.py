"""Contacts of the past, kept many at a time, and once however often they are brought in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from agent_assist.core.outcomes import Outcome
from agent_assist.core.past import Kept, PastContact
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.contacts import (
    contact_lock,
    contact_of,
    contact_row,
    outcome_of,
    outcome_row,
)
from agent_assist.store.database import Database, plan_anew
from agent_assist.store.figures.changes import note_contacts, note_outcomes
from agent_assist.store.locks import lock
from agent_assist.store.schema import ContactRow, OutcomeRow


class PastStore:
    """Keeps contacts of the past.

    Args:
        database: where contacts are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def keep(self, contacts: Sequence[PastContact], by: str) -> Kept:
        """Keep contacts as they are described, in place of earlier descriptions, in one go.

        An outcome is added unless one that is as new or newer is there.

        Args:
            contacts: each id once.
            by: who is named as having recorded the outcomes.
        """
        ids = [one.contact.external_id for one in contacts]
        with self._database.writing() as session:
            plan_anew(session)
            lock(session, map(contact_lock, ids))
            kept = _describe(session, contacts, ids)
            return kept + Kept(endings=_end(session, contacts, ids, by))

    @again_if_aborted
    def note(self, by: str, content: Mapping[str, Any]) -> None:
        """Let the audit remember that a file was brought in, and what was made of it."""
        with self._database.writing() as session:
            act = audit.Act(by, "contacts.import", "", content)
            audit.append(session, act, audit.present(session, self._clock))


def _describe(session: Session, contacts: Sequence[PastContact], ids: Sequence[str]) -> Kept:
    known = {
        row.external_id: row
        for row in session.scalars(select(ContactRow).where(ContactRow.external_id.in_(ids)))
    }
    new, changed = [], 0
    described_by = [(known.get(one.contact.external_id), one.contact) for one in contacts]
    note_contacts(
        session, [(None if row is None else contact_of(row), one) for row, one in described_by]
    )
    for one in contacts:
        described = contact_row(one.contact)
        row = known.get(one.contact.external_id)
        if row is None:
            new.append(_columns(described))
        elif _columns(row) != _columns(described):
            session.merge(described)
            changed += 1
    session.flush()
    if new:
        session.execute(insert(ContactRow), new)
    return Kept(len(new), changed, len(contacts) - len(new) - changed)


def _end(session: Session, contacts: Sequence[PastContact], ids: Sequence[str], by: str) -> int:
    newest: dict[str, Outcome] = {}
    rows = select(OutcomeRow).where(OutcomeRow.contact.in_(ids)).order_by(OutcomeRow.number)
    for row in session.scalars(rows):
        newest[row.contact] = outcome_of(row)
    added, opened = [], []
    for one in contacts:
        contact, ended = one.contact.external_id, one.ended
        last = newest.get(contact)
        if ended is not None and (last is None or last.at < ended.at):
            number = 1 if last is None else last.number + 1
            outcome = Outcome(contact, number, ended.at, by, ended.ending)
            added.append(_columns(outcome_row(outcome)))
            opened.append(one.contact.opened_at)
    note_outcomes(session, opened)
    if added:
        session.execute(insert(OutcomeRow), added)
    return len(added)


def _columns(row: ContactRow | OutcomeRow) -> dict[str, Any]:
    """All that is described; transfers are counted where contacts are worked on."""
    described = (column.key for column in row.__table__.columns if column.key != "transfers")
    return {key: getattr(row, key) for key in described}
