"""GET /v1/insights/suggestions: how often there is one, what is said of it, and who follows it."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.measures import SuggestionsBy
from agent_assist.measure_suggestions import SuggestionMeasures
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.measures import DaysQuery, Number, RateSeen, read_wanted, write_rate
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Id, Maybe
from agent_assist.web.services import Services


class SuggestionsQuery(DaysQuery):
    """Which suggestions to measure, and what to tell them apart by."""

    by: SuggestionsBy = SuggestionsBy.WEEK
    channel: Maybe[Annotated[Id, Field(description="Only those that were made in it.")]] = None


class SuggestedSeen(TypedDict):
    """The measures of some suggestions; docs/measures.md defines each."""

    suggestions: Number
    abstained: Annotated[
        RateSeen, Field(description="No match was sure enough to be the answer; of suggestions.")
    ]
    right: Annotated[RateSeen, Field(description="Of what was said of them in feedback.")]
    wrong: Annotated[RateSeen, Field(description="Or should have been another; of the same.")]


class SuggestedItem(SuggestedSeen):
    """The measures of one kind; `key` is null where nothing was shown, or nothing is named."""

    key: str | None
    version: int | None


class HelpedSeen(TypedDict):
    """Contacts that a policy was shown in on the day they were opened."""

    contacts: Number
    followed: Annotated[
        RateSeen, Field(description="Their outcome says a policy that was shown; of those ended.")
    ]
    waited_seconds: Annotated[
        int | None,
        Field(
            description="From the opening to the first policy, of half of them: rounded up to the "
            "end of a stretch."
        ),
    ]
    waited_long_seconds: Annotated[int | None, Field(description="The same of nine of ten.")]


class SuggestionsReport(TypedDict):
    """Suggestions, on the day they were made, by the main policy that they showed.

    `pending` days have changed and are not counted again yet; `whole` is false if some items were
    left out.
    """

    since: date
    until: date
    by: SuggestionsBy
    team: str | None
    issue: str | None
    channel: str | None
    pending: Number
    whole: bool
    total: SuggestedSeen
    helped: HelpedSeen
    items: list[SuggestedItem]


def register(api: Operations, services: Services) -> None:
    """Add the measures of suggestions."""

    @api.get(
        "/v1/insights/suggestions",
        Scope.INSIGHTS,
        About("insights", "Measure suggestions and what they are good for"),
        query=SuggestionsQuery,
        answer=SuggestionsReport,
    )
    def measure_suggestions(query: SuggestionsQuery, now: Exchange) -> SuggestionsReport:
        """Tell how many suggestions abstained, were right or wrong, and were followed.

        In a session of somebody who sees one team's work it is that team's.
        """
        return suggestions_told(query, now, services)


def suggestions_told(
    query: SuggestionsQuery, now: Exchange, services: Services
) -> SuggestionsReport:
    """What is asked for, of what whoever asks may see; raises as `read_wanted`."""
    basis = services.live.current().basis()
    wanted = replace(read_wanted(query, now, services, basis), channel=query.channel)
    found = services.suggestion_measurer.look(basis, wanted, query.by)
    return {
        "since": wanted.since,
        "until": wanted.until,
        "by": query.by,
        "team": wanted.team,
        "issue": wanted.issue,
        "channel": wanted.channel,
        "pending": found.pending,
        "whole": found.is_whole,
        "total": _write(found.total),
        "helped": {
            "contacts": found.helped.contacts,
            "followed": write_rate(found.helped.followed),
            "waited_seconds": found.helped.waited,
            "waited_long_seconds": found.helped.waited_long,
        },
        "items": [{"key": one.key, "version": one.version, **_write(one)} for one in found.items],
    }


def _write(found: SuggestionMeasures) -> SuggestedSeen:
    return {
        "suggestions": found.suggestions,
        "abstained": write_rate(found.abstained),
        "right": write_rate(found.right),
        "wrong": write_rate(found.wrong),
    }
