"""The composition root: builds every part from the settings and wires them together."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from agent_assist.admit import KeyRing
from agent_assist.core.errors import SetupRefused
from agent_assist.core.library import Library
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.prepare import prepare_index
from agent_assist.publish import Publisher
from agent_assist.settings import Settings, read_settings
from agent_assist.store import migrate as migrations
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.audit import AuditStore
from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database, configure
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.schema import Base
from agent_assist.store.suggestions import SuggestionStore
from agent_assist.suggest import Suggester
from agent_assist.web import Services, configure_log, register

MAX_REQUEST_BYTES = 1_000_000
_PEPPER_BYTES = 32

db = SQLAlchemy(metadata=Base.metadata)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one application; used inside its context."""

    libraries: LibraryStore
    suggestions: SuggestionStore
    keys: KeyRing
    api_keys: ApiKeyStore
    ledger: Ledger
    ledger_check: LedgerCheck
    audit: AuditStore
    engine: Engine


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers contacts: the stores, the live library, and those who use both."""

    stores: Stores
    live: LiveLibrary
    suggester: Suggester
    granter: Granter


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, ready to serve.

    Raises:
        SetupRefused: a setting, the database's migration or the data folder is not as needed.
        NotReady: the encoder is missing or damaged, or there is no library yet.
    """
    settings = settings or read_settings()
    configure_log(settings.log_level)
    app = bare_app(settings)
    with app.app_context():
        parts = _assemble(settings)
        parts.live.current()  # compiled and indexed before the first request, not during it
    engine, live = parts.stores.engine, parts.live
    services = Services(
        suggester=parts.suggester,
        granter=parts.granter,
        live=live,
        keys=parts.stores.keys,
        checks={"database": lambda: migrations.check_current(engine), "library": live.check},
    )
    register(app, services)
    return app


@contextmanager
def composed(settings: Settings) -> Iterator[Parts]:
    """The parts inside an application context, for a command; errors as `create_app`."""
    with bare_app(settings).app_context():
        yield _assemble(settings)


def _assemble(settings: Settings) -> Parts:
    stores = open_stores(settings)
    migrations.check_current(stores.engine)
    live = LiveLibrary(stores.libraries, open_encoder(settings), settings.indexes)
    suggester = Suggester(live.encoder, stores.suggestions, use=stores.ledger.use, now=now)
    return Parts(stores, live, suggester, Granter(stores.ledger))


def bare_app(settings: Settings) -> Flask:
    """An application with a database and nothing else, for commands."""
    _make_private(settings.data)
    # Without this, Flask-SQLAlchemy would make a folder of its own beside the package.
    app = Flask("agent_assist.web", instance_path=str(settings.data))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
    )
    db.init_app(app)
    migrate = Migrate(app, db, directory=str(migrations.FOLDER))
    with app.app_context():
        engine = db.engine
        configure(engine)

    @migrate.configure  # type: ignore[untyped-decorator]  # Flask-Migrate ships no types
    def hand_over(config: Config) -> Config:
        config.attributes["engine"] = engine
        return config

    return app


def open_stores(settings: Settings) -> Stores:
    """The stores, inside an application context."""
    database = Database(_session)
    api_keys, libraries = ApiKeyStore(database), LibraryStore(database)
    clock, hold = database_clock(now), timedelta(minutes=settings.reservation_minutes)
    return Stores(
        libraries=libraries,
        suggestions=SuggestionStore(database),
        keys=KeyRing(api_keys, _pepper(settings.pepper), now),
        api_keys=api_keys,
        ledger=Ledger(database, clock, hold=hold),
        ledger_check=LedgerCheck(database, libraries, clock),
        audit=AuditStore(database),
        engine=db.engine,
    )


def open_publisher(settings: Settings, stores: Stores) -> Publisher:
    """What imports and exports libraries, inside an application context."""

    def index(library: Library) -> None:
        prepare_index(library, open_encoder(settings), settings.indexes)

    return Publisher(stores.libraries, index=index, now=now)


def open_encoder(settings: Settings) -> OnnxEncoder:
    """The encoder that `setup` built."""
    return OnnxEncoder.load(settings.models / "encoder")


def migrate_database() -> None:
    """Bring the database to this program's migration, inside an application context.

    Raises:
        SetupRefused: a newer program has migrated it already.
    """
    migrations.refuse_newer(migrations.revision(db.engine))
    config = current_app.extensions["migrate"].migrate.get_config()
    command.upgrade(config, "head")


def now() -> datetime:
    """The aware present; the only clock there is."""
    return datetime.now(UTC)


def _session() -> Session:
    return db.session()


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {}
    return {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}


def _make_private(folder: Path) -> None:
    """Create the data folder so that only its owner may read it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupRefused(
            f"the data folder cannot be made ({error.strerror}): set AGENT_ASSIST_DATA"
        ) from error


def _pepper(path: Path) -> bytes:
    """The secret that API keys are hashed with; made at first use, for its owner's eyes only."""
    if not path.exists():
        # Written beside and linked into place, so that two processes agree on one pepper.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(_PEPPER_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    pepper = path.read_bytes()
    if len(pepper) < _PEPPER_BYTES:
        raise SetupRefused(
            f"{path} is damaged: restore it from a backup, or remove it and make all API keys anew"
        )
    return pepper
