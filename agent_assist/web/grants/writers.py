"""Grants and headroom: core types -> the wire."""

from datetime import datetime

from agent_assist.core.grants import BudgetHeadroom, Entry, Grant
from agent_assist.core.vocabulary import Unit
from agent_assist.web.grants import shapes
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.writers import write_quantity, write_versions


def write_grant(grant: Grant, at: datetime) -> shapes.Grant:
    """A grant as it stands at an instant."""
    captured, parties = grant.captured, grant.parties
    return {
        "id": grant.id,
        "at": grant.at,
        "expires_at": grant.expires_at,
        "state": grant.state(at),
        "issue": grant.issue,
        "remedy": grant.remedy,
        "amount": _quantity(grant.amount, grant),
        "captured": None if captured is None else _quantity(captured, grant),
        "voided": _quantity(grant.voided, grant),
        "counts": _quantity(grant.counts(at), grant),
        "level": grant.level,
        "reason_code": grant.reason_code,
        "comment": grant.comment,
        "contact": parties.contact,
        "order": parties.order,
        "customer": parties.customer,
        "rep": parties.rep,
        "team": parties.team,
        "suggestion": grant.suggestion,
        "versions": write_versions(grant.versions),
        "entries": [_entry(entry, grant) for entry in grant.entries],
    }


def write_headroom(one: BudgetHeadroom, currency: str) -> shapes.BudgetHeadroom:
    """What is left of a budget."""
    amount = one.amount
    return {
        "budget": one.budget.key,
        "scope": one.budget.scope,
        "window": one.budget.window,
        "remedies": sorted(one.budget.remedies),
        "used": {
            "amount": write_quantity(one.used.amount, Unit.MONEY, currency),
            "grants": one.used.grants,
        },
        "headroom": {
            "amount": None if amount is None else write_quantity(amount, Unit.MONEY, currency),
            "grants": one.grants,
        },
        "warning": one.warning,
        "frozen": one.frozen,
    }


def _quantity(amount: int, grant: Grant) -> Quantity:
    return write_quantity(amount, grant.unit, grant.currency)


def _entry(entry: Entry, grant: Grant) -> shapes.GrantEntry:
    return {
        "kind": entry.kind,
        "amount": _quantity(entry.amount, grant),
        "at": entry.at,
        "by": entry.by,
        "reason": entry.reason,
    }
