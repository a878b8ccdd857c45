"""A clock that is set by hand."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class HandClock:
    """Stands still until it is set."""

    at: datetime

    def now(self) -> datetime:
        """What it is set to; for those who ask the process's clock."""
        return self.at

    def within(self, _session: object) -> datetime:
        """The same, for those who ask the database's."""
        return self.at
