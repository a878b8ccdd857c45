"""Gives the current snapshot, and makes the next one beside the requests."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import structlog

from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import AgentAssistError, NotReady, StaleVersion
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.live.snapshot import Snapshot
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.models import NONE, Models, OpenModel
from agent_assist.store.libraries import LibraryStore

T = TypeVar("T")

_MOST_TRIES = 3

RETRY = 60.0
"""Seconds until a model that could not be opened is tried again."""

_log = structlog.get_logger("agent_assist.live")


class LiveLibrary:
    """Gives the current snapshot. A version cannot change, so its snapshot cannot be stale.

    A library, limits or budgets that were published hold from the next request on. The index of a
    library, unless it is small and kept already, is built beside the requests, and so is a model
    that was activated opened: until they are ready, the ones before serve.

    Args:
        store: where versions are kept.
        models: where models are.
        indexes: the folder of indexes.
        clock: gives seconds that only grow.
    """

    def __init__(
        self,
        store: LibraryStore,
        models: Models,
        indexes: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._models = models
        self._indexes = indexes
        self._clock = clock
        self._lock = threading.Lock()
        self._renewing = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._model: OpenModel | None = None
        self._failed: tuple[tuple[str, int], float] = ((NONE, 0), -RETRY)
        self._concern: str | None = None

    def current(self) -> Snapshot:
        """The snapshot of the versions that are current now.

        Raises:
            NotReady: no library has been imported yet.
        """
        versions = self._store.live()
        if versions.library == 0:
            raise NotReady("there is no library yet: run `agent-assist library import DIR`")
        snapshot = self._snapshot
        if snapshot is None or not _same(snapshot.versions, versions):
            with self._lock:
                snapshot = self._snapshot
                if snapshot is None or not _same(snapshot.versions, versions):
                    snapshot = self._snapshot = self._load(versions)
        if not snapshot.is_indexed or (self._model and self._model.id != versions.model):
            self._renew_beside(versions)
        return snapshot

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

    def prepare(self, model_id: str) -> None:
        """Make and keep the index of a model before it is activated.

        Raises:
            ArtefactMissing, ArtefactDamaged: see `Models.open`.
            CannotWrite: there is no space or no permission to keep it.
        """
        snapshot, model = self.current(), self._models.open(model_id)
        policies = [one.policy for one in snapshot.policies.values()]
        index = self._index(policies, snapshot.vocabulary, model)
        index.keep(self._indexes)

    def index_of(self, policies: Sequence[Policy]) -> PolicyIndex:
        """The index that the live library would have with other policies; it is kept nowhere.

        Only texts that are new are encoded. It takes seconds, of a large library minutes.
        """
        snapshot = self.current()
        model = self._opened(snapshot.versions)
        return PolicyIndex.build(
            policies,
            snapshot.vocabulary.issues,
            model.encoder,
            learned=model.learned,
            known=snapshot.index.known(),
        )

    def concerns(self) -> Mapping[str, str]:
        """What an operator should look at, by its name; it stops no request."""
        return {"model": self._concern} if self._concern else {}

    def _load(self, versions: Versions) -> Snapshot:
        held = self._store.load(versions)
        locale = held.vocabulary.locale
        originals = {one.policy.id: one for one in held.policies if one.policy.locale == locale}
        policies = [one.policy for one in originals.values()]
        model = self._opened(versions)
        index, indexed = self._ready_index(versions, policies, held.vocabulary, model)
        return Snapshot(
            versions=_versions(versions, model, index),
            vocabulary=held.vocabulary,
            policies=originals,
            translations={(one.policy.id, one.policy.locale): one for one in held.policies},
            limits=CompiledLimits(held.limits, held.vocabulary),
            budgets=held.budgets,
            index=index,
            encoder=model.encoder,
            listener=self._heard_by(model),
            indexed=indexed,
        )

    def _opened(self, versions: Versions) -> OpenModel:
        """The model that serves; at first the active one."""
        if self._model is None:
            self._model, concern = self._models.open_active()
            self._note(versions, concern)
        return self._model

    def _ready_index(
        self,
        versions: Versions,
        policies: Sequence[Policy],
        vocabulary: Vocabulary,
        model: OpenModel,
    ) -> tuple[PolicyIndex, int]:
        """An index for requests that wait, and the library version that it is of."""
        beside = self._snapshot
        if beside is None:
            return self._index(policies, vocabulary, model), versions.library
        if beside.versions.library == versions.library or beside.index.is_large:
            return beside.index, beside.indexed
        kept = PolicyIndex.kept(
            self._indexes, policies, vocabulary.issues, model.encoder, learned=model.learned
        )
        return (kept, versions.library) if kept else (beside.index, beside.indexed)

    def _heard_by(self, model: OpenModel) -> Listener:
        """The listener of a model, which remembers what it heard while only limits change."""
        if self._snapshot is not None and self._snapshot.encoder is model.encoder:
            return self._snapshot.listener
        return Listener(model.encoder)

    def _index(
        self, policies: Sequence[Policy], vocabulary: Vocabulary, model: OpenModel
    ) -> PolicyIndex:
        return PolicyIndex.open_or_build(
            self._indexes, policies, vocabulary.issues, model.encoder, learned=model.learned
        )

    def _renew_beside(self, versions: Versions) -> None:
        """Renew in a thread of its own, unless one is at it, or it failed just now."""
        failed, at = self._failed
        if failed == (versions.model, versions.library) and self._clock() < at + RETRY:
            return
        if self._renewing.acquire(blocking=False):
            renew = threading.Thread(
                target=self._renew, args=(versions,), name="index", daemon=True
            )
            renew.start()

    def _renew(self, versions: Versions) -> None:
        """Serve the active model and the index of the live library from the next request on.

        What serves goes on if one of them cannot be.
        """
        concern = None
        try:
            model, concern = self._wanted(versions.model)
            if model is not None:
                self._put(model)
        except AgentAssistError as error:
            concern = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, what serves goes on
            concern = f"the index cannot be built ({type(error).__name__})"
        finally:
            self._note(versions, concern)
            self._renewing.release()

    def _wanted(self, model_id: str) -> tuple[OpenModel | None, str | None]:
        """A model to index the library under, if that is to be done, and what is wrong if not this.

        If the wanted one cannot be opened, it is the one that serves.
        """
        serving = self._model
        if serving is not None and serving.id == model_id:
            return serving, None
        try:
            return self._models.open(model_id), None
        except AgentAssistError as error:
            concern = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, what serves goes on
            concern = f"model {model_id} cannot be opened ({type(error).__name__})"
        is_behind = self._snapshot is not None and not self._snapshot.is_indexed
        return serving if is_behind else None, concern

    def _put(self, model: OpenModel) -> None:
        """Put the index of the live library under a model in place, once it is there."""
        while (beside := self._snapshot) is not None:
            policies = [one.policy for one in beside.policies.values()]
            index = self._index(policies, beside.vocabulary, model)
            with self._lock:
                now = self._snapshot
                # Another library may have gone live while this one's index was built.
                if now is not None and now.versions.library == beside.versions.library:
                    self._snapshot = replace(
                        now,
                        versions=_versions(now.versions, model, index),
                        index=index,
                        encoder=model.encoder,
                        listener=self._heard_by(model),
                        indexed=now.versions.library,
                    )
                    self._model = model
                    return

    def _note(self, versions: Versions, concern: str | None) -> None:
        """Remember what was not to be had, if anything, and say so once."""
        self._failed = (
            (versions.model, versions.library),
            self._clock() if concern else -RETRY,
        )
        if concern and concern != self._concern:
            _log.warning("model_not_opened", model=versions.model, reason=concern)
        self._concern = concern


def _versions(versions: Versions, model: OpenModel, index: PolicyIndex) -> Versions:
    named = f"{model.id or model.encoder.name}/{index.identity[:12]}"
    return Versions(versions.library, versions.limits, versions.budgets, named)


def _same(one: Versions, other: Versions) -> bool:
    return (one.library, one.limits, one.budgets) == (other.library, other.limits, other.budgets)
