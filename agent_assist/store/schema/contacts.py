"""Contacts: what was answered in them, and how they ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class SuggestionEntry(Base):
    """What was answered, from which versions, on which facts.

    Attributes:
        texts: what the matches were made from, masked: objects of `turn` and `text`, the newest
            first; NULL where it is not kept, or not any more.
        pair, wording: of the explanation that a contact was assigned in what it was answered; see
            `core.wordings`. NULL where the main policy has one wording, or no contact is named.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        Index("ix_suggestions_at", "at"),
        Index(
            "ix_suggestions_texts",
            "at",
            sqlite_where=text("texts IS NOT NULL"),
            postgresql_where=text("texts IS NOT NULL"),
        ),
        Index(
            "ix_suggestions_pair",
            "pair",
            "at",
            sqlite_where=text("pair IS NOT NULL"),
            postgresql_where=text("pair IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    key_id: Mapped[str | None] = mapped_column(String(16))
    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))
    limits_version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"))
    budgets_version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"))
    model: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(64))
    abstained: Mapped[bool]
    around: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any]]
    texts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    pair: Mapped[str | None] = mapped_column(String(16))
    wording: Mapped[str | None] = mapped_column(String(16))


class FeedbackRow(Base):
    """What somebody said of a suggestion. Never changed, and deleted with its suggestion alone."""

    __tablename__ = "feedback"

    suggestion: Mapped[str] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(220))
    rep: Mapped[str | None] = mapped_column(String(200))
    verdict: Mapped[str] = mapped_column(String(16))
    policy: Mapped[str] = mapped_column(String(200))
    issue: Mapped[str | None] = mapped_column(String(64))


class DecisionEntry(Base):
    """What was asked about an issue that was known, from which versions, on which facts."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_at", "at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    key_id: Mapped[str | None] = mapped_column(String(16))
    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))
    limits_version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"))
    budgets_version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"))
    level: Mapped[str] = mapped_column(String(64))
    issue: Mapped[str] = mapped_column(String(64))
    asked: Mapped[dict[str, Any]]
    around: Mapped[dict[str, Any]]


class ContactRow(Base):
    """A contact as the CRM last described it.

    Attributes:
        transfers: how often it was described with another representative than before.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_opened_at", "opened_at"),
        Index("ix_contacts_customer", "customer", "opened_at"),
        Index("ix_contacts_team", "team", "opened_at"),
    )

    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(40))
    customer: Mapped[str | None] = mapped_column(String(200))
    rep: Mapped[str | None] = mapped_column(String(200))
    team: Mapped[str | None] = mapped_column(String(200))
    issues: Mapped[list[str]]
    transfers: Mapped[int] = mapped_column(default=0)


class OutcomeRow(Base):
    """How a contact ended. Never changed: a correction is another one with a higher number."""

    __tablename__ = "outcomes"
    __table_args__ = (Index("ix_outcomes_at", "at"),)

    contact: Mapped[str] = mapped_column(ForeignKey("contacts.external_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(220))
    resolved: Mapped[bool]
    cause: Mapped[str | None] = mapped_column(String(16))
    said: Mapped[list[dict[str, Any]]]
    given: Mapped[list[str]]
    note: Mapped[str | None] = mapped_column(Text)
