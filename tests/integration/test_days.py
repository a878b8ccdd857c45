"""A day's figures are what a look at every contact, grant and act gives, on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from agent_assist.core.contact import Contact
from agent_assist.core.money import Money
from agent_assist.core.outcomes import Ending
from agent_assist.core.vocabulary import REPEAT_DAYS, Cause, Issue
from agent_assist.oversee import Day, Overseer
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.days import DayStore, Given
from agent_assist.store.once import Once
from tests.ledgers import NOON, TestLedger

TODAY, HOUR = NOON.date(), timedelta(hours=1)


class Office:
    """Contacts beside a ledger; its present is the ledger's."""

    def __init__(self, engine: Engine) -> None:
        self.ledger = TestLedger(engine)
        database = Database(self.ledger.sessions)
        self._contacts = ContactStore(database, lambda _: self.ledger.now)
        self.issues = self.ledger.vocabulary.issues
        self.overseer = Overseer(DayStore(database), now=lambda: self.ledger.now)

    def contact(
        self,
        name: str,
        hours_ago: float,
        resolved: bool | None = None,
        *,
        cause: Cause | None = None,
        customer: str | None = None,
        team: str | None = "t-1",
        issues: tuple[str, ...] = ("fee",),
    ) -> None:
        opened = NOON - HOUR * hours_ago
        self._contacts.put(
            Contact(name, opened, customer=customer or name, team=team, issues=issues)
        )
        if resolved is not None:
            self.end(name, resolved, cause)

    def end(self, name: str, resolved: bool, cause: Cause | None = None) -> None:
        once = Once("key1", "outcome", f"{name}{next(self.ledger.keys)}", "")
        self._contacts.end(name, Ending(resolved, cause), "key:key1", once, lambda _: b"")

    def day(self, day: date | None = None, team: str | None = None, zone: str = "UTC") -> Day:
        vocabulary = replace(self.ledger.vocabulary, time_zone=zone, issues=self.issues)
        return self.overseer.day(vocabulary, day, team)


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


def test_day_counts_its_own_contacts_and_the_day_before_up_to_the_same_time(
    office: Office,
) -> None:
    office.contact("late", 0.5, issues=("fee", "card"))
    office.contact("early", 12, issues=("fee",))
    office.contact("yesterday morning", 25)
    office.contact("yesterday afternoon", 20)

    today, yesterday = office.day(), office.day(TODAY - timedelta(days=1))

    assert (today.day, today.is_today, today.told.contacts, today.before.contacts) == (
        TODAY, True, 2, 1,
    )  # fmt: skip
    assert today.told.issues == Counter(fee=2, card=1)
    assert (yesterday.is_today, yesterday.told.contacts) == (False, 2)


def test_day_begins_where_the_organisation_is(office: Office) -> None:
    office.contact("before midnight in New York", 7.5)
    office.contact("after it", 6.5)

    assert office.day(zone="America/New_York").told.contacts == 1


def test_what_came_back_was_not_resolved_at_once(office: Office) -> None:
    office.contact("stays", 5, True)
    office.contact("comes back", 4, True, customer="c")
    office.contact("again", 3, customer="c", issues=("card", "fee"))
    office.contact("another issue", 2, True, customer="d", issues=("card",))
    office.contact("elsewhere", 1, customer="d", issues=("fee",))
    office.contact("not resolved", 1, False, cause=Cause.PROCESS)

    told = office.day().told

    found = (told.resolution.resolved, told.resolution.ended, told.resolution.came_back)
    assert found == (2, 4, 1)
    assert told.causes == Counter({Cause.PROCESS: 1})
    assert told.resolution.interval is not None


def test_another_contact_is_a_repeat_within_the_days_of_its_issue_alone(office: Office) -> None:
    fee, card = (Issue(key, key, Cause.PROCESS, key) for key in ("fee", "card"))
    office.issues = {"fee": replace(fee, repeat_days=2), "card": card}
    long_ago = 24 * 20
    office.contact("in time", long_ago, True, customer="a")
    office.contact("late", long_ago, True, customer="b")
    office.contact("by the library", long_ago, True, customer="c", issues=("card",))
    office.contact("too late for it", long_ago, True, customer="d", issues=("card",))
    office.contact("a again", long_ago - 48, customer="a")
    office.contact("b again", long_ago - 48.1, customer="b")
    office.contact("c again", long_ago - 24 * REPEAT_DAYS, customer="c", issues=("card",))
    office.contact("d again", long_ago - 24 * REPEAT_DAYS - 1, customer="d", issues=("card",))

    found = office.day(TODAY - timedelta(days=20)).told.resolution

    assert (found.resolved, found.ended, found.came_back, found.unsettled) == (2, 4, 2, 0)


def test_what_is_resolved_is_unsettled_for_as_long_as_it_may_be_repeated(office: Office) -> None:
    office.contact("settled", 24 * REPEAT_DAYS + 1, True)
    office.contact("at the last instant", 24 * REPEAT_DAYS, True)
    office.contact("about nothing that is known", 24 * REPEAT_DAYS, True, issues=())

    now = office.day(TODAY - timedelta(days=REPEAT_DAYS)).told.resolution
    office.ledger.now -= timedelta(seconds=1)
    before = office.day(TODAY - timedelta(days=REPEAT_DAYS)).told.resolution

    assert (now.resolved, now.unsettled) == (3, 0)
    assert (before.resolved, before.unsettled) == (3, 1)


def test_newest_outcome_of_a_contact_holds(office: Office) -> None:
    office.contact("corrected", 1, False, cause=Cause.PRODUCT)
    office.end("corrected", True, Cause.MARKETING)

    told = office.day().told

    assert (told.resolution.resolved, told.resolution.ended) == (1, 1)
    assert told.causes == Counter({Cause.MARKETING: 1})


def test_what_was_taken_back_was_not_given(office: Office) -> None:
    office.ledger.now = NOON - timedelta(hours=25)
    office.ledger.reserve(200)
    office.ledger.now = NOON
    office.ledger.reserve(300)
    office.ledger.void(office.ledger.reserve(500))
    office.ledger.reserve(1, remedy="courier_card")

    day = office.day()

    assert day.told.given == (Given(1, Money(300, "EUR")), Given(1, None))
    assert day.before.given == (Given(1, Money(200, "EUR")),)


def test_figures_of_a_team_are_its_own(office: Office) -> None:
    office.contact("ours", 1, True)
    office.contact("theirs", 1, False, team="t-2")
    office.ledger.reserve(300, team="t-2")

    ours, theirs = office.day(team="t-1"), office.day(team="t-2")

    assert (ours.told.contacts, ours.told.resolution.resolved, ours.told.given) == (1, 1, ())
    assert (theirs.told.contacts, theirs.told.resolution.resolved) == (1, 0)
    assert theirs.told.given == (Given(1, Money(300, "EUR")),)
    assert ours.teams == theirs.teams == ("t-1", "t-2")


def test_changes_are_those_of_the_day_and_the_one_before_newest_first(office: Office) -> None:
    for days in (2, 1, 0):
        office.ledger.now = NOON - timedelta(days=days)
        if days == 1:
            office.ledger.reserve(100)
        office.ledger.pull()
        office.ledger.release()

    told = [(one.at, one.type) for one in office.day().changes]
    yesterday = NOON - timedelta(days=1)
    assert told == [
        (NOON, "brake.released"),
        (NOON, "brake.pulled"),
        (yesterday, "brake.released"),
        (yesterday, "brake.pulled"),
    ]


def test_quiet_day_has_no_share(office: Office) -> None:
    told = office.day(date(2026, 1, 1)).told

    assert (told.contacts, told.resolution.interval, told.given) == (0, None, ())


def test_each_team_that_a_contact_names_is_told_once(office: Office) -> None:
    assert office.day().teams == ()

    for number, team in enumerate(("t-2", "t-10", "t-2", None, "t-1", None)):
        office.contact(f"k-{number}", 1, True, team=team)

    assert office.day().teams == ("t-1", "t-10", "t-2")
