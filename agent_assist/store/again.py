"""Trying again: what the database undid for the sake of others is done anew, as a whole."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from agent_assist.store.database import TransactionAborted

P = ParamSpec("P")
T = TypeVar("T")

_PAUSES = (0.02, 0.1, 0.4)
"""Seconds before each further try, on average."""
_MOST_SECONDS = 10.0


def again_if_aborted(act: Callable[P, T]) -> Callable[P, T]:
    """Make an act try again if the database aborted it, three times at most.

    The act is one transaction and nothing else, so that nothing of an aborted try is left: a
    deadlock or serialization failure on PostgreSQL, another process that writes on SQLite. After
    10 s no try is begun any more, for somebody waits for the answer.

    Raises:
        TransactionAborted: it was aborted each time; nothing was written.
    """

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        last = time.monotonic() + _MOST_SECONDS
        for pause in _PAUSES:
            try:
                return act(*args, **kwargs)
            except TransactionAborted:
                if time.monotonic() + pause > last:
                    raise
            # Not all at once, or the same ones would meet again.
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - nothing to be guessed
        return act(*args, **kwargs)

    return tried
