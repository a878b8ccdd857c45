"""The tables. Published versions are only inserted; triggers refuse to change or delete them."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names for every constraint, because SQLite cannot drop one that has none.
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC time in and out, on databases that keep time zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: nobody knows what instant they mean."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the UTC time back without its zone."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar = {datetime: Instant(), dict[str, Any]: JSON(), list[str]: JSON()}


class Version:
    """What every kind of version records of its publishing."""

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)


class Row:
    """One row of a version: its cells by column, in the grammar of the library format."""

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


class LimitsVersion(Version, Base):
    """A version of the limit table, written against a library version."""

    __tablename__ = "limits_versions"

    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))


class LimitsRow(Row, Base):
    """One limit row of a version."""

    __tablename__ = "limits_rows"

    version: Mapped[int] = mapped_column(ForeignKey("limits_versions.version"), primary_key=True)


class BudgetsVersion(Version, Base):
    """A version of the budgets, written against a library version."""

    __tablename__ = "budgets_versions"

    library_version: Mapped[int] = mapped_column(ForeignKey("library_versions.version"))


class BudgetsRow(Row, Base):
    """One budget of a version."""

    __tablename__ = "budgets_rows"

    version: Mapped[int] = mapped_column(ForeignKey("budgets_versions.version"), primary_key=True)


class ApiKey(Base):
    """A CRM's key. Only a keyed hash of the secret is kept; the key itself is shown once."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[str]]
    secret_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SuggestionEntry(Base):
    """What was answered, from which versions, on which facts; never what the customer said."""

    __tablename__ = "suggestions"
    __table_args__ = (Index("ix_suggestions_at", "at"),)

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
    """A grant as it was reserved. Never changed: what is done to it later is an entry."""

    __tablename__ = "grants"
    __table_args__ = (
        # One for each scope whose windows are summed up.
        Index("ix_grants_contact", "contact", "at"),
        Index("ix_grants_order", "order", "at"),
        Index("ix_grants_customer", "customer", "at"),
        Index("ix_grants_rep", "rep", "at"),
        Index("ix_grants_team", "team", "at"),
        Index("ix_grants_at", "at"),
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


class OnceRow(Base):
    """A request that happened once, and its answer, byte for byte; empty until it is known."""

    __tablename__ = "idempotency"

    principal: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class ScopeLock(Base):
    """Something whose writers queue, on databases that lock rows."""

    __tablename__ = "scope_locks"

    id: Mapped[str] = mapped_column(String(240), primary_key=True)
