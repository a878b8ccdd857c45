"""Wiping: after an erasure, nothing of it stays in the free parts of the database's files."""

from sqlalchemy import Connection, func, select, update

from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, StoreUnavailable
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalRow,
    ContactRow,
    DecisionEntry,
    ErasureRow,
    GrantEntry,
    GrantRow,
    OnceRow,
    OutcomeRow,
    PersonRow,
    ScopeLock,
    SuggestionEntry,
)

_TOUCHED = (
    ApprovalEnd,
    ApprovalRow,
    ContactRow,
    DecisionEntry,
    GrantEntry,
    GrantRow,
    OnceRow,
    OutcomeRow,
    PersonRow,
    ScopeLock,
    SuggestionEntry,
)
_UNWIPED = ErasureRow.wiped_at.is_(None)


class Wiper:
    """Rewrites what erased rows stood in.

    On SQLite the whole file is written anew, for no page of it is sure to hold nothing old, and
    its log is emptied; who writes meanwhile waits. PostgreSQL frees the old rows of the tables
    that were changed, beside all other work; how long their bytes stay on its disk, and in its
    own log, is up to its operator.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def run(self) -> None:
        """Wipe if anything was erased since it was last done.

        Raises:
            StoreUnavailable: somebody reads what is to be wiped; the next run tries again.
        """
        with self._database.looking_up() as reads:
            due = reads.scalar(select(func.max(ErasureRow.seq)).where(_UNWIPED))
        if due is None:
            return
        with self._database.alone() as connection:
            if connection.dialect.name == "sqlite":
                _rewrite_file(connection)
            else:
                names = ", ".join(one.__tablename__ for one in _TOUCHED)
                connection.exec_driver_sql(f"VACUUM {names}")
        self._note(due)

    @again_if_aborted
    def _note(self, due: int) -> None:
        with self._database.writing() as session:
            done = update(ErasureRow).where(_UNWIPED, ErasureRow.seq <= due)
            session.execute(done.values(wiped_at=self._clock(session)))


def _rewrite_file(connection: Connection) -> None:
    connection.exec_driver_sql("VACUUM")
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise StoreUnavailable("what was erased is still in the log of the database: try again")
