"""What may be given of one remedy, by whom, and why. Exact, and the same for any row order.

Facts may be unknown, which is not false (Kleene's three-valued logic): a row is *met*,
*excluded* (by one test or more) or *open* (until some facts are known). Among the rows of one
remedy that are met, a deny wins; then the higher priority; then the row that refines another;
of those that still differ the lowest ceiling counts at each level. An open allow row never
grants, and an open row that might lower or forbid the remedy withholds it.
"""

from datetime import date
from typing import NamedTuple

from agent_assist.core.answer import Answer
from agent_assist.core.decision import Considered, Decision
from agent_assist.core.facts import Facts
from agent_assist.core.holds import NO_USE, Holds, Use
from agent_assist.core.limits import Effect, LimitRow, LimitTable
from agent_assist.core.row_index import RowIndex, States
from agent_assist.core.vocabulary import Vocabulary


class CompiledLimits:
    """A limit table made ready for decisions. Built once per version, safe for many threads.

    The rows of one issue and remedy are indexed when they are first asked for, and kept.
    """

    def __init__(self, table: LimitTable, vocabulary: Vocabulary) -> None:
        self.version = table.version
        self.all = table.rows
        self.vocabulary = vocabulary
        self._levels = [level.key for level in vocabulary.levels]
        self._of_issue: dict[tuple[str, str], list[LimitRow]] = {}
        self._of_any: dict[str, list[LimitRow]] = {}
        self._indexes: dict[tuple[str, str], RowIndex] = {}
        for row in table.rows:
            for issue in row.issues:
                self._of_issue.setdefault((issue, row.remedy), []).append(row)
            if not row.issues:
                self._of_any.setdefault(row.remedy, []).append(row)
        self._given_for_any = {
            remedy
            for remedy, rows in self._of_any.items()
            if any(row.effect is Effect.ALLOW for row in rows)
        }

    def remedies(self, issue: str) -> tuple[str, ...]:
        """The remedies that some row names for the issue itself, then those for any issue.

        A remedy that rows for any issue only deny is none of them: nobody could give it here.
        """
        own = [key for key in self.vocabulary.remedies if (issue, key) in self._of_issue]
        general = (k for k in self.vocabulary.remedies if k in self._given_for_any and k not in own)
        return (*own, *general)

    def rows(self, issue: str, remedy: str) -> tuple[LimitRow, ...]:
        """All rows about an issue and remedy, in the order of their keys."""
        return self._index(issue, remedy).rows

    def names(self, issue: str, remedy: str) -> bool:
        """True if some row is about this very issue and remedy."""
        return (issue, remedy) in self._of_issue

    def decide(
        self,
        *,
        issue: str,
        remedy: str,
        level: str,
        facts: Facts,
        day: date,
        amount: int | None = None,
        use: Use = NO_USE,
    ) -> Decision:
        """What `level` may give of a remedy.

        Args:
            issue: a key of the library's issues.
            remedy: a key of the library's remedies (KeyError if it is none).
            level: a key of the library's levels (ValueError if it is none).
            facts: what is known; see `core.facts`.
            day: the organisation's calendar day, for effective dates.
            amount: what is asked for, in whole parts of the unit, at least 1; None asks for
                the most.
            use: what the ledger knows of the case: what was given, and what is stopped.
        """
        matched = self.matched(issue, remedy, facts, day)
        holds = use.of(self.vocabulary.remedies[remedy], facts, self.vocabulary)
        return self.answer(matched, level, facts, holds).decision(amount)

    def matched(self, issue: str, remedy: str, facts: Facts, day: date) -> "Matched":
        """Which rows count in a case; arguments as those of `decide`."""
        index = self._index(issue, remedy)
        states = index.states(facts, day)
        standing = index.standing(states.met)
        return Matched(index, states, standing, index.contested(states.opened, standing))

    def answer(self, matched: "Matched", level: str, facts: Facts, holds: Holds) -> Answer:
        """What `level` may give where it is known which rows count; see `decide`."""
        index, states, standing, contested = matched
        return Answer(
            Considered(index, states, facts, standing | contested),
            standing=standing,
            contested=contested,
            levels=self._levels[self._levels.index(level) :],
            holds=holds,
        )

    def _index(self, issue: str, remedy: str) -> RowIndex:
        own = self._of_issue.get((issue, remedy), [])
        # Issues that no row names have one index together, under a key that is no issue.
        key = (issue if own else "", remedy)
        found = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = RowIndex(own + self._of_any.get(remedy, []))
        return found


class Matched(NamedTuple):
    """Which rows about an issue and remedy count in a case.

    Attributes:
        standing: the met rows that count.
        contested: the open rows that could count.
    """

    rows: RowIndex
    states: States
    standing: int
    contested: int

    @property
    def decisive(self) -> list[LimitRow]:
        """The rows that the answer rests on, in the order of their keys."""
        return self.rows.of(self.standing | self.contested)
