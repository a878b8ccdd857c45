"""People: the server's word on levels counts, from the next request on."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from agent_assist.core.errors import InvalidInput, NotFound, StaleVersion
from agent_assist.core.grants import OverHeadroom
from agent_assist.core.people import (
    Delegation,
    Person,
    RepInactive,
    Standing,
    UnknownPerson,
    standing,
)
from agent_assist.enrol import Roster
from agent_assist.store.database import Database
from agent_assist.store.people import PeopleStore
from agent_assist.store.schema import AuditEntry
from tests.builders import LEVELS, a_vocabulary
from tests.ledgers import NOON, TestLedger

ANNA = Person("r-1", "Anna", "rep", "t-1", customer="c-anna")
BORIS = Person("s-1", "Boris", "supervisor", "t-1")
CLARA = Person("s-2", "Clara", "supervisor", "t-1")
AWAY = Delegation("s-1", "s-2", date(2026, 11, 20), date(2026, 11, 21))


@pytest.fixture
def store(engine: Engine) -> PeopleStore:
    return PeopleStore(Database(sessionmaker(engine)), lambda _: NOON)


@pytest.fixture
def roster(store: PeopleStore) -> Roster:
    return Roster(store, vocabulary=a_vocabulary, now=lambda: NOON)


def test_people_are_kept_as_they_were_added_and_changed(
    roster: Roster, store: PeopleStore, engine: Engine
) -> None:
    roster.add(ANNA, "cli")
    roster.add(BORIS, "cli")

    roster.change("r-1", "cli", level="supervisor", team="t-2")

    assert store.find("r-1") == replace(ANNA, level="supervisor", team="t-2")
    assert roster.page(limit=1, after=None) == (store.find("r-1"),)
    assert roster.page(limit=5, after="r-1") == (BORIS,)
    with sessionmaker(engine)() as session:
        acts = session.query(AuditEntry).order_by(AuditEntry.seq).all()
        assert [(one.act, one.subject, one.content["level"]) for one in acts] == [
            ("person.add", "r-1", "rep"),
            ("person.add", "s-1", "supervisor"),
            ("person.change", "r-1", "supervisor"),
        ]
        assert "Anna" not in str([one.content for one in acts])


def test_every_fault_of_a_person_is_named_at_once(roster: Roster) -> None:
    with pytest.raises(InvalidInput) as refused:
        roster.add(Person("", " ", "king", "t" * 201, customer="\n"), "cli")

    assert {one.pointer for one in refused.value.problems} == {
        "id", "name", "level", "team", "customer",
    }  # fmt: skip


def test_an_id_is_never_used_for_two_people(roster: Roster) -> None:
    roster.add(ANNA, "cli")
    roster.change("r-1", "cli", active=False)

    with pytest.raises(InvalidInput, match="known already"):
        roster.add(replace(BORIS, id="r-1"), "cli")


def test_nobody_unknown_is_changed_or_stood_in_for(roster: Roster) -> None:
    roster.add(ANNA, "cli")

    with pytest.raises(NotFound):
        roster.change("nobody", "cli", active=False)
    roster.add(BORIS, "cli")
    with pytest.raises(InvalidInput, match="must be active"):
        roster.delegate(replace(AWAY, substitute="nobody"), "cli")
    with pytest.raises(UnknownPerson):
        roster.delegate(replace(AWAY, person="nobody"), "cli")


def test_people_cannot_be_deleted_by_hand(roster: Roster, engine: Engine) -> None:
    roster.add(ANNA, "cli")

    with pytest.raises(DBAPIError, match="never deleted"), engine.begin() as connection:
        connection.execute(text("DELETE FROM people"))


def test_a_delegation_holds_on_its_days_alone_and_can_be_ended(
    roster: Roster, store: PeopleStore
) -> None:
    roster.add(BORIS, "cli")
    roster.add(CLARA, "cli")
    roster.delegate(AWAY, "cli")
    later = replace(AWAY, first=date(2026, 12, 24), last=date(2026, 12, 30))
    roster.delegate(later, "cli")

    assert store.delegations(date(2026, 11, 19)) == ()
    assert store.delegations(date(2026, 11, 20)) == (AWAY,)
    assert store.delegations(date(2026, 11, 22)) == ()
    assert store.delegations(date(2026, 12, 30)) == (later,)
    assert roster.substitutes() == {"s-1": "s-2"}
    assert roster.end_delegations("s-1", "cli") == 2
    assert roster.substitutes() == {}
    assert roster.end_delegations("s-1", "cli") == 0


def test_nobody_stands_in_for_themselves_or_backwards_or_in_another_team(roster: Roster) -> None:
    roster.add(BORIS, "cli")
    roster.add(replace(CLARA, team="t-2"), "cli")

    with pytest.raises(InvalidInput) as refused:
        roster.delegate(Delegation("s-1", "s-1", date(2026, 1, 2), date(2026, 1, 1)), "cli")
    assert {one.code for one in refused.value.problems} == {"same_person", "out_of_range"}
    with pytest.raises(InvalidInput, match="decide for the same team"):
        roster.delegate(AWAY, "cli")


def test_what_a_request_states_counts_only_of_somebody_unknown() -> None:
    stated = Standing("manager", "t-9")

    assert standing(None, stated, LEVELS) == stated
    assert standing(ANNA, stated, LEVELS) == Standing("rep", "t-1")
    assert standing(replace(ANNA, level="gone"), stated, LEVELS) == Standing(None, "t-1")
    with pytest.raises(RepInactive):
        standing(replace(ANNA, active=False), stated, LEVELS)


def test_a_grant_is_decided_anew_when_its_rep_changed_since_it_was_read(
    engine: Engine, roster: Roster
) -> None:
    ledger = TestLedger(engine)
    roster.add(ANNA, "cli")
    assert ledger.reserve(1000, team="t-1")

    roster.change("r-1", "cli", level="supervisor")
    with pytest.raises(StaleVersion):
        ledger.reserve(100, team="t-1")
    with pytest.raises(StaleVersion):
        ledger.reserve(100, level="supervisor", team="another")
    assert ledger.reserve(1001, level="supervisor", team="t-1")

    roster.change("r-1", "cli", active=False)
    with pytest.raises(RepInactive):
        ledger.reserve(1, level="supervisor", team="t-1")


def test_somebody_unknown_is_decided_on_as_before(engine: Engine, roster: Roster) -> None:
    ledger = TestLedger(engine)
    roster.add(BORIS, "cli")

    assert ledger.reserve(1000, rep="stranger")
    with pytest.raises(OverHeadroom):
        ledger.reserve(1001, rep="stranger")
