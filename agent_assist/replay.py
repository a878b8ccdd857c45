"""Replay: the history decided again by a limit table that is not in force."""

import gc
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeAlias

from agent_assist.core.budgets import Budget, Scope
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import InvalidInput
from agent_assist.core.holds import Given
from agent_assist.core.limits import LimitRow, LimitTable
from agent_assist.core.replay import PastDecision, Replayed, Replayer, Rules
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.database import at_address
from agent_assist.store.fact_reader import FactReader
from agent_assist.store.history import HistoryStore, Kept, Part
from agent_assist.store.libraries import LibraryStore

_WORTH_PROCESSES = 50_000  # entries; fewer are done before other processes have started
_YOUNG = 1  # generations of objects that are looked at for cycles

Numbers: TypeAlias = tuple[int, int, int]
"""Versions of library, limits and budgets."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the history is replayed on. `budgets` is None for those in force at each moment."""

    vocabulary: Vocabulary
    rows: tuple[LimitRow, ...]
    budgets: tuple[Budget, ...] | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until before `until`; None for open ends."""

    since: datetime | None = None
    until: datetime | None = None


class HistoryReplayer:
    """Replays the history of a deployment.

    Args:
        libraries: has the versions that were in force.
        history: has what was decided.
        processes: how many to use; None for one for each core, where there is enough to do.
    """

    def __init__(
        self, libraries: LibraryStore, history: HistoryStore, *, processes: int | None = None
    ) -> None:
        self._libraries = libraries
        self._history = history
        self._processes = processes

    def replay(
        self, proposed: Proposed, period: Period, progress: Callable[[int, int], None]
    ) -> Replayed:
        """What would have been different; the same in any order and on any number of processes.

        Args:
            proposed: read against the live vocabulary.
            period: which part of the history.
            progress: is told how many entries are done, and of how many.
        """
        since, until = period.since, period.until
        number = self._history.count(since, until)
        versions = self._history.versions(since, until)
        desk = _Desk(proposed, {_numbers(one): self._in_force(one) for one in versions})
        found, done = Replayed(), 0
        for size, part in self._parts(desk, self._history.parts(since, until), number):
            found.merge(part)
            done += size
            if size:
                progress(done, number)
        return found

    def _in_force(self, versions: Versions) -> Proposed:
        held = self._libraries.load(versions)
        return Proposed(held.vocabulary, held.limits.rows, held.budgets.budgets)

    def _parts(
        self, desk: "_Desk", parts: Iterator[Part], number: int
    ) -> Iterator[tuple[int, Replayed]]:
        address = self._history.address
        processes = self._processes or _worth(number)
        if processes == 1 or address is None:
            for part in parts:
                yield desk.replay(self._history, part)
            return
        # Spawned, because a fork would share the database's connection.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(processes, context, _sit_down, (desk, address))
        try:
            for done in as_completed([pool.submit(_replay_at_desk, part) for part in parts]):
                yield done.result()
        finally:
            # Also where somebody has seen enough: what has not begun does not begin.
            pool.shutdown(cancel_futures=True)


class _Desk:
    """What one process replays with."""

    def __init__(self, proposed: Proposed, in_force: Mapping[Numbers, Proposed]) -> None:
        self._proposed = proposed
        self._in_force = in_force
        self._limits: CompiledLimits | None = None
        self._papers: dict[Numbers, _Papers] = {}

    def replay(self, history: HistoryStore, part: Part) -> tuple[int, Replayed]:
        """How many entries a part of the history has, and what would have been different."""
        found, size = Replayed(), 0
        for page in history.pages(part):
            size += len(page)
            for kept in page:
                self._replay(kept, found)
        return size, found

    def _replay(self, kept: Kept, found: Replayed) -> None:
        around = json.loads(kept.around)
        facts = around.get("facts")
        if facts is None or kept.issue is None:
            found.left_out["its facts were not kept"] += 1
            return
        papers = self._papers_of(kept.versions)
        try:
            case = papers.case(kept, kept.issue, around)
        except InvalidInput:
            found.left_out["its facts cannot be read"] += 1
            return
        asked = json.loads(kept.asked) or papers.replayer.remedies(kept.issue)
        for remedy, amount in asked.items():
            papers.replayer.replay(case._replace(remedy=remedy, amount=amount), found)

    def _papers_of(self, versions: Numbers) -> "_Papers":
        found = self._papers.get(versions)
        if found is None:
            then, proposed = self._in_force[versions], self._proposed
            if self._limits is None:
                self._limits = _compiled(proposed)
            before = Rules(_compiled(then), then.budgets or ())
            budgets = before.budgets if proposed.budgets is None else proposed.budgets
            replayer = Replayer(before, Rules(self._limits, budgets))
            found = _Papers(then.vocabulary, FactReader(then.vocabulary), replayer)
            self._papers[versions] = found
        return found


class _Papers(NamedTuple):
    """What cases that the same versions decided are replayed with."""

    vocabulary: Vocabulary
    facts: FactReader
    replayer: Replayer

    def case(self, kept: Kept, issue: str, around: Mapping[str, Any]) -> PastDecision:
        """An entry of no remedy yet (InvalidInput if its facts are not the library's)."""
        used, given = around.get("used"), around.get("given")
        return PastDecision(
            issue=issue,
            remedy="",
            level=kept.level,
            facts=self.facts.read(around["facts"]),
            day=self.vocabulary.day(kept.at),
            granted=kept.granted,
            used=used or {},
            given={key: Given(Scope(one[0]), one[1]) for key, one in given.items()}
            if given
            else {},
        )


class _Seat:
    """Where another process sits."""

    desk: ClassVar[_Desk]
    history: ClassVar[HistoryStore]


def _sit_down(desk: _Desk, address: str) -> None:
    # Who presses Ctrl-C speaks to the first process, which ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _Seat.desk, _Seat.history = desk, HistoryStore(at_address(address))


def _replay_at_desk(part: Part) -> tuple[int, Replayed]:
    found = _Seat.desk.replay(_Seat.history, part)
    # Only what the part has left behind: to look again and again at all that is remembered
    # would take as long as a tenth of the work.
    gc.collect(_YOUNG)
    return found


def _worth(number: int) -> int:
    """How many processes so many entries are worth."""
    return 1 if number < _WORTH_PROCESSES else os.cpu_count() or 1


def _compiled(one: Proposed) -> CompiledLimits:
    return CompiledLimits(LimitTable(0, one.rows), one.vocabulary)


def _numbers(versions: Versions) -> Numbers:
    return versions.library, versions.limits, versions.budgets
