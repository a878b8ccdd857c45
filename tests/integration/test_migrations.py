"""The database stands where the program needs it, or the program refuses to start."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from agent_assist.core.errors import SetupRefused
from agent_assist.store import migrate
from agent_assist.store.schema import Base
from tests.conftest import upgrade


def test_the_migrations_make_the_tables_that_the_code_expects(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)

    assert migrate.revision(engine) == migrate.head()


def test_an_empty_database_is_refused_with_what_to_run(empty_engine: Engine) -> None:
    with pytest.raises(SetupRefused, match="agent-assist setup"):
        migrate.check_current(empty_engine)


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SetupRefused, match="update the program"):
        migrate.check_current(engine)
    with pytest.raises(SetupRefused, match="update the program"):
        migrate.refuse_newer(migrate.revision(engine))


def test_a_database_of_an_older_program_is_refused_until_it_is_migrated(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "head", lambda: "9998")

    with pytest.raises(SetupRefused, match="back it up"):
        migrate.check_current(engine)


def test_a_migration_that_fails_leaves_nothing_behind(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE suggestions (id INTEGER)"))  # in the way of the last

    with pytest.raises(Exception, match="suggestions"):
        upgrade(empty_engine)

    assert migrate.revision(empty_engine) is None
    assert set(inspect(empty_engine).get_table_names()) == {"suggestions"}
