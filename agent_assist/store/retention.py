"""Retention: what is kept only so long, and is deleted a little at a time once it is older."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    delete,
    exists,
    insert,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)

from agent_assist.core.webhooks import KEPT, DeliveryState
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import (
    ApprovalRow,
    Base,
    DecisionEntry,
    DeliveryRow,
    GrantRow,
    OnceRow,
    PurgeRow,
    SuggestionEntry,
)

Table: TypeAlias = type[OnceRow] | type[SuggestionEntry] | type[DecisionEntry] | type[DeliveryRow]

TEXTS = "texts"
_KINDS: Mapping[Table, str] = {
    OnceRow: "answers",
    SuggestionEntry: "suggestions",
    DecisionEntry: "decisions",
    DeliveryRow: "deliveries",
}
_QUIET = timedelta(hours=1)
_NAMING = (GrantRow, ApprovalRow)
_AT_ONCE = 500
"""Rows of one transaction: those who write meanwhile wait for no more than these."""
_MOST = 40
"""Transactions of one run and table; what is left then is for the next run."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept only so long.

    Attributes:
        kind: what: `answers` to idempotency keys, `suggestions`, `decisions`,
            `deliveries` of webhooks, `texts`.
        age: how old it gets.
        ran_at: when what is older was last looked for; None for never.
        deleted_at, deleted: when there was some, and how many rows; None and 0 for never.
        total: how many rows so far.
    """

    kind: str
    age: timedelta
    ran_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted: int = 0
    total: int = 0


class Retention:
    """Deletes what nobody may count on any more.

    Args:
        database: where it is kept.
        clock: the database's; see `store.clock`.
        keys: how long the answer to an `Idempotency-Key` is kept.
        logs: how long suggestions and decisions are; a suggestion that a grant or an approval
            request names is kept with it, its texts are not.
        texts: how long texts of suggestions are; nothing keeps them longer.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        keys: timedelta,
        logs: timedelta,
        texts: timedelta,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ages: dict[Table, timedelta] = {
            OnceRow: keys,
            SuggestionEntry: logs,
            DecisionEntry: logs,
            DeliveryRow: KEPT,
        }
        self._texts = texts

    def purge(self) -> None:
        """Delete what is too old, as far as one run goes."""
        for kind, some in self._kinds().items():
            deleted = 0
            for _ in range(_MOST):
                number = some()
                deleted += number
                if number < _AT_ONCE:
                    break
            self._note(kind, deleted)

    def kept(self) -> tuple[Kept, ...]:
        """What is kept only so long, and what went of it so far."""
        ages = {_KINDS[table]: age for table, age in self._ages.items()} | {TEXTS: self._texts}
        with self._database.reading() as session:
            rows = {row.kind: row for row in session.scalars(select(PurgeRow))}
        return tuple(_kept(kind, age, rows.get(kind)) for kind, age in ages.items())

    def _kinds(self) -> dict[str, Callable[[], int]]:
        """What deletes some of each kind, and says how many."""
        tables = {_KINDS[table]: partial(self._delete_some, table) for table in self._ages}
        return {**tables, TEXTS: self._forget_some}

    def _note(self, kind: str, deleted: int) -> None:
        """Keep that it was looked for; once an hour is enough where there was nothing."""
        with self._database.looking_up() as reads:
            known = reads.execute(select(PurgeRow.ran_at).where(PurgeRow.kind == kind)).first()
            at = self._clock(reads)
        if known is not None and not deleted and at - known.ran_at < _QUIET:
            return
        self._write(kind, deleted, at, is_new=known is None)

    @again_if_aborted
    def _write(self, kind: str, deleted: int, at: datetime, *, is_new: bool) -> None:
        purges = Base.metadata.tables[PurgeRow.__tablename__]
        with self._database.logging() as connection:
            if is_new:
                nothing = {"kind": kind, "deleted_at": None, "deleted": 0, "total": 0}
                connection.execute(insert(purges).values(ran_at=at, **nothing))
            told = update(purges).where(purges.c.kind == kind).values(ran_at=at)
            if deleted:
                total = purges.c.total + deleted
                told = told.values(deleted_at=at, deleted=deleted, total=total)
            connection.execute(told)

    @again_if_aborted
    def _forget_some(self) -> int:
        """Take the texts out of suggestions that stay; gives of how many."""
        with self._database.logging() as connection:
            before = self._clock(connection) - self._texts
            old = select(SuggestionEntry.id).where(
                SuggestionEntry.at < before, SuggestionEntry.texts.is_not(None)
            )
            found = connection.scalars(old.limit(_AT_ONCE)).all()
            named = SuggestionEntry.id.in_(found)
            connection.execute(update(SuggestionEntry).where(named).values(texts=null()))
            return len(found)

    @again_if_aborted
    def _delete_some(self, table: Table) -> int:
        # A power cut may undo it; then it is done again.
        with self._database.logging() as connection:
            before = self._clock(connection) - self._ages[table]
            key = table.__mapper__.primary_key
            old = select(*key).where(table.at < before, _may_go(table)).limit(_AT_ONCE)
            found = [tuple(row) for row in connection.execute(old)]
            connection.execute(delete(table).where(tuple_(*key).in_(found)))
            return len(found)


def _kept(kind: str, age: timedelta, row: PurgeRow | None) -> Kept:
    if row is None:
        return Kept(kind, age)
    return Kept(kind, age, row.ran_at, row.deleted_at, row.deleted, row.total)


def _may_go(table: Table) -> ColumnElement[bool]:
    if table is OnceRow:
        # One without an answer is in flight, however old it is.
        return OnceRow.status.is_not(None)
    if table is DeliveryRow:
        return DeliveryRow.state != DeliveryState.WAITING.value
    if table is SuggestionEntry:
        naming = (exists().where(one.suggestion == SuggestionEntry.id) for one in _NAMING)
        return ~or_(*naming)
    return true()
