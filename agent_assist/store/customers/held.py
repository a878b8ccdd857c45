"""What is held of a customer, table by table, as anybody has a right to see of themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.store.customers.tracing import Trace, chunks
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalRow,
    Base,
    ContactRow,
    DecisionEntry,
    FeedbackRow,
    GrantEntry,
    GrantRow,
    OutcomeRow,
    PersonRow,
    SuggestionEntry,
)

Held: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows as JSON, by their table."""

_OURS = frozenset({"blind", "case", "key_id", "seq"})
"""Columns that say nothing of anybody."""


def held(session: Session, found: Trace) -> Held:
    """All rows that are a customer's, oldest first."""
    return {
        kind.__tablename__: _rows(session, kind, column, ids)
        for kind, column, ids in (
            (ContactRow, ContactRow.external_id, found.contacts),
            (OutcomeRow, OutcomeRow.contact, found.contacts),
            (GrantRow, GrantRow.id, found.grants),
            (GrantEntry, GrantEntry.grant_id, found.grants),
            (ApprovalRow, ApprovalRow.id, found.approvals),
            (ApprovalEnd, ApprovalEnd.approval_id, found.approvals),
            (SuggestionEntry, SuggestionEntry.id, found.suggestions),
            (FeedbackRow, FeedbackRow.suggestion, found.suggestions),
            (DecisionEntry, DecisionEntry.id, found.decisions),
            (PersonRow, PersonRow.id, found.people),
        )
    }


def _rows(
    session: Session, kind: type[Base], column: Any, ids: frozenset[str]
) -> list[dict[str, Any]]:
    table = Base.metadata.tables[kind.__tablename__]
    order = table.c.get("at", next(iter(table.primary_key)))
    return [
        {name: _plain(value) for name, value in row.items() if name not in _OURS}
        for keys in chunks(ids)
        for row in session.execute(select(table).where(column.in_(keys)).order_by(order)).mappings()
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
