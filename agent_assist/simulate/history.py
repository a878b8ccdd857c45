"""The history itself: contacts begin, are answered, end, and are taken up again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from agent_assist.circumstances import Circumstances
from agent_assist.core.contact import Contact
from agent_assist.core.limits import LimitRow
from agent_assist.core.outcomes import Ending, PolicySaid
from agent_assist.core.people import Person
from agent_assist.core.suggestion import SuggestedPolicy
from agent_assist.live import Snapshot
from agent_assist.prepare import Progress
from agent_assist.simulate.agenda import Agenda
from agent_assist.simulate.cases import CaseBook
from agent_assist.simulate.clock import HandClock
from agent_assist.simulate.conduct import cause, quality, resolves, returns_after, wish
from agent_assist.simulate.demand import Demand, Reason, Visit, busiest, too_low_row
from agent_assist.simulate.giving import Course, Desk, Giving
from agent_assist.simulate.organisation import an_organisation
from agent_assist.store.simulation import ACTOR, PREFIX
from agent_assist.suggest import Timing

_ADOPTED = 0.85
"""The share of contacts in which the rep asks for a suggestion."""
_RECORDED = 0.94
"""The share of contacts whose outcome is recorded."""
_LATER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much history there is to be.

    Attributes:
        days: how far back it goes.
        teams: of ten each.
        a_day: contacts of an ordinary weekday.
        customers: who get in touch.
        seed: decides all that is left to chance.
    """

    days: int = 42
    teams: int = 4
    a_day: float = 32
    customers: int = 700
    seed: int = 1


class History:
    """Lets an organisation work by a library, from some weeks ago until an instant.

    Args:
        desk: what it works with.
        clock: that everything at the desk goes by.
        snapshot: the live library.
        rows: of its limit table.
        scale: how much there is to be.
        until: what would happen from then on does not.
    """

    def __init__(
        self,
        desk: Desk,
        clock: HandClock,
        snapshot: Snapshot,
        rows: Iterable[LimitRow],
        scale: Scale,
        until: datetime,
    ) -> None:
        vocabulary, held = snapshot.vocabulary, tuple(rows)
        reasons = _reasons(snapshot, scale.seed)
        self._desk, self._snapshot, self._scale = desk, snapshot, scale
        self._seed = scale.seed
        self._agenda = Agenda(clock, until)
        row = too_low_row(held, reasons, vocabulary)
        self._too_low = None if row is None else row.key
        self._giving = Giving(desk, self._agenda, snapshot, self._too_low)
        self._cases = CaseBook(vocabulary, held, scale.seed, often=row)
        self._organisation = an_organisation(vocabulary.levels, scale.teams, scale.seed)
        self._demand = Demand(
            reasons=busiest(reasons, row),
            organisation=self._organisation,
            zone=ZoneInfo(vocabulary.time_zone),
            a_day=scale.a_day,
            customers=scale.customers,
            seed=scale.seed,
        )

    def run(self, progress: Progress) -> Mapping[str, int]:
        """Write all that happens; gives how often what did."""
        administrator = self._organisation.managers[0]
        for one in self._organisation.people:
            admin = one == administrator
            self._desk.roster.add(Person(one.id, one.name, one.level, one.team, admin=admin), ACTOR)
        agenda, vocabulary = self._agenda, self._snapshot.vocabulary
        first = vocabulary.day(agenda.until) - timedelta(days=self._scale.days)
        for day in range(self._scale.days + 1):
            for visit in self._demand.of(first + timedelta(days=day)):
                agenda.at(visit.at, self._begin, visit)
        weeks = 0

        def look() -> None:
            nonlocal weeks
            if (vocabulary.day(agenda.now) - first).days >= 7 * (weeks + 1):
                weeks += 1
                progress(f"week {weeks}: {agenda.done['contacts']} contacts so far")

        agenda.run(look)
        return dict(sorted(agenda.done.items()))

    def _begin(self, visit: Visit) -> None:
        """The customer says what it is about; the rep asks what to say and may give."""
        random = Random(f"{self._seed}/contact/{visit.number}")  # noqa: S311 - a simulation
        vocabulary = self._snapshot.vocabulary
        issue, day = visit.reason.issue, vocabulary.day(self._agenda.now)
        facts, size = self._cases.facts(issue, visit.customer, day, random)
        contact = Contact(
            external_id=f"{PREFIX}{visit.number}",
            opened_at=self._agenda.now,
            channel=visit.channel,
            locale=vocabulary.locale,
            customer=visit.customer,
            rep=visit.worker.id,
            team=visit.worker.team,
            issues=(issue,),
        )
        course = Course(visit, contact, random, facts)
        self._agenda.done["contacts"] += 1
        if random.random() < _ADOPTED:
            self._ask(course, size)
        ends = timedelta(seconds=300 + int(random.expovariate(1 / 240)))
        self._close_after(ends, course)

    def _close_after(self, delay: timedelta, course: Course) -> None:
        """End the contact after a while; what would end it too late leaves it open."""
        if self._agenda.now + delay < self._agenda.until:
            self._agenda.after(delay, self._close, course)
        else:
            self._desk.recorder.put(self._snapshot, course.contact)

    def _ask(self, course: Course, size: int) -> None:
        """The rep asks for a suggestion, and chooses among what it says may be given."""
        visit, random = course.visit, course.random
        said = random.choice(visit.reason.phrasings)
        around = _around(course)
        suggestion = self._desk.suggester.suggest(self._snapshot, said, around, Timing())
        self._agenda.done["suggestions"] += 1
        course.suggestion = suggestion.id
        fitting = (one for one in suggestion.matches if one.match.issue == visit.reason.issue)
        course.matched = None if suggestion.abstained else next(fitting, None)
        if course.matched is None:
            return
        currency, options = self._snapshot.vocabulary.currency, course.matched.options
        chosen = wish(options, size, visit.worker, currency, random, too_low=self._too_low)
        if chosen is not None:
            soon = timedelta(seconds=random.randint(60, 240))
            self._agenda.after(soon, self._giving.give, course, chosen)

    def _close(self, course: Course) -> None:
        """The contact ends; the rep puts down how, and the customer may come back."""
        if course.waits:
            self._close_after(_LATER, course)
            return
        visit, random, matched = course.visit, course.random, course.matched
        contact = replace(course.contact, closed_at=self._agenda.now)
        self._desk.recorder.put(self._snapshot, contact)
        chance = 0.62 + 0.14 * bool(course.given) - 0.18 * course.refused
        chance += -0.15 if matched is None else quality(matched.match.policy, self._seed)
        resolved = resolves(chance, visit.worker, visit.again, random)
        if random.random() < _RECORDED:
            issue = self._snapshot.vocabulary.issues[visit.reason.issue]
            said = () if matched is None else (_said(matched),)
            ending = Ending(resolved, cause(issue.cause, random), said, tuple(course.given))
            once, by = self._agenda.once("outcome"), f"key:{ACTOR}"
            self._desk.recorder.end(contact.external_id, ending, by, once, lambda _: b"")
            self._agenda.done["outcomes"] += 1
        later = returns_after(random, resolved=resolved)
        if later is not None:
            day = self._snapshot.vocabulary.day(self._agenda.now + later)
            again = self._demand.again(visit, day, random)
            self._agenda.at(again.at, self._begin, again)


def _around(course: Course) -> Circumstances:
    contact = course.contact
    return Circumstances(
        facts=course.facts,
        level=course.visit.worker.level,
        rep=contact.rep,
        customer=contact.customer,
        order=course.parties.order,
        contact=contact.external_id,
        team=contact.team,
        channel=contact.channel,
        locale=contact.locale,
        key=ACTOR,
    )


def _said(matched: SuggestedPolicy) -> PolicySaid:
    wording = None if matched.shown is None else matched.shown.wording
    return PolicySaid(matched.match.policy, matched.policy.version, wording)


def _reasons(snapshot: Snapshot, seed: int) -> tuple[Reason, ...]:
    """The issues that customers have phrasings for, a few of them far more frequent than others."""
    found = []
    for issue in snapshot.vocabulary.issues:
        phrasings = tuple(
            text
            for key in sorted(snapshot.policies)
            for text in snapshot.policies[key].policy.examples.get(issue, ())
        )
        if phrasings:
            chance = Random(f"{seed}/issue/{issue}")  # noqa: S311 - a simulation
            found.append(Reason(issue, phrasings, min(chance.paretovariate(1.1), 15.0)))
    return tuple(found)
