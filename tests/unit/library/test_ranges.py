"""An integer fact stays within the range that facts.toml states."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist.core.errors import InvalidInput
from agent_assist.core.facts import Fact, FactType, read_facts
from agent_assist.library.cells import CellFault, parse_test
from agent_assist.library.faults import LibraryFaulty
from agent_assist.library.folder import library_files, read_library, write_library

SAMPLES = Path(__file__).parents[3] / "policies"
Change = Callable[[str, str, str], None]


def a_count(least: int | None = None, most: int | None = None) -> Fact:
    kind = FactType.INTEGER
    return Fact("cards.count", kind, "Cards", "How many cards?", least=least, most=most)


@pytest.mark.parametrize(
    ("fact", "value", "detail"),
    [
        (a_count(least=0), -1, "must be at least 0"),
        (a_count(most=9), 10, "must be at most 9"),
        (a_count(0, 9), 10, "must be from 0 to 9"),
        (a_count(-5, -2), -1, "must be from -5 to -2"),
    ],
)
def test_a_value_outside_the_range_is_refused_with_the_bounds(
    fact: Fact, value: int, detail: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        read_facts({fact.key: value}, {fact.key: fact}, "EUR")

    problem = raised.value.problems[0]
    assert (problem.pointer, problem.code) == ("/facts/cards.count", "out_of_range")
    assert problem.detail == detail


@pytest.mark.parametrize("value", [0, 4, 9])
def test_the_bounds_belong_to_the_range(value: int) -> None:
    fact = a_count(0, 9)

    assert read_facts({fact.key: value}, {fact.key: fact}, "EUR") == {"cards.count": value}


@pytest.mark.parametrize("cell", ["< 0", "-3", "-9..-1", ">= 10", "12..20"])
def test_a_condition_that_no_value_within_the_range_meets_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault, match=r"cards\.count.*from 0 to 9"):
        parse_test(cell, a_count(0, 9), "EUR")


@pytest.mark.parametrize("cell", ["0", "-3..0", ">= 9", "<= 20", "> -5"])
def test_a_condition_that_some_value_within_the_range_meets_is_read(cell: str) -> None:
    assert parse_test(cell, a_count(0, 9), "EUR") == parse_test(cell, a_count(), "EUR")


@pytest.mark.parametrize(
    ("fields", "key", "code"),
    [
        ('type = "money"\nleast = 0', "fee.late.least", "unknown_key"),
        ('type = "boolean"\nmost = 1', "fee.late.most", "unknown_key"),
        ('type = "integer"\nleast = 3\nmost = 2', "fee.late.most", "bad_range"),
        ('type = "integer"\nleast = "0"', "fee.late.least", "wrong_type"),
        ('type = "integer"\nmost = 1.5', "fee.late.most", "wrong_type"),
        ('type = "integer"\nmost = true', "fee.late.most", "wrong_type"),
        ('type = "integer"\nmost = 1000000000000001', "fee.late.most", "bad_range"),
    ],
)
def test_a_range_that_makes_no_sense_is_a_fault(
    folder: Path, change: Change, fields: str, key: str, code: str
) -> None:
    text = f'["fee.late"]\n{fields}\nlabel = "Late"\nask = "Late?"\n["fee.amount"]'
    change("facts.toml", '["fee.amount"]', text)

    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)

    assert [(fault.place.key, fault.code) for fault in raised.value.faults] == [(key, code)]


def test_a_range_is_read_as_it_was_written(folder: Path, change: Change, tmp_path: Path) -> None:
    text = '["fee.late"]\ntype = "integer"\nleast = 0\nmost = 9\nlabel = "Late"\nask = "Late?"\n'
    change("facts.toml", '["fee.amount"]', text + '["fee.amount"]')
    library = read_library(folder)

    write_library(library_files(library), tmp_path / "out")

    fact = read_library(tmp_path / "out").vocabulary.facts["fee.late"]
    assert (fact.least, fact.most) == (0, 9)


@pytest.mark.parametrize("name", ["bank", "retail"])
def test_no_count_of_a_sample_library_can_be_negative(name: str) -> None:
    facts = read_library(SAMPLES / name).vocabulary.facts.values()

    assert {fact.least for fact in facts if fact.type is FactType.INTEGER} == {0}
