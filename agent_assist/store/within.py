"""What limits were needed for in a time: grants, requests, and what suggestions were about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select

from agent_assist.core.grants import EntryKind
from agent_assist.core.vocabulary import Unit
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ApprovalRow, GrantEntry, GrantRow, SuggestionEntry


class Wanted(NamedTuple):
    """Something that was given, or asked for above.

    Attributes:
        occasion: the order or contact that it was for.
        amount: of it, and of what was given of the same remedy on the occasion before.
        facts: as JSON.
    """

    at: datetime
    occasion: str
    level: str
    issue: str
    remedy: str
    unit: Unit
    currency: str
    amount: int
    facts: Mapping[str, Any]


class Asked(NamedTuple):
    """A suggestion that named an issue; `facts` as JSON."""

    at: datetime
    issue: str
    facts: Mapping[str, Any]


class WithinStore:
    """Reads them, the newest first.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def given(
        self, since: datetime, until: datetime, team: str | None, limit: int
    ) -> Sequence[Wanted]:
        """At most `limit` grants of which something is left, from `since` until before `until`.

        A team's, or all for None.
        """
        # By each grant, so that no more are looked at than are told.
        of_grant = GrantEntry.grant_id == GrantRow.id
        released = select(func.coalesce(func.sum(GrantEntry.released), 0)).where(of_grant)
        left = GrantRow.amount - released.scalar_subquery()
        captured = exists().where(of_grant, GrantEntry.kind == EntryKind.CAPTURE.value)
        before = GrantRow.decision["given"]
        rows = select(*_columns(GrantRow, GrantRow.level), left, before)
        rows = rows.where(*_within(GrantRow, since, until, team), left > 0)
        with self._database.reading() as session:
            now = self._clock(session)
            rows = rows.where(or_(captured, GrantRow.expires_at > now))
            return [
                _wanted(columns, amount, _before(given, columns[5]))
                for *columns, amount, given in session.execute(
                    rows.order_by(GrantRow.seq.desc()).limit(limit)
                )
            ]

    def requested(
        self, since: datetime, until: datetime, team: str | None, limit: int
    ) -> Sequence[Wanted]:
        """At most `limit` requests of that time, whatever became of them."""
        rows = select(*_columns(ApprovalRow, ApprovalRow.rep_level), ApprovalRow.amount)
        rows = rows.where(*_within(ApprovalRow, since, until, team))
        rows = rows.order_by(ApprovalRow.seq.desc()).limit(limit)
        with self._database.reading() as session:
            return [_wanted(columns, amount, 0) for *columns, amount in session.execute(rows)]

    def suggested(self, since: datetime, until: datetime, limit: int) -> Sequence[Asked]:
        """At most `limit` suggestions of that time that did not abstain."""
        entry = SuggestionEntry
        issue = entry.answer[("matches", 0, "issue")].as_string()
        rows = select(entry.at, issue, entry.around["facts"])
        rows = rows.where(entry.at >= since, entry.at < until, entry.abstained.is_(False))
        rows = rows.order_by(entry.at.desc()).limit(limit)
        with self._database.reading() as session:
            return [
                Asked(at, issue, facts)
                for at, issue, facts in session.execute(rows)
                if issue is not None and facts is not None
            ]


def _columns(table: type[GrantRow | ApprovalRow], level: Any) -> Sequence[Any]:
    parties = (table.order, table.contact)
    return (table.at, *parties, level, table.issue, table.remedy, table.unit, table.currency,
            table.facts)  # fmt: skip


def _within(
    table: type[GrantRow | ApprovalRow], since: datetime, until: datetime, team: str | None
) -> list[ColumnElement[bool]]:
    whose = [] if team is None else [table.team == team]
    return [table.at >= since, table.at < until, *whose]


def _wanted(columns: Sequence[Any], amount: int, before: int) -> Wanted:
    at, order, contact, level, issue, remedy, unit, currency, facts = columns
    # An erasure keeps what was given, and not for whom: then each is an occasion of its own.
    occasion = f"order {order}" if order else f"contact {contact}" if contact else at.isoformat()
    needed = int(amount) + before  # a sum is a decimal to PostgreSQL
    return Wanted(at, occasion, level, issue, remedy, Unit(unit), currency, needed, facts)


def _before(given: Mapping[str, Sequence[Any]] | None, remedy: str) -> int:
    """What had been given of a remedy on the occasion, as the grant's decision knew."""
    return int(given[remedy][1]) if given and remedy in given else 0
