"""Published versions: only inserted; triggers refuse to change or delete them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class Version:
    """What every kind of version records of its publishing.

    Attributes:
        effective_at: from when it is the current one; None for at once.
        draft_id: the draft it was published from; None for a library import.
        approved_by: the second person; None where none was needed.
    """

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    effective_at: Mapped[datetime | None]
    draft_id: Mapped[str | None] = mapped_column(String(40))
    approved_by: Mapped[str | None] = mapped_column(String(200))


class TableVersion(Version, Base):
    """A version of limits or budgets, written against a library version."""

    __abstract__ = True

    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))


class Row(Base):
    """One row of a version: its cells by column, in the grammar of the library format."""

    __abstract__ = True

    version: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    cells: Mapped[dict[str, Any]]


class LibraryVersion(Version, Base):
    """A version of vocabulary and policies. `vocabulary` holds the four TOML texts by file name."""

    __tablename__ = "library_versions"

    vocabulary: Mapped[dict[str, Any]]


class PolicyVersion(Base):
    """One version of one policy in one language, as the text of its file."""

    __tablename__ = "policy_versions"

    policy_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)


class LibraryPolicy(Base):
    """Which version of which policies a library version holds."""

    __tablename__ = "library_policies"
    __table_args__ = (
        ForeignKeyConstraint(
            ["policy_id", "locale", "policy_version"],
            ["policy_versions.policy_id", "policy_versions.locale", "policy_versions.version"],
        ),
    )

    library_version: Mapped[int] = mapped_column(
        ForeignKey("library_versions.version"), primary_key=True
    )
    policy_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    policy_version: Mapped[int]


class LimitsVersion(TableVersion):
    """A version of the limit table."""

    __tablename__ = "limits_versions"


class LimitsRow(Row):
    """One limit row of a version."""

    __tablename__ = "limits_rows"

    version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"), primary_key=True)


class BudgetsVersion(TableVersion):
    """A version of the budgets."""

    __tablename__ = "budgets_versions"


class BudgetsRow(Row):
    """One budget of a version."""

    __tablename__ = "budgets_rows"

    version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"), primary_key=True)


class Cancellation(Base):
    """A scheduled version that shall never take effect."""

    __tablename__ = "cancellations"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))


class ActivationRow(Base):
    """A model version that was made the active one; the newest holds. Empty for none."""

    __tablename__ = "activations"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(200))
