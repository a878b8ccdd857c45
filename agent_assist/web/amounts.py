"""Amounts as clients send them: a plain text in the remedy's unit, or what an answer said."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from agent_assist.circumstances import StatedAmount
from agent_assist.core.vocabulary import Unit
from agent_assist.web.scalars import AmountText, AtLeastOne, CurrencyText, Received


class MoneyGiven(Received):
    """An amount of money: a decimal text, and an ISO 4217 code."""

    amount: AmountText
    currency: CurrencyText


class PercentGiven(Received):
    """A share: a decimal text, without its sign."""

    percent: AmountText


class CountGiven(Received):
    """So many of something."""

    count: AtLeastOne


class DaysGiven(Received):
    """So many days."""

    days: AtLeastOne


_OBJECTS = {"percent": PercentGiven, "count": CountGiven, "days": DaysGiven}


def _form(value: Any) -> str | None:
    match value:
        case str():
            return "text"
        case dict():
            return next((form for form in _OBJECTS if form in value), "money")
        case MoneyGiven():
            return "money"
    return next((form for form, of in _OBJECTS.items() if isinstance(value, of)), None)


AmountGiven = Annotated[
    Annotated[AmountText, Tag("text")]
    | Annotated[MoneyGiven, Tag("money")]
    | Annotated[PercentGiven, Tag("percent")]
    | Annotated[CountGiven, Tag("count")]
    | Annotated[DaysGiven, Tag("days")],
    Discriminator(
        _form,
        custom_error_type="wrong_type",
        custom_error_message='must be a text such as "15.00", or an object as answers have it',
    ),
    Field(
        description="As an answer says it, such as `up_to`; or a plain text in the remedy's unit: "
        "money in the library's currency, percent without its sign, count or days."
    ),
]


def read_stated(given: AmountGiven) -> StatedAmount:
    """An amount as it arrived."""
    match given:
        case MoneyGiven():
            return StatedAmount(given.amount, Unit.MONEY, given.currency)
        case PercentGiven():
            return StatedAmount(given.percent, Unit.PERCENT)
        case CountGiven():
            return StatedAmount(str(given.count), Unit.COUNT)
        case DaysGiven():
            return StatedAmount(str(given.days), Unit.DAYS)
    return StatedAmount(given)


def read_if_stated(given: AmountGiven | None) -> StatedAmount | None:
    """The same; None where none is stated, which is all there is."""
    return None if given is None else read_stated(given)
