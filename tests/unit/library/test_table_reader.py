"""Tables whose rows are remembered once they were read."""

from agent_assist.core.draft_rows import Cells, TableKind
from agent_assist.library.tables import TableReader, read_table
from tests.builders import a_vocabulary

VOCABULARY = a_vocabulary()
GOOD: Cells = {"remedy": "fee_waiver", "effect": "allow", "ceiling.rep": "1.00"}
BAD: Cells = {**GOOD, "priority": "1e3"}


def test_a_row_is_read_once_and_again_when_a_cell_of_it_is_another() -> None:
    reader = TableReader(VOCABULARY)
    first = reader.read(TableKind.LIMITS, {"R1": GOOD, "R2": GOOD})
    second = reader.read(TableKind.LIMITS, {"R1": dict(GOOD), "R2": {**GOOD, "ceiling.rep": "2"}})

    assert second.limits[0] is first.limits[0]
    assert second.limits[1] != first.limits[1]


def test_what_was_read_before_makes_no_difference_to_what_a_table_says() -> None:
    reader = TableReader(VOCABULARY)
    for rows in ({"R1": GOOD, "R2": BAD}, {"R1": BAD, "R2": GOOD}, {"R2": GOOD, "R1": GOOD}):
        assert reader.read(TableKind.LIMITS, rows) == read_table(TableKind.LIMITS, rows, VOCABULARY)
        assert reader.read(TableKind.BUDGETS, rows) == read_table(
            TableKind.BUDGETS, rows, VOCABULARY
        )
