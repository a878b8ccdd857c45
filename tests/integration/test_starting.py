"""A server that starts while its database does."""

import threading

import pytest
from sqlalchemy import create_engine, text

from agent_assist.app.database import wait_for_database
from tests.campaigns.cluster import NoPostgres, own_cluster
from tests.conftest import lacking

SQLITE = "sqlite://"
NOBODY = "postgresql+psycopg://postgres@127.0.0.1:1/postgres"


@pytest.mark.parametrize("url", [SQLITE, NOBODY])
def test_a_database_that_never_comes_is_left_to_the_checks(url: str) -> None:
    wait_for_database(create_engine(url), seconds=0)


@pytest.mark.postgres
def test_a_database_that_is_started_a_moment_later_is_waited_for() -> None:
    try:
        with own_cluster() as cluster:
            cluster.stop()
            engine = create_engine(cluster.url.replace("postgresql:", "postgresql+psycopg:"))
            later = threading.Timer(1.5, cluster.start)
            later.start()

            wait_for_database(engine, seconds=30)
            later.join()
            with engine.connect() as connection:
                assert connection.execute(text("SELECT 1")).scalar() == 1
            engine.dispose()
    except NoPostgres as missing:
        lacking(str(missing))
