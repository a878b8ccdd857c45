"""TOML with line numbers; fields are taken out one by one, so that none is ignored."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from agent_assist.core.money import InvalidAmount, Money
from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import Folder, read_text

E = TypeVar("E", bound=StrEnum)

_HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[^\]#]+?)\s*\]\]?")
_SETTING = re.compile(r"""^\s*(?P<key>"[^"]+"|'[^']+'|[\w-]+)\s*=""")
_ERROR_LINE = re.compile(r"\(at line (\d+)")
_MAX_TEXT = 500


@dataclass(slots=True)
class Table:
    """One table of a TOML file. Each `take_*` notes a fault and gives None where it cannot."""

    values: dict[str, Any]
    file: str
    name: str
    lines: Mapping[tuple[str, str], int]
    faults: Faults
    taken: set[str] = field(default_factory=set)

    def place(self, key: str = "") -> Place:
        """Where a key of this table, or the table itself, stands; else where it would be added."""
        path = ".".join(part for part in (self.name, key) if part)
        places = ((self.name, key), (path, ""), (self.name, ""))
        line = next((self.lines[place] for place in places if place in self.lines), 1)
        return Place(self.file, line, key=path)

    def fault(self, key: str, code: str, message: str) -> None:
        """Note a fault at a key of this table."""
        self.faults.add(self.place(key), code, message)

    def take(self, key: str, kind: type, *, required: bool = True) -> Any:
        """The value of a key if it is of the type; None if it is absent or of another."""
        self.taken.add(key)
        if key not in self.values:
            if required:
                self.fault(key, "missing_key", f"needs {key!r}")
            return None
        value = self.values[key]
        # bool is an int to Python, but not to the person who wrote `yes = 1`.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, "wrong_type", f"{key!r} must be {_KINDS[kind]}")
            return None
        return value

    def take_text(self, key: str, *, required: bool = True) -> str | None:
        """A non-empty single line of at most 500 characters."""
        text = self.take(key, str, required=required)
        if text is None:
            return None
        if not text.strip() or "\n" in text or len(text) > _MAX_TEXT:
            self.fault(key, "bad_text", f"{key!r} must be one line of 1 to {_MAX_TEXT} characters")
            return None
        return str(text).strip()

    def take_choice(self, key: str, kind: type[E]) -> E | None:
        """A member of an enumeration by its value."""
        text = self.take_text(key)
        if text is None:
            return None
        if text not in {member.value for member in kind}:
            choices = ", ".join(kind)
            self.fault(key, "unknown_choice", f"{key!r} must be one of {choices}")
            return None
        return kind(text)

    def take_texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of distinct texts."""
        values = self.take(key, list, required=required) or []
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.fault(key, "wrong_type", f"{key!r} must be a list of texts")
            return ()
        if len(set(values)) != len(values):
            self.fault(key, "duplicate", f"{key!r} names something twice")
        return tuple(values)

    def take_money(self, key: str, currency: str, *, required: bool = True) -> Money | None:
        """An amount as a decimal text in the library's currency."""
        text = self.take_text(key, required=required)
        if text is None or not currency:
            return None
        try:
            return Money.parse(text, currency)
        except InvalidAmount as error:
            self.fault(key, "bad_amount", f"{key!r}: {error}")
            return None

    def take_share(self, key: str) -> Decimal | None:
        """A decimal text from 0 to 1."""
        text = self.take_text(key)
        if text is None:
            return None
        try:
            share = Decimal(text)
        except InvalidOperation:
            share = Decimal(-1)
        if not (share.is_finite() and 0 <= share <= 1):
            self.fault(key, "bad_share", f"{key!r} must be a decimal text from 0 to 1")
            return None
        return share

    def take_table(self, key: str, *, required: bool = True) -> "Table | None":
        """A table within this one."""
        values = self.take(key, dict, required=required)
        if values is None:
            return None
        name = f"{self.name}.{key}" if self.name else key
        lines = self.lines
        if (name, "") not in lines:  # an inline table stands where its key stands
            lines = {**lines, (name, ""): self.place(key).line}
        return Table(values, self.file, name, lines, self.faults)

    def finish(self) -> None:
        """Note every key that nobody took: a misspelt key must never be ignored."""
        for key in self.values.keys() - self.taken:
            self.fault(key, "unknown_key", f"{key!r} is not a key here; remove or correct it")


_KINDS: dict[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


def read_toml(folder: Folder, name: str, faults: Faults) -> Table | None:
    """The file's top table, or None with a fault noted."""
    text = read_text(folder, name, faults)
    if text is None:
        return None
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _ERROR_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        faults.add(Place(name, line), "bad_toml", f"is not TOML: {str(error).split(' (at')[0]}")
        return None
    return Table(values, name, "", _lines(text), faults)


def _lines(text: str) -> dict[tuple[str, str], int]:
    """The line of each table header and key; close enough to send a person to the fault."""
    lines: dict[tuple[str, str], int] = {}
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = header["name"].replace('"', "").replace("'", "")
            if line.lstrip().startswith("[["):
                lines.setdefault((table, ""), number)
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}.{counts[table]}"
            lines.setdefault((table, ""), number)
        elif setting := _SETTING.match(line):
            lines.setdefault((table, setting["key"].strip("\"'")), number)
    return lines
