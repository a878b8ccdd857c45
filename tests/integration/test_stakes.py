"""Money at risk is what a look at the raw rows gives, on both databases."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from agent_assist import weigh as weighing
from agent_assist.core.contact import Contact
from agent_assist.core.errors import InvalidInput, NotFound
from agent_assist.core.outcomes import Ending
from agent_assist.core.stake_counts import Tally
from agent_assist.core.stakes import Stakes
from agent_assist.core.vocabulary import Cause
from agent_assist.measure import Measurer
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.once import Once
from agent_assist.store.schema import (
    ContactRow,
    GrantEntry,
    GrantRow,
    OutcomeRow,
    SuggestionEntry,
)
from agent_assist.store.stakes import StakeStore
from agent_assist.weigh import Asked, Brief, Weigher
from tests.ledgers import NOON, TestLedger

DAY = timedelta(days=1)
TODAY = NOON.date()


class Bureau:
    """Contacts and what was given in them, weighed at noon."""

    def __init__(self, engine: Engine) -> None:
        self.ledger = TestLedger(engine)
        self.database = Database(self.ledger.sessions)
        self._contacts = ContactStore(self.database, lambda _: self.ledger.now)
        self.vocabulary = self.ledger.vocabulary
        self.basis = Basis(1, self.vocabulary)
        self.measurer = Measurer(
            FigureStore(self.database, lambda _: self.ledger.now, logs=90 * DAY),
            MeasureStore(self.database),
            now=lambda: NOON,
            seconds=lambda: 0.0,
        )
        self.weigher = Weigher(self.measurer, StakeStore(self.database))

    def contact(
        self,
        name: str,
        days_ago: float,
        *outcomes: bool,
        customer: str | None = None,
        team: str = "t-1",
        issues: tuple[str, ...] = ("fee",),
        cause: Cause | None = None,
    ) -> None:
        opened = NOON - DAY * days_ago
        self._contacts.put(Contact(name, opened, customer=customer, team=team, issues=issues))
        for number, resolved in enumerate(outcomes):
            once = Once("key1", "outcome", f"{name}/{number}", "")
            self._contacts.end(name, Ending(resolved, cause), "key:key1", once, lambda _: b"")

    def said(self, contact: str, sentence: str) -> None:
        logged: dict[str, Any] = {"id": f"{contact}/{sentence}", "at": self.ledger.now}
        logged |= {"library_version": 1, "limits_version": 1, "budgets_version": 1}
        logged |= {"key_id": None, "level": "rep", "model": "m", "abstained": False, "answer": {}}
        logged |= {"around": {"contact": contact}, "texts": [{"turn": None, "text": sentence}]}
        with self.ledger.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), logged)

    def stakes(self, asked: Asked | None = None) -> Stakes:
        return self.weigher.look(self.basis, asked or Asked())[1]

    def brief(self, issue: str = "fee") -> Brief:
        return self.weigher.brief(self.basis, issue, Asked())


@pytest.fixture
def bureau(engine: Engine) -> Bureau:
    return Bureau(engine)


def test_stakes_are_those_of_the_raw_rows(bureau: Bureau) -> None:
    chance = Random(11)
    for number in range(100):
        bureau.contact(
            f"k-{number}",
            chance.uniform(0, 100),
            *(chance.random() < 0.6 for _ in range(chance.randrange(3))),
            customer=f"c-{chance.randrange(30)}",
            team=chance.choice(["t-1", "t-2"]),
            issues=tuple(chance.sample(["fee", "card", "other"], chance.randrange(1, 3))),
            cause=chance.choice([None, *Cause]),
        )
    for number in range(0, 100, 5):
        grant = bureau.ledger.reserve(300, contact=f"k-{number}", customer=f"g-{number}")
        if number % 2:
            bureau.ledger.void(grant)

    for team in (None, "t-2"):
        found = bureau.stakes(Asked(team=team))

        told = {(one.issue, one.cause): (one.tally, one.given.contacts) for one in found.items}
        assert told == _by_hand(bureau, team)
        assert sum(given for _, given in told.values()) > 0
        assert found.total.tally.came_back > 0


def _by_hand(bureau: Bureau, team: str | None) -> dict[tuple[str, Cause | None], tuple[Tally, int]]:
    """The same, by looking at each contact and at each that may repeat it."""
    with bureau.ledger.sessions() as session:
        contacts = session.scalars(select(ContactRow)).all()
        outcomes = session.scalars(select(OutcomeRow).order_by(OutcomeRow.number)).all()
        ended = {one.contact: one for one in outcomes}
        entries = session.scalars(select(GrantEntry)).all()
        given = {
            (grant.contact, grant.issue)
            for grant in session.scalars(select(GrantRow))
            if grant.amount > sum(one.released for one in entries if one.grant_id == grant.id)
        }
    counts: dict[tuple[str, Cause | None], Counter[str]] = {}
    for one in contacts:
        if one.opened_at < NOON.replace(hour=0) - 90 * DAY or team not in (None, one.team):
            continue
        back = any(
            set(other.issues) & set(one.issues)
            and one.opened_at < other.opened_at <= one.opened_at + 14 * DAY
            for other in contacts
            if other.customer == one.customer
        )
        end = ended.get(one.external_id)
        for issue in one.issues:
            cause = Cause(end.cause) if end and end.cause else Cause.PROCESS
            seen = counts.setdefault((issue, cause), Counter())
            seen["contacts"] += 1
            seen["ended"] += end is not None
            seen["unresolved"] += end is not None and not end.resolved
            seen["back"] += end is not None and end.resolved and back
            seen["given"] += (one.external_id, issue) in given
    return {
        key: (Tally(n["contacts"], n["ended"], n["unresolved"], n["back"]), n["given"])
        for key, n in counts.items()
    }


def test_days_before_the_first_contact_are_no_days_without_contacts(bureau: Bureau) -> None:
    bureau.contact("first", 10, False)

    look, _ = bureau.weigher.look(bureau.basis, Asked())

    assert (look.since, look.until, look.days) == (TODAY - 10 * DAY, TODAY, 11)


def test_what_changes_is_weighed_anew(bureau: Bureau) -> None:
    bureau.contact("first", 3, True, customer="c")
    before = bureau.stakes().total

    grant = bureau.ledger.reserve(300, contact="first")
    given = bureau.stakes().total
    bureau.ledger.void(grant)
    bureau.contact("again", 2, customer="c")
    after = bureau.stakes().total

    assert (before.tally, before.given) == (Tally(1, 1, 0, 0), Tally())
    assert (given.tally, given.given) == (Tally(1, 1, 0, 0), Tally(1, 1, 0, 0))
    assert (after.tally, after.given) == (Tally(2, 1, 0, 1), Tally())


def test_days_that_are_not_counted_yet_are_told(bureau: Bureau) -> None:
    for number in range(3):
        bureau.contact(f"k-{number}", number, False)
    moments = iter([0.0, 0.0, 1.0, 2.0])
    bureau.measurer._seconds = lambda: next(moments)

    look, found = bureau.weigher.look(bureau.basis, Asked())

    assert look.pending == 3 - found.total.tally.contacts == 2


def test_lost_contacts_are_named_as_they_are_now_the_newest_first(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        bureau.contact(f"k-{number}", number, number % 2 == 0, cause=Cause.PRODUCT)
    monkeypatch.setattr(weighing, "LOST", 2)

    brief = bureau.brief()

    assert [(one.id, one.came_back, one.cause) for one in brief.lost] == [
        ("k-1", False, Cause.PRODUCT), ("k-3", False, Cause.PRODUCT)
    ]  # fmt: skip


def test_team_is_weighed_by_its_own_contacts(bureau: Bureau) -> None:
    bureau.contact("own", 1, False)
    bureau.contact("other", 1, False, team="t-2")

    assert bureau.stakes(Asked(team="t-2")).total.tally.contacts == 1


def test_time_that_ends_before_it_begins_is_refused(bureau: Bureau) -> None:
    with pytest.raises(InvalidInput, match="since"):
        bureau.stakes(Asked(since=TODAY, until=TODAY - DAY))


def test_brief_quotes_each_contact_that_was_lost_once_and_no_other(bureau: Bureau) -> None:
    bureau.contact("lost", 1, False)
    bureau.contact("same words", 1, False)
    bureau.contact("came back", 3, True, customer="c")
    bureau.contact("again", 2, customer="c")
    bureau.contact("won", 1, True)
    bureau.contact("elsewhere", 1, False, issues=("card",))
    bureau.said("lost", "first words")
    bureau.ledger.now += DAY
    for contact in ("lost", "same words"):
        bureau.said(contact, "newest words")
    for contact in ("came back", "again", "won", "elsewhere"):
        bureau.said(contact, contact)

    brief = bureau.brief()

    assert sorted(brief.sentences) == ["came back", "newest words"]
    assert brief.stakes.total.tally == Tally(5, 4, 2, 1)
    assert [one.id for one in brief.lost] == ["lost", "same words", "came back"]


def test_brief_tells_every_week_and_what_was_given(bureau: Bureau) -> None:
    bureau.contact("old", 14, False)
    bureau.contact("new", 1, True)
    bureau.ledger.reserve(300, contact="new")
    bureau.ledger.reserve(200, contact="old", customer="c-2")
    bureau.ledger.reserve(100, contact="unknown", customer="c-3")

    brief = bureau.brief()

    assert [one.tally.contacts for one in brief.weeks] == [1, 0, 1]
    assert brief.weeks[0].monday.isoweekday() == 1
    (gave,) = brief.given
    assert (gave.remedy, gave.grants, gave.amount, gave.cost) == ("fee_waiver", 2, 500, 500)


def test_brief_of_what_nobody_knows_is_not_found(bureau: Bureau) -> None:
    bureau.contact("past", 1, False, issues=("forgotten",))

    assert bureau.brief("forgotten").name == "forgotten"
    assert bureau.brief("card").weeks == ()
    with pytest.raises(NotFound):
        bureau.brief("unheard_of")
