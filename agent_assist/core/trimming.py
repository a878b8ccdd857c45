"""What use says about limits: where far less is given than may be, and rows that decide nothing.

A ceiling that is never nearly reached protects nobody from a mistake or a stolen password, and a
row that decides nothing has to be read by whoever changes the table. What is advised never takes
anything from a customer, and never gives anybody more: it is the same for any order of what it
rests on.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from agent_assist.core.ceilings import covers
from agent_assist.core.intervals import wilson
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.review import is_tightening
from agent_assist.core.tuning import Cell, is_new_evidence
from agent_assist.core.vocabulary import Remedy, RemedyKind, Vocabulary

ENOUGH = 100
"""Occasions below a ceiling, or suggestions about a row's issues, before anything is advised."""

_MOST_OF_HUNDRED = 99


class Needed(NamedTuple):
    """What one grant, or request for one, needed of a cell.

    Attributes:
        occasion: the order or contact that it was for, whose ceiling is one.
        amount: all of the remedy that was given there by then, in whole parts of its unit.
    """

    cell: Cell
    occasion: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a ceiling was needed.

    Attributes:
        needed: on each occasion the most, sorted; never empty.
        times: when each occasion last needed any, sorted.
    """

    cell: Cell
    needed: tuple[int, ...]
    times: tuple[datetime, ...]

    @property
    def nearly_all(self) -> int:
        """The lowest amount that 99 of 100 occasions do not exceed: a nearest rank."""
        return self.needed[-(-_MOST_OF_HUNDRED * len(self.needed) // 100) - 1]


class WhyKept(StrEnum):
    """Why a ceiling or a row is left as it is.

    FEW: there were too few occasions to say how much is needed.
    NEEDED: more than half of the ceiling is needed, or the next level down may give as much.
    RESTS_ON_FACTS: the ceiling, or one beside it on the ladder, is no fixed amount.
    OWED: the remedy is an entitlement: it is owed, however seldom.
    NOBODY_ABOVE: no level above may give as much, so that customers would lose it.
    GUARDS: the row refuses something, or without it somebody might be given more.
    PART_OF_TIME: the row was not in effect on all of these days.
    ONE_TEAM: only one team was looked at, and the table is everybody's.
    DECLINED: somebody declined it, and there is little new evidence since.
    """

    FEW = "few"
    NEEDED = "needed"
    RESTS_ON_FACTS = "rests_on_facts"
    OWED = "owed"
    NOBODY_ABOVE = "nobody_above"
    GUARDS = "guards"
    PART_OF_TIME = "part_of_time"
    ONE_TEAM = "one_team"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Lower:
    """Advice to lower a ceiling.

    Attributes:
        to: in whole parts of the remedy's unit.
        beyond: on how many occasions more was needed, so that a level above would be asked.
        at_most: the upper end of the 95 % interval of that share.
    """

    to: int
    beyond: int
    at_most: float


@dataclass(frozen=True, slots=True)
class Idle:
    """A row that decided nothing.

    Attributes:
        asked: when suggestions were made about its issues, sorted; each of them it left alone.
    """

    row: LimitRow
    asked: tuple[datetime, ...]

    @property
    def at_most(self) -> float:
        """Of how many such suggestions it may yet decide: the upper end of the 95 % interval."""
        return wilson(0, len(self.asked))[1]


def gather_use(needed: Iterable[Needed]) -> dict[Cell, Use]:
    """How much of each ceiling was needed; of an occasion the most counts, and once."""
    cells: dict[Cell, dict[str, tuple[int, datetime]]] = {}
    for cell, occasion, amount, at in needed:
        occasions = cells.setdefault(cell, {})
        most, last = occasions.get(occasion, (amount, at))
        occasions[occasion] = max(most, amount), max(last, at)
    return {
        cell: Use(
            cell,
            needed=tuple(sorted(amount for amount, _ in occasions.values())),
            times=tuple(sorted(at for _, at in occasions.values())),
        )
        for cell, occasions in cells.items()
    }


def advise_lower(
    use: Use,
    row: LimitRow,
    remedy: Remedy,
    ladder: Sequence[str],
    declined: datetime | None = None,
) -> Lower | WhyKept:
    """Whether to lower a ceiling, and how far: to what 99 of 100 occasions fit into.

    Args:
        use: of a cell of the row.
        row: whose ceiling it is.
        remedy: of the row.
        ladder: the levels, lowest first.
        declined: when somebody last declined to lower it; None if nobody did.
    """
    if remedy.kind is RemedyKind.ENTITLEMENT:
        return WhyKept.OWED
    if len(use.needed) < ENOUGH:
        return WhyKept.FEW
    to = _lowered(use, row, ladder)
    if isinstance(to, WhyKept):
        return to
    if declined is not None and not is_new_evidence(use.times, declined):
        return WhyKept.DECLINED
    beyond = sum(amount > to for amount in use.needed)
    return Lower(to, beyond, wilson(beyond, len(use.needed))[1])


def idle_rows(
    table: Iterable[LimitRow], asked: Mapping[str, Sequence[datetime]], used: Collection[str]
) -> list[Idle]:
    """Rows that decided nothing though there was enough to decide, the most asked about first.

    Args:
        table: its rows.
        asked: when suggestions were made, by issue.
        used: keys of rows that decided something, or could have: some fact was not known.
    """
    idle = [
        Idle(row, tuple(sorted(at for issue in row.issues or asked for at in asked.get(issue, ()))))
        for row in table
        if row.key not in used
    ]
    enough = [one for one in idle if len(one.asked) >= ENOUGH]
    return sorted(enough, key=lambda one: (-len(one.asked), one.row.key))


def why_keep(
    idle: Idle,
    table: Iterable[LimitRow],
    vocabulary: Vocabulary,
    days: tuple[date, date],
    declined: datetime | None = None,
) -> WhyKept | None:
    """Why to keep a row that decided nothing; None where dropping it is advised.

    Args:
        idle: the row.
        table: all rows, this one too.
        vocabulary: the library's.
        days: the first and last that were looked at.
        declined: when somebody last declined to drop it; None if nobody did.
    """
    row = idle.row
    if vocabulary.remedies[row.remedy].kind is RemedyKind.ENTITLEMENT:
        return WhyKept.OWED
    if not all(map(row.holds_on, days)):
        return WhyKept.PART_OF_TIME
    if row.effect is Effect.DENY or not _tightens_without(row, table, vocabulary):
        return WhyKept.GUARDS
    if declined is not None:
        since = sum(at > declined for at in idle.asked)
        # What was known then is not new: as much again must speak for it.
        if since < max(ENOUGH, len(idle.asked) - since):
            return WhyKept.DECLINED
    return None


def _lowered(use: Use, row: LimitRow, ladder: Sequence[str]) -> int | WhyKept:
    """The ceiling that is enough, if that is far less."""
    place = ladder.index(use.cell.level)
    now = row.ceiling(use.cell.level).fixed()
    below = row.ceiling(ladder[place - 1]).fixed() if place else 0
    if not isinstance(now, int) or not isinstance(below, int):
        return WhyKept.RESTS_ON_FACTS
    above = [row.ceiling(level).fixed() for level in ladder[place + 1 :]]
    if not any(one is not None and covers(one, now) for one in above):
        return WhyKept.NOBODY_ABOVE
    to = max(_rounded_up(use.nearly_all), below)
    return WhyKept.NEEDED if 2 * use.nearly_all > now or to >= now else to


def _tightens_without(row: LimitRow, table: Iterable[LimitRow], vocabulary: Vocabulary) -> bool:
    rows = [one for one in table if one.remedy == row.remedy]
    return is_tightening(rows, [one for one in rows if one.key != row.key], vocabulary)


def _rounded_up(amount: int) -> int:
    """An amount rounded up to its first two digits: what people would write into a table."""
    step: int = 10 ** max(len(str(amount)) - 2, 0)
    return -(-amount // step) * step
