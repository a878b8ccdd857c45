"""The ledger checks itself: every decision made again, every sum added up in the plainest way."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from sys import maxsize

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.facts import read_facts
from agent_assist.core.grants import Grant, GrantAsked, Terms, scopes_of
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Use
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.erased import digests_since
from agent_assist.store.ledger.held import Held, plain_sums
from agent_assist.store.ledger.ledger import decide
from agent_assist.store.ledger.reading import with_entries
from agent_assist.store.ledger.records import (
    entry_digest,
    grant_digest,
    raw_facts,
    write_decision,
)
from agent_assist.store.ledger.subtotals import differing
from agent_assist.store.ledger.sums import used_by_many
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.schema import AuditEntry, GrantEntry, GrantRow

Progress = Callable[[int, int], None]
"""Is told how many are done, and of how many."""

_MOST_TERMS = 8  # compiled tables are large
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """Something of the ledger that is not as it must be."""

    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a check found."""

    grants: int
    sums: int
    differences: tuple[Difference, ...]


def _untold(done: int, of: int) -> None:
    del done, of


class LedgerCheck:
    """Checks a ledger against the versions that it was decided by."""

    def __init__(self, database: Database, libraries: LibraryStore, clock: Clock) -> None:
        self._database = database
        self._libraries = libraries
        self._clock = clock
        self._terms: dict[Versions, Terms] = {}

    def run(self, progress: Progress = _untold) -> LedgerReport:
        """Check every grant, and every sum as the ledger adds it up now.

        Only a part of the grants is held whole at a time; what sums need of each stays.

        Args:
            progress: is told how many grants are done, and of how many.
        """
        try:
            return self._run(progress)
        except (ValueError, TypeError, ArithmeticError):
            said = "cannot be read: some row is not even of its type; restore a backup"
            return LedgerReport(0, 0, (Difference("ledger", said),))

    def _run(self, progress: Progress) -> LedgerReport:
        live = self._libraries.current()
        terms = self.terms_of(live) if live.library else None
        with self._database.reading() as session:  # one moment: nothing is granted meanwhile
            held = Held(tuple(_all_slim(session)))
            found = [*_only_in_audit(session)]
            found += [Difference(*one) for one in differing(session)]
            sums, differences = 0, list[Difference]()
            if terms is not None:
                sums, differences = _sums(session, held, terms, self._clock(session))
        newest = held.grants[-1].seq if held.grants else 0
        done = 0
        while done < len(held.grants):
            with self._database.reading() as session:
                grants = _part(session, held.grants[done].seq - 1, newest)
                found += _against_audit(session, grants)
            for grant in grants:
                found += made_again(grant, held, self.terms_of(grant.versions))
            done += max(len(grants), 1)
            progress(done, len(held.grants))
        return LedgerReport(len(held.grants), sums, (*found, *differences))

    def terms_of(self, versions: Versions) -> Terms:
        """The versions that grants were decided by."""
        if versions not in self._terms:
            if len(self._terms) == _MOST_TERMS:
                self._terms.clear()
            held = self._libraries.load(versions)
            self._terms[versions] = Terms(
                versions,
                held.vocabulary,
                CompiledLimits(held.limits, held.vocabulary),
                held.budgets.budgets,
            )
        return self._terms[versions]


def _part(session: Session, after: int, last: int = maxsize) -> tuple[Grant, ...]:
    """Some grants in the order of the audit, after an entry of it."""
    rows = select(GrantRow).where(GrantRow.seq > after, GrantRow.seq <= last)
    rows = rows.order_by(GrantRow.seq).limit(_AT_ONCE)
    return with_entries(session, session.scalars(rows).all())


def _all_slim(session: Session) -> Iterator[Grant]:
    """All grants, with what sums need of them."""
    last = 0
    while some := _part(session, last):
        last = some[-1].seq
        for grant in some:
            yield replace(grant, facts={}, decision={}, comment=None)
        session.expunge_all()


def _sums(session: Session, held: Held, terms: Terms, at: datetime) -> tuple[int, list[Difference]]:
    """Sums of the live budgets for all whom a grant was ever made for."""
    sums, found = 0, list[Difference]()
    everybody = list(dict.fromkeys(grant.parties for grant in held.grants))
    for first in range(0, len(everybody), _AT_ONCE):
        some = everybody[first : first + _AT_ONCE]
        added = used_by_many(session, terms.budgets, some, at, terms.vocabulary)
        for parties, of_one in zip(some, added, strict=True):
            plain = plain_sums(held, terms.budgets, parties, at, terms.vocabulary)
            sums += len(plain)
            found += [
                Difference(key, f"adds up to {of_one.get(key)}, but its grants to {plain[key]}")
                for key in plain
                if of_one.get(key) != plain[key]
            ]
    return sums, found


def _against_audit(session: Session, grants: Iterable[Grant]) -> Iterator[Difference]:
    """What of some grants the audit does not remember so."""
    kept: dict[int, tuple[str, str]] = {}
    for grant in grants:
        kept[grant.seq] = (grant.id, grant_digest(grant))
        kept |= {entry.seq: (grant.id, entry_digest(entry)) for entry in grant.entries}
        if grant.left < 0:
            yield Difference(grant.id, "more of it was released than was granted")
    acts = select(AuditEntry.seq, AuditEntry.subject, AuditEntry.content).where(
        AuditEntry.seq.in_(kept), AuditEntry.act.startswith("grant.")
    )
    audit = {seq: (subject, content) for seq, subject, content in session.execute(acts)}
    erased = digests_since(session, kept)
    for seq, (grant_id, digest) in kept.items():
        subject, content = audit.get(seq, ("", {}))
        if (subject, erased.get(seq, content.get("digest"))) != (grant_id, digest):
            yield Difference(grant_id, f"is not what entry {seq} of the audit remembers")


def _only_in_audit(session: Session) -> Iterator[Difference]:
    """Acts on grants that the ledger does not hold."""
    missing = (
        select(AuditEntry.seq, AuditEntry.subject)
        .where(
            AuditEntry.act.startswith("grant."),
            ~exists().where(GrantRow.seq == AuditEntry.seq),
            ~exists().where(GrantEntry.seq == AuditEntry.seq),
        )
        .order_by(AuditEntry.seq)
    )
    for seq, subject in session.execute(missing):
        yield Difference(subject, f"entry {seq} of the audit is not in the ledger")


def made_again(
    grant: Grant, held: Held, terms: Terms, narrow: frozenset[Scope] | None = None
) -> Iterator[Difference]:
    """Differences between a grant's decision and the same decision made now.

    Args:
        grant: as it was granted.
        held: the grants that it came after.
        terms: the versions that it was decided by.
        narrow: scopes whose grants `held` has all of, if not all grants; sums of other scopes are
            taken as the decision has them.
    """
    budgets = [one for one in terms.budgets if narrow is None or narrow & scopes_of(one)]
    sums = plain_sums(held, budgets, grant.parties, grant.at, terms.vocabulary, before=grant.seq)
    if narrow is not None:
        sums = {key: Used(*of) for key, of in grant.decision["used"].items()} | sums
    use = Use(
        budgets=terms.budgets,
        used=sums,
        given=held.given(grant.parties, grant.at, terms.vocabulary, grant.seq),
    )
    try:
        asked = _asked(grant, terms.vocabulary)
    except (AgentAssistError, KeyError, ValueError) as error:
        yield Difference(grant.id, f"cannot be decided again ({type(error).__name__})")
        return
    # No brake was on that reaches this level, and no budget of it frozen, or nothing was granted.
    decision = decide(asked, terms, grant.at, use)
    day = terms.vocabulary.day(grant.at)
    again = write_decision(decision, day=day, amount=grant.amount, use=use)
    differing = sorted(key for key in again if again[key] != grant.decision.get(key))
    if differing:
        yield Difference(grant.id, f"is decided otherwise now: {', '.join(differing)}")


def _asked(grant: Grant, vocabulary: Vocabulary) -> GrantAsked:
    return GrantAsked(
        parties=grant.parties,
        level=grant.level,
        issue=grant.issue,
        remedy=vocabulary.remedies[grant.remedy],
        amount=grant.amount,
        facts=read_facts(raw_facts(grant.facts), vocabulary.facts, vocabulary.currency),
        reason_code=grant.reason_code,
    )
