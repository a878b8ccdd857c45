"""A long history as life might have it: decisions and grants by a library, of many customers."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Unlimited
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import Facts, read_facts
from agent_assist.core.headroom import Used, counts
from agent_assist.core.holds import Use
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitTable
from agent_assist.core.vocabulary import Unit
from agent_assist.simulate.cases import CaseBook
from agent_assist.simulate.organisation import Worker, an_organisation
from agent_assist.store.ledger.records import write_decision, write_facts, write_use

START = datetime(2025, 11, 1, tzinfo=UTC)
CUSTOMERS = 200_000
TEAMS = 40
_PUBLISHED = 100  # places in the audit that publishing the library may take
_AS_LARGE = 10  # times the organisation that the library's budgets are made for
_APART = timedelta(seconds=20)
_DAYS = {
    Window.CONTACT: 1,
    Window.DAY: 1,
    Window.DAYS_7: 7,
    Window.DAYS_30: 30,
    Window.MONTH: 30,
    Window.DAYS_90: 90,
    Window.DAYS_365: 365,
    Window.LIFETIME: 36_500,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One decision of one remedy; `granted` is what a grant was decided by, and its amount."""

    at: datetime
    number: int
    worker: Worker
    customer: str
    issue: str
    remedy: str
    amount: int | None
    facts: Facts
    use: Use
    granted: tuple[Decision, int] | None


@dataclass(slots=True)
class _Sums:
    """What was granted so far, by budget and party; windows begin at once for everybody."""

    budgets: tuple[Budget, ...]
    _of: dict[tuple[str, str], tuple[int, Used]] = field(default_factory=dict)

    def use(self, parties: dict[Scope, str], at: datetime) -> Use:
        used = {
            one.key: self._used(one, parties[one.scope], at)
            for one in self.budgets
            if one.scope in parties
        }
        return Use(self.budgets, used)

    def add(self, parties: dict[Scope, str], at: datetime, granted: Decision, amount: int) -> None:
        money = amount if granted.remedy.unit is Unit.MONEY else 0
        for one in self.budgets:
            if one.scope in parties and counts(one, granted.remedy):
                party = parties[one.scope]
                used = self._used(one, party, at)
                after = Used(used.amount + money, used.grants + 1)
                self._of[one.key, party] = (_period(one, at), after)

    def _used(self, budget: Budget, party: str, at: datetime) -> Used:
        period, used = self._of.get((budget.key, party), (0, Used(0, 0)))
        return used if period == _period(budget, at) else Used(0, 0)


def _period(budget: Budget, at: datetime) -> int:
    return at.toordinal() // _DAYS[budget.window]


def large(library: Library) -> Library:
    """The library of an organisation of so many teams: what it may give is as much larger."""
    budgets = tuple(
        replace(one, amounts={level: most * _AS_LARGE for level, most in one.amounts.items()})
        if one.scope is Scope.ORGANISATION
        else one
        for one in library.budgets
    )
    return replace(library, budgets=budgets)


class MadeHistory:
    """Makes cases by a library; the same for the same seed."""

    def __init__(self, library: Library, seed: int) -> None:
        self._vocabulary = library.vocabulary
        self._limits = CompiledLimits(LimitTable(1, library.limits), library.vocabulary)
        self._book = CaseBook(library.vocabulary, library.limits, seed)
        self._reps = an_organisation(library.vocabulary.levels, TEAMS, seed).reps
        self._sums = _Sums(library.budgets)
        self._random = Random(seed)
        self._issues = [
            issue for issue in library.vocabulary.issues if self._limits.remedies(issue)
        ]
        self._weights = [min(self._random.paretovariate(1.1), 15.0) for _ in self._issues]

    def cases(self, number: int) -> Iterator[Case]:
        """So many cases, in the order of time."""
        for place in range(number):
            yield self._case(place, START + place * _APART)

    def _case(self, place: int, at: datetime) -> Case:
        random, vocabulary = self._random, self._vocabulary
        issue = random.choices(self._issues, self._weights)[0]
        worker, customer = random.choice(self._reps), f"c-{random.randrange(CUSTOMERS)}"
        raw, size = self._book.facts(issue, customer, vocabulary.day(at), random)
        facts = read_facts(raw, vocabulary.facts, vocabulary.currency)
        parties = {
            Scope.CONTACT: f"k-{place}",
            Scope.CUSTOMER: customer,
            Scope.REP: worker.id,
            Scope.TEAM: worker.team,
            Scope.ORGANISATION: "",
        }
        if random.random() < 0.5:
            parties[Scope.ORDER] = f"o-{place}"
        use = self._sums.use(parties, at)
        remedy = random.choice(self._limits.remedies(issue))
        decision = self._limits.decide(
            issue=issue,
            remedy=remedy,
            level=worker.level,
            facts=facts,
            day=vocabulary.day(at),
            use=use,
        )
        wanted = self._amount(decision, size)
        asked, granted = (None if random.random() < 0.5 else wanted), None
        if decision.verdict is Verdict.ALLOWED and random.random() < 0.5:
            most = wanted if isinstance(decision.up_to, Unlimited) else decision.up_to
            granted = decision, max(min(wanted, most), 1)
            self._sums.add(parties, at, *granted)
        return Case(at, place + 1, worker, customer, issue, remedy, asked, facts, use, granted)

    def _amount(self, decision: Decision, size: int) -> int:
        """What a customer would have: all of what it is about, or a part, and seldom more."""
        if decision.remedy.unit is not Unit.MONEY:
            return self._random.choice((1, 1, 1, 2, 3))
        return max(round(size * self._random.choice((0.25, 0.5, 1, 1, 1, 1.5))), 1)


def decision_row(case: Case) -> dict[str, Any]:
    """A row of the log of decisions."""
    return {
        "id": f"dec_{case.number}",
        "at": case.at,
        "key_id": "k",
        **_VERSIONS,
        "level": case.worker.level,
        "issue": case.issue,
        "asked": {case.remedy: case.amount},
        "around": {
            "rep": case.worker.id,
            "team": case.worker.team,
            "customer": case.customer,
            "contact": f"k-{case.number}",
            "channel": "phone",
            "locale": "en",
            "facts": write_facts(case.facts),
            **write_use(case.use),
        },
    }


def grant_row(case: Case, decision: Decision, amount: int) -> dict[str, Any]:
    """A row of the ledger, of a case that was granted."""
    remedy = decision.remedy
    return {
        "id": f"grt_{case.number}",
        "seq": _PUBLISHED + case.number,
        "at": case.at,
        "expires_at": case.at,
        "contact": f"k-{case.number}",
        "customer": case.customer,
        "rep": case.worker.id,
        "team": case.worker.team,
        "level": case.worker.level,
        "issue": case.issue,
        "remedy": remedy.key,
        "kind": remedy.kind.value,
        "unit": remedy.unit.value,
        "amount": amount,
        "currency": "EUR",
        "reason_code": remedy.reason_codes[0],
        **_VERSIONS,
        "key_id": "k",
        "facts": write_facts(case.facts),
        "decision": write_decision(decision, day=case.at.date(), amount=amount, use=case.use),
    }


def audit_row(case: Case) -> dict[str, Any]:
    """The place of a grant in the audit."""
    act = {"actor": "k", "act": "grant.reserve", "subject": f"grt_{case.number}", "content": {}}
    return {"seq": _PUBLISHED + case.number, "at": case.at, "previous": "", "hash": "", **act}


_VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
