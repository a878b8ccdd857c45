"""Contrast: the wordings of explanations that run side by side, and which of two is proposed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.suggestion import VersionedPolicy
from agent_assist.core.wording_trial import Compared, compare
from agent_assist.core.wordings import pair_of
from agent_assist.live import Snapshot
from agent_assist.store.wordings import WordingStore


@dataclass(frozen=True, slots=True)
class Contrasted:
    """A policy with two wordings, compared by the contacts that were told one of these very two."""

    policy: VersionedPolicy
    pair: str
    compared: Compared


class Contraster:
    """Compares wordings.

    Args:
        store: reads what became of contacts.
        now: gives the aware present.
    """

    def __init__(self, store: WordingStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def look(self, snapshot: Snapshot, team: str | None) -> tuple[Contrasted, ...]:
        """Every policy that has two wordings now, by id; by a team's contacts, or all for None."""
        at, window = self._now(), snapshot.vocabulary.repeat_window
        pairs = ((held, pair_of(held.policy)) for _, held in sorted(snapshot.policies.items()))
        return tuple(
            Contrasted(held, pair, compare(self._store.assigned(pair, team, window, at)))
            for held, pair in pairs
            if pair is not None
        )
