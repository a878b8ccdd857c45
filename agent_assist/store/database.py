"""Connections and transactions: short, explicit, and the same promises on both databases."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session, sessionmaker

from agent_assist.core.errors import AgentAssistError, SetupRefused

_WRITES = "agent_assist_writes"
_DURABLE = "FULL"
_SOON = "NORMAL"
_BUSY_MS = 5_000
_QUEUE_SECONDS = 10
_TRUSTED_SECONDS = 1.0
_PRIMARY = 0xFF  # of SQLite's codes; the rest says more precisely what it was
_REASONS = {
    sqlite3.SQLITE_FULL: "its disk is full; free space there",
    sqlite3.SQLITE_IOERR: "its disk fails or is full; free space there",
    sqlite3.SQLITE_READONLY: "its file may not be written",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
}
_DISK_FULL = "53100"  # PostgreSQL's
_ABORTS = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
_ONE_MOMENT: Any = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_ONE_STATEMENT: Any = {"isolation_level": "AUTOCOMMIT"}
_ALONE = "agent_assist_alone"
_WEAK = "agent_assist_weak"

Reads: TypeAlias = Session | Connection
"""What columns can be read with."""


class StoreUnavailable(AgentAssistError):
    """The database did not answer, is full or is read-only.

    Nothing was written, unless it was lost while it committed: a retry with the same
    `Idempotency-Key` finds what was.
    """

    code = "store_unavailable"


class TransactionAborted(StoreUnavailable):
    """The database undid a whole transaction for the sake of others; see `store.again`."""


class Database:
    """Gives sessions in transactions.

    `session` is a factory such as Flask-SQLAlchemy's scoped session: calling it gives the
    session of the request or command that runs.
    """

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session
        self._engine: Engine | None = None
        self._queue = threading.Lock()

    @property
    def address(self) -> str | None:
        """Where another process finds it, password and all; None where none could.

        That is so of a database in memory, and inside of `at_once`.
        """
        with _closing(self._own()) as session:
            bind = session.get_bind()
        if not isinstance(bind, Engine) or bind.url.database in (None, "", ":memory:"):
            return None
        return bind.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and changes nothing."""
        with named_errors(), _closing(self._own()) as session:
            bind = session.get_bind()
            # A connection is `at_once`, where nobody else grants anything.
            if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
                session.connection(execution_options=_ONE_MOMENT)
            yield session

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """As `reading`, for columns alone: less than half the work, for what every answer reads."""
        with self._connected(_ONE_MOMENT) as connection:
            yield connection

    @contextmanager
    def looking_up(self) -> Iterator[Connection]:
        """As `glancing`, but each statement sees a moment of its own, without a transaction.

        For what every request asks, a row at a time: the database is not told to begin and to end.
        """
        with self._connected(_ONE_STATEMENT, sqlite={_ALONE: True}) as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """As `looking_up`, while no other thread of this process writes to SQLite.

        For statements that no transaction can hold.
        """
        with (
            self._turn(self._bind()),
            self._connected(_ONE_STATEMENT, sqlite={_ALONE: True}) as connection,
        ):
            yield connection

    @contextmanager
    def _connected(self, options: Any, sqlite: Any = None) -> Iterator[Connection]:
        bind = self._bind()
        with named_errors():
            if isinstance(bind, Connection):
                yield bind
                return
            with bind.connect() as connection:
                wanted = options if connection.dialect.name == "postgresql" else sqlite
                if wanted:
                    connection.execution_options(**wanted)
                yield connection

    def _bind(self) -> Engine | Connection:
        """What connects to the database. A session costs more than a lookup, and is passed over."""
        if self._engine is not None:
            return self._engine
        bind = self._session().get_bind()
        if isinstance(bind, Engine):
            self._engine = bind
        return bind

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all."""
        with named_errors(), _closing(self._own()) as session, self._turn(session.get_bind()):
            session.connection(execution_options={_WRITES: _DURABLE})
            yield session
            session.commit()

    @contextmanager
    def logging(self) -> Iterator[Connection]:
        """As `writing`, for rows of logs: the last moments may be lost with the machine's power.

        Saves the wait for the disk. Never for money, keys or versions.
        """
        bind = self._own().get_bind()
        with named_errors():
            if isinstance(bind, Connection):
                yield bind
                return
            with self._turn(bind), bind.connect() as connection:
                connection.execution_options(**{_WRITES: _SOON})
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL synchronous_commit = off"))
                yield connection
                connection.commit()

    def _own(self) -> Session:
        """The session that runs, for a transaction of its own.

        Raises:
            RuntimeError: it is in one already. Whoever ended this one would end that as well, and
                with it what was changed there, without a word.
        """
        session = self._session()
        if session.in_transaction():
            raise RuntimeError("this is within another transaction of the same session")
        return session

    @contextmanager
    def _turn(self, bind: Engine | Connection) -> Iterator[None]:
        """On SQLite: wait here for the other writers of this process.

        SQLite itself lets a writer sleep and try again, so that among many some never get their
        turn. Writers of other processes are waited for in that way still.
        """
        if bind.dialect.name != "sqlite":
            yield
            return
        if not self._queue.acquire(timeout=_QUEUE_SECONDS):
            raise StoreUnavailable("too many are writing at once: ask again")
        try:
            yield
        finally:
            self._queue.release()


def at_address(address: str) -> Database:
    """A database for a process of its own; see `Database.address`."""
    engine = create_engine(address)
    configure(engine)
    return Database(sessionmaker(engine))


def plan_anew(session: Session) -> None:
    """Let every statement of this transaction be planned by its values.

    PostgreSQL goes over to one plan for all values of a statement, and takes hundreds of keys
    within a time for no more than a short time.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


@contextmanager
def at_once(engine: Engine) -> Iterator[Database]:
    """A database whose transactions all become one: it is committed at the end, or not at all.

    For long work that is begun anew after an interruption. Nothing else can write meanwhile on
    SQLite, nor grant anything on PostgreSQL.
    """
    with named_errors(), engine.connect() as connection:
        own = connection.execution_options(**{_WRITES: _DURABLE})
        with own.begin():
            yield Database(lambda: Session(own, join_transaction_mode="create_savepoint"))


def configure(engine: Engine) -> None:
    """Make an engine keep the store's promises; call once, before its first connection.

    SQLite: WAL, foreign keys on, every commit on disk before it is acknowledged, and writers
    that queue (BEGIN IMMEDIATE) rather than fail halfway. PostgreSQL: writers in READ COMMITTED,
    stated, and readers in REPEATABLE READ; SQLite's readers see one moment by themselves.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _restore_sqlite)
    elif engine.dialect.name == "postgresql":
        _ask_after_pauses(engine)
    else:
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
    options = connection.get_execution_options()
    if _ALONE in options:
        return
    synchronous = options.get(_WRITES)
    if synchronous is None:
        connection.exec_driver_sql("BEGIN")
        return
    # Stated for every write, so that no transaction inherits another's promise.
    connection.info[_WEAK] = synchronous != _DURABLE
    connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _restore_sqlite(connection: Any, record: Any) -> None:
    """Forget what a log's transaction promised, or whoever looks next finds the database weak."""
    if record.info.pop(_WEAK, False) and connection is not None:  # None: it was closed
        connection.execute(f"PRAGMA synchronous={_DURABLE}")


def _ask_after_pauses(engine: Engine) -> None:
    """Replace connections that died while nobody used them, before anything is asked of them.

    SQLAlchemy would ask each time, which is a fifth of all that goes to and fro. What dies in use
    is an error in any case, after which all connections of its time are replaced.
    """

    def note(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", 0.0) < _TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


@contextmanager
def _closing(session: Session) -> Iterator[Session]:
    try:
        yield session
    finally:
        session.close()


@contextmanager
def named_errors() -> Iterator[None]:
    """What the driver raises inside, as StoreUnavailable, without what it says of values."""
    try:
        yield
    except DBAPIError as error:
        if _is_abort(error.orig):
            raise TransactionAborted("others write the same at this moment: ask again") from error
        raise StoreUnavailable(f"the database refused: {_why(error)}") from error


def _why(error: DBAPIError) -> str:
    """Why the database refused; never the driver's message, which may hold values."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY
        return _REASONS.get(code, f"{type(error).__name__}; see the free space of its disk")
    if getattr(error.orig, "sqlstate", None) == _DISK_FULL:
        return "its disk is full; free space there"
    return f"{type(error).__name__}; see its log and free space"


def _is_abort(error: BaseException | None) -> bool:
    """True if nothing of the transaction was or will be written, and another try may succeed."""
    if isinstance(error, sqlite3.Error):
        code: int | None = getattr(error, "sqlite_errorcode", None)
        return code is not None and code & _PRIMARY == sqlite3.SQLITE_BUSY
    return getattr(error, "sqlstate", None) in _ABORTS
