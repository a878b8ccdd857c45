"""The database that tests share is as new for each of them."""

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from tests.lending import LentDatabase

ROW = (
    "INSERT INTO api_keys (id, name, scopes, secret_hash, created_at) "
    "VALUES ('k', 'n', '[]', 'h', now())"
)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "done",
    [
        ROW,
        f"CREATE TABLE more (number INTEGER); {ROW}",
        f"ALTER TABLE audit DISABLE TRIGGER ALL; {ROW}",
        f"ALTER DATABASE %s SET synchronous_commit = off; {ROW}",
    ],
    ids=["row", "table", "trigger", "setting"],
)
def test_nothing_that_a_test_did_reaches_the_next(lent_postgres: LentDatabase, done: str) -> None:
    new = described(lent_postgres.emptied())

    url = lent_postgres.emptied()
    with engine_on(url).begin() as connection:
        connection.execute(text(done.replace("%s", url.rsplit("/", 1)[1])))

    assert described(url) != new
    assert described(lent_postgres.emptied()) == new


def described(url: str) -> tuple[object, ...]:
    with engine_on(url).connect() as connection:
        return tuple(
            connection.scalar(text(asked))
            for asked in (
                "SELECT count(*) FROM api_keys",
                "SELECT count(*) FROM pg_class WHERE relname = 'more'",
                "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'",
                "SHOW synchronous_commit",
            )
        )


def engine_on(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)
