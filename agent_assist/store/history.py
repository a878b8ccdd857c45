"""The history: grants, suggestions and decisions in pages, as much of them as replay needs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, Text, cast, func, select, tuple_

from agent_assist.core.suggestion import Versions
from agent_assist.store.database import Database
from agent_assist.store.schema import DecisionEntry, GrantRow, SuggestionEntry

PAGE = 5_000


class Kept(NamedTuple):
    """A past case as it is kept. Its JSON is still text: whoever decides it again reads it.

    Attributes:
        versions: of library, limits and budgets, that decided it.
        asked: JSON of remedies with their amounts, `{}` for all there are.
        granted: True for a grant, of one remedy and amount.
        facts: JSON as `store.ledger.records.write_facts` writes it; None for an entry from
            before facts were kept.
        used, given: JSON as `store.ledger.records.write_use` writes it.
    """

    versions: tuple[int, int, int]
    at: datetime
    level: str
    issue: str | None
    asked: str
    granted: bool
    facts: str | None
    used: str | None
    given: str | None


Table: TypeAlias = type[GrantRow] | type[SuggestionEntry] | type[DecisionEntry]


class HistoryStore:
    """Reads what was decided, page by page, so that memory does not grow with the history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, since: datetime | None, until: datetime | None) -> int:
        """How many entries there are from `since` until before `until`."""
        with self._database.reading() as session:
            return sum(
                session.scalars(_within(select(func.count()), table, since, until)).one()
                for table in _READERS
            )

    def versions(self, since: datetime | None, until: datetime | None) -> tuple[Versions, ...]:
        """All versions that decided anything in that time."""
        found = set()
        with self._database.reading() as session:
            for table in _READERS:
                rows = select(*_versions(table)).distinct()
                found |= {tuple(row) for row in session.execute(_within(rows, table, since, until))}
        return tuple(Versions(*numbers) for numbers in sorted(found))

    def pages(self, since: datetime | None, until: datetime | None) -> Iterator[list[Kept]]:
        """Every entry once, in pages of at most `PAGE`. Written meanwhile may be in it or not."""
        for table, (columns, read) in _READERS.items():
            last: tuple[datetime, str] | None = None
            while True:
                rows = select(table.at, table.id, *_versions(table), *columns)
                rows = _within(rows, table, since, until)
                if last is not None:
                    rows = rows.where(tuple_(table.at, table.id) > last)
                with self._database.reading() as session:
                    page = session.execute(rows.order_by(table.at, table.id).limit(PAGE)).all()
                if not page:
                    break
                last = (page[-1][0], page[-1][1])
                yield [read(row) for row in page]


def _within(
    rows: Select[Any], table: Table, since: datetime | None, until: datetime | None
) -> Select[Any]:
    if since is not None:
        rows = rows.where(table.at >= since)
    if until is not None:
        rows = rows.where(table.at < until)
    if table is SuggestionEntry:
        # Where it abstained nothing was proposed.
        rows = rows.where(SuggestionEntry.abstained.is_(False))
    return rows.select_from(table)


def _versions(table: Table) -> Sequence[Any]:
    return (table.library_version, table.limits_version, table.budgets_version)


def _grant(row: Sequence[Any]) -> Kept:
    at, _, library, limits, budgets, level, issue, remedy, amount, facts, used, given = row
    asked = f'{{"{remedy}": {amount}}}'
    return Kept((library, limits, budgets), at, level, issue, asked, True, facts, used, given)


def _suggestion(row: Sequence[Any]) -> Kept:
    at, _, library, limits, budgets, level, issue, facts, used, given = row
    return Kept((library, limits, budgets), at, level, issue, "{}", False, facts, used, given)


def _decision(row: Sequence[Any]) -> Kept:
    at, _, library, limits, budgets, level, issue, asked, facts, used, given = row
    return Kept((library, limits, budgets), at, level, issue, asked, False, facts, used, given)


_READERS: dict[Table, tuple[Sequence[Any], Callable[[Sequence[Any]], Kept]]] = {
    GrantRow: (
        (
            GrantRow.level,
            GrantRow.issue,
            GrantRow.remedy,
            GrantRow.amount,
            cast(GrantRow.facts, Text),
            cast(GrantRow.decision["used"], Text),
            cast(GrantRow.decision["given"], Text),
        ),
        _grant,
    ),
    SuggestionEntry: (
        (
            SuggestionEntry.level,
            SuggestionEntry.answer[("matches", 0, "issue")].as_string(),
            cast(SuggestionEntry.around["facts"], Text),
            cast(SuggestionEntry.around["used"], Text),
            cast(SuggestionEntry.around["given"], Text),
        ),
        _suggestion,
    ),
    DecisionEntry: (
        (
            DecisionEntry.level,
            DecisionEntry.issue,
            cast(DecisionEntry.asked, Text),
            cast(DecisionEntry.around["facts"], Text),
            cast(DecisionEntry.around["used"], Text),
            cast(DecisionEntry.around["given"], Text),
        ),
        _decision,
    ),
}
