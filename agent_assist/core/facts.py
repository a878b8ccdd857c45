"""Facts: typed, named values about the customer, order, account or contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.money import DIGITS, InvalidAmount, Money, exponent

MOST = 10**15
"""No number in a fact, and no amount of minor units, is larger."""

FactValue: TypeAlias = str | int | bool | date | Money
Facts: TypeAlias = Mapping[str, FactValue]
"""What is known, by fact key. A fact that is not in it is unknown, which is not false."""


class FactType(StrEnum):
    """What kind of value a fact has."""

    CHOICE = "choice"
    INTEGER = "integer"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact the library knows: its key, type and the question that finds it out.

    Attributes:
        choices: what a choice may be; empty for every other type.
        crm: where a CRM finds it; None for nowhere.
        least: an integer may not be below it; None for no such bound, as for all other types.
        most: an integer may not be above it; None likewise.
    """

    key: str
    type: FactType
    label: str
    ask: str
    choices: tuple[str, ...] = ()
    crm: str | None = None
    least: int | None = None
    most: int | None = None

    @property
    def range_in_words(self) -> str:
        """`at least 0`, `at most 9`, `from 0 to 9`; `any number` without bounds."""
        if self.least is not None and self.most is not None:
            return f"from {self.least} to {self.most}"
        if self.least is not None:
            return f"at least {self.least}"
        return "any number" if self.most is None else f"at most {self.most}"

    def has_in_range(self, number: int) -> bool:
        """True if no bound of the fact keeps it from being a number."""
        return (self.least is None or number >= self.least) and (
            self.most is None or number <= self.most
        )


def numbers_of(fact: Fact, currency: str) -> tuple[int, int]:
    """The lowest and the highest number, amount in minor units or day's ordinal a fact may be.

    Raises:
        TypeError: choices and booleans have no order.
    """
    match fact.type:
        case FactType.INTEGER:
            least = -MOST if fact.least is None else fact.least
            return least, MOST if fact.most is None else fact.most
        case FactType.MONEY:
            return 0, 10 ** (DIGITS + exponent(currency)) - 1
        case FactType.DATE:
            return date.min.toordinal(), date.max.toordinal()
    raise TypeError(f"{fact.key} has no order")


def orderable(value: FactValue) -> int:
    """A number, money or date as an integer in its order: minor units, or the day's ordinal.

    Raises:
        TypeError: choices and booleans have no order.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, date):
        return value.toordinal()
    raise TypeError(f"{type(value).__name__} has no order")


@dataclass(frozen=True, slots=True)
class AmountText:
    """An amount of money as it arrives: texts that nobody has read yet."""

    amount: str
    currency: str


RawValue: TypeAlias = str | int | bool | AmountText
"""A fact's value as it arrives."""


def read_facts(
    raw: Mapping[str, RawValue], known: Mapping[str, Fact], currency: str
) -> dict[str, FactValue]:
    """The facts that arrived, typed as the library defines them.

    Args:
        raw: values by fact key, as they arrived.
        known: the library's facts by key.
        currency: of the library; there is no implicit exchange, so no other is accepted.

    Raises:
        InvalidInput: unknown facts, values of the wrong type, choice, form, range or currency;
            each with its JSON pointer below `/facts`.
    """
    facts: dict[str, FactValue] = {}
    problems: list[FieldProblem] = []
    for key, value in raw.items():
        pointer = "/facts/" + key[:80].replace("~", "~0").replace("/", "~1")
        if key not in known:
            detail = "is not a fact of this library; GET /v1/facts lists them"
            problems.append(FieldProblem(pointer, "unknown_fact", detail))
            continue
        try:
            facts[key] = _read(value, known[key], currency)
        except _WrongValue as wrong:
            problems.append(FieldProblem(pointer, wrong.code, str(wrong)))
    if problems:
        raise InvalidInput(problems)
    return facts


class _WrongValue(Exception):
    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


def _read(value: RawValue, fact: Fact, currency: str) -> FactValue:
    match fact.type, value:
        case FactType.BOOLEAN, bool():
            return value
        case FactType.INTEGER, int() if not isinstance(value, bool):
            if abs(value) > MOST:
                raise _WrongValue("out_of_range", "is larger than any fact may be")
            if not fact.has_in_range(value):
                raise _WrongValue("out_of_range", f"must be {fact.range_in_words}")
            return value
        case FactType.CHOICE, str():
            if value not in fact.choices:
                raise _WrongValue("unknown_choice", f"must be one of {', '.join(fact.choices)}")
            return value
        case FactType.DATE, str():
            return _read_day(value)
        case FactType.MONEY, AmountText():
            return _read_money(value, currency)
    raise _WrongValue("wrong_type", f"must be {_FORMS[fact.type]}")


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _WrongValue("bad_date", "must be a date such as 2026-01-31")
    return day


def _read_money(value: AmountText, currency: str) -> Money:
    if value.currency != currency:
        detail = f"must be in {currency}, the library's currency; amounts are never exchanged"
        raise _WrongValue("other_currency", detail)
    try:
        return Money.parse(value.amount, currency)
    except InvalidAmount as error:
        raise _WrongValue("bad_amount", f"amount: {error}") from None


_FORMS = {
    FactType.CHOICE: "a text, one of the fact's choices",
    FactType.INTEGER: "a whole number",
    FactType.MONEY: 'an amount such as {"amount": "15.00", "currency": "EUR"}',
    FactType.BOOLEAN: "true or false",
    FactType.DATE: "a date such as 2026-01-31",
}
