"""The organisation that is simulated: its teams, its people, and how well each of them works."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agent_assist.core.vocabulary import Level
from agent_assist.store.simulation import PREFIX

_FIRST = ("Noor", "Tom", "Elif", "Marta", "Ben", "Ines", "Kofi", "Lena", "Ravi", "Sofia", "Omar")
_LAST = ("Adler", "Brandt", "Costa", "Dahl", "Ek", "Farkas", "Grant", "Horvat", "Iyer", "Jansen")
_OF_A_TEAM = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2)
"""Rungs of a team's ten, where the ladder has four: reps, seniors and their supervisor."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who answers contacts, or decides on what others ask for.

    Attributes:
        skill: from -1 to 1; what it adds to the share of contacts that end well is up to
            `conduct`.
        generosity: from 0 to 1, how much of what they may give they tend to give.
    """

    id: str
    name: str
    level: str
    team: str
    skill: float
    generosity: float


@dataclass(frozen=True, slots=True)
class Organisation:
    """All who work in it. `reps` answer contacts; a level above them decides on requests."""

    reps: tuple[Worker, ...]
    supervisors: tuple[Worker, ...]
    managers: tuple[Worker, ...]

    @property
    def people(self) -> tuple[Worker, ...]:
        """Everybody, each once."""
        return self.reps + self.supervisors + self.managers


def an_organisation(levels: Sequence[Level], teams: int, seed: int) -> Organisation:
    """Teams of ten, each with a supervisor, and two managers above them.

    Args:
        levels: the ladder, lowest first. Where it has fewer than four rungs, people stand as
            high as it goes.
        teams: how many, at least 1.
        seed: decides how well each of them works.
    """
    top = len(levels) - 1
    reps: list[Worker] = []
    supervisors: list[Worker] = []
    for team in range(1, teams + 1):
        for rung in _OF_A_TEAM:
            number = len(reps) + len(supervisors) + 1
            supervises = rung == 2
            level = levels[max(top - 1, 0) if supervises else min(rung, max(top - 2, 0))]
            worker = _worker(number, level, f"{PREFIX}team-{team}", seed)
            (supervisors if supervises else reps).append(worker)
    managers = [
        _worker(number, levels[top], f"{PREFIX}team-{1 + number % teams}", seed)
        for number in range(len(reps) + len(supervisors) + 1, len(reps) + len(supervisors) + 3)
    ]
    return Organisation(tuple(reps), tuple(supervisors), tuple(managers))


def _worker(number: int, level: Level, team: str, seed: int) -> Worker:
    random = Random(f"{seed}/worker/{number}")  # noqa: S311 - a simulation, nothing secret
    return Worker(
        id=f"{PREFIX}rep-{number:02}",
        name=f"{_name(number)} (simulated)",
        level=level.key,
        team=team,
        skill=max(-1.0, min(random.gauss(0, 0.45), 1.0)),
        generosity=random.betavariate(4, 3),
    )


def _name(number: int) -> str:
    """A name of nobody; the first 110 are all different."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]}"
