"""GET /v1/insights/drift: whether matching still fits what customers say."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.drift import Drift, Week
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Query, digits
from agent_assist.web.services import Services
from agent_assist.web.writers import write_probability

WEEKS = 13

Share = Annotated[float, Field(ge=0, le=1)]


class DriftQuery(Query):
    """How far to look back."""

    weeks: Annotated[
        int,
        Field(ge=1, le=52, description="How many weeks, the one that runs included."),
        BeforeValidator(digits),
    ] = WEEKS


class Abstained(TypedDict):
    """How many suggestions abstained; the share lies from `low` to `high` with 95 % confidence."""

    count: Annotated[int, Field(ge=0)]
    share: Share
    low: Share
    high: Share


class DriftWeek(TypedDict):
    """The suggestions of one week by one model."""

    week: Annotated[date, Field(description="The Monday it begins on.")]
    model: str
    suggestions: Annotated[int, Field(ge=1)]
    few: Annotated[bool, Field(description="Whether they are too few to conclude much.")]
    abstained: Abstained
    probability: Annotated[
        Share | None, Field(description="Median of the main match's; null if there was none.")
    ]
    words: Annotated[int, Field(ge=0, description="Words of substance, as far as texts are kept.")]
    unknown_words: Annotated[
        Share | None,
        Field(description="Share of these that the live library's texts do not have."),
    ]


class DriftReport(TypedDict):
    """Weeks, the newest first. `whole` is false if older suggestions were left out."""

    whole: bool
    items: list[DriftWeek]


def register(api: Operations, services: Services) -> None:
    """Add the report on drift."""

    @api.get(
        "/v1/insights/drift",
        Scope.READ,
        About("library", "Whether matching still fits what customers say"),
        query=DriftQuery,
        answer=DriftReport,
    )
    def drift(query: DriftQuery, _now: Exchange) -> DriftReport:
        """Tell by week and model how matching fared.

        That is how many suggestions abstained, how sure their main matches were, and how many of
        the customers' words the library does not have.
        A share that grows over weeks asks for new examples, policies or training. No word that
        was said is in it.
        """
        return drift_told(query, services)


def drift_told(query: DriftQuery, services: Services) -> DriftReport:
    """What is asked for."""
    return write_drift(services.drift.report(services.live.current(), query.weeks))


def write_drift(found: Drift) -> DriftReport:
    """The report as JSON."""
    return {"whole": found.is_whole, "items": [_write(one) for one in found.weeks]}


def _write(week: Week) -> DriftWeek:
    low, high = week.interval
    return {
        "week": week.monday,
        "model": week.model,
        "suggestions": week.suggestions,
        "few": week.is_few,
        "abstained": {
            "count": week.abstained,
            "share": write_probability(week.abstained / week.suggestions),
            "low": write_probability(low),
            "high": write_probability(high),
        },
        "probability": None if week.probability is None else write_probability(week.probability),
        "words": week.words,
        "unknown_words": write_probability(week.unknown / week.words) if week.words else None,
    }
