"""Reads a workbook from standard input and writes its first sheet to standard output, as JSON.

A program of its own, which imports nothing of the project: memory and time are limited by the
system, so that a workbook made to exhaust them ends this process and no other. Arguments: the
most rows and characters to write.

Writes `{"rows": [[TEXT, …], …], "refused": [[ADDRESS, WHAT], …]}`, or `{"error": CODE}`. Refused
are formulas and errors: what a person sees there is not what is stored, and an error would read as
an empty cell, which accepts anything.
"""

import io
import json
import posixpath
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook

_MEMORY = 512 * 1024 * 1024
_CPU_SECONDS = 10
_MAX_ENTRIES = 100
_MAX_UNPACKED = 50_000_000
_MAX_REFUSED = 1_000
_UNREADABLE = (
    zipfile.BadZipFile,
    CalamineError,
    ET.ParseError,
    LookupError,
    ValueError,
    StopIteration,
    NotImplementedError,  # a compression that zipfile does not know
    RuntimeError,  # an encrypted entry
    zlib.error,
    EOFError,
)
_EXACT_DIGITS = 15  # a spreadsheet's numbers are doubles: more digits are not what was typed


class TooLarge(Exception):
    """The workbook holds more than may be written."""


def main() -> None:
    """Read, and write what was found."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    rows, characters = map(int, sys.argv[1:])
    try:
        found = _read(sys.stdin.buffer.read(), rows, characters)
    except (TooLarge, MemoryError):
        found = {"error": "too_large"}
    except _UNREADABLE:
        found = {"error": "bad_xlsx"}
    json.dump(found, sys.stdout)


def _read(data: bytes, rows: int, characters: int) -> dict[str, object]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_UNPACKED:
            raise TooLarge
        refused = list(islice(_refused(archive, _first_sheet(archive)), _MAX_REFUSED))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    grid: list[list[str]] = []
    for row in sheet.iter_rows():
        texts = [_shown(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        characters -= len(texts) + sum(map(len, texts))
        if characters < 0:
            raise TooLarge
        grid.append(texts)
        if len(grid) > rows:
            break
    return {"rows": grid, "refused": refused}


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The path of the first sheet inside the archive (KeyError if it has none)."""
    sheet = _parsed(archive, "xl/workbook.xml").find("{*}sheets/{*}sheet")
    if sheet is None:
        raise KeyError("sheet")
    wanted = next(value for name, value in sheet.items() if name.endswith("}id"))
    links = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return posixpath.normpath(posixpath.join("/xl", targets[wanted])).lstrip("/")


def _parsed(archive: zipfile.ZipFile, path: str) -> ET.Element:
    return ET.fromstring(archive.read(path))  # noqa: S314 - no entity grows past the limits


def _refused(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, str]]:
    """The addresses of cells that are no plain values, and what they are."""
    with archive.open(path) as sheet:
        for _, row in ET.iterparse(sheet):  # noqa: S314 - as above
            if not row.tag.endswith("}row"):
                continue
            for cell in row:
                if cell.find("{*}f") is not None:
                    yield cell.get("r", "A1"), "a formula"
                elif cell.get("t") == "e":
                    yield cell.get("r", "A1"), "an error"
            row.clear()


def _shown(cell: object) -> str:
    """A workbook's cell as the text a person typed."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float():
            exact = Decimal(repr(cell))
            if not exact.is_finite() or len(exact.as_tuple().digits) > _EXACT_DIGITS:
                return f"{cell!r} (more digits than a spreadsheet keeps)"
            return f"{exact.normalize():f}"
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    main()
