"""Reading requests: one, a page, those of a like case, and who approves for whom."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from agent_assist.core.approvals import Approval, ApprovalState, Pair, Precedents, Shown
from agent_assist.core.deciders import route
from agent_assist.core.errors import NotFound
from agent_assist.core.people import Person, Sight
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.approvals.records import read_approval
from agent_assist.store.people import active_at, delegations_on, in_sight
from agent_assist.store.schema import ApprovalEnd, ApprovalRow, AuditEntry

_LATEST = 5
_DECIDED = (ApprovalState.APPROVED.value, ApprovalState.REFUSED.value)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests to list.

    Attributes:
        decider: only pending ones that this person may decide on; None for all.
        levels: those that this person's level is enough for.
        contact: only what is asked for in this contact; None for all.
        sights: only what representatives ask for whose work all of them cover.
    """

    state: ApprovalState | None = None
    team: str | None = None
    decider: Person | None = None
    levels: Sequence[str] = ()
    contact: str | None = None
    sights: Sequence[Sight] = ()


def find_approval(session: Session, approval_id: str) -> Approval:
    """A request as it stands in this transaction; NotFound if there is none with that id."""
    # Read anew: an identity map would answer from before a lock was waited for.
    row = session.get(ApprovalRow, approval_id, populate_existing=True)
    if row is None:
        raise NotFound("approval request", approval_id[:80])
    end = session.get(ApprovalEnd, approval_id, populate_existing=True)
    return read_approval(row, end)


def check_seen(approval: Approval, sight: Sight) -> None:
    """Refuse who may know nothing of a request as if it were not there (NotFound)."""
    if not sight.covers(approval.parties.rep, approval.parties.team):
        raise NotFound("approval request", approval.id)


def digest_in_audit(session: Session, approval: Approval) -> str | None:
    """The hash that the audit remembers of what was asked for."""
    entry = session.get(AuditEntry, approval.seq)
    if entry is None or entry.subject != approval.id:
        return None
    return str(entry.content.get("digest"))


def newest_of_case(session: Session, case: str | None) -> Approval | None:
    """The newest request of a case; None if there is none."""
    if case is None:
        return None
    found = _approvals(session, _all().where(ApprovalRow.case == case).limit(1))
    return found[0] if found else None


def page_of_approvals(
    session: Session, at: datetime, wanted: Filter, *, limit: int, before: int | None
) -> tuple[Approval, ...]:
    """Requests, newest first, with `seq` below `before`."""
    rows = _all().limit(limit)
    for sight in wanted.sights:
        rows = rows.where(in_sight(sight, ApprovalRow.rep, ApprovalRow.team))
    if before is not None:
        rows = rows.where(ApprovalRow.seq < before)
    if wanted.state is not None:
        rows = rows.where(_is(wanted.state, at))
    if wanted.team is not None:
        rows = rows.where(ApprovalRow.team == wanted.team)
    if wanted.contact is not None:
        rows = rows.where(ApprovalRow.contact == wanted.contact)
    if wanted.decider is not None:
        rows = rows.where(
            _is(ApprovalState.PENDING, at),
            ApprovalRow.rep != wanted.decider.id,
            ApprovalRow.level.in_(wanted.levels),
        )
        if wanted.decider.customer is not None:
            theirs = ApprovalRow.customer == wanted.decider.customer
            rows = rows.where(or_(ApprovalRow.customer.is_(None), ~theirs))
    return _approvals(session, rows)


def overdue(session: Session, at: datetime, *, limit: int) -> tuple[Approval, ...]:
    """Requests that have expired by an instant and nobody has said so yet, oldest first."""
    rows = _all().where(_unended(), ApprovalRow.expires_at <= at)
    return _approvals(session, rows.order_by(None).order_by(ApprovalRow.seq).limit(limit))


def shown(
    session: Session,
    approvals: tuple[Approval, ...],
    at: datetime,
    vocabulary: Vocabulary,
) -> tuple[Shown, ...]:
    """Requests with whom they go to, as far as they are pending."""
    if all(one.state(at) is not ApprovalState.PENDING for one in approvals):
        return tuple(Shown(one, at, None) for one in approvals)
    # Nobody of the lowest level is ever asked.
    people = active_at(session, vocabulary.ladder[1:])
    away = delegations_on(session, vocabulary.day(at))
    return tuple(
        Shown(one, at, route(one, at, people, away, vocabulary.ladder))
        if one.state(at) is ApprovalState.PENDING
        else Shown(one, at, None)
        for one in approvals
    )


def precedents_of(session: Session, approval: Approval) -> Precedents:
    """What was decided before on the same issue and remedy."""
    like = (
        ApprovalRow.issue == approval.issue,
        ApprovalRow.remedy == approval.remedy,
        ApprovalRow.id != approval.id,
        ApprovalEnd.state.in_(_DECIDED),
    )
    lowered = ApprovalEnd.amount < ApprovalRow.amount
    counted = (
        select(ApprovalEnd.state, lowered, func.count())
        .join(ApprovalRow, ApprovalRow.id == ApprovalEnd.approval_id)
        .where(*like)
        .group_by(ApprovalEnd.state, lowered)
    )
    counts: Counter[str] = Counter()
    for state, less, number in session.execute(counted):
        approved = "lowered" if less else "approved"
        counts[approved if state == ApprovalState.APPROVED else "refused"] += number
    latest = _all().where(*like).order_by(None).order_by(ApprovalEnd.seq.desc()).limit(_LATEST)
    return Precedents(
        counts["approved"], counts["lowered"], counts["refused"], _approvals(session, latest)
    )


def pairs(session: Session, sight: Sight) -> tuple[Pair, ...]:
    """People who approve what the other asks for, those who do so most first."""
    counted = (
        select(ApprovalEnd.by, ApprovalRow.rep, func.count())
        .join(ApprovalRow, ApprovalRow.id == ApprovalEnd.approval_id)
        .where(ApprovalEnd.state == ApprovalState.APPROVED.value)
        .where(in_sight(sight, ApprovalRow.rep, ApprovalRow.team))
        .group_by(ApprovalEnd.by, ApprovalRow.rep)
    )
    often = {(by, rep): number for by, rep, number in session.execute(counted)}
    found = [
        Pair(one, other, number, often[other, one])
        for (one, other), number in often.items()
        if one < other and (other, one) in often
    ]
    return tuple(sorted(found, key=lambda pair: (-min(pair[2:]), pair)))


def _all() -> Select[ApprovalRow, ApprovalEnd]:
    return (
        select(ApprovalRow, ApprovalEnd)
        .outerjoin(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
        .order_by(ApprovalRow.seq.desc())
    )


def _approvals(session: Session, rows: Select[ApprovalRow, ApprovalEnd]) -> tuple[Approval, ...]:
    return tuple(read_approval(row, end) for row, end in session.execute(rows))


def _unended() -> ColumnElement[bool]:
    return ApprovalEnd.approval_id.is_(None)


def _is(state: ApprovalState, at: datetime) -> ColumnElement[bool]:
    """A request that has expired may not have been told so yet."""
    if state is ApprovalState.PENDING:
        return and_(_unended(), ApprovalRow.expires_at > at)
    ended = ApprovalEnd.state == state.value
    if state is ApprovalState.EXPIRED:
        return or_(ended, and_(_unended(), ApprovalRow.expires_at <= at))
    return ended
