"""A year of contacts as rows of tables, with what was suggested, given and asked for in them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from agent_assist.core.vocabulary import Cause, Vocabulary
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

YEAR = timedelta(days=365)
LOGS = timedelta(days=90)
TEAMS = 12
TABLES = (
    AuditEntry,
    ContactRow,
    OutcomeRow,
    GrantRow,
    GrantEntry,
    ApprovalRow,
    ApprovalEnd,
    SuggestionEntry,
)
"""In the order in which they can be written."""

_PUBLISHED = 100  # places in the audit that publishing the library may take
_AUDITED = 4  # places that each contact may take in it
_VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}


def contacts(
    vocabulary: Vocabulary, number: int
) -> Iterator[dict[type[Base], list[dict[str, Any]]]]:
    """So many contacts of the year that ends now, the oldest first, as rows by their tables."""
    random, issues = Random(1), list(vocabulary.issues)
    weights = [min(random.paretovariate(1.1), 15.0) for _ in issues]
    start, apart = datetime.now(UTC) - YEAR, YEAR / number
    for place in range(number):
        at = start + place * apart
        (issue,) = random.choices(issues, weights)
        contact = {
            "external_id": f"k-{place}",
            "opened_at": at,
            "closed_at": at + timedelta(minutes=8),
            "channel": random.choice(("phone", "phone", "chat", "mail", "visit")),
            "locale": "en",
            "customer": f"c-{random.randrange(max(number // 3, 1))}",
            "rep": f"r-{random.randrange(400)}",
            "team": f"team-{random.randrange(TEAMS)}",
            "issues": [issue],
        }
        yield _with_more(random, contact, place)


def _with_more(
    random: Random, contact: dict[str, Any], place: int
) -> dict[type[Base], list[dict[str, Any]]]:
    """A contact with how it ended, and what was given and asked for in it."""
    made: dict[type[Base], list[dict[str, Any]]] = {ContactRow: [contact]}
    ended, issue = contact["closed_at"], contact["issues"][0]
    if random.random() < 0.92:
        made[OutcomeRow] = [
            {
                "contact": contact["external_id"],
                "number": 1,
                "at": ended,
                "by": "key:k",
                "resolved": random.random() < 0.85,
                "cause": random.choice((None, *(cause.value for cause in Cause))),
                "said": [{"policy": f"about/{issue}", "version": 1 + place % 3}],
                "given": [],
                "note": None,
            }
        ]
    if ended > datetime.now(UTC) - LOGS and random.random() < 0.85:
        made[SuggestionEntry] = [_suggested(random, contact, place)]
    seq = _PUBLISHED + place * _AUDITED
    if random.random() < 0.3:
        _give(random, made, contact, seq)
    if random.random() < 0.025:
        _ask(random, made, contact, seq + 2)
    return made


def _suggested(random: Random, contact: dict[str, Any], place: int) -> dict[str, Any]:
    issue = contact["issues"][0]
    match = {"issue": issue, "policy": f"about/{issue}", "version": 1 + place % 3}
    return {
        "id": f"sgt_{place}",
        "at": contact["opened_at"] + timedelta(seconds=random.expovariate(1 / 60)),
        "key_id": "k",
        "model": "benchmark",
        "level": "rep",
        "abstained": random.random() < 0.07,
        "around": {
            "contact": contact["external_id"],
            "team": contact["team"],
            "channel": contact["channel"],
        },
        "answer": {"matches": [match]},
        "texts": None,
        **_VERSIONS,
    }


def _give(random: Random, made: dict[Any, Any], contact: dict[str, Any], seq: int) -> None:
    grant = f"grt_{seq}"
    made.setdefault(AuditEntry, []).extend([_audit(seq, contact), _audit(seq + 1, contact)])
    made[GrantRow] = [
        {
            **_common(contact, seq),
            "id": grant,
            "level": random.choice(("rep", "rep", "rep", "senior")),
            "kind": "goodwill",
            "facts": {"customer.tier": "plus", "fee.disclosed": False},
            "decision": {
                "verdict": "allowed",
                "rows": [
                    {"row": f"R{random.randrange(200)}", "state": "met", "decisive": True},
                    {"row": "R0", "state": "met", "decisive": False},
                ],
            },
        }
    ]
    made[GrantEntry] = [
        {
            "seq": seq + 1,
            "grant_id": grant,
            "kind": "capture",
            "amount": 1000,
            "released": 0,
            "at": contact["closed_at"],
            "by": "key:k",
            "reason": "",
            "blind": "",
        }
    ]


def _ask(random: Random, made: dict[Any, Any], contact: dict[str, Any], seq: int) -> None:
    request = f"apr_{seq}"
    made.setdefault(AuditEntry, []).extend([_audit(seq, contact), _audit(seq + 1, contact)])
    made[ApprovalRow] = [
        {
            **_common(contact, seq),
            "id": request,
            "falls_back_at": None,
            "rep_level": "rep",
            "level": "supervisor",
            "facts": {},
            "case": None,
        }
    ]
    made[ApprovalEnd] = [
        {
            "approval_id": request,
            "seq": seq + 1,
            "at": contact["opened_at"] + timedelta(seconds=random.expovariate(1 / 90)),
            "state": random.choice(("approved", "approved", "refused")),
            "by": "s-1",
            "level": "supervisor",
            "amount": 1000,
            "reason": "justified",
            "comment": None,
            "grant_id": None,
            "library_version": None,
            "limits_version": None,
            "budgets_version": None,
        }
    ]


def _common(contact: dict[str, Any], seq: int) -> dict[str, Any]:
    """What grants and requests have alike."""
    return {
        "seq": seq,
        "at": contact["opened_at"],
        "expires_at": contact["closed_at"],
        "contact": contact["external_id"],
        "order": None,
        "customer": contact["customer"],
        "rep": contact["rep"],
        "team": contact["team"],
        "issue": contact["issues"][0],
        "remedy": "fee_refund",
        "unit": "money",
        "amount": 1000,
        "currency": "EUR",
        "reason_code": "our_error",
        "comment": None,
        **_VERSIONS,
        "suggestion": None,
        "key_id": "k",
        "blind": "",
    }


def _audit(seq: int, contact: dict[str, Any]) -> dict[str, Any]:
    act = {"actor": "k", "act": "made", "subject": contact["external_id"], "content": {}}
    return {"seq": seq, "at": contact["opened_at"], "previous": "", "hash": "", **act}
