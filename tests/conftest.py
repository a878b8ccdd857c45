"""What all tests share: databases, the encoder, a prepared deployment; and what is skipped."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from agent_assist.settings import ROOT
from agent_assist.store import migrate
from agent_assist.store.database import configure

# Set where nothing may be missing: a skip becomes a failure.
_REQUIRE_ALL = os.environ.get("REQUIRE_ALL_TESTS") == "1"
_POSTGRES = os.environ.get("TEST_POSTGRES_URL", "").replace(
    "postgresql://", "postgresql+psycopg://"
)


def lacking(what: str) -> None:
    """Skip the test for want of `what`, or fail it where nothing may be missing."""
    if _REQUIRE_ALL:
        pytest.fail(f"{what} is missing, and here nothing may be skipped")
    pytest.skip(f"{what} is missing")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        reasons = sorted({str(report.longrepr[2]) for report in skipped if report.longrepr})
        for reason in reasons:
            terminalreporter.line(reason)


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest migration."""
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


@contextmanager
def _postgres_database() -> Iterator[str]:
    """A database of this process alone, so that two runs at once do not meet; gone afterwards."""
    if not _POSTGRES:
        lacking("PostgreSQL (TEST_POSTGRES_URL)")
    name = f"agent_assist_test_{os.getpid()}"
    admin = create_engine(_POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        admin.dispose()
        lacking(f"PostgreSQL at {_POSTGRES}")
    yield _POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with _postgres_database() as url:
        yield url


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty database on PostgreSQL."""
    with _postgres_database() as url:
        yield url


@pytest.fixture
def empty_engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database, with the store's promises."""
    engine = create_engine(database_url)
    configure(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """An engine on a migrated database."""
    upgrade(empty_engine)
    return empty_engine


@pytest.fixture(scope="session")
def encoder_folder() -> Path:
    """The exported encoder; `make setup` exports it."""
    folder = ROOT / "models" / "encoder"
    if not (folder / "manifest.json").exists():
        lacking("the exported encoder (make setup)")
    return folder


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bank's library live and indexed; `make test` prepares it."""
    folder = ROOT / ".test-data"
    if not (folder / "agent-assist.db").exists():
        lacking("the prepared data folder (make test)")
    copy = Path(shutil.copytree(folder, tmp_path_factory.mktemp("prepared") / "data"))
    # It may have been prepared before the newest migration.
    engine = create_engine(f"sqlite:///{copy / 'agent-assist.db'}")
    upgrade(engine)
    engine.dispose()
    return copy


@pytest.fixture
def data(prepared_data: Path, encoder_folder: Path, tmp_path: Path) -> Path:
    """A deployment of this test alone, on SQLite."""
    del encoder_folder
    return Path(shutil.copytree(prepared_data, tmp_path / "data"))
