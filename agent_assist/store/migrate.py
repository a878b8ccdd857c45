"""Migrations: where the database stands, and whether this program can work with it."""

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from agent_assist.core.errors import SetupRefused
from agent_assist.store.database import StoreUnavailable

FOLDER = Path(__file__).parent / "migrations"


def revision(engine: Engine) -> str | None:
    """The migration the database is at; None for an empty database."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        if engine.dialect.name == "sqlite" and not isinstance(error, OperationalError):
            raise StoreUnavailable(
                "the database file is damaged, or is none: move it away and restore a backup"
            ) from error
        raise StoreUnavailable(
            f"the database cannot be opened ({type(error).__name__}); "
            "check AGENT_ASSIST_DATABASE_URL, that the server runs, its permissions and free space"
        ) from error


def head() -> str | None:
    """The migration this program was written for."""
    return _scripts().get_current_head()


def check_current(engine: Engine) -> None:
    """Refuse a database at any other migration than this program's.

    Raises:
        SetupRefused: says whether to set up, to migrate, or to update the program.
    """
    at = revision(engine)
    if at == head():
        return
    if at is None:
        raise SetupRefused("the database is empty: run `agent-assist setup`")
    refuse_newer(at)
    raise SetupRefused(
        f"the database is at migration {at}, this program needs {head()}: "
        "back it up, then run `agent-assist setup`"
    )


def refuse_newer(at: str | None) -> None:
    """Refuse a database that a newer program has migrated; SetupRefused names it."""
    known = {script.revision for script in _scripts().walk_revisions()}
    if at is not None and at not in known:
        raise SetupRefused(
            f"the database is at migration {at}, which this program does not know: "
            "update the program, or restore a backup made before the update"
        )


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)
