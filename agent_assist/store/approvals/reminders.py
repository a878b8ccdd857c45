"""Which requests that wait were told of, and through which channel."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from agent_assist.core.approvals import Shown
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.again import again_if_aborted
from agent_assist.store.approvals.reading import shown
from agent_assist.store.approvals.records import read_approval
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalEnd, ApprovalRow, ReminderRow

_MOST = 200


class ReminderStore:
    """Reads what is to be told of, and remembers what was."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def untold(
        self, channel: str, after: timedelta, vocabulary: Vocabulary
    ) -> tuple[datetime, tuple[Shown, ...]]:
        """Now, and the oldest requests that have waited so long without a word through a channel.

        What ended or expired meanwhile is told of no more.
        """
        with self._database.reading() as session:
            at = self._clock(session)
            told = select(ReminderRow.approval_id).where(
                ReminderRow.approval_id == ApprovalRow.id, ReminderRow.channel == channel
            )
            rows = (
                select(ApprovalRow)
                .outerjoin(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
                .where(
                    ApprovalEnd.approval_id.is_(None),
                    ApprovalRow.expires_at > at,
                    ApprovalRow.at <= at - after,
                    ~told.exists(),
                )
                .order_by(ApprovalRow.seq)
                .limit(_MOST)
            )
            found = tuple(read_approval(row, None) for row in session.scalars(rows))
            return at, shown(session, found, at, vocabulary)

    @again_if_aborted
    def told(self, channel: str, approvals: Iterable[str]) -> None:
        """Remember that requests were told of."""
        with self._database.writing() as session:
            at = self._clock(session)
            for approval_id in approvals:
                session.merge(ReminderRow(approval_id=approval_id, channel=channel, at=at))
