"""Figures that are kept say what a look at every record does, whatever is written and when."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from agent_assist.core.contact import Contact
from agent_assist.core.errors import NotFound
from agent_assist.core.measures import By, Wanted
from agent_assist.core.outcomes import Ending, PolicySaid
from agent_assist.core.past import PastContact, PastEnding
from agent_assist.core.vocabulary import Cause, Issue, Vocabulary
from agent_assist.measure import Measured, Measurer
from agent_assist.store.contacts import ContactStore
from agent_assist.store.customers.customers import CustomerStore
from agent_assist.store.database import Database
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.parts import CONTACT_PART
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.once import Once
from agent_assist.store.past import PastStore
from agent_assist.store.schema import PolicyVersion
from tests.approvals import TestApprovals
from tests.ledgers import NOON, TestLedger

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = ("UTC", "Asia/Kathmandu", "America/Sao_Paulo")
ISSUES = ("fee", "card", "limit")
POLICIES = (PolicySaid("fees/cash", 1), PolicySaid("fees/cash", 2), PolicySaid("cards/lost", 1))
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


class Office:
    """An organisation that writes at random, and remembers all it wrote."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine)
        self.approvals = TestApprovals.over(engine, self.own)
        database = Database(self.own.sessions)
        self.store = ContactStore(database, lambda _: self.own.now)
        self.past = PastStore(database, lambda _: self.own.now)
        self.customers = CustomerStore(database, lambda _: self.own.now)
        self.keeping = FigureStore(database, lambda _: self.own.now, logs=90 * DAY)
        self.measurer = Measurer(
            self.keeping, MeasureStore(database), now=lambda: self.own.now, seconds=lambda: 0.0
        )
        self.basis = Basis(1, self._vocabulary("UTC", 2))
        self.contacts: dict[str, Contact] = {}
        self.endings: dict[str, list[tuple[datetime, Ending]]] = defaultdict(list)
        self.asked: set[str] = set()
        self.transferred: set[str] = set()
        with self.own.sessions.begin() as session:
            for one in POLICIES:
                session.add(
                    PolicyVersion(
                        policy_id=one.policy, locale="en", version=one.version, file="f", text=""
                    )
                )

    def _vocabulary(self, zone: str, days: int) -> Vocabulary:
        issues = {key: Issue(key, key, Cause.PROCESS, key) for key in ISSUES}
        issues["card"] = replace(issues["card"], cause=Cause.PRODUCT, repeat_days=1)
        return replace(self.own.vocabulary, time_zone=zone, repeat_days=days, issues=issues)

    def put(self, contact: Contact) -> None:
        self.store.put(contact)
        known = self.contacts.get(contact.external_id)
        if known and known.rep and contact.rep and known.rep != contact.rep:
            self.transferred.add(contact.external_id)
        self.contacts[contact.external_id] = contact

    def end(self, name: str, ending: Ending) -> None:
        once = Once("key1", "outcome", f"o{next(self.own.keys)}", "")
        self.store.end(name, ending, "key:key1", once, lambda _: b"")
        self.endings[name].append((self.own.now, ending))

    def ask(self, name: str) -> None:
        self.approvals.request(1500, contact=name)
        self.asked.add(name)

    def bring_in(self, contacts: list[Contact], at: datetime, ending: Ending) -> None:
        self.past.keep([PastContact(one, PastEnding(ending, at)) for one in contacts], "key:key1")
        for one in contacts:
            self.contacts[one.external_id] = one
            newest = self.endings[one.external_id]
            if not newest or newest[-1][0] < at:
                newest.append((at, ending))

    def publish(self, zone: str, days: int) -> None:
        self.basis = Basis(self.basis.version + 1, self._vocabulary(zone, days))

    def erase(self, customer: str) -> None:
        self.customers.erase(customer, "key:key1")

    def items(self, by: By, wanted: Wanted | None = None) -> dict[object, Measured]:
        found = self.measurer.look(self.basis, wanted or Wanted(FIRST, LAST), by)
        assert found.pending == 0
        items: dict[object, Measured] = {
            (one.key if one.version is None else (one.key, one.version)): one for one in found.items
        }
        assert len(items) == len(found.items)
        return {**items, "total": found.total}


def told(one: Measured) -> tuple[int, ...]:
    rates = (one.resolved_at_once, one.came_back, one.repeated, one.escalated, one.transferred)
    return (one.contacts, one.ended, *(n for rate in rates for n in (rate.count, rate.of)))


def by_hand(office: Office, by: By, wanted: Wanted) -> dict[object, tuple[int, ...]]:
    """The same from the raw log, one contact after the other."""
    found: dict[object, list[int]] = defaultdict(lambda: [0] * 12)
    zone = ZoneInfo(office.basis.vocabulary.time_zone)
    for one in office.contacts.values():
        day = one.opened_at.astimezone(zone).date()
        outcomes = office.endings[one.external_id]
        ending = outcomes[-1][1] if outcomes else None
        back = any(
            other.customer is not None
            and other.customer == one.customer
            and one.opened_at < other.opened_at
            and any(
                issue in other.issues
                and other.opened_at - one.opened_at <= office.basis.vocabulary.repeat_window(issue)
                for issue in one.issues
            )
            for other in office.contacts.values()
        )
        resolved = ending is not None and ending.resolved
        counted = (
            1, ending is not None,
            resolved and not back, ending is not None,
            resolved and back, ending is not None,
            back, one.customer is not None,
            one.external_id in office.asked, 1,
            one.external_id in office.transferred, 1,
        )  # fmt: skip
        wants = (
            wanted.since <= day <= wanted.until
            and wanted.team in (None, one.team)
            and wanted.channel in (None, one.channel)
            and (wanted.issue is None or wanted.issue in one.issues)
        )
        if wants:
            for key in {*keys(office, by, one, day, ending, wanted.issue), "total"}:
                found[key] = [a + b for a, b in zip(found[key], counted, strict=True)]
    found["total"]
    return {key: tuple(of) for key, of in found.items()}


def keys(
    office: Office, by: By, one: Contact, day: date, ending: Ending | None, issue: str | None
) -> Iterator[object]:
    match by:
        case By.DAY:
            yield day.isoformat()
        case By.WEEK:
            yield (day - timedelta(days=day.weekday())).isoformat()
        case By.ISSUE if issue is not None:
            yield issue
        case By.ISSUE:
            yield from one.issues or (None,)
        case By.CAUSE:
            yield cause_of(office, one, ending)
        case By.POLICY:
            yield from ((said.policy, said.version) for said in (ending.said if ending else ()))
        case By.TEAM:
            yield one.team
        case By.CHANNEL:
            yield one.channel


def cause_of(office: Office, one: Contact, ending: Ending | None) -> str | None:
    if ending is None or ending.cause is not None:
        return None if ending is None or ending.cause is None else ending.cause.value
    known = office.basis.vocabulary.issues.get(one.issues[0]) if one.issues else None
    return None if known is None else known.cause.value


def a_contact(rng: random.Random, name: str) -> Contact:
    issues = rng.sample(ISSUES, rng.choice((0, 1, 1, 1, 2)))
    return Contact(
        name,
        NOON - HOUR * rng.randint(0, 200) + timedelta(minutes=rng.randint(0, 59)),
        channel=rng.choice((None, "chat", "phone")),
        customer=rng.choice((None, "c-1", "c-2", "c-3", "c-4")),
        rep=rng.choice((None, "r-1", "r-2")),
        team=rng.choice((None, "t-1", "t-2")),
        issues=tuple(issues),
    )


def an_ending(rng: random.Random) -> Ending:
    said = tuple(rng.sample(POLICIES, rng.choice((0, 1, 2))))
    return Ending(rng.random() < 0.7, rng.choice((None, *Cause)), said)


def write(office: Office, rng: random.Random) -> None:
    """Something that a CRM, a rep, an import or a publication may write."""
    names = [f"k-{n}" for n in range(25)]
    known = sorted(office.contacts)
    act = rng.choice(("put", "put", "put", "end", "end", "ask", "import", "hand over", "publish"))
    office.own.now += timedelta(minutes=1)
    if act == "publish" and rng.random() < 0.3:
        office.publish(rng.choice(ZONES), rng.choice((1, 2, 5)))
    elif act == "put" or not known:
        office.put(a_contact(rng, rng.choice(names)))
    elif act == "end":
        office.end(rng.choice(known), an_ending(rng))
    elif act == "ask":
        office.ask(rng.choice(known))
    elif act == "import":
        some = [a_contact(rng, name) for name in rng.sample(names, 3)]
        office.bring_in(some, office.own.now - HOUR * rng.randint(0, 9), an_ending(rng))
    elif act == "hand over":
        one = office.contacts[rng.choice(known)]
        office.put(replace(one, team="t-2", closed_at=NOON))


EVERY = (
    Wanted(FIRST, LAST),
    Wanted(NOON.date() - 5 * DAY, NOON.date() - DAY),
    Wanted(FIRST, LAST, team="t-1"),
    Wanted(FIRST, LAST, issue="card", channel="chat"),
    Wanted(FIRST, LAST, issue="fee"),
)


def test_figures_equal_a_full_recomputation_after_any_writes(engine: Engine) -> None:
    rng, office = random.Random(1), Office(engine)
    for turn in range(20):
        for _ in range(rng.randint(1, 8)):
            write(office, rng)
        asked = [(rng.choice(list(By)), rng.choice(EVERY))]
        for by, wanted in product(By, EVERY) if turn == 19 else asked:
            found = {key: told(one) for key, one in office.items(by, wanted).items()}

            assert found == by_hand(office, by, wanted), (by, wanted)


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


def agrees(office: Office) -> dict[object, tuple[int, ...]]:
    """What is told of all contacts by issue, which is what the raw log says."""
    found = {key: told(one) for key, one in office.items(By.ISSUE).items()}
    assert found == by_hand(office, By.ISSUE, Wanted(FIRST, LAST))
    return found


def fee(name: str, hours_ago: float, customer: str | None = "c-1") -> Contact:
    return Contact(name, NOON - HOUR * hours_ago, customer=customer, issues=("fee",))


DONE, NOT_DONE = Ending(resolved=True), Ending(resolved=False)


def test_an_outcome_of_a_contact_that_is_unknown_counts_nowhere(office: Office) -> None:
    office.put(fee("a", 5))

    with pytest.raises(NotFound):
        office.end("b", DONE)

    assert agrees(office)["total"][:2] == (1, 0)


def test_of_several_outcomes_the_newest_counts_and_one_that_is_sent_twice_counts_once(
    office: Office,
) -> None:
    office.put(fee("a", 5))
    for _ in range(2):
        once = Once("key1", "outcome", "the same", "")
        office.store.end("a", DONE, "key:key1", once, lambda _: b"")
    office.endings["a"].append((office.own.now, DONE))
    assert agrees(office)["total"][:4] == (1, 1, 1, 1)

    office.end("a", NOT_DONE)

    assert agrees(office)["total"][:4] == (1, 1, 0, 1)


def test_a_repeat_counts_before_the_first_contact_closes_and_when_the_first_comes_late(
    office: Office,
) -> None:
    office.put(fee("a", 30))
    office.put(fee("b", 10))
    office.end("b", DONE)
    assert agrees(office)["fee"][6:8] == (1, 2)

    office.put(fee("older than both", 50))
    office.end("a", DONE)

    assert agrees(office)["fee"][4:8] == (1, 2, 2, 3)


def test_a_contact_of_a_clock_ahead_of_ours_counts_when_it_says(office: Office) -> None:
    office.put(fee("a", -0.05))
    office.end("a", DONE)  # before it was opened, by our clock
    office.put(fee("midnight", -11.99, "c-2"))

    days = {key: told(one)[:2] for key, one in office.items(By.DAY).items()}

    assert days == {"2026-11-21": (2, 1), "total": (2, 1)}
    agrees(office)


def test_contacts_of_merged_customers_are_repeats_and_those_of_parted_ones_are_none(
    office: Office,
) -> None:
    office.put(fee("a", 60))
    office.put(fee("b", 20, "c-2"))
    assert agrees(office)["total"][6] == 0

    office.put(fee("b", 20, "c-1"))
    assert agrees(office)["total"][6] == 1

    office.put(fee("b", 20, None))
    assert agrees(office)["total"][6:8] == (0, 1)


def test_figures_stay_when_the_customer_goes(office: Office) -> None:
    office.put(fee("a", 60))
    office.put(fee("b", 40))
    office.end("a", replace(DONE, note="who it was", said=POLICIES[:1]))
    office.ask("b")
    before = agrees(office)

    office.erase("c-1")

    after = {key: told(one) for key, one in office.items(By.ISSUE).items()}
    assert (after, after["total"][6:10]) == (before, (1, 2, 1, 2))
    office.publish("UTC", 3)  # all is counted again
    assert {key: told(one) for key, one in office.items(By.ISSUE).items()} == before


class Meanwhile(Database):
    """Something happens between what is read and what is written of it."""

    act: Callable[[], None] | None = None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        act, self.act = self.act, None
        if act is not None:
            act()
        with super().writing() as session:
            yield session


def test_what_is_written_while_a_day_is_counted_is_counted_next(office: Office) -> None:
    office.put(fee("a", 5))
    office.keeping.look(office.basis)
    database = Meanwhile(office.own.sessions)
    database.act = lambda: office.put(fee("b", 4, "c-2"))

    FigureStore(database, lambda _: NOON, logs=90 * DAY).count(
        office.basis, CONTACT_PART, NOON.date()
    )

    assert office.keeping.changed(office.basis, CONTACT_PART, FIRST, LAST) == (NOON.date(),)
    assert agrees(office)["total"][0] == 2


def test_who_counted_older_records_writes_nothing_over_newer_figures(office: Office) -> None:
    office.put(fee("a", 5))
    office.keeping.look(office.basis)
    database = Meanwhile(office.own.sessions)

    def others() -> None:
        office.put(fee("b", 4, "c-2"))
        office.keeping.count(office.basis, CONTACT_PART, NOON.date())

    database.act = others

    FigureStore(database, lambda _: NOON, logs=90 * DAY).count(
        office.basis, CONTACT_PART, NOON.date()
    )

    assert office.keeping.changed(office.basis, CONTACT_PART, FIRST, LAST) == ()
    assert agrees(office)["total"][0] == 2


def test_a_host_that_still_has_the_older_library_does_not_count_by_it(office: Office) -> None:
    office.put(fee("a", 40))
    office.put(fee("b", 5))
    older = office.basis
    office.publish("UTC", 1)
    assert agrees(office)["total"][6] == 0

    office.keeping.look(older)

    assert office.keeping.changed(office.basis, CONTACT_PART, FIRST, LAST) == ()
    assert agrees(office)["total"][6] == 0
