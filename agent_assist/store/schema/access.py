"""Who may call, and who gives and approves."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class ApiKey(Base):
    """A CRM's key. Only a keyed hash of the secret is kept; the key itself is shown once.

    Attributes:
        networks: from which it may be used; empty for all.
        per_minute: how often; None for as often as one likes.
        made_by: who made it, as the audit calls them; empty where nobody noted it.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[str]]
    secret_hash: Mapped[str] = mapped_column(String(64))
    networks: Mapped[list[str]]
    per_minute: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PersonRow(Base):
    """Somebody who gives or approves. Changed with an act in the audit, and never deleted."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(64))
    team: Mapped[str] = mapped_column(String(200))
    customer: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool]
    admin: Mapped[bool]


class DelegationRow(Base):
    """Who stands in for whom, on which days; `seq` is its place in the audit."""

    __tablename__ = "delegations"

    seq: Mapped[int] = mapped_column(ForeignKey("audit.seq"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    substitute: Mapped[str] = mapped_column(ForeignKey("people.id"))
    first: Mapped[date]
    last: Mapped[date]
    ended: Mapped[bool]
