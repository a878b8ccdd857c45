"""Given: the figures of grants and requests of some days, added up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.measures import ApprovalsBy, GrantsBy, Wanted
from agent_assist.core.vocabulary import Unit
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalFigure, GrantFigure

Key = date | str | None


@dataclass(frozen=True, slots=True)
class GrantSum:
    """Grants of one kind and unit; attributes as in `GrantFigure`."""

    key: Key
    unit: Unit
    currency: str
    reserved: int
    given: int
    taken_back: int
    amount: int


@dataclass(frozen=True, slots=True)
class ApprovalSum:
    """Requests of one kind and state; attributes as in `ApprovalFigure`."""

    key: Key
    state: ApprovalState
    waited: int
    requests: int
    cut: int
    taken_back: int


class GivenStore:
    """Reads figures; whether they are up to date is up to `store.figures.keeping`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grants(self, wanted: Wanted, by: GrantsBy) -> list[GrantSum]:
        """Grants by a dimension and their units; weeks are given by their days."""
        table = GrantFigure
        key = getattr(table, _column(by))
        counted = [
            func.sum(one) for one in (table.reserved, table.given, table.taken_back, table.amount)
        ]
        rows = select(key, table.unit, table.currency, *counted).where(*_where(table, wanted))
        rows = rows.group_by(key, table.unit, table.currency)
        with self._database.reading() as session:
            return [
                GrantSum(_key(one[0]), Unit(one[1]), one[2], *map(int, one[3:]))
                for one in session.execute(rows)
            ]

    def approvals(self, wanted: Wanted, by: ApprovalsBy) -> list[ApprovalSum]:
        """Requests by a dimension, their states and how long they waited."""
        table = ApprovalFigure
        key = getattr(table, _column(by))
        counted = [func.sum(one) for one in (table.requests, table.cut, table.taken_back)]
        rows = select(key, table.state, table.waited, *counted).where(*_where(table, wanted))
        rows = rows.group_by(key, table.state, table.waited)
        with self._database.reading() as session:
            return [
                ApprovalSum(_key(one[0]), ApprovalState(one[1]), one[2], *map(int, one[3:]))
                for one in session.execute(rows)
            ]


def _column(by: GrantsBy | ApprovalsBy) -> str:
    return "day" if by.value == "week" else by.value


def _key(key: Any) -> Key:
    return key or None


def _where(table: type[GrantFigure | ApprovalFigure], wanted: Wanted) -> list[ColumnElement[bool]]:
    told: Mapping[str, str | None] = {"team": wanted.team, "issue": wanted.issue}
    chosen = [getattr(table, name) == value for name, value in told.items() if value is not None]
    return [table.day >= wanted.since, table.day <= wanted.until, *chosen]
