"""The settings and stores that a command works with."""

from collections.abc import Iterator
from contextlib import contextmanager

from agent_assist.app.database import bare_app
from agent_assist.app.stores import Stores, open_stores
from agent_assist.settings import Settings, read_settings


@contextmanager
def stores() -> Iterator[tuple[Settings, Stores]]:
    """The settings and stores, inside an application context."""
    settings = read_settings()
    with bare_app(settings).app_context():
        yield settings, open_stores(settings)
