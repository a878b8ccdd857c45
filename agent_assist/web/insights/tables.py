"""The tables of insights as files: a line for each item, and one for all together.

Headings are the names of the API's fields, with the unit behind where there is one: shares are of
one, so that `0.25` is a quarter. A number is written as exactly as the API tells it, and a share
with the ends of its interval in columns of their own.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from agent_assist.core.approvals import ApprovalState
from agent_assist.library.sheets import Cell, write_csv, write_xlsx

Told: TypeAlias = Mapping[str, Any]
"""A report, or one item of it."""
Columns: TypeAlias = Mapping[str, str]
"""Where each column stands in an item, as names with dots between, by its heading."""

_TIME = ("since", "until", "team", "issue", "channel", "pending", "whole")
_ENDS = ("low", "likely", "high")
_STATES = {f"states, {one}": f"states.{one}" for one in ApprovalState}


def _plain(*names: str) -> Columns:
    return {name: name for name in names}


def _rate(name: str) -> Columns:
    parts = {"count": "", "of": "", "share": " (of 1)", "low": " (of 1)", "high": " (of 1)"}
    return {f"{name}, {one}{unit}": f"{name}.{one}" for one, unit in parts.items()} | {
        f"{name}, few": f"{name}.few"
    }


def _range(name: str, *, unit: str, at: str = "") -> Columns:
    return {f"{name}, {end} ({unit})": f"{name}.{end}{at}" for end in _ENDS}


def _quantity(name: str) -> Columns:
    units = {"money": "amount", "percent": "percent", "count": "count", "days": "days"}
    found = {f"{name} ({unit})": f"{name}.{at}" for unit, at in units.items()}
    return found | {f"{name}, currency": f"{name}.currency"}


_KIND = _plain("key", "version")
MEASURES: Columns = {
    **_KIND,
    **_plain("contacts", "ended"),
    **_rate("resolved_at_once"),
    **_rate("came_back"),
    **_rate("repeated"),
    **_rate("escalated"),
    **_rate("transferred"),
}
GRANTS: Columns = {
    **_plain("key", "reserved"),
    **_rate("given"),
    **_rate("taken_back"),
    **_plain("others"),
}
APPROVALS: Columns = {
    **_plain("key", "requests"),
    **_STATES,
    **_rate("approved"),
    **_rate("cut"),
    **_rate("taken_back"),
    **_plain("waited_seconds", "waited_long_seconds"),
}
SUGGESTIONS: Columns = {
    **_KIND,
    **_plain("suggestions"),
    **_rate("abstained"),
    **_rate("right"),
    **_rate("wrong"),
}
EVIDENCE: Columns = {
    **_plain("row", "level", "remedy", "ceiling", "requests"),
    **_STATES,
    **_plain("cut", "taken_back"),
    "overturned, share (of 1)": "overturned.share",
    "overturned, low (of 1)": "overturned.low",
    "overturned, high (of 1)": "overturned.high",
    "waited_seconds": "waited_seconds",
    **_quantity("asked"),
    **_quantity("given"),
    **_quantity("advice.to"),
    "advice, spared": "advice.spared",
    "why_not": "why_not",
}
DRIFT: Columns = {
    **_plain("week", "model", "suggestions", "few"),
    "abstained, count": "abstained.count",
    "abstained, share (of 1)": "abstained.share",
    "abstained, low (of 1)": "abstained.low",
    "abstained, high (of 1)": "abstained.high",
    "probability, median (of 1)": "probability",
    "words": "words",
    "unknown_words (of 1)": "unknown_words",
}


def stakes(currency: str) -> Columns:
    """The columns of money at risk, all of it in one currency."""
    ends = ("contacts", "ended", "unresolved", "came_back", "few")
    return {
        **_plain("issue", "cause"),
        **{one: f"ends.{one}" for one in ends},
        **_range("share", unit="of 1"),
        **_range("loyalty_lost", unit="of 1"),
        **_range("at_risk", unit=currency, at=".amount"),
        **_range("a_year", unit=currency, at=".amount"),
        **{f"saved, {end} ({currency})": f"saved.money.{end}.amount" for end in _ENDS},
        **_range("without_remedies", unit=currency, at=".amount"),
        f"ranked ({currency})": "ranked.amount",
    }


def spending(report: Told) -> Columns:
    """The columns of what was spent, one for each currency that a report tells of."""
    lines = [*report["items"], report["total"]]
    currencies = sorted({money["currency"] for one in lines for money in one["spend"]})
    return {f"spend ({one})": f"spend.{one}" for one in currencies}


def table(name: str, report: Told, columns: Columns) -> bytes:
    """A report as the file of that name, CSV or XLSX by its ending.

    The first columns say what the report tells of. The line of all together is last: something that
    counts in several items counts once in it.
    """
    of = [one for one in _TIME if one in report]
    lines = [("item", one) for one in report["items"]]
    if "total" in report:
        lines.append(("total", report["total"]))
    header = ["line", *columns, *(f"report, {one}" for one in of)]
    told = [_cell(report[one]) for one in of]
    rows = [[kind, *(_cell(_at(one, at)) for at in columns.values()), *told] for kind, one in lines]
    return write_csv(header, rows).encode() if name.endswith(".csv") else write_xlsx(header, rows)


def _at(item: Told, path: str) -> object:
    found: Any = item
    for name in path.split("."):
        if isinstance(found, list):
            found = {money["currency"]: Decimal(money["amount"]) for money in found}
        found = None if found is None else found.get(name)
    # Of what is a text only amounts are numbers: a team may be called 007.
    is_amount = isinstance(found, str) and path.endswith((".amount", ".percent"))
    return Decimal(found) if is_amount else found


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return Decimal(str(value))
        case Decimal():
            return value
    return str(value)
