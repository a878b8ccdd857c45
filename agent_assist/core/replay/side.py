"""One side of a replay: what some rules make of the cases of an issue and remedy."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from agent_assist.core.answer import Answer
from agent_assist.core.conditions import Test
from agent_assist.core.decide import Matched
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import Applying, Used, applying, counts
from agent_assist.core.holds import Use
from agent_assist.core.limits import LimitRow
from agent_assist.core.replay.past import PastDecision, Rules
from agent_assist.core.vocabulary import Remedy


class Weighed(NamedTuple):
    """What a stretch of cases has in common: the rows and budgets that count, before any sum."""

    matched: Matched
    budgets: tuple[Applying, ...]

    @property
    def decisive(self) -> list[LimitRow]:
        """The rows that an answer rests on, in the order of their keys."""
        matched = self.matched
        return matched.rows.of(matched.standing | matched.contested)

    @property
    def gives_nothing(self) -> bool:
        """True if no row allows anything, nor could, whatever the sums are."""
        matched = self.matched
        if matched.contested:
            return False
        return not matched.standing or bool(matched.standing & matched.rows.denies)

    def is_like(self, other: "Weighed") -> bool:
        """True if the same rows and budgets count in the same way, whatever table has them."""
        one, its = self.matched, other.matched
        return (
            self.budgets == other.budgets
            and one.rows.of(one.standing) == its.rows.of(its.standing)
            and one.rows.of(one.contested) == its.rows.of(its.contested)
        )


class Side:
    """Some rules on one issue and remedy, both of which they know.

    Args:
        rules: which decide.
        issue, remedy: keys.
        blind_to: facts that these rules do not know, or as something else.
        unreckoned: keys of budgets that sum up what was not summed up then.
    """

    def __init__(
        self,
        rules: Rules,
        issue: str,
        remedy: str,
        *,
        blind_to: frozenset[str] = frozenset(),
        unreckoned: frozenset[str] = frozenset(),
    ) -> None:
        self.remedy: Remedy = rules.limits.vocabulary.remedies[remedy]
        self.rows = rules.limits.rows(issue, remedy)
        # Whether budgets count a remedy is a matter of its kind, and of its kind on this side.
        self.budgets = tuple(one for one in rules.budgets if counts(one, self.remedy))
        self.unreckoned = tuple(one.key for one in self.budgets if one.key in unreckoned)
        self._reckoned = [one.key for one in self.budgets if one.key not in unreckoned]
        self._limits = rules.limits
        self._issue = issue
        self._blind_to = blind_to

    def tests(self) -> Iterator[tuple[str, tuple[Test, ...]]]:
        """Every fact that an answer may depend on, with a test of it or none."""
        conditions = chain(
            (row.conditions for row in self.rows), (one.conditions for one in self.budgets)
        )
        for tests in conditions:
            for fact, test in tests.items():
                if fact not in self._blind_to:
                    yield fact, (test,)
        for row in self.rows:
            for base in row.bases():
                yield base, ()

    def weigh(self, past: PastDecision) -> Weighed:
        """What counts in a case, and in all that differ from it in nothing that is tested."""
        facts = self._seen(past.facts)
        matched = self._limits.matched(self._issue, self.remedy.key, facts, past.day)
        return Weighed(matched, applying(self.budgets, self.remedy, facts))

    def answer(self, weighed: Weighed, past: PastDecision) -> Answer:
        """The answer in one case, with its own sums."""
        used = {key: Used(*past.used[key]) for key in self._reckoned if key in past.used}
        use = Use(used=used, given=past.given)
        holds = use.by(weighed.budgets, self.remedy, self._limits.vocabulary)
        return self._limits.answer(weighed.matched, past.level, self._seen(past.facts), holds)

    def _seen(self, facts: Facts) -> Facts:
        if not self._blind_to:
            return facts
        return {key: value for key, value in facts.items() if key not in self._blind_to}
