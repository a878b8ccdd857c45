"""Weigh: the money that problems put at risk, and what there is to say of one of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.measures import Wanted
from agent_assist.core.stake_counts import Tally
from agent_assist.core.stake_inputs import AS_ESTIMATED, Factors, Inputs, inputs
from agent_assist.core.stakes import Stakes, weigh
from agent_assist.core.vocabulary import Remedy, Unit, Vocabulary
from agent_assist.measure import Measurer
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.parts import CONTACT_PART
from agent_assist.store.stakes import Gave, Lost, StakeStore

SENTENCES = 6
"""How many sentences of customers a brief has, at most."""

LOST = 50
"""How many contacts a brief names, at most."""

_HEARD = 500
"""Of how many contacts a brief may quote customers, at most: the newest."""


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
        pending: how many of these days have changed, and are not counted again yet.
        inputs: what is reckoned from.
    """

    since: date
    until: date
    team: str | None
    pending: int
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
    lost: tuple[Lost, ...]


class Weigher:
    """Tells what is at stake.

    Args:
        measurer: keeps figures up to date.
        store: reads them.
    """

    def __init__(self, measurer: Measurer, store: StakeStore) -> None:
        self._measurer = measurer
        self._store = store

    def look(self, basis: Basis, asked: Asked) -> tuple[Look, Stakes]:
        """The money at risk of some days; InvalidInput if the first is after the last."""
        look, wanted = self._look(basis, asked)
        return look, weigh(self._store.counts(wanted), look.inputs)

    def brief(self, basis: Basis, issue: str, asked: Asked) -> Brief:
        """What there is to say of an issue; NotFound if neither library nor contacts know it."""
        look, wanted = self._look(basis, asked)
        wanted = replace(wanted, issue=issue)
        named = basis.vocabulary.issues.get(issue)
        counts = self._store.counts(wanted).about(issue)
        if named is None and not counts.of:
            raise NotFound("issue", issue)
        lost = self._store.lost(basis, wanted, _HEARD)
        begin = basis.span(look.since, look.until).begin
        return Brief(
            look=look,
            issue=issue,
            name=issue if named is None else named.name,
            stakes=weigh(counts, look.inputs),
            weeks=_weeks(self._store.days(wanted)),
            sentences=self._store.said({one.id for one in lost}, begin, SENTENCES),
            given=_given(self._store.given(basis, wanted), basis.vocabulary),
            lost=lost[:LOST],
        )

    def _look(self, basis: Basis, asked: Asked) -> tuple[Look, Wanted]:
        since, until = self._measurer.days(basis.vocabulary, asked.since, asked.until)
        if since > until:
            raise InvalidInput([FieldProblem("since", "out_of_range", "must not be after `until`")])
        first = self._store.first()
        if first is not None:
            # Days that nobody knows are no days without contacts.
            since = min(until, max(since, basis.day(first)))
        pending = self._measurer.count(basis, CONTACT_PART, since, until)
        factors = inputs(basis.vocabulary.economics, asked.supposed)
        look = Look(since, until, asked.team, pending, factors)
        return look, Wanted(since, until, team=asked.team)


def _weeks(days: Mapping[date, Tally]) -> tuple[Week, ...]:
    tallies: dict[date, Tally] = {}
    for day, tally in days.items():
        monday = day - timedelta(days=day.weekday())
        tallies[monday] = tallies.get(monday, Tally()).plus(tally)
    if not tallies:
        return ()
    first, last = min(tallies), max(tallies)
    mondays = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return tuple(Week(monday, tallies.get(monday, Tally())) for monday in mondays)


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
        grants=sum(one.grants for one in given),
        amount=amount,
        cost=_cost(remedy, amount) if remedy is not None and is_plain else None,
    )


def _cost(remedy: Remedy, amount: int) -> int | None:
    if remedy.unit is Unit.MONEY:
        return amount
    return (
        None if remedy.cost is None or remedy.unit is Unit.PERCENT else amount * remedy.cost.minor
    )
