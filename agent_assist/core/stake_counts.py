"""How contacts ended, counted: what money at risk is weighed from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agent_assist.core.vocabulary import Cause

FEW = 30
"""Fewer contacts that ended than these say little; and so many of all are added to rank by."""


class Told(NamedTuple):
    """What is known of a contact.

    Attributes:
        resolved: as its newest outcome says; None while there is none.
        came_back: whether it was repeated; see `core.repeats`.
        cause: None where no outcome says; the library's word on the issue holds then.
        given: issues that something was given for, and not all of it taken back.
    """

    issues: tuple[str, ...]
    resolved: bool | None
    came_back: bool
    cause: Cause | None
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How some contacts ended.

    Attributes:
        ended: have an outcome.
        unresolved: of those that ended.
        came_back: of those that ended, resolved by their word and then repeated.
    """

    contacts: int = 0
    ended: int = 0
    unresolved: int = 0
    came_back: int = 0

    @property
    def lost(self) -> int:
        """Of those that ended: not resolved at once."""
        return self.unresolved + self.came_back

    @property
    def is_few(self) -> bool:
        """Whether too few have ended to conclude much."""
        return self.ended < FEW

    def adding(self, told: Told, number: int) -> "Tally":
        """So many contacts more, of which the same is known."""
        return Tally(
            self.contacts + number,
            self.ended + number * (told.resolved is not None),
            self.unresolved + number * (told.resolved is False),
            self.came_back + number * (told.resolved is True and told.came_back),
        )

    def plus(self, other: "Tally") -> "Tally":
        """These and others."""
        return Tally(
            self.contacts + other.contacts,
            self.ended + other.ended,
            self.unresolved + other.unresolved,
            self.came_back + other.came_back,
        )

    def without(self, some: "Tally") -> "Tally":
        """The others, of those that include some."""
        return Tally(
            self.contacts - some.contacts,
            self.ended - some.ended,
            self.unresolved - some.unresolved,
            self.came_back - some.came_back,
        )


class Sides(NamedTuple):
    """How contacts ended: all of them, and those of them in which something was given."""

    every: Tally = Tally()
    given: Tally = Tally()

    def adding(self, told: Told, number: int, *, is_given: bool) -> "Sides":
        """So many contacts more, of which the same is known."""
        every = self.every.adding(told, number)
        return Sides(every, self.given.adding(told, number) if is_given else self.given)

    def plus(self, other: "Sides") -> "Sides":
        """These and others."""
        return Sides(self.every.plus(other.every), self.given.plus(other.given))


Problem = tuple[str, Cause | None]
"""An issue and a cause; None where nobody knows any."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How contacts ended by what they were about; one with several issues is of several.

    Attributes:
        all: each contact once; given, for whichever issue.
        of: by problem; given, for its issue.
    """

    all: Sides
    of: Mapping[Problem, Sides]

    def about(self, issue: str) -> "Counts":
        """Those about an issue, as if they had been about nothing else."""
        of = {problem: sides for problem, sides in self.of.items() if problem[0] == issue}
        total = Sides()
        for sides in of.values():
            total = total.plus(sides)
        return Counts(total, of)


def count(contacts: Iterable[Told], causes: Mapping[str, Cause]) -> Counts:
    """How contacts ended, in any order; the order changes nothing.

    Args:
        contacts: each once.
        causes: by issue, where no outcome says one.
    """
    every = Sides()
    of: dict[Problem, Sides] = {}
    for told, number in Counter(contacts).items():
        every = every.adding(told, number, is_given=bool(told.given))
        for issue in dict.fromkeys(told.issues):
            problem = issue, told.cause or causes.get(issue)
            sides = of.get(problem, Sides())
            of[problem] = sides.adding(told, number, is_given=issue in told.given)
    return Counts(every, of)
