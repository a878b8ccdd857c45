"""What is replayed: past decisions, and the rules that they are decided by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agent_assist.core.budgets import Budget
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import Facts
from agent_assist.core.holds import Given


class PastDecision(NamedTuple):
    """What was decided once.

    Attributes:
        amount: what was asked for, in whole parts of the unit; None for the most.
        granted: True if the amount was given.
        used, given: what had been granted at that moment, as in `core.holds.Use`: by budget
            key the minor units and the number of grants, by remedy what was given and still
            counted.
    """

    issue: str
    remedy: str
    level: str
    facts: Facts
    day: date
    amount: int | None = None
    granted: bool = False
    used: Mapping[str, tuple[int, int]] = {}
    given: Mapping[str, Given] = {}


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits and budgets that decide together."""

    limits: CompiledLimits
    budgets: tuple[Budget, ...]
