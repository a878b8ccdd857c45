"""Keeping: figures that are counted again, a day at a time, until they say what the records do."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.orm import Session

from agent_assist.core.measures import CUTS
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.figures.changes import SUGGESTIONS, Note, note, rounded
from agent_assist.store.figures.days import Basis, Rows, Span
from agent_assist.store.figures.parts import PARTS, Part
from agent_assist.store.locks import lock
from agent_assist.store.schema import AuditEntry, Base, FigureBasis, FigureChange, SuggestionEntry

_LOCK = "figures"
_ONE = 1
_AT_ONCE = 500
_LATE = timedelta(hours=1)
"""How long after its time a suggestion may be logged, at most."""


class _Place(NamedTuple):
    """Up to where acts and suggestions were looked through."""

    seq: int
    suggested_at: datetime | None

    @classmethod
    def of(cls, kept: FigureBasis | None) -> "_Place | None":
        return None if kept is None else cls(kept.seq, kept.suggested_at)


class FigureStore:
    """Counts what has changed.

    Figures are never reckoned from other figures: a day is counted whole, from the records, as
    they are at one moment. Who counts reads beside all other work, and holds others up only while
    the figures of a day are written.

    Args:
        database: where records and figures are kept.
        clock: the database's; see `store.clock`.
        logs: how long suggestions are kept; figures of older ones stay as they are.
    """

    def __init__(self, database: Database, clock: Clock, *, logs: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._logs = logs

    def look(self, basis: Basis) -> None:
        """Take note of what changed without leaving notes: the library, acts, suggestions."""
        with self._database.reading() as session:
            kept = session.get(FigureBasis, _ONE)
            here = _Place(
                session.scalar(select(func.max(AuditEntry.seq))) or 0,
                session.scalar(select(func.max(SuggestionEntry.at))),
            )
            is_anew = _is_anew(kept, basis)
            at_rest = here.suggested_at is None or here.suggested_at < self._clock(session) - _LATE
            if not is_anew and at_rest and here == _Place.of(kept):
                return
            # What is written from here on leaves notes of its own, or is looked for again.
            notes = _notes_of_all(session) if is_anew else {}
        if is_anew:
            self._begin(basis, here, notes)
        else:
            self._follow()

    def changed(self, basis: Basis, part: Part, since: date, until: date) -> Sequence[date]:
        """Days whose figures do not say what the records do, the newest first."""
        span = basis.span(since, until)
        with self._database.reading() as session:
            return tuple(_days(session, basis, part, span))

    def tidy(self, basis: Basis) -> None:
        """Delete notes of what lies too far from their days to matter."""
        beyond = FigureChange.reach > basis.longest // timedelta(days=1)
        with self._database.reading() as session:
            is_tidy = session.scalar(select(FigureChange.id).where(beyond).limit(1)) is None
        if not is_tidy:
            self._delete(beyond)

    @again_if_aborted
    def _delete(self, notes: ColumnElement[bool]) -> None:
        with self._database.writing() as session:
            lock(session, [_LOCK])
            session.execute(delete(FigureChange).where(notes))

    def count(self, basis: Basis, part: Part, day: date) -> None:
        """Count a day again, unless somebody else does so at this moment."""
        span = basis.span(day, day)
        with self._database.reading() as session:
            kept = session.get(FigureBasis, _ONE)
            if kept is None or kept.basis != basis.digest:
                return
            seen = session.scalars(select(FigureChange.id).where(_of(part, span))).all()
            if not seen:
                return
            # What is left of records that are deleted by and by is less than there was.
            is_faded = part.fades and span.begin < self._clock(session) - self._logs
            counted = {} if is_faded else part.count(session, basis, day)
        self._write(day, counted, seen)

    @again_if_aborted
    def _write(self, day: date, counted: Rows, seen: Sequence[int]) -> None:
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if _settle(session, seen):
                for table, rows in counted.items():
                    _put(session, table, day, rows)
            else:
                # Somebody counted what he saw later than we did.
                session.rollback()

    @again_if_aborted
    def _begin(self, basis: Basis, here: _Place, notes: Mapping[str, Collection[Note]]) -> None:
        """Everything is to be counted, by another basis or for the first time."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if not _is_anew(session.get(FigureBasis, _ONE, populate_existing=True), basis):
                return
            for part in PARTS:
                for table in () if part.fades else part.tables:
                    session.execute(delete(table))
                note(session, part.name, notes[part.name])
            session.merge(
                FigureBasis(
                    id=_ONE,
                    library_version=basis.version,
                    basis=basis.digest,
                    seq=here.seq,
                    suggested_at=here.suggested_at,
                )
            )

    @again_if_aborted
    def _follow(self) -> None:
        """Look through the acts since the last look; their order is that in which they end."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            kept = session.get(FigureBasis, _ONE, populate_existing=True)
            newest = session.scalar(select(func.max(AuditEntry.seq))) or 0
            if kept is None:
                return
            _follow_suggestions(session, kept)
            for part in PARTS:
                for instants, seq in part.acts:
                    new = instants.where(seq > kept.seq, seq <= newest)
                    note(session, part.name, map(Note, session.scalars(new)))
            kept.seq = newest


def _follow_suggestions(session: Session, kept: FigureBasis) -> None:
    """Look through what was suggested of late: a suggestion is logged a little after its time."""
    newest = session.scalar(select(func.max(SuggestionEntry.at)))
    if newest is not None:
        times = select(SuggestionEntry.at)
        if kept.suggested_at is not None:
            times = times.where(SuggestionEntry.at >= kept.suggested_at - _LATE)
        note(session, SUGGESTIONS, map(Note, session.scalars(times.distinct())))
    kept.suggested_at = newest


def _is_anew(kept: FigureBasis | None, basis: Basis) -> bool:
    # Of hosts that learn of a new library one after the other, the late ones change nothing back.
    return kept is None or (kept.library_version < basis.version and kept.basis != basis.digest)


def _notes_of_all(session: Session) -> dict[str, set[Note]]:
    """Notes of every day that anything is of, by its part."""
    return {
        part.name: rounded(map(Note, session.scalars(select(part.at).distinct()))) for part in PARTS
    }


def _of(part: Part, span: Span) -> ColumnElement[bool]:
    return and_(
        FigureChange.part == part.name, FigureChange.at >= span.begin, FigureChange.at < span.end
    )


def _days(session: Session, basis: Basis, part: Part, span: Span) -> Iterator[date]:
    """The days of a span that notes are of, from note to note."""
    matters = FigureChange.reach <= span.longest // timedelta(days=1)
    while True:
        last = select(func.max(FigureChange.at)).where(_of(part, span), matters)
        at: datetime | None = session.scalar(last)
        if at is None:
            return
        day = basis.day(at)
        yield day
        span = replace(span, end=basis.span(day, day).begin)


def _settle(session: Session, seen: Sequence[int]) -> bool:
    """Delete notes; False if any of them is gone already."""
    gone = 0
    for start in range(0, len(seen), _AT_ONCE):
        some = delete(FigureChange).where(FigureChange.id.in_(seen[start : start + _AT_ONCE]))
        gone += session.connection().execute(some).rowcount
    return gone == len(seen)


def _put(session: Session, kind: type[Base], day: date, rows: list[dict[str, Any]]) -> None:
    """Put the figures of a day in the place of what was counted of it before."""
    table = Base.metadata.tables[kind.__tablename__]
    gone = delete(table).where(table.c.day == day)
    if "cut" in table.c:  # first in the key, which finds the day only behind it
        gone = gone.where(table.c.cut.in_(range(len(CUTS))))
    session.execute(gone)
    if rows:
        session.execute(insert(table), [{"day": day, **row} for row in rows])
