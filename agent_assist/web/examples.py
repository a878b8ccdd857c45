"""Requests that work with the default library; the document and the home page show them."""

from typing import Any

# Somebody must be known to the server to decide or to draft: `setup --demo` adds this supervisor.
_SUPERVISOR: dict[str, Any] = {"id": "demo-rep-10"}

PASSWORD = "correct horse battery"  # noqa: S105  an example
KEY: dict[str, Any] = {
    "name": "CRM",
    "scopes": ["suggest", "decide", "grant", "record"],
    "expires_at": "2027-12-31T00:00:00Z",
    "networks": ["192.0.2.0/24"],
    "per_minute": 600,
}
CUSTOMER: dict[str, Any] = {"customer": "c-asks"}
ERASURE: dict[str, Any] = {"customer": "c-leaves", "confirm": "c-leaves"}
HOST: dict[str, Any] = {
    "id": "crm",
    "kind": "generic",
    "origins": ["https://crm.example.com"],
}
SUGGESTION: dict[str, Any] = {
    "text": "the cash machine took a fee nobody told me about",
    "facts": {
        "customer.tier": "plus",
        "fee.amount": {"amount": "15.00", "currency": "EUR"},
    },
    "contact": {"external_id": "4711", "channel": "chat", "locale": "en"},
}
TRANSCRIPT: dict[str, Any] = {
    "transcript": [
        {"from": "customer", "text": "Hi, I was abroad last week"},
        {"from": "agent", "text": "Welcome back! How can I help?"},
        {"from": "customer", "text": "I was charged for taking out cash"},
    ],
    "rep": {"id": "r-17"},
    "customer": {"id": "c-9"},
}
DECISION: dict[str, Any] = {
    "issue": "cash_withdrawal_charge",
    "facts": {
        "customer.hardship": False,
        "account.status": "open",
        "payment.channel": "chip_and_pin",
        "fee.amount": {"amount": "15.00", "currency": "EUR"},
        "fee.disclosed": True,
        "fee.refunds_12m": 0,
    },
    "remedies": [{"remedy": "fee_waiver"}],
}
ASK: dict[str, Any] = DECISION | {"remedies": [{"remedy": "fee_waiver", "amount": "15.00"}]}
GRANT: dict[str, Any] = {
    "issue": "cash_withdrawal_charge",
    "remedy": "fee_waiver",
    "amount": "5.00",
    "reason_code": "first_time",
    "facts": DECISION["facts"] | {"customer.tier": "plus"},
    "rep": {"id": "r-17", "team": "t-3"},
    "customer": {"id": "c-9"},
    "order": {"id": "o-3"},
    "contact": {"external_id": "4711"},
}
# Each for a case of its own: what one of them gives is not taken off another's headroom.
GIVE_OR_ASK: dict[str, Any] = GRANT | {
    "amount": "15.00",
    "approval": "request",
    "customer": {"id": "c-10"},
    "order": {"id": "o-4"},
    "contact": {"external_id": "4712"},
}
APPROVAL: dict[str, Any] = GRANT | {
    "amount": "15.00",
    "customer": {"id": "c-11"},
    "order": {"id": "o-5"},
    "contact": {"external_id": "4713"},
    "comment": "It is the second machine today that showed no fee",
}
RULING: dict[str, Any] = {
    "ruling": "approve",
    "by": _SUPERVISOR,
    "hash": "0" * 64,
    "amount": "10.00",
    "reason_code": "lower_is_enough",
}
REFUSAL: dict[str, Any] = {
    "ruling": "refuse",
    "by": _SUPERVISOR,
    "hash": "0" * 64,
    "reason_code": "evidence_missing",
    "comment": "Please ask for a picture of the receipt",
}
_ALONE = ("ruling", "hash", "reason_code")
RULINGS: dict[str, Any] = {
    "by": _SUPERVISOR,
    "decisions": [
        {"approval": "apr_Yx0cVh3Qm1aZ", "key": "k-1", "comment": "Ask for a receipt"}
        | {name: REFUSAL[name] for name in _ALONE},
        {"approval": "apr_Zt8rWn2Lk5bQ", "key": "k-2"}
        | {name: RULING[name] for name in (*_ALONE, "amount")},
    ],
}
ABSENCE: dict[str, Any] = {
    "substitute": {"id": "demo-rep-20"},
    "first": "2026-12-24",
    "last": "2999-01-06",
}
BRAKE: dict[str, Any] = {"team": "t-9", "reason": "Spending doubled since noon"}
VOID: dict[str, Any] = {"reason": "The customer changed their mind"}
CONTACT: dict[str, Any] = {
    "opened_at": "2026-03-02T09:30:00+01:00",
    "closed_at": "2026-03-02T09:41:00+01:00",
    "channel": "chat",
    "locale": "en",
    "customer": "c-9",
    "rep": "r-17",
    "team": "t-3",
    "issues": ["cash_withdrawal_charge"],
}
OUTCOME: dict[str, Any] = {
    "resolved": True,
    "cause": "marketing",
    "said": [{"policy": "fees/cash-withdrawal", "version": 1}],
    "note": "Waived the fee, and showed where the app warns of it",
}
FEEDBACK: dict[str, Any] = {"by": {"id": "r-17"}, "verdict": "right"}
OTHER: dict[str, Any] = {
    "by": {"id": "r-17"},
    "verdict": "other",
    "policy": "fees/cash-withdrawal",
    "issue": "cash_withdrawal_charge",
}
BY: dict[str, Any] = {"by": _SUPERVISOR}
DRAFT: dict[str, Any] = BY | {"purpose": "Waive a little more where the fee was not shown"}
ROWS: dict[str, Any] = BY | {
    "put": [
        {
            "row": "R900",
            "cells": {
                "issue": "cash_withdrawal_charge",
                "remedy": "fee_waiver",
                "effect": "allow",
                "offer": "offer",
                "fee.disclosed": "no",
                "ceiling.rep": "5.00",
                "ceiling.senior": "10.00",
                "ceiling.supervisor": "20.00",
                "ceiling.manager": "40.00",
            },
        }
    ]
}
CHECK: dict[str, Any] = {"rows": ROWS["put"]}
POLICY: dict[str, Any] = {
    "row": "fees/cash-withdrawal",
    "cells": {"title": "Cash withdrawal fee", "say": "You get up to 15 EUR."},
}
SHEET: dict[str, Any] = {
    "format": "csv",
    "content": "row,issue,remedy,effect,"
    "ceiling.rep,ceiling.senior,ceiling.supervisor,ceiling.manager\n"
    "R900,cash_withdrawal_charge,fee_waiver,allow,5.00,10.00,20.00,40.00\n",
}
REPLAY: dict[str, Any] = {"since": "2026-03-01T00:00:00Z", "most": 1_000}
TRIAL: dict[str, Any] = {
    "issue": "cash_withdrawal_charge",
    "level": "senior",
    "facts": DECISION["facts"],
    "whose": {"customer": "c-9"},
}
COMMENT: dict[str, Any] = BY | {"comment": "Why more than for a fee that was shown?"}
PERSON: dict[str, Any] = {"id": "r-18", "name": "Ana Ruiz", "level": "rep", "team": "t-3"}
OTHER_TEAM: dict[str, Any] = {"team": "t-4"}
WEBHOOK: dict[str, Any] = {
    "url": "https://hooks.example.com/assist",
    "types": ["grant", "approval.decided"],
    "description": "The data warehouse",
}
WEBHOOK_OFF: dict[str, Any] = {"enabled": False}
WEBHOOK_REPLAY: dict[str, Any] = {"since": "2026-03-01T00:00:00Z"}
