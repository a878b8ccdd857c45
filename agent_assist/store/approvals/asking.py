"""Asking: the earlier request that is the answer, or a new one, inside a transaction."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from agent_assist.core.approvals import Approval, ApprovalPending, ApprovalState, answers
from agent_assist.core.decision import Verdict
from agent_assist.core.grants import GrantAsked, OverHeadroom, Terms
from agent_assist.core.ids import by_caller
from agent_assist.store import audit
from agent_assist.store.approvals.reading import newest_of_case
from agent_assist.store.approvals.records import (
    approval_hash,
    approval_row,
    case_hash,
    request_act,
)
from agent_assist.store.ledger.ledger import Weighed
from agent_assist.store.ledger.reading import find_grant
from agent_assist.store.ledger.records import new_blind, write_facts


def ask(
    session: Session, asked: GrantAsked, terms: Terms, weighed: Weighed, life: timedelta
) -> Approval:
    """The earlier request that answers this one, or a new one, which is written.

    Raises:
        ApprovalPending: less is asked for already.
        OverHeadroom: no level may give it.
    """
    at = weighed.at
    approval = newest_of_case(session, case_hash(asked, terms.vocabulary.currency))
    if approval is None or not answers(
        approval, at, asked.amount, terms.versions, _given(session, approval, at)
    ):
        if approval is not None and approval.state(at) is ApprovalState.PENDING:
            raise ApprovalPending(
                f"less is asked for in {approval.id}, which is being decided on: withdraw "
                "that first"
            )
        approval = _new(asked, terms, weighed, life)
        seq = audit.append(session, request_act(approval, by_caller(asked.key)), at)
        approval = replace(approval, seq=seq)
        session.add(approval_row(approval))
    return approval


def _new(asked: GrantAsked, terms: Terms, weighed: Weighed, life: timedelta) -> Approval:
    decision, at, vocabulary = weighed.decision, weighed.at, terms.vocabulary
    if decision.verdict is not Verdict.NEEDS_APPROVAL or decision.approval is None:
        raise OverHeadroom(decision, asked.level, vocabulary.currency)
    level = decision.approval.level
    falls_back_at = None if level == vocabulary.ladder[-1] else at + life
    approval = Approval(
        id=f"apr_{secrets.token_urlsafe(12)}",
        at=at,
        falls_back_at=falls_back_at,
        expires_at=(falls_back_at or at) + life,
        parties=asked.parties,
        rep_level=asked.level,
        level=level,
        issue=asked.issue,
        remedy=asked.remedy.key,
        unit=asked.remedy.unit,
        amount=asked.amount,
        currency=vocabulary.currency,
        reason_code=asked.reason_code,
        comment=asked.comment,
        versions=terms.versions,
        suggestion=asked.suggestion,
        key=asked.key,
        facts=write_facts(asked.facts),
        case=case_hash(asked, vocabulary.currency),
        blind=new_blind(),
    )
    return replace(approval, hash=approval_hash(approval))


def _given(session: Session, approval: Approval, at: datetime) -> int:
    """How much of the grant that a request became still counts."""
    if approval.end is None or approval.end.grant is None:
        return 0
    return find_grant(session, approval.end.grant).counts(at)
