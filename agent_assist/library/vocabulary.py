"""library.toml, issues.toml, facts.toml and remedies.toml."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agent_assist.core.facts import MOST, Fact, FactType
from agent_assist.core.money import Money, is_currency
from agent_assist.core.vocabulary import (
    MOST_REPEAT_DAYS,
    REPEAT_DAYS,
    Cause,
    Economics,
    Estimate,
    Issue,
    Level,
    Remedy,
    RemedyKind,
    Unit,
    Vocabulary,
)
from agent_assist.library.entries import read_entries
from agent_assist.library.faults import Faults
from agent_assist.library.files import Folder
from agent_assist.library.toml_files import Table, read_toml

T = TypeVar("T")
N = TypeVar("N", Money, Decimal)

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FACT_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}\.[a-z][a-z0-9_]{0,31}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ENDINGS = ("resolved", "repeated", "unresolved")
_SHARES = ("low", "likely", "high")
_CAPS = ("ceiling", "amount", "count")  # of each level, in the sheets
_NOTHING = Money(0, "EUR")
_NO_ECONOMICS = Economics(customer_value=Estimate(_NOTHING, _NOTHING, _NOTHING), loyalty_loss={})


VOCABULARY_FILES = frozenset({"library.toml", "issues.toml", "facts.toml", "remedies.toml"})


def read_vocabulary(folder: Folder, faults: Faults) -> Vocabulary | None:
    """What the four TOML files say. None if there is no library.toml; faults are noted.

    Issues, facts and remedies with faults are left out, and `faults` knows which, so that one
    fault does not make every mention of the thing a fault too. Settings with faults are stood in
    for, so that the other files can be read: no currency is "", and one faulty level is no level.
    """
    settings = read_toml(folder, "library.toml", faults)
    is_there = "library.toml" in folder.names()
    # If it cannot be read, its one fault is noted: that nothing is in it is not another.
    settings = settings or Table({}, "library.toml", "", {}, Faults())
    currency, levels = _currency(settings), _levels(settings)
    columns = frozenset(f"{one}.{level.key}" for one in _CAPS for level in levels)
    issues = read_entries(folder, "issues.toml", faults, KEY, _issue)
    facts = read_entries(
        folder, "facts.toml", faults, _FACT_KEY, lambda key, table: _fact(key, table, columns)
    )
    remedies = read_entries(
        folder, "remedies.toml", faults, KEY, lambda key, table: _remedy(key, table, currency)
    )
    if not is_there:
        return None
    name = settings.take_text("name")
    locale = _matching(settings, "locale", _LOCALE, "a language tag such as en or de-AT")
    time_zone = _time_zone(settings)
    economics = _economics(settings, currency)
    repeat_days = _repeat_days(settings)
    settings.take("based_on", dict, required=False)
    settings.finish()
    return Vocabulary(
        name=name or "",
        locale=locale or "en",
        currency=currency,
        time_zone=time_zone or "UTC",
        levels=levels,
        economics=economics or _NO_ECONOMICS,
        issues=issues,
        facts=facts,
        remedies=remedies,
        repeat_days=repeat_days or REPEAT_DAYS,
    )


def _issue(key: str, table: Table) -> Issue | None:
    name, description = table.take_text("name"), table.take_text("description")
    cause = table.take_choice("cause", Cause)
    if name is None or description is None or cause is None:
        return None
    return Issue(key, name, cause, description, repeat_days=_repeat_days(table))


def _repeat_days(table: Table) -> int | None:
    days: int | None = table.take("repeat_days", int, required=False)
    if days is None or 1 <= days <= MOST_REPEAT_DAYS:
        return days
    table.fault("repeat_days", "bad_range", f"'repeat_days' must be 1 to {MOST_REPEAT_DAYS}")
    return None


def _fact(key: str, table: Table, columns: frozenset[str]) -> Fact | None:
    """A fact; none that is named like one of the columns that limits and budgets have."""
    label, ask = table.take_text("label"), table.take_text("ask")
    kind, crm = table.take_choice("type", FactType), table.take_text("crm", required=False)
    choices = table.take_texts("choices", required=kind is FactType.CHOICE)
    if kind is FactType.CHOICE and len(choices) < 2:
        table.fault("choices", "too_few", "a choice needs at least two choices")
        return None
    for choice in choices:
        if not KEY.fullmatch(choice):
            table.fault("choices", "bad_key", f"{choice[:64]!r} must be of a-z, 0-9 and _")
    if kind is not FactType.CHOICE and choices:
        table.fault("choices", "unknown_key", f"only a fact of type choice has choices, not {kind}")
    least, most = _range(table, kind)
    if key in columns:
        message = f"{key!r} is a column of limits or budgets already; name the fact otherwise"
        table.fault("", "bad_key", message)
        return None
    if label is None or ask is None or kind is None:
        return None
    return Fact(
        key=key, type=kind, label=label, ask=ask, choices=choices, crm=crm, least=least, most=most
    )


def _range(table: Table, kind: FactType | None) -> tuple[int | None, int | None]:
    """The least and the most that an integer fact may be; no bounds where they have a fault."""
    before = len(table.faults.items)
    least, most = (table.take(key, int, required=False) for key in ("least", "most"))
    for key, bound in (("least", least), ("most", most)):
        if bound is not None and kind not in (FactType.INTEGER, None):
            message = f"only a fact of type integer has a range, not {kind}"
            table.fault(key, "unknown_key", message)
        elif bound is not None and abs(bound) > MOST:
            table.fault(key, "bad_range", f"{key!r} is larger than any fact may be")
    if least is not None and most is not None and least > most:
        table.fault("most", "bad_range", "'most' must not be below 'least'")
    return (least, most) if len(table.faults.items) == before else (None, None)


def _remedy(key: str, table: Table, currency: str) -> Remedy | None:
    label = table.take_text("label")
    kind, unit = table.take_choice("kind", RemedyKind), table.take_choice("unit", Unit)
    reversible = table.take("reversible", bool)
    reason_codes = table.take_texts("reason_codes")
    group = _matching(table, "exclusive_group", KEY, "a key", required=False)
    cost = table.take_money("cost", currency, required=unit not in (None, Unit.MONEY))
    if unit is Unit.MONEY and cost is not None:
        table.fault("cost", "unknown_key", "money costs itself; only other units have a cost")
    for reason in reason_codes:
        if not KEY.fullmatch(reason):
            table.fault("reason_codes", "bad_key", f"{reason[:64]!r} must be of a-z, 0-9 and _")
    if label is None or kind is None or unit is None or reversible is None:
        return None
    return Remedy(
        key=key,
        label=label,
        kind=kind,
        unit=unit,
        reversible=reversible,
        reason_codes=reason_codes,
        cost=cost,
        exclusive_group=group,
    )


def _currency(settings: Table) -> str:
    code = settings.take_text("currency") or ""
    if code and not is_currency(code):
        settings.fault("currency", "unknown_currency", f"{code[:8]!r} is not an ISO 4217 code")
        return ""
    return code


def _time_zone(settings: Table) -> str | None:
    name = settings.take_text("time_zone")
    if name is None:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        settings.fault("time_zone", "unknown_time_zone", f"{name[:64]!r} is not an IANA time zone")
        return None


def _levels(settings: Table) -> tuple[Level, ...]:
    """The ladder; nothing where it has a fault, for then no column of a level is sure."""
    before = len(settings.faults.items)
    levels: list[Level] = []
    for table in _tables(settings, "levels"):
        key = _matching(table, "key", KEY, "a key")
        label = table.take_text("label")
        table.finish()
        if key in {level.key for level in levels}:
            table.fault("key", "duplicate", f"the level {key!r} is there twice")
        elif key and label:
            levels.append(Level(key=key, label=label))
    if not levels and len(settings.faults.items) == before:
        settings.fault("levels", "empty", "needs at least one level")
    return tuple(levels) if len(settings.faults.items) == before else ()


def _tables(parent: Table, key: str) -> Iterator[Table]:
    for number, values in enumerate(parent.take(key, list) or []):
        table = Table(
            values if isinstance(values, dict) else {},
            parent.file,
            f"{key}.{number}",
            parent.lines,
            parent.faults,
        )
        if isinstance(values, dict):
            yield table
        else:
            table.fault("", "wrong_type", f"each of {key!r} must be a table")


def _economics(settings: Table, currency: str) -> Economics | None:
    table = settings.take_table("economics")
    if table is None:
        return None
    value = _estimate(table, "customer_value", lambda one, key: one.take_money(key, currency))
    losses = {}
    if (ended := table.take_table("loyalty_loss")) is not None:
        for ending in ENDINGS:
            losses[ending] = _estimate(ended, ending, lambda one, key: one.take_share(key))
        ended.finish()
    table.finish()
    known = {ending: loss for ending, loss in losses.items() if loss is not None}
    if value is None or len(known) < len(ENDINGS):
        return None
    return Economics(customer_value=value, loyalty_loss=known)


def _estimate(
    parent: Table, key: str, take: Callable[[Table, str], N | None]
) -> Estimate[N] | None:
    table = parent.take_table(key)
    if table is None:
        return None
    low, likely, high = (take(table, share) for share in _SHARES)
    table.finish()
    if low is None or likely is None or high is None:
        return None
    if not low <= likely <= high:
        parent.fault(key, "bad_range", f"{key!r} must not fall from low to likely to high")
        return None
    return Estimate(low=low, likely=likely, high=high)


def _matching(
    table: Table, key: str, pattern: re.Pattern[str], form: str, *, required: bool = True
) -> str | None:
    text = table.take_text(key, required=required)
    if text is not None and not pattern.fullmatch(text):
        table.fault(key, "bad_form", f"{key!r} must be {form}")
        return None
    return text
