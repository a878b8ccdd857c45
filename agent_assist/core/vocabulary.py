"""What a library speaks of: issues, remedies, levels, and the organisation's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from agent_assist.core.facts import Fact
from agent_assist.core.money import Money

T = TypeVar("T")

REPEAT_DAYS = 14
"""Within how many days another contact is a repeat, where a library says nothing."""
MOST_REPEAT_DAYS = 365
"""The most that a library may say."""


class Cause(StrEnum):
    """What made the customer contact us."""

    PRODUCT = "product"
    PROCESS = "process"
    MARKETING = "marketing"
    CUSTOMER = "customer"
    EMPLOYEE = "employee"


PREVENTABLE = frozenset({Cause.CUSTOMER, Cause.MARKETING})
"""Causes of contacts that an expectation set earlier would have saved."""


@dataclass(frozen=True, slots=True)
class Issue:
    """What a customer wants, told apart from its neighbours by one line.

    Attributes:
        repeat_days: within how many days another contact about it is a repeat; None where the
            library's own number holds.
    """

    key: str
    name: str
    cause: Cause
    description: str
    repeat_days: int | None = None


class RemedyKind(StrEnum):
    """Given at our discretion, or owed by law or contract."""

    GOODWILL = "goodwill"
    ENTITLEMENT = "entitlement"


class Unit(StrEnum):
    """What a remedy is measured in."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that can be given.

    Attributes:
        reversible: whether it can be taken back once it is final, as a credit can and a letter
            that was sent cannot.
        cost: what one unit costs the organisation; None for money, which costs itself.
        exclusive_group: at most one remedy of a group for one contact; None for no group.
    """

    key: str
    label: str
    kind: RemedyKind
    unit: Unit
    reversible: bool
    reason_codes: tuple[str, ...]
    cost: Money | None = None
    exclusive_group: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A rung of the authority ladder."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Estimate(Generic[T]):
    """A figure nobody knows exactly, as a range: low <= likely <= high."""

    low: T
    likely: T
    high: T


@dataclass(frozen=True, slots=True)
class Economics:
    """What money at risk is reckoned from.

    Attributes:
        customer_value: margin of one customer kept, a year.
        loyalty_loss: share of customers lost, 0 to 1, by how the contact ended
            (`resolved`, `repeated`, `unresolved`).
    """

    customer_value: Estimate[Money]
    loyalty_loss: Mapping[str, Estimate[Decimal]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that policies, limits and budgets refer to.

    Attributes:
        levels: the ladder, lowest first; at least one.
        currency: ISO 4217; every amount of the library is in it.
        time_zone: IANA name; where a day and a calendar month begin.
        repeat_days: within how many days another contact of a customer about the same issue is
            a repeat, where the issue says nothing else.
    """

    name: str
    locale: str
    currency: str
    time_zone: str
    levels: tuple[Level, ...]
    economics: Economics
    issues: Mapping[str, Issue]
    facts: Mapping[str, Fact]
    remedies: Mapping[str, Remedy]
    repeat_days: int = REPEAT_DAYS

    def repeat_window(self, issue: str) -> timedelta:
        """How long another contact about an issue is a repeat; issues of the past may be gone."""
        named = self.issues.get(issue)
        own = None if named is None else named.repeat_days
        return timedelta(days=self.repeat_days if own is None else own)

    @property
    def longest_repeat_days(self) -> int:
        """The days after which no contact can be a repeat any more, whatever it is about."""
        own = (issue.repeat_days for issue in self.issues.values())
        return max(self.repeat_days, *(days for days in own if days is not None), 0)

    @property
    def causes(self) -> dict[str, Cause]:
        """By issue, what usually causes it."""
        return {key: issue.cause for key, issue in self.issues.items()}

    @property
    def ladder(self) -> tuple[str, ...]:
        """Keys of the levels, lowest first."""
        return tuple(level.key for level in self.levels)

    def rank(self, level: str) -> int:
        """The level's place on the ladder, 0 for the lowest; ValueError if it is not on it."""
        return self.ladder.index(level)

    def day(self, at: datetime) -> date:
        """The organisation's calendar day at an aware instant."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def span(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Where the first of some days of that calendar begins, and the day after the last."""
        zone = ZoneInfo(self.time_zone)
        following = last + timedelta(days=1)
        return datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)
