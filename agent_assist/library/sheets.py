"""Sheets: CSV and XLSX as rows of addressed text cells, and back to CSV and XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import Folder, hidden_character, read_bytes, read_text

MAX_ROWS = 100_000
MAX_COLUMNS = 200
_MAX_UNPACKED = 50_000_000
_MAX_ENTRIES = 100
_EXACT_DIGITS = 15  # a spreadsheet's numbers are doubles: more digits are not what was typed
# A spreadsheet runs a cell that starts so as a formula; a leading quote makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a sheet: texts by column name, and where each stands."""

    cells: Mapping[str, str]
    file: str
    line: int
    letters: Mapping[str, str]

    def place(self, column: str = "", key: str = "") -> Place:
        """Where a cell, or the row, stands."""
        letter = self.letters.get(column, "A")
        return Place(self.file, self.line, f"{letter}{self.line}", key or column)


def sheet_name(folder: Folder, stem: str, faults: Faults) -> str:
    """`stem.csv` or `stem.xlsx`, whichever the folder has; a fault if it has both."""
    names = [name for name in (f"{stem}.csv", f"{stem}.xlsx") if name in folder.names()]
    if len(names) > 1:
        faults.add(Place(names[1]), "duplicate", f"stands beside {names[0]}; keep one of them")
    return names[0] if names else f"{stem}.csv"


def read_sheet(
    folder: Folder, name: str, faults: Faults
) -> tuple[tuple[str, ...], list[Record]] | None:
    """The column names and rows of a sheet, blank rows left out; None with a fault noted."""
    lines = _xlsx(folder, name, faults) if name.endswith(".xlsx") else _csv(folder, name, faults)
    if lines is None:
        return None
    try:
        numbered = _capped(lines)
    except ValueError as error:
        faults.add(Place(name), "too_large", str(error))
        return None
    except csv.Error as error:
        faults.add(Place(name), "bad_csv", f"is not CSV: {error}")
        return None
    if not numbered:
        faults.add(Place(name), "empty", "has no header line")
        return None
    header = [cell.strip() for cell in numbered[0][1]]
    return _records(name, header, numbered[1:], faults)


def write_csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The sheet as CSV text, no cell of which a spreadsheet would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return out.getvalue()


def write_xlsx(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The sheet as an XLSX file of text cells; nothing in it is a number or a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 1)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, as_text(cell))
    return out.getvalue()


def as_text(cell: str) -> str:
    """The cell with a leading quote where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith((*_FORMULA, "'")) else cell


def _records(
    name: str,
    header: list[str],
    numbered: list[tuple[int, list[str]]],
    faults: Faults,
) -> tuple[tuple[str, ...], list[Record]]:
    letters = {column: _letter(index) for index, column in enumerate(header)}
    for index, column in enumerate(header):
        place = Place(name, 1, f"{_letter(index)}1", column)
        if not column:
            faults.add(place, "missing_column_name", "this column has no name")
        elif header.index(column) != index:
            faults.add(place, "duplicate", f"the column {column!r} is there twice")
    records = []
    for line, cells in numbered:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            place = Place(name, line, f"{_letter(len(header))}{line}")
            faults.add(place, "too_many_cells", "this row has more cells than the header")
        texts = [_plain(cell) for cell in cells[: len(header)]]
        texts += [""] * (len(header) - len(texts))
        record = Record(dict(zip(header, texts, strict=True)), name, line, letters)
        _note_hidden(record, faults)
        records.append(record)
    return tuple(column for column in header if column), records


def _note_hidden(record: Record, faults: Faults) -> None:
    for column, text in record.cells.items():
        if code := hidden_character(text):
            faults.add(
                record.place(column), "hidden_character", f"holds {code}, which nobody can see"
            )


def _plain(cell: str) -> str:
    """The cell without surrounding space and without the quote that `as_text` puts before it."""
    text = cell.strip()
    return text.removeprefix("'")


def _capped(lines: Iterator[list[str]]) -> list[tuple[int, list[str]]]:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(lines, start=1):
        if number > MAX_ROWS + 1:
            raise ValueError(f"has more than {MAX_ROWS:,} rows; split it")
        if len(cells) > MAX_COLUMNS:
            raise ValueError(f"has more than {MAX_COLUMNS} columns in row {number}")
        if any(cell.strip() for cell in cells):
            kept.append((number, cells))
    return kept


def _csv(folder: Folder, name: str, faults: Faults) -> Iterator[list[str]] | None:
    text = read_text(folder, name, faults)
    if text is None:
        return None
    # Spreadsheets of many countries write semicolons; the header decides, for it has no free text.
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    return iter(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))


def _xlsx(folder: Folder, name: str, faults: Faults) -> Iterator[list[str]] | None:
    data = read_bytes(folder, name, faults)
    if data is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_UNPACKED:
            faults.add(Place(name), "too_large", "unpacks to more than a sheet of limits can hold")
            return None
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        return iter([[_shown(cell) for cell in row] for row in sheet.iter_rows()])
    except (zipfile.BadZipFile, CalamineError, ValueError, IndexError):
        faults.add(Place(name), "bad_xlsx", "is not a readable XLSX workbook; save it again")
        return None


def _shown(cell: object) -> str:
    """A workbook's cell as the text a person typed."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float():
            exact = Decimal(repr(cell))
            if len(exact.as_tuple().digits) > _EXACT_DIGITS:
                return f"{cell!r} (more digits than a spreadsheet keeps)"
            return f"{exact.normalize():f}"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return str(cell)


def _letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
