"""The tables, by what they are about."""

from agent_assist.store.schema.access import ApiKey, DelegationRow, PersonRow
from agent_assist.store.schema.base import Base, Instant
from agent_assist.store.schema.contacts import (
    ContactRow,
    DecisionEntry,
    OutcomeRow,
    SuggestionEntry,
)
from agent_assist.store.schema.drafts import DraftActRow, DraftEdit, DraftRow
from agent_assist.store.schema.ledger import (
    ApprovalEnd,
    ApprovalRow,
    AuditEntry,
    BrakeRow,
    FreezeRow,
    GrantEntry,
    GrantRow,
    OnceRow,
    ScopeLock,
)
from agent_assist.store.schema.versions import (
    BudgetsRow,
    BudgetsVersion,
    Cancellation,
    LibraryPolicy,
    LibraryVersion,
    LimitsRow,
    LimitsVersion,
    PolicyVersion,
    Row,
    TableVersion,
    Version,
)

__all__ = [
    "ApiKey",
    "ApprovalEnd",
    "ApprovalRow",
    "AuditEntry",
    "Base",
    "BrakeRow",
    "BudgetsRow",
    "BudgetsVersion",
    "Cancellation",
    "ContactRow",
    "DecisionEntry",
    "DelegationRow",
    "DraftActRow",
    "DraftEdit",
    "DraftRow",
    "FreezeRow",
    "GrantEntry",
    "GrantRow",
    "Instant",
    "LibraryPolicy",
    "LibraryVersion",
    "LimitsRow",
    "LimitsVersion",
    "OnceRow",
    "OutcomeRow",
    "PersonRow",
    "PolicyVersion",
    "Row",
    "ScopeLock",
    "SuggestionEntry",
    "TableVersion",
    "Version",
]
