"""Helped: the figures of suggestions of some days, and of contacts they helped in, added up."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from agent_assist.core.measures import SuggestionsBy, Wanted
from agent_assist.store.database import Database
from agent_assist.store.schema import HelpFigure, SuggestionFigure

_COUNTED = ("suggestions", "abstained", "judged", "right", "wrong")
_HELPED = ("contacts", "ended", "followed")


@dataclass(frozen=True, slots=True)
class SuggestionSum:
    """Suggestions of one kind; `key` holds the columns it was told apart by."""

    key: tuple[Any, ...]
    suggestions: int
    abstained: int
    judged: int
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class HelpSum:
    """Contacts that waited alike for the first policy that was shown; see `HelpFigure`."""

    waited: int
    contacts: int
    ended: int
    followed: int


class HelpedStore:
    """Reads figures; whether they are up to date is up to `store.figures.keeping`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def suggestions(self, wanted: Wanted, by: SuggestionsBy) -> list[SuggestionSum]:
        """Suggestions by a dimension; weeks are given by their days."""
        table = SuggestionFigure
        keys: list[Any] = [getattr(table, "day" if by is SuggestionsBy.WEEK else by.value)]
        if by is SuggestionsBy.POLICY:
            keys.append(table.version)
        counted = [func.sum(getattr(table, name)) for name in _COUNTED]
        rows = select(*keys, *counted).where(*_where(table, wanted)).group_by(*keys)
        with self._database.reading() as session:
            return [
                SuggestionSum(tuple(row[: len(keys)]), *map(int, row[len(keys) :]))
                for row in session.execute(rows)
            ]

    def helped(self, wanted: Wanted) -> list[HelpSum]:
        """Contacts that a policy was shown in, by how long that took."""
        table = HelpFigure
        counted = [func.sum(getattr(table, name)) for name in _HELPED]
        rows = select(table.waited, *counted).where(*_where(table, wanted)).group_by(table.waited)
        with self._database.reading() as session:
            return [HelpSum(row[0], *map(int, row[1:])) for row in session.execute(rows)]


def _where(table: type[SuggestionFigure | HelpFigure], wanted: Wanted) -> list[ColumnElement[bool]]:
    told = {"team": wanted.team, "issue": wanted.issue, "channel": wanted.channel}
    chosen = [getattr(table, name) == value for name, value in told.items() if value is not None]
    return [table.day >= wanted.since, table.day <= wanted.until, *chosen]
