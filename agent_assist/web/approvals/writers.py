"""Approval requests: core types -> the wire."""

from pydantic import TypeAdapter

from agent_assist.core.approvals import Approval, Brief, End, Precedents, Shown
from agent_assist.core.ceilings import covers
from agent_assist.core.decision import Decision
from agent_assist.core.options import Option
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.web.approvals import shapes
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.writers import write_option, write_quantity, write_versions

_APPROVAL = TypeAdapter(shapes.Approval)


def answer_approval(shown: Shown) -> bytes:
    """The answer about a request, as it is kept."""
    return _APPROVAL.dump_json(write_approval_request(shown))


def read_answer(answer: bytes) -> shapes.Approval:
    """The request in an answer as it was kept."""
    found: shapes.Approval = _APPROVAL.validate_json(answer)
    return found


def write_approval_request(shown: Shown) -> shapes.Approval:
    """A request as it stands at an instant."""
    approval, at, routed_to = shown
    parties = approval.parties
    return {
        "id": approval.id,
        "hash": approval.hash,
        "state": approval.state(at),
        "at": approval.at,
        "falls_back_at": approval.falls_back_at,
        "expires_at": approval.expires_at,
        "level": approval.level,
        "routed_to": None if routed_to is None else routed_to.id,
        "issue": approval.issue,
        "remedy": approval.remedy,
        "amount": _quantity(approval.amount, approval),
        "reason_code": approval.reason_code,
        "comment": approval.comment,
        "contact": parties.contact,
        "order": parties.order,
        "customer": parties.customer,
        "rep": parties.rep or "",
        "rep_level": approval.rep_level,
        "team": parties.team,
        "suggestion": approval.suggestion,
        "versions": write_versions(approval.versions),
        "end": None if approval.end is None else _end(approval.end, approval),
    }


def write_brief(brief: Brief, vocabulary: Vocabulary) -> shapes.Brief:
    """All that is needed to decide on a request."""
    approval = brief.shown.approval
    return {
        "approval": write_approval_request(brief.shown),
        "levels": [_level(*one, approval.amount, vocabulary) for one in brief.levels],
        "precedents": _precedents(brief.precedents),
    }


def _level(level: str, decision: Decision, amount: int, vocabulary: Vocabulary) -> shapes.LevelView:
    option = Option(decision, exclusive_with=())
    return {
        "level": level,
        "covers": covers(decision.up_to, amount),
        "option": write_option(option, vocabulary),
    }


def _precedents(precedents: Precedents) -> shapes.Precedents:
    return {
        "approved": precedents.approved,
        "lowered": precedents.lowered,
        "refused": precedents.refused,
        "latest": [_precedent(one) for one in precedents.latest],
    }


def _precedent(approval: Approval) -> shapes.Precedent:
    end = approval.end
    amount = None if end is None else end.amount
    return {
        "id": approval.id,
        "state": approval.state(approval.at),
        "at": approval.at if end is None else end.at,
        "asked": _quantity(approval.amount, approval),
        "amount": None if amount is None else _quantity(amount, approval),
        "reason_code": None if end is None else end.reason,
    }


def _end(end: End, approval: Approval) -> shapes.ApprovalEnd:
    return {
        "at": end.at,
        "by": end.by or None,
        "level": end.level or None,
        "amount": None if end.amount is None else _quantity(end.amount, approval),
        "reason_code": end.reason,
        "comment": end.comment,
        "grant": end.grant,
        "versions": None if end.versions is None else write_versions(end.versions),
        "changed": end.changed(approval.versions),
    }


def _quantity(amount: int, approval: Approval) -> Quantity:
    return write_quantity(amount, approval.unit, approval.currency)
