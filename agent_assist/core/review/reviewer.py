"""The review of a limit table: all of it at once, or again after each edit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from agent_assist.core.budgets import Budget
from agent_assist.core.limits import LimitRow
from agent_assist.core.review.edits import Edited, joined
from agent_assist.core.review.findings import Finding, PastCase, weight
from agent_assist.core.review.remedy_review import RemedyReview
from agent_assist.core.review.single import SayFaults
from agent_assist.core.review.space import Space
from agent_assist.core.vocabulary import Vocabulary

T = TypeVar("T", LimitRow, PastCase)


def _says_nothing(_text: str) -> Iterable[tuple[str, str]]:
    return ()


def review_table(
    rows: Sequence[LimitRow],
    vocabulary: Vocabulary,
    budgets: Sequence[Budget] = (),
    traffic: Sequence[PastCase] = (),
    *,
    say_faults: SayFaults = _says_nothing,
    day: date | None = None,
) -> tuple[Finding, ...]:
    """Everything there is to say about a table, the most serious first.

    Args:
        rows: in any order; each has a key of its own (ValueError if not).
        vocabulary: whatever the rows and budgets refer to must be in it (KeyError if not).
        budgets: those that will be in effect with the table.
        traffic: past cases, to rank gaps by how often they are met.
        say_faults: what a customer must not hear in a text; none by default.
        day: the organisation's calendar day; only cases from it on count, and rows that end are
            reported. None for all days, and nothing is said about dates.
    """
    return Reviewer(
        rows, vocabulary, budgets=budgets, traffic=traffic, say_faults=say_faults, day=day
    ).findings()


class Reviewer:
    """A table under review, which knows after each edit what there is to say.

    The arguments are those of `review_table`. Where a question is too much work to settle, the
    order of edits may matter to which one that is; nothing else depends on it.
    """

    def __init__(
        self,
        rows: Sequence[LimitRow],
        vocabulary: Vocabulary,
        *,
        budgets: Sequence[Budget] = (),
        traffic: Sequence[PastCase] = (),
        say_faults: SayFaults = _says_nothing,
        day: date | None = None,
    ) -> None:
        self._space = Space(vocabulary, day)
        self._budgets = budgets
        self._say_faults = say_faults
        self._day = day
        self._traffic = _by_remedy(traffic, vocabulary)
        self._remedy_of = {row.key: row.remedy for row in rows}
        if len(self._remedy_of) != len(rows):
            raise ValueError("two rows have the same key")
        by_remedy = _by_remedy(rows, vocabulary)
        self._remedies = {key: self._review(key, some) for key, some in by_remedy.items()}

    def findings(self) -> tuple[Finding, ...]:
        """Everything there is to say, the most serious first."""
        found = (one for review in self._remedies.values() for one in review.findings())
        return tuple(sorted(found, key=weight))

    def put(self, row: LimitRow) -> Edited:
        """Add a row, or replace the one with its key."""
        old = self._remedy_of.get(row.key, row.remedy)
        edits = [] if old == row.remedy else [self._remedies[old].drop(row.key)]
        edits.append(self._remedies[row.remedy].put(row))
        self._remedy_of[row.key] = row.remedy
        return joined(edits)

    def drop(self, key: str) -> Edited:
        """Remove a row (KeyError if there is none)."""
        return self._remedies[self._remedy_of.pop(key)].drop(key)

    def _review(self, remedy: str, rows: Sequence[LimitRow]) -> RemedyReview:
        return RemedyReview(
            remedy,
            rows,
            self._space,
            budgets=self._budgets,
            traffic=self._traffic[remedy],
            say_faults=self._say_faults,
            day=self._day,
        )


def _by_remedy(things: Sequence[T], vocabulary: Vocabulary) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = {remedy: [] for remedy in vocabulary.remedies}
    for thing in things:
        found[thing.remedy].append(thing)
    return found
