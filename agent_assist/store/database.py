"""Connections and transactions: short, explicit, and the same promises on both databases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from agent_assist.core.errors import AgentAssistError, SetupRefused

_WRITES = "agent_assist_writes"
_BUSY_MS = 5_000


class StoreUnavailable(AgentAssistError):
    """The database did not answer, is full or is read-only. Nothing was written."""

    code = "store_unavailable"


class Database:
    """Gives sessions in transactions.

    `session` is a factory such as Flask-SQLAlchemy's scoped session: calling it gives the
    session of the request or command that runs.
    """

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        with _named_errors(), _closing(self._session()) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all."""
        with _named_errors(), _closing(self._session()) as session:
            session.connection(execution_options={_WRITES: True})
            yield session
            session.commit()


def configure(engine: Engine) -> None:
    """Make an engine keep the store's promises; call once, before its first connection.

    SQLite: WAL, foreign keys on, every commit on disk before it is acknowledged, and writers
    that queue (BEGIN IMMEDIATE) rather than fail halfway. PostgreSQL: READ COMMITTED, stated.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name != "postgresql":
        raise SetupRefused(f"the database must be SQLite or PostgreSQL, not {engine.dialect.name}")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late and in the wrong mode; ours are explicit.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _closing(session: Session) -> Iterator[Session]:
    try:
        yield session
    finally:
        session.close()


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # The driver's message may hold values; the class says enough to a person.
        raise StoreUnavailable(
            f"the database refused ({type(error).__name__}); see its log and free space"
        ) from error
