"""A database that may lose what it acknowledged is refused at the start, unless it is accepted."""

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import sessionmaker

from agent_assist.core.errors import SetupRefused
from agent_assist.store.database import Database, configure
from agent_assist.store.durability import check_durable


def weak_engine(url: str, statement: str, isolation: str | None = None) -> Engine:
    options = {"isolation_level": isolation} if isolation else {}
    engine = create_engine(url, **options)
    configure(engine)

    @event.listens_for(engine, "connect")
    def weaken(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a driver's connection
        cursor.execute(statement)
        cursor.close()
        if not url.startswith("sqlite"):
            connection.commit()  # type: ignore[attr-defined]

    return engine


def test_a_database_as_the_product_sets_it_up_is_durable(engine: Engine) -> None:
    check_durable(engine, frozenset())


def test_it_is_as_durable_after_a_log_entry(engine: Engine) -> None:
    with Database(sessionmaker(engine)).logging() as session:
        session.execute(text("INSERT INTO scope_locks (id) VALUES ('logged')"))

    check_durable(engine, frozenset())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "name"),
    [("PRAGMA synchronous=NORMAL", "synchronous"), ("PRAGMA journal_mode=DELETE", "journal_mode")],
)
def test_a_weak_sqlite_is_refused_by_name(database_url: str, statement: str, name: str) -> None:
    engine = weak_engine(database_url, statement)

    with pytest.raises(SetupRefused, match=f"{name} is"):
        check_durable(engine, frozenset())
    check_durable(engine, frozenset({name}))
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_postgres_that_does_not_wait_for_its_disk_is_refused_by_name(engine: Engine) -> None:
    with engine.begin() as connection:
        name = engine.url.database
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    weakened = create_engine(engine.url)

    with pytest.raises(SetupRefused, match="synchronous_commit is off"):
        check_durable(weakened, frozenset())
    check_durable(weakened, frozenset({"synchronous_commit"}))
    weakened.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_another_isolation_level_is_refused_and_cannot_be_accepted(database_url: str) -> None:
    engine = weak_engine(database_url, "SELECT 1", "REPEATABLE READ")

    with pytest.raises(SetupRefused, match="must be read committed"):
        check_durable(engine, frozenset({"transaction_isolation"}))
    engine.dispose()
