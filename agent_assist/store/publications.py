"""What is recorded of every publication, and the hash that tells what was published."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes, when and why.

    Attributes:
        effective_at: from when the version is the current one; None for at once.
        draft_id: where it comes from; None for a library import.
        approved_by: the second person; None where none was needed.
    """

    at: datetime
    by: str
    note: str
    effective_at: datetime | None = None
    draft_id: str | None = None
    approved_by: str | None = None


def digest(content: object) -> str:
    """A hash over a JSON document."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
