"""The limit table: what each level may give, in which case. Rows have no order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from agent_assist.core.ceilings import NOTHING, Ceiling
from agent_assist.core.conditions import Conditions, exclude_each_other, narrows
from agent_assist.core.policy import in_effect


class Effect(StrEnum):
    """What a matching row does."""

    ALLOW = "allow"
    DENY = "deny"


class Offer(StrEnum):
    """Whether the remedy is proposed, given only when the customer asks, or only on search."""

    OFFER = "offer"
    IF_ASKED = "if_asked"
    NEVER = "never"


RESERVE = {Offer.OFFER: 0, Offer.IF_ASKED: 1, Offer.NEVER: 2}
"""How reserved an offer mode is; of several matching rows the most reserved mode holds."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Conditions on facts, a remedy, and a ceiling for each level.

    Attributes:
        issues: the issues it is about; empty for any.
        ceilings: by level key; a level that is not in it may give nothing.
        say: a sentence the customer may hear, never with a limit; may be empty.
        reason: internal; why the row is as it is.
    """

    key: str
    remedy: str
    effect: Effect
    offer: Offer = Offer.OFFER
    priority: int = 0
    issues: frozenset[str] = frozenset()
    conditions: Conditions = field(default_factory=dict)
    ceilings: Mapping[str, Ceiling] = field(default_factory=dict)
    say: str = ""
    reason: str = ""
    effective_from: date | None = None
    effective_to: date | None = None

    def ceiling(self, level: str) -> Ceiling:
        """The ceiling of a level; nothing where the row names none."""
        return self.ceilings.get(level, NOTHING)

    def bases(self) -> Iterator[str]:
        """Keys of the facts that its ceilings are reckoned from."""
        for ceiling in self.ceilings.values():
            yield from ceiling.bases()

    def asked(self) -> tuple[str, ...]:
        """Keys of the facts that settle it, each once: of its tests, then of its ceilings."""
        return tuple(dict.fromkeys((*self.conditions, *self.bases())))

    def holds_on(self, day: date) -> bool:
        """True if the row is in effect on the organisation's calendar day."""
        return in_effect(day, self.effective_from, self.effective_to)

    def refines(self, other: "LimitRow") -> bool:
        """True if every case that meets this row meets `other`, and some case only `other`."""
        return self.lies_within(other) and not other.lies_within(self)

    def lies_within(self, other: "LimitRow") -> bool:
        """True if every case that meets this row meets `other`."""
        inside = not other.issues or (bool(self.issues) and self.issues <= other.issues)
        return inside and narrows(self.conditions, other.conditions)

    def meets(self, other: "LimitRow") -> bool:
        """True if some case may meet both rows."""
        apart = self.issues and other.issues and self.issues.isdisjoint(other.issues)
        return not apart and not exclude_each_other(self.conditions, other.conditions)


@dataclass(frozen=True, slots=True)
class LimitTable:
    """An immutable version of all rows. Version 0 is a table that was never published."""

    version: int
    rows: tuple[LimitRow, ...]
