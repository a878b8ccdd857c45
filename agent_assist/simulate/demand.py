"""Why and when customers get in touch: by hour and weekday, and some of them again and again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from agent_assist.core.ceilings import Fixed
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.simulate.organisation import Organisation, Worker
from agent_assist.store.simulation import PREFIX

CHANNELS = ("phone", "chat", "email")
_CHANNEL_SHARES = (5, 4, 2)
_BY_WEEKDAY = (1.25, 1.1, 1.0, 1.0, 1.05, 0.45, 0.25)
_FIRST_HOUR = 8
_BY_HOUR = (4, 8, 10, 9, 6, 6, 8, 9, 8, 6, 4, 2)
"""From 8 to 20 o'clock, with a peak before noon and one in the afternoon."""
_REGULARS = 0.06
"""The share of customers who are in touch far more often than others."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What customers get in touch about: an issue, how they say it, and how often they do.

    Attributes:
        weight: against that of other reasons.
    """

    issue: str
    phrasings: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Visit:
    """A contact that begins.

    Attributes:
        number: of all there are; what happens in the contact follows from it and the seed.
        again: how many contacts about the same went before.
    """

    number: str
    at: datetime
    customer: str
    reason: Reason
    worker: Worker
    channel: str
    again: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """Gives the contacts of any day.

    Attributes:
        a_day: contacts of an ordinary weekday.
        customers: how many there are.
    """

    reasons: Sequence[Reason]
    organisation: Organisation
    zone: ZoneInfo
    a_day: float
    customers: int
    seed: int

    def of(self, day: date) -> Iterator[Visit]:
        """The contacts of a day in the order of time, beside those that follow from earlier."""
        random = Random(f"{self.seed}/day/{day}")  # noqa: S311 - a simulation, nothing secret
        expected = self.a_day * _BY_WEEKDAY[day.weekday()]
        number = max(0, round(random.gauss(expected, expected**0.5)))
        times = sorted(self._time(day, random) for _ in range(number))
        for place, at in enumerate(times):
            yield Visit(
                number=f"{day:%y%m%d}-{place:03}",
                at=at,
                customer=self._customer(random),
                reason=self._reason(random),
                worker=random.choice(self.organisation.reps),
                channel=random.choices(CHANNELS, _CHANNEL_SHARES)[0],
            )

    def again(self, visit: Visit, day: date, random: Random) -> Visit:
        """The same customer about the same, at some time of a later day."""
        return Visit(
            number=f"{visit.number}-{visit.again + 2}",
            at=self._time(day, random),
            customer=visit.customer,
            reason=visit.reason,
            worker=random.choice(self.organisation.reps),
            channel=visit.channel,
            again=visit.again + 1,
        )

    def _time(self, day: date, random: Random) -> datetime:
        hour = _FIRST_HOUR + random.choices(range(len(_BY_HOUR)), _BY_HOUR)[0]
        local = datetime.combine(day, time(hour), tzinfo=self.zone).astimezone(UTC)
        return local + timedelta(seconds=random.randrange(3600))

    def _customer(self, random: Random) -> str:
        regulars = max(1, round(self.customers * _REGULARS))
        if random.random() < 3 * _REGULARS:
            return f"{PREFIX}c-{random.randrange(regulars):04}"
        return f"{PREFIX}c-{random.randrange(regulars, self.customers):04}"

    def _reason(self, random: Random) -> Reason:
        return random.choices(self.reasons, [reason.weight for reason in self.reasons])[0]


def too_low_row(
    rows: Iterable[LimitRow], reasons: Iterable[Reason], vocabulary: Vocabulary
) -> LimitRow | None:
    """A row that is met often and gives reps little, and those above them more.

    It is the one that history will show to be too low. None where no row is of that kind.
    """
    weights = {reason.issue: reason.weight for reason in reasons}
    lowest, above = vocabulary.ladder[0], vocabulary.ladder[1:]

    def gives(row: LimitRow, level: str) -> int:
        """What it gives to a level in every case; 0 where that depends on facts."""
        terms = row.ceiling(level).terms
        return max((term.amount for term in terms if isinstance(term, Fixed)), default=0)

    def promise(row: LimitRow) -> float:
        weight = sum(weights.get(issue, 0.0) for issue in row.issues)
        return weight / (1 + len(row.conditions)) / gives(row, lowest)

    fitting = [
        row
        for row in sorted(rows, key=lambda row: row.key)
        if row.effect is Effect.ALLOW
        and row.offer is Offer.OFFER
        and any(issue in weights for issue in row.issues)
        and vocabulary.remedies[row.remedy].unit is Unit.MONEY
        and any(gives(row, level) > gives(row, lowest) > 0 for level in above)
    ]
    return max(fitting, key=promise, default=None)


def busiest(reasons: Sequence[Reason], row: LimitRow | None) -> tuple[Reason, ...]:
    """The same reasons, with one of those that a row is about as the most frequent of all."""
    about = [reason for reason in reasons if row is not None and reason.issue in row.issues]
    if not about:
        return tuple(reasons)
    first = max(about, key=lambda reason: reason.weight)
    most = 1.25 * max(reason.weight for reason in reasons)
    return tuple(replace(one, weight=most) if one is first else one for one in reasons)
