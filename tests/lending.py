"""A PostgreSQL database that tests use one after the other: making one takes longer than most."""

from collections.abc import Callable

from sqlalchemy import Connection, NullPool, create_engine, text

# What a test may have changed of a database beside its rows.
_SHAPE = text("""
    SELECT md5(string_agg(said, E'\\n' ORDER BY said)) FROM (
        SELECT format('%s %s %s %s', relname, attname, atttypid, attnotnull) AS said
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting
    ) AS shape
""")
_OTHERS = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
""")
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
_SEQUENCES = text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
_KEPT = "alembic_version"
_VERSION = text(f"SELECT version_num FROM {_KEPT}")
_RESTORE = text(f"UPDATE {_KEPT} SET version_num = :version")


class LentDatabase:
    """Lends a migrated database; nothing that a test did to it reaches the next.

    Args:
        url: of an empty database.
        migrate: brings the database at a URL to the newest migration.
    """

    def __init__(self, url: str, migrate: Callable[[str], None]) -> None:
        self._url = url
        self._migrate = migrate
        migrate(url)
        self._engine = create_engine(url, poolclass=NullPool)
        with self._engine.connect() as connection:
            self._shape = connection.scalar(_SHAPE)
            self._version = connection.scalar(_VERSION)

    def emptied(self) -> str:
        """Its URL, with nothing in it and nobody connected."""
        with self._engine.begin() as connection:
            connection.execute(_OTHERS)
            if connection.scalar(_SHAPE) == self._shape:
                _empty(connection)
                connection.execute(_RESTORE, {"version": self._version})
                return self._url
            _raze(connection)
        self._migrate(self._url)
        return self._url


def _empty(connection: Connection) -> None:
    connection.execute(text("SET LOCAL synchronous_commit = off"))
    connection.execute(text("SET session_replication_role = replica"))  # no trigger, no foreign key
    for table in connection.scalars(_TABLES).all():
        if table != _KEPT:
            connection.execute(text(f'DELETE FROM "{table}"'))
    for sequence in connection.scalars(_SEQUENCES).all():
        connection.execute(text(f'ALTER SEQUENCE "{sequence}" RESTART'))


def _raze(connection: Connection) -> None:
    connection.execute(text("DROP SCHEMA public CASCADE"))
    connection.execute(text("CREATE SCHEMA public"))
    name = connection.scalar(text("SELECT current_database()"))
    connection.execute(text(f'ALTER DATABASE "{name}" RESET ALL'))
