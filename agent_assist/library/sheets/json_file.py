"""Sheets as JSON: `{"format": 1, "rows": [{COLUMN: TEXT, …}, …]}`, empty cells left out.

The cells are the texts of the other formats, so that there is one grammar. Numbers are refused:
a JSON number is a double to most programs, and an amount of money must not pass through one.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import Folder, read_utf8
from agent_assist.library.sheets.grid import MAX_COLUMNS, MAX_ROWS
from agent_assist.library.sheets.records import Record, Records, one_break

_FORMAT = 1


def read_json(folder: Folder, name: str, faults: Faults) -> Records | None:
    """The columns and rows of a JSON file; None with a fault noted."""
    text = read_utf8(folder, name, faults)
    if text is None:
        return None
    try:
        rows = _rows(_parse(text))
    except _Misshapen as fault:
        faults.add(Place(name, cell=fault.pointer), fault.code, str(fault))
        return None
    records = list(_records(name, rows, faults))
    columns = tuple(dict.fromkeys(column for record in records for column in record.cells))
    if len(columns) > MAX_COLUMNS:
        faults.add(Place(name), "too_large", f"has more than {MAX_COLUMNS} columns")
        return None
    return Records(columns, records, headed=False)


def write_json(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The sheet as JSON text, each row on a line of its own."""
    written = (
        json.dumps(
            {column: cell for column, cell in zip(header, row, strict=True) if cell},
            ensure_ascii=False,
        )
        for row in rows
    )
    listed = ",\n".join(f"  {row}" for row in written)
    return f'{{"format": {_FORMAT}, "rows": [\n{listed}\n]}}\n'


class _Misshapen(Exception):
    def __init__(self, code: str, message: str, pointer: str = "") -> None:
        self.code = code
        self.pointer = pointer
        super().__init__(message)


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written: a key that is there twice is still there twice."""


class _Number:
    """A number that nobody has read."""

    def __init__(self, text: str) -> None:
        self.text = text


def _parse(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except RecursionError:
        raise _Misshapen("bad_json", "is nested too deeply") from None
    except ValueError as error:
        at = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _Misshapen("bad_json", f"is not JSON{at}") from None


def _rows(content: object) -> Sequence[object]:
    if not isinstance(content, _Pairs) or sorted(key for key, _ in content) != ["format", "rows"]:
        raise _Misshapen("bad_json", 'must be an object with "format" and "rows", nothing else')
    fields = dict(content)
    if not isinstance(fields["format"], _Number) or fields["format"].text != str(_FORMAT):
        raise _Misshapen("unknown_format", f"must be {_FORMAT}", "/format")
    rows = fields["rows"]
    if isinstance(rows, _Pairs) or not isinstance(rows, list):
        raise _Misshapen("bad_json", "must be a list of rows", "/rows")
    if len(rows) > MAX_ROWS:
        raise _Misshapen("too_large", f"has more than {MAX_ROWS:,} rows; split it", "/rows")
    return rows


def _records(name: str, rows: Sequence[object], faults: Faults) -> Iterator[Record]:
    for index, row in enumerate(rows):
        if not isinstance(row, _Pairs):
            place = Place(name, index + 1, _address(index, ""))
            faults.add(place, "wrong_type", "must be an object of texts by column")
            continue
        cells: dict[str, str] = {}
        record = Record(cells, name, index + 1, partial(_address, index))
        for column, value in row:
            if column in cells:
                faults.add(record.place(column[:64]), "duplicate", "is there twice")
            elif not isinstance(value, str):
                message = 'must be a text; write numbers in quotes, such as "15.00"'
                faults.add(record.place(column[:64]), "wrong_type", message)
            cells[column] = one_break(value.strip()) if isinstance(value, str) else ""
        record.note_hidden(faults)
        yield record


def _address(index: int, column: str) -> str:
    """The JSON pointer of a cell, or of a row."""
    row = f"/rows/{index}"
    return f"{row}/{column.replace('~', '~0').replace('/', '~1')}" if column else row
