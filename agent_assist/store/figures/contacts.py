"""Contacts: those of one day as they stand, with what became of them, counted by their kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from agent_assist.core.measures import Said, Seen, count
from agent_assist.core.stake_counts import Told
from agent_assist.core.vocabulary import Cause, Vocabulary
from agent_assist.store.days import repeated
from agent_assist.store.figures.days import Basis, Rows
from agent_assist.store.figures.stakes import OfTeam, given_issues, stake_rows
from agent_assist.store.schema import (
    ApprovalRow,
    ContactFigure,
    ContactRow,
    OutcomeRow,
    PolicyFigure,
    StakeFigure,
)

_DESCRIBED = select(
    ContactRow.external_id,
    ContactRow.team,
    ContactRow.channel,
    ContactRow.issues,
    ContactRow.customer,
    ContactRow.transfers,
)


class _Described(NamedTuple):
    id: str
    team: str | None
    channel: str | None
    issues: Sequence[str]
    customer: str | None
    transfers: int


class _Ended(NamedTuple):
    resolved: bool
    cause: str | None
    said: frozenset[Said]


_NOT_ENDED = None, None, frozenset[Said]()


def count_contacts(session: Session, basis: Basis, day: date) -> Rows:
    """The figures of the contacts that were opened on a day."""
    span, vocabulary = basis.span(day, day), basis.vocabulary
    opened = and_(ContactRow.opened_at >= span.begin, ContactRow.opened_at < span.end)
    ended = _endings(session, opened)
    back = repeated(session, opened, vocabulary.repeat_window, until=span.end + span.longest)
    asked = escalated(session, opened)
    given = given_issues(session, opened)
    found = [_Described(*row) for row in session.execute(_DESCRIBED.where(opened))]
    counted = count(
        _seen(
            one,
            ended.get(one.id),
            vocabulary,
            repeated=one.id in back,
            escalated=one.id in asked,
        )
        for one in found
    )
    told = (
        OfTeam(one.team or "", _told(one, ended.get(one.id), given, came_back=one.id in back))
        for one in found
    )
    return {
        ContactFigure: [
            {**kind._asdict(), **asdict(tally)} for kind, tally in counted.contacts.items()
        ],
        PolicyFigure: [
            {**kind._asdict(), **said._asdict(), **asdict(tally)}
            for (kind, said), tally in counted.policies.items()
        ],
        StakeFigure: stake_rows(told, vocabulary),
    }


def _seen(
    one: _Described,
    ending: _Ended | None,
    vocabulary: Vocabulary,
    *,
    repeated: bool,
    escalated: bool,
) -> Seen:
    return Seen(
        team=one.team,
        channel=one.channel,
        issues=tuple(one.issues),
        resolved=None if ending is None else ending.resolved,
        cause=None if ending is None else ending.cause or assumed_cause(one.issues, vocabulary),
        said=frozenset() if ending is None else ending.said,
        named=one.customer is not None,
        repeated=repeated,
        escalated=escalated,
        transferred=one.transfers > 0,
    )


def _told(
    one: _Described,
    ending: _Ended | None,
    given: Mapping[str, set[str]],
    *,
    came_back: bool,
) -> Told:
    resolved, cause, _ = ending or _NOT_ENDED
    return Told(
        tuple(one.issues),
        resolved,
        came_back,
        None if cause is None else Cause(cause),
        frozenset(given.get(one.id, ())),
    )


def assumed_cause(issues: Sequence[str], vocabulary: Vocabulary) -> str | None:
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


def escalated(session: Session, opened: ColumnElement[bool]) -> set[str]:
    """Contacts in which somebody was asked for an approval, of those that meet a condition."""
    rows = select(ApprovalRow.contact).distinct()
    rows = rows.join(ContactRow, ContactRow.external_id == ApprovalRow.contact).where(opened)
    return {contact for contact in session.scalars(rows) if contact is not None}
