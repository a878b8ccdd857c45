"""What the database promises, looked at before serving: what was granted survives a power cut."""

from collections.abc import Set as AbstractSet

from sqlalchemy import Engine

from agent_assist.core.errors import SetupRefused
from agent_assist.store.database import named_errors

_ISOLATION = "read committed"
_SQLITE = {"journal_mode": {"wal"}, "synchronous": {"2", "3"}}
_POSTGRES = {
    # All but `off` wait until the commit is on this server's disk.
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
}


def check_durable(engine: Engine, accepted: AbstractSet[str]) -> None:
    """Refuse a database that may lose what it has acknowledged, or decide on what is out of date.

    Args:
        engine: as the application uses it.
        accepted: names of the database's settings that may be weaker than needed. How
            transactions are isolated is none of them: budgets are exact at one level alone.

    Raises:
        SetupRefused: names every setting that is too weak, and the way out.
    """
    sqlite = engine.dialect.name == "sqlite"
    needed = _SQLITE if sqlite else _POSTGRES
    ask = "PRAGMA {}" if sqlite else "SHOW {}"
    with named_errors(), engine.connect() as connection:
        isolation = None if sqlite else connection.exec_driver_sql("SHOW transaction_isolation")
        if isolation is not None and isolation.scalar_one() != _ISOLATION:
            raise SetupRefused(f"transactions must be {_ISOLATION}: budgets are exact only so")
        found = {
            name: str(connection.exec_driver_sql(ask.format(name)).scalar_one()) for name in needed
        }
    weak = [
        f"{name} is {found[name]} and must be {' or '.join(sorted(enough))}"
        for name, enough in needed.items()
        if found[name] not in enough and name not in accepted
    ]
    if weak:
        raise SetupRefused(
            f"the database may lose grants that were acknowledged: {'; '.join(weak)}. Set it so, "
            "or name what you accept in AGENT_ASSIST_ACCEPT_WEAK"
        )
