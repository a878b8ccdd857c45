"""What answers are made from at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from agent_assist.core.budgets import BudgetTable
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.grants import Terms
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.store.figures.days import Basis


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything an answer is made from, of one moment; none of it can change.

    Attributes:
        indexed: the library version that `index` is of; until the index of a new library is
            ready, that of the one before serves.
    """

    versions: Versions
    vocabulary: Vocabulary
    policies: Mapping[str, VersionedPolicy]
    translations: Mapping[tuple[str, str], VersionedPolicy]
    limits: CompiledLimits
    budgets: BudgetTable
    index: PolicyIndex
    encoder: Encoder
    listener: Listener
    indexed: int
    _in_effect: dict[date, frozenset[str]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def policy(self, policy_id: str, locale: str | None = None) -> VersionedPolicy | None:
        """A policy in the nearest language to `locale`; in the library's own without one."""
        for tag in _nearest(locale):
            if (policy_id, tag) in self.translations:
                return self.translations[policy_id, tag]
        return self.policies.get(policy_id)

    def terms(self) -> Terms:
        """What grants are decided by."""
        return Terms(self.versions, self.vocabulary, self.limits, self.budgets.budgets)

    def basis(self) -> Basis:
        """What figures are counted by."""
        return Basis(self.versions.library, self.vocabulary)

    def in_effect(self, day: date) -> frozenset[str]:
        """Ids of the policies that hold on a day.

        While the index is of another library, without those that have lost an issue since: they
        could be found for it.
        """
        # Worked out once a day: a large library has thousands.
        if day not in self._in_effect:
            held = {key for key, one in self.policies.items() if one.policy.holds_on(day)}
            lost = set() if self.is_indexed else self._lost()
            self._in_effect[day] = frozenset(held - lost)
        return self._in_effect[day]

    @property
    def is_indexed(self) -> bool:
        """Whether the index is of this very library."""
        return self.indexed == self.versions.library

    def _lost(self) -> set[str]:
        return {
            pair.policy
            for pair in self.index.corpus.pairs
            if pair.policy in self.policies
            and pair.issue not in self.policies[pair.policy].policy.issues
        }


def _nearest(locale: str | None) -> tuple[str, ...]:
    """`de-AT` is served by `de-AT`, then by `de`."""
    if locale is None:
        return ()
    return (locale, locale.split("-")[0])
