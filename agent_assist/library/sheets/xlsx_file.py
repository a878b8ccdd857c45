"""Sheets as XLSX.

A workbook of a few kilobytes may unpack to gigabytes, and the sizes it states may be lies, so it
is read by a process of its own that the system holds to its memory and time (`workbook`).
"""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import MAX_BYTES, Folder, read_bytes
from agent_assist.library.sheets.grid import MAX_ROWS, Cell, as_text, read_grid
from agent_assist.library.sheets.records import Records, one_break

_READER = Path(__file__).with_name("workbook.py")
_SECONDS = 20
_MAX_CELL = 32_767  # characters that a spreadsheet keeps of a cell
_EXACT_DIGITS = 15  # its numbers are doubles
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_UNREADABLE = "is not a readable XLSX workbook; save it again"
_TOO_MUCH = "holds more than a sheet may; split it"


def read_xlsx(folder: Folder, name: str, faults: Faults) -> Records | None:
    """The columns and rows of a workbook's first sheet; None with a fault noted."""
    data = read_bytes(folder, name, faults)
    if data is None:
        return None
    if data.startswith(_OLE):
        message = "is encrypted or of the old kind; save it as XLSX without a password"
        faults.add(Place(name), "bad_xlsx", message)
        return None
    found: dict[str, Any] = {"error": "bad_xlsx"}
    if data.startswith(_ZIP):
        found = _unpacked(data)
    if error := found.get("error"):
        faults.add(Place(name), error, _TOO_MUCH if error == "too_large" else _UNREADABLE)
        return None
    refused: list[tuple[str, str]] = found["refused"]
    for address, kind in refused:
        line = int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        message = f"is {kind}; put the plain value there"
        faults.add(Place(name, line, address), "not_a_value", message)
    return read_grid(name, found["rows"], faults)


def write_xlsx(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The sheet as an XLSX file of texts and numbers; nothing in it is a formula.

    A number of more digits than a spreadsheet keeps is a text.

    Raises:
        ValueError: a cell is longer than a spreadsheet can keep.
    """
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
                if isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _EXACT_DIGITS:
                    sheet.write_number(line, column, float(cell))
                    continue
                text = as_text(one_break(cell if isinstance(cell, str) else f"{cell:f}"))
                if len(text) > _MAX_CELL:
                    raise ValueError(f"a cell of {header[column]!r} is too long for a workbook")
                sheet.write_string(line, column, text)
    return out.getvalue()


def _unpacked(data: bytes) -> dict[str, Any]:
    """What `workbook` says about a file; it is gone when this returns."""
    limits = [str(MAX_ROWS + 1), str(MAX_BYTES)]
    try:
        # Our own interpreter and script; only the file's bytes are from outside.
        done = subprocess.run(  # noqa: S603 - see above
            [sys.executable, "-I", str(_READER), *limits],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": "too_large"}
    # A reader that its limits ended has nothing to say.
    return json.loads(done.stdout) if done.returncode == 0 else {"error": "too_large"}
