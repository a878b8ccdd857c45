"""Any table that is written as CSV, XLSX or JSON is read back as the same table."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import given, settings

from agent_assist.core.budgets import Budget
from agent_assist.core.limits import LimitRow
from agent_assist.library.budget_sheet import BUDGETS
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.library.sheet_kind import SheetKind
from tests.random_tables import VOCABULARY, a_table, some_budgets

T = TypeVar("T")


def _written_and_read(kind: SheetKind[T], name: str, table: tuple[T, ...]) -> tuple[T, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(kind.file(name, table, VOCABULARY))
        return kind.read_file(path, VOCABULARY)


@pytest.mark.parametrize("name", ["limits.csv", "limits.json"])
@given(table=a_table)
def test_limits_are_read_as_they_were_written(name: str, table: tuple[LimitRow, ...]) -> None:
    assert _written_and_read(LIMITS, name, table) == table


@given(table=a_table)
@settings(max_examples=15)
def test_limits_are_read_as_they_were_written_in_a_workbook(table: tuple[LimitRow, ...]) -> None:
    assert _written_and_read(LIMITS, "limits.xlsx", table) == table


@pytest.mark.parametrize("name", ["budgets.csv", "budgets.json"])
@given(table=some_budgets)
def test_budgets_are_read_as_they_were_written(name: str, table: tuple[Budget, ...]) -> None:
    assert _written_and_read(BUDGETS, name, table) == table


@given(table=some_budgets)
@settings(max_examples=15)
def test_budgets_are_read_as_they_were_written_in_a_workbook(table: tuple[Budget, ...]) -> None:
    assert _written_and_read(BUDGETS, "budgets.xlsx", table) == table
