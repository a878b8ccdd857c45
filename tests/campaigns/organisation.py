"""An organisation's 91 days as rows of the product's tables, from a seed and what is planted.

It differs from a simulated history (`agent_assist.simulate`) in what it leaves out, so that a seed
takes seconds and not minutes: nothing is matched, nothing goes through the ledger's decision or
the web, and a contact has one grant or one request. What reads it is the product's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from agent_assist.core.conditions import Is, OneOf, Test
from agent_assist.core.limits import LimitRow
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalRow,
    AuditEntry,
    Base,
    ContactRow,
    GrantEntry,
    GrantRow,
    OutcomeRow,
    SuggestionEntry,
)
from tests.builders import a_deny, a_row
from tests.campaigns.truth import (
    DENY,
    GENEROUS,
    GROWING,
    HONEST,
    LOW,
    NARROW,
    PARTNERS,
    RARE,
    SPENDERS,
    Truth,
)
from tests.ledgers import NOON

DAYS, CONTACTS = 91, 3_600
TABLES: tuple[type[Base], ...] = (
    AuditEntry, ContactRow, OutcomeRow, GrantRow, GrantEntry, ApprovalRow, ApprovalEnd,
    SuggestionEntry,
)  # fmt: skip
"""In the order in which they can be written."""
Rows = dict[type[Base], list[dict[str, Any]]]

_GOLD: dict[str, Test] = {"customer.tier": OneOf(frozenset({"gold"}))}
_CEILING = {LOW: 1_000, HONEST: 1_000, GENEROUS: 3_000}
LIMITS: Sequence[LimitRow] = (
    a_row(LOW, rep=1_000, supervisor=2_500, manager=5_000),
    a_row(HONEST, remedy="goodwill_credit", issues=frozenset({"card"}), rep=1_000,
          supervisor=2_500, manager=5_000),
    a_row(GENEROUS, remedy="goodwill_credit", issues=frozenset({"other"}), rep=3_000,
          supervisor=4_000),
    a_row(RARE, remedy="more_time", rep=3, supervisor=5, manager=5,
          conditions={"fee.disclosed": Is(True)}),
    a_row("WIDE", issues=frozenset({"card"})),
    a_row(NARROW, issues=frozenset({"card"}), conditions=_GOLD, rep=100, supervisor=100),
    a_deny(DENY, issues=frozenset({"other"}), conditions=_GOLD),
)  # fmt: skip
_OF_ISSUE = {
    "fee": (LOW, "fee_waiver"),
    "card": (HONEST, "goodwill_credit"),
    "other": (GENEROUS, "goodwill_credit"),
}
_OTHERS = ("process", "marketing", "customer", "employee")
_TEAMS = ("t-1", SPENDERS, "t-3", "t-4")
_VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}


def an_organisation(truth: Truth, seed: int) -> Rows:
    """All rows, by their tables."""
    made: Rows = {table: [] for table in TABLES}
    random, numbers = Random(seed), count(1)
    for place in range(CONTACTS):
        _Contact(truth, random, numbers, made, place).happen()
    for one, other in (PARTNERS, PARTNERS[::-1]):
        for _ in range(truth.favours):
            favour = _Contact(truth, random, numbers, made, next(numbers) + CONTACTS)
            favour.ask(one, "supervisor", other, by_share=1.0)
    return made


@dataclass(slots=True)
class _Contact:
    """One contact, whose rows are added to those there are."""

    truth: Truth
    random: Random
    numbers: Iterator[int]
    made: Rows
    place: int

    def happen(self) -> None:
        random, truth = self.random, self.truth
        (issue,) = random.choices(tuple(_OF_ISSUE), (40, 35, 25))
        team = random.choice(_TEAMS)
        at, rep = self._at(), f"r-{team}-{random.randrange(8)}"
        told = {
            "external_id": f"k-{self.place}",
            "opened_at": at,
            "closed_at": at + timedelta(minutes=8),
            "channel": random.choice(("phone", "chat")),
            "locale": "en",
            "customer": f"c-{random.randrange(2_000)}",
            "rep": rep,
            "team": team,
            "issues": [issue],
        }
        self._add(ContactRow, told)
        self._end(at)
        facts = {
            "fee.disclosed": issue == "fee" and random.random() < truth.met,
            "customer.tier": random.choice(("basic", "plus")),
        }
        if random.random() < 0.6:
            self._suggest(at, issue, facts)
        if random.random() < (truth.gives if team == SPENDERS else 0.3):
            self._give(issue, rep, team, facts)
        elif issue != "other" and random.random() < 0.35:
            share = truth.approved if issue == "fee" else 0.7
            self.ask(rep, "rep", f"s-{_TEAMS.index(team) + 3}", by_share=share,
                     issue=issue, team=team)  # fmt: skip

    def ask(
        self, rep: str, level: str, by: str, *, by_share: float, issue: str = "fee",
        team: str = "t-1",
    ) -> None:  # fmt: skip
        """Ask for more than the level may give; somebody decides, with a share of approvals."""
        row, remedy = _OF_ISSUE[issue]
        ceiling = _CEILING[row] if level == "rep" else 2_500
        amount = round(ceiling * self.random.choice((1.25, 1.5, 2.0)))
        approved = self.random.random() < by_share
        common = self._common(issue, remedy, amount, {"fee.disclosed": False})
        number = common["seq"]
        asked = {**common, "id": f"apr_{number}", "rep": rep, "team": team, "rep_level": level}
        del asked["kind"]
        self._add(ApprovalRow, {**asked, "falls_back_at": None, "level": "manager", "case": None})
        grant = self._reserve(row, common, rep, team, "supervisor") if approved else None
        self._add(ApprovalEnd, {
            "approval_id": asked["id"], "seq": self._audit(common["at"]),
            "at": common["at"] + timedelta(minutes=3),
            "state": "approved" if approved else "refused", "by": by, "level": "supervisor",
            "amount": amount if approved else None,
            "reason": "justified" if approved else "not_justified",
            "comment": None, "grant_id": grant,
            "library_version": 1, "limits_version": 1, "budgets_version": 1,
        })  # fmt: skip

    def _give(self, issue: str, rep: str, team: str, facts: dict[str, Any]) -> None:
        row, remedy = _OF_ISSUE[issue]
        ceiling = _CEILING[row]
        if row == GENEROUS:
            wanted = self.random.expovariate(1 / (self.truth.needed * ceiling))
        else:
            wanted = self.random.uniform(0.1, 1.0) * ceiling
        amount = max(1, min(round(wanted), ceiling))
        self._reserve(row, self._common(issue, remedy, amount, facts), rep, team, "rep")

    def _reserve(self, row: str, common: dict[str, Any], rep: str, team: str, level: str) -> str:
        seq = self._audit(common["at"])
        grant = f"grt_{seq}"
        rests = {"rows": [{"row": row, "state": "met", "decisive": True}], "given": {}}
        told = {**common, "id": grant, "seq": seq, "level": level, "rep": rep, "team": team}
        self._add(GrantRow, {**told, "decision": rests})
        self._add(GrantEntry, {
            "seq": self._audit(common["at"]), "grant_id": grant, "kind": "capture",
            "amount": common["amount"], "released": 0, "at": common["at"], "by": "key:k",
            "reason": "", "blind": "",
        })  # fmt: skip
        return grant

    def _common(
        self, issue: str, remedy: str, amount: int, facts: dict[str, Any]
    ) -> dict[str, Any]:
        """What grants and requests have alike."""
        at = self._at()
        return {
            "seq": self._audit(at), "at": at, "expires_at": at + timedelta(minutes=15),
            "contact": f"k-{self.place}", "order": None, "customer": None, "issue": issue,
            "remedy": remedy, "unit": "money", "kind": "goodwill", "amount": amount,
            "currency": "EUR", "reason_code": "first_time", "comment": None, "suggestion": None,
            "key_id": "k", "facts": facts, "blind": "", **_VERSIONS,
        }  # fmt: skip

    def _end(self, at: datetime) -> None:
        if self.random.random() > 0.92:
            return
        share = 0.1 + self.truth.grown * (self.place / CONTACTS)
        cause = GROWING if self.random.random() < share else self.random.choice(_OTHERS)
        self._add(OutcomeRow, {
            "contact": f"k-{self.place}", "number": 1, "at": at + timedelta(minutes=9),
            "by": "key:k", "resolved": self.random.random() < 0.8, "cause": cause, "said": [],
            "given": [], "note": None,
        })  # fmt: skip

    def _suggest(self, at: datetime, issue: str, facts: dict[str, Any]) -> None:
        self._add(SuggestionEntry, {
            "id": f"sgt_{self.place}", "at": at, "key_id": "k", "model": "m", "level": "rep",
            "abstained": False, "around": {"facts": facts, "contact": f"k-{self.place}"},
            "answer": {"matches": [{"issue": issue, "policy": issue, "version": 1}]},
            "texts": None, **_VERSIONS,
        })  # fmt: skip

    def _at(self) -> datetime:
        """The contacts are spread over the time in their order."""
        share = min(self.place / CONTACTS, 1.0)
        return NOON - timedelta(days=DAYS * (1 - share), minutes=30)

    def _audit(self, at: datetime) -> int:
        seq = next(self.numbers)
        self._add(AuditEntry, {
            "seq": seq, "at": at, "actor": "k", "act": "made", "subject": "", "content": {},
            "previous": "", "hash": "",
        })  # fmt: skip
        return seq

    def _add(self, table: type[Base], row: dict[str, Any]) -> None:
        self.made[table].append(row)
