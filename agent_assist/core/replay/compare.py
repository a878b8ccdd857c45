"""Two answers to one case, and what is different about them."""

from agent_assist.core.answer import Answer
from agent_assist.core.ceilings import Bound, Unlimited, covers, exceeds
from agent_assist.core.decision import CapKind, Verdict
from agent_assist.core.replay.side import Weighed
from agent_assist.core.replay.tally import Cause, Responsible, Tally

_CAUSES = {
    CapKind.CEILING: Cause.ROW,
    CapKind.BUDGET: Cause.BUDGET,
    CapKind.EXCLUSIVE: Cause.REMEDY,
}
_GIVABLE = (Verdict.ALLOWED, Verdict.NEEDS_APPROVAL)


def count_verdicts(tally: Tally, was: Verdict, now: Verdict) -> None:
    """Count what is different about what may be done."""
    if was is now:
        return
    if now is Verdict.OPEN:
        tally.opened += 1
    if (was, now) == (Verdict.NEEDS_APPROVAL, Verdict.ALLOWED):
        tally.approvals_saved += 1
    elif (was, now) == (Verdict.ALLOWED, Verdict.NEEDS_APPROVAL):
        tally.approvals_added += 1
    elif now is Verdict.ALLOWED:
        tally.allowed += 1
    elif now is Verdict.NOT_ALLOWED and was in _GIVABLE:
        tally.refused += 1


def count_bounds(tally: Tally, before: Bound, after: Bound, *, is_money: bool) -> None:
    """Count what is different about how much the level may give."""
    if exceeds(after, before):
        tally.more += 1
    elif exceeds(before, after):
        tally.less += 1
    if isinstance(before, Unlimited) or isinstance(after, Unlimited):
        tally.unbounded += before is not after
    elif is_money:
        tally.raised += max(after - before, 0)
        tally.lowered += max(before - after, 0)


def count_grant(tally: Tally, granted: int, after: Bound, *, is_money: bool) -> None:
    """Count a grant, and how much of it would not be covered."""
    tally.grants += 1
    tally.granted += granted if is_money else 0
    if not covers(after, granted) and not isinstance(after, Unlimited):
        tally.uncovered_grants += 1
        tally.uncovered += granted - after if is_money else 0


def rests_on(answer: Answer, weighed: Weighed) -> Responsible | None:
    """What an answer rests on; None for nothing."""
    cap = answer.binding()
    return first_row(weighed) if cap is None else Responsible(_CAUSES[cap.kind], cap.source)


def first_row(weighed: Weighed) -> Responsible | None:
    """The first of the rows that an answer rests on; None for none."""
    return next((Responsible(Cause.ROW, row.key) for row in weighed.decisive), None)
