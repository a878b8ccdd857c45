"""Retention: what is kept only so long, and is deleted a little at a time once it is older."""

from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, exists, or_, select, true, tuple_

from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import (
    ApprovalRow,
    DecisionEntry,
    GrantRow,
    OnceRow,
    SuggestionEntry,
)

Table: TypeAlias = type[OnceRow] | type[SuggestionEntry] | type[DecisionEntry]

_NAMING = (GrantRow, ApprovalRow)
_AT_ONCE = 500
"""Rows of one transaction: those who write meanwhile wait for no more than these."""
_MOST = 40
"""Transactions of one run and table; what is left then is for the next run."""


class Retention:
    """Deletes what nobody may count on any more.

    Args:
        database: where it is kept.
        clock: the database's; see `store.clock`.
        keys: how long the answer to an `Idempotency-Key` is kept.
        logs: how long suggestions and decisions are; a suggestion that a grant or an approval
            request names is kept with it.
    """

    def __init__(
        self, database: Database, clock: Clock, *, keys: timedelta, logs: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[Table, timedelta] = {
            OnceRow: keys,
            SuggestionEntry: logs,
            DecisionEntry: logs,
        }

    def purge(self) -> None:
        """Delete what is too old, as far as one run goes."""
        for table in self._kept:
            for _ in range(_MOST):
                if self._delete_some(table) < _AT_ONCE:
                    break

    @again_if_aborted
    def _delete_some(self, table: Table) -> int:
        # A power cut may undo it; then it is done again.
        with self._database.logging() as session:
            before = self._clock(session) - self._kept[table]
            key = table.__mapper__.primary_key
            old = select(*key).where(table.at < before, _may_go(table)).limit(_AT_ONCE)
            found = [tuple(row) for row in session.execute(old)]
            session.execute(delete(table).where(tuple_(*key).in_(found)))
            return len(found)


def _may_go(table: Table) -> ColumnElement[bool]:
    if table is OnceRow:
        # One without an answer is in flight, however old it is.
        return OnceRow.status.is_not(None)
    if table is SuggestionEntry:
        naming = (exists().where(one.suggestion == SuggestionEntry.id) for one in _NAMING)
        return ~or_(*naming)
    return true()
