"""Streams: answers that go on, as server-sent events, without taking the threads of all others."""

import threading
import time
from collections.abc import Callable, Iterator

from flask import Flask, Response

from agent_assist.core.errors import AgentAssistError

MEDIA = "text/event-stream"
BEAT = 0.25
"""Seconds between two looks at whether something happened; nobody waits longer to be told."""
_PING = 15.0
_RETRY_MS = 3_000

Read = Callable[[int], tuple[list[str], int]]
"""Gives the frames of what happened after a place, and the place that was read up to."""


class StreamsFull(AgentAssistError):
    """As many streams as this process may keep open are open: ask for pages meanwhile."""

    code = "streams_full"

    def __init__(self) -> None:
        super().__init__("as many streams are open as may be: read page by page, and try later")


class Streams:
    """The streams of one process.

    Each takes a thread, so no more than a part of these may. All share one look at the newest
    place, however many they are.

    Args:
        app: whose context they look into the database with.
        newest: gives the newest place there is.
        most: how many at once.
    """

    def __init__(self, app: Flask, newest: Callable[[], int], most: int) -> None:
        self._app = app
        self._newest = newest
        self._slots = threading.BoundedSemaphore(most)
        self._look = threading.Lock()
        self._seen, self._seen_at = 0, float("-inf")
        self._is_stopping: Callable[[], bool] = lambda: False

    def until(self, is_stopping: Callable[[], bool]) -> None:
        """End all streams as soon as the server says that it is stopping."""
        self._is_stopping = is_stopping

    def answer(self, after: int | None, read: Read, is_admitted: Callable[[], bool]) -> Response:
        """An answer that tells what happens after a place (None: from now on).

        It ends when the server stops, and when whoever follows may not any more. It begins with
        an event `hello`, whose id is the place.

        Raises:
            StreamsFull: too many are open.
        """
        place = self.newest() if after is None else after
        slot = _Slot(self._slots)
        response = Response(self._frames(place, read, is_admitted), mimetype=MEDIA)
        # Called by the server in any case, also if not one frame was asked for.
        response.call_on_close(slot.leave)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"  # or nginx would keep it to itself
        return response

    def newest(self) -> int:
        """The newest place, as it was at most one beat ago."""
        with self._look:
            if time.monotonic() - self._seen_at >= BEAT:
                with self._app.app_context():
                    self._seen = self._newest()
                self._seen_at = time.monotonic()
            return self._seen

    def _frames(self, place: int, read: Read, is_admitted: Callable[[], bool]) -> Iterator[str]:
        yield f"retry: {_RETRY_MS}\n{frame('hello', place, '{}')}"
        told_at = time.monotonic()
        try:
            while not self._is_stopping():
                newest = self.newest()
                if newest > place:
                    with self._app.app_context():
                        # Whatever ends a session is in the audit, and so is a new place.
                        if not is_admitted():
                            return
                        frames, read_up_to = read(place)
                    yield from frames
                    # Acts that are no events are passed over, or they would be read for ever.
                    place = read_up_to if frames else max(newest, read_up_to)
                elif time.monotonic() - told_at >= _PING:
                    with self._app.app_context():
                        if not is_admitted():
                            return
                    # With the place, so that nobody reads again what does not concern them.
                    yield f": ping\nid: {place}\n\n"
                    told_at = time.monotonic()
                else:
                    time.sleep(BEAT)
        except AgentAssistError:
            return  # such as a database that is away; the client asks again from its place


class _Slot:
    """A place among the streams that may be open; StreamsFull if there is none."""

    def __init__(self, slots: threading.Semaphore) -> None:
        if not slots.acquire(blocking=False):
            raise StreamsFull
        self._held: threading.Semaphore | None = slots

    def leave(self) -> None:
        """Make room, once."""
        held, self._held = self._held, None
        if held is not None:
            held.release()


def frame(event: str, place: int, data: str) -> str:
    """One server-sent event; `data` is JSON on one line."""
    return f"event: {event}\nid: {place}\ndata: {data}\n\n"
