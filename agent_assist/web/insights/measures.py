"""GET /v1/insights/measures: what became of contacts, by whatever they can be told apart by."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.measures import By, Rate, Wanted
from agent_assist.measure import Measured, Measures
from agent_assist.store.figures.days import Basis
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import CalendarDay, Id, Key, Maybe, Query
from agent_assist.web.services import Services
from agent_assist.web.writers import write_probability

Number = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]

_MOST_DAYS = 3_660


class DaysQuery(Query):
    """Which days, whose, and what about."""

    since: Maybe[
        Annotated[CalendarDay, Field(description="First day; left out, 90 days before the last.")]
    ] = None
    until: Maybe[Annotated[CalendarDay, Field(description="Last day; left out, today.")]] = None
    team: Maybe[Annotated[Id, Field(description="Only this team's; left out, all.")]] = None
    issue: Maybe[Annotated[Key, Field(description="Only what names it.")]] = None


class MeasuresQuery(DaysQuery):
    """Which contacts to measure, and what to tell them apart by."""

    by: By = By.WEEK
    channel: Maybe[Annotated[Id, Field(description="Only those that came by it.")]] = None


class RateSeen(TypedDict):
    """How many of how many; the share lies from `low` to `high` with 95 % confidence.

    The three are null of nothing. `few` if it is of so few that it says little. `shrunk` is the
    share to rank by, drawn towards that of all items the more the fewer it is of; null in totals.
    """

    count: Number
    of: Number
    share: Share | None
    low: Share | None
    high: Share | None
    shrunk: Share | None
    few: bool


class MeasuredSeen(TypedDict):
    """The measures of some contacts; docs/measures.md defines each."""

    contacts: Number
    ended: Annotated[int, Field(ge=0, description="Have an outcome.")]
    resolved_at_once: Annotated[
        RateSeen, Field(description="Resolved, as the outcome says, and not repeated; of ended.")
    ]
    came_back: Annotated[
        RateSeen, Field(description="Resolved, as the outcome says, and repeated; of ended.")
    ]
    repeated: Annotated[
        RateSeen, Field(description="Repeated, whatever became of it; of those with a customer.")
    ]
    escalated: Annotated[RateSeen, Field(description="An approval was asked for; of contacts.")]
    transferred: Annotated[
        RateSeen, Field(description="Another representative took it over; of contacts.")
    ]


class MeasuredItem(MeasuredSeen):
    """The measures of the contacts of one kind.

    `key` is a day, the Monday of a week, an issue, a cause, a policy, a team or a channel; null
    where contacts name none. `version` is a policy's, and null otherwise.
    """

    key: str | None
    version: int | None


class MeasuresReport(TypedDict):
    """Measures of some days.

    `pending` days have changed and are not counted again yet: ask again soon. Contacts from
    `unsettled_since` on may still be repeated. Days and weeks come in their order, everything else
    with the most contacts first; `whole` is false if some were left out. Contacts with several
    issues or policies count in the item of each, and once in the total.
    """

    since: date
    until: date
    by: By
    team: str | None
    issue: str | None
    channel: str | None
    pending: Number
    unsettled_since: date
    whole: bool
    total: MeasuredSeen
    items: list[MeasuredItem]


def register(api: Operations, services: Services) -> None:
    """Add the measures."""

    @api.get(
        "/v1/insights/measures",
        Scope.INSIGHTS,
        About("insights", "Measure contacts over time, and by what they are about"),
        query=MeasuresQuery,
        answer=MeasuresReport,
    )
    def read_measures(query: MeasuresQuery, now: Exchange) -> MeasuresReport:
        """Tell how many contacts were resolved at once, repeated, escalated, each with interval.

        In a session of somebody who sees one team's work it is that team's.
        """
        return measures_told(query, now, services)


def measures_told(query: MeasuresQuery, now: Exchange, services: Services) -> MeasuresReport:
    """What is asked for, of what whoever asks may see; raises as `read_wanted`."""
    basis = services.live.current().basis()
    wanted = replace(read_wanted(query, now, services, basis), channel=query.channel)
    return write_measures(services.measurer.look(basis, wanted, query.by))


def read_wanted(query: DaysQuery, now: Exchange, services: Services, basis: Basis) -> Wanted:
    """What is asked for, as far as whoever asks may see it.

    Raises:
        InvalidInput: the days are in the wrong order, or too many.
        NotYourself: a team that is out of sight.
    """
    since, until = services.measurer.days(basis.vocabulary, query.since, query.until)
    check_days(since, until)
    return Wanted(since, until, now.caller.team_seen(query.team, Scope.INSIGHTS), query.issue)


def check_days(since: date, until: date) -> None:
    """Raise InvalidInput for days in the wrong order, or too many."""
    if since > until:
        detail = f"must not be after {until.isoformat()}, the last day"
        raise InvalidInput([FieldProblem("since", "out_of_order", detail)])
    if (until - since).days > _MOST_DAYS:
        detail = f"must lie at most {_MOST_DAYS} days before {until.isoformat()}"
        raise InvalidInput([FieldProblem("since", "out_of_range", detail)])


def write_measures(found: Measures) -> MeasuresReport:
    """Measures as they are answered."""
    wanted = found.wanted
    return {
        "since": wanted.since,
        "until": wanted.until,
        "by": found.by,
        "team": wanted.team,
        "issue": wanted.issue,
        "channel": wanted.channel,
        "pending": found.pending,
        "unsettled_since": found.unsettled_since,
        "whole": found.is_whole,
        "total": _write_measured(found.total),
        "items": [
            {"key": one.key, "version": one.version, **_write_measured(one)} for one in found.items
        ],
    }


def _write_measured(found: Measured) -> MeasuredSeen:
    return {
        "contacts": found.contacts,
        "ended": found.ended,
        "resolved_at_once": write_rate(found.resolved_at_once),
        "came_back": write_rate(found.came_back),
        "repeated": write_rate(found.repeated),
        "escalated": write_rate(found.escalated),
        "transferred": write_rate(found.transferred),
    }


def write_rate(rate: Rate) -> RateSeen:
    """A share with what it is of."""
    low, high = rate.interval or (None, None)
    return {
        "count": rate.count,
        "of": rate.of,
        "share": write_probability(rate.count / rate.of) if rate.of else None,
        "low": None if low is None else write_probability(low),
        "high": None if high is None else write_probability(high),
        "shrunk": None if rate.shrunk is None else write_probability(rate.shrunk),
        "few": rate.is_few,
    }
