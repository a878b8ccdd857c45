"""Limits, budgets and policies as cells by row key: how drafts and versions hold them.

A row that cannot be read keeps its cells as they are, so that a person can mend it; every fault
is known by row and column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.core.budgets import Budget
from agent_assist.core.draft_rows import Cells, Rows, TableKind
from agent_assist.core.limits import LimitRow
from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.budget_sheet import BUDGETS
from agent_assist.library.columns import ROW_KEY
from agent_assist.library.faults import Fault, Faults, Place, SheetFaulty
from agent_assist.library.files import Folder
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.library.policy_cells import policy_rows, read_policy_rows
from agent_assist.library.sheet_kind import SheetKind
from agent_assist.library.sheets import Record, Records, read_sheet

MOST_ROWS = 20_000
"""No draft is loaded from a larger sheet."""
KEY_COLUMN: Mapping[TableKind, str] = {
    TableKind.LIMITS: "row",
    TableKind.BUDGETS: "budget",
    TableKind.POLICIES: "policy",
}
LONGEST: Mapping[TableKind, int] = {
    TableKind.LIMITS: 1_000,
    TableKind.BUDGETS: 1_000,
    TableKind.POLICIES: 10_000,
}
"""Characters that a cell of a draft may hold."""
REQUIRED: Mapping[TableKind, Sequence[str]] = {
    TableKind.LIMITS: LIMITS.required,
    TableKind.BUDGETS: BUDGETS.required,
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell: a stable code, and a sentence that says what to do."""

    row: str
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table of cells, read.

    Attributes:
        rows: those that can be read, as an export would write them, and the others as they are.
        limits, budgets, policies: the rows that can be read; two of the three are empty.
        faults: everything wrong with the others.
    """

    rows: Rows
    limits: tuple[LimitRow, ...]
    budgets: tuple[Budget, ...]
    faults: tuple[CellProblem, ...]
    policies: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a sheet, read: what it says, or its faults."""

    says: LimitRow | Budget | None
    cells: Cells
    faults: tuple[CellProblem, ...]


class TableReader:
    """Reads tables in one vocabulary.

    What a row of a sheet says follows from its cells alone, so it is remembered: the versions and
    drafts of a table have most of their rows in common.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._row = lru_cache(MOST_ROWS)(self._read_row)

    def read(self, kind: TableKind, rows: Rows) -> ReadTable:
        """What the cells of a table say, and all their faults."""
        if kind is TableKind.POLICIES:
            return _read_policies(rows, self.vocabulary)
        found = {key: self._row(kind, key, tuple(cells.items())) for key, cells in rows.items()}
        said = [one.says for one in found.values()]
        return ReadTable(
            rows={key: one.cells for key, one in found.items()},
            limits=tuple(one for one in said if isinstance(one, LimitRow)),
            budgets=tuple(one for one in said if isinstance(one, Budget)),
            faults=tuple(fault for one in found.values() for fault in one.faults),
        )

    def _read_row(self, kind: TableKind, key: str, items: tuple[tuple[str, str], ...]) -> ReadRow:
        found, cells = Faults(), dict(items)
        record = _record(kind, key, cells)
        records = Records(tuple(record.cells), [record], headed=True)
        sheet: SheetKind[LimitRow] | SheetKind[Budget]
        sheet = LIMITS if kind is TableKind.LIMITS else BUDGETS
        said = sheet.parse(records, kind, self.vocabulary, found)
        if found.items or not said:
            faults = tuple(_problem(key, fault) for fault in found.ordered())
            return ReadRow(None, cells, faults)
        return ReadRow(said[0], table_rows(kind, said, self.vocabulary)[key], ())


def read_table(kind: TableKind, rows: Rows, vocabulary: Vocabulary) -> ReadTable:
    """What the cells of a table say, and all their faults."""
    return TableReader(vocabulary).read(kind, rows)


def _read_policies(rows: Rows, vocabulary: Vocabulary) -> ReadTable:
    policies, faults = read_policy_rows(rows, vocabulary)
    readable = policy_rows(policies.values(), vocabulary.locale)
    return ReadTable(
        rows={key: readable.get(key, cells) for key, cells in rows.items()},
        limits=(),
        budgets=(),
        faults=tuple(
            CellProblem(one.place.file, one.place.key, one.code, one.message) for one in faults
        ),
        policies=tuple(policies.values()),
    )


def table_rows(
    kind: TableKind, things: Sequence[LimitRow] | Sequence[Budget], vocabulary: Vocabulary
) -> Rows:
    """Limit rows or budgets as cells by key; empty cells left out."""
    limits = [one for one in things if isinstance(one, LimitRow)]
    budgets = [one for one in things if isinstance(one, Budget)]
    if kind is TableKind.LIMITS:
        header, lines = LIMITS.sheet(limits, vocabulary)
    else:
        header, lines = BUDGETS.sheet(budgets, vocabulary)
    return {line[0]: _filled(header[1:], line[1:]) for line in lines}


def keyed_records(kind: TableKind, sheet: Folder, name: str) -> Records:
    """The records of a sheet by keys that are good and unique, whatever other cells say.

    Raises:
        SheetFaulty: with everything that keeps it from being so, by cell.
    """
    faults, column = Faults(), KEY_COLUMN[kind]
    found = read_sheet(sheet, name, faults) or Records((), (), headed=False)
    if column not in found.columns and found.headed:
        faults.add(Place(name), "missing_column", f"needs a column {column!r}")
    else:
        _check_keys(found.rows, column, faults)
    if len(found.rows) > MOST_ROWS:
        faults.add(Place(name), "too_large", f"has over {MOST_ROWS:,} rows")
    if faults.items:
        raise SheetFaulty(faults.ordered())
    return found


def cell_faults(
    kind: TableKind, records: Records, name: str, vocabulary: Vocabulary
) -> tuple[Fault, ...]:
    """Everything wrong with the cells of a sheet, by their addresses in it."""
    faults = Faults()
    if kind is TableKind.LIMITS:
        LIMITS.parse(records, name, vocabulary, faults)
    else:
        BUDGETS.parse(records, name, vocabulary, faults)
    return faults.ordered()


def sheet_rows(kind: TableKind, records: Iterable[Record]) -> Rows:
    """The rows of a sheet whose keys are known to be good; see `keyed_records`."""
    column = KEY_COLUMN[kind]
    return {
        record.cells[column]: {k: v for k, v in record.cells.items() if v and k != column}
        for record in records
    }


def rows_sheet(
    kind: TableKind, rows: Rows, vocabulary: Vocabulary
) -> tuple[list[str], list[list[str]]]:
    """Header and cells of the sheet of a table, its columns in the order of an export."""
    known, _ = _empty_sheet(kind, vocabulary)
    used = dict.fromkeys(column for cells in rows.values() for column in cells)
    facts = [fact for fact in vocabulary.facts if fact in used]
    place = 1 + next(i for i, column in enumerate(known) if column in _BEFORE_FACTS[kind])
    ordered = [*known[:place], *facts, *known[place:]]
    header = [*ordered, *(column for column in used if column not in ordered)]
    lines = [[key, *(cells.get(c, "") for c in header[1:])] for key, cells in rows.items()]
    return header, lines


def _check_keys(records: Sequence[Record], column: str, faults: Faults) -> None:
    seen: set[str] = set()
    for record in records:
        key = record.cells.get(column, "")
        if not ROW_KEY.fullmatch(key):
            message = "needs a key of letters, digits, _ and -, such as R041"
            faults.add(record.place(column), "bad_key", message)
        elif key in seen:
            faults.add(record.place(column), "duplicate", f"the key {key!r} is there twice")
        seen.add(key)


# The last column before those of facts.
_BEFORE_FACTS: Mapping[TableKind, frozenset[str]] = {
    TableKind.LIMITS: frozenset({"offer"}),
    TableKind.BUDGETS: frozenset({"remedies"}),
}


def _empty_sheet(kind: TableKind, vocabulary: Vocabulary) -> tuple[list[str], list[list[str]]]:
    if kind is TableKind.LIMITS:
        return LIMITS.sheet((), vocabulary)
    return BUDGETS.sheet((), vocabulary)


def _record(kind: TableKind, key: str, cells: Cells) -> Record:
    # Columns that every row needs are there, so that what is missing is a fault of its cell.
    whole = {**dict.fromkeys(REQUIRED[kind], ""), **cells, KEY_COLUMN[kind]: key}
    return Record(whole, kind, 1, _column)


def _column(column: str) -> str:
    """A cell's address: its row is told beside it."""
    return column


def _problem(row: str, fault: Fault) -> CellProblem:
    """A fault by its column, which ends the key of the fault's place."""
    column = fault.place.key.rpartition(", ")[2]
    return CellProblem(row, column, fault.code, fault.message)


def _filled(header: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(header, line, strict=True) if cell}
