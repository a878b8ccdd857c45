"""Reading what waits: the oldest requests, who asks, and what was decided in like cases.

So many statements, however many requests there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from agent_assist.core.approvals import Approval, ApprovalState
from agent_assist.core.people import Person, Sight
from agent_assist.core.vocabulary import Unit
from agent_assist.core.waiting import Kind, Ruled
from agent_assist.store.approvals.records import read_approval
from agent_assist.store.people import in_sight, read_person
from agent_assist.store.schema import ApprovalEnd, ApprovalRow, PersonRow

_DECIDED = (ApprovalState.APPROVED.value, ApprovalState.REFUSED.value)
_AT_ONCE = 100  # kinds; SQLite nests no deeper than 1,000


def oldest_waiting(
    session: Session,
    at: datetime,
    *,
    team: str | None,
    sight: Sight,
    limit: int,
    after: int | None,
) -> tuple[Approval, ...]:
    """Requests in sight that nobody has decided on and that have not expired, oldest first."""
    rows = (
        select(ApprovalRow)
        .outerjoin(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
        .where(ApprovalEnd.approval_id.is_(None), ApprovalRow.expires_at > at)
        .where(in_sight(sight, ApprovalRow.rep, ApprovalRow.team))
        .order_by(ApprovalRow.seq)
        .limit(limit)
    )
    if team is not None:
        rows = rows.where(ApprovalRow.team == team)
    if after is not None:
        rows = rows.where(ApprovalRow.seq > after)
    return tuple(read_approval(row, None) for row in session.scalars(rows))


def people_by_id(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """Those who are known under some ids, active or not."""
    rows = select(PersonRow).where(PersonRow.id.in_(sorted(set(ids))))
    return {row.id: read_person(row) for row in session.scalars(rows)}


def ruled_since(
    session: Session, kinds: Iterable[Kind], since: datetime
) -> Mapping[Kind, Sequence[Ruled]]:
    """What was decided on cases of some kinds after an instant; what went the same way is one."""
    found: dict[Kind, list[Ruled]] = {kind: [] for kind in kinds}
    wanted = list(found)
    kind = (
        ApprovalRow.issue,
        ApprovalRow.remedy,
        ApprovalRow.rep_level,
        ApprovalRow.unit,
        ApprovalRow.currency,
    )
    rows = (
        select(*kind, ApprovalRow.amount, ApprovalEnd.amount, func.count())
        .join(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
        .where(ApprovalEnd.at > since, ApprovalEnd.state.in_(_DECIDED))
        .group_by(*kind, ApprovalRow.amount, ApprovalEnd.amount)
    )
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        of_some = or_(
            *(
                and_(*(column == value for column, value in zip(kind, one, strict=True)))
                for one in some
            )
        )
        for *named, asked, given, times in session.execute(rows.where(of_some)):
            issue, remedy, level, unit, currency = named
            key = Kind(issue, remedy, level, Unit(unit), currency)
            found[key].append(Ruled(asked, given, times))
    return found
