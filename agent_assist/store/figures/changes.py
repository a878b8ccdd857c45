"""Changes: which days' figures no longer say what the records do.

Every writer of what figures rest on leaves a note, in its own transaction. A note is a row of its
own: who counts deletes those that he saw, and one that is written meanwhile stays.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.contact import Contact
from agent_assist.core.vocabulary import MOST_REPEAT_DAYS
from agent_assist.store.locks import lock
from agent_assist.store.schema import ContactRow, FigureChange

CONTACTS = "contacts"
SUGGESTIONS = "suggestions"

_QUARTER = timedelta(minutes=15)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_DAY = timedelta(days=1)
_REACH = _DAY * MOST_REPEAT_DAYS


class Note(NamedTuple):
    """That figures of the day of an instant have changed; `reach` as in `FigureChange`."""

    at: datetime
    reach: int = 0


def note(session: Session, part: str, notes: Iterable[Note]) -> None:
    """Leave notes, in the caller's transaction."""
    kept = rounded(notes)
    if kept:
        rows = [{"part": part, "at": one.at, "reach": one.reach} for one in sorted(kept)]
        session.execute(insert(FigureChange), rows)


def rounded(notes: Iterable[Note]) -> set[Note]:
    """Notes of quarters of an hour: wherever a day begins, it begins with one."""
    return {Note(_quarter(one.at), one.reach) for one in notes}


def note_outcomes(session: Session, opened: Iterable[datetime]) -> None:
    """Note contacts that have another outcome, by when they were opened."""
    notes = [Note(at) for at in opened]
    note(session, CONTACTS, notes)
    note(session, SUGGESTIONS, notes)


def note_contacts(session: Session, pairs: Sequence[tuple[Contact | None, Contact]]) -> None:
    """Note contacts that were described anew, each beside its earlier description.

    Changed are the days on which they were opened, and those of earlier contacts of the same
    customers, which they may repeat by now, or not any more. Call it while they are locked, and
    before they are written.
    """
    changed = [(old, new) for old, new in pairs if old is None or _told(old) != _told(new)]
    moved = [(old, new) for old, new in changed if old is None or _place(old) != _place(new)]
    later = [one for pair in moved for one in pair if one is not None and one.customer is not None]
    notes = {Note(one.opened_at) for pair in changed for one in pair if one is not None}
    note(session, SUGGESTIONS, notes)
    note(session, CONTACTS, notes | set(_earlier(session, later)))


def _earlier(session: Session, later: Sequence[Contact]) -> Iterable[Note]:
    """Notes of contacts that some later ones may repeat."""
    if not later:
        return
    customers = sorted({one.customer for one in later if one.customer is not None})
    # Whoever writes of the same customer at this moment would not be seen, nor see this.
    lock(session, [f"{Scope.CUSTOMER}:{one}" for one in customers])
    opened = [one.opened_at for one in later]
    rows = select(ContactRow.customer, ContactRow.opened_at, ContactRow.issues).where(
        ContactRow.customer.in_(customers),
        ContactRow.opened_at >= min(opened) - _REACH,
        ContactRow.opened_at < max(opened),
    )
    known: dict[str, list[tuple[datetime, list[str]]]] = {}
    for customer, at, issues in session.execute(rows):
        known.setdefault(customer or "", []).append((at, issues))
    for one in later:
        for at, issues in known.get(one.customer or "", ()):
            apart = one.opened_at - at
            if timedelta() < apart <= _REACH and not set(issues).isdisjoint(one.issues):
                yield Note(at, apart // _DAY)


def _told(contact: Contact) -> object:
    """What figures rest on."""
    return (*_place(contact), contact.team, contact.channel, contact.rep)


def _place(contact: Contact) -> tuple[object, ...]:
    """What repeats rest on."""
    return contact.customer, contact.opened_at, contact.issues


def _quarter(at: datetime) -> datetime:
    return at - (at - _EPOCH) % _QUARTER
