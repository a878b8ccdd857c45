"""Amounts of money: exact, and refused rather than guessed."""

import pytest

from agent_assist.core.money import InvalidAmount, Money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("0", "EUR", 0),
        ("15", "EUR", 1500),
        ("15.5", "EUR", 1550),
        ("15.00", "EUR", 1500),
        ("0.01", "EUR", 1),
        ("0.29", "EUR", 29),  # 0.29 * 100 is less than 29 where it is a float
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("999999999999999", "JPY", 999_999_999_999_999),
    ],
)
def test_an_amount_is_read_to_whole_minor_units(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "EUR"),
        ("-1.00", "EUR"),
        ("+1.00", "EUR"),
        ("1,00", "EUR"),
        ("1e2", "EUR"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
        (".50", "EUR"),
        ("1.", "EUR"),
        ("01.00", "EUR"),
        ("1.005", "EUR"),
        ("1.0000000000", "EUR"),
        ("1.0", "JPY"),
        (" 1.00", "EUR"),
        ("1.00\n", "EUR"),
        ("\u0661\u0662.00", "EUR"),
        ("\uff11\uff12", "EUR"),
        ("9999999999999999", "EUR"),
        ("1.00", "eur"),
        ("1.00", "XXX"),
        ("0x10", "EUR"),
        ("1_000", "EUR"),
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(text, currency)


def test_the_text_of_an_amount_has_the_decimals_of_its_currency() -> None:
    assert [str(Money(1500, code)) for code in ("EUR", "JPY", "KWD")] == ["15.00", "1500", "1.500"]
