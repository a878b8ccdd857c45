"""Weigh: the money that problems put at risk, and what there is to say of one of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.stake_inputs import AS_ESTIMATED, Factors, Inputs, inputs
from agent_assist.core.stakes import Stakes, Tally, Told, weigh
from agent_assist.core.vocabulary import Cause, Remedy, Unit, Vocabulary
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.store.stakes import Gave, Past, StakeStore, Weighed

SENTENCES = 6
"""How many sentences of customers a brief has, at most."""

LOST = 50
"""How many contacts a brief names, at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which contacts to look at, and what to suppose.

    Attributes:
        since, until: days of the organisation's calendar, both included; None for the last 90,
            and for today.
        team: only its; None for all.
    """

    since: date | None = None
    until: date | None = None
    team: str | None = None
    supposed: Factors = AS_ESTIMATED


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at: whole days of the organisation's calendar, both included.

    Attributes:
        since: not before the first contact that is known.
        is_whole: whether no contact of the days that were asked for was passed over; else the
            first is the day of the oldest that was not.
        inputs: what is reckoned from.
    """

    since: date
    until: date
    team: str | None
    is_whole: bool
    inputs: Inputs

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Week:
    """How the contacts of a week ended; `monday` is where it begins."""

    monday: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Given:
    """What was given of one remedy.

    Attributes:
        remedy: its key.
        label: the key, of one that the library knows no more.
        unit: None of such a one, and where units differ.
        amount: the sum, in whole parts of the unit; no sum of percentages means anything.
        cost: minor units; None where nobody says what one costs.
    """

    remedy: str
    label: str
    unit: Unit | None
    grants: int
    amount: int
    cost: int | None


@dataclass(frozen=True, slots=True)
class Brief:
    """What there is to say of an issue.

    Attributes:
        name: the issue's; its key, of one that the library knows no more.
        stakes: of the issue by cause; its total is the issue's.
        weeks: the oldest first, without gaps.
        sentences: what customers said whose contacts were not resolved at once, masked.
        given: the most often given first.
        lost: the newest contacts that were not resolved at once.
    """

    look: Look
    issue: str
    name: str
    stakes: Stakes
    weeks: tuple[Week, ...]
    sentences: tuple[str, ...]
    given: tuple[Given, ...]
    lost: tuple[Weighed, ...]


class Weigher:
    """Tells what is at stake.

    Args:
        store: reads contacts.
        now: gives the aware present.
    """

    def __init__(self, store: StakeStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def look(self, vocabulary: Vocabulary, asked: Asked) -> tuple[Look, Stakes]:
        """The money at risk of some days; InvalidInput if the first is after the last."""
        look, past = self._past(vocabulary, asked)
        return look, weigh((one.told for one in past.contacts), _causes(vocabulary), look.inputs)

    def brief(self, vocabulary: Vocabulary, issue: str, asked: Asked) -> Brief:
        """What there is to say of an issue; NotFound if neither library nor contacts know it."""
        look, past = self._past(vocabulary, asked)
        named = vocabulary.issues.get(issue)
        about = [one for one in past.contacts if issue in one.told.issues]
        if named is None and not about:
            raise NotFound("issue", issue)
        alone = [_alone(one.told, issue) for one in about]
        lost = tuple(one for one in about if _is_lost(one.told))
        since, _ = vocabulary.span(look.since, look.until)
        ids = {one.id for one in about}
        return Brief(
            look=look,
            issue=issue,
            name=issue if named is None else named.name,
            stakes=weigh(alone, _causes(vocabulary), look.inputs),
            weeks=_weeks(about, vocabulary),
            sentences=self._store.said({one.id for one in lost}, since, SENTENCES),
            given=_given(
                (one for one in past.given if one.issue == issue and one.contact in ids),
                vocabulary,
            ),
            lost=lost[:LOST],
        )

    def _past(self, vocabulary: Vocabulary, asked: Asked) -> tuple[Look, Past]:
        until = asked.until or vocabulary.day(self._now())
        since = asked.since or until - LOOKED_BACK
        if since > until:
            raise InvalidInput([FieldProblem("since", "out_of_range", "must not be after `until`")])
        span = vocabulary.span(since, until)
        past = self._store.past(*span, asked.team, vocabulary.repeat_window)
        # Days that nobody looked at, or knows, are no days without contacts.
        seen = past.first if past.is_whole else past.contacts[-1].at
        if seen is not None:
            since = min(until, max(since, vocabulary.day(seen)))
        factors = inputs(vocabulary.economics, asked.supposed)
        return Look(since, until, asked.team, past.is_whole, factors), past


def _causes(vocabulary: Vocabulary) -> dict[str, Cause]:
    return {key: issue.cause for key, issue in vocabulary.issues.items()}


def _alone(told: Told, issue: str) -> Told:
    """A contact as if it had been about nothing else."""
    return told._replace(issues=(issue,), given=told.given & {issue})


def _is_lost(told: Told) -> bool:
    return told.resolved is False or (told.resolved is True and told.came_back)


def _weeks(about: Iterable[Weighed], vocabulary: Vocabulary) -> tuple[Week, ...]:
    counts: dict[date, Counter[Told]] = defaultdict(Counter)
    for one in about:
        day = vocabulary.day(one.at)
        counts[day - timedelta(days=day.weekday())][one.told] += 1
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    mondays = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return tuple(Week(monday, _tally(counts.get(monday, Counter()))) for monday in mondays)


def _tally(told: Counter[Told]) -> Tally:
    tally = Tally()
    for one, number in told.items():
        tally = tally.adding(one, number)
    return tally


def _given(given: Iterable[Gave], vocabulary: Vocabulary) -> tuple[Given, ...]:
    by: dict[str, list[Gave]] = defaultdict(list)
    for one in given:
        by[one.remedy].append(one)
    found = (_sum(key, some, vocabulary) for key, some in by.items())
    return tuple(sorted(found, key=lambda one: (-one.grants, one.remedy)))


def _sum(key: str, given: list[Gave], vocabulary: Vocabulary) -> Given:
    remedy = vocabulary.remedies.get(key)
    amount = sum(one.amount for one in given)
    units = {(one.unit, one.currency) for one in given}
    is_plain = remedy is not None and units == {(remedy.unit, vocabulary.currency)}
    return Given(
        remedy=key,
        label=key if remedy is None else remedy.label,
        unit=remedy.unit if remedy is not None and is_plain else None,
        grants=len(given),
        amount=amount,
        cost=_cost(remedy, amount) if remedy is not None and is_plain else None,
    )


def _cost(remedy: Remedy, amount: int) -> int | None:
    if remedy.unit is Unit.MONEY:
        return amount
    return (
        None if remedy.cost is None or remedy.unit is Unit.PERCENT else amount * remedy.cost.minor
    )
