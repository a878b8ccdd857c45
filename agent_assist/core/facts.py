"""Facts: typed, named values about the customer, order, account or contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from agent_assist.core.money import Money

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
    """A fact the library knows: its key, type and the question that finds it out."""

    key: str
    type: FactType
    label: str
    ask: str
    choices: tuple[str, ...] = ()
    crm: str | None = None


def orderable(value: FactValue) -> int:
    """A number, money or date as an integer in its order: minor units, or the day's ordinal.

    Raises:
        TypeError: choices and booleans have no order.
    """
    match value:
        case Money():
            return value.minor
        case date():
            return value.toordinal()
        case int() if not isinstance(value, bool):
            return value
    raise TypeError(f"{type(value).__name__} has no order")
