"""Deliver: tell webhooks of events, at least once, and one of them never waits for another."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

import structlog

from agent_assist.core.webhooks import MOST_JITTER, Endpoint, Off
from agent_assist.post import Message, Poster
from agent_assist.store.events import Event, EventStore
from agent_assist.store.webhooks.deliveries import DeliveryStore, Due
from agent_assist.store.webhooks.endpoints import EndpointStore

Spawn: TypeAlias = Callable[[Callable[[], None]], None]
"""Runs something beside what goes on."""

_GONE = 410
_SECONDS = 20.0
"""A webhook is served no longer in one go; then it is looked at anew, like the others."""

_log = structlog.get_logger("agent_assist.deliver")


class Courier:
    """Delivers events to webhooks.

    Each webhook is served by a thread of its own while there is something for it, and by one at a
    time, whatever processes and hosts deliver. A turn only looks, and waits for nobody.

    Args:
        endpoints, deliveries, events: where they are kept.
        secrets: gives what messages to a webhook are signed with at an instant.
        poster: sends.
        spawn: runs what serves a webhook.
    """

    def __init__(
        self,
        endpoints: EndpointStore,
        deliveries: DeliveryStore,
        events: EventStore,
        *,
        secrets: Callable[[Endpoint, datetime], Sequence[str]],
        poster: Poster,
        spawn: Spawn,
    ) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._events = events
        self._secrets = secrets
        self._poster = poster
        self._spawn = spawn

    def turn(self) -> None:
        """Begin to serve every webhook for which there is something to do."""
        for webhook in self._deliveries.ready():
            if self._deliveries.hold(webhook):
                self._spawn(partial(self._serve, webhook))

    def _serve(self, webhook: str) -> None:
        try:
            self._deliver(webhook)
        except Exception as error:  # noqa: BLE001 - it is held no longer in a minute, and tried again
            _log.error("webhook_failed", webhook=webhook, error=type(error).__name__)

    def _deliver(self, webhook: str) -> None:
        """Send what is due, until something fails: then it rests."""
        self._deliveries.line_up(webhook)
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until and (due := self._deliveries.next(webhook)) is not None:
            if not self._send(due):
                return
        self._deliveries.release(webhook)

    def _send(self, due: Due) -> bool:
        """Send an event; whether it was taken."""
        webhook, seq = due.endpoint.id, due.delivery.seq
        event = self._events.at(seq)
        if event is None:
            raise LookupError(f"there is no event {seq}")
        message = Message(message_id(due.endpoint, seq), due.at, content(event))
        secrets = self._secrets(due.endpoint, due.at)
        answer = self._poster.send(due.endpoint.url, message, secrets)
        jitter = random.randint(0, MOST_JITTER)  # noqa: S311 - nothing to be guessed
        has_failed_long = self._deliveries.tried(webhook, seq, answer, jitter)
        if answer.status == _GONE:
            self._switch_off(webhook, Off.GONE)
        elif has_failed_long:
            self._switch_off(webhook, Off.FAILING)
        return answer.is_taken

    def _switch_off(self, webhook: str, why: Off) -> None:
        self._endpoints.switch_off(webhook, why)
        _log.warning("webhook_switched_off", webhook=webhook, because=why.value)


def threads(within: Callable[[Callable[[], None]], Callable[[], None]]) -> Spawn:
    """Runs each in a thread that ends with the process; `within` makes it able to use stores."""

    def spawn(run: Callable[[], None]) -> None:
        threading.Thread(target=within(run), name="webhook", daemon=True).start()

    return spawn


def message_id(endpoint: Endpoint, seq: int) -> str:
    """The same in every try, and another for every webhook and event."""
    return f"evt_{endpoint.id}_{seq}"


def content(event: Event) -> Mapping[str, Any]:
    """An event as a webhook is told of it: `data` is what `GET /v1/events` tells."""
    at = event.at.isoformat().replace("+00:00", "Z")
    return {
        "type": event.type,
        "timestamp": at,
        "data": {
            "cursor": str(event.seq),
            "at": at,
            "type": event.type,
            "subject": event.subject,
            "by": event.by,
            "contact": event.contact,
            "rep": event.rep,
            "team": event.team,
            "grant": event.grant,
        },
    }
