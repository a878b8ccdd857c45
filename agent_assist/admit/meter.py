"""A meter: how often each key was used within a minute, in the memory of one process."""

import math
import threading
from datetime import datetime, timedelta

from agent_assist.core.errors import AgentAssistError

_MINUTE = timedelta(minutes=1)


class TooMany(AgentAssistError):
    """A key was used more often than it may be; `seconds` says when it may be used again."""

    code = "too_many_requests"

    def __init__(self, most: int, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(
            f"this key may be used {most} times a minute: wait {seconds} s, or ask for more"
        )


class Meter:
    """Counts the uses of keys, minute by minute from each key's first use on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[datetime, int]] = {}

    def take(self, key_id: str, most: int, at: datetime) -> None:
        """Count a use.

        Raises:
            TooMany: there were as many within the minute; this one is not counted.
        """
        with self._lock:
            began, count = self._counts.get(key_id, (at, 0))
            if not began <= at < began + _MINUTE:
                began, count = at, 0
            if count >= most:
                raise TooMany(most, math.ceil((began + _MINUTE - at).total_seconds()))
            self._counts[key_id] = (began, count + 1)
