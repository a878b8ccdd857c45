"""How contacts ended, from figures; and which of an issue were not resolved at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.orm import Session

from agent_assist.core.measures import Wanted
from agent_assist.core.stake_counts import Counts, Problem, Sides, Tally
from agent_assist.core.vocabulary import Cause
from agent_assist.store.database import Database
from agent_assist.store.days import left_of_grant, newest_outcomes, repeated
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.stakes import OF_ALL, OF_TEAM
from agent_assist.store.schema import ContactRow, GrantRow, StakeFigure, SuggestionEntry

_TEXTS = 5_000
_AT_ONCE = 500
_COUNTED = tuple(
    func.sum(column)
    for column in (
        StakeFigure.contacts,
        StakeFigure.ended,
        StakeFigure.unresolved,
        StakeFigure.came_back,
        StakeFigure.given,
        StakeFigure.given_ended,
        StakeFigure.given_unresolved,
        StakeFigure.given_came_back,
    )
)


class Lost(NamedTuple):
    """A contact that was not resolved at once.

    Attributes:
        at: when it was opened.
        came_back: said to be resolved, and repeated; else it was not resolved.
        cause: None where no outcome says.
    """

    id: str
    at: datetime
    came_back: bool
    cause: Cause | None


class Gave(NamedTuple):
    """What is left of grants of one remedy and unit; `amount` in parts of the unit."""

    remedy: str
    unit: str
    currency: str
    grants: int
    amount: int


class StakeStore:
    """Reads figures and contacts; whether figures are up to date is up to `figures.keeping`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first(self) -> datetime | None:
        """When the first contact of any time was opened; None while there is none."""
        with self._database.reading() as session:
            return session.scalar(select(func.min(ContactRow.opened_at)))

    def counts(self, wanted: Wanted) -> Counts:
        """How the contacts of some days ended, by issue and cause."""
        rows = select(StakeFigure.issue, StakeFigure.cause, *_COUNTED).where(*_where(wanted))
        rows = rows.group_by(StakeFigure.issue, StakeFigure.cause)
        every = Sides()
        of: dict[Problem, Sides] = {}
        with self._database.reading() as session:
            for issue, cause, *counted in session.execute(rows):
                if issue:
                    of[issue, Cause(cause) if cause else None] = _sides(counted)
                else:
                    every = _sides(counted)
        return Counts(every, of)

    def days(self, wanted: Wanted) -> Mapping[date, Tally]:
        """By day how contacts about the wanted issue ended; days without any are left out."""
        rows = select(StakeFigure.day, *_COUNTED).where(*_where(wanted)).group_by(StakeFigure.day)
        with self._database.reading() as session:
            return {day: _sides(counted).every for day, *counted in session.execute(rows)}

    def lost(self, basis: Basis, wanted: Wanted, most: int) -> tuple[Lost, ...]:
        """The newest contacts about the wanted issue that were not resolved at once, as they are.

        The newest first, `most` at most.
        """
        rows = select(ContactRow.external_id, ContactRow.opened_at)
        # Keys of issues hold no quotes: one is in the list if it is in its text.
        rows = rows.where(
            _opened(basis, wanted.since, wanted.until, wanted.team),
            cast(ContactRow.issues, String).contains(f'"{wanted.issue}"', autoescape=True),
        )
        rows = rows.order_by(ContactRow.opened_at.desc(), ContactRow.external_id)
        found: list[Lost] = []
        with (
            self._database.reading() as session,
            closing(session.execute(rows.execution_options(yield_per=_AT_ONCE))) as about,
        ):
            for some in about.partitions():
                opened = {one.external_id: one.opened_at for one in some}
                found += _lost_of(session, basis, opened)
                if len(found) >= most:
                    break
        return tuple(found[:most])

    def given(self, basis: Basis, wanted: Wanted) -> tuple[Gave, ...]:
        """What is left of what was given for the wanted issue in contacts of these days."""
        left = left_of_grant().label("left")
        rows = select(GrantRow.remedy, GrantRow.unit, GrantRow.currency, left)
        rows = rows.join(ContactRow, ContactRow.external_id == GrantRow.contact)
        rows = rows.where(GrantRow.issue == wanted.issue)
        grants = rows.where(_opened(basis, wanted.since, wanted.until, wanted.team)).subquery()
        kind = grants.c.remedy, grants.c.unit, grants.c.currency
        sums = select(*kind, func.count(), func.sum(grants.c.left))
        with self._database.reading() as session:
            found = session.execute(sums.where(grants.c.left > 0).group_by(*kind).order_by(*kind))
            return tuple(Gave(*one[:3], *map(int, one[3:])) for one in found)

    def said(self, contacts: Collection[str], since: datetime, most: int) -> tuple[str, ...]:
        """What customers said in some contacts, masked: of each the newest that is kept.

        The newest first, each text once; of the newest suggestions alone.
        """
        named = SuggestionEntry.around["contact"].as_string()
        rows = select(named, SuggestionEntry.texts)
        rows = rows.where(SuggestionEntry.at >= since, SuggestionEntry.texts.is_not(None))
        rows = rows.order_by(SuggestionEntry.at.desc()).limit(_TEXTS)
        told: set[str] = set()
        found: dict[str, None] = {}
        with self._database.reading() as session:
            for contact, texts in session.execute(rows.execution_options(yield_per=_AT_ONCE)):
                if contact in contacts and contact not in told:
                    told.add(contact)
                    found.setdefault(texts[0]["text"])
                    if len(found) == most:
                        break
        return tuple(found)


def _lost_of(session: Session, basis: Basis, opened: Mapping[str, datetime]) -> Iterator[Lost]:
    these = ContactRow.external_id.in_(opened)
    ended = newest_outcomes(session, these)
    back = repeated(session, these, basis.vocabulary.repeat_window)
    for contact, at in opened.items():
        resolved, cause = ended.get(contact, (None, None))
        if resolved is False or (resolved is True and contact in back):
            known = None if cause is None else Cause(cause)
            yield Lost(contact, at, came_back=bool(resolved), cause=known)


def _opened(basis: Basis, since: date, until: date, team: str | None) -> ColumnElement[bool]:
    span = basis.span(since, until)
    opened = and_(ContactRow.opened_at >= span.begin, ContactRow.opened_at < span.end)
    return opened if team is None else and_(opened, ContactRow.team == team)


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    of_team = wanted.team is not None
    chosen = [
        StakeFigure.cut == (OF_TEAM if of_team else OF_ALL),
        StakeFigure.day >= wanted.since,
        StakeFigure.day <= wanted.until,
    ]
    if of_team:
        chosen.append(StakeFigure.team == wanted.team)
    if wanted.issue is not None:
        chosen.append(StakeFigure.issue == wanted.issue)
    return chosen


def _sides(counted: Sequence[Any]) -> Sides:
    numbers = [int(one) for one in counted]
    return Sides(Tally(*numbers[:4]), Tally(*numbers[4:]))
