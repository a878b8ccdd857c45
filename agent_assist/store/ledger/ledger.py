"""Reserve, capture and void: each one short transaction that decides and writes, or does nothing.

In this order: the request's key, so that retries queue; the locks of all scopes, in one order
for everybody; the time, which must be later than the wait; then sums, decision, rows, audit and
answer. SQLite has one writer at a time; PostgreSQL runs READ COMMITTED, so that each sum sees
what was committed while the transaction waited.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.errors import (
    FieldProblem,
    GrantSettled,
    InvalidInput,
    NotReady,
    StaleVersion,
)
from agent_assist.core.grants import (
    Entry,
    EntryKind,
    Grant,
    GrantAsked,
    GrantState,
    OverHeadroom,
    Parties,
    Terms,
)
from agent_assist.core.headroom import BudgetUse, Used
from agent_assist.store import audit
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.ledger.reading import find_grant, page_of_grants
from agent_assist.store.ledger.records import (
    entry_act,
    entry_row,
    grant_act,
    grant_row,
    write_decision,
    write_facts,
)
from agent_assist.store.ledger.sums import used
from agent_assist.store.libraries import current_versions
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.schema import AuditEntry, SuggestionEntry

Answer = Callable[[Grant, datetime], bytes]
"""Writes the answer about a grant as it stands at an instant."""

CREATED, OK = 201, 200
_MOST_BACKWARD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Change:
    """A capture or void that is asked for.

    Attributes:
        amount: whole parts of the unit, at least 1; None for all that is left.
        by: who does it, for the record.
    """

    grant_id: str
    kind: EntryKind
    amount: int | None
    by: str
    reason: str = ""


class Ledger:
    """Writes and reads grants.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
        hold: how long a reservation counts before it must have been captured.
    """

    def __init__(self, database: Database, clock: Clock, *, hold: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._hold = hold

    def reserve(self, asked: GrantAsked, terms: Terms, once: Once, answer: Answer) -> StoredAnswer:
        """Decide on a grant and reserve it, once.

        Raises:
            OverHeadroom: it may not be granted; nothing was written.
            StaleVersion: other versions than those of the terms are live; nothing was written.
            KeyReused, KeyInFlight: see `store.once`.
            InvalidInput: there is no such suggestion.
            NotReady: the clock ran backwards.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_parties(session, asked.parties)
            _check_current(session, terms)
            _check_suggestion(session, asked.suggestion)
            at = self._time(session)
            sums = used(session, terms.budgets, asked.parties, at, terms.vocabulary)
            decision = decide(asked, terms, at, sums)
            if decision.verdict is not Verdict.ALLOWED:
                raise OverHeadroom(decision, asked.level, terms.vocabulary.currency)
            grant = _grant(asked, terms, decision, sums, at, self._hold)
            grant = replace(grant, seq=audit.append(session, grant_act(grant), at))
            session.add(grant_row(grant))
            return fulfil(session, once, CREATED, answer(grant, at))

    def change(self, change: Change, once: Once, answer: Answer) -> StoredAnswer:
        """Capture a reservation, or void what is left of a grant or a part of it, once.

        What a capture leaves of a reservation is released with it.

        Raises:
            NotFound: there is no such grant.
            GrantSettled: it is not in a state that allows the change; nothing was written.
            InvalidInput: the amount is more than is left.
            KeyReused, KeyInFlight, NotReady: as for `reserve`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_parties(session, find_grant(session, change.grant_id).parties)
            # Read again: what was done to it while this waited counts.
            grant = find_grant(session, change.grant_id)
            at = self._time(session)
            entry = _entry(grant, change, at)
            entry = replace(entry, seq=audit.append(session, entry_act(grant, entry), at))
            session.add(entry_row(grant.id, entry))
            grant = replace(grant, entries=(*grant.entries, entry))
            return fulfil(session, once, OK, answer(grant, at))

    def find(self, grant_id: str) -> tuple[Grant, datetime]:
        """A grant, and the instant it was read; NotFound if there is none with that id."""
        with self._database.reading() as session:
            return find_grant(session, grant_id), self._clock(session)

    def page(
        self, *, limit: int, before: int | None, customer: str | None, contact: str | None
    ) -> tuple[tuple[Grant, ...], datetime]:
        """Grants, newest first, and the instant they were read; see `page_of_grants`."""
        with self._database.reading() as session:
            grants = page_of_grants(
                session, limit=limit, before=before, customer=customer, contact=contact
            )
            return grants, self._clock(session)

    def use(self, terms: Terms, parties: Parties) -> BudgetUse:
        """What budgets have granted, without locks: advice, which may be out of date at once."""
        with self._database.reading() as session:
            at = self._clock(session)
            sums = used(session, terms.budgets, parties, at, terms.vocabulary)
        return BudgetUse(terms.budgets, sums)

    def _time(self, session: Session) -> datetime:
        """The present, never before the newest act: time that ran back would reopen windows."""
        at = self._clock(session)
        newest = session.scalars(
            select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1)
        ).first()
        if newest is None or newest <= at:
            return at
        if newest - at > _MOST_BACKWARD:
            raise NotReady(
                "the database's clock is behind the newest grant: set it right, or nothing "
                "can be granted until it has caught up"
            )
        return newest


def decide(asked: GrantAsked, terms: Terms, at: datetime, sums: Mapping[str, Used]) -> Decision:
    """The decision on a grant, from the sums of its budgets."""
    return terms.limits.decide(
        issue=asked.issue,
        remedy=asked.remedy.key,
        level=asked.level,
        facts=asked.facts,
        day=terms.vocabulary.day(at),
        amount=asked.amount,
        budgets=BudgetUse(terms.budgets, sums).of(asked.remedy, asked.facts),
    )


def _grant(
    asked: GrantAsked,
    terms: Terms,
    decision: Decision,
    sums: Mapping[str, Used],
    at: datetime,
    hold: timedelta,
) -> Grant:
    day = terms.vocabulary.day(at)
    return Grant(
        id=f"grt_{secrets.token_urlsafe(12)}",
        at=at,
        expires_at=at + hold,
        parties=asked.parties,
        level=asked.level,
        issue=asked.issue,
        remedy=asked.remedy.key,
        kind=asked.remedy.kind,
        unit=asked.remedy.unit,
        amount=asked.amount,
        currency=terms.vocabulary.currency,
        reason_code=asked.reason_code,
        comment=asked.comment,
        versions=terms.versions,
        suggestion=asked.suggestion,
        key=asked.key,
        facts=write_facts(asked.facts),
        decision=write_decision(decision, day=day, amount=asked.amount, used=sums),
        seq=0,
    )


def _entry(grant: Grant, change: Change, at: datetime) -> Entry:
    """The entry that a change makes; GrantSettled or InvalidInput if it cannot be made."""
    state = grant.state(at)
    possible = {
        EntryKind.CAPTURE: {GrantState.RESERVED},
        EntryKind.VOID: {GrantState.RESERVED, GrantState.CAPTURED},
    }
    if state not in possible[change.kind]:
        raise GrantSettled(f"the grant is {state}, so there is nothing to {change.kind}")
    amount = grant.left if change.amount is None else change.amount
    if not 1 <= amount <= grant.left:
        detail = "is not within what is left of the grant; GET /v1/grants/{id} says how much"
        raise InvalidInput([FieldProblem("/amount", "out_of_range", detail)])
    released = grant.left - amount if change.kind is EntryKind.CAPTURE else amount
    return Entry(change.kind, amount, released, at, change.by, change.reason, seq=0)


def _check_current(session: Session, terms: Terms) -> None:
    live = current_versions(session)
    of_terms = terms.versions
    if (live.library, live.limits, live.budgets) != (
        of_terms.library,
        of_terms.limits,
        of_terms.budgets,
    ):
        raise StaleVersion("a new version was published while this was decided: send it again")


def _check_suggestion(session: Session, suggestion: str | None) -> None:
    if suggestion is not None and session.get(SuggestionEntry, suggestion) is None:
        detail = "is not the id of a suggestion"
        raise InvalidInput([FieldProblem("/suggestion", "unknown_suggestion", detail)])
