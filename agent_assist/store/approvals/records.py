"""Requests as they are kept: rows to core types and back, and what the audit says of them."""

import hashlib
from dataclasses import replace
from datetime import UTC
from typing import Any

from agent_assist.chain import canonical
from agent_assist.core.approvals import Approval, ApprovalState, End, RulingReason
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.facts import read_facts
from agent_assist.core.grants import GrantAsked, Parties
from agent_assist.core.suggestion import Versions
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.store.audit import Act
from agent_assist.store.ledger.records import raw_facts, write_facts
from agent_assist.store.schema import ApprovalEnd, ApprovalRow


def read_approval(row: ApprovalRow, end: ApprovalEnd | None) -> Approval:
    """A request with how it ended; its hash is worked out from what the row says now."""
    approval = Approval(
        id=row.id,
        at=row.at,
        falls_back_at=row.falls_back_at,
        expires_at=row.expires_at,
        parties=Parties(row.contact, row.order, row.customer, row.rep, row.team),
        rep_level=row.rep_level,
        level=row.level,
        issue=row.issue,
        remedy=row.remedy,
        unit=Unit(row.unit),
        amount=row.amount,
        currency=row.currency,
        reason_code=row.reason_code,
        comment=row.comment,
        versions=Versions(row.library_version, row.limits_version, row.budgets_version),
        suggestion=row.suggestion,
        key=row.key_id,
        facts=row.facts,
        case=row.case,
        seq=row.seq,
        blind=row.blind,
        end=None if end is None else _read_end(end),
    )
    return replace(approval, hash=approval_hash(approval))


def approval_row(approval: Approval) -> ApprovalRow:
    """The row of a request."""
    parties, versions = approval.parties, approval.versions
    return ApprovalRow(
        id=approval.id,
        seq=approval.seq,
        at=approval.at,
        falls_back_at=approval.falls_back_at,
        expires_at=approval.expires_at,
        contact=parties.contact,
        order=parties.order,
        customer=parties.customer,
        rep=parties.rep,
        team=parties.team,
        rep_level=approval.rep_level,
        level=approval.level,
        issue=approval.issue,
        remedy=approval.remedy,
        unit=approval.unit.value,
        amount=approval.amount,
        currency=approval.currency,
        reason_code=approval.reason_code,
        comment=approval.comment,
        library_version=versions.library,
        limits_version=versions.limits,
        budgets_version=versions.budgets,
        suggestion=approval.suggestion,
        key_id=approval.key,
        facts=dict(approval.facts),
        case=approval.case,
        blind=approval.blind,
    )


def end_row(approval_id: str, end: End) -> ApprovalEnd:
    """The row of how a request ended."""
    versions = end.versions
    return ApprovalEnd(
        approval_id=approval_id,
        seq=end.seq,
        at=end.at,
        state=end.state.value,
        by=end.by,
        level=end.level,
        amount=end.amount,
        reason=None if end.reason is None else end.reason.value,
        comment=end.comment,
        grant_id=end.grant,
        library_version=versions.library if versions else None,
        limits_version=versions.limits if versions else None,
        budgets_version=versions.budgets if versions else None,
    )


def approval_hash(approval: Approval) -> str:
    """A hash over all that was asked for, by whom, for whom and until when."""
    row = approval_row(replace(approval, seq=0))
    columns = {name: getattr(row, name) for name in ApprovalRow.__table__.columns.keys()}  # noqa: SIM118 - of columns, whose iteration gives no names
    return _digest(columns)


def case_hash(asked: GrantAsked, currency: str) -> str | None:
    """A hash over what makes a repeat: the same contact and order, remedy and facts.

    Also what amounts are in, for 10 of one thing are no repeat of 10 of another.
    """
    parties = asked.parties
    if parties.contact is None and parties.order is None:
        return None
    return _digest(
        {
            "rep": parties.rep,
            "contact": parties.contact,
            "order": parties.order,
            "customer": parties.customer,
            "issue": asked.issue,
            "remedy": asked.remedy.key,
            "unit": asked.remedy.unit.value,
            "currency": currency,
            "facts": write_facts(asked.facts),
        }
    )


def asked_again(approval: Approval, vocabulary: Vocabulary, level: str, amount: int) -> GrantAsked:
    """What was asked for, to be decided on at another level.

    Raises:
        KeyError, InvalidInput: the library no longer knows its issue, its remedy or its facts, or
            its amount would now be of another unit or currency.
    """
    vocabulary.issues[approval.issue]
    remedy = vocabulary.remedies[approval.remedy]
    if (remedy.unit, vocabulary.currency) != (approval.unit, approval.currency):
        detail = f"is of {approval.unit} in {approval.currency}, which the library no longer uses"
        raise InvalidInput([FieldProblem("/amount", "other_unit", detail)])
    return GrantAsked(
        parties=approval.parties,
        level=level,
        issue=approval.issue,
        remedy=remedy,
        amount=amount,
        facts=read_facts(raw_facts(approval.facts), vocabulary.facts, vocabulary.currency),
        reason_code=approval.reason_code,
        comment=approval.comment,
        suggestion=approval.suggestion,
        key=approval.key,
    )


def request_act(approval: Approval, actor: str) -> Act:
    """The audit's words for a request: its hash binds all of it, and no customer is named."""
    content = {
        "remedy": approval.remedy,
        "amount": approval.amount,
        "currency": approval.currency,
        "level": approval.level,
        "digest": approval.hash,
    }
    return Act(actor, "approval.request", approval.id, content)


def end_act(approval: Approval, end: End, actor: str) -> Act:
    """The audit's words for how a request ended."""
    content = {
        "state": end.state.value,
        "level": end.level,
        "amount": end.amount,
        "grant": end.grant,
        "reason": None if end.reason is None else end.reason.value,
        "digest": approval.hash,
    }
    return Act(actor, f"approval.{_ACTS[end.state]}", approval.id, content)


_ACTS = {
    ApprovalState.APPROVED: "decide",
    ApprovalState.REFUSED: "decide",
    ApprovalState.WITHDRAWN: "withdraw",
    ApprovalState.EXPIRED: "expire",
}


def _read_end(row: ApprovalEnd) -> End:
    versions = None
    if row.library_version and row.limits_version and row.budgets_version:
        versions = Versions(row.library_version, row.limits_version, row.budgets_version)
    return End(
        state=ApprovalState(row.state),
        at=row.at,
        by=row.by,
        level=row.level,
        amount=row.amount,
        reason=None if row.reason is None else RulingReason(row.reason),
        comment=row.comment,
        grant=row.grant_id,
        versions=versions,
        seq=row.seq,
    )


def _digest(content: dict[str, Any]) -> str:
    plain = {
        name: value.astimezone(UTC).isoformat(timespec="microseconds")
        if hasattr(value, "astimezone")
        else value
        for name, value in content.items()
        if name != "blind" or value  # see `store.ledger.records`
    }
    return hashlib.sha256(canonical(plain).encode()).hexdigest()
