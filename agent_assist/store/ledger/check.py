"""The ledger checks itself: every decision made again, every sum added up in the plainest way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from sys import maxsize
from typing import Any

from sqlalchemy import select

from agent_assist.core.budgets import Budget, Scope
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.facts import read_facts
from agent_assist.core.grants import OCCASIONS, Grant, GrantAsked, Parties, Terms, scopes_of
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given, Use
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import RemedyKind, Unit, Vocabulary
from agent_assist.core.windows import window_start
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.erased import digests_since
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

_MOST_TERMS = 8  # compiled tables are large


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
            for seq, digest in digests_since(session, audit).items():
                audit[seq] = (audit[seq][0], {**audit[seq][1], "digest": digest})
        found = list(_against_audit(grants, audit))
        held = Held(grants)
        for grant in grants:
            found += made_again(grant, held, self.terms_of(grant.versions))
        sums, differences = self._sums(held)
        return LedgerReport(len(grants), sums, (*found, *differences))

    def _sums(self, held: "Held") -> tuple[int, list[Difference]]:
        """Sums of the live budgets for all whom a grant was ever made for."""
        versions = self._libraries.current()
        if not held.grants or not versions.library:
            return 0, []
        terms, sums, found = self.terms_of(versions), 0, list[Difference]()
        for parties in dict.fromkeys(grant.parties for grant in held.grants):
            with self._database.reading() as session:
                at = self._clock(session)
                added = used(session, terms.budgets, parties, at, terms.vocabulary)
            plain = plain_sums(held, terms.budgets, parties, at, terms.vocabulary)
            sums += len(plain)
            found += [
                Difference(key, f"adds up to {added.get(key)}, but its grants to {plain[key]}")
                for key in plain
                if added.get(key) != plain[key]
            ]
        return sums, found

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


class Held:
    """All grants, found by those whom they were given to."""

    def __init__(self, grants: tuple[Grant, ...]) -> None:
        self.grants = grants
        self._found: dict[tuple[Scope, ...], dict[tuple[str | None, ...], list[Grant]]] = {}

    def of(
        self, scopes: Iterable[Scope], parties: Parties, before: int = maxsize
    ) -> Iterator[Grant]:
        """The grants of some ids, as they stood before an entry of the audit."""
        names = tuple(sorted(scopes))
        if names not in self._found:
            by_ids = self._found[names] = {}
            for grant in self.grants:
                by_ids.setdefault(_ids(grant.parties, names), []).append(grant)
        for grant in self._found[names].get(_ids(parties, names), ()):
            if grant.seq < before:
                yield _as_of(grant, before)


def _ids(parties: Parties, scopes: Iterable[Scope]) -> tuple[str | None, ...]:
    return tuple(parties.of(scope) for scope in scopes)


def plain_sums(
    held: Held,
    budgets: Iterable[Budget],
    parties: Parties,
    at: datetime,
    vocabulary: Vocabulary,
    *,
    before: int = maxsize,
) -> dict[str, Used]:
    """What `sums.used` must give, one grant after the other.

    Args:
        held: all grants.
        budgets: those to add up.
        parties: whose ids.
        at: the instant at which windows end.
        vocabulary: of the budgets' version.
        before: only what the audit has before this entry.
    """
    return {
        budget.key: _plain_sum(held.of(scopes_of(budget), parties, before), budget, at, vocabulary)
        for budget in budgets
        if all(parties.of(scope) is not None for scope in scopes_of(budget))
    }


def _plain_given(
    held: Held, parties: Parties, at: datetime, vocabulary: Vocabulary, before: int
) -> dict[str, Given]:
    """What `sums.given` must give, one grant after the other."""
    amounts: dict[tuple[str, Scope], int] = {}
    for scope in OCCASIONS:
        if parties.of(scope) is None:
            continue
        for grant in held.of([scope], parties, before):
            remedy = vocabulary.remedies.get(grant.remedy)
            same = remedy is not None and grant.unit is remedy.unit
            if grant.unit is Unit.MONEY and grant.currency != vocabulary.currency:
                same = False
            if grant.counts(at):
                amounts.setdefault((grant.remedy, scope), 0)
                amounts[grant.remedy, scope] += grant.counts(at) if same else 0
    found: dict[str, Given] = {}
    # Where both hold as much, it is said to be the order's.
    for (key, scope), amount in sorted(amounts.items()):
        if key not in found or amount >= found[key].amount:
            found[key] = Given(scope, amount)
    return found


def _plain_sum(
    grants: Iterable[Grant], budget: Budget, at: datetime, vocabulary: Vocabulary
) -> Used:
    start = window_start(budget.window, at, vocabulary.time_zone)
    amount = number = 0
    for grant in grants:
        within = start is None or grant.at > start
        goodwill = grant.kind is RemedyKind.GOODWILL
        of_remedies = grant.remedy in budget.remedies if budget.remedies else goodwill
        if within and of_remedies and grant.counts(at):
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
        given=_plain_given(held, grant.parties, grant.at, terms.vocabulary, grant.seq),
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
