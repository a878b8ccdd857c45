"""What is going to happen, in the order of time, and how often what has happened."""

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from agent_assist.simulate.clock import HandClock
from agent_assist.store.once import Once
from agent_assist.store.simulation import ACTOR, PREFIX


class Agenda:
    """Runs events one after the other, each with the clock set to its time.

    Attributes:
        until: nothing happens from then on.
        done: how often what happened; those who act count it.
    """

    def __init__(self, clock: HandClock, until: datetime) -> None:
        self.until = until
        self.done: Counter[str] = Counter()
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()

    @property
    def now(self) -> datetime:
        """The time of the event that happens."""
        return self._clock.at

    def at(self, at: datetime, act: Callable[..., None], *about: object) -> None:
        """Let something happen at a time."""
        heapq.heappush(self._due, (at, next(self._numbers), lambda: act(*about)))

    def after(self, delay: timedelta, act: Callable[..., None], *about: object) -> None:
        """Let something happen after a while."""
        self.at(self.now + delay, act, *about)

    def run(self, look: Callable[[], None]) -> None:
        """Let everything happen, and what follows from it; `look` is called before each event."""
        while self._due and self._due[0][0] < self.until:
            self._clock.at, _, act = heapq.heappop(self._due)
            look()
            act()

    def once(self, what: str) -> Once:
        """A key for a request that is sent once and never again."""
        return Once(ACTOR, what, f"{PREFIX}{next(self._numbers)}", "")
