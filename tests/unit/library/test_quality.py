"""The bar that `library check --strict` holds texts to."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent_assist.core.ceilings import ShareOf
from agent_assist.library.folder import read_library
from agent_assist.library.quality import quality_faults, reading_grade, sayable_faults, word_count

SAMPLES = Path(__file__).parents[3] / "policies"


@pytest.mark.parametrize("name", ["bank", "retail"])
def test_the_sample_libraries_meet_the_bar(name: str) -> None:
    assert quality_faults(read_library(SAMPLES / name), date(2026, 11, 21)) == ()


def test_the_bank_library_is_as_large_as_promised() -> None:
    bank = read_library(SAMPLES / "bank")

    assert len(bank.vocabulary.issues) == 77
    assert len(bank.policies) >= 60
    assert len(bank.limits) >= 150
    assert len(bank.budgets) >= 12
    assert len(bank.vocabulary.facts) >= 20
    assert len(bank.vocabulary.remedies) >= 12
    assert len(bank.vocabulary.levels) == 4


@pytest.mark.parametrize("name", ["bank", "retail"])
def test_a_share_at_one_level_of_a_sample_is_never_unlimited_at_another(name: str) -> None:
    for row in read_library(SAMPLES / name).limits:
        ceilings = row.ceilings.values()
        terms = [term for ceiling in ceilings for term in ceiling.terms]
        is_share = any(isinstance(term, ShareOf) for term in terms)
        assert not (is_share and any(ceiling.unlimited for ceiling in ceilings)), row.key


def test_no_payment_of_the_bank_is_refunded_without_a_limit() -> None:
    rows = read_library(SAMPLES / "bank").limits

    assert [row.key for row in rows if any(c.unlimited for c in row.ceilings.values())] == []


@pytest.mark.parametrize(
    ("lower", "higher", "code"),
    [
        ("15.00", "10.00", "ladder_falls"),
        ("50% of fee.amount max 15.00", "50% of fee.amount max 10.00", "ladder_may_fall"),
        ("15.00", "20.00; 50% of fee.amount", "ladder_may_fall"),
        ("15.00", "20.00; 10.00", "ladder_falls"),
        ("unlimited", "50% of fee.amount", "ladder_falls"),
    ],
)
def test_a_ladder_that_falls_in_any_case_is_a_fault(
    folder: Path, change: Callable[[str, str, str], None], lower: str, higher: str, code: str
) -> None:
    change("limits.csv", "15.00,50% of fee.amount max 40.00", f"{lower},{higher}")

    faults = quality_faults(read_library(folder), date(2026, 11, 21))

    assert [f.place.key for f in faults if f.code == code] == ["R1"]


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("50% of fee.amount max 10.00", "50% of fee.amount max 15.00"),
        ("20.00; 50% of fee.amount", "50% of fee.amount"),
        ("15.00", "unlimited"),
    ],
)
def test_a_ladder_that_falls_in_no_case_is_none(
    folder: Path, change: Callable[[str, str, str], None], lower: str, higher: str
) -> None:
    change("limits.csv", "15.00,50% of fee.amount max 40.00", f"{lower},{higher}")

    faults = quality_faults(read_library(folder), date(2026, 11, 21))

    assert [f for f in faults if f.code.startswith("ladder")] == []


def test_a_policy_past_its_review_date_is_a_fault() -> None:
    faults = quality_faults(read_library(SAMPLES / "bank"), date(2099, 1, 1))

    assert {fault.code for fault in faults} == {"review_due"}


@pytest.mark.parametrize(
    "text",
    [
        "I can give you 15 euros.",
        "I can give you €15.",
        "We may refund up to five of them.",
        "You get 20% back.",
        "That is ten percent.",
        "EUR 30 is the most.",
        "A maximum of three times.",
        "I can give you 9.00 back.",
        "You get 1200,50 of it.",
    ],
)
def test_a_limit_in_what_a_customer_hears_is_a_fault(text: str) -> None:
    assert [code for code, _ in sayable_faults(text)] == ["amount_in_say"]


@pytest.mark.parametrize(
    "text",
    [
        "It takes two working days.",
        "I will call you back within an hour.",
        "Your card works at 7-Eleven.",
        "One moment, please.",
        "The branch opens at 9.30, and by phone we are there from 8.00 pm.",
        "This needs version 4.12, or 4.12.1.",
        "Ring us before 10.30 am or 5.15 pm.",
    ],
)
def test_times_and_names_are_not_limits(text: str) -> None:
    assert list(sayable_faults(text)) == []


def test_blame_is_a_fault() -> None:
    assert [code for code, _ in sayable_faults("As I said, you should have read it.")] == ["blame"]


def test_long_words_in_long_sentences_read_harder_than_short_ones() -> None:
    hard = "Notwithstanding contractual obligations, reimbursement necessitates authorisation."

    assert reading_grade("We pay it back. It takes a day.") < 3
    assert reading_grade(hard) > 15


def test_a_hyphenated_word_is_one_word() -> None:
    assert word_count("A well-known top-up, isn't it?") == 5
