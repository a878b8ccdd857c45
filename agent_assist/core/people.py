"""People: who gives and who approves. For those the server knows, their level is its own word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agent_assist.core.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who gives remedies, or decides on what others ask for.

    Attributes:
        id: the CRM's.
        level: key of a level of the library.
        customer: their own id as a customer, where they are one; None where nobody said.
        active: False for those who left. They are never deleted: what they did is kept.
    """

    id: str
    name: str
    level: str
    team: str
    customer: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who stands in for an absent person on the days from `first` to `last`, both included."""

    person: str
    substitute: str
    first: date
    last: date


class Standing(NamedTuple):
    """What counts of a representative: the level (None for the lowest) and the team."""

    level: str | None
    team: str | None


class RepInactive(Forbidden):
    """The representative was deactivated: nothing is suggested to them, and nothing granted."""

    code = "rep_inactive"

    def __init__(self) -> None:
        super().__init__("this representative was deactivated: nothing may be given in their name")


class OwnBenefit(Forbidden):
    """Somebody would give a remedy to themselves, or approve one for themselves."""

    code = "own_benefit"

    def __init__(self) -> None:
        super().__init__("nobody gives a remedy to themselves: ask a colleague to take it over")


def standing(person: Person | None, stated: Standing, ladder: Sequence[str]) -> Standing:
    """What counts of a representative.

    Args:
        person: whom the server knows under the id; None for nobody.
        stated: what the request says, which counts only where the server knows nobody.
        ladder: keys of the levels, lowest first. A person's level that is none of them gives
            no more than the lowest does.

    Raises:
        RepInactive: the person was deactivated.
    """
    if person is None:
        return stated
    if not person.active:
        raise RepInactive
    return Standing(person.level if person.level in ladder else None, person.team)


class UnknownPerson(Forbidden):
    """Somebody acts in the name of a person who is not known, or who has left."""

    code = "unknown_person"

    def __init__(self) -> None:
        super().__init__(
            "who acts must be a person who is known and active: see `agent-assist users`"
        )


class LevelTooLow(Forbidden):
    """Somebody acts whose level is not enough for it."""

    code = "level_too_low"

    def __init__(self, level: str) -> None:
        super().__init__(f"this needs a person of the level {level} or one above it")


def check_acting(person: Person | None) -> Person:
    """Whoever acts; refuses an id that is nobody's, or of somebody who left (UnknownPerson)."""
    if person is None or not person.active:
        raise UnknownPerson
    return person


def above_lowest(ladder: Sequence[str]) -> str:
    """The lowest level that decides for others: the second, or the only one there is."""
    return ladder[min(1, len(ladder) - 1)]


def check_level(person: Person | None, level: str, ladder: Sequence[str]) -> None:
    """Refuse whoever may not act at a level.

    Args:
        person: who is known under the id that acts; None for nobody.
        level: the lowest that is enough, one of the ladder.
        ladder: keys of the levels, lowest first. A level that is none of them is enough for
            nothing.

    Raises:
        UnknownPerson: nobody is known under the id, or they have left.
        LevelTooLow: their level is below.
    """
    if check_acting(person).level not in ladder[ladder.index(level) :]:
        raise LevelTooLow(level)
