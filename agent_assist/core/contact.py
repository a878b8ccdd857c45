"""A contact: what the customer said, turn by turn."""

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


def customer_turns(transcript: Transcript) -> tuple[str, ...]:
    """What the customer said, newest first: the newest turn says best what they want now."""
    return tuple(
        turn.text.strip()
        for turn in reversed(transcript)
        if turn.speaker is Speaker.CUSTOMER and turn.text.strip()
    )
