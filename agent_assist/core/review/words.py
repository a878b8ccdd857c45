"""Tests, ceilings and cases in plain words, with the names that the table's columns have."""

from collections.abc import Iterable, Mapping
from datetime import date

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf, Term
from agent_assist.core.conditions import Conditions, Is, NoneOf, OneOf, Test, Within
from agent_assist.core.facts import Fact, FactType, FactValue
from agent_assist.core.limits import LimitRow
from agent_assist.core.money import format_minor
from agent_assist.core.review.findings import Case
from agent_assist.core.vocabulary import Unit, Vocabulary


class Words:
    """The words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._facts: Mapping[str, Fact] = vocabulary.facts
        self._remedies = vocabulary.remedies
        self._currency = vocabulary.currency

    def case(self, case: Case) -> str:
        """`fee, customer.tier gold, fee.amount 20.00, on 2026-12-24`."""
        parts = [case.issue, *(f"{key} {_value(value)}" for key, value in case.facts.items())]
        if case.day is not None:
            parts.append(f"on {case.day}")
        return ", ".join(parts)

    def conditions(self, conditions: Conditions) -> str:
        """`customer.tier gold, fee.amount at least 20.00`; `any case` without a test."""
        parts = (f"{key} {self.test(key, test)}" for key, test in conditions.items())
        return ", ".join(parts) or "any case"

    def test(self, fact: str, test: Test) -> str:
        """What a fact must be: `gold or plus`, `not basic`, `from 0.00 to 30.00`, `yes`."""
        match test:
            case OneOf(values):
                return " or ".join(self._in_order(fact, values))
            case NoneOf(values):
                return "not " + " nor ".join(self._in_order(fact, values))
            case Is(answer):
                return _value(answer)
            case Within(low, high):
                return self._range(self._facts[fact], low, high)

    def ceiling(self, ceiling: Ceiling, remedy: str) -> str:
        """`15.00`, `20% of fee.amount, at most 40.00`, `unlimited`, `nothing`."""
        if ceiling.unlimited:
            return "unlimited"
        unit = self._remedies[remedy].unit
        terms = (self._term(term, unit) for term in ceiling.terms)
        return "; ".join(terms) or "nothing"

    def amount(self, amount: int, remedy: str) -> str:
        """`15.00`, `25%` or `2`."""
        return self._amount(amount, self._remedies[remedy].unit)

    def issues(self, row: LimitRow) -> str:
        """`card, fee`, or `any`."""
        return ", ".join(sorted(row.issues)) or "any"

    def _in_order(self, fact: str, values: Iterable[str]) -> list[str]:
        return sorted(values, key=self._facts[fact].choices.index)

    def _range(self, fact: Fact, low: int | None, high: int | None) -> str:
        if low is not None and high is not None:
            first, last = self._number(fact, low), self._number(fact, high)
            return first if low == high else f"from {first} to {last}"
        if low is not None:
            return f"at least {self._number(fact, low)}"
        return "anything" if high is None else f"at most {self._number(fact, high)}"

    def _number(self, fact: Fact, number: int) -> str:
        match fact.type:
            case FactType.MONEY:
                return self.money(number)
            case FactType.DATE:
                return date.fromordinal(number).isoformat()
            case _:
                return str(number)

    def money(self, minor: int) -> str:
        """`15.00`."""
        # A test may name an amount below zero, although none passes it.
        sign = "-" if minor < 0 else ""
        return sign + format_minor(abs(minor), self._currency)

    def _amount(self, amount: int, unit: Unit) -> str:
        match unit:
            case Unit.MONEY:
                return self.money(amount)
            case Unit.PERCENT:
                return percent(amount)
            case _:
                return str(amount)

    def _term(self, term: Term, unit: Unit) -> str:
        match term:
            case Fixed(amount):
                return self._amount(amount, unit)
            case ShareOf(basis_points, base, cap):
                text = f"{percent(basis_points)} of {base}"
            case PerCount(amount, count, cap):
                text = f"{self._amount(amount, unit)} per {count}"
        return text if cap is None else f"{text}, at most {self._amount(cap, unit)}"


def listed(keys: Iterable[str]) -> str:
    """`R1, R2 and R3`; of many only the first ones are named."""
    named = list(keys)
    if len(named) > 6:
        named = [*named[:5], f"{len(named) - 5} more"]
    if len(named) < 2:
        return "".join(named)
    return ", ".join(named[:-1]) + " and " + named[-1]


def percent(basis_points: int) -> str:
    """`12.5%`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def _value(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
