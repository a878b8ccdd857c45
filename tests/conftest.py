"""What all tests share: databases, the encoder, a prepared deployment; and what is skipped."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from agent_assist.settings import ROOT
from agent_assist.store import migrate
from agent_assist.store.database import configure
from tests.lending import LentDatabase

# How busy the machine is says nothing of what is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

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
def _postgres_database(name: str = "own") -> Iterator[str]:
    """A database of this process alone, so that two runs at once do not meet; gone afterwards."""
    if not _POSTGRES:
        lacking("PostgreSQL (TEST_POSTGRES_URL)")
    name = f"agent_assist_test_{name}_{os.getpid()}"
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


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "test.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def lent_postgres() -> Iterator[LentDatabase]:
    """A migrated database that is lent to one test after the other."""
    with _postgres_database("lent") as url:
        yield LentDatabase(url, _migrate)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of each kind, with nothing in it."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    lent: LentDatabase = request.getfixturevalue("lent_postgres")
    return lent.emptied()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty database on PostgreSQL, without a table."""
    with _postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database of each kind without a table, with the store's promises."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with _engine_on(url) as engine:
        yield engine


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database, with the store's promises."""
    with _engine_on(database_url) as engine:
        yield engine


def _migrate(url: str) -> None:
    with _engine_on(url) as engine:
        upgrade(engine)


@contextmanager
def _engine_on(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    configure(engine)
    yield engine
    engine.dispose()


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
