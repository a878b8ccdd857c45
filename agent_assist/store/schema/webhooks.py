"""Addresses outside that are told of events, and what became of each event they were told of."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class WebhookRow(Base):
    """A webhook, and where it stands.

    Attributes:
        off: why it is switched off; None while it is on.
        salt, old_salt: what its secrets follow from, together with the pepper; the old one is
            empty where there is none.
        seq: the place in the audit up to which events were put in line for it.
        failures: tries in a row that failed.
        rests_until: nobody sends to it before: somebody does so, or it failed; None for neither.
    """

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    types: Mapped[list[str]]
    description: Mapped[str] = mapped_column(String(200))
    off: Mapped[str | None] = mapped_column(String(16))
    salt: Mapped[str] = mapped_column(String(64))
    old_salt: Mapped[str] = mapped_column(String(64))
    old_until: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]


class DeliveryRow(Base):
    """An event in line for a webhook, or what became of it. Kept for a while after its last try.

    Attributes:
        seq: the event's place in the audit.
        at: of the last try, or when it was put here.
        next_at: when it is tried next; None if no more.
        status, fault, ms: of the last try; None before the first.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_state", "webhook", "state", "seq"),
        Index("ix_webhook_deliveries_at", "at"),
    )

    webhook: Mapped[str] = mapped_column(
        ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(64))
    happened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int]
    at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    status: Mapped[int | None]
    fault: Mapped[str | None] = mapped_column(String(16))
    ms: Mapped[int | None]
