"""Lessons: what customers said, cleaned, with what is right, in the order it was given."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from agent_assist.matching.cases import Case
from agent_assist.matching.text import Query, read_query

HELD_OUT_EACH = 10
"""One lesson in so many is kept to judge by: no encoder learns from it, nor a head it judges."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a customer said, and what is known to be right.

    Attributes:
        text: without greetings and identifiers, as it is asked for.
        issue: empty if only policies are known.
        policies: empty if only the issue is known; it is then right for all that cover it.
    """

    text: str
    issue: str = ""
    policies: tuple[str, ...] = ()

    @property
    def is_held_out(self) -> bool:
        """Whether it is one to judge by: settled by the text alone, so that it always is."""
        return hashlib.sha256(self.text.encode()).digest()[0] * HELD_OUT_EACH < 256

    def case(self) -> Case:
        """The same as a question with its answer."""
        return Case(self.text, self.issue or None, self.policies)


@dataclass(frozen=True, slots=True)
class Lessons:
    """What there is to learn from; no text stands in it twice.

    Attributes:
        labelled: what something in a library fits.
        unknown: what nothing fits, of which to say so is learned.
    """

    labelled: tuple[Labelled, ...] = ()
    unknown: tuple[str, ...] = ()

    def without_held_out(self) -> "Lessons":
        """Those that are not kept to judge by."""
        kept = tuple(one for one in self.labelled if not one.is_held_out)
        return Lessons(kept, self.unknown)

    def held_out(self) -> tuple[Labelled, ...]:
        """Those to judge by."""
        return tuple(one for one in self.labelled if one.is_held_out)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Lessons, and what of the data is none.

    Attributes:
        silent: cases in which nothing of substance is said.
        repeated: cases that say again what another says, with the same label.
        contradictory: cases whose words stand with different labels; none of them is a lesson.
    """

    lessons: Lessons
    silent: int
    repeated: int
    contradictory: int


def sorted_lessons(cases: Iterable[Case]) -> Sorted:
    """The lessons of cases. Of a transcript that is the part which says most, the newest first."""
    said: dict[str, list[Labelled]] = {}
    silent = 0
    for case in cases:
        query = read_query(case.said)
        if query.pieces:
            text = most_telling(query)
            label = Labelled(text, case.issue or "", tuple(sorted(case.policies)))
            said.setdefault(text, []).append(label)
        else:
            silent += 1
    agreed = [labels[0] for labels in said.values() if len(set(labels)) == 1]
    lessons = Lessons(
        labelled=tuple(one for one in agreed if one.issue or one.policies),
        unknown=tuple(one.text for one in agreed if not (one.issue or one.policies)),
    )
    contradictory = sum(len(labels) for labels in said.values() if len(set(labels)) > 1)
    repeated = sum(map(len, said.values())) - contradictory - len(agreed)
    return Sorted(lessons, silent, repeated, contradictory)


def most_telling(query: Query) -> str:
    """The piece of a query that says most, the newest first; the query has one at least."""
    return max(query.pieces, key=lambda piece: piece.weight).text
