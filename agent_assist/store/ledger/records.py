"""Grants and decisions as they are kept: rows and JSON to core types and back."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from agent_assist.chain import canonical
from agent_assist.core.budgets import Budget
from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decision import Cap, Decision
from agent_assist.core.facts import AmountText, Facts, FactValue, RawValue
from agent_assist.core.grants import Entry, EntryKind, Grant, Parties
from agent_assist.core.holds import Use
from agent_assist.core.ids import by_caller
from agent_assist.core.money import Money, format_minor
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import RemedyKind, Unit
from agent_assist.store.audit import Act
from agent_assist.store.schema import GrantEntry, GrantRow


def read_grant(row: GrantRow, entries: Iterable[GrantEntry]) -> Grant:
    """A grant with what was done to it."""
    return Grant(
        id=row.id,
        at=row.at,
        expires_at=row.expires_at,
        parties=Parties(row.contact, row.order, row.customer, row.rep, row.team),
        level=row.level,
        issue=row.issue,
        remedy=row.remedy,
        kind=RemedyKind(row.kind),
        unit=Unit(row.unit),
        amount=row.amount,
        currency=row.currency,
        reason_code=row.reason_code,
        comment=row.comment,
        versions=Versions(row.library_version, row.limits_version, row.budgets_version),
        suggestion=row.suggestion,
        key=row.key_id,
        facts=row.facts,
        decision=row.decision,
        seq=row.seq,
        entries=tuple(read_entry(entry) for entry in sorted(entries, key=lambda one: one.seq)),
        blind=row.blind,
    )


def read_entry(row: GrantEntry) -> Entry:
    """A capture or void."""
    return Entry(
        kind=EntryKind(row.kind),
        amount=row.amount,
        released=row.released,
        at=row.at,
        by=row.by,
        reason=row.reason,
        seq=row.seq,
        blind=row.blind,
    )


def grant_row(grant: Grant) -> GrantRow:
    """The row of a grant."""
    parties, versions = grant.parties, grant.versions
    return GrantRow(
        id=grant.id,
        seq=grant.seq,
        at=grant.at,
        expires_at=grant.expires_at,
        contact=parties.contact,
        order=parties.order,
        customer=parties.customer,
        rep=parties.rep,
        team=parties.team,
        level=grant.level,
        issue=grant.issue,
        remedy=grant.remedy,
        kind=grant.kind.value,
        unit=grant.unit.value,
        amount=grant.amount,
        currency=grant.currency,
        reason_code=grant.reason_code,
        comment=grant.comment,
        library_version=versions.library,
        limits_version=versions.limits,
        budgets_version=versions.budgets,
        suggestion=grant.suggestion,
        key_id=grant.key,
        facts=dict(grant.facts),
        decision=dict(grant.decision),
        blind=grant.blind,
    )


def entry_row(grant_id: str, entry: Entry) -> GrantEntry:
    """The row of a capture or void."""
    return GrantEntry(
        seq=entry.seq,
        grant_id=grant_id,
        kind=entry.kind.value,
        amount=entry.amount,
        released=entry.released,
        at=entry.at,
        by=entry.by,
        reason=entry.reason,
        blind=entry.blind,
    )


def new_blind() -> str:
    """What is hashed with a row, so that who knows all the rest of it cannot guess the customer.

    It is kept beside the row, and destroyed when its customer is erased.
    """
    return secrets.token_hex(16)


def grant_act(grant: Grant) -> Act:
    """The audit's words for a grant: its hash binds all of it, and no customer is named."""
    content = {
        "remedy": grant.remedy,
        "amount": grant.amount,
        "currency": grant.currency,
        "level": grant.level,
        "versions": [grant.versions.library, grant.versions.limits, grant.versions.budgets],
        "digest": grant_digest(grant),
    }
    return Act(by_caller(grant.key), "grant.reserve", grant.id, content)


def entry_act(grant: Grant, entry: Entry) -> Act:
    """The audit's words for a capture or void."""
    content = {"amount": entry.amount, "released": entry.released, "digest": entry_digest(entry)}
    return Act(entry.by, f"grant.{entry.kind}", grant.id, content)


def warning_act(grant: Grant, budget: Budget, levels: Sequence[str]) -> Act:
    """The audit's words for a budget that a grant brought to where it warns, for some levels.

    Whose budget it is, the grant tells: it is of the budget's scope.
    """
    content = {
        "grant": grant.id,
        "scope": budget.scope.value,
        "window": budget.window.value,
        "levels": list(levels),
    }
    return Act(by_caller(grant.key), "budget.warning", f"budget:{budget.key}", content)


def grant_digest(grant: Grant) -> str:
    """A hash over every column of a grant but its place in the audit."""
    return row_digest(grant_row(grant))


def row_digest(row: GrantRow) -> str:
    """The same of a grant's row, whatever stands in it."""
    columns = {name: getattr(row, name) for name in GrantRow.__table__.columns.keys()}  # noqa: SIM118 - of columns, whose iteration gives no names
    return _digest({**columns, "seq": 0})


def entry_digest(entry: Entry) -> str:
    """A hash over a capture or void but its place in the audit."""
    return entry_row_digest(entry_row("", entry))


def entry_row_digest(row: GrantEntry) -> str:
    """The same of the row of a capture or void."""
    names = ("kind", "amount", "released", "at", "by", "reason", "blind")
    return _digest({name: getattr(row, name) for name in names})


def write_facts(facts: Facts) -> dict[str, Any]:
    """Facts as JSON."""
    return {key: _fact(value) for key, value in facts.items()}


def raw_facts(kept: Mapping[str, Any]) -> dict[str, RawValue]:
    """What `write_facts` wrote, for `core.facts.read_facts`."""
    return {
        key: AmountText(value["amount"], value["currency"]) if isinstance(value, dict) else value
        for key, value in kept.items()
    }


def write_use(use: Use) -> dict[str, Any]:
    """What had been granted to the parties of a case, as JSON."""
    return {
        "used": {key: [one.amount, one.grants] for key, one in sorted(use.used.items())},
        "given": {key: [one.scope.value, one.amount] for key, one in sorted(use.given.items())},
    }


def write_decision(decision: Decision, *, day: date, amount: int, use: Use) -> dict[str, Any]:
    """All that a decision rested on, so that it can be made again."""
    return {
        "day": day.isoformat(),
        "amount": amount,
        "verdict": decision.verdict.value,
        "up_to": _bound(decision.up_to),
        "binding": None if decision.binding is None else _cap(decision.binding),
        "caps": [_cap(cap) for cap in decision.caps],
        "rows": [
            {"row": trace.row.key, "state": trace.state.value, "decisive": trace.decisive}
            for trace in decision.trace
        ],
        **write_use(use),
    }


def _fact(value: FactValue) -> str | int | bool | dict[str, str]:
    match value:
        case Money():
            return {
                "amount": format_minor(value.minor, value.currency),
                "currency": value.currency,
            }
        case date():
            return value.isoformat()
    return value


def _cap(cap: Cap) -> dict[str, Any]:
    return {
        "kind": cap.kind.value,
        "source": cap.source,
        "headroom": _bound(cap.headroom),
        "scope": cap.scope,
        "window": cap.window,
        "grants_left": cap.grants_left,
        "given": cap.given,
        "warning": cap.warning,
    }


def _bound(bound: Bound) -> int | str:
    return bound.value if isinstance(bound, Unlimited) else bound


def _digest(columns: Mapping[str, Any]) -> str:
    plain = {
        name: value.astimezone(UTC).isoformat(timespec="microseconds")
        if hasattr(value, "astimezone")
        else value
        for name, value in columns.items()
        # Rows from before it was kept have none, and their digests are as they were.
        if name != "blind" or value
    }
    return hashlib.sha256(canonical(plain).encode()).hexdigest()
