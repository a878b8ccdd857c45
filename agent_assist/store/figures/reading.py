"""Reading: the figures of some days, added up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from agent_assist.core.measures import COUNTED, CUTS, POLICY_CUTS, By, Tally, Wanted, cut_for
from agent_assist.store.database import Database
from agent_assist.store.schema import ContactFigure, PolicyFigure

_COLUMNS: dict[By, Sequence[Any]] = {
    By.DAY: (ContactFigure.day,),
    By.WEEK: (ContactFigure.day,),
    By.ISSUE: (ContactFigure.issue,),
    By.CAUSE: (ContactFigure.cause,),
    By.POLICY: (PolicyFigure.policy, PolicyFigure.version),
    By.TEAM: (ContactFigure.team,),
    By.CHANNEL: (ContactFigure.channel,),
}


_BESIDE = frozenset({By.DAY, By.WEEK, By.POLICY})
"""What is told apart at every cut."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What was counted of one kind; `key` holds the columns that it was told apart by."""

    key: tuple[Any, ...]
    tally: Tally


class MeasureStore:
    """Reads figures; whether they are up to date is up to `store.figures.keeping`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def total(self, wanted: Wanted) -> Tally:
        """All contacts that are asked for, each counted once."""
        rows = select(*_sums(ContactFigure)).where(*_where(ContactFigure, wanted, by=By.DAY))
        with self._database.reading() as session:
            return Tally(*(n or 0 for n in session.execute(rows).one()))

    def sums(self, wanted: Wanted, by: By) -> Iterable[Sum]:
        """The same by a dimension.

        A contact with several issues is counted at each, and so is one with several policies.
        Weeks are given by their days.
        """
        table = PolicyFigure if by is By.POLICY else ContactFigure
        columns = _COLUMNS[by]
        rows = select(*columns, *_sums(table)).where(*_where(table, wanted, by=by))
        rows = rows.group_by(*columns)
        with self._database.reading() as session:
            found = [
                Sum(tuple(row[: len(columns)]), Tally(*row[len(columns) :]))
                for row in session.execute(rows)
            ]
        return [one for one in found if one.tally.contacts]


def _sums(table: type[ContactFigure | PolicyFigure]) -> list[Any]:
    return [func.sum(getattr(table, name)) for name in COUNTED]


def _where(
    table: type[ContactFigure | PolicyFigure], wanted: Wanted, by: By
) -> list[ColumnElement[bool]]:
    told = {"team": wanted.team, "issue": wanted.issue, "channel": wanted.channel}
    chosen = {name: value for name, value in told.items() if value is not None}
    cuts = POLICY_CUTS if table is PolicyFigure else CUTS
    apart = {*chosen} if by in _BESIDE else {*chosen, by.value}
    cut = table.cut == cut_for(apart, cuts)
    # Of an issue all contacts that name it count; of all of them each one once.
    once = true() if "issue" in apart else table.main.is_(True)
    of_those = [getattr(table, name) == value for name, value in chosen.items()]
    return [cut, table.day >= wanted.since, table.day <= wanted.until, once, *of_those]
