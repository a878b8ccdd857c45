"""What a commit promises: on disk for everything that matters, soon for logs; and connections."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, QueuePool, text
from sqlalchemy.orm import scoped_session, sessionmaker

from agent_assist.app.database import bare_app, db
from agent_assist.settings import read_settings
from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database, StoreUnavailable


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(sessionmaker(engine))


def promise(database: Database, kind: str) -> str:
    with getattr(database, kind)() as session:
        bind = session if isinstance(session, Connection) else session.get_bind()
        if bind.dialect.name == "sqlite":
            level = session.execute(text("PRAGMA synchronous")).scalar_one()
            return {1: "soon", 2: "on disk"}[level]
        setting = session.execute(text("SHOW synchronous_commit")).scalar_one()
        return {"off": "soon", "on": "on disk"}[setting]


def test_a_write_is_on_disk_before_it_is_acknowledged_also_after_a_log_entry(
    database: Database,
) -> None:
    kinds = ("writing", "logging", "writing", "logging", "writing")

    promises = [promise(database, kind) for kind in kinds]

    assert promises == ["on disk", "soon", "on disk", "soon", "on disk"]


def test_a_failed_write_leaves_nothing_and_names_no_value(database: Database) -> None:
    with pytest.raises(StoreUnavailable) as refused, database.writing() as session:
        session.execute(text("INSERT INTO scratch VALUES ('secret')"))

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("kind", ["reading", "writing", "logging"])
def test_no_transaction_is_begun_within_another_of_the_same_session(
    engine: Engine, kind: str
) -> None:
    database = Database(scoped_session(sessionmaker(engine)))

    with database.writing() as outer:
        outer.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="within another"), getattr(database, kind)():
            pass
        assert outer.in_transaction()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_the_time_is_the_servers_whatever_the_clock_of_a_process_says(database: Database) -> None:
    wrong = datetime(2000, 1, 1, tzinfo=UTC)
    clock = database_clock(lambda: wrong)

    with database.writing() as session:
        first = clock(session)
        session.execute(text("SELECT pg_sleep(0.01)"))
        later = clock(session)

    assert wrong < first < later  # also within one transaction


@pytest.mark.parametrize("way", ["reading", "glancing"])
def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(engine: Engine, way: str) -> None:
    database, other = Database(sessionmaker(engine)), Database(sessionmaker(engine))
    count = text("SELECT count(*) FROM kept")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (number INTEGER)"))

    with getattr(database, way)() as reader:
        before = reader.execute(count).scalar_one()
        with other.writing() as writer:
            writer.execute(text("INSERT INTO kept VALUES (1)"))
        after = reader.execute(count).scalar_one()
    with getattr(database, way)() as reader:
        later = reader.execute(count).scalar_one()

    assert (before, after, later) == (0, 0, 1)


def test_every_thread_finds_a_connection_that_is_kept_open(tmp_path: Path) -> None:
    settings = read_settings({"AGENT_ASSIST_DATA": str(tmp_path), "AGENT_ASSIST_THREADS": "20"})

    with bare_app(settings).app_context():
        assert isinstance(db.engine.pool, QueuePool)
        assert db.engine.pool.size() > 20


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_connection_that_died_while_nobody_used_it_is_replaced_unnoticed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, pid = Database(sessionmaker(engine)), text("SELECT pg_backend_pid()")
    monkeypatch.setattr("agent_assist.store.database._TRUSTED_SECONDS", 0.0)
    with database.reading() as session:
        first = session.execute(pid).scalar_one()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        with database.looking_up() as session:
            second = session.execute(pid).scalar_one()
        for killed in {first, second} - {other.execute(pid).scalar_one()}:
            other.execute(text(f"SELECT pg_terminate_backend({killed}, 5000)"))

    with database.writing() as session:
        assert session.execute(pid).scalar_one() not in {first, second}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_look_up_is_no_transaction_and_the_next_writer_has_one_again(engine: Engine) -> None:
    database, level = Database(sessionmaker(engine)), text("SHOW transaction_isolation")
    xacts = text("SELECT now(), pg_sleep(0.001), clock_timestamp()")
    with database.looking_up() as session:
        first, second = (session.execute(xacts).one()[0] for _ in range(2))
    with database.writing() as session:
        written = [session.execute(xacts).one()[0] for _ in range(2)]
        assert session.execute(level).scalar_one() == "read committed"

    assert first < second
    assert written[0] == written[1]
