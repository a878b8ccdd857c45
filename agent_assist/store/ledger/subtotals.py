"""Subtotals: what was captured by teams and the organisation, by the hour in which it was granted.

A sum over a month of the organisation's grants takes the longer, the busier the month was, and
every grant needs it. What was captured changes only when it is voided, so each capture and void
brings its subtotals along, in its own transaction and under the locks of team and organisation
that it holds. What is reserved is in none: it may expire, and nothing happens at that instant.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.grants import Grant
from agent_assist.store.ledger.counting import captured, is_money, still_counting
from agent_assist.store.schema import GrantRow, SubtotalRow

HOUR = timedelta(hours=1)
_AT_ONCE = 5_000
WIDE = frozenset({Scope.TEAM, Scope.ORGANISATION})
"""The scopes that are subtotalled: those of which nobody can say how many grants they have."""


class _Key(NamedTuple):
    """What is added up."""

    scope: str
    holder: str
    hour: datetime
    remedy: str
    kind: str
    unit: str
    currency: str


def hour_of(at: datetime) -> datetime:
    """The first instant of an instant's hour, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def bring_along(session: Session, before: Grant, after: Grant) -> None:
    """Add what an entry has changed of a grant to its subtotals, in the entry's transaction."""
    (amount, grants), (was, were) = _final(after), _final(before)
    if (amount, grants) == (was, were):
        return
    for key in _keys(after.at, after.parties.team, *_of(after)):
        row = session.get(SubtotalRow, key)
        if row is None:
            row = SubtotalRow(**key._asdict(), amount=0, grants=0)
            session.add(row)
        row.amount += amount - was
        row.grants += grants - were


def subtotalled() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Minor units, and how many grants; see `counting.totals`."""
    money = case((is_money(SubtotalRow), SubtotalRow.amount), else_=0)
    return (
        func.coalesce(func.sum(money), 0),
        func.coalesce(func.sum(SubtotalRow.grants), 0),
    )


def differing(
    session: Session, since: datetime | None = None, until: datetime | None = None
) -> Iterator[tuple[str, str]]:
    """Subtotals of some hours that are not what their grants add up to: the remedy, and what.

    Args:
        session: that sees one moment.
        since: the first hour; None for the first there is.
        until: the hour before which they end; None for the last there is.
    """
    left = still_counting()
    grants = select(
        GrantRow.at,
        GrantRow.team,
        GrantRow.remedy,
        GrantRow.kind,
        GrantRow.unit,
        GrantRow.currency,
        left,
    ).where(captured())
    rows = select(SubtotalRow)
    if since is not None:
        grants, rows = grants.where(GrantRow.at >= since), rows.where(SubtotalRow.hour >= since)
    if until is not None:
        grants, rows = grants.where(GrantRow.at < until), rows.where(SubtotalRow.hour < until)
    plain: dict[_Key, tuple[int, int]] = {}
    for at, team, *of, amount in session.execute(grants.execution_options(yield_per=_AT_ONCE)):
        for key in _keys(at, team, *of):
            was, were = plain.get(key, (0, 0))
            plain[key] = (was + amount, were + (amount > 0))
    kept = {_key_of(row): (row.amount, row.grants) for row in session.scalars(rows)}
    for key in sorted(plain.keys() | kept.keys()):
        if kept.get(key, (0, 0)) != plain.get(key, (0, 0)):
            whose = f"{key.scope} {key.holder}".strip()
            said = (
                f"the subtotal of {key.remedy} from {key.hour:%Y-%m-%d %H:00} of the {whose} is "
                f"{kept.get(key, (0, 0))}, but its grants add up to {plain.get(key, (0, 0))}"
            )
            yield key.remedy, said


def _final(grant: Grant) -> tuple[int, int]:
    """How much of a grant its subtotals have, and whether it is one of their grants."""
    return (grant.left, int(grant.left > 0)) if grant.captured is not None else (0, 0)


def _of(grant: Grant) -> tuple[str, str, str, str]:
    return grant.remedy, grant.kind.value, grant.unit.value, grant.currency


def _keys(
    at: datetime, team: str | None, remedy: str, kind: str, unit: str, currency: str
) -> Iterable[_Key]:
    holders = [(Scope.ORGANISATION, "")]
    if team is not None:
        holders.append((Scope.TEAM, team))
    for scope, holder in holders:
        yield _Key(scope.value, holder, hour_of(at), remedy, kind, unit, currency)


def _key_of(row: SubtotalRow) -> _Key:
    return _Key(*(getattr(row, field) for field in _Key._fields))
