"""The replay itself: case after case, what is known of cases like it, and its own sums."""

from collections.abc import Hashable

from agent_assist.core.budgets import Budget
from agent_assist.core.replay.past import PastDecision, Rules
from agent_assist.core.replay.question import Both, Question
from agent_assist.core.replay.side import Side
from agent_assist.core.replay.tally import Replayed


class Replayer:
    """Replays cases that were decided by some rules on others.

    Which rows and budgets count is worked out once for all cases that no test tells apart, and
    remembered; what they leave is reckoned for each case from its own sums.

    Args:
        before: what was in force.
        after: what is proposed.
        remember: how many kinds of cases to remember at most.
    """

    def __init__(self, before: Rules, after: Rules, *, remember: int = 20_000) -> None:
        self._before = before
        self._after = after
        self._remember = remember
        self._known: dict[Hashable, Both] = {}
        self._questions: dict[tuple[str, str], Question] = {}
        old, new = before.limits.vocabulary, after.limits.vocabulary
        self._ladders = frozenset(old.ladder), frozenset(new.ladder)
        self._blind_to = frozenset(
            key
            for key, fact in old.facts.items()
            if key not in new.facts or new.facts[key].type is not fact.type
        )
        self._same_words = (
            not self._blind_to and old.levels == new.levels and old.remedies == new.remedies
        )
        then = {budget.key: budget for budget in before.budgets}
        self._unreckoned = frozenset(
            one.key for one in after.budgets if not _sums_up_the_same(one, then.get(one.key))
        )

    def replay(self, past: PastDecision, found: Replayed) -> None:
        """Count what would have been different in a case.

        A case of an issue, remedy or level that not both rules know is left out. A fact that the
        new ones do not know, or as something else, is unknown to them.
        """
        if reason := self._unknown_to(past):
            found.left_out[reason] += 1
            return
        question = self._question(past.issue, past.remedy)
        key = (past.issue, past.remedy, question.key(past))
        both = self._known.get(key)
        if both is None:
            if len(self._known) >= self._remember:
                self._known.clear()
            both = self._known[key] = question.weigh(past)
        question.count(both, past, found)

    def remedies(self, issue: str) -> dict[str, None]:
        """Every remedy that the rules in force, or those proposed, name for an issue."""
        both = (self._before.limits, self._after.limits)
        return dict.fromkeys(remedy for limits in both for remedy in limits.remedies(issue))

    def _question(self, issue: str, remedy: str) -> Question:
        question = self._questions.get((issue, remedy))
        if question is None:
            question = self._questions[issue, remedy] = Question(
                Side(self._before, issue, remedy),
                Side(
                    self._after,
                    issue,
                    remedy,
                    blind_to=self._blind_to,
                    unreckoned=self._unreckoned,
                ),
                same_words=self._same_words,
            )
        return question

    def _unknown_to(self, past: PastDecision) -> str | None:
        old, new = self._before.limits.vocabulary, self._after.limits.vocabulary
        then, now = self._ladders
        for vocabulary, ladder, what in ((new, now, "is gone"), (old, then, "is new")):
            if past.issue not in vocabulary.issues:
                return f"the issue {what}"
            if past.remedy not in vocabulary.remedies:
                return f"the remedy {what}"
            if past.level not in ladder:
                return f"the level {what}"
        if old.currency != new.currency:
            return "the currency is another"
        if old.remedies[past.remedy].unit is not new.remedies[past.remedy].unit:
            return "the remedy's unit is another"
        return None


def _sums_up_the_same(one: Budget, other: Budget | None) -> bool:
    """True if two budgets add up the same grants, whatever they allow."""
    return other is not None and (one.scope, one.window, one.remedies) == (
        other.scope,
        other.window,
        other.remedies,
    )
