"""Contacts of the past, as another system kept them."""

from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.contact import Contact
from agent_assist.core.outcomes import Ending


@dataclass(frozen=True, slots=True)
class PastEnding:
    """How a contact ended, and when that was recorded there."""

    ending: Ending
    at: datetime


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact; `ended` is None where nothing is known of its end."""

    contact: Contact
    ended: PastEnding | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of some contacts of the past.

    Attributes:
        new, changed, same: contacts that were not known, were known otherwise, or just so.
        endings: outcomes that were added; neither those that were there already, nor those older
            than what was recorded since.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    endings: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.endings + other.endings,
        )
