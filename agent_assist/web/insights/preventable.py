"""GET /v1/insights/preventable: what need not have been asked, or had no answer."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.discover import Discovery, NewIssue
from agent_assist.web.approvals.tuning import TuningQuery
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.measures import Number, check_days
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services


class PreventableQuery(TuningQuery):
    """Which suggestions to look at."""


class WeekCount(TypedDict):
    """How many in a week."""

    week: Annotated[date, Field(description="The Monday it begins on.")]
    count: Number


class NewIssueSeen(TypedDict):
    """What several contacts asked that no policy answers; see docs/measures.md."""

    words: Annotated[list[str], Field(description="Proposed as its name, the most telling first.")]
    contacts: Annotated[int, Field(ge=1, description="In which it was asked.")]
    weeks: Annotated[list[WeekCount], Field(description="The oldest first, without gaps.")]
    sentences: Annotated[list[str], Field(description="What customers said, masked; at most 3.")]
    newest: Annotated[list[str], Field(description="Ids of the newest contacts, at most 20.")]


class PreventableReport(TypedDict):
    """New issues, the most frequent first.

    `looked` contacts were compared; `pending` texts are not encoded yet: ask again soon. `whole` is
    false if older suggestions were left out.
    """

    since: date
    until: date
    team: str | None
    looked: Number
    pending: Number
    whole: bool
    new_issues: list[NewIssueSeen]


def register(api: Operations, services: Services) -> None:
    """Add the report."""

    @api.get(
        "/v1/insights/preventable",
        Scope.INSIGHTS,
        About("insights", "What customers ask that no policy answers"),
        query=PreventableQuery,
        answer=PreventableReport,
    )
    def look_at_preventable(query: PreventableQuery, now: Exchange) -> PreventableReport:
        """Tell what was asked again and again where suggestions abstained, with proposed names.

        It quotes up to three customers for each, masked as they are kept. In a session of somebody
        who sees one team's work it is that team's.
        """
        team = now.caller.team_seen(query.team, Scope.INSIGHTS)
        snapshot = services.live.current()
        check_days(*services.measurer.days(snapshot.vocabulary, query.since, query.until))
        return _write(services.discoverer.look(snapshot, query.since, query.until, team), team)


def _write(found: Discovery, team: str | None) -> PreventableReport:
    return {
        "since": found.since,
        "until": found.until,
        "team": team,
        "looked": found.looked,
        "pending": found.pending,
        "whole": found.is_whole,
        "new_issues": [_write_issue(one) for one in found.found],
    }


def _write_issue(found: NewIssue) -> NewIssueSeen:
    return {
        "words": list(found.words),
        "contacts": found.count,
        "weeks": [{"week": monday, "count": count} for monday, count in found.weeks],
        "sentences": list(found.sentences),
        "newest": list(found.contacts),
    }
