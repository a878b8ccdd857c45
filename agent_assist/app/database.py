"""The database inside an application: connected, configured, migrated."""

import os
import time
from contextlib import suppress
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from agent_assist.core.errors import SetupRefused
from agent_assist.settings import Settings
from agent_assist.store import migrate as migrations
from agent_assist.store.database import configure, named_errors
from agent_assist.store.durability import check_durable
from agent_assist.store.schema import Base

MAX_REQUEST_BYTES = 1_000_000

START_PATIENCE = 20.0
"""Seconds; gunicorn takes a worker that needs 30 to load for one that hangs."""

BETWEEN_TRIES = 1.0

_log = structlog.get_logger("agent_assist.database")

db = SQLAlchemy(metadata=Base.metadata)


def bare_app(settings: Settings) -> Flask:
    """An application with a database and nothing else, for commands."""
    _make_private(settings.data)
    # Without this, Flask-SQLAlchemy would make a folder of its own beside the package.
    app = Flask("agent_assist.web", instance_path=str(settings.data))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
    )
    db.init_app(app)
    migrate = Migrate(app, db, directory=str(migrations.FOLDER))
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            _make_private_file(engine.url.database)
        configure(engine)

    @migrate.configure  # type: ignore[untyped-decorator]  # Flask-Migrate ships no types
    def hand_over(config: Config) -> Config:
        config.attributes["engine"] = engine
        return config

    return app


def wait_for_database(engine: Engine, *, seconds: float = START_PATIENCE) -> None:
    """Wait for a database server that is starting, or recovering from a crash, but not for ever.

    Whether it can be worked with is for others to say: see `check_database`.
    """
    if engine.dialect.name == "sqlite":
        return
    until = time.monotonic() + seconds
    while not _answers(engine) and time.monotonic() < until:
        _log.info("waiting for the database")
        time.sleep(BETWEEN_TRIES)


def _answers(engine: Engine) -> bool:
    try:
        engine.connect().close()
    except OperationalError:
        return False
    return True


def migrate_database() -> None:
    """Bring the database to this program's migration, inside an application context.

    Raises:
        SetupRefused: a newer program has migrated it already.
        StoreUnavailable: the database refused, as on a full disk; asked again, it goes on.
    """
    migrations.refuse_newer(migrations.revision(db.engine))
    config = current_app.extensions["migrate"].migrate.get_config()
    with named_errors():
        command.upgrade(config, "head")


def check_database(engine: Engine, settings: Settings) -> None:
    """Refuse a database at another migration, or one that may lose what it acknowledged."""
    migrations.check_current(engine)
    check_durable(engine, settings.accept_weak)


def session() -> Session:
    """The session of the request or command that runs."""
    return db.session()


def _engine_options(settings: Settings) -> dict[str, object]:
    # One for each request that is answered, and for what runs beside them: what a pool lends
    # beyond its size is opened anew each time, which takes longer than a grant.
    pool: dict[str, object] = {"pool_size": settings.threads + 1}
    if settings.database_url.startswith("sqlite"):
        return pool
    return {"isolation_level": "READ COMMITTED", **pool}


def _make_private_file(path: str | None) -> None:
    """Create SQLite's file, and with it those beside it, so that only its owner may read it."""
    if path:
        # What cannot be made is told of where it is opened.
        with suppress(OSError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _make_private(folder: Path) -> None:
    """Create the data folder so that only its owner may read it.

    Raises:
        SetupRefused: it cannot be made, or not be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupRefused(
            f"the data folder cannot be made ({error.strerror}): set AGENT_ASSIST_DATA"
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise SetupRefused(
            f"the data folder {folder} cannot be written: "
            "allow the user that runs this to, or set AGENT_ASSIST_DATA"
        )
