"""A library: one organisation's policies, vocabulary, limits and budgets, consistent in itself."""

from dataclasses import dataclass

from agent_assist.core.budgets import Budget
from agent_assist.core.limits import LimitRow
from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Library:
    """All that a library folder holds, every reference in it checked."""

    vocabulary: Vocabulary
    policies: tuple[Policy, ...]
    limits: tuple[LimitRow, ...]
    budgets: tuple[Budget, ...]
