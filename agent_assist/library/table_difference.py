"""What publishing one table in place of another would change, in words and cell by cell."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from agent_assist.core.budgets import Budget
from agent_assist.core.draft_rows import Rows, TableKind
from agent_assist.core.limits import LimitRow
from agent_assist.core.review import (
    RowChange,
    budgets_tighten,
    cell_difference,
    cells_in_words,
    is_tightening,
    says_nothing_new,
)
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.tables import ReadTable


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing a draft would change.

    Attributes:
        base: the version it is compared with.
        changes: row by row and cell by cell, in words.
        before, after: the cells of the rows that differ, side by side.
        tightens: it is proved that nobody may be given more, and customers are told nothing new.
    """

    base: int
    changes: tuple[RowChange, ...]
    before: Rows
    after: Rows
    tightens: bool


def table_difference(
    kind: TableKind, base: int, old: ReadTable, new: ReadTable, vocabulary: Vocabulary
) -> Difference:
    """What differs between two tables of a kind; `old` is that of the version `base`."""
    # Rows with the same cells say the same, and need no words.
    differ = {k for k in {**old.rows, **new.rows} if old.rows.get(k) != new.rows.get(k)}
    changes = cell_difference(
        _in_words(old, differ, vocabulary), _in_words(new, differ, vocabulary)
    )
    changed = [one.row for one in changes]
    return Difference(
        base=base,
        changes=changes,
        before={key: old.rows[key] for key in changed if key in old.rows},
        after={key: new.rows[key] for key in changed if key in new.rows},
        tightens=tightens(kind, old, new, vocabulary),
    )


def tightens(kind: TableKind, old: ReadTable, new: ReadTable, vocabulary: Vocabulary) -> bool:
    """True only if it is proved that nobody may be given more by `new` than by `old`.

    Words reach customers, and no proof says that they are better: new ones never tighten.
    """
    if kind is TableKind.POLICIES or old.faults or new.faults:
        return False
    if not says_nothing_new(old.limits, new.limits):
        return False
    return is_tightening(old.limits, new.limits, vocabulary) and budgets_tighten(
        old.budgets, new.budgets
    )


def _in_words(table: ReadTable, keys: AbstractSet[str], vocabulary: Vocabulary) -> Rows:
    """Some rows of a table in words; one that cannot be read, in its own."""
    said: tuple[LimitRow | Budget, ...] = (*table.limits, *table.budgets)
    words = {one.key: cells_in_words(one, vocabulary) for one in said if one.key in keys}
    return {key: words.get(key, cells) for key, cells in table.rows.items() if key in keys}
