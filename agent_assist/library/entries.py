"""TOML files of entries: issues, facts and remedies, each a table under its key."""

import re
from collections.abc import Callable
from typing import TypeVar

from agent_assist.library.faults import Faults
from agent_assist.library.files import Folder
from agent_assist.library.toml_files import Table, read_toml

T = TypeVar("T")

_HEADERS = {
    "issues.toml": "[late_delivery]",
    "facts.toml": '["customer.tier"]',
    "remedies.toml": "[refund]",
}
"""How a key is written in each."""


def read_entries(
    folder: Folder,
    name: str,
    faults: Faults,
    pattern: re.Pattern[str],
    read: Callable[[str, Table], T | None],
) -> dict[str, T]:
    """What `read` makes of each table of a TOML file; those with faults are left out, and noted."""
    top = read_toml(folder, name, faults)
    if top is None:
        faults.leave_out(name)
        return {}
    noted = len(faults.items)
    entries = {}
    for key in top.values:
        before = len(faults.items)
        table = top.take_table(key)
        if table is None:
            faults.leave_out(name, key)
            continue
        if not pattern.fullmatch(key) and _is_refused(key, table, pattern):
            continue
        entry = read(key, table)
        table.finish()
        if entry is None or len(faults.items) > before:
            faults.leave_out(name, key)
        if entry is not None:
            entries[key] = entry
    if not any(isinstance(value, dict) for value in top.values.values()):
        faults.leave_out(name)  # that nothing is in it is no fault of those that mention it
        if len(faults.items) == noted:
            message = f"holds no entry; write each under a header such as {_HEADERS[name]}"
            faults.add(top.place(), "empty", message)
    return entries


def _is_refused(key: str, table: Table, pattern: re.Pattern[str]) -> bool:
    """Note a key of another form; True if it is but the first half of one without its quotes."""
    message = f"{key[:64]!r} is not a key here; write one as in {_HEADERS[table.file]}"
    table.fault("", "bad_key", message)
    inner = [f"{key}.{part}" for part in table.values if pattern.fullmatch(f"{key}.{part}")]
    for meant in (key, *inner):
        table.faults.leave_out(table.file, meant)
    return bool(inner)
