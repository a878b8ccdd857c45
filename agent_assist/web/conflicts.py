"""What a refusal says beside its problem: what would be possible, or what has changed."""

from agent_assist.admit.step_up import StepUpRequired
from agent_assist.core.drafts import StaleBase, StaleEdit
from agent_assist.core.errors import AgentAssistError, AnswerErased
from agent_assist.core.grants import OverHeadroom
from agent_assist.web.problem_shapes import (
    MOST_ERRORS,
    ChangedRow,
    ClashingRow,
    Conflict,
    Gone,
    Outdated,
    Proving,
)
from agent_assist.web.versioned import tag
from agent_assist.web.writers import write_approval, write_cap, write_quantity


def besides(error: AgentAssistError) -> Conflict | Gone | Outdated | Proving | None:
    """What a refusal says beside its problem: what would be possible, or what has changed."""
    match error:
        case OverHeadroom():
            return over_headroom(error)
        case StaleBase():
            return _stale_base(error)
        case StaleEdit():
            return _outdated(error)
        case AnswerErased(subject=subject):
            return Gone(subject=subject)
        case StepUpRequired():
            return {"how": list(error.how)}
    return None


def _outdated(error: StaleEdit) -> Outdated:
    changed: list[ChangedRow] = [
        {"row": one.row, "by": one.by, "at": one.at} for one in error.changed[:MOST_ERRORS]
    ]
    return {"etag": tag(error.edit), "changed": changed}


def _stale_base(error: StaleBase) -> Conflict:
    clashes: list[ClashingRow] = [
        {
            "row": one.row,
            "base": None if one.base is None else dict(one.base),
            "mine": None if one.mine is None else dict(one.mine),
            "theirs": None if one.theirs is None else dict(one.theirs),
        }
        for one in error.clashes
    ]
    return {"newest": error.newest, "clashes": clashes}


def over_headroom(error: OverHeadroom) -> Conflict:
    """How much may be given, by whom, and what stands against more."""
    decision, currency = error.decision, error.currency
    unit, binding, approval = decision.remedy.unit, decision.binding, decision.approval
    return {
        "verdict": decision.verdict,
        "level": error.level,
        "headroom": write_quantity(error.headroom, unit, currency),
        "binding": None if binding is None else write_cap(binding, unit, currency),
        "approval": None if approval is None else write_approval(approval, unit, currency),
        "needs": list(decision.needs()),
    }
