"""Export then import is the identity, for folders, sheets and cells."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.facts import Fact, FactType
from agent_assist.core.vocabulary import Unit
from agent_assist.library.cells import (
    CellFault,
    format_ceiling,
    format_test,
    parse_ceiling,
    parse_test,
    parse_whole,
)
from agent_assist.library.faults import Faults, LibraryFaulty
from agent_assist.library.files import DiskFolder
from agent_assist.library.folder import library_files, read_library, write_library
from agent_assist.library.limit_sheet import LIMITS, limit_sheet
from agent_assist.library.sheets import as_text, read_sheet, write_csv, write_xlsx
from agent_assist.library.tables import read_table
from tests.builders import a_fact, a_vocabulary

SAMPLES = Path(__file__).parents[3] / "policies"
FACTS = a_vocabulary().facts
_numbers = st.integers(0, 10**9)
_ranges = st.one_of(
    st.tuples(_numbers, _numbers).map(lambda b: Within(min(b), max(b))),
    _numbers.map(lambda low: Within(low, None)),
    _numbers.map(lambda high: Within(None, high)),
)
_days = st.dates(date(1990, 1, 1), date(2200, 1, 1)).map(date.toordinal)


@pytest.mark.parametrize("name", ["bank", "retail"])
def test_exporting_and_importing_a_sample_library_is_the_identity(
    name: str, tmp_path: Path
) -> None:
    library = read_library(SAMPLES / name)

    write_library(library_files(library), tmp_path / "out")

    assert read_library(tmp_path / "out") == library


def test_an_export_never_writes_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(LibraryFaulty):
        write_library({"library.toml": ""}, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("is_there", [True, False])
def test_an_export_that_cannot_be_finished_leaves_nothing(is_there: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if is_there:
        out.mkdir()
    too_long = "x" * 300

    with pytest.raises(LibraryFaulty) as raised:
        write_library({"library.toml": "", "fees/fee.md": "", too_long: ""}, out)

    assert [fault.code for fault in raised.value.faults] == ["cannot_write"]
    assert [path for path in tmp_path.rglob("*") if path != out] == []
    assert out.exists() is is_there


def test_an_export_into_an_empty_folder_keeps_the_folder_itself(tmp_path: Path) -> None:
    before = tmp_path.stat().st_ino

    write_library({"library.toml": "a", "fees/fee.md": "b"}, tmp_path)

    assert tmp_path.stat().st_ino == before
    assert DiskFolder(tmp_path).names() == ["fees/fee.md", "library.toml"]
    assert {path.name for path in tmp_path.iterdir()} == {"fees", "library.toml"}


def test_rows_survive_the_round_trip_through_xlsx(tmp_path: Path) -> None:
    library = read_library(SAMPLES / "bank")
    sheet = limit_sheet(library.limits, library.vocabulary)
    (tmp_path / "limits.xlsx").write_bytes(write_xlsx(*sheet))
    faults = Faults()

    read = read_sheet(DiskFolder(tmp_path), "limits.xlsx", faults)

    assert read is not None
    assert LIMITS.parse(read, "limits.xlsx", library.vocabulary, faults) == library.limits
    assert faults.items == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_no_cell_is_written_that_a_spreadsheet_would_run(start: str, tmp_path: Path) -> None:
    cell = f'{start}HYPERLINK("http://example.org")'
    (tmp_path / "sheet.csv").write_text(write_csv(["a"], [[cell]]), encoding="utf-8", newline="")

    assert as_text(cell).startswith("'")
    read = read_sheet(DiskFolder(tmp_path), "sheet.csv", Faults())
    assert read is not None
    assert read.rows[0].cells["a"] == cell.replace("\r", "\n")


@given(_ranges)
def test_a_range_of_numbers_is_read_as_it_was_written(test: Within) -> None:
    for kind in (FactType.INTEGER, FactType.MONEY):
        fact = a_fact("a.b", kind)
        assert parse_test(format_test(test, fact, "EUR"), fact, "EUR") == test


@given(_days, _days)
def test_a_range_of_days_is_read_as_it_was_written(one: int, other: int) -> None:
    fact, test = a_fact("a.b", FactType.DATE), Within(min(one, other), max(one, other))

    assert parse_test(format_test(test, fact, "EUR"), fact, "EUR") == test


@pytest.mark.parametrize(
    "test",
    [
        OneOf(frozenset({"gold"})),
        OneOf(frozenset({"gold", "plus"})),
        NoneOf(frozenset({"basic"}), frozenset({"basic", "plus", "gold"})),
    ],
)
def test_a_choice_is_read_as_it_was_written(test: Test) -> None:
    fact = FACTS["customer.tier"]

    assert parse_test(format_test(test, fact, "EUR"), fact, "EUR") == test


@pytest.mark.parametrize("answer", [True, False])
def test_yes_and_no_are_read_as_they_were_written(answer: bool) -> None:
    fact = FACTS["fee.disclosed"]

    assert parse_test(format_test(Is(answer), fact, "EUR"), fact, "EUR") == Is(answer)


_most = st.one_of(st.none(), _numbers)
_money_terms = st.one_of(
    _numbers.map(Fixed),
    st.builds(ShareOf, st.integers(0, 999_999), st.just("fee.amount"), _most),
    st.builds(PerCount, _numbers, st.just("cards.count"), _most),
)


@given(st.lists(_money_terms, min_size=1, max_size=3))
def test_a_ceiling_in_money_is_read_as_it_was_written(
    terms: list[Fixed | ShareOf | PerCount],
) -> None:
    ceiling = Ceiling(tuple(terms))

    assert (
        parse_ceiling(format_ceiling(ceiling, Unit.MONEY, "EUR"), Unit.MONEY, FACTS, "EUR")
        == ceiling
    )


@given(st.sampled_from([Unit.COUNT, Unit.DAYS, Unit.PERCENT]), st.integers(0, 999_999))
def test_a_ceiling_in_another_unit_is_read_as_it_was_written(unit: Unit, amount: int) -> None:
    ceiling = Ceiling((Fixed(amount),))

    assert parse_ceiling(format_ceiling(ceiling, unit, "EUR"), unit, FACTS, "EUR") == ceiling


_typed = st.one_of(
    st.sampled_from(["0", "5", "5.5", "0.00", "1.00", "-1", "-999999999999999", "999999999999999"]),
    st.sampled_from(["999999999999999.99", "1000000000000000", "0001-01-01", "9999-12-31"]),
    st.integers(-(10**16), 10**16).map(str),
)
_conditions = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", "=", "<", "> ", "<= ", ">="]), _typed),
    st.builds("{}..{}".format, _typed, _typed),
)
_tested = st.sampled_from(["customer.months", "fee.amount", "fee.day"]).map(FACTS.__getitem__)


@given(_tested, _conditions, st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_a_condition_that_can_be_read_is_read_the_same_from_what_is_written_of_it(
    fact: Fact, cell: str, currency: str
) -> None:
    try:
        test = parse_test(cell, fact, currency)
    except CellFault:
        return

    assert parse_test(format_test(test, fact, currency), fact, currency) == test


@pytest.mark.parametrize(
    ("fact", "cell"),
    [
        ("fee.amount", "< 0.00"),
        ("fee.amount", "> 999999999999999.99"),
        ("fee.day", "< 0001-01-01"),
        ("fee.day", "> 9999-12-31"),
        ("customer.months", "> 1000000000000000"),
        ("customer.months", "< -1000000000000000"),
    ],
)
def test_a_condition_past_every_value_of_its_type_is_a_fault(fact: str, cell: str) -> None:
    with pytest.raises(CellFault, match=r"accepts no value that .* may have: it is from .* to "):
        parse_test(cell, FACTS[fact], "EUR")


@pytest.mark.parametrize("terms", [1, 60, 83])
def test_a_ceiling_that_can_be_read_is_read_the_same_from_what_is_written_of_it(
    terms: int,
) -> None:
    ceiling = parse_ceiling(";".join("5" * terms), Unit.MONEY, FACTS, "EUR")

    written = format_ceiling(ceiling, Unit.MONEY, "EUR")
    assert parse_ceiling(written, Unit.MONEY, FACTS, "EUR") == ceiling


@pytest.mark.parametrize("terms", [84, 125, 250])
def test_a_ceiling_too_long_to_be_written_is_a_fault(terms: int) -> None:
    with pytest.raises(CellFault, match="500 characters"):
        parse_ceiling(";".join("5" * terms), Unit.MONEY, FACTS, "EUR")


def test_choices_too_many_to_be_written_are_a_fault() -> None:
    choices = tuple(f"choice_{number:02}" for number in range(60))
    fact = a_fact("customer.tier", FactType.CHOICE, choices)

    with pytest.raises(CellFault, match="500 characters"):
        parse_test(",".join(choices[:49]), fact, "EUR")
    test = parse_test(",".join(choices[:45]), fact, "EUR")
    assert parse_test(format_test(test, fact, "EUR"), fact, "EUR") == test


@pytest.mark.parametrize("cell", ["+5", "1_0", "\uff15", " 5", "1e3", "5.0", "0x10", "007", "-"])
def test_a_whole_number_is_written_in_one_way_only(cell: str) -> None:
    with pytest.raises(CellFault, match="must be a whole number"):
        parse_whole(cell)


@pytest.mark.parametrize("cell", ["+5", "1_0", "\uff15"])
def test_a_priority_is_a_plain_whole_number(cell: str) -> None:
    row = {"remedy": "fee_waiver", "effect": "allow", "ceiling.rep": "1.00", "priority": cell}

    faults = read_table(TableKind.LIMITS, {"R1": row}, a_vocabulary()).faults

    assert [(one.column, one.code) for one in faults] == [("priority", "bad_cell")]
