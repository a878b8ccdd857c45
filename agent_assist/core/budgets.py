"""Budgets: caps on the sum or number of grants within a scope and a window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agent_assist.core.conditions import Conditions

_WHOLE = 10_000  # basis points in 100 %


class Scope(StrEnum):
    """Whose grants are added up."""

    CONTACT = "contact"
    ORDER = "order"
    CUSTOMER = "customer"
    REP = "rep"
    TEAM = "team"
    ORGANISATION = "organisation"


class Window(StrEnum):
    """Over which time. A month is a calendar month in the organisation's time zone."""

    CONTACT = "contact"
    DAY = "day"
    DAYS_7 = "7d"
    DAYS_30 = "30d"
    DAYS_90 = "90d"
    DAYS_365 = "365d"
    MONTH = "month"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class Budget:
    """A cap on grants.

    Attributes:
        remedies: which remedies it counts; empty for all goodwill ones.
        amounts: most minor units by level key; a level that is not in it has no such cap.
        counts: most grants by level key, likewise.
        warn_at: share in basis points from which to warn; None for no warning.
    """

    key: str
    scope: Scope
    window: Window
    remedies: frozenset[str] = frozenset()
    conditions: Conditions = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    warn_at: int | None = None

    def capped(self, ladder: Sequence[str]) -> list[str]:
        """Those of a ladder that have any cap."""
        return [level for level in ladder if level in self.amounts or level in self.counts]

    def warns(self, used: int, most: int) -> bool:
        """True if so much of an amount or number is used that somebody should know."""
        return self.warn_at is not None and used * _WHOLE >= most * self.warn_at


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """An immutable version of all budgets. Version 0 is a table that was never published."""

    version: int
    budgets: tuple[Budget, ...]
