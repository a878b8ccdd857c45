"""Days: where those of an organisation begin and end, and by what their figures are counted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.schema import Base

Rows: TypeAlias = Mapping[type[Base], list[dict[str, Any]]]
"""The figures of a day by their tables, but for the day."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time from `begin` until before `end`.

    Attributes:
        longest: how long after a contact of it another one may repeat it.
    """

    begin: datetime
    end: datetime
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Basis:
    """What figures are counted by: a library's days and windows.

    Attributes:
        version: of the library; of two the higher holds.
    """

    version: int
    vocabulary: Vocabulary

    @property
    def digest(self) -> str:
        """SHA-256 of all that figures would change with."""
        own = self.vocabulary
        issues = {key: [one.repeat_days, one.cause.value] for key, one in own.issues.items()}
        told = json.dumps([own.time_zone, own.repeat_days, issues], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def longest(self) -> timedelta:
        """How long after a contact another one may repeat it."""
        return timedelta(days=self.vocabulary.longest_repeat_days)

    def span(self, since: date, until: date) -> Span:
        """The time of some days, both included."""
        zone = ZoneInfo(self.vocabulary.time_zone)
        end = datetime.combine(until + timedelta(days=1), time(), zone)
        return Span(datetime.combine(since, time(), zone), end, self.longest)

    def day(self, at: datetime) -> date:
        """The day of an instant."""
        return self.vocabulary.day(at)
