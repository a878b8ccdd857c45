"""The rows of drafts: what changes them, what of two drafts clashes, what is carried over."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Cells: TypeAlias = Mapping[str, str]
"""Texts of one row by column, in the grammar of the library format; empty cells left out."""
Rows: TypeAlias = Mapping[str, Cells]
"""All rows of a table by key, in order."""
Changes: TypeAlias = Mapping[str, Cells | None]
"""Rows that are put, and rows that are dropped (None), by key."""


class TableKind(StrEnum):
    """The tables that are drafted, reviewed and published alike.

    A row of POLICIES is a policy in one language, and its cells are its fields; see
    `library.policy_cells`. The versions of that table are those of the library.
    """

    LIMITS = "limits"
    BUDGETS = "budgets"
    POLICIES = "policies"


SHEETS = (TableKind.LIMITS, TableKind.BUDGETS)
"""The tables that are sheets too, and say what may be given."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that a draft and the newest version both changed since the draft's base.

    None where there is no such row.
    """

    row: str
    base: Cells | None
    mine: Cells | None
    theirs: Cells | None


def content_hash(kind: TableKind, base: int, rows: Rows, vocabulary: Mapping[str, str]) -> str:
    """What an approval is bound to: the rows, what they replace, and what their words mean.

    Args:
        kind: which table.
        base: the version that the draft is based on.
        rows: of the draft; their order is not a part of it.
        vocabulary: the texts of the library's files, by name.
    """
    plain = {key: dict(cells) for key, cells in rows.items()}
    whole = json.dumps([kind, base, plain, dict(vocabulary)], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def changed(rows: Rows, changes: Changes) -> dict[str, Cells]:
    """The rows after some changes: rows keep their places, new ones follow at the end."""
    merged = {**rows, **changes}
    return {key: cells for key, cells in merged.items() if cells is not None}


def changes_between(old: Rows, new: Rows) -> dict[str, Cells | None]:
    """The changes that make `new` of `old`, none of them idle."""
    put: dict[str, Cells | None] = {k: c for k, c in new.items() if k not in old or old[k] != c}
    return put | {key: None for key in old if key not in new}


def clashes(base: Rows, mine: Rows, theirs: Rows) -> Iterator[Clash]:
    """The rows that both changed since `base`, each in another way."""
    here, there = changes_between(base, mine), changes_between(base, theirs)
    for key in here:
        if key in there and here[key] != there[key]:
            yield Clash(key, base.get(key), mine.get(key), theirs.get(key))


def carried_over(base: Rows, mine: Rows, theirs: Rows, *, keep_mine: frozenset[str]) -> Changes:
    """The changes that bring a draft's edits onto the rows of a newer version.

    Args:
        base: what the draft was made from.
        mine: the draft.
        theirs: the newer version.
        keep_mine: of the rows that clash, those where the draft's stays; the others give way.
    """
    given_up = {clash.row for clash in clashes(base, mine, theirs)} - keep_mine
    edits = {k: c for k, c in changes_between(base, mine).items() if k not in given_up}
    return changes_between(theirs, changed(theirs, edits))
