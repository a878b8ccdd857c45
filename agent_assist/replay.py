"""Replay: the history decided again by a limit table that is not in force."""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from agent_assist.core.budgets import Budget, Scope
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import InvalidInput
from agent_assist.core.facts import read_facts
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given
from agent_assist.core.limits import LimitRow, LimitTable
from agent_assist.core.replay import PastDecision, Replayed, Replayer, Rules
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.history import HistoryStore, Kept
from agent_assist.store.ledger.records import raw_facts
from agent_assist.store.libraries import LibraryStore

_WORTH_PROCESSES = 20_000  # entries; fewer are done before other processes have started
_AHEAD = 2  # pages read ahead for each process


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
        processes: how many to use; None for one for each core.
    """

    def __init__(
        self, libraries: LibraryStore, history: HistoryStore, *, processes: int | None = None
    ) -> None:
        self._libraries = libraries
        self._history = history
        self._processes = processes or os.cpu_count() or 1

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
        for size, part in self._parts(desk, self._history.pages(since, until), number):
            found.merge(part)
            done += size
            progress(done, number)
        return found

    def _in_force(self, versions: Versions) -> Proposed:
        held = self._libraries.load(versions)
        return Proposed(held.vocabulary, held.limits.rows, held.budgets.budgets)

    def _parts(
        self, desk: "_Desk", pages: Iterable[list[Kept]], number: int
    ) -> Iterator[tuple[int, Replayed]]:
        if self._processes == 1 or number < _WORTH_PROCESSES:
            for page in pages:
                yield len(page), desk.replay(page)
            return
        # Spawned, because a fork would share the database's connection.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self._processes, context, _sit_down, (desk,)) as pool:
            waiting: dict[Future[Replayed], int] = {}
            for page in pages:
                waiting[pool.submit(_replay_at_desk, page)] = len(page)
                if len(waiting) >= self._processes * _AHEAD:
                    yield from _finished(waiting)
            while waiting:
                yield from _finished(waiting)


class _Desk:
    """What one process replays with."""

    at: ClassVar["_Desk"]

    def __init__(
        self, proposed: Proposed, in_force: Mapping[tuple[int, int, int], Proposed]
    ) -> None:
        self._proposed = proposed
        self._in_force = in_force
        self._limits: CompiledLimits | None = None
        self._replayers: dict[tuple[int, int, int], Replayer] = {}

    def replay(self, page: Sequence[Kept]) -> Replayed:
        """What would have been different in a page of the history."""
        found = Replayed()
        for kept in page:
            facts = _json(kept.facts)
            if facts is None or kept.issue is None:
                found.left_out["its facts were not kept"] += 1
                continue
            try:
                for past in self._decisions(kept, kept.issue, facts):
                    self._replayer(kept.versions).replay(past, found)
            except InvalidInput:
                found.left_out["its facts cannot be read"] += 1
        return found

    def _decisions(
        self, kept: Kept, issue: str, facts: Mapping[str, Any]
    ) -> Iterable[PastDecision]:
        """The decisions of an entry (InvalidInput if its facts are not the library's)."""
        vocabulary = self._in_force[kept.versions].vocabulary
        case = PastDecision(
            issue=issue,
            remedy="",
            level=kept.level,
            facts=read_facts(raw_facts(facts), vocabulary.facts, vocabulary.currency),
            day=vocabulary.day(kept.at),
            granted=kept.granted,
            used={key: Used(*one) for key, one in (_json(kept.used) or {}).items()},
            given={
                key: Given(Scope(scope), amount)
                for key, (scope, amount) in (_json(kept.given) or {}).items()
            },
        )
        asked = _json(kept.asked) or self._replayer(kept.versions).remedies(issue)
        return [case._replace(remedy=key, amount=amount) for key, amount in asked.items()]

    def _replayer(self, versions: tuple[int, int, int]) -> Replayer:
        found = self._replayers.get(versions)
        if found is None:
            then, proposed = self._in_force[versions], self._proposed
            if self._limits is None:
                self._limits = _compiled(proposed)
            before = Rules(then.rows, _compiled(then), then.budgets or ())
            budgets = before.budgets if proposed.budgets is None else proposed.budgets
            after = Rules(proposed.rows, self._limits, budgets)
            found = self._replayers[versions] = Replayer(before, after)
        return found


def _sit_down(desk: _Desk) -> None:
    _Desk.at = desk


def _replay_at_desk(page: Sequence[Kept]) -> Replayed:
    return _Desk.at.replay(page)


def _finished(waiting: dict[Future[Replayed], int]) -> Iterator[tuple[int, Replayed]]:
    """What is done of what is waited for, which is at least one."""
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        yield waiting.pop(future), future.result()


def _json(text: str | None) -> dict[str, Any] | None:
    """An object that is kept as JSON; None where there is none, for which databases differ."""
    found: dict[str, Any] | None = None if text is None else json.loads(text)
    return found


def _compiled(one: Proposed) -> CompiledLimits:
    return CompiledLimits(LimitTable(0, one.rows), one.vocabulary)


def _numbers(versions: Versions) -> tuple[int, int, int]:
    return versions.library, versions.limits, versions.budgets
