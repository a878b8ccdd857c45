"""Grids: what CSV and XLSX have in common, lines of cells under a header line."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import hidden_character
from agent_assist.library.sheets.records import Record, Records, one_break

MAX_ROWS = 100_000
MAX_COLUMNS = 200
# A spreadsheet runs a cell that starts so as a formula; a leading quote makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


Cell: TypeAlias = str | Decimal
"""A text, or a number as exact as it is written."""


def as_text(cell: str) -> str:
    """The cell with a leading quote where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def read_grid(name: str, lines: Iterable[Sequence[str]], faults: Faults) -> Records | None:
    """The columns and rows of a grid, blank rows left out; None with a fault noted."""
    try:
        numbered = list(_capped(lines))
    except _TooLarge as too_large:
        faults.add(Place(name), "too_large", str(too_large))
        return None
    if not numbered:
        faults.add(Place(name), "empty", "has no header line")
        return None
    (first, cells), rows = numbered[0], numbered[1:]
    header = [_plain(cell) for cell in cells]
    _check_header(name, first, header, faults)
    letters = {column: _letter(index) for index, column in reversed([*enumerate(header)])}
    records = []
    for line, texts in rows:
        if any(cell.strip() for cell in texts[len(header) :]):
            place = Place(name, line, f"{_letter(len(header))}{line}")
            faults.add(place, "too_many_cells", "this row has more cells than the header")
        known = dict(zip(header, map(_plain, texts), strict=False))
        record = Record(known, name, line, partial(_address, letters, line))
        record.note_hidden(faults)
        records.append(record)
    return Records(tuple(column for column in header if column), records, headed=True)


class _TooLarge(Exception):
    pass


def _capped(lines: Iterable[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines that are not blank, with their numbers, as long as they are not too many."""
    for number, cells in enumerate(lines, start=1):
        if number > MAX_ROWS + 1:
            raise _TooLarge(f"has more than {MAX_ROWS:,} rows; split it")
        if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
            raise _TooLarge(f"has more than {MAX_COLUMNS} columns in row {number}")
        if any(cell.strip() for cell in cells):
            yield number, cells


def _check_header(name: str, line: int, header: Sequence[str], faults: Faults) -> None:
    seen: set[str] = set()
    for index, column in enumerate(header):
        place = Place(name, line, f"{_letter(index)}{line}", column[:64])
        if not column:
            faults.add(place, "missing_column_name", "this column has no name")
        elif column in seen:
            faults.add(place, "duplicate", f"the column {column[:64]!r} is there twice")
        elif code := hidden_character(column):
            faults.add(place, "hidden_character", f"holds {code}, which nobody can see")
        seen.add(column)


def _plain(cell: str) -> str:
    """The cell without surrounding space and without the quote that `as_text` puts before it."""
    return one_break(cell.strip().removeprefix("'"))


def _address(letters: dict[str, str], line: int, column: str) -> str:
    return f"{letters.get(column, 'A')}{line}"


def _letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
