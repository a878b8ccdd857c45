"""What waits for a decision: core types -> the wire."""

from agent_assist.core.approvals import Approval
from agent_assist.core.ceilings import covers
from agent_assist.core.options import Option
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.waiting import LOOKED_BACK, Mine, Precedent, Waiting
from agent_assist.web.approvals import queue_shapes as shapes
from agent_assist.web.approvals.writers import write_approval_request
from agent_assist.web.grants.writers import write_headroom
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.writers import write_cap, write_option, write_quantity


def write_waiting(waiting: Waiting, vocabulary: Vocabulary) -> shapes.WaitingRequest:
    """A request that waits, for the person who looks."""
    approval = waiting.shown.approval
    levels = waiting.levels
    return {
        "approval": write_approval_request(waiting.shown),
        "asker": None if waiting.asker is None else waiting.asker.name,
        "above": _quantity(waiting.above, approval),
        "option": write_option(Option(levels[0][1], ()), vocabulary) if levels else None,
        "levels": [
            {
                "level": level,
                "up_to": write_quantity(one.up_to, approval.unit, approval.currency),
                "covers": covers(one.up_to, approval.amount),
            }
            for level, one in levels
        ],
        "mine": _mine(waiting.mine, approval),
        "budgets": [write_headroom(one, vocabulary.currency) for one in waiting.budgets],
        "precedent": _precedent(waiting.precedent, approval),
    }


def _mine(mine: Mine, approval: Approval) -> shapes.Mine:
    decision = mine.decision
    unit, currency = approval.unit, approval.currency
    binding = None if decision is None else decision.binding
    return {
        "may": mine.refusal is None,
        "refusal": mine.refusal,
        "up_to": None if decision is None else write_quantity(decision.up_to, unit, currency),
        "covers": decision is not None and covers(decision.up_to, approval.amount),
        "binding": None if binding is None else write_cap(binding, unit, currency),
    }


def _precedent(precedent: Precedent, approval: Approval) -> shapes.LikeCases:
    return {
        "days": LOOKED_BACK.days,
        "least": write_quantity(precedent.least, approval.unit, approval.currency),
        "most": write_quantity(precedent.most, approval.unit, approval.currency),
        "approved": precedent.approved,
        "lowered": precedent.lowered,
        "refused": precedent.refused,
        "median": _quantity(precedent.median, approval),
    }


def _quantity(amount: int | None, approval: Approval) -> Quantity | None:
    return None if amount is None else write_quantity(amount, approval.unit, approval.currency)
