"""Locks: writers of the same scopes queue, in an order in which nobody waits in a circle."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

# Inserts the ids that are not there yet and locks those that are, one after the other, in one
# statement: PostgreSQL locks a row that is in the way before it looks at WHERE.
_LOCK = text(
    "INSERT INTO scope_locks (id) SELECT unnest(CAST(:ids AS varchar[])) "
    "ON CONFLICT (id) DO UPDATE SET id = excluded.id WHERE false"
)


def lock(session: Session, ids: Iterable[str]) -> None:
    """Wait until nobody else holds any of the ids; they are held until the transaction ends.

    SQLite has one writer at a time already: see `Database.writing`.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.execute(_LOCK, {"ids": sorted(set(ids))})
