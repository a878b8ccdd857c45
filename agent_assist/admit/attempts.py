"""Attempts: who guesses at somebody's secret is slowed down, and the audit hears of it."""

from datetime import timedelta
from math import ceil

from agent_assist.admit.pepper import Pepper
from agent_assist.core.errors import AgentAssistError
from agent_assist.store.accounts import AccountStore

FREE = 5
"""Attempts in a row that need not wait."""
SLOWEST = timedelta(minutes=1)
"""For what strangers can attempt: nobody is locked out by others for longer."""
_FORGOTTEN = timedelta(hours=24)


class TooManyAttempts(AgentAssistError):
    """Several attempts failed in a row; `seconds` says how long the next has to wait."""

    code = "too_many_attempts"

    def __init__(self, left: timedelta) -> None:
        self.seconds = max(1, ceil(left.total_seconds()))
        super().__init__(f"several attempts failed: try again in {self.seconds} s")


class Attempts:
    """Counts attempts, each before it is judged.

    Args:
        store: where they are counted.
        pepper: what names are hashed with.
    """

    def __init__(self, store: AccountStore, pepper: Pepper) -> None:
        self._store = store
        self._pepper = pepper

    def begin(self, kind: str, name: str, slowest: timedelta = SLOWEST) -> str:
        """Count an attempt at a kind of secret under a name; gives what it is counted under.

        Raises:
            TooManyAttempts: several failed, so this one must not be judged. After the free ones
                the next waits a second, then twice as long each time, up to the slowest.
        """

        def wait(count: int) -> timedelta:
            if count < FREE:
                return timedelta(0)
            return min(timedelta(seconds=2 ** min(count - FREE, 20)), slowest)

        counted = self._pepper.hash(f"{kind}/{name}")
        left = self._store.attempt(counted, wait, _FORGOTTEN)
        if left:
            raise TooManyAttempts(left)
        return counted

    def failed(self, person: str, counted: str, act: str) -> None:
        """One at a person's secret failed; the audit hears of the fifth in a row."""
        self._store.refuse(person, counted, act, FREE)

    def succeeded(self, counted: str) -> None:
        """Forget those that failed before."""
        self._store.forget(counted)

    def purge(self) -> None:
        """Delete what is forgotten."""
        self._store.purge(_FORGOTTEN)
