"""What customers said where no match was sure enough to be the answer."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry

_CONTACT = SuggestionEntry.around["contact"].as_string()
_TEAM = SuggestionEntry.around["team"].as_string()


class Unanswered(NamedTuple):
    """What was said last in a suggestion that abstained, masked; None for no named contact."""

    at: datetime
    contact: str | None
    text: str


class UnansweredStore:
    """Reads suggestions that abstained, as far as their texts are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(
        self, since: datetime, until: datetime, team: str | None, most: int
    ) -> list[Unanswered]:
        """The newest from `since` until before `until`, newest first; a team's, or all for None."""
        rows = select(SuggestionEntry.at, _CONTACT, SuggestionEntry.texts).where(
            SuggestionEntry.at >= since,
            SuggestionEntry.at < until,
            SuggestionEntry.texts.is_not(None),
            SuggestionEntry.abstained,
        )
        if team is not None:
            rows = rows.where(team == _TEAM)
        rows = rows.order_by(SuggestionEntry.at.desc(), SuggestionEntry.id).limit(most)
        with self._database.reading() as session:
            return [
                Unanswered(at, contact, texts[0]["text"])
                for at, contact, texts in session.execute(rows)
            ]
