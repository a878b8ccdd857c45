"""Drafts, as what was done to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class DraftRow(Base):
    """A draft as it was begun. Never changed: what is done to it later is an act."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    base: Mapped[int]


class DraftActRow(Base):
    """Something that was done to a draft; see `core.drafts`. Never changed or deleted."""

    __tablename__ = "draft_acts"

    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    comment: Mapped[str] = mapped_column(Text)
    base: Mapped[int | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    version: Mapped[int | None]


class DraftEdit(Base):
    """A row that an act put into a draft, or dropped from it (no cells). Never changed."""

    __tablename__ = "draft_edits"
    __table_args__ = (
        ForeignKeyConstraint(["draft_id", "number"], ["draft_acts.draft_id", "draft_acts.number"]),
    )

    draft_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    position: Mapped[int]
    cells: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
