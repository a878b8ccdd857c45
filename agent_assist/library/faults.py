"""Faults: everything wrong with a library, by file and line or cell, all at once."""

from dataclasses import dataclass, field
from typing import ClassVar

from agent_assist.core.errors import AgentAssistError

MOST_FAULTS = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file, and a line, a cell such as `F12`, or a key in it."""

    file: str
    line: int = 0
    cell: str = ""
    key: str = ""

    def __str__(self) -> str:
        at = self.cell or (str(self.line) if self.line else "")
        place = f"{self.file}:{at}" if at else self.file
        return f"{place} ({self.key})" if self.key else place


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where, a stable code, and a sentence that says what to do."""

    place: Place
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.code}]"


@dataclass(slots=True)
class Faults:
    """Collects faults while a library is read, so that one reading reports them all."""

    items: list[Fault] = field(default_factory=list)
    unread: set[tuple[str, str]] = field(default_factory=set)

    def add(self, place: Place, code: str, message: str) -> None:
        """Note one fault; of more than `MOST_FAULTS` only that there are more."""
        if len(self.items) < MOST_FAULTS:
            self.items.append(Fault(place, code, message))
        elif len(self.items) == MOST_FAULTS:
            more = f"has more than the {MOST_FAULTS:,} faults listed; mend those first"
            self.items.append(Fault(Place(place.file), "too_many_faults", more))

    @property
    def full(self) -> bool:
        """True if nothing more will be noted, so that reading on is of no use."""
        return len(self.items) > MOST_FAULTS

    def leave_out(self, file: str, key: str = "") -> None:
        """Remember that a key of a file, or the whole file, has a fault and was left out."""
        self.unread.add((file, key))

    def add_unknown(self, place: Place, code: str, message: str, *, file: str, key: str) -> None:
        """Note the mention of a key that `file` does not have.

        Nothing is noted where the key may be in what was left out: that fault is there already.
        """
        if self.unread.isdisjoint({(file, ""), (file, key)}):
            self.add(place, code, message)

    def ordered(self) -> tuple[Fault, ...]:
        """All faults by file, then line, then cell."""
        return tuple(sorted(self.items, key=lambda fault: (fault.place, fault.code)))


class LibraryFaulty(AgentAssistError):
    """A library cannot be used; `faults` lists everything that is wrong with it."""

    code = "library_faulty"
    what: ClassVar[str] = "library"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        number = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"
        super().__init__(f"the {self.what} has {number}")


class SheetFaulty(LibraryFaulty):
    """A single sheet cannot be used; `faults` lists everything that is wrong with it."""

    code = "sheet_faulty"
    what = "sheet"
