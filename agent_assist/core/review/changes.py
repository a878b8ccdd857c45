"""What differs between two tables, row by row and cell by cell, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from agent_assist.core.budgets import Budget
from agent_assist.core.draft_rows import Cells, Rows
from agent_assist.core.limits import LimitRow
from agent_assist.core.review.words import Words, percent
from agent_assist.core.vocabulary import Vocabulary

LONG = 200
"""Characters; of a longer text a sentence names the beginning alone."""


def short(text: str) -> str:
    """A text on one line, and of a long one the beginning."""
    line = " ".join(text.split())
    return line if len(line) <= LONG else line[:LONG].rpartition(" ")[0] + " …"


class ChangeKind(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose text differs.

    Attributes:
        column: as in the sheet: `issue`, a fact's key, `ceiling.rep`, `say`.
        name: what it is called in a sentence: `ceiling for rep`.
        before, after: in words; empty where the cell was, or is, empty.
    """

    column: str
    name: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.name} now {short(self.after)}"
        if not self.after:
            return f"{self.name} no longer {short(self.before)}"
        if max(len(self.before), len(self.after)) > LONG:
            return f"{self.name} reworded"
        return f"{self.name} from {self.before} to {self.after}"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was added, removed or changed, with the cells that differ."""

    row: str
    kind: ChangeKind
    cells: tuple[CellChange, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """`R041: ceiling for rep from 15.00 to 20.00`, one for each cell that changed."""
        if self.kind is ChangeKind.CHANGED:
            return tuple(f"{self.row}: {cell}" for cell in self.cells)
        texts = (f"{cell.name} {short(cell.before or cell.after)}" for cell in self.cells)
        return (f"{self.row}: {self.kind}, {', '.join(texts)}",)


def difference(
    old_rows: Sequence[LimitRow], new_rows: Sequence[LimitRow], vocabulary: Vocabulary
) -> tuple[RowChange, ...]:
    """The rows that differ: those of the new table in its order, then those that are gone."""
    return cell_difference(
        {row.key: cells_in_words(row, vocabulary) for row in old_rows},
        {row.key: cells_in_words(row, vocabulary) for row in new_rows},
    )


def cell_difference(old: Rows, new: Rows) -> tuple[RowChange, ...]:
    """As `difference`, of cells by row."""
    gone = (key for key in old if key not in new)
    found = (_change(key, old.get(key), new.get(key)) for key in chain(new, gone))
    return tuple(change for change in found if change.cells)


def cells_in_words(row: LimitRow | Budget, vocabulary: Vocabulary) -> Cells:
    """The cells of a row that hold something, in the order of the sheet, as a person reads them."""
    words = Words(vocabulary)
    if isinstance(row, Budget):
        return dict(_budget_cells(row, words))
    return dict(_limit_cells(row, words))


def _change(key: str, old: Cells | None, new: Cells | None) -> RowChange:
    before, after = old or {}, new or {}
    if old is None:
        kind = ChangeKind.ADDED
    else:
        kind = ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
    cells = (
        CellChange(column, _name(column), before.get(column, ""), after.get(column, ""))
        for column in dict.fromkeys((*before, *after))
    )
    return RowChange(key, kind, tuple(cell for cell in cells if cell.before != cell.after))


def _limit_cells(row: LimitRow, words: Words) -> Iterator[tuple[str, str]]:
    yield "remedy", row.remedy
    yield "effect", row.effect
    yield "issue", words.issues(row)
    yield "offer", row.offer
    yield "priority", str(row.priority)
    for fact, test in sorted(row.conditions.items()):
        yield fact, words.test(fact, test)
    for level, ceiling in row.ceilings.items():
        yield f"ceiling.{level}", words.ceiling(ceiling, row.remedy)
    for column, text in (("say", row.say), ("reason", row.reason)):
        if text:
            yield column, f'"{text}"'
    for column, day in (
        ("effective_from", row.effective_from),
        ("effective_to", row.effective_to),
    ):
        if day:
            yield column, day.isoformat()


def _budget_cells(budget: Budget, words: Words) -> Iterator[tuple[str, str]]:
    yield "scope", budget.scope
    yield "window", budget.window
    yield "remedies", ", ".join(sorted(budget.remedies)) or "all goodwill"
    for fact, test in sorted(budget.conditions.items()):
        yield fact, words.test(fact, test)
    for level, amount in budget.amounts.items():
        yield f"amount.{level}", words.money(amount)
    for level, count in budget.counts.items():
        yield f"count.{level}", str(count)
    if budget.warn_at is not None:
        yield "warn_at", percent(budget.warn_at)


def _name(column: str) -> str:
    prefix, _, level = column.partition(".")
    if prefix in ("ceiling", "amount", "count"):
        return f"{prefix} for {level}"
    return column.replace("_", " ") if column.startswith("effective_") else column
