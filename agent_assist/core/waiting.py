"""What waits for a decision, with what somebody needs to decide on it in seconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from agent_assist.core.approvals import Approval, Shown
from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decision import Decision
from agent_assist.core.grants import BudgetHeadroom
from agent_assist.core.people import Person
from agent_assist.core.vocabulary import Unit

LOOKED_BACK = timedelta(days=90)
"""How far precedent reaches: what was decided before speaks of other limits and other times."""


class Kind(NamedTuple):
    """What makes cases alike beside their amounts."""

    issue: str
    remedy: str
    rep_level: str
    unit: Unit
    currency: str

    @classmethod
    def of(cls, approval: Approval) -> "Kind":
        """The kind of a request."""
        return cls(
            approval.issue,
            approval.remedy,
            approval.rep_level,
            approval.unit,
            approval.currency,
        )


class Ruled(NamedTuple):
    """Cases of one kind that were decided in the same way.

    Attributes:
        asked: for, in whole parts of the unit.
        given: what was approved of it; None for a refusal.
        times: how many such cases, at least 1.
    """

    asked: int
    given: int | None
    times: int


@dataclass(frozen=True, slots=True)
class Precedent:
    """What was decided in like cases: of the same kind, and about as much was asked for.

    Attributes:
        least, most: amounts within which a case is like this one, both included.
        approved: how many as asked.
        lowered: how many with less.
        median: of what was given where something was, the lower one of two; None for nothing.
    """

    least: int
    most: int
    approved: int
    lowered: int
    refused: int
    median: int | None


def precedent(amount: int, cases: Iterable[Ruled]) -> Precedent:
    """What was decided where from half as much to twice as much was asked for.

    Args:
        amount: asked for now, at least 1.
        cases: of the same kind.
    """
    least, most = (amount + 1) // 2, amount * 2
    like = [one for one in cases if least <= one.asked <= most]
    return Precedent(
        least=least,
        most=most,
        approved=sum(one.times for one in like if one.given == one.asked),
        lowered=sum(one.times for one in like if one.given not in (None, one.asked)),
        refused=sum(one.times for one in like if one.given is None),
        median=_median([(one.given, one.times) for one in like if one.given is not None]),
    )


class Mine(NamedTuple):
    """What somebody may do about a request.

    Attributes:
        refusal: why they may not decide on it; None where they may.
        decision: what limits and budgets give their level now; None where it cannot be said.
    """

    refusal: str | None
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, as somebody who decides is to see it.

    Attributes:
        asker: whom the server knows under the id of who asks; None for nobody.
        levels: what limits and budgets give now, from the asking level up; empty where the
            library no longer knows what was asked for.
        budgets: those that count it, with what was given to the customer and the others within
            their windows, at the level of who looks.
    """

    shown: Shown
    asker: Person | None
    mine: Mine
    levels: Sequence[tuple[str, Decision]]
    budgets: Sequence[BudgetHeadroom]
    precedent: Precedent

    @property
    def above(self) -> int | None:
        """By how much it is above what who asks may give; None where that cannot be said."""
        return above(self.shown.approval.amount, self.levels[0][1].up_to) if self.levels else None


def above(amount: int, up_to: Bound) -> int:
    """By how much an amount is above a bound, at least 0."""
    return 0 if isinstance(up_to, Unlimited) else max(amount - up_to, 0)


def _median(given: Sequence[tuple[int, int]]) -> int | None:
    """The middle of amounts that each came so many times; an amount that really was given."""
    half = (sum(times for _, times in given) + 1) // 2
    for amount, times in sorted(given):
        half -= times
        if half <= 0:
            return amount
    return None
