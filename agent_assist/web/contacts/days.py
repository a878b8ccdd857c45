"""GET /v1/insights/day and GET /v1/contacts: how a day goes, and which contacts it is made of."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.vocabulary import Cause, Vocabulary
from agent_assist.oversee import Day, Half, Resolution
from agent_assist.store.days import Change, DayContact, Given
from agent_assist.store.figures.contacts import assumed_cause
from agent_assist.web.cursors import no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.measures import check_days
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Money
from agent_assist.web.scalars import CalendarDay, Id, Key, Maybe, PageSize, Query
from agent_assist.web.services import Services
from agent_assist.web.writers import write_money, write_probability

_LOOKED = 10_000
_K = TypeVar("_K", str, Cause)
Number = Annotated[int, Field(ge=0)]
_Team = Annotated[Id, Field(description="Only this team's; left out, all.")]


class Ended(StrEnum):
    """How a contact has ended so far."""

    RESOLVED = "resolved"
    CAME_BACK = "came_back"
    UNRESOLVED = "unresolved"
    OPEN = "open"


class DayQuery(Query):
    """Which day, of whom."""

    day: Maybe[
        Annotated[
            CalendarDay, Field(description="In the organisation's time zone; left out, today.")
        ]
    ] = None
    team: Maybe[_Team] = None


class DayContactQuery(DayQuery):
    """Which contacts to list: of a day, or of the days from `since` to `until`."""

    since: Maybe[
        Annotated[CalendarDay, Field(description="First day of several; not with `day`.")]
    ] = None
    until: Maybe[
        Annotated[CalendarDay, Field(description="Last day of several; left out, today.")]
    ] = None
    issue: Maybe[Key] = None
    cause: Maybe[Cause] = None
    measured_cause: Maybe[
        Annotated[
            Cause,
            Field(
                description="As `GET /v1/insights/measures` counts it: where an outcome says no "
                "cause, the library's of the first issue."
            ),
        ]
    ] = None
    ended: Maybe[Ended] = None
    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class Resolved(TypedDict):
    """Contacts resolved at once: the outcome says so, and the customer has not come back.

    The share is of those that have an outcome, and lies from `low` to `high` with 95 % confidence;
    null while there are none. The customers of `unsettled` of the `count` may still come back
    within the days that the library gives their issues.
    """

    count: Number
    ended: Number
    came_back: Number
    unsettled: Number
    share: float | None
    low: float | None
    high: float | None


class Counted(TypedDict):
    """How often, and how often the day before."""

    key: str
    count: Number
    before: Number


class Spent(TypedDict):
    """What was given and not taken back. `money` is null for remedies that are none."""

    grants: Number
    money: Money | None


class DayFigures(TypedDict):
    """The figures of a day."""

    contacts: Number
    resolved: Resolved
    given: list[Spent]
    decided: Annotated[dict[str, int], Field(description="Requests that ended, by how.")]


class Waiting(TypedDict):
    """What waits for a decision now."""

    count: Number
    since: Annotated[datetime | None, Field(description="When the oldest was asked for.")]


class SomethingChanged(TypedDict):
    """Something that changed what may be given or said."""

    at: datetime
    by: Annotated[str, Field(description="As in `GET /v1/events`, and so is the type.")]
    type: str
    subject: Annotated[str, Field(description="Of a version such as `limits:2`.")]


class DayReport(TypedDict):
    """A day, beside the day before: of today, both up to the present time of day."""

    day: date
    is_today: bool
    team: str | None
    teams: Annotated[list[str], Field(description="Every team there is to ask for.")]
    waiting: Waiting
    told: DayFigures
    before: DayFigures
    issues: Annotated[list[Counted], Field(description="The most frequent first.")]
    causes: Annotated[list[Counted], Field(description="As outcomes say; most frequent first.")]
    changes: Annotated[
        list[SomethingChanged], Field(description="Of the day and the one before, newest first.")
    ]


class ContactSeen(TypedDict):
    """A contact in a list."""

    external_id: str
    opened_at: datetime
    channel: str | None
    customer: str | None
    rep: str | None
    team: str | None
    issues: list[str]
    ended: Ended
    cause: Cause | None


class ContactPage(TypedDict):
    """Contacts, the newest first. `next_cursor` is null on the last page."""

    items: list[ContactSeen]
    next_cursor: str | None


def register(api: Operations, services: Services) -> None:
    """Add the operations on days."""

    @api.get(
        "/v1/insights/day",
        Scope.INSIGHTS,
        About("insights", "How a day goes"),
        query=DayQuery,
        answer=DayReport,
    )
    def read_day(query: DayQuery, now: Exchange) -> DayReport:
        """Tell how a day goes, for a team or for all, beside the day before.

        In a session of somebody who sees one team's work it is that team's.
        """
        vocabulary = services.live.current().vocabulary
        team = now.caller.team_seen(query.team, Scope.INSIGHTS)
        found = services.overseer.day(vocabulary, query.day, team)
        seen = now.caller.sight(Scope.INSIGHTS)
        return _write_day(replace(found, teams=seen.teams(found.teams)))

    @api.get(
        "/v1/contacts",
        Scope.INSIGHTS,
        About("insights", "List the contacts of a day, or of several"),
        query=DayContactQuery,
        answer=ContactPage,
    )
    def list_contacts(query: DayContactQuery, now: Exchange) -> ContactPage:
        """List the contacts that were opened in a time, page by page, the newest first.

        Of several days a page may hold fewer than it could, even none, and yet say where the next
        begins: some ten thousand contacts are looked at for a page.
        """
        vocabulary = services.live.current().vocabulary
        team = now.caller.team_seen(query.team, Scope.INSIGHTS)
        since, until = _days(query, services.overseer.today(vocabulary))
        found = services.overseer.contacts(vocabulary, since, until, team, after=query.cursor)
        page, following = _page(found, query, vocabulary)
        return {"items": [_write_contact(one) for one in page], "next_cursor": following}


def _days(query: DayContactQuery, today: date) -> tuple[date, date]:
    """The first and the last day that are meant."""
    if query.day is not None and (query.since, query.until) != (None, None):
        raise InvalidInput([FieldProblem("day", "not_both", "goes without `since` and `until`")])
    until = query.day or query.until or today
    since = query.day or query.since or until
    check_days(since, until)
    return since, until


def _page(
    found: Iterator[DayContact], query: DayContactQuery, vocabulary: Vocabulary
) -> tuple[list[DayContact], str | None]:
    """The contacts that are wanted, and behind which one the next page begins."""
    page: list[DayContact] = []
    last = None
    try:
        for looked, one in enumerate(found):
            if looked == _LOOKED:
                return page, last
            if _is_wanted(one, query, vocabulary):
                if len(page) == query.limit:
                    return page, page[-1].external_id
                page.append(one)
            last = one.external_id
    except NotFound as error:
        raise no_such_page() from error
    return page, None


def _is_wanted(contact: DayContact, query: DayContactQuery, vocabulary: Vocabulary) -> bool:
    return (
        (query.issue is None or query.issue in contact.issues)
        and (query.cause is None or query.cause is contact.cause)
        and query.measured_cause in (None, _measured_cause(contact, vocabulary))
        and (query.ended is None or query.ended is _ended(contact))
    )


def _measured_cause(contact: DayContact, vocabulary: Vocabulary) -> str | None:
    if contact.resolved is None:
        return None
    return contact.cause or assumed_cause(contact.issues, vocabulary)


def _ended(contact: DayContact) -> Ended:
    if contact.resolved is None:
        return Ended.OPEN
    if not contact.resolved:
        return Ended.UNRESOLVED
    return Ended.CAME_BACK if contact.came_back else Ended.RESOLVED


def _write_contact(contact: DayContact) -> ContactSeen:
    return {
        "external_id": contact.external_id,
        "opened_at": contact.opened_at,
        "channel": contact.channel,
        "customer": contact.customer,
        "rep": contact.rep,
        "team": contact.team,
        "issues": list(contact.issues),
        "ended": _ended(contact),
        "cause": contact.cause,
    }


def _write_day(day: Day) -> DayReport:
    return {
        "day": day.day,
        "is_today": day.is_today,
        "team": day.team,
        "teams": list(day.teams),
        "waiting": {"count": day.queue.waiting, "since": day.queue.since},
        "told": _write_figures(day.told),
        "before": _write_figures(day.before),
        "issues": _write_counts(day.told.issues, day.before.issues),
        "causes": _write_counts(day.told.causes, day.before.causes),
        "changes": [_write_change(one) for one in day.changes],
    }


def _write_figures(half: Half) -> DayFigures:
    return {
        "contacts": half.contacts,
        "resolved": _write_resolution(half.resolution),
        "given": [_write_given(one) for one in half.given],
        "decided": dict(half.decided),
    }


def _write_resolution(found: Resolution) -> Resolved:
    low, high = found.interval or (None, None)
    return {
        "count": found.resolved,
        "ended": found.ended,
        "came_back": found.came_back,
        "unsettled": found.unsettled,
        "share": write_probability(found.resolved / found.ended) if found.ended else None,
        "low": None if low is None else write_probability(low),
        "high": None if high is None else write_probability(high),
    }


def _write_given(given: Given) -> Spent:
    money = None if given.money is None else write_money(given.money)
    return {"grants": given.grants, "money": money}


def _write_counts(told: Counter[_K], before: Counter[_K]) -> list[Counted]:
    most = sorted(told.items(), key=lambda one: (-one[1], one[0]))
    return [{"key": key, "count": n, "before": before.get(key, 0)} for key, n in most]


def _write_change(change: Change) -> SomethingChanged:
    return {"at": change.at, "by": change.by, "type": change.type, "subject": change.subject}
