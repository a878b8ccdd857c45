"""Sheets in the format that a file's name tells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeAlias

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import Folder
from agent_assist.library.sheets.csv_file import read_csv, write_csv
from agent_assist.library.sheets.json_file import read_json, write_json
from agent_assist.library.sheets.records import Records
from agent_assist.library.sheets.xlsx_file import read_xlsx, write_xlsx

Header: TypeAlias = Sequence[str]
Rows: TypeAlias = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """How sheets of one format are read and written."""

    read: Callable[[Folder, str, Faults], Records | None]
    write: Callable[[Header, Rows], str | bytes]


FORMATS: Mapping[str, Format] = {
    ".csv": Format(read_csv, write_csv),
    ".xlsx": Format(read_xlsx, write_xlsx),
    ".json": Format(read_json, write_json),
}
"""By the ending of the file's name, in small letters."""


def sheet_name(folder: Folder, stem: str, faults: Faults) -> str:
    """The file of a sheet, in whichever format the folder has it; a fault if it has several."""
    names = [name for name in (f"{stem}{ending}" for ending in FORMATS) if name in folder.names()]
    for name in names[1:]:
        faults.add(Place(name), "duplicate", f"stands beside {names[0]}; keep one of them")
    return names[0] if names else f"{stem}.csv"


def read_sheet(folder: Folder, name: str, faults: Faults) -> Records | None:
    """The column names and rows of a sheet, blank rows left out; None with a fault noted."""
    found = FORMATS.get(PurePath(name).suffix.lower())
    if found is None:
        message = f"is of no known format: its name must end in {', '.join(FORMATS)}"
        faults.add(Place(name), "unknown_format", message)
        return None
    return found.read(folder, name, faults)


def write_sheet(name: str, header: Header, rows: Rows) -> bytes:
    """The sheet in the format that the name's ending tells (KeyError if it tells none)."""
    written = FORMATS[PurePath(name).suffix.lower()].write(header, rows)
    return written.encode() if isinstance(written, str) else written
