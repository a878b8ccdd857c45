"""People: who gives and who approves. For those the server knows, their level is its own word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agent_assist.core.errors import AgentAssistError, Forbidden


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who gives remedies, or decides on what others ask for.

    Attributes:
        id: the CRM's.
        level: key of a level of the library.
        customer: their own id as a customer, where they are one; None where nobody said.
        active: False for those who left. They are never deleted: what they did is kept.
        admin: whether they look after people and systems, at whatever level they are.
    """

    id: str
    name: str
    level: str
    team: str
    customer: str | None = None
    active: bool = True
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose work somebody sees: everybody's, or their own and perhaps their team's.

    Attributes:
        person: whose own work it is; None for everybody's, whatever the rest says.
        team: theirs.
        whole_team: whether they see the work of all who are in it.
    """

    person: str | None = None
    team: str | None = None
    whole_team: bool = False

    def covers(self, rep: str | None, team: str | None) -> bool:
        """Whether a representative's work in a team is seen.

        Work of no representative is the team's, and what is in no team is in every team: what the
        server knows nobody for would otherwise be out of everybody's sight.
        """
        if self.person is None or rep == self.person:
            return True
        return (rep is None or self.whole_team) and team in (None, self.team)

    def teams(self, known: Sequence[str]) -> tuple[str, ...]:
        """Those of some teams whose work is seen as a whole."""
        if self.person is None:
            return tuple(known)
        return tuple(team for team in known if self.whole_team and team == self.team)

    def takes_over(self, rep: str | None, team: str | None) -> bool:
        """Whether somebody may make it theirs: what they see, and what a colleague had."""
        return self.covers(rep, team) or team in (None, self.team)


EVERYTHING = Sight()
"""The sight of whoever sees the work of all."""


def whose_requests(person: Person, ladder: Sequence[str]) -> Sight:
    """Whose requests somebody decides on, if their level is enough: their team's.

    The highest level decides for all teams, and so does who looks after people.
    """
    if person.admin or person.level == ladder[-1]:
        return EVERYTHING
    return Sight(person.id, person.team, whole_team=True)


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


class NotYourself(Forbidden):
    """Somebody who signed in would act as another, or at a level or in a team of their choice."""

    code = "not_yourself"

    def __init__(self) -> None:
        super().__init__(
            "a session acts as its own person alone: leave out ids of others, levels and teams"
        )


class OwnStanding(Forbidden):
    """Somebody would change their own level, flag, or whether they are active."""

    code = "own_standing"

    def __init__(self) -> None:
        super().__init__("nobody changes their own level or flag, nor deactivates themselves")


class AdministratorsAlone(Forbidden):
    """Something that only administrators do to each other."""

    code = "administrators_alone"

    def __init__(self) -> None:
        super().__init__(
            "an API key neither makes nor changes administrators: sign in, or use the command line"
        )


class LastAdministrator(AgentAssistError):
    """Nobody would be left who looks after people and systems."""

    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__("this is the last administrator: make somebody else one before")


@dataclass(frozen=True, slots=True)
class Editor:
    """Who adds and changes people.

    Attributes:
        person: their id; None for a key, and for the command line.
        over_administrators: whether administrators are theirs to make and change.
    """

    person: str | None = None
    over_administrators: bool = True

    def check(self, before: Person | None, after: Person) -> None:
        """Refuse what they may not make of a person (None: of nobody yet).

        Raises:
            OwnStanding: it is themselves, and their standing would be another.
            AdministratorsAlone: it is an administrator, or would be one.
        """
        if not self.over_administrators and (after.admin or (before is not None and before.admin)):
            raise AdministratorsAlone
        if before is not None and before.id == self.person:
            standings = {(one.level, one.admin, one.active) for one in (before, after)}
            if len(standings) > 1:
                raise OwnStanding


OPERATOR = Editor()
"""Whoever works on the server itself."""


class OtherTeam(Forbidden):
    """Somebody would take over what another team is at."""

    code = "other_team"

    def __init__(self) -> None:
        super().__init__("this is another team's: let your CRM, or theirs, hand it over")


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
