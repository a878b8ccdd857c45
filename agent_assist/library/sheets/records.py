"""A record: one row of a sheet, whatever file it came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.library.faults import Faults, Place
from agent_assist.library.files import hidden_character


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a sheet: texts by column name, and where each stands.

    Attributes:
        line: in the file; of JSON, which has no lines that mean anything, the row's number.
        address: the address of a column's cell, such as `F12` or `/rows/3/say`.
    """

    cells: Mapping[str, str]
    file: str
    line: int
    address: Callable[[str], str]

    def place(self, column: str = "", key: str = "") -> Place:
        """Where a cell, or the row, stands."""
        return Place(self.file, self.line, self.address(column), key or column)

    def note_hidden(self, faults: Faults) -> None:
        """Note every cell that holds a character nobody can see."""
        for column, text in self.cells.items():
            if code := hidden_character(text):
                message = f"holds {code}, which nobody can see"
                faults.add(self.place(column), "hidden_character", message)


@dataclass(frozen=True, slots=True)
class Records:
    """A sheet.

    Attributes:
        columns: their names, in order.
        headed: True if the file lists its columns, so that one that is missing was forgotten.
    """

    columns: Sequence[str]
    rows: Sequence[Record]
    headed: bool


def one_break(text: str) -> str:
    """The text with each line break written in the one way that survives every format."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
