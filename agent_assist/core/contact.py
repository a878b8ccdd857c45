"""A contact: one conversation with a customer, and what was said in it, turn by turn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Speaker(StrEnum):
    """Who said it."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said in a contact."""

    speaker: Speaker
    text: str
    at: datetime | None = None


Transcript: TypeAlias = tuple[Turn, ...]
"""The turns of a contact, oldest first."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of what a customer said as it may be kept: without numbers, addresses and greetings.

    Attributes:
        turn: index of the turn it comes from; None for a plain text.
    """

    turn: int | None
    text: str


def customer_turns(transcript: Transcript) -> tuple[str, ...]:
    """What the customer said, newest first: the newest turn says best what they want now."""
    return tuple(
        turn.text.strip()
        for turn in reversed(transcript)
        if turn.speaker is Speaker.CUSTOMER and turn.text.strip()
    )


@dataclass(frozen=True, slots=True)
class Contact:
    """One conversation as the CRM knows it: who, when and about what; never what was said.

    Attributes:
        external_id: the CRM's.
        closed_at: None while it goes on.
        issues: what the customer wants, the main one first; may be empty.
    """

    external_id: str
    opened_at: datetime
    closed_at: datetime | None = None
    channel: str | None = None
    locale: str | None = None
    customer: str | None = None
    rep: str | None = None
    team: str | None = None
    issues: tuple[str, ...] = ()
