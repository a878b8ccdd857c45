"""Approval requests: what they are, how they end, what may still become of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from agent_assist.core.decision import Decision
from agent_assist.core.errors import AgentAssistError, Forbidden
from agent_assist.core.grants import Parties
from agent_assist.core.people import Person
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Unit


class ApprovalState(StrEnum):
    """What became of a request."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Ruling(StrEnum):
    """What a person says to a request."""

    APPROVE = "approve"
    REFUSE = "refuse"


class RulingReason(StrEnum):
    """Why: a closed list, so that it can be counted."""

    JUSTIFIED = "justified"
    OUR_ERROR = "our_error"
    KEEPS_CUSTOMER = "keeps_customer"
    LOWER_IS_ENOUGH = "lower_is_enough"
    NOT_JUSTIFIED = "not_justified"
    EVIDENCE_MISSING = "evidence_missing"
    ASKED_TOO_OFTEN = "asked_too_often"
    ANOTHER_REMEDY = "another_remedy"

    @property
    def ruling(self) -> Ruling:
        """Which ruling it is a reason for."""
        return Ruling.APPROVE if self in _APPROVING else Ruling.REFUSE


_APPROVING = frozenset(
    {
        RulingReason.JUSTIFIED,
        RulingReason.OUR_ERROR,
        RulingReason.KEEPS_CUSTOMER,
        RulingReason.LOWER_IS_ENOUGH,
    }
)


@dataclass(frozen=True, slots=True)
class End:
    """How a request ended. There is one at most, and it never changes.

    Attributes:
        by: id of the person who decided or withdrew; empty where time did.
        level: at which it was decided; empty where nobody decided.
        amount: granted, at most what was asked for; None unless approved.
        reason: None unless it was decided.
        grant: id of the grant that the approval became at once; None unless approved.
        versions: under which it was approved; None unless it was.
        seq: its place in the audit.
    """

    state: ApprovalState
    at: datetime
    by: str
    level: str = ""
    amount: int | None = None
    reason: RulingReason | None = None
    comment: str | None = None
    grant: str | None = None
    versions: Versions | None = None
    seq: int = 0

    def changed(self, asked_under: Versions) -> bool:
        """True if it was approved under another version than it was asked for under."""
        return self.versions is not None and _limits(self.versions) != _limits(asked_under)


@dataclass(frozen=True, slots=True)
class Approval:
    """A request for an approval. It never changes; how it ended stands in `end`.

    Attributes:
        falls_back_at: from when it goes to the next level up; None where there is none.
        parties: whom the grant would be for; its rep is who asks.
        rep_level: the level of who asks.
        level: the lowest that could give it when it was asked for.
        amount: in whole parts of the unit.
        versions: under which it was asked for.
        facts: what was known, as JSON.
        hash: over all that was asked for: an approval is of that, and of nothing else.
        case: a hash over what makes a repeat; None where neither contact nor order is named.
        seq: its place in the audit.
        blind: random, so that the hash tells nobody what was asked for.
    """

    id: str
    at: datetime
    falls_back_at: datetime | None
    expires_at: datetime
    parties: Parties
    rep_level: str
    level: str
    issue: str
    remedy: str
    unit: Unit
    amount: int
    currency: str
    reason_code: str
    comment: str | None
    versions: Versions
    suggestion: str | None
    key: str
    facts: Mapping[str, Any]
    case: str | None
    seq: int = 0
    blind: str = ""
    hash: str = ""
    end: End | None = None

    def state(self, at: datetime) -> ApprovalState:
        """What became of it until an instant, written down or not."""
        if self.end is not None:
            return self.end.state
        return ApprovalState.PENDING if at < self.expires_at else ApprovalState.EXPIRED

    def fell_back(self, at: datetime) -> bool:
        """True once nobody decided in time and it goes to the next level up."""
        return self.falls_back_at is not None and at >= self.falls_back_at


class Shown(NamedTuple):
    """A request as it stands at an instant, and the person it goes to; None for nobody."""

    approval: Approval
    at: datetime
    routed_to: Person | None


@dataclass(frozen=True, slots=True)
class Precedents:
    """What was decided in like cases: the same issue and remedy.

    Attributes:
        approved: how many in full.
        lowered: how many with less than was asked for.
        latest: the last few, newest first.
    """

    approved: int
    lowered: int
    refused: int
    latest: tuple[Approval, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that is needed to decide.

    Attributes:
        levels: what the limits and budgets say now, from the asking level up; empty where the
            library no longer knows what was asked for.
    """

    shown: Shown
    levels: tuple[tuple[str, Decision], ...]
    precedents: Precedents


class Pair(NamedTuple):
    """Two people who approve what the other asks for, and how often each did."""

    one: str
    other: str
    one_for_other: int
    other_for_one: int


class ApprovalSettled(AgentAssistError):
    """The request has ended; the message says how."""

    code = "approval_settled"


class ApprovalPending(AgentAssistError):
    """A lower amount is being decided on in the same case."""

    code = "approval_pending"


class NoApprovalNeeded(AgentAssistError):
    """The level of who asks is enough."""

    code = "no_approval_needed"


class NotAsShown(AgentAssistError):
    """The decision is about something else than what was asked for."""

    code = "not_as_shown"


class MayNotDecide(Forbidden):
    """This person may not decide on, or withdraw, this request."""

    code = "may_not_decide"


def answers(earlier: Approval, at: datetime, amount: int, versions: Versions, given: int) -> bool:
    """True if an earlier request of the same case answers a new one, which is then not asked.

    Args:
        earlier: the newest request of the case.
        at: now.
        amount: asked for now.
        versions: live now.
        given: how much of the earlier request's grant still counts.
    """
    match earlier.state(at):
        case ApprovalState.PENDING:
            return amount <= earlier.amount
        case ApprovalState.APPROVED:
            return 0 < amount <= given
        case ApprovalState.REFUSED:
            # Less, or other limits, is something new; the same or more is not.
            return amount >= earlier.amount and _limits(versions) == _limits(earlier.versions)
    return False


def _limits(versions: Versions) -> tuple[int, int, int]:
    return (versions.library, versions.limits, versions.budgets)
