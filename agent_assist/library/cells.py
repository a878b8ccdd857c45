"""The closed grammar of cells: texts of conditions and ceilings to core types and back.

There are no free expressions, which is what makes the analysis of a table exact. Reading what
`format_*` wrote gives the same thing again.
"""

import re
from collections.abc import Mapping
from datetime import date

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf, Term
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within, disjoint
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.facts import MOST, Fact, FactType, numbers_of
from agent_assist.core.money import InvalidAmount, format_minor, parse_minor
from agent_assist.core.vocabulary import Unit

EMPTY = frozenset({"", "-"})
MAX_CELL = 500
_COMPARED = re.compile(r"(>=|<=|>|<|=)\s*(.+)")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,15})", re.ASCII)
_PERCENT = re.compile(r"(0|[1-9][0-9]{0,3})(?:\.([0-9]{1,2}))?\s*%", re.ASCII)
_SHARE = re.compile(r"(?P<share>[^%]*%)\s+of\s+(?P<base>\S+)(?:\s+max\s+(?P<most>\S+))?")
_PER = re.compile(r"(?P<amount>\S+)\s+per\s+(?P<count>\S+)(?:\s+max\s+(?P<most>\S+))?")
_ANSWERS = {"yes": True, "no": False}


class CellFault(AgentAssistError):
    """A cell is not of the grammar, or does not fit its column."""

    code = "bad_cell"


class UnknownBase(CellFault):
    """A ceiling is reckoned from a fact that does not exist; `key` is its key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key[:64]!r} is not a fact of facts.toml")


def parse_test(text: str, fact: Fact, currency: str) -> Test | None:
    """The test of a condition cell; None for an empty cell or `-`, which accept anything.

    Raises:
        CellFault: not of the form that the fact's type allows, too long as it would be written,
            or a range that nothing is in, or that no value the fact may have is in.
    """
    text = _one_line(text)
    if text in EMPTY:
        return None
    match fact.type:
        case FactType.CHOICE:
            test = _choices(text, fact)
            _check_length(format_test(test, fact, currency))
            return test
        case FactType.BOOLEAN:
            return _answer(text)
        case FactType.INTEGER | FactType.MONEY | FactType.DATE:
            return _possible(_within(text, fact.type, currency), fact, currency)


def format_test(test: Test | None, fact: Fact, currency: str) -> str:
    """The cell of a test; empty for None."""
    match test:
        case None:
            return ""
        case OneOf(values):
            return ", ".join(choice for choice in fact.choices if choice in values)
        case NoneOf(values):
            return "not " + ", ".join(choice for choice in fact.choices if choice in values)
        case Is(answer):
            return "yes" if answer else "no"
        case Within(low, high):
            return _format_range(low, high, fact.type, currency)


def parse_ceiling(
    text: str, unit: Unit, facts: Mapping[str, Fact], currency: str
) -> Ceiling | None:
    """The ceiling of a cell in the remedy's unit; None for an empty cell or `-`.

    Raises:
        CellFault: not of the form that the unit allows, too long as it would be written, or
            reckoned from a fact that does not exist or is of the wrong type.
    """
    text = _one_line(text)
    if text in EMPTY:
        return None
    if text == "unlimited":
        return Ceiling(unlimited=True)
    ceiling = Ceiling(tuple(_term(one.strip(), unit, facts, currency) for one in text.split(";")))
    if len(ceiling.terms) > 1:
        _check_length(format_ceiling(ceiling, unit, currency))
    return ceiling


def format_ceiling(ceiling: Ceiling | None, unit: Unit, currency: str) -> str:
    """The cell of a ceiling; empty for None."""
    if ceiling is None:
        return ""
    if ceiling.unlimited:
        return "unlimited"
    return "; ".join(_format_term(term, unit, currency) for term in ceiling.terms)


def parse_amount(text: str, unit: Unit, currency: str) -> int:
    """`15.00`, `25%` or `2` in whole parts of the unit (see `core.ceilings`); CellFault if not."""
    match unit:
        case Unit.MONEY:
            try:
                return parse_minor(text, currency)
            except InvalidAmount as error:
                raise CellFault(str(error)) from None
        case Unit.PERCENT:
            return parse_percent(text)
        case Unit.COUNT | Unit.DAYS:
            number = parse_whole(text)
            if number < 0:
                raise CellFault("must not be below 0")
            return number


def format_amount(amount: int, unit: Unit, currency: str) -> str:
    """The text that `parse_amount` reads as `amount`."""
    match unit:
        case Unit.MONEY:
            return format_minor(amount, currency)
        case Unit.PERCENT:
            return format_percent(amount)
        case Unit.COUNT | Unit.DAYS:
            return str(amount)


def parse_percent(text: str) -> int:
    """Basis points of `12.5%`; CellFault if it is not a percentage of at most two decimals."""
    found = _PERCENT.fullmatch(text.strip())
    if not found:
        raise CellFault("must be a percentage such as 20%")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def format_percent(basis_points: int) -> str:
    """`1250` basis points are `12.5%`."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def parse_day(text: str) -> date:
    """An ISO date, `2026-01-31`; CellFault if it is not one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise CellFault("must be a date such as 2026-01-31")
    return day


def parse_whole(text: str) -> int:
    """A whole number in ASCII digits, perhaps below 0; CellFault if it is not one."""
    if not _WHOLE.fullmatch(text):
        raise CellFault("must be a whole number such as 3")
    number = int(text)
    if abs(number) > MOST:
        raise CellFault("is larger than any number may be")
    return number


def _one_line(text: str) -> str:
    _check_length(text)
    return " ".join(text.split())


def _check_length(text: str) -> None:
    """Refuse a text that is too long, also of what is read: written again it must be readable."""
    if len(text) > MAX_CELL:
        raise CellFault(f"is longer than {MAX_CELL} characters, as it is or as it is written out")


def _choices(text: str, fact: Fact) -> Test:
    negated = text.startswith("not ")
    values = [value.strip() for value in text.removeprefix("not ").split(",")]
    for value in values:
        if value not in fact.choices:
            raise CellFault(
                f"{value[:64]!r} is not a choice of {fact.key}; it has {', '.join(fact.choices)}"
            )
    if len(set(values)) != len(values):
        raise CellFault("names a choice twice")
    if len(values) == len(fact.choices):
        accepts = "nothing" if negated else "anything; leave the cell empty"
        raise CellFault(f"names every choice, so it accepts {accepts}")
    if negated:
        return NoneOf(frozenset(values), frozenset(fact.choices))
    return OneOf(frozenset(values))


def _answer(text: str) -> Test:
    if text not in _ANSWERS:
        raise CellFault("must be yes, no or empty")
    return Is(_ANSWERS[text])


def _within(text: str, kind: FactType, currency: str) -> Within:
    if ".." in text:
        low_text, _, high_text = text.partition("..")
        low, high = (_number(part.strip(), kind, currency) for part in (low_text, high_text))
        if low > high:
            raise CellFault("runs from the higher to the lower; nothing is in it")
        return Within(low, high)
    compared = _COMPARED.fullmatch(text)
    sign, operand = (compared[1], compared[2]) if compared else ("=", text)
    number = _number(operand, kind, currency)
    match sign:
        case ">=":
            return Within(number, None)
        case "<=":
            return Within(None, number)
        case ">":
            return Within(number + 1, None)
        case "<":
            return Within(None, number - 1)
        case _:
            return Within(number, number)


def _possible(test: Within, fact: Fact, currency: str) -> Test:
    low, high = numbers_of(fact, currency)
    if disjoint(test, Within(low, high)):
        least, most = (_format_number(one, fact.type, currency) for one in (low, high))
        raise CellFault(f"accepts no value that {fact.key} may have: it is from {least} to {most}")
    return test


def _number(text: str, kind: FactType, currency: str) -> int:
    match kind:
        case FactType.MONEY:
            return parse_amount(text, Unit.MONEY, currency)
        case FactType.DATE:
            return parse_day(text).toordinal()
        case _:
            return parse_whole(text)


def _format_range(low: int | None, high: int | None, kind: FactType, currency: str) -> str:
    if low is not None and high is not None:
        if low == high:
            return _format_number(low, kind, currency)
        return f"{_format_number(low, kind, currency)}..{_format_number(high, kind, currency)}"
    if low is not None:
        return f">= {_format_number(low, kind, currency)}"
    return "" if high is None else f"<= {_format_number(high, kind, currency)}"


def _format_number(number: int, kind: FactType, currency: str) -> str:
    match kind:
        case FactType.MONEY:
            return format_minor(number, currency)
        case FactType.DATE:
            return date.fromordinal(number).isoformat()
        case _:
            return str(number)


def _term(text: str, unit: Unit, facts: Mapping[str, Fact], currency: str) -> Term:
    if share := _SHARE.fullmatch(text):
        if unit is not Unit.MONEY:
            raise CellFault(f"a share of money is not a ceiling for a remedy in {unit}")
        base = _base(share["base"], FactType.MONEY, facts)
        most = share["most"]
        return ShareOf(parse_percent(share["share"]), base, _optional_amount(most, unit, currency))
    if per := _PER.fullmatch(text):
        count = _base(per["count"], FactType.INTEGER, facts)
        most = per["most"]
        return PerCount(
            parse_amount(per["amount"], unit, currency),
            count,
            _optional_amount(most, unit, currency),
        )
    if unit is Unit.MONEY and _PERCENT.fullmatch(text):
        base = next((key for key, one in facts.items() if one.type is FactType.MONEY), "a fact")
        raise CellFault(f"says no fact that it is a share of, as in `{text} of {base}`")
    return Fixed(parse_amount(text, unit, currency))


def _format_term(term: Term, unit: Unit, currency: str) -> str:
    match term:
        case Fixed(amount):
            return format_amount(amount, unit, currency)
        case ShareOf(basis_points, base, most):
            text = f"{format_percent(basis_points)} of {base}"
        case PerCount(amount, count, most):
            text = f"{format_amount(amount, unit, currency)} per {count}"
    return text if most is None else f"{text} max {format_amount(most, unit, currency)}"


def _base(key: str, kind: FactType, facts: Mapping[str, Fact]) -> str:
    if key not in facts:
        raise UnknownBase(key)
    if facts[key].type is not kind:
        raise CellFault(f"{key} is of type {facts[key].type}, but must be of type {kind}")
    return key


def _optional_amount(text: str | None, unit: Unit, currency: str) -> int | None:
    return None if text is None else parse_amount(text, unit, currency)
