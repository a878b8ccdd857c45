"""What is forgotten: customers who were erased, and what went because it was old."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class ErasureRow(Base):
    """A customer who was erased, under the name that stands for them since.

    Attributes:
        seq: the first of its entries in the audit.
        rows: how many of each table were changed.
        wiped_at: when nothing of it was left in the database's files; None until then.
    """

    __tablename__ = "erasures"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    at: Mapped[datetime]
    alias: Mapped[str] = mapped_column(String(40))
    rows: Mapped[dict[str, Any]]
    wiped_at: Mapped[datetime | None]


class ErasedRow(Base):
    """An act whose row was erased since, and the entry that remembers what is left of it.

    Attributes:
        seq: the act's place in the audit.
        erasure: the place of the newest entry that holds the row's digest.
    """

    __tablename__ = "erased"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    erasure: Mapped[int] = mapped_column(ForeignKey("audit.seq"))


class PurgeRow(Base):
    """What was deleted because it was too old, of each kind.

    Attributes:
        ran_at: when it was last looked for.
        deleted_at, deleted: when some was last found, and how many rows that were.
        total: how many rows ever.
    """

    __tablename__ = "purges"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    ran_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted: Mapped[int]
    total: Mapped[int]
