"""Sheets as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import Folder, read_utf8
from agent_assist.library.sheets.grid import Cell, as_text, read_grid
from agent_assist.library.sheets.records import Records, one_break


def read_csv(folder: Folder, name: str, faults: Faults) -> Records | None:
    """The columns and rows of a CSV file; None with a fault noted."""
    text = read_utf8(folder, name, faults)
    if text is None:
        return None
    # Spreadsheets of many countries write semicolons; the header decides, for it has no free text.
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    return read_grid(name, _readable(lines, name, faults), faults)


def _readable(lines: Iterable[Sequence[str]], name: str, faults: Faults) -> Iterator[Sequence[str]]:
    """The rows up to the first that cannot be read, which is noted: what follows means nothing."""
    number = 1
    try:
        for cells in lines:
            yield cells
            number += 1
    except csv.Error as error:
        message = f"is not CSV: {error}; does a cell begin with a quote that nothing closes?"
        faults.add(Place(name, number), "bad_csv", message)


def write_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """The sheet as CSV text, no cell of which a spreadsheet would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return out.getvalue()


def _written(cell: Cell) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else as_text(one_break(cell))
