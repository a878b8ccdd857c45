"""Grants: remedies given, and what of them still counts. Reserved, then captured or voided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Bound
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import Used, counts
from agent_assist.core.holds import Use
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Remedy, RemedyKind, Unit, Vocabulary


class GrantState(StrEnum):
    """What became of a grant."""

    RESERVED = "reserved"
    CAPTURED = "captured"
    VOIDED = "voided"
    EXPIRED = "expired"


class EntryKind(StrEnum):
    """What was done to a grant after it was reserved."""

    CAPTURE = "capture"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a grant is for and who gives it: the CRM's ids; None where nobody said."""

    contact: str | None = None
    order: str | None = None
    customer: str | None = None
    rep: str | None = None
    team: str | None = None

    def of(self, scope: Scope) -> str | None:
        """The id within a scope; the organisation is one and has an empty one."""
        match scope:
            case Scope.CONTACT:
                return self.contact
            case Scope.ORDER:
                return self.order
            case Scope.CUSTOMER:
                return self.customer
            case Scope.REP:
                return self.rep
            case Scope.TEAM:
                return self.team
            case Scope.ORGANISATION:
                return ""


OCCASIONS = (Scope.ORDER, Scope.CONTACT)
"""What ceilings are of: all that is given of a remedy on one order, or in one contact."""


def scopes_of(budget: Budget) -> frozenset[Scope]:
    """The scopes whose ids a budget needs: its own, and the contact for a contact's window."""
    if budget.window is Window.CONTACT:
        return frozenset({budget.scope, Scope.CONTACT})
    return frozenset({budget.scope})


def needed_scopes(budgets: Iterable[Budget], remedy: Remedy) -> dict[Scope, str]:
    """The scopes whose ids a grant of a remedy must name, each with a budget that sums up by it.

    Without the id the budget's sum would miss the grant.
    """
    needed: dict[Scope, str] = {}
    for budget in budgets:
        if counts(budget, remedy):
            for scope in sorted(scopes_of(budget)):
                needed.setdefault(scope, budget.key)
    return needed


@dataclass(frozen=True, slots=True)
class GrantAsked:
    """A grant that is asked for, read and checked as far as that needs no ledger.

    Attributes:
        parties: with an order or a contact at least (ValueError if with neither), or nobody could
            tell what was given there before.
        amount: whole parts of the remedy's unit, at least 1.
        key: id of the API key that asks; empty for the command line.
    """

    parties: Parties
    level: str
    issue: str
    remedy: Remedy
    amount: int
    facts: Facts
    reason_code: str
    comment: str | None = None
    suggestion: str | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if all(self.parties.of(scope) is None for scope in OCCASIONS):
            raise ValueError("a grant needs an order or a contact that it is given for")


@dataclass(frozen=True, slots=True)
class Terms:
    """The versions that a grant is decided by."""

    versions: Versions
    vocabulary: Vocabulary
    limits: CompiledLimits
    budgets: Sequence[Budget]


@dataclass(frozen=True, slots=True)
class Entry:
    """A capture or a void.

    Attributes:
        amount: captured or voided.
        released: by how much less the grant counts since: what a capture leaves of the
            reservation, or all that is voided.
        seq: its place in the audit.
        blind: random, so that the audit's digest of it tells nobody what it says.
    """

    kind: EntryKind
    amount: int
    released: int
    at: datetime
    by: str
    reason: str
    seq: int
    blind: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A remedy given. It never changes; what is done to it later stands in `entries`.

    Attributes:
        amount: reserved, in whole parts of the unit.
        facts: what was known, as JSON.
        decision: what was decided, from which rows and sums, as JSON.
        seq: its place in the audit.
        blind: random, so that the audit's digest of it tells nobody what it says.
    """

    id: str
    at: datetime
    expires_at: datetime
    parties: Parties
    level: str
    issue: str
    remedy: str
    kind: RemedyKind
    unit: Unit
    amount: int
    currency: str
    reason_code: str
    comment: str | None
    versions: Versions
    suggestion: str | None
    key: str
    facts: Mapping[str, Any]
    decision: Mapping[str, Any]
    seq: int
    entries: tuple[Entry, ...] = ()
    blind: str = ""

    @property
    def left(self) -> int:
        """What captures and voids have left of it, expired or not."""
        return self.amount - sum(entry.released for entry in self.entries)

    @property
    def captured(self) -> int | None:
        """How much was captured; None for nothing yet."""
        amounts = (one.amount for one in self.entries if one.kind is EntryKind.CAPTURE)
        return next(amounts, None)

    @property
    def voided(self) -> int:
        """How much was voided, of the reservation and of what was captured."""
        return sum(one.amount for one in self.entries if one.kind is EntryKind.VOID)

    def counts(self, at: datetime) -> int:
        """How much of it budgets count at an instant: a reservation counts until it expires."""
        return self.left if self.captured is not None or at < self.expires_at else 0

    def state(self, at: datetime) -> GrantState:
        """What became of it until an instant."""
        if self.left == 0:
            return GrantState.VOIDED
        if self.captured is not None:
            return GrantState.CAPTURED
        return GrantState.RESERVED if at < self.expires_at else GrantState.EXPIRED


@dataclass(frozen=True, slots=True)
class BudgetHeadroom:
    """What is left of a budget at a level; None where it sets no cap of that kind for it.

    Attributes:
        frozen: nothing may be given of what it counts, whatever `used` says; nothing is left.
    """

    budget: Budget
    used: Used
    amount: int | None
    grants: int | None
    warning: bool
    frozen: bool

    @classmethod
    def at(cls, level: str, budget: Budget, use: Use) -> "BudgetHeadroom":
        """What is left of a budget for a level, from what the ledger knows."""
        amount, number = budget.amounts.get(level), budget.counts.get(level)
        used, frozen = use.used[budget.key], budget.key in use.frozen
        return cls(
            budget=budget,
            used=used,
            amount=None if amount is None else 0 if frozen else max(amount - used.amount, 0),
            grants=None if number is None else 0 if frozen else max(number - used.grants, 0),
            warning=any(
                most is not None and budget.warns(of, most)
                for of, most in ((used.amount, amount), (used.grants, number))
            ),
            frozen=frozen,
        )


_TOO_MUCH = (
    "the amount is not within what may be given: `headroom` says how much is left, "
    "`binding` what holds it down"
)
_NOT_YET = (
    "nobody can tell yet whether it may be given: `needs` names the facts to ask for, "
    "then send it again with them"
)


class OverHeadroom(AgentAssistError):
    """More was asked for than may be given; nothing was reserved."""

    code = "over_headroom"

    def __init__(self, decision: Decision, level: str, currency: str) -> None:
        self.decision = decision
        self.level = level
        self.currency = currency
        super().__init__(_NOT_YET if decision.verdict is Verdict.OPEN else _TOO_MUCH)

    @property
    def headroom(self) -> Bound:
        """What the level could have been granted."""
        binding = self.decision.binding
        return 0 if binding is None else binding.headroom
