"""The ledger checks itself: every decision made again, every sum added up in the plainest way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from agent_assist.core.budgets import Budget
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.facts import read_facts
from agent_assist.core.grants import Grant, GrantAsked, Parties, Terms, scopes_of
from agent_assist.core.headroom import Used
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import RemedyKind, Unit, Vocabulary
from agent_assist.core.windows import window_start
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.ledger import decide
from agent_assist.store.ledger.reading import joined
from agent_assist.store.ledger.records import (
    entry_digest,
    grant_digest,
    raw_facts,
    write_decision,
)
from agent_assist.store.ledger.sums import used
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.schema import AuditEntry, GrantEntry, GrantRow


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


class LedgerCheck:
    """Checks a ledger against the versions that it was decided by."""

    def __init__(self, database: Database, libraries: LibraryStore, clock: Clock) -> None:
        self._database = database
        self._libraries = libraries
        self._clock = clock
        self._terms: dict[Versions, Terms] = {}

    def run(self) -> LedgerReport:
        """Check every grant, and every sum as the ledger adds it up now."""
        with self._database.reading() as session:
            rows = session.scalars(select(GrantRow).order_by(GrantRow.seq)).all()
            grants = joined(rows, session.scalars(select(GrantEntry)))
            acts = select(AuditEntry.seq, AuditEntry.subject, AuditEntry.content).where(
                AuditEntry.act.startswith("grant.")
            )
            audit = {seq: (subject, content) for seq, subject, content in session.execute(acts)}
        found = list(_against_audit(grants, audit))
        for grant in grants:
            found += _made_again(grant, grants, self._terms_of(grant.versions))
        sums, differences = self._sums(grants)
        return LedgerReport(len(grants), sums, (*found, *differences))

    def _sums(self, grants: tuple[Grant, ...]) -> tuple[int, list[Difference]]:
        """Sums of the live budgets for all whom a grant was ever made for."""
        versions = self._libraries.current()
        if not grants or not versions.library:
            return 0, []
        terms, sums, found = self._terms_of(versions), 0, list[Difference]()
        for parties in dict.fromkeys(grant.parties for grant in grants):
            with self._database.reading() as session:
                at = self._clock(session)
                added = used(session, terms.budgets, parties, at, terms.vocabulary)
            plain = plain_sums(grants, terms.budgets, parties, at, terms.vocabulary)
            sums += len(plain)
            found += [
                Difference(key, f"adds up to {added.get(key)}, but its grants to {plain[key]}")
                for key in plain
                if added.get(key) != plain[key]
            ]
        return sums, found

    def _terms_of(self, versions: Versions) -> Terms:
        if versions not in self._terms:
            held = self._libraries.load(versions)
            self._terms[versions] = Terms(
                versions,
                held.vocabulary,
                CompiledLimits(held.limits, held.vocabulary),
                held.budgets.budgets,
            )
        return self._terms[versions]


def plain_sums(
    grants: Iterable[Grant],
    budgets: Iterable[Budget],
    parties: Parties,
    at: datetime,
    vocabulary: Vocabulary,
) -> dict[str, Used]:
    """What `sums.used` must give, one grant after the other."""
    held = tuple(grants)
    return {
        budget.key: _plain_sum(held, budget, parties, at, vocabulary)
        for budget in budgets
        if all(parties.of(scope) is not None for scope in scopes_of(budget))
    }


def _plain_sum(
    grants: tuple[Grant, ...],
    budget: Budget,
    parties: Parties,
    at: datetime,
    vocabulary: Vocabulary,
) -> Used:
    start = window_start(budget.window, at, vocabulary.time_zone)
    amount = number = 0
    for grant in grants:
        named = all(grant.parties.of(one) == parties.of(one) for one in scopes_of(budget))
        within = start is None or grant.at > start
        goodwill = grant.kind is RemedyKind.GOODWILL
        of_remedies = grant.remedy in budget.remedies if budget.remedies else goodwill
        if named and within and of_remedies and grant.counts(at):
            number += 1
            if grant.unit is Unit.MONEY and grant.currency == vocabulary.currency:
                amount += grant.counts(at)
    return Used(amount, number)


def _against_audit(
    grants: Iterable[Grant], audit: Mapping[int, tuple[str, Mapping[str, Any]]]
) -> Iterator[Difference]:
    """What the ledger holds and the audit does not remember so, and the other way round."""
    known: set[int] = set()
    for grant in grants:
        kept = {grant.seq: grant_digest(grant)}
        kept |= {entry.seq: entry_digest(entry) for entry in grant.entries}
        known |= kept.keys()
        for seq, digest in kept.items():
            subject, content = audit.get(seq, ("", {}))
            if (subject, content.get("digest")) != (grant.id, digest):
                yield Difference(grant.id, f"is not what entry {seq} of the audit remembers")
        if grant.left < 0:
            yield Difference(grant.id, "more of it was released than was granted")
    for seq in sorted(audit.keys() - known):
        yield Difference(audit[seq][0], f"entry {seq} of the audit is not in the ledger")


def _made_again(grant: Grant, grants: Iterable[Grant], terms: Terms) -> Iterator[Difference]:
    """Differences between a grant's decision and the same decision made now."""
    before = [_as_of(one, grant.seq) for one in grants if one.seq < grant.seq]
    sums = plain_sums(before, terms.budgets, grant.parties, grant.at, terms.vocabulary)
    try:
        asked = _asked(grant, terms.vocabulary)
    except (AgentAssistError, KeyError) as error:
        yield Difference(grant.id, f"cannot be decided again ({type(error).__name__})")
        return
    decision = decide(asked, terms, grant.at, sums)
    day = terms.vocabulary.day(grant.at)
    again = write_decision(decision, day=day, amount=grant.amount, used=sums)
    differing = sorted(key for key in again if again[key] != grant.decision.get(key))
    if differing:
        yield Difference(grant.id, f"is decided otherwise now: {', '.join(differing)}")


def _as_of(grant: Grant, seq: int) -> Grant:
    """A grant as it stood before an entry of the audit."""
    return replace(grant, entries=tuple(one for one in grant.entries if one.seq < seq))


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
