"""The pages that a panel is embedded in, and the launch tokens that these have spent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class HostRow(Base):
    """A page that may embed the panel.

    Attributes:
        salt: what the shared secret follows from, together with the pepper; empty where there
            is none.
        public_key: PEM; empty where there is none.
    """

    __tablename__ = "hosts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    origins: Mapped[list[str]]
    salt: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class LaunchRow(Base):
    """A launch token that was spent; kept until it would have expired."""

    __tablename__ = "launches"
    __table_args__ = (Index("ix_launches_expires_at", "expires_at"),)

    host: Mapped[str] = mapped_column(ForeignKey("hosts.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]
