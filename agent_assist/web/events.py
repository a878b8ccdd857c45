"""GET /v1/events: what happened since, in order."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from flask import Response, request
from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from agent_assist.admit import Caller, Scope
from agent_assist.store.events import Event as StoredEvent
from agent_assist.web.cursors import read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Id, Maybe, PageSize, Query
from agent_assist.web.services import Services
from agent_assist.web.streams import Streams, frame

LATEST = "latest"
"""Instead of a cursor: nothing that happened, and the cursor of now."""

_AT_ONCE = 200


class EventQuery(Query):
    """From where to read on."""

    limit: PageSize = 50
    after: Maybe[
        Annotated[
            Id,
            Field(description="`cursor` of the page or event before; `latest` for that of now."),
        ]
    ] = None


class Event(TypedDict):
    """Something that happened. What became of its subject since is read from the subject."""

    cursor: str
    at: datetime
    type: Annotated[
        str,
        Field(
            description="`approval.requested|decided|withdrawn|expired`, "
            "`grant.reserved|captured|voided`, `version.published|cancelled`, "
            "`model.activated`, `brake.pulled|released`, `budget.warning|frozen|released`, or "
            "another; pass over those you do not know."
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


_EVENT = TypeAdapter(Event)


class EventPage(TypedDict):
    """Events, oldest first. Ask again after `cursor`, also when there are none yet."""

    items: list[Event]
    cursor: str


def register(
    api: Operations, services: Services, streams: Streams, again: Callable[[Caller], Caller | None]
) -> None:
    """Add the feed of events; `again` gives a caller as they are now."""

    def follow(query: EventQuery, now: Exchange) -> Response:
        last = request.headers.get("Last-Event-ID", "").strip()
        after = _after(query) if not last else read_place(last, "Last-Event-ID")
        caller = now.caller

        def is_admitted() -> bool:
            nonlocal caller
            found = again(caller)
            if found is None or Scope.EVENTS not in found.scopes:
                return False
            caller = found  # who lost a level is told no more of what it had shown
            return True

        def read(place: int) -> tuple[list[str], int]:
            events, cursor = _page(services, caller, place, _AT_ONCE)
            return [_frame(one) for one in events], cursor

        return streams.answer(after, read, is_admitted)

    @api.feed(
        "/v1/events",
        Scope.EVENTS,
        About("events", "What happened since"),
        query=EventQuery,
        answer=EventPage,
        follow=follow,
    )
    def list_events(query: EventQuery, now: Exchange) -> EventPage:
        """List what happened after a cursor, oldest first; without one, from the beginning.

        Each event is listed once and in the order in which things happened; none is ever put in
        before one that was read. A session is told of the grants and requests that its
        person may see, and of what is nobody's in particular.

        With `Accept: text/event-stream` it goes on: server-sent events from the header
        `Last-Event-ID`, from `after`, or from now on, after an event `hello`. 503 with
        `Retry-After` if too many are open.
        """
        after = services.events.newest() if query.after == LATEST else _after(query) or 0
        if query.after == LATEST:
            return {"items": [], "cursor": str(after)}
        events, cursor = _page(services, now.caller, after, query.limit)
        return {"items": [_write(one) for one in events], "cursor": str(cursor)}


def _after(query: EventQuery) -> int | None:
    return None if query.after == LATEST else read_place(query.after, "after")


def _page(
    services: Services, caller: Caller, after: int, limit: int
) -> tuple[list[StoredEvent], int]:
    """The first events after a place that a caller is told of, and the place read up to."""
    sight = caller.sight(Scope.EVENTS)
    while True:
        events = services.events.after(after, limit=limit)
        told = [one for one in events if one.concerns(sight)]
        after = events[-1].seq if events else after
        # A page without any would look like the end.
        if told or len(events) < limit:
            return told, after


def _frame(event: StoredEvent) -> str:
    return frame(event.type, event.seq, _EVENT.dump_json(_write(event)).decode())


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
