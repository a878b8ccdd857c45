"""The brief: what there is to say of an issue, as one page that needs nothing else and prints."""

from datetime import date
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from agent_assist.web.insights.stake_shapes import IssueReport

MEDIA = "text/html"
_TEMPLATE = "templates/brief.html"
_TALL = 80  # of a bar that is everything, in the drawing's units


def render(report: IssueReport) -> str:
    """The page as HTML; what customers said is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"money": _money, "percent": _percent, "day": _day, "words": _words}
    template = files("agent_assist.web") / _TEMPLATE
    return environment.from_string(template.read_text("utf-8")).render(
        of=report, bars=_bars(report)
    )


def _bars(report: IssueReport) -> list[dict[str, Any]]:
    """Each week as a bar of its contacts, with the part that was not resolved at once."""
    most = max((week["ends"]["contacts"] for week in report["weeks"]), default=1) or 1
    return [
        {
            "week": week["week"],
            "all": _TALL * week["ends"]["contacts"] / most,
            "lost": _TALL * (week["ends"]["unresolved"] + week["ends"]["came_back"]) / most,
        }
        for week in report["weeks"]
    ]


def _money(money: dict[str, str]) -> str:
    """Whole units, in groups: nobody knows the cents of what is at risk."""
    whole, _, _ = money["amount"].partition(".")
    return f"{int(whole):,} {money['currency']}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if 0.1 <= share <= 0.9 else f"{100 * share:.1f} %"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _words(key: str) -> str:
    return key.replace("_", " ")
