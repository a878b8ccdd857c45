"""Outcomes: how a contact ended, what was said and given in it, and what had caused it."""

from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.vocabulary import Cause
from agent_assist.core.wordings import Wording


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """A policy that was explained to the customer, in the version that the rep read.

    Attributes:
        wording: of its explanation, as the suggestion named it; None where it named none.
    """

    policy: str
    version: int
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a contact ended, as it is told.

    Attributes:
        resolved: whether what the customer wanted is settled.
        cause: what made the customer contact us; None where nobody said, which is when the
            cause that the library names for the issue is assumed.
        said: policies that were explained.
        given: ids of the grants that were given.
        note: for colleagues; never what the customer said.
    """

    resolved: bool
    cause: Cause | None = None
    said: tuple[PolicySaid, ...] = ()
    given: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """An ending as it was recorded. It never changes: a correction is another one.

    Attributes:
        number: counted from 1 within the contact; the highest is the one that holds.
        by: who recorded it.
    """

    contact: str
    number: int
    at: datetime
    by: str
    ending: Ending
