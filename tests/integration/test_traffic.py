"""Past cases of a real database: grants, decisions and suggestions, in words that still mean it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import sessionmaker

from agent_assist.core.money import Money
from agent_assist.core.review import PastCase
from agent_assist.store import traffic
from agent_assist.store.database import Database
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.schema import AuditEntry, DecisionEntry, GrantRow, SuggestionEntry
from agent_assist.store.traffic import TrafficStore
from tests.drafting import LIBRARY, NOON, publication

FEE = {"amount": "12.00", "currency": "EUR"}
VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}


def grant(seq: int, facts: dict[str, Any], *, issue: str = "fee") -> dict[str, Any]:
    return {
        "id": f"grt_{seq}", "seq": seq, "at": NOON, "expires_at": NOON, "level": "rep",
        "issue": issue, "remedy": "fee_waiver", "kind": "goodwill", "unit": "money",
        "amount": 1000, "currency": "EUR", "reason_code": "first_time", "key_id": "k",
        "facts": facts, "decision": {}, **VERSIONS,
    }  # fmt: skip


def suggestion(
    name: str, *remedies: str, abstained: bool = False, later: int = 0, **around: Any
) -> SuggestionEntry:
    options = [{"remedy": remedy} for remedy in remedies]
    # The second match is not what the contact was about.
    other = {"issue": "card", "options": [{"remedy": "courier_card"}]}
    return SuggestionEntry(
        id=name, at=NOON + timedelta(seconds=later), key_id=None, level="rep", model="m",
        abstained=abstained, around=around,
        answer={"matches": [{"issue": "fee", "options": options}, other]}, **VERSIONS,
    )  # fmt: skip


def decision(name: str, level: str, later: int, *remedies: str) -> DecisionEntry:
    return DecisionEntry(
        id=name, at=NOON + timedelta(seconds=later), key_id=None, level=level, issue="fee",
        asked=dict.fromkeys(remedies), around={"facts": {"customer.tier": "gold"}}, **VERSIONS,
    )  # fmt: skip


def test_past_cases_are_counted_in_the_words_of_the_vocabulary_and_the_newest_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "NEWEST", 3)
    sessions = sessionmaker(engine)
    LibraryStore(Database(sessions), lambda _: NOON).append(LIBRARY, NO_VERSIONS, publication())
    empty = {"at": NOON, "actor": "", "act": "", "subject": "", "content": {}}
    grants = [
        grant(101, {"fee.amount": FEE, "customer.tier": "older than the newest three"}),
        grant(102, {"fee.amount": FEE, "customer.tier": "gone", "was.known": 1}),
        grant(103, {"fee.amount": FEE, "customer.months": 601}),
        grant(104, {}, issue="gone"),
    ]
    acts = [{"seq": one["seq"], "previous": "", "hash": "", **empty} for one in grants]
    with sessions.begin() as session:
        session.execute(insert(AuditEntry), acts)
        session.execute(insert(GrantRow), grants)
        session.add_all(
            [
                decision("dec_1", "manager", 0, "more_time"),
                decision("dec_2", "rep", 1, "fee_waiver", "gone"),
                decision("dec_3", "rep", 2, "fee_waiver"),
                decision("dec_4", "supervisor", 3, "fee_waiver"),
                suggestion("sug_1", "fee_waiver", "goodwill_credit", facts={"customer.months": 2}),
                suggestion("sug_2", "goodwill_credit", later=1),
                suggestion("sug_3", "fee_waiver", later=2, abstained=True),
            ]
        )
    months = replace(LIBRARY.vocabulary.facts["customer.months"], most=600)
    facts = {**LIBRARY.vocabulary.facts, months.key: months}
    vocabulary = replace(LIBRARY.vocabulary, facts=facts)

    found = TrafficStore(Database(sessions)).past_cases(vocabulary)

    fee, gold = {"fee.amount": Money(1200, "EUR")}, {"customer.tier": "gold"}
    expected = [
        PastCase("fee", "fee_waiver", "rep", fee, 2),
        PastCase("fee", "fee_waiver", "rep", gold, 2),
        PastCase("fee", "fee_waiver", "supervisor", gold, 1),
        PastCase("fee", "fee_waiver", "rep", {"customer.months": 2}, 1),
        PastCase("fee", "goodwill_credit", "rep", {"customer.months": 2}, 1),
        PastCase("fee", "goodwill_credit", "rep", {}, 1),
    ]
    assert sorted(found, key=repr) == sorted(expected, key=repr)
