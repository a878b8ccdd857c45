"""What limits and budgets have in common as sheets: read whole, every fault noted by cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.columns import Cells, check_columns
from agent_assist.library.faults import Faults, Place, SheetFaulty
from agent_assist.library.files import DiskFolder, Folder
from agent_assist.library.sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    Records,
    read_sheet,
    sheet_name,
    write_sheet,
)

T = TypeVar("T")
Sheet = tuple[list[str], list[list[str]]]
"""Header and cells."""


def sheet_at(path: Path) -> tuple[Folder, str]:
    """A single file as what sheets are read from: its folder, and its name in it.

    Raises:
        SheetFaulty: nothing is there, or a folder.
    """
    faults, place = Faults(), Place(str(path))
    if path.is_dir():
        faults.add(place, "unreadable", "is a folder; name one sheet in it")
    elif not path.exists():
        faults.add(place, "missing_file", "is not there; see its name and its folder")
    if faults.items:
        raise SheetFaulty(faults.ordered())
    return DiskFolder(path.parent), path.name


@dataclass(frozen=True, slots=True)
class SheetKind(Generic[T]):
    """A kind of sheet.

    Attributes:
        stem: the name of its file in a library, without the ending.
        required, optional: its columns; those of facts come with them.
        by_level: columns that there is one of for each level.
        read_row: what a record says; None with a fault noted. Takes the keys seen before.
        sheet: header and cells that are read as the same rows.
    """

    stem: str
    required: Sequence[str]
    optional: Sequence[str]
    by_level: Sequence[str]
    read_row: Callable[[Cells, set[str]], T | None]
    sheet: Callable[[Sequence[T], Vocabulary], Sheet]

    def read(self, folder: Folder, vocabulary: Vocabulary, faults: Faults) -> tuple[T, ...]:
        """Every row of a library's sheet that can be read; faults are noted by cell."""
        name = sheet_name(folder, self.stem, faults)
        return self._read(folder, name, vocabulary, faults)

    def read_file(self, path: Path, vocabulary: Vocabulary) -> tuple[T, ...]:
        """The rows of a single file, CSV, XLSX or JSON by the ending of its name.

        Raises:
            SheetFaulty: with every fault, by cell.
        """
        faults = Faults()
        rows = self._read(*sheet_at(path), vocabulary, faults)
        if faults.items:
            raise SheetFaulty(faults.ordered())
        return rows

    def file(self, name: str, rows: Sequence[T], vocabulary: Vocabulary) -> bytes:
        """The file of that name that is read as the same rows (KeyError without its ending)."""
        return write_sheet(name, *self.sheet(rows, vocabulary))

    def parse(
        self, records: Records, name: str, vocabulary: Vocabulary, faults: Faults
    ) -> tuple[T, ...]:
        """The rows that can be read; faults are noted by cell."""
        columns = {*self.required, *records.columns}
        if len(records.rows) > MAX_ROWS or len(columns) > MAX_COLUMNS:
            # As a sheet it could not be read again, and what is published is kept as one.
            most = f"{MAX_ROWS:,} rows and {MAX_COLUMNS} columns"
            faults.add(Place(name), "too_large", f"has more than {most}; drop some")
            return ()
        check_columns(
            records.columns,
            file=name,
            required=self.required if records.headed else (),
            optional=(*self.required, *self.optional),
            by_level=self.by_level,
            vocabulary=vocabulary,
            faults=faults,
        )
        seen: set[str] = set()
        rows = []
        for record in records.rows:
            row = self.read_row(Cells(record, vocabulary, faults), seen)
            if row is not None:
                rows.append(row)
            if faults.full:
                break
        return tuple(rows)

    def _read(
        self, folder: Folder, name: str, vocabulary: Vocabulary, faults: Faults
    ) -> tuple[T, ...]:
        records = read_sheet(folder, name, faults)
        return () if records is None else self.parse(records, name, vocabulary, faults)
