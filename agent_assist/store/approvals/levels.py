"""What each level may give of a request now."""

from agent_assist.core.approvals import Shown
from agent_assist.core.decision import Decision
from agent_assist.core.errors import InvalidInput
from agent_assist.core.grants import Terms
from agent_assist.core.holds import Use
from agent_assist.store.approvals.records import asked_again


def levels_of(shown: Shown, terms: Terms, use: Use) -> tuple[tuple[str, Decision], ...]:
    """What limits and budgets say of a request now, from the asking level up.

    Empty where the library no longer knows what was asked for.
    """
    approval, ladder = shown.approval, terms.vocabulary.ladder
    first = ladder.index(approval.rep_level) if approval.rep_level in ladder else 0
    try:
        asked = asked_again(approval, terms.vocabulary, ladder[first], approval.amount)
    except (KeyError, InvalidInput):
        return ()
    # Which rows count, and what the budgets leave, is the same at every level.
    limits, facts = terms.limits, asked.facts
    matched = limits.matched(asked.issue, asked.remedy.key, facts, terms.vocabulary.day(shown.at))
    holds = use.of(asked.remedy, facts, terms.vocabulary)
    return tuple(
        (level, limits.answer(matched, level, facts, holds).decision(asked.amount))
        for level in ladder[first:]
    )
