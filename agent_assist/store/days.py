"""One day of an organisation or a team: its contacts, what was given, and who waits."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.money import Money
from agent_assist.core.repeats import Window, is_repeat, settles_at
from agent_assist.core.vocabulary import Cause, Unit
from agent_assist.store.database import Database
from agent_assist.store.events import TYPES
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalRow,
    AuditEntry,
    ContactRow,
    GrantEntry,
    GrantRow,
    OutcomeRow,
)

MOST = 50_000
"""How many contacts of a day are looked at, at most: the newest."""

_TOLD = {act: kind for act, kind in TYPES.items() if not kind.startswith(("grant.", "approval."))}


@dataclass(frozen=True, slots=True)
class DayContact:
    """A contact as a day's figures see it.

    Attributes:
        resolved, cause: as the newest outcome says; None while there is none, or it does not say.
        came_back: whether it was repeated; see `core.repeats`.
        settles_at: until when it still may be.
    """

    external_id: str
    opened_at: datetime
    channel: str | None
    customer: str | None
    rep: str | None
    team: str | None
    issues: tuple[str, ...]
    resolved: bool | None
    cause: Cause | None
    came_back: bool
    settles_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What was given of one unit, as far as it was not taken back.

    Attributes:
        money: the sum; None for remedies that are not money.
    """

    grants: int
    money: Money | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Requests that wait for a decision; `since` is when the longest waiting one was made."""

    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed what may be given or said; `type` and `by` as in `store.events.Event`.

    Attributes:
        subject: id of what it happened to; of a version its table and number, such as `limits:2`.
    """

    at: datetime
    by: str
    type: str
    subject: str


class DayStore:
    """Reads days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contacts(
        self, since: datetime, until: datetime, team: str | None, window: Window
    ) -> list[DayContact]:
        """The contacts that were opened from `since` until before `until`, the newest first.

        Those of a team, or all for None. `window` tells how long which issue may be repeated.
        """
        opened = _within(ContactRow.opened_at, since, until)
        if team is not None:
            opened = and_(opened, ContactRow.team == team)
        rows = select(ContactRow).where(opened)
        rows = rows.order_by(ContactRow.opened_at.desc(), ContactRow.external_id).limit(MOST)
        with self._database.reading() as session:
            found = session.scalars(rows).all()
            ended = newest_outcomes(session, opened)
            back = repeated(session, opened, window)
        return [_contact(row, ended.get(row.external_id), back, window) for row in found]

    def opened_at(self, contact: str) -> datetime | None:
        """When a contact was opened; None if there is none of that id."""
        with self._database.reading() as session:
            return session.scalar(
                select(ContactRow.opened_at).where(ContactRow.external_id == contact)
            )

    def given(self, since: datetime, until: datetime, team: str | None) -> tuple[Given, ...]:
        """What was given in a time: money by currency first, then everything else together."""
        rows = select(GrantRow.unit, GrantRow.currency, left_of_grant())
        rows = rows.where(_within(GrantRow.at, since, until))
        if team is not None:
            rows = rows.where(GrantRow.team == team)
        sums: Counter[str] = Counter()
        numbers: Counter[str] = Counter()
        with self._database.reading() as session:
            for unit, currency, left in session.execute(rows):
                if left > 0:
                    kind = currency if unit == Unit.MONEY else ""
                    sums[kind] += left
                    numbers[kind] += 1
        return tuple(
            Given(numbers[kind], Money(sums[kind], kind) if kind else None)
            for kind in sorted(numbers, reverse=True)
        )

    def queue(self, at: datetime, team: str | None) -> Queue:
        """What waits for a decision at an instant."""
        ended = select(ApprovalEnd.approval_id)
        rows = select(func.count(), func.min(ApprovalRow.at)).where(
            ApprovalRow.expires_at > at, ApprovalRow.id.not_in(ended)
        )
        if team is not None:
            rows = rows.where(ApprovalRow.team == team)
        with self._database.reading() as session:
            waiting, since = session.execute(rows).one()
        return Queue(waiting, since)

    def decided(self, since: datetime, until: datetime, team: str | None) -> dict[str, int]:
        """How many requests ended in a time, by how; see `core.approvals.ApprovalState`."""
        rows = select(ApprovalEnd.state, func.count()).where(_within(ApprovalEnd.at, since, until))
        rows = rows.group_by(ApprovalEnd.state)
        if team is not None:
            rows = rows.join(ApprovalRow, ApprovalRow.id == ApprovalEnd.approval_id)
            rows = rows.where(ApprovalRow.team == team)
        with self._database.reading() as session:
            found = {state: n for state, n in session.execute(rows)}  # noqa: C416  rows are no pairs
        return {state.value: found.get(state.value, 0) for state in ApprovalState}

    def changes(self, since: datetime, until: datetime, most: int) -> tuple[Change, ...]:
        """The newest acts of a time that changed what may be given or said, newest first."""
        entries = select(AuditEntry)
        with self._database.reading() as session:
            first, following = _seq_at(session, since), _seq_at(session, until)
            of_time = and_(AuditEntry.seq >= first, AuditEntry.seq < following)
            newest = (
                entries.where(of_time, AuditEntry.act.in_(_TOLD))
                .order_by(AuditEntry.seq.desc())
                .limit(most)
            )
            return tuple(
                Change(one.at, one.actor, _TOLD[one.act], _subject(one))
                for one in session.scalars(newest)
            )

    def teams(self) -> tuple[str, ...]:
        """Every team that contacts name, in order."""
        with self._database.reading() as session:
            return tuple(sorted(team for team in session.scalars(_TEAMS) if team))


def _each_team() -> Select[Any]:
    """Each team once, from one to the next by the index: there are few, of very many contacts."""
    first = select(func.min(ContactRow.team).label("team")).cte("teams", recursive=True)
    following = (
        select(func.min(ContactRow.team)).where(ContactRow.team > first.c.team).scalar_subquery()
    )
    teams = first.union_all(select(following).where(first.c.team.is_not(None)))
    return select(teams.c.team)


_TEAMS = _each_team()


def left_of_grant() -> ColumnElement[int]:
    """What of a grant was not taken back."""
    released = (
        select(func.coalesce(func.sum(GrantEntry.released), 0))
        .where(GrantEntry.grant_id == GrantRow.id)
        .scalar_subquery()
    )
    return GrantRow.amount - released


def _subject(entry: AuditEntry) -> str:
    """What an act was about: of a draft the version that it made, as an import names it."""
    made = entry.content
    of_draft = entry.act.startswith("draft.")
    return f"{made['table']}:{made['version']}" if of_draft else entry.subject


def _within(column: Any, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _seq_at(session: Session, at: datetime) -> int:
    """The lowest place of the audit whose act is not before an instant."""
    # Acts are in the order of their times, and have no index by them: as in a sorted list.
    low, high = 1, (session.scalar(select(func.max(AuditEntry.seq))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == middle))
        if found is not None and found < at:
            low = middle + 1
        else:
            high = middle
    return low


def newest_outcomes(
    session: Session, opened: ColumnElement[bool]
) -> dict[str, tuple[bool, str | None]]:
    """By contact, of those that meet a condition: resolved or not, and the cause."""
    rows = select(OutcomeRow.contact, OutcomeRow.resolved, OutcomeRow.cause)
    rows = rows.join(ContactRow, ContactRow.external_id == OutcomeRow.contact).where(opened)
    # The newest of a contact comes last, and stays.
    rows = rows.order_by(OutcomeRow.contact, OutcomeRow.number)
    return {contact: (resolved, cause) for contact, resolved, cause in session.execute(rows)}


def repeated(
    session: Session, opened: ColumnElement[bool], window: Window, until: datetime | None = None
) -> set[str]:
    """The contacts that were repeated, of those that meet a condition; none after `until`."""
    later = aliased(ContactRow)
    rows = select(
        ContactRow.external_id,
        ContactRow.opened_at,
        ContactRow.issues,
        later.opened_at,
        later.issues,
    ).where(opened)
    rows = rows.join(
        later,
        and_(later.customer == ContactRow.customer, later.opened_at > ContactRow.opened_at),
    )
    if until is not None:
        rows = rows.where(later.opened_at <= until)
    return {
        contact
        for contact, at, issues, again, issues_again in session.execute(rows)
        if is_repeat(at, issues, again, issues_again, window)
    }


def _contact(
    row: ContactRow, ended: tuple[bool, str | None] | None, back: set[str], window: Window
) -> DayContact:
    resolved, cause = ended or (None, None)
    return DayContact(
        external_id=row.external_id,
        opened_at=row.opened_at,
        channel=row.channel,
        customer=row.customer,
        rep=row.rep,
        team=row.team,
        issues=tuple(row.issues),
        resolved=resolved,
        cause=None if cause is None else Cause(cause),
        came_back=row.external_id in back,
        settles_at=settles_at(row.opened_at, row.issues, window),
    )
