"""How people come in: passwords, sign-ins, one-time codes and sessions. No secret is in it.

What only has to be recognised is hashed; what has to be known again follows from the pepper.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base


class AccountRow(Base):
    """The password of a person who signs in here. Most people come through their CRM instead."""

    __tablename__ = "accounts"

    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class SecondFactorRow(Base):
    """What a person shows beside their password: codes of an app.

    Attributes:
        salt: from which, with the pepper, the secret follows that the app has; None before one
            was confirmed.
        step: the newest time step whose code was used.
        offered, offered_at: the salt of a secret that was shown and is not confirmed yet.
    """

    __tablename__ = "second_factors"

    person: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    salt: Mapped[str | None] = mapped_column(String(64))
    step: Mapped[int]
    offered: Mapped[str | None] = mapped_column(String(64))
    offered_at: Mapped[datetime | None]


class RecoveryCodeRow(Base):
    """What stands in for a code of the app, once. Deleted with its use."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_person", "person"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))


class InvitationRow(Base):
    """A link by which a person chooses a password. Deleted with its use; a person has one."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_person", "person", unique=True),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime]


class ProviderVisitRow(Base):
    """Somebody who was sent to the identity provider, by what comes back with them, hashed.

    Attributes:
        place, popup: what they want to sign in for.
        again: whether they were to show anew who they are.
    """

    __tablename__ = "provider_visits"
    __table_args__ = (Index("ix_provider_visits_expires_at", "expires_at"),)

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(Text)
    popup: Mapped[bool]
    again: Mapped[bool]
    expires_at: Mapped[datetime]


class AttemptRow(Base):
    """Attempts to sign in under a name, which failed in a row or are being made.

    The name is hashed: people type their password into the wrong field.
    """

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_at", "at"),)

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    at: Mapped[datetime]


class SignInRow(Base):
    """A browser in which somebody has signed in, by what means (`core.proofs`)."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_person", "person"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    means: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CodeRow(Base):
    """A one-time code, which becomes a session; by what means its person had come, and when."""

    __tablename__ = "codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    host: Mapped[str | None] = mapped_column(String(64))
    means: Mapped[str] = mapped_column(String(16))
    proved_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """A panel or console that acts as a person, who last showed at `proved_at` who they are."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_person", "person"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.id"))
    host: Mapped[str | None] = mapped_column(String(64))
    means: Mapped[str] = mapped_column(String(16))
    proved_at: Mapped[datetime]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SessionSecretRow(Base):
    """A token or a renewal of a session."""

    __tablename__ = "session_secrets"
    __table_args__ = (Index("ix_session_secrets_session", "session"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
