"""What the log of suggestions tells of how well matching still fits what customers say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Answered:
    """A suggestion, as far as drift is told by it.

    Attributes:
        probability: of the main match; None where there was no match.
        texts: what it was made from, masked; empty where it is not kept, or not any more.
    """

    at: datetime
    model: str
    abstained: bool
    probability: float | None
    texts: tuple[str, ...]


class DriftStore:
    """Reads suggestions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, since: datetime, most: int) -> Iterator[Answered]:
        """The newest suggestions since an instant, newest first, at most so many."""
        columns = (
            SuggestionEntry.at,
            SuggestionEntry.model,
            SuggestionEntry.abstained,
            SuggestionEntry.answer[("matches", 0, "probability")].as_float(),
            SuggestionEntry.texts,
        )
        rows = select(*columns).where(SuggestionEntry.at >= since)
        rows = rows.order_by(SuggestionEntry.at.desc()).limit(most)
        with self._database.reading() as session:
            found = session.execute(rows.execution_options(yield_per=_AT_ONCE))
            for at, model, abstained, probability, texts in found:
                said = tuple(one["text"] for one in texts or ())
                yield Answered(at, model, abstained, probability, said)
