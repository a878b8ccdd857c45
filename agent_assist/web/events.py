"""GET /v1/events: what happened since, in order."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.store.events import Event as StoredEvent
from agent_assist.web.cursors import read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.operations import About, Operations
from agent_assist.web.scalars import Id, Maybe, PageSize, Query
from agent_assist.web.services import Services


class EventQuery(Query):
    """From where to read on."""

    limit: PageSize = 50
    after: Maybe[Annotated[Id, Field(description="`cursor` of the page or event before.")]] = None


class Event(TypedDict):
    """Something that happened. What became of its subject since is read from the subject."""

    cursor: str
    at: datetime
    type: Annotated[
        str,
        Field(
            description="`approval.requested|decided|withdrawn|expired`, "
            "`grant.reserved|captured|voided`, `version.published|cancelled`, "
            "`brake.pulled|released`, `budget.warning|frozen|released`, or another; "
            "pass over those you do not know."
        ),
    ]
    subject: Annotated[
        str,
        Field(
            description="Id of what it happened to; of a publication the draft's, or of a version "
            "that was imported its table and number, such as `limits:2`."
        ),
    ]
    by: str
    contact: str | None
    rep: str | None
    team: str | None
    grant: Annotated[
        str | None,
        Field(
            description="Of a `budget.warning`: the grant that brought the budget to its "
            "`warn_at`. It tells whose budget it is. Else null."
        ),
    ]


class EventPage(TypedDict):
    """Events, oldest first. Ask again after `cursor`, also when there are none yet."""

    items: list[Event]
    cursor: str


def register(api: Operations, services: Services) -> None:
    """Add the feed of events."""

    @api.get(
        "/v1/events",
        Scope.EVENTS,
        About("events", "What happened since"),
        query=EventQuery,
        answer=EventPage,
    )
    def list_events(query: EventQuery, _now: Exchange) -> EventPage:
        """List what happened after a cursor, oldest first; without one, from the beginning.

        Each event is listed once and in the order in which things happened; none is ever put in
        before one that was read.
        """
        after = read_place(query.after, "after") or 0
        events = services.events.after(after, limit=query.limit)
        return {
            "items": [_write(one) for one in events],
            "cursor": str(events[-1].seq if events else after),
        }


def _write(event: StoredEvent) -> Event:
    return {
        "cursor": str(event.seq),
        "at": event.at,
        "type": event.type,
        "subject": event.subject,
        "by": event.by,
        "contact": event.contact,
        "rep": event.rep,
        "team": event.team,
        "grant": event.grant,
    }
