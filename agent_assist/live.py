"""The live library: the current versions, compiled and indexed once, swapped when they change."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from agent_assist.core.budgets import BudgetTable
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import NotReady, StaleVersion
from agent_assist.core.grants import Terms
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.store.libraries import LibraryStore

T = TypeVar("T")

_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything an answer is made from, of one moment; none of it can change."""

    versions: Versions
    vocabulary: Vocabulary
    policies: Mapping[str, VersionedPolicy]
    translations: Mapping[tuple[str, str], VersionedPolicy]
    limits: CompiledLimits
    budgets: BudgetTable
    index: PolicyIndex

    def policy(self, policy_id: str, locale: str | None = None) -> VersionedPolicy | None:
        """A policy in the nearest language to `locale`; in the library's own without one."""
        for tag in _nearest(locale):
            if (policy_id, tag) in self.translations:
                return self.translations[policy_id, tag]
        return self.policies.get(policy_id)

    def terms(self) -> Terms:
        """What grants are decided by."""
        return Terms(self.versions, self.vocabulary, self.limits, self.budgets.budgets)

    def in_effect(self, day: date) -> frozenset[str]:
        """Ids of the policies that hold on a day."""
        return frozenset(key for key, held in self.policies.items() if held.policy.holds_on(day))


class LiveLibrary:
    """Gives the current snapshot. A version cannot change, so its snapshot cannot be stale."""

    def __init__(self, store: LibraryStore, encoder: Encoder, indexes: Path) -> None:
        self.encoder = encoder
        self._store = store
        self._indexes = indexes
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """The snapshot of the versions that are current now.

        Raises:
            NotReady: no library has been imported yet.
        """
        versions = self._store.current()
        if versions.library == 0:
            raise NotReady("there is no library yet: run `agent-assist library import DIR`")
        snapshot = self._snapshot
        if snapshot is not None and _same(snapshot.versions, versions):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _same(self._snapshot.versions, versions):
                self._snapshot = self._load(versions)
            return self._snapshot

    def act(self, act: Callable[[Snapshot], T]) -> T:
        """Act by the live versions, and again by newer ones that were published meanwhile.

        Raises:
            StaleVersion: each time a newer one was.
        """
        for _ in range(_MOST_TRIES - 1):
            try:
                return act(self.current())
            except StaleVersion:
                continue
        return act(self.current())

    def check(self) -> None:
        """Raise what keeps the library from being served, if anything does."""
        self.current()

    def _load(self, versions: Versions) -> Snapshot:
        held = self._store.load(versions)
        locale = held.vocabulary.locale
        originals = {one.policy.id: one for one in held.policies if one.policy.locale == locale}
        index = self._index([one.policy for one in originals.values()], held.vocabulary)
        model = f"{self.encoder.name}/{index.identity[:12]}"
        return Snapshot(
            versions=Versions(versions.library, versions.limits, versions.budgets, model),
            vocabulary=held.vocabulary,
            policies=originals,
            translations={(one.policy.id, one.policy.locale): one for one in held.policies},
            limits=CompiledLimits(held.limits, held.vocabulary),
            budgets=held.budgets,
            index=index,
        )

    def _index(self, policies: list[Policy], vocabulary: Vocabulary) -> PolicyIndex:
        return PolicyIndex.open_or_build(self._indexes, policies, vocabulary.issues, self.encoder)


def _same(one: Versions, other: Versions) -> bool:
    return (one.library, one.limits, one.budgets) == (other.library, other.limits, other.budgets)


def _nearest(locale: str | None) -> tuple[str, ...]:
    """`de-AT` is served by `de-AT`, then by `de`."""
    if locale is None:
        return ()
    return (locale, locale.split("-")[0])
