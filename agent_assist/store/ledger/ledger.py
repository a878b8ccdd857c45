"""Reserve, capture and void: each one short transaction that decides and writes, or does nothing.

In this order: the request's key, so that retries queue; the locks of all scopes, in one order
for everybody; the time, which must be later than the wait; then sums, decision, rows, audit and
answer. SQLite has one writer at a time; PostgreSQL runs READ COMMITTED, so that each sum sees
what was committed while the transaction waited.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.errors import (
    FieldProblem,
    GrantSettled,
    InvalidInput,
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
from agent_assist.core.headroom import applied, crossed
from agent_assist.core.holds import Use
from agent_assist.core.people import EVERYTHING, Sight, Standing, standing
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.ledger.brakes import brakes_on, brakes_on_many
from agent_assist.store.ledger.freezes import frozen_budgets
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.ledger.reading import find_grant, page_of_grants
from agent_assist.store.ledger.records import (
    entry_act,
    entry_row,
    grant_act,
    grant_row,
    new_blind,
    warning_act,
    write_decision,
    write_facts,
)
from agent_assist.store.ledger.subtotals import bring_along
from agent_assist.store.ledger.sums import given, given_to_many, used, used_by_many
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.people import find_person
from agent_assist.store.schema import SuggestionEntry
from agent_assist.store.versions import current_versions

Answer = Callable[[Grant, datetime], bytes]
"""Writes the answer about a grant as it stands at an instant."""

CREATED, OK = 201, 200


@dataclass(frozen=True, slots=True)
class Change:
    """A capture or void that is asked for.

    Attributes:
        amount: whole parts of the unit, at least 1; None for all that is left.
        by: who does it, for the record.
        reversible: whether the remedy can be taken back once it is final.
    """

    grant_id: str
    kind: EntryKind
    amount: int | None
    by: str
    reason: str = ""
    reversible: bool = True


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision on a grant, and what it rests on: the instant, and what the ledger knew then."""

    at: datetime
    use: Use
    decision: Decision


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

    @again_if_aborted
    def reserve(self, asked: GrantAsked, terms: Terms, once: Once, answer: Answer) -> StoredAnswer:
        """Decide on a grant and reserve it, once.

        Raises:
            OverHeadroom: it may not be granted; nothing was written.
            StaleVersion: other versions than those of the terms are live, or another level is the
                rep's; nothing was written.
            RepInactive: the rep was deactivated.
            KeyReused, KeyInFlight: see `store.once`.
            InvalidInput: there is no such suggestion.
            NotReady: the clock ran backwards.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            weighed = self.weigh(session, asked, terms)
            check_rep(session, asked, terms)
            grant = self.give(session, asked, terms, weighed)
            return fulfil(session, once, CREATED, answer(grant, weighed.at), grant.id)

    def weigh(self, session: Session, asked: GrantAsked, terms: Terms) -> Weighed:
        """Decide on a grant under its locks, which are held until the transaction ends.

        Raises:
            StaleVersion, InvalidInput, NotReady: as for `reserve`.
        """
        lock_parties(session, asked.parties)
        at = audit.present(session, self._clock)
        _check_current(session, terms, at)
        _check_suggestion(session, asked.suggestion)
        use = _use(session, terms, asked.parties, at)
        return Weighed(at, use, decide(asked, terms, at, use))

    def give(self, session: Session, asked: GrantAsked, terms: Terms, weighed: Weighed) -> Grant:
        """Write the grant that was weighed in this transaction; OverHeadroom if it may not be."""
        if weighed.decision.verdict is not Verdict.ALLOWED:
            raise OverHeadroom(weighed.decision, asked.level, terms.vocabulary.currency)
        grant = _grant(asked, terms, weighed, self._hold)
        grant = replace(grant, seq=audit.append(session, grant_act(grant), weighed.at))
        session.add(grant_row(grant))
        for act in _warnings(grant, asked, terms, weighed.use):
            audit.append(session, act, weighed.at)
        return grant

    @again_if_aborted
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
            at = audit.present(session, self._clock)
            entry = _entry(grant, change, at)
            entry = replace(entry, seq=audit.append(session, entry_act(grant, entry), at))
            session.add(entry_row(grant.id, entry))
            before, grant = grant, replace(grant, entries=(*grant.entries, entry))
            bring_along(session, before, grant)
            return fulfil(session, once, OK, answer(grant, at), grant.id)

    def find(self, grant_id: str) -> tuple[Grant, datetime]:
        """A grant, and the instant it was read; NotFound if there is none with that id."""
        with self._database.reading() as session:
            return find_grant(session, grant_id), self._clock(session)

    def page(
        self,
        *,
        limit: int,
        before: int | None,
        customer: str | None,
        contact: str | None,
        sight: Sight = EVERYTHING,
    ) -> tuple[tuple[Grant, ...], datetime]:
        """Grants, newest first, and the instant they were read; see `page_of_grants`."""
        with self._database.reading() as session:
            grants = page_of_grants(
                session,
                limit=limit,
                before=before,
                customer=customer,
                contact=contact,
                sight=sight,
            )
            return grants, self._clock(session)

    def use(self, terms: Terms, parties: Parties) -> Use:
        """What was granted and is stopped, without locks: advice, out of date at once perhaps."""
        with self._database.glancing() as reads:
            return _use(reads, terms, parties, self._clock(reads))

    def uses(self, terms: Terms, parties: Sequence[Parties]) -> list[Use]:
        """`use` for many at once, in their order, with as many statements as for few."""
        with self._database.glancing() as reads:
            at, frozen = self._clock(reads), frozen_budgets(reads)
            used = used_by_many(reads, terms.budgets, parties, at, terms.vocabulary)
            given = given_to_many(reads, parties, at, terms.vocabulary)
            brakes = brakes_on_many(reads, parties)
        return [Use(terms.budgets, *one, frozen) for one in zip(used, given, brakes, strict=True)]


def decide(asked: GrantAsked, terms: Terms, at: datetime, use: Use) -> Decision:
    """The decision on a grant, from what the ledger knows of its parties."""
    return terms.limits.decide(
        issue=asked.issue,
        remedy=asked.remedy.key,
        level=asked.level,
        facts=asked.facts,
        day=terms.vocabulary.day(at),
        amount=asked.amount,
        use=use,
    )


def _use(reads: Reads, terms: Terms, parties: Parties, at: datetime) -> Use:
    """What the ledger knows of the parties, as this transaction sees it."""
    return Use(
        budgets=terms.budgets,
        used=used(reads, terms.budgets, parties, at, terms.vocabulary),
        given=given(reads, parties, at, terms.vocabulary),
        brakes=brakes_on(reads, parties),
        frozen=frozen_budgets(reads),
    )


def _grant(asked: GrantAsked, terms: Terms, weighed: Weighed, hold: timedelta) -> Grant:
    at, decision = weighed.at, weighed.decision
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
        decision=write_decision(decision, day=day, amount=asked.amount, use=weighed.use),
        seq=0,
        blind=new_blind(),
    )


def _warnings(grant: Grant, asked: GrantAsked, terms: Terms, use: Use) -> Iterator[audit.Act]:
    """What is to be said of budgets that the grant brings to where they warn."""
    budgets = applied(use.budgets, asked.remedy, asked.facts, use.used)
    for budget, levels in crossed(budgets, asked.remedy, asked.amount):
        ordered = [level for level in terms.vocabulary.ladder if level in levels]
        yield warning_act(grant, budget, ordered)


def _entry(grant: Grant, change: Change, at: datetime) -> Entry:
    """The entry that a change makes; GrantSettled or InvalidInput if it cannot be made."""
    state = grant.state(at)
    possible = {
        EntryKind.CAPTURE: {GrantState.RESERVED},
        EntryKind.VOID: {GrantState.RESERVED, GrantState.CAPTURED},
    }
    if state not in possible[change.kind]:
        raise GrantSettled(f"the grant is {state}, so there is nothing to {change.kind}")
    # Its budgets would have it back, and the customer keep it.
    if change.kind is EntryKind.VOID and state is GrantState.CAPTURED and not change.reversible:
        raise GrantSettled("the grant is captured, and its remedy is one that is not reversible")
    amount = grant.left if change.amount is None else change.amount
    if not 1 <= amount <= grant.left:
        detail = "is not within what is left of the grant; GET /v1/grants/{id} says how much"
        raise InvalidInput([FieldProblem("/amount", "out_of_range", detail)])
    released = grant.left - amount if change.kind is EntryKind.CAPTURE else amount
    return Entry(
        change.kind, amount, released, at, change.by, change.reason, seq=0, blind=new_blind()
    )


def _check_current(session: Session, terms: Terms, at: datetime) -> None:
    live = current_versions(session, at)
    of_terms = terms.versions
    if (live.library, live.limits, live.budgets) != (
        of_terms.library,
        of_terms.limits,
        of_terms.budgets,
    ):
        raise StaleVersion("a new version was published while this was decided: send it again")


def check_rep(session: Session, asked: GrantAsked, terms: Terms) -> None:
    """What was read of the rep before the locks must still be so."""
    person = None if asked.parties.rep is None else find_person(session, asked.parties.rep)
    stated, ladder = Standing(asked.level, asked.parties.team), terms.vocabulary.ladder
    now = standing(person, stated, ladder)
    if (now.level or ladder[0], now.team) != (asked.level, asked.parties.team):
        raise StaleVersion("the representative was changed while this was decided: send it again")


def _check_suggestion(session: Session, suggestion: str | None) -> None:
    if suggestion is not None and session.get(SuggestionEntry, suggestion) is None:
        detail = "is not the id of a suggestion"
        raise InvalidInput([FieldProblem("/suggestion", "unknown_suggestion", detail)])
