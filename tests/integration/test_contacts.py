"""Contacts and outcomes as they are kept, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import sessionmaker

from agent_assist.core.contact import Contact
from agent_assist.core.errors import InvalidInput, KeyReused, NotFound
from agent_assist.core.outcomes import Ending, Outcome, PolicySaid
from agent_assist.core.vocabulary import Cause
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.schema import PolicyVersion
from tests.ledgers import NOON, TestLedger

CHAT = Contact(
    external_id="4711",
    opened_at=NOON - timedelta(minutes=9),
    channel="chat",
    locale="en",
    customer="c-1",
    rep="r-1",
    team="t-1",
    issues=("fee", "card"),
)


class Desk:
    """Contacts beside a ledger, over one database."""

    def __init__(self, engine: Engine) -> None:
        self.ledger = TestLedger(engine)
        self.store = ContactStore(Database(sessionmaker(engine)), lambda _: self.ledger.now)
        with sessionmaker(engine).begin() as session:
            session.add(PolicyVersion(policy_id="fees", locale="en", version=2, file="", text=""))

    def end(self, ending: Ending, contact: str = "4711", key: str = "a") -> StoredAnswer:
        once = Once("key1", "outcome", key, str(hash((contact, ending))))
        return self.store.end(contact, ending, "key:key1", once, _number)


def _number(outcome: Outcome) -> bytes:
    return str(outcome.number).encode()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_contact_is_what_was_last_said_of_it(desk: Desk) -> None:
    desk.store.put(CHAT)
    closed = Contact("4711", CHAT.opened_at, closed_at=NOON)

    desk.store.put(closed)

    assert desk.store.find("4711").contact == closed


def test_putting_a_contact_again_keeps_its_outcomes(desk: Desk) -> None:
    desk.store.put(CHAT)
    desk.end(Ending(resolved=True))

    again = desk.store.put(CHAT)

    assert again.contact == CHAT
    assert [one.number for one in again.outcomes] == [1]


def test_an_outcome_is_kept_with_all_it_says(desk: Desk) -> None:
    desk.store.put(CHAT)
    grant = desk.ledger.reserve(contact="4711")
    told = Ending(
        resolved=True,
        cause=Cause.MARKETING,
        said=(PolicySaid("fees", 2),),
        given=(grant,),
        note="Showed where the app warns",
    )

    desk.end(told)

    assert desk.store.find("4711").outcomes == (Outcome("4711", 1, NOON, "key:key1", told),)


def test_a_correction_is_another_outcome(desk: Desk) -> None:
    desk.store.put(CHAT)
    desk.end(Ending(resolved=True), key="a")

    desk.end(Ending(resolved=False, cause=Cause.PRODUCT), key="b")

    found = desk.store.find("4711").outcomes
    assert [(one.number, one.ending.resolved) for one in found] == [(1, True), (2, False)]


def test_an_outcome_is_recorded_once_for_each_key(desk: Desk) -> None:
    desk.store.put(CHAT)
    first = desk.end(Ending(resolved=True))

    again = desk.end(Ending(resolved=True))

    assert (first.body, first.replayed) == (b"1", False)
    assert (again.body, again.replayed) == (b"1", True)
    assert len(desk.store.find("4711").outcomes) == 1
    with pytest.raises(KeyReused):
        desk.end(Ending(resolved=False))


def test_an_outcome_needs_a_contact_that_is_known(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.end(Ending(resolved=True), contact="unheard-of")
    with pytest.raises(NotFound):
        desk.store.find("unheard-of")


def test_what_an_outcome_names_must_be_there_and_of_this_contact(desk: Desk) -> None:
    desk.store.put(CHAT)
    elsewhere = desk.ledger.reserve(contact="4712")

    with pytest.raises(InvalidInput) as caught:
        desk.end(
            Ending(
                resolved=True,
                said=(PolicySaid("fees", 2), PolicySaid("fees", 3), PolicySaid("no", 2)),
                given=("grt_no", elsewhere),
            )
        )

    assert [(one.pointer, one.code) for one in caught.value.problems] == [
        ("/said/1", "unknown_policy_version"),
        ("/said/2", "unknown_policy_version"),
        ("/given/0", "unknown_grant"),
        ("/given/1", "other_contact"),
    ]
    assert desk.store.find("4711").outcomes == ()
    assert not desk.end(Ending(resolved=True)).replayed  # the refusal left its key unused


@pytest.mark.parametrize("change", ["UPDATE outcomes SET resolved = false", "DELETE FROM outcomes"])
def test_an_outcome_cannot_be_changed(desk: Desk, engine: Engine, change: str) -> None:
    desk.store.put(CHAT)
    desk.end(Ending(resolved=True))

    with pytest.raises(DatabaseError, match="immutable"), engine.begin() as connection:
        connection.execute(text(change))
