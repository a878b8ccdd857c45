"""Reading grants."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.errors import NotFound
from agent_assist.core.grants import Grant
from agent_assist.core.people import Sight
from agent_assist.store.ledger.records import read_grant
from agent_assist.store.people import in_sight
from agent_assist.store.schema import GrantEntry, GrantRow


def find_grant(session: Session, grant_id: str) -> Grant:
    """A grant as it stands in this transaction; NotFound if there is none with that id."""
    row = session.get(GrantRow, grant_id)
    if row is None:
        raise NotFound("grant", grant_id[:80])
    return with_entries(session, [row])[0]


def page_of_grants(
    session: Session,
    *,
    limit: int,
    before: int | None,
    customer: str | None,
    contact: str | None,
    sight: Sight,
) -> tuple[Grant, ...]:
    """Grants, newest first.

    Args:
        session: of the transaction.
        limit: how many at most.
        before: only those whose `seq` is lower; None for the newest.
        customer: only theirs; None for all.
        contact: only those of this one; None for all.
        sight: only the work that it covers.
    """
    rows = select(GrantRow).where(in_sight(sight, GrantRow.rep, GrantRow.team))
    rows = rows.order_by(GrantRow.seq.desc()).limit(limit)
    if before is not None:
        rows = rows.where(GrantRow.seq < before)
    if customer is not None:
        rows = rows.where(GrantRow.customer == customer)
    if contact is not None:
        rows = rows.where(GrantRow.contact == contact)
    return with_entries(session, session.scalars(rows).all())


def with_entries(session: Session, rows: Sequence[GrantRow]) -> tuple[Grant, ...]:
    """The grants of some rows, with what was done to them."""
    entries = session.scalars(
        select(GrantEntry).where(GrantEntry.grant_id.in_([row.id for row in rows]))
    )
    of_grant: dict[str, list[GrantEntry]] = {}
    for entry in entries:
        of_grant.setdefault(entry.grant_id, []).append(entry)
    return tuple(read_grant(row, of_grant.get(row.id, ())) for row in rows)
