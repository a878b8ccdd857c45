"""What the limit and budget sheets share: typed cells of a record, faults noted by cell."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from agent_assist.core.conditions import Test
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.cells import (
    EMPTY,
    CellFault,
    UnknownBase,
    format_test,
    parse_day,
    parse_test,
)
from agent_assist.library.faults import Faults, Place
from agent_assist.library.sheets import Record

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

ROW_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_MAX_TEXT = 1_000
_FILES = {"issue": "issues.toml", "remedy": "remedies.toml"}


@dataclass(slots=True)
class Cells:
    """The cells of one record, read against a vocabulary; a method notes a fault and gives None."""

    record: Record
    vocabulary: Vocabulary
    faults: Faults
    key: str = ""

    def fault(self, column: str, code: str, message: str) -> None:
        """Note a fault at a cell."""
        key = f"{self.key}, {column}" if self.key else column
        self.faults.add(self.record.place(column, key), code, message)

    def fault_unknown(
        self, column: str, code: str, message: str, file: str, mentioned: str
    ) -> None:
        """Note a cell that mentions what `file` does not have; see `Faults.add_unknown`."""
        key = f"{self.key}, {column}" if self.key else column
        place = self.record.place(column, key)
        self.faults.add_unknown(place, code, message, file=file, key=mentioned)

    def text(self, column: str) -> str:
        """A cell's text; empty if the sheet has no such column."""
        return self.record.cells.get(column, "")

    def long_text(self, column: str) -> str:
        """A sentence or two."""
        text = self.text(column).strip()
        if len(text) > _MAX_TEXT:
            self.fault(column, "too_long", f"is longer than {_MAX_TEXT} characters")
        return text

    def parse(self, column: str, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the cell; None with a fault noted where it raises CellFault."""
        try:
            return read(self.text(column))
        except UnknownBase as unknown:
            self.fault_unknown(column, unknown.code, str(unknown), "facts.toml", unknown.key)
        except CellFault as fault:
            self.fault(column, fault.code, str(fault))
        return None

    def row_key(self, column: str, seen: set[str]) -> str:
        """The stable, unique key of the row."""
        key = self.text(column)
        if not ROW_KEY.fullmatch(key):
            self.fault(column, "bad_key", "needs a key of letters, digits, _ and -, such as R041")
        elif key in seen:
            self.fault(column, "duplicate", f"the key {key!r} is there twice")
        seen.add(key)
        self.key = key[:64]
        return key

    def choice(self, column: str, kind: type[E]) -> E | None:
        """A member of an enumeration by its value."""
        text = self.text(column)
        if text not in {member.value for member in kind}:
            self.fault(column, "unknown_choice", f"must be one of {', '.join(kind)}")
            return None
        return kind(text)

    def keys(self, column: str, known: Iterable[str], kind: str) -> frozenset[str]:
        """Several keys separated by commas; empty or `-` for none."""
        text = self.text(column)
        if text in EMPTY:
            return frozenset()
        keys = [key.strip() for key in text.split(",")]
        for key in keys:
            if key not in known:
                message = f"{key[:64]!r} is not in {_FILES[kind]}"
                self.fault_unknown(column, f"unknown_{kind}", message, _FILES[kind], key)
        if len(set(keys)) != len(keys):
            self.fault(column, "duplicate", f"names a {kind} twice")
        return frozenset(keys)

    def day(self, column: str) -> date | None:
        """An ISO date, or None for an empty cell."""
        return None if self.text(column) in EMPTY else self.parse(column, parse_day)

    def conditions(self) -> dict[str, Test]:
        """The tests of every column that is named like a fact."""
        tests = {}
        for key, fact in self.vocabulary.facts.items():
            if key in self.record.cells:
                test = self.parse(key, partial(parse_test, fact=fact, currency=self.currency))
                if test is not None:
                    tests[key] = test
        return tests

    def by_level(self, prefix: str, read: Callable[[str], T | None]) -> dict[str, T]:
        """What `read` makes of the columns `prefix.LEVEL`, where it is not None."""
        values = {}
        for level in self.vocabulary.levels:
            column = f"{prefix}.{level.key}"
            if column in self.record.cells and (value := self.parse(column, read)) is not None:
                values[level.key] = value
        return values

    @property
    def currency(self) -> str:
        """The library's currency."""
        return self.vocabulary.currency


def check_columns(
    columns: Sequence[str],
    *,
    file: str,
    required: Sequence[str],
    optional: Sequence[str],
    by_level: Sequence[str],
    vocabulary: Vocabulary,
    faults: Faults,
) -> None:
    """Note missing columns and columns that nothing reads; a misspelt one must not be ignored."""
    levels = {f"{prefix}.{level.key}" for prefix in by_level for level in vocabulary.levels}
    known = {*required, *optional, *levels, *vocabulary.facts}
    for column in required:
        if column not in columns:
            faults.add(Place(file, 1), "missing_column", f"needs a column {column!r}")
    message = "is neither a column of this sheet, nor a fact, nor a ceiling of a known level"
    for column in columns:
        if column in known:
            continue
        place, (prefix, dot, _) = Place(file, 1, key=column[:64]), column.partition(".")
        if dot and prefix not in by_level:
            faults.add_unknown(place, "unknown_column", message, file="facts.toml", key=column)
        else:
            faults.add(place, "unknown_column", message)


def tested_facts(conditions: Iterable[Mapping[str, Test]], vocabulary: Vocabulary) -> list[str]:
    """The facts that any of the conditions test, in the vocabulary's order."""
    used = {key for tests in conditions for key in tests}
    return [key for key in vocabulary.facts if key in used]


def condition_cells(
    conditions: Mapping[str, Test], columns: Sequence[str], vocabulary: Vocabulary
) -> list[str]:
    """The condition cells of one row, one for each column."""
    facts, currency = vocabulary.facts, vocabulary.currency
    return [format_test(conditions.get(key), facts[key], currency) for key in columns]
