"""Contacts with how they ended and what was given in them, for the money that they put at risk."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from agent_assist.core.repeats import Window
from agent_assist.core.stakes import Told
from agent_assist.core.vocabulary import Cause
from agent_assist.store.database import Database
from agent_assist.store.days import left_of_grant, newest_outcomes, repeated
from agent_assist.store.schema import ContactRow, GrantRow, SuggestionEntry

MOST = 50_000
"""How many contacts are looked at, at most: the newest."""

_TEXTS = 5_000
_AT_ONCE = 500


class Weighed(NamedTuple):
    """A contact by its id; `at` is when it was opened."""

    id: str
    at: datetime
    told: Told


@dataclass(frozen=True, slots=True)
class Gave:
    """A grant of which something is left, `amount` in the unit of its remedy."""

    contact: str
    issue: str
    remedy: str
    unit: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Past:
    """Contacts of some time, the newest first, and what was given in them.

    Attributes:
        is_whole: whether no contact of that time was passed over.
        first: when the first contact of any time was opened; None while there is none.
    """

    contacts: Sequence[Weighed]
    given: Sequence[Gave]
    is_whole: bool
    first: datetime | None


class StakeStore:
    """Reads contacts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def past(self, since: datetime, until: datetime, team: str | None, window: Window) -> Past:
        """The newest contacts that were opened from `since` until before `until`.

        Those of a team, or all for None. `window` tells how long which issue may be repeated.
        """
        rows = select(ContactRow.external_id, ContactRow.opened_at, ContactRow.issues)
        rows = rows.where(_opened(since, until, team))
        rows = rows.order_by(ContactRow.opened_at.desc(), ContactRow.external_id).limit(MOST + 1)
        with self._database.reading() as session:
            found = session.execute(rows).all()
            is_whole = len(found) <= MOST
            found = found[:MOST]
            # Of contacts that are passed over nothing more is read either.
            opened = _opened(found[-1][1] if found else since, until, team)
            ended = newest_outcomes(session, opened)
            back = repeated(session, opened, window)
            given = _given(session, opened)
            first = session.scalar(select(func.min(ContactRow.opened_at)))
        issues_given: dict[str, set[str]] = defaultdict(set)
        for one in given:
            issues_given[one.contact].add(one.issue)
        contacts = []
        for contact, at, issues in found:
            resolved, cause = ended.get(contact, (None, None))
            told = Told(
                tuple(issues),
                resolved,
                contact in back,
                None if cause is None else Cause(cause),
                frozenset(issues_given.get(contact, ())),
            )
            contacts.append(Weighed(contact, at, told))
        return Past(contacts, given, is_whole, first)

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


def _opened(since: datetime, until: datetime, team: str | None) -> ColumnElement[bool]:
    opened = and_(ContactRow.opened_at >= since, ContactRow.opened_at < until)
    return opened if team is None else and_(opened, ContactRow.team == team)


def _given(session: Session, opened: ColumnElement[bool]) -> list[Gave]:
    left = left_of_grant()
    columns = (
        ContactRow.external_id,
        GrantRow.issue,
        GrantRow.remedy,
        GrantRow.unit,
        GrantRow.currency,
    )
    rows = select(*columns, left).join(ContactRow, ContactRow.external_id == GrantRow.contact)
    return [Gave(*one) for one in session.execute(rows.where(opened)) if one[-1] > 0]
