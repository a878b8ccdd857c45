"""All findings about one remedy, kept up to date row by row."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import TypeAlias

from agent_assist.core.budgets import Budget
from agent_assist.core.columns import places, row_set
from agent_assist.core.limits import LimitRow
from agent_assist.core.review.boxes import Work
from agent_assist.core.review.edits import Edited, edited
from agent_assist.core.review.findings import Case, Code, Detail, Finding, PastCase, Severity
from agent_assist.core.review.gaps import static_gap, traffic_gaps
from agent_assist.core.review.pairs import PairReview
from agent_assist.core.review.reach import ReachReview
from agent_assist.core.review.remedy_rows import RemedyRows
from agent_assist.core.review.single import SayFaults, SingleReview
from agent_assist.core.review.space import Space
from agent_assist.core.review.words import Words, listed

_Subject: TypeAlias = tuple[int | str, ...]
"""What findings are about: a pair of places, or a word and what it is about."""


class RemedyReview:
    """The rows of one remedy and what there is to say about them."""

    def __init__(
        self,
        remedy: str,
        rows: Sequence[LimitRow],
        space: Space,
        *,
        budgets: Sequence[Budget],
        traffic: Sequence[PastCase],
        say_faults: SayFaults,
        day: date | None,
    ) -> None:
        self._rows = RemedyRows(remedy, rows, space)
        self._work = Work()
        self._words = Words(space.vocabulary)
        self._traffic = traffic
        self._day = day
        self._pairs = PairReview(self._rows, self._words, self._work)
        self._reach = ReachReview(self._rows, self._work)
        self._single = SingleReview(
            self._rows,
            self._words,
            self._work,
            budgets=budgets,
            say_faults=say_faults,
            day=day,
        )
        self._found: dict[_Subject, tuple[Finding, ...]] = {}
        self._uncovered: set[tuple[int, int]] = set()
        self._replaced: dict[_Subject, tuple[Finding, ...]] = {}
        self._review_all()

    def findings(self) -> Iterator[Finding]:
        """All of them, in no order."""
        return chain.from_iterable(self._found.values())

    def put(self, row: LimitRow) -> Edited:
        """Add a row, or replace the one with its key, and review what that touches."""
        place = self._rows.place_of.get(row.key, len(self._rows.rows))
        before = self._touched(place)
        self._rows.put(row, place)
        return self._review_again(place, before)

    def drop(self, key: str) -> Edited:
        """Remove a row and review what that touches."""
        place = self._rows.place_of[key]
        before = self._touched(place)
        self._rows.drop(place)
        return self._review_again(place, before)

    def _review_all(self) -> None:
        for place in range(len(self._rows.rows)):
            self._review_row(place)
            for other in self._pairs.partners(place):
                if other > place:
                    self._review_pair(place, other)
        self._review_gaps(~0)

    def _touched(self, place: int) -> tuple[int, int]:
        """The rows that a row meets, and those of them that it outranks."""
        if place >= len(self._rows.rows):
            return 0, 0
        bits = self._rows.bits
        return bits.meets[place], bits.weaker(place)

    def _review_again(self, place: int, before: tuple[int, int]) -> Edited:
        self._work.renew()
        self._replaced = {}
        after = self._touched(place)
        for other in places(before[0] | after[0]):
            self._note(_ordered(place, other), ())
            self._review_reach(other)
        self._review_row(place)
        for other in self._pairs.partners(place):
            self._review_pair(*_ordered(place, other))
        # What a row outranks bears on pairs that it is not one of. Where it no longer does, a
        # conflict stays; where it does so now, none begins.
        lost, won = self._pairs_among(*before), self._pairs_among(*after)
        for pair in lost | won:
            known = self._found.get(pair, ())
            if pair in (won if known else lost) or _is_unsettled(known):
                self._review_pair(*pair)
        for other in self._rows.ending():
            self._note(("single", other), tuple(self._single.findings(other)))
        self._review_gaps(1 << place)
        return edited(self._replaced, self._found)

    def _pairs_among(self, meets: int, weaker: int) -> set[tuple[int, int]]:
        """The pairs of rows that a row meets, of which it outranks one."""
        return {
            _ordered(one, other)
            for one in places(weaker)
            for other in self._pairs.partners(one)
            if meets >> other & 1
        }

    def _review_row(self, place: int) -> None:
        is_there = self._rows.bits.holds(place)
        single = tuple(self._single.findings(place)) if is_there else ()
        self._note(("single", place), single)
        self._review_reach(place)

    def _review_reach(self, place: int) -> None:
        finding = self._reach.finding(place) if self._rows.bits.holds(place) else None
        self._note(("reach", place), _as_tuple(finding))

    def _review_pair(self, one: int, other: int) -> None:
        self._note((one, other), _as_tuple(self._pairs.finding(one, other)))

    def _note(self, subject: _Subject, findings: tuple[Finding, ...]) -> None:
        """Put findings in the place of what was said about the subject before."""
        known = self._found.pop(subject, ())
        if findings:
            self._found[subject] = findings
        if known or findings:
            self._replaced.setdefault(subject, known)

    def _review_gaps(self, touched: int) -> None:
        """Review the gaps of every issue that one of the touched rows is, or was, about."""
        rows = self._rows
        together = self._issues_by_rows()
        stale = [key for key in self._uncovered if key[0] & touched or key not in together]
        for key in stale:
            self._uncovered.discard(key)
            self._note(("issues", *key), ())
        for about, issues in together - self._uncovered:
            boxes = rows.boxes_of(about)
            case = static_gap(boxes, issues, rows.remedy, rows.space, self._work)
            self._uncovered.add((about, issues))
            self._note(
                ("issues", about, issues), () if case is None else (self._told(issues, case),)
            )
        if self._traffic:
            kept = [rows.rows[place] for place in rows.bits.kept()]
            vocabulary = rows.space.vocabulary
            gaps = traffic_gaps(kept, self._traffic, vocabulary, self._day)
            self._note(("traffic", 0), tuple(gaps))

    def _issues_by_rows(self) -> set[tuple[int, int]]:
        """Rows, and the issues that just these are about, both as bits."""
        rows = self._rows
        met = row_set(place for place in rows.bits.kept() if rows.boxes[place] is not None)
        together: dict[int, int] = {}
        for rank, issue in enumerate(rows.space.vocabulary.issues):
            about = rows.bits.about(issue) & met
            if about:
                together[about] = together.get(about, 0) | 1 << rank
        return set(together.items())

    def _told(self, issues: int, case: Case) -> Finding:
        keys = list(self._rows.space.vocabulary.issues)
        named = listed(keys[place] for place in places(issues))
        message = (
            f"No row matches {case.remedy} in every case of {named}: none does for "
            f"{self._words.case(case)}, so nothing may be given there."
        )
        return Finding(Code.UNCOVERED, Severity.NOTE, (), Detail(message, case))


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _is_unsettled(findings: Iterable[Finding]) -> bool:
    return any(one.code == Code.NOT_SETTLED for one in findings)


def _as_tuple(finding: Finding | None) -> tuple[Finding, ...]:
    return () if finding is None else (finding,)
