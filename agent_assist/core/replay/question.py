"""One question, asked of both sides: what may this level give of this remedy for this issue?"""

from collections.abc import Hashable, Iterable
from datetime import date
from itertools import chain
from typing import NamedTuple

from agent_assist.core.ceilings import Bound
from agent_assist.core.conditions import Test, Within
from agent_assist.core.decision import Verdict
from agent_assist.core.limits import LimitRow
from agent_assist.core.replay.compare import (
    count_bounds,
    count_grant,
    count_verdicts,
    first_row,
    rests_on,
)
from agent_assist.core.replay.past import PastDecision
from agent_assist.core.replay.side import Side, Weighed
from agent_assist.core.replay.stretches import Stretches
from agent_assist.core.replay.tally import Cause, Place, Replayed, Responsible, Tally
from agent_assist.core.vocabulary import Unit

_NOTHING = Responsible(Cause.NONE, "")


class Both(NamedTuple):
    """What counts on both sides.

    Attributes:
        alike: True if the answers are the same, whatever the sums.
        nothing: what they rest on where neither gives anything, whatever the sums; else None.
    """

    before: Weighed
    after: Weighed
    alike: bool
    nothing: Responsible | None


class Question:
    """The cases of an issue and remedy, on both sides.

    Args:
        before, after: the two sides.
        same_words: True if both vocabularies have the same levels, remedies and facts.
    """

    def __init__(self, before: Side, after: Side, *, same_words: bool) -> None:
        self._before = before
        self._after = after
        self._same_words = same_words and not after.unreckoned
        tests: dict[str, list[Test]] = {}
        for fact, found in chain(before.tests(), after.tests()):
            tests.setdefault(fact, []).extend(found)
        self._stretches = tuple((fact, Stretches(found)) for fact, found in sorted(tests.items()))
        self._days = Stretches(_days((*before.rows, *after.rows)))
        self._is_money = after.remedy.unit is Unit.MONEY

    def key(self, past: PastDecision) -> Hashable:
        """The same for cases in which the same rows and budgets count, on either side."""
        known = past.facts.get
        return (
            self._days.of(past.day),
            *[stretches.of(known(fact)) for fact, stretches in self._stretches],
        )

    def weigh(self, past: PastDecision) -> Both:
        """What counts in a case, and in all of the same key."""
        before, after = self._before.weigh(past), self._after.weigh(past)
        nothing = None
        if before.gives_nothing and after.gives_nothing:
            nothing = first_row(after) or first_row(before) or _NOTHING
        return Both(before, after, self._same_words and before.is_like(after), nothing)

    def count(self, both: Both, past: PastDecision, found: Replayed) -> None:
        """Count what would have been different in a case."""
        found.unreckoned.update(self._after.unreckoned)
        if both.nothing is not None:
            tally = found.at(Place(both.nothing, past.level, past.issue, past.remedy))
            self._count_case(tally, past, 0)
            return
        old = self._before.answer(both.before, past)
        new = old if both.alike else self._after.answer(both.after, past)
        # Where the new answer rests on nothing any more, it is told by what the old one did.
        responsible = rests_on(new, both.after) or rests_on(old, both.before) or _NOTHING
        tally = found.at(Place(responsible, past.level, past.issue, past.remedy))
        self._count_case(tally, past, new.up_to)
        if both.alike:
            return
        was, now = old.verdict(past.amount), new.verdict(past.amount)
        count_verdicts(tally, was, now)
        count_bounds(tally, old.up_to, new.up_to, is_money=self._is_money)
        if now is Verdict.OPEN and was is not Verdict.OPEN:
            found.unknown.update(new.needs(past.amount))

    def _count_case(self, tally: Tally, past: PastDecision, after: Bound) -> None:
        tally.cases += 1
        if past.granted and past.amount is not None:
            count_grant(tally, past.amount, after, is_money=self._is_money)


def _days(rows: Iterable[LimitRow]) -> list[Test]:
    """The days on which rows are in effect, as tests."""
    return [
        Within(_ordinal(row.effective_from), _ordinal(row.effective_to))
        for row in rows
        if row.effective_from or row.effective_to
    ]


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
