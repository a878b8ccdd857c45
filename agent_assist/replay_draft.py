"""Replay of a draft: the newest of the history decided again by what somebody proposes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.errors import InvalidInput, NotReady
from agent_assist.core.replay import Replayed
from agent_assist.replay import HistoryReplayer, Period, Proposed
from agent_assist.review import ReadDraft, Reviewing, cell_problems
from agent_assist.store.history import HistoryStore
from agent_assist.store.traffic import TrafficStore


class ReplayBusy(NotReady):
    """Another replay runs in this process, and answers to customers go first."""

    code = "replay_busy"

    def __init__(self) -> None:
        super().__init__("another replay is running here: ask again in a few seconds")


@dataclass(frozen=True, slots=True)
class DraftReplay:
    """What a draft would have changed.

    Attributes:
        period: which part of the history was replayed.
        entries: how many grants, suggestions and decisions that is.
        left: how many older ones of the time that was asked for were left out.
    """

    read: ReadDraft
    period: Period
    entries: int
    left: int
    found: Replayed


class DraftReplayer:
    """Replays the newest of the history on drafts, one at a time.

    Args:
        reviewing: reads drafts.
        replayer: replays.
        history: has what was decided.
        traffic: tells how far back how many entries reach.
    """

    def __init__(
        self,
        reviewing: Reviewing,
        replayer: HistoryReplayer,
        history: HistoryStore,
        traffic: TrafficStore,
    ) -> None:
        self._reviewing = reviewing
        self._replayer = replayer
        self._history = history
        self._traffic = traffic
        self._running = threading.Lock()

    def replay(self, kind: TableKind, draft_id: str, period: Period, most: int) -> DraftReplay:
        """What would have been different by a draft. Writes nothing.

        Budgets beside a draft of limits are those of each moment, limits beside one of budgets
        those in effect now.

        Args:
            kind: which table.
            draft_id: the draft's id.
            period: which part of the history to look at.
            most: how many entries to replay at most, the newest.

        Raises:
            NotFound: there is no such draft.
            InvalidInput: it has cells that cannot be read.
            ReplayBusy: another replay runs in this process.
        """
        read = self._reviewing.read(kind, draft_id)
        if problems := cell_problems(read):
            raise InvalidInput(problems)
        with self._alone():
            reached = self._traffic.reached_by(most, period.since, period.until)
            part = period if reached is None else Period(reached, period.until)
            found = self._replayer.replay(self._proposed(read), part, _silent)
            entries = self._history.count(part.since, part.until)
            left = 0 if reached is None else self._history.count(period.since, reached)
        return DraftReplay(read, part, entries, left, found)

    def _proposed(self, read: ReadDraft) -> Proposed:
        vocabulary = read.vocabulary
        if read.draft.kind is TableKind.LIMITS:
            return Proposed(vocabulary, read.table.limits)
        rows = self._reviewing.live_limits(vocabulary)
        return Proposed(vocabulary, rows, read.table.budgets)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._running.acquire(blocking=False):
            raise ReplayBusy
        try:
            yield
        finally:
            self._running.release()


def _silent(_done: int, _of: int) -> None:
    """Nobody watches."""
