"""What a commit promises: on disk for everything that matters, soon for logs."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database, StoreUnavailable


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(sessionmaker(engine))


def promise(database: Database, kind: str) -> str:
    with getattr(database, kind)() as session:
        if session.get_bind().dialect.name == "sqlite":
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
