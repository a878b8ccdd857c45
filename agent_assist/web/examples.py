"""Requests that work with the default library; the document and the home page show them."""

from typing import Any

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
VOID: dict[str, Any] = {"reason": "The customer changed their mind"}
