"""One request on its way to its answer: id, clock, who asks."""

import re
import time
import uuid
from dataclasses import dataclass, field

from flask import g, request

from agent_assist.admit import Caller
from agent_assist.store.sessions import OpenSession
from agent_assist.suggest import Timing

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
ANYONE = Caller(key_id="", name="", scopes=frozenset())


@dataclass(slots=True)
class Exchange:
    """What is known of a request before anybody answers it.

    Attributes:
        request_id: the client's, if it is well formed, so that logs on both sides join.
        started: `time.perf_counter` at the first sight of the request.
        timing: steps of the answer.
        caller: ANYONE on routes that are public.
        edit: what the client has read, on routes that ask for it; see `web.versioned`.
    """

    request_id: str
    started: float
    timing: Timing = field(default_factory=Timing)
    caller: Caller = ANYONE
    edit: int = 0

    @property
    def session(self) -> OpenSession:
        """The caller's session, on routes that only sessions pass to (RuntimeError elsewhere)."""
        if self.caller.session is None:
            raise RuntimeError("this route must declare SESSION")
        return self.caller.session

    def milliseconds(self) -> float:
        """Time since the request came in."""
        return (time.perf_counter() - self.started) * 1000


def current() -> Exchange:
    """The exchange of the request at hand; made at its first mention."""
    if "exchange" not in g:
        offered = request.headers.get("X-Request-Id", "")
        request_id = offered if _ID.fullmatch(offered) else uuid.uuid4().hex
        g.exchange = Exchange(request_id, time.perf_counter())
    found: Exchange = g.exchange
    return found
