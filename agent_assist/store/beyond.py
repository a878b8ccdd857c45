"""Requests of a time with what became of them, as evidence of the limits that they went beyond."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from agent_assist.core.approvals import Approval
from agent_assist.core.grants import EntryKind
from agent_assist.store.approvals.records import read_approval
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalEnd, ApprovalRow, GrantEntry


class Asked(NamedTuple):
    """A request; `taken_back` if the grant that it became was voided, in part or whole."""

    approval: Approval
    taken_back: bool


class BeyondStore:
    """Reads requests.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def newest(
        self, since: datetime, until: datetime, team: str | None, limit: int
    ) -> tuple[datetime, Sequence[Asked]]:
        """The present, and at most `limit` requests from `since` until before `until`.

        Those that a team's representatives made, or all for None.
        """
        voided = select(GrantEntry.seq).where(
            GrantEntry.grant_id == ApprovalEnd.grant_id, GrantEntry.kind == EntryKind.VOID.value
        )
        rows = (
            select(ApprovalRow, ApprovalEnd, voided.exists())
            .outerjoin(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
            .where(ApprovalRow.at >= since, ApprovalRow.at < until)
            .order_by(ApprovalRow.seq.desc())
            .limit(limit)
        )
        if team is not None:
            rows = rows.where(ApprovalRow.team == team)
        with self._database.reading() as session:
            found = [
                Asked(read_approval(row, end), taken_back)
                for row, end, taken_back in session.execute(rows)
            ]
            return self._clock(session), found
