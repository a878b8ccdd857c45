"""The history: grants, suggestions and decisions in pages, as much of them as replay needs."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, Text, cast, func, select, tuple_

from agent_assist.core.suggestion import Versions
from agent_assist.store.database import Database
from agent_assist.store.schema import DecisionEntry, GrantRow, SuggestionEntry

PAGE = 2_000
PART = 20_000


class Part(NamedTuple):
    """Entries of one kind from `since` until before `until`; None for open ends."""

    kind: str
    since: datetime | None
    until: datetime | None


class Kept(NamedTuple):
    """A past case as it is kept. Its JSON is still text: whoever decides it again reads it.

    Attributes:
        versions: of library, limits and budgets, that decided it.
        asked: JSON of remedies with their amounts, `{}` for all there are.
        granted: True for a grant, of one remedy and amount.
        around: JSON, of which `facts` is as `store.ledger.records.write_facts` writes it, and
            `used` and `given` as `write_use`; without `facts`, or null there, for an entry from
            before facts were kept.
    """

    versions: tuple[int, int, int]
    at: datetime
    level: str
    issue: str | None
    asked: str
    granted: bool
    around: str


_INSTANT = timedelta(microseconds=1)
Table: TypeAlias = type[GrantRow] | type[SuggestionEntry] | type[DecisionEntry]


class HistoryStore:
    """Reads what was decided, part by part and page by page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def address(self) -> str | None:
        """Where another process finds it; see `Database.address`."""
        return self._database.address

    def count(self, since: datetime | None, until: datetime | None) -> int:
        """How many entries there are from `since` until before `until`."""
        with self._database.reading() as session:
            return sum(
                session.scalars(_within(select(func.count()), table, since, until)).one()
                for table, _, _ in _READERS.values()
            )

    def versions(self, since: datetime | None, until: datetime | None) -> tuple[Versions, ...]:
        """All versions that decided anything in that time."""
        found = set()
        with self._database.reading() as session:
            for table, _, _ in _READERS.values():
                rows = select(*_versions(table)).distinct()
                found |= {tuple(row) for row in session.execute(_within(rows, table, since, until))}
        return tuple(Versions(*numbers) for numbers in sorted(found))

    def parts(
        self, since: datetime | None, until: datetime | None, *, size: int = PART
    ) -> Iterator[Part]:
        """Parts of that time in which every entry is once, of about `size` entries each.

        Entries of the same instant are in the same part, however many there are.
        """
        for kind, (table, _, _) in _READERS.items():
            start, after = since, since
            while True:
                rows = _within(select(table.at), table, after, until)
                rows = rows.order_by(table.at).offset(size).limit(1)
                with self._database.reading() as session:
                    end = session.scalars(rows).one_or_none()
                if end is None:
                    break
                if end != start:
                    yield Part(kind, start, end)
                start = end
                after = end + _INSTANT
            yield Part(kind, start, until)

    def pages(self, part: Part) -> Iterator[list[Kept]]:
        """Every entry of a part once, in pages of at most `PAGE`, so that memory does not grow.

        What is written meanwhile may be in it or not.
        """
        table, columns, read = _READERS[part.kind]
        last: tuple[datetime, str] | None = None
        while True:
            rows = select(table.at, table.id, *_versions(table), *columns)
            rows = _within(rows, table, part.since, part.until)
            if last is not None:
                rows = rows.where(tuple_(table.at, table.id) > last)
            with self._database.reading() as session:
                page = session.execute(rows.order_by(table.at, table.id).limit(PAGE)).all()
            if page:
                last = (page[-1][0], page[-1][1])
                yield [read(row) for row in page]
            if len(page) < PAGE:
                return


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
    asked = f'{{"{remedy}":{amount}}}'
    around = f'{{"facts":{facts},"used":{used or "null"},"given":{given or "null"}}}'
    return Kept((library, limits, budgets), at, level, issue, asked, True, around)


def _suggestion(row: Sequence[Any]) -> Kept:
    at, _, library, limits, budgets, level, issue, around = row
    return Kept((library, limits, budgets), at, level, issue, "{}", False, around)


def _decision(row: Sequence[Any]) -> Kept:
    at, _, library, limits, budgets, level, issue, around, asked = row
    return Kept((library, limits, budgets), at, level, issue, asked, False, around)


_READERS: dict[str, tuple[Table, Sequence[Any], Callable[[Sequence[Any]], Kept]]] = {
    "grants": (
        GrantRow,
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
    "suggestions": (
        SuggestionEntry,
        (
            SuggestionEntry.level,
            SuggestionEntry.answer[("matches", 0, "issue")].as_string(),
            cast(SuggestionEntry.around, Text),
        ),
        _suggestion,
    ),
    "decisions": (
        DecisionEntry,
        (
            DecisionEntry.level,
            DecisionEntry.issue,
            cast(DecisionEntry.around, Text),
            cast(DecisionEntry.asked, Text),
        ),
        _decision,
    ),
}
