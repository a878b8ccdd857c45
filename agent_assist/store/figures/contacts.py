"""Contacts: those of one day as they stand, with what became of them, counted by their kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from agent_assist.core.measures import Counted, Said, Seen, count
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.days import repeated
from agent_assist.store.figures.days import Basis, Rows, Span
from agent_assist.store.schema import (
    ApprovalRow,
    ContactFigure,
    ContactRow,
    OutcomeRow,
    PolicyFigure,
)


class _Ended(NamedTuple):
    resolved: bool
    cause: str | None
    said: frozenset[Said]


def count_contacts(session: Session, basis: Basis, day: date) -> Rows:
    """The figures of the contacts that were opened on a day."""
    counted = _counted(session, basis.span(day, day), basis.vocabulary)
    contacts = [{**kind._asdict(), **asdict(tally)} for kind, tally in counted.contacts.items()]
    policies = [
        {**kind._asdict(), **said._asdict(), **asdict(tally)}
        for (kind, said), tally in counted.policies.items()
    ]
    return {ContactFigure: contacts, PolicyFigure: policies}


def _counted(session: Session, span: Span, vocabulary: Vocabulary) -> Counted:
    opened = and_(ContactRow.opened_at >= span.begin, ContactRow.opened_at < span.end)
    ended = _endings(session, opened)
    back = repeated(session, opened, vocabulary.repeat_window, until=span.end + span.longest)
    escalated = _escalated(session, opened)
    rows = select(
        ContactRow.external_id,
        ContactRow.team,
        ContactRow.channel,
        ContactRow.issues,
        ContactRow.customer,
    ).where(opened)
    return count(
        _seen(tuple(row), ended, vocabulary, repeated=row[0] in back, escalated=row[0] in escalated)
        for row in session.execute(rows)
    )


def _seen(
    row: tuple[Any, ...],
    ended: Mapping[str, _Ended],
    vocabulary: Vocabulary,
    *,
    repeated: bool,
    escalated: bool,
) -> Seen:
    contact, team, channel, issues, customer = row
    ending = ended.get(contact)
    return Seen(
        team=team,
        channel=channel,
        issues=tuple(issues),
        resolved=None if ending is None else ending.resolved,
        cause=None if ending is None else ending.cause or _assumed(issues, vocabulary),
        said=frozenset() if ending is None else ending.said,
        named=customer is not None,
        repeated=repeated,
        escalated=escalated,
    )


def _assumed(issues: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The cause that the library names for what a contact is about first."""
    named = vocabulary.issues.get(issues[0]) if issues else None
    return None if named is None else named.cause.value


def _endings(session: Session, opened: ColumnElement[bool]) -> dict[str, _Ended]:
    rows = select(OutcomeRow.contact, OutcomeRow.resolved, OutcomeRow.cause, OutcomeRow.said)
    rows = rows.join(ContactRow, ContactRow.external_id == OutcomeRow.contact).where(opened)
    # The newest of a contact comes last, and stays.
    rows = rows.order_by(OutcomeRow.contact, OutcomeRow.number)
    return {
        contact: _Ended(
            resolved, cause, frozenset(Said(one["policy"], one["version"]) for one in said)
        )
        for contact, resolved, cause, said in session.execute(rows)
    }


def _escalated(session: Session, opened: ColumnElement[bool]) -> set[str]:
    """Contacts in which somebody was asked for an approval."""
    rows = select(ApprovalRow.contact).distinct()
    rows = rows.join(ContactRow, ContactRow.external_id == ApprovalRow.contact).where(opened)
    return {contact for contact in session.scalars(rows) if contact is not None}
