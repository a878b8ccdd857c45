"""Locks: writers of the same scopes queue, in an order in which nobody waits in a circle."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from agent_assist.store.schema import Base, ScopeLock


def lock(session: Session, ids: Iterable[str]) -> None:
    """Wait until nobody else holds any of the ids; they are held until the transaction ends.

    SQLite has one writer at a time already: see `Database.writing`.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    ordered = sorted(ids)
    insert_missing(session, ScopeLock, [{"id": one} for one in ordered])
    rows = select(ScopeLock.id).where(ScopeLock.id.in_(ordered)).order_by(ScopeLock.id)
    session.execute(rows.with_for_update()).all()


def insert_missing(session: Session, table: type[Base], rows: list[Mapping[str, Any]]) -> int:
    """Insert the rows whose keys are not there yet; gives how many were inserted.

    Waits for other transactions that insert the same keys, and goes by what became of them.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if sqlite else postgres_insert
    missing = insert(table).values(rows).on_conflict_do_nothing()
    # Counted from what comes back, for drivers need not know how many rows were inserted.
    return len(session.execute(missing.returning(*inspect(table).primary_key)).all())
