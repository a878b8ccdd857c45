"""What was given and approved, each act chained in the audit."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


def _naming_suggestions(name: str) -> Index:
    """Who names a suggestion, for it is not deleted then; most name none."""
    named = text("suggestion IS NOT NULL")
    return Index(name, "suggestion", sqlite_where=named, postgresql_where=named)


class AuditEntry(Base):
    """One act, chained to the one before it. Never changed or deleted."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    act: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class GrantRow(Base):
    """A grant as it was reserved. Never changed: what is done to it later is an entry.

    Only an erasure takes out of it, and of entries and requests, what says whom it was for.

    Attributes:
        blind: random, so that what the audit remembers tells nobody who the customer was; empty
            once they were erased, and in rows from before it was kept.
    """

    __tablename__ = "grants"
    __table_args__ = (
        # One for each scope whose windows are summed up.
        Index("ix_grants_contact", "contact", "at"),
        Index("ix_grants_order", "order", "at"),
        Index("ix_grants_customer", "customer", "at"),
        Index("ix_grants_rep", "rep", "at"),
        Index("ix_grants_team", "team", "at"),
        Index("ix_grants_at", "at"),
        # What is reserved and has not expired, which is little.
        Index("ix_grants_expires_at", "expires_at"),
        Index("ix_grants_team_expires_at", "team", "expires_at"),
        _naming_suggestions("ix_grants_suggestion"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), unique=True)
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    contact: Mapped[str | None] = mapped_column(String(200))
    order: Mapped[str | None] = mapped_column(String(200))
    customer: Mapped[str | None] = mapped_column(String(200))
    rep: Mapped[str | None] = mapped_column(String(200))
    team: Mapped[str | None] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(64))
    issue: Mapped[str] = mapped_column(String(64))
    remedy: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason_code: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(Text)
    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))
    limits_version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"))
    budgets_version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"))
    suggestion: Mapped[str | None] = mapped_column(ForeignKey("suggestions.id"))
    key_id: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]]
    decision: Mapped[dict[str, Any]]
    blind: Mapped[str] = mapped_column(String(32))


class GrantEntry(Base):
    """A capture or a void of a grant. `released` is by how much less the grant counts since."""

    __tablename__ = "grant_entries"
    __table_args__ = (
        Index("ix_grant_entries_grant_id", "grant_id"),
        # A grant is captured at most once, whatever the code believes.
        Index(
            "uq_grant_entries_capture",
            "grant_id",
            unique=True,
            sqlite_where=text("kind = 'capture'"),
            postgresql_where=text("kind = 'capture'"),
        ),
    )

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id"))
    kind: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int] = mapped_column(BigInteger)
    released: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(220))
    reason: Mapped[str] = mapped_column(Text)
    blind: Mapped[str] = mapped_column(String(32))


class SubtotalRow(Base):
    """What was captured, and not voided since, of grants that were made within an hour.

    Attributes:
        scope: team or organisation: whose grants are added up.
        holder: the team's id; empty for the organisation.
        hour: its first instant, in UTC.
        grants: how many of them anything is left of.
    """

    __tablename__ = "subtotals"

    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    remedy: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    unit: Mapped[str] = mapped_column(String(16), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    grants: Mapped[int] = mapped_column(BigInteger)


class BrakeRow(Base):
    """A brake that was pulled or released; of each team (empty for everybody) the newest holds."""

    __tablename__ = "brakes"
    __table_args__ = (Index("ix_brakes_team", "team", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    at: Mapped[datetime]
    team: Mapped[str] = mapped_column(String(200))
    pulled: Mapped[bool]
    by: Mapped[str] = mapped_column(String(220))
    reason: Mapped[str] = mapped_column(Text)


class DeclinedRow(Base):
    """Advice on a limit that somebody declined; of each the newest holds. Never changed.

    Attributes:
        kind: see `core.tuning.Kind`.
        level: empty for advice on the whole row.
    """

    __tablename__ = "declined_advice"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    row: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(220))
    reason: Mapped[str] = mapped_column(Text)


class FreezeRow(Base):
    """A budget that was frozen or released; of each budget the newest holds."""

    __tablename__ = "freezes"
    __table_args__ = (Index("ix_freezes_budget", "budget", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    at: Mapped[datetime]
    budget: Mapped[str] = mapped_column(String(64))
    frozen: Mapped[bool]
    by: Mapped[str] = mapped_column(String(220))
    reason: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[Any]] = mapped_column(JSON)


class ApprovalRow(Base):
    """A request for an approval. Never changed: how it ended is a row of its own."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_case", "case", "seq"),
        Index("ix_approvals_contact", "contact", "seq"),
        Index("ix_approvals_issue_remedy", "issue", "remedy"),
        _naming_suggestions("ix_approvals_suggestion"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), unique=True)
    at: Mapped[datetime]
    falls_back_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    contact: Mapped[str | None] = mapped_column(String(200))
    order: Mapped[str | None] = mapped_column(String(200))
    customer: Mapped[str | None] = mapped_column(String(200))
    rep: Mapped[str] = mapped_column(String(200))
    team: Mapped[str | None] = mapped_column(String(200))
    rep_level: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(64))
    issue: Mapped[str] = mapped_column(String(64))
    remedy: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(16))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason_code: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(Text)
    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))
    limits_version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"))
    budgets_version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"))
    suggestion: Mapped[str | None] = mapped_column(ForeignKey("suggestions.id"))
    key_id: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]]
    case: Mapped[str | None] = mapped_column(String(64))
    blind: Mapped[str] = mapped_column(String(32))


class ApprovalEnd(Base):
    """How a request ended. Its key is the request's: there is one end, whatever the code does."""

    __tablename__ = "approval_ends"
    __table_args__ = (Index("ix_approval_ends_at", "at"),)

    approval_id: Mapped[str] = mapped_column(ForeignKey("approvals.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), unique=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(64))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(Text)
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("grants.id"), unique=True)
    library_version: Mapped[int | None]
    limits_version: Mapped[int | None]
    budgets_version: Mapped[int | None]


class ReminderRow(Base):
    """A request that was told of outside, once through each channel."""

    __tablename__ = "reminders"

    approval_id: Mapped[str] = mapped_column(ForeignKey("approvals.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]


class OnceRow(Base):
    """A request that happened once, and its answer, byte for byte; empty until it is known.

    Attributes:
        key: SHA-256 of the sender's, which may hold anything.
        subject: the grant, request or contact that the answer is about, by which it is erased
            with its customer; None for answers that name none.
    """

    __tablename__ = "idempotency"
    __table_args__ = (
        Index("ix_idempotency_at", "at"),
        Index(
            "ix_idempotency_subject",
            "subject",
            sqlite_where=text("subject IS NOT NULL"),
            postgresql_where=text("subject IS NOT NULL"),
        ),
    )

    principal: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    subject: Mapped[str | None] = mapped_column(String(200))


class ScopeLock(Base):
    """Something whose writers queue, on databases that lock rows."""

    __tablename__ = "scope_locks"

    id: Mapped[str] = mapped_column(String(240), primary_key=True)
