"""What approvals say about limits: where representatives ask for more, and what becomes of it.

A limit is too low where nearly all that goes beyond it is approved: then the customer waits for
nothing, and so does whoever approves. What is advised rests on the approvals alone, is the same for
any order of them, and is never more than the next level up may give.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median_low
from typing import NamedTuple

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.ceilings import Bound, Ceiling, Unlimited
from agent_assist.core.intervals import wilson

NEARLY_ALL = 0.95
"""Of requests that were decided: their approved share must be at least this with 95 % confidence,
which takes 73 that were all approved, or 109 of 110."""

_MOST_OF_TEN = 9

AGAIN = 30
"""What was declined is not advised again until so many more decisions, or grants, speak for it."""


class Kind(StrEnum):
    """What is advised about a limit: of a row at a level, or of the whole row."""

    RAISE = "raise"
    LOWER = "lower"
    DROP = "drop"


class Cell(NamedTuple):
    """A row of the limit table at a level."""

    row: str
    level: str


class Advice(NamedTuple):
    """What is advised, about which row; `level` is empty for the whole row."""

    kind: Kind
    row: str
    level: str


class Beyond(NamedTuple):
    """A request for more than a cell gives.

    Attributes:
        amount: asked for, in whole parts of the remedy's unit.
        given: approved of it; None unless it was.
        waited: from the request to the decision; None where nobody decided.
        taken_back: True if what was approved was voided, in part or whole.
        decided_at: None where nobody decided.
    """

    cell: Cell
    amount: int
    state: ApprovalState
    given: int | None = None
    waited: timedelta | None = None
    taken_back: bool = False
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of the requests beyond one cell.

    Attributes:
        states: how many requests there are of each state; never empty.
        cut: how many of the approved got less than they asked for.
        taken_back: how many of the approved were voided afterwards.
        asked: the sum of what was asked for.
        given: what was approved, one amount for each approval, sorted.
        waited: what half of those that were decided waited at most; None while none were.
        decisions: when somebody decided, sorted.
    """

    cell: Cell
    states: Counter[ApprovalState]
    cut: int
    taken_back: int
    asked: int
    given: tuple[int, ...]
    waited: timedelta | None
    decisions: tuple[datetime, ...] = ()

    @property
    def requests(self) -> int:
        """How many there were."""
        return self.states.total()

    @property
    def decided(self) -> int:
        """How many somebody decided on."""
        return self.states[ApprovalState.APPROVED] + self.states[ApprovalState.REFUSED]

    @property
    def overturned(self) -> tuple[float, float] | None:
        """Where the share lies that was approved of those decided; None while none were."""
        approved = self.states[ApprovalState.APPROVED]
        return wilson(approved, self.decided) if self.decided else None


class WhyNot(StrEnum):
    """Why nothing is advised.

    FEW: too few were decided to say that nearly all would be approved.
    REFUSED: not nearly all that were decided were approved and left so.
    RESTS_ON_FACTS: the ceiling, or that of the next level, is no fixed amount.
    NO_ROOM: what is usually approved is no more than the ceiling is, or than the next level's.
    DECLINED: somebody declined it, and there is little new evidence since.
    """

    FEW = "few"
    REFUSED = "refused"
    RESTS_ON_FACTS = "rests_on_facts"
    NO_ROOM = "no_room"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Raise:
    """Advice to raise a ceiling.

    Attributes:
        to: in whole parts of the remedy's unit.
        spared: how many of the approvals would not have been asked for.
    """

    to: int
    spared: int


def gather(beyond: Iterable[Beyond]) -> dict[Cell, Evidence]:
    """The evidence of each cell that somebody asked beyond."""
    cells: dict[Cell, list[Beyond]] = {}
    for one in beyond:
        cells.setdefault(one.cell, []).append(one)
    return {cell: _evidence(cell, some) for cell, some in cells.items()}


def advise(
    evidence: Evidence,
    ceilings: Mapping[str, Ceiling],
    above: str,
    declined: datetime | None = None,
) -> Raise | WhyNot:
    """Whether to raise a cell's ceiling, and how far: to what nine of ten approvals would fit.

    Args:
        evidence: of the cell.
        ceilings: of its row, by level.
        above: the next level up; of the highest nobody ever asks for more.
        declined: when somebody last declined to raise it; None if nobody did.
    """
    stood = len(evidence.given) - evidence.taken_back
    if not evidence.decided or wilson(evidence.decided, evidence.decided)[0] < NEARLY_ALL:
        return WhyNot.FEW
    if not stood or wilson(stood, evidence.decided)[0] < NEARLY_ALL:
        return WhyNot.REFUSED
    now, most = _fixed(ceilings, evidence.cell.level), _fixed(ceilings, above)
    if now is None or most is None:
        return WhyNot.RESTS_ON_FACTS
    # The lowest amount that nine of ten approvals do not exceed.
    usual = evidence.given[-(-_MOST_OF_TEN * len(evidence.given) // 10) - 1]
    to = _tidy(usual)
    if not isinstance(most, Unlimited):
        to = min(to, most)
    if now >= to:
        return WhyNot.NO_ROOM
    if declined is not None and not is_new_evidence(evidence.decisions, declined):
        return WhyNot.DECLINED
    return Raise(to, sum(amount <= to for amount in evidence.given))


def is_new_evidence(times: Iterable[datetime], declined: datetime) -> bool:
    """Whether enough has happened since advice was declined for it to be given again."""
    return sum(at > declined for at in times) >= AGAIN


def _evidence(cell: Cell, beyond: list[Beyond]) -> Evidence:
    approved = [one for one in beyond if one.given is not None]
    waited = [one.waited for one in beyond if one.waited is not None]
    return Evidence(
        cell=cell,
        states=Counter(one.state for one in beyond),
        cut=sum(one.given < one.amount for one in approved if one.given is not None),
        taken_back=sum(one.taken_back for one in approved),
        asked=sum(one.amount for one in beyond),
        given=tuple(sorted(one.given for one in approved if one.given is not None)),
        waited=median_low(waited) if waited else None,
        decisions=tuple(sorted(one.decided_at for one in beyond if one.decided_at is not None)),
    )


def _fixed(ceilings: Mapping[str, Ceiling], level: str) -> Bound | None:
    ceiling = ceilings.get(level)
    return 0 if ceiling is None else ceiling.fixed()


def _tidy(amount: int) -> int:
    """An amount rounded down to its first two digits: what people would write into a table."""
    step: int = 10 ** max(len(str(amount)) - 2, 0)
    return amount - amount % step
