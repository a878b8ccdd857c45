"""What a commit promises: on disk for everything that matters, soon for logs."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

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
