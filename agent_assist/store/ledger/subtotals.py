"""Subtotals: what was captured by teams and the organisation, by the hour in which it was granted.

A sum over a month of the organisation's grants takes the longer, the busier the month was, and
every grant needs it. What was captured changes only when it is voided, so each capture and void
brings its subtotals along, in its own transaction and under the locks of team and organisation
that it holds. What is reserved is in none: it may expire, and nothing happens at that instant.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.grants import Grant, Parties
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.counting import captured, is_money, still_counting
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.schema import GrantRow, SubtotalRow

HOUR = timedelta(hours=1)
_AT_ONCE = 5_000
WIDE = frozenset({Scope.TEAM, Scope.ORGANISATION})
"""The scopes that are subtotalled: those of which nobody can say how many grants they have."""


class Recount:
    """Mends subtotals that differ, where nothing is frozen that a release would mend them with."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def run(self, by: str) -> None:
        """Add all subtotals up anew, as the audit remembers."""
        with self._database.writing() as session:
            lock_parties(session, Parties())
            at = audit.present(session, self._clock)
            add_up_anew(session)
            audit.append(session, audit.Act(by, "ledger.recount", "ledger", {}), at)


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
    rows = select(SubtotalRow)
    if since is not None:
        rows = rows.where(SubtotalRow.hour >= since)
    if until is not None:
        rows = rows.where(SubtotalRow.hour < until)
    plain = _plain(session, since, until)
    kept = {_key_of(row): (row.amount, row.grants) for row in session.scalars(rows)}
    for key in sorted(plain.keys() | kept.keys()):
        if kept.get(key, (0, 0)) != plain.get(key, (0, 0)):
            whose = f"{key.scope} {key.holder}".strip()
            said = (
                f"the subtotal of {key.remedy} from {key.hour:%Y-%m-%d %H:00} of the {whose} is "
                f"{kept.get(key, (0, 0))}, but its grants add up to {plain.get(key, (0, 0))}"
            )
            yield key.remedy, said


def add_up_anew(session: Session) -> None:
    """Make all subtotals what their grants add up to, under the organisation's lock."""
    session.execute(delete(SubtotalRow))
    session.add_all(
        SubtotalRow(**key._asdict(), amount=amount, grants=grants)
        for key, (amount, grants) in _plain(session).items()
    )


def _plain(
    session: Session, since: datetime | None = None, until: datetime | None = None
) -> dict[_Key, tuple[int, int]]:
    """What the grants of some hours add up to, one grant after the other."""
    of = (GrantRow.remedy, GrantRow.kind, GrantRow.unit, GrantRow.currency)
    grants = select(GrantRow.at, GrantRow.team, *of, still_counting()).where(captured())
    if since is not None:
        grants = grants.where(GrantRow.at >= since)
    if until is not None:
        grants = grants.where(GrantRow.at < until)
    plain: dict[_Key, tuple[int, int]] = {}
    for at, team, *rest, left in session.execute(grants.execution_options(yield_per=_AT_ONCE)):
        for key in _keys(at, team, *rest):
            amount, number = plain.get(key, (0, 0))
            plain[key] = (amount + int(left), number + (left > 0))
    return plain


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
