"""One row at a time: its ladder, its dates, its sentence, and what budgets leave of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from agent_assist.core.budgets import Budget, Scope
from agent_assist.core.limits import Effect
from agent_assist.core.review.amounts import exceeding
from agent_assist.core.review.boxes import Box, TooMuchWork, Work, intersection, meet, uncovered
from agent_assist.core.review.findings import Code, Detail, Finding, Severity
from agent_assist.core.review.remedy_rows import RemedyRows
from agent_assist.core.review.space import DAY
from agent_assist.core.review.words import Words, listed
from agent_assist.core.vocabulary import RemedyKind, Unit

SayFaults: TypeAlias = Callable[[str], Iterable[tuple[str, str]]]
"""Code and message of each thing in a sentence that a customer must not hear."""


class SingleReview:
    """Reviews the rows of a remedy, each for itself."""

    def __init__(
        self,
        rows: RemedyRows,
        words: Words,
        work: Work,
        *,
        budgets: Sequence[Budget],
        say_faults: SayFaults,
        day: date | None,
    ) -> None:
        self._rows = rows
        self._words = words
        self._work = work
        self._say_faults = say_faults
        self._day = day
        self._levels = [level.key for level in rows.space.vocabulary.levels]
        self._budgets = [budget for budget in budgets if self._caps(budget)]

    def findings(self, place: int) -> Iterator[Finding]:
        """What there is to say about one row."""
        row = self._rows.rows[place]
        for code, message in self._say_faults(row.say):
            yield Finding(
                code, Severity.ERROR, (row.key,), Detail(f"{row.key}: its sentence {message}.")
            )
        yield from self._date_findings(place)
        box = self._rows.boxes[place]
        if row.effect is Effect.ALLOW and box is not None:
            yield from self._ladder_findings(place, box)
            if self._budgets:
                yield from self._budget_findings(place, box)

    def _ladder_findings(self, place: int, box: Box) -> Iterator[Finding]:
        rows, bounds = self._rows, self._rows.bounds[place]
        ranges, key = rows.space.amounts(box), rows.rows[place].key
        for rung, (lower, higher) in enumerate(pairwise(bounds)):
            numbers = None if lower == higher else exceeding(lower, higher, ranges)
            if numbers is None:
                continue
            bases = rows.bases(place)
            case = rows.space.case(box, rows.remedy, known=numbers, bases=bases)
            always = exceeding(higher, lower, ranges, by=0) is None
            code = Code.LADDER_FALLS if always else Code.LADDER_MAY_FALL
            severity = Severity.ERROR if always else Severity.WARNING
            when = "always" if always else f"for {self._words.case(case)}"
            one, other = self._levels[rung : rung + 2]
            message = (
                f"{key} lets {one} give more than {other}, {when}. "
                f"Raise the ceiling for {other}, or lower that for {one}."
            )
            yield Finding(code, severity, (key,), Detail(message, case))

    def _caps(self, budget: Budget) -> bool:
        """True if the budget caps a single grant of the remedy by its amount."""
        remedy = self._rows.space.vocabulary.remedies[self._rows.remedy]
        counted = (
            remedy.key in budget.remedies if budget.remedies else remedy.kind is RemedyKind.GOODWILL
        )
        return (
            counted
            and remedy.unit is Unit.MONEY
            and budget.scope in {Scope.CONTACT, Scope.ORDER}
            and bool(budget.amounts)
        )

    def _budget_findings(self, place: int, box: Box) -> Iterator[Finding]:
        key = self._rows.rows[place].key
        for level, bound in zip(self._levels, self._rows.bounds[place], strict=True):
            if bound.constant is None:
                continue
            lower = [
                one
                for one in self._budgets
                if one.amounts.get(level, bound.constant) < bound.constant
            ]
            holding = self._holding(box, lower)
            if not holding:
                continue
            amount = self._words.amount(
                max(one.amounts[level] for one in holding), self._rows.remedy
            )
            ceiling = self._words.amount(bound.constant, self._rows.remedy)
            message = (
                f"{key} lets {level} give up to {ceiling}, but budget "
                f"{listed(one.key for one in holding)} never leaves more than {amount}. "
                f"Lower the ceiling for {level}, or raise the budget."
            )
            yield Finding(Code.OVER_BUDGET, Severity.WARNING, (key,), Detail(message))

    def _holding(self, box: Box, budgets: Sequence[Budget]) -> list[Budget]:
        """The budgets that together apply to every case of a box; none if they do not."""
        space = self._rows.space
        found = [(one, space.conditions(one.conditions)) for one in budgets]
        met = [(one, cases) for one, cases in found if cases is not None and meet(box, cases)]
        self._work.begin()
        try:
            left = uncovered(box, [cases for _, cases in met], space.everything, self._work)
            return [] if next(left, None) is not None else [one for one, _ in met]
        except TooMuchWork:
            return []

    def _date_findings(self, place: int) -> Iterator[Finding]:
        row = self._rows.rows[place]
        if self._day is None or row.effective_to is None:
            return
        if row.effective_to < self._day:
            message = f"{row.key} ended on {row.effective_to}; remove it."
            yield Finding(Code.PAST, Severity.NOTE, (row.key,), Detail(message))
        elif row.effective_to < date.max:
            yield from self._expiry(place, row.effective_to)

    def _expiry(self, place: int, last: date) -> Iterator[Finding]:
        rows, row = self._rows, self._rows.rows[place]
        after = (last + timedelta(days=1)).toordinal()
        conditions = {k: v for k, v in (rows.boxes[place] or {}).items() if k != DAY}
        box: Box = {**conditions, DAY: (after, after)}
        heirs = (
            cover
            for heir, cover in zip(rows.rows, rows.boxes, strict=True)
            if cover is not None and heir.effect is row.effect
        )
        covers = [cover for cover in heirs if intersection(box, cover)]
        self._work.begin()
        try:
            left = next(uncovered(box, covers, rows.space.everything, self._work), None)
        except TooMuchWork:
            return
        if left is not None:
            case = rows.space.case(left, rows.remedy, known={}, bases=frozenset())
            message = (
                f"{row.key} ends on {last} and no {row.effect} row takes its place, for instance "
                f"for {self._words.case(case)}. Add its successor, or let it end on purpose."
            )
            yield Finding(Code.EXPIRES, Severity.WARNING, (row.key,), Detail(message, case))
