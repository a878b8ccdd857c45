"""Policies as cells: nothing is lost on the way there and back."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.library.folder import read_library
from agent_assist.library.policy_cells import (
    SECTIONS,
    file_cells,
    is_row_key,
    policy_rows,
    read_policy_rows,
)
from agent_assist.library.policy_files import policy_file
from tests.builders import a_vocabulary

SAMPLES = Path(__file__).parents[3] / "policies"
CELLS = {
    "title": "A fee",
    "issues": "fee, card",
    "explanation_type": "justification",
    "owner": "fees",
    "review_by": "2027-01-01",
    "say": "Yes.",
    "why": "So.",
}


@pytest.mark.parametrize("name", ["bank", "retail"])
def test_cells_hold_all_of_a_sample_and_so_does_its_file(name: str) -> None:
    library = read_library(SAMPLES / name)
    locale = library.vocabulary.locale

    rows = policy_rows(library.policies, locale)
    read, faults = read_policy_rows(rows, library.vocabulary)

    assert faults == ()
    assert sorted(read.values(), key=lambda one: (one.id, one.locale)) == list(library.policies)
    for key, policy in read.items():
        assert file_cells(policy_file(policy, is_original=policy.locale == locale)) == rows[key]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"]), max_size=30)


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from([*SECTIONS, "title", "owner", "tags", "sources"]), TEXTS),
    st.dictionaries(st.sampled_from(["examples", "examples.fee", "examples.card"]), TEXTS),
)
def test_whatever_is_typed_is_a_fault_or_a_policy_that_its_file_gives_back(
    typed: dict[str, str], examples: dict[str, str]
) -> None:
    rows = {"fees/fee": {**CELLS, **typed, **examples}}

    read, faults = read_policy_rows(rows, a_vocabulary())

    assert bool(faults) != bool(read)
    for policy in read.values():
        canonical = policy_rows([policy], "en")
        assert file_cells(policy_file(policy, is_original=True)) == canonical["fees/fee"]
        assert read_policy_rows(canonical, a_vocabulary()) == (read, ())


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("fees/fee", True),
        ("fees/fee.de", True),
        ("fees/fee.de-AT", True),
        ("fees//fee", False),
        ("/fees", False),
        ("fees/fee.", False),
        ("../fees", False),
        ("versions", False),
        ("drafts/x.de", False),
        ("a" * 121, False),
    ],
)
def test_the_key_of_a_row_is_an_id_and_a_locale(key: str, *, expected: bool) -> None:
    assert is_row_key(key) is expected


TWO = {**CELLS, "alternative_say": "Certainly.", "alternative_share": "20"}


def faults_of(rows: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    _, faults = read_policy_rows(rows, a_vocabulary())
    return [(one.place.file, one.place.key, one.code) for one in faults]


def test_a_second_wording_and_its_share_are_in_cells_and_file_alike() -> None:
    read, faults = read_policy_rows({"fees/fee": TWO}, a_vocabulary())
    policy = read["fees/fee"]

    assert faults == ()
    assert (policy.has_alternative, policy.alternative_share) == (True, 20)
    assert file_cells(policy_file(policy, is_original=True)) == TWO


def test_a_translation_says_all_that_customers_of_the_policy_may_be_told_and_nothing_else() -> None:
    german = {"title": "Gebühr", "say": "Ja.", "why": "So."}

    assert faults_of({"fees/fee": TWO, "fees/fee.de": german}) == [
        ("fees/fee.de", "alternative_say", "missing_wording")
    ]
    assert faults_of({"fees/fee": CELLS, "fees/fee.de": {**german, "alternative_why": "Aha."}}) == [
        ("fees/fee.de", "alternative_why", "extra_wording")
    ]
    assert faults_of({"fees/fee": TWO, "fees/fee.de": {**german, "alternative_say": "Ja!"}}) == []


@pytest.mark.parametrize("share", ["0", "100", "-1", "5.5", "half", "5%", "٢"])
def test_a_share_is_a_whole_percentage_that_leaves_some_to_both(share: str) -> None:
    assert faults_of({"fees/fee": {**TWO, "alternative_share": share}}) == [
        ("fees/fee", "alternative_share", "wrong_type")
    ]


def test_a_share_of_what_is_not_there_is_a_fault() -> None:
    assert faults_of({"fees/fee": {**CELLS, "alternative_share": "20"}}) == [
        ("fees/fee", "alternative_share", "no_alternative")
    ]
