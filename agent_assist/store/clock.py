"""The database's clock: the one time that windows and expiry are reckoned by."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from agent_assist.store.database import Reads

Clock = Callable[[Reads], datetime]
"""Gives the aware present within a transaction."""


def database_clock(process: Callable[[], datetime]) -> Clock:
    """The clock of the server where there is one; the process's for SQLite, which has no other."""

    def at(reads: Reads) -> datetime:
        bind = reads if isinstance(reads, Connection) else reads.get_bind()
        if bind.dialect.name == "sqlite":
            return process()
        # `now()` is when the transaction began, which is before it waited for its locks.
        present: datetime = reads.scalars(select(func.clock_timestamp())).one()
        return present.astimezone(UTC)

    return at
