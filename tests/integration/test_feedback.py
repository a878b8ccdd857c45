"""Feedback as it is kept, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DatabaseError

from agent_assist.core.errors import InvalidInput, KeyReused, NotFound
from agent_assist.core.feedback import Feedback, FeedbackVerdict, Opinion, settled
from agent_assist.core.suggestion import LoggedMatch
from agent_assist.store.database import Database
from agent_assist.store.feedback import FeedbackStore
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.retention import Retention
from agent_assist.store.schema import SuggestionEntry
from tests.ledgers import NOON, TestLedger

DAYS = timedelta(days=90)
COVERS = {"fees": ("fee",), "cards": ("card", "loss")}
SHOWN = {"policy": "fees", "version": 2, "issue": "fee", "probability": 0.7, "options": []}


class Desk:
    """Feedback on suggestions, over one database whose clock is set by hand."""

    def __init__(self, engine: Engine) -> None:
        self.ledger = TestLedger(engine)
        self.database = Database(self.ledger.sessions)
        self.store = FeedbackStore(self.database, lambda _: self.ledger.now)

    def suggest(self, *names: str, matches: Sequence[Any] = (SHOWN,)) -> None:
        versions = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
        logged: dict[str, Any] = {
            "at": self.ledger.now,
            "key_id": None,
            "level": "rep",
            "around": {},
            **versions,
        }
        logged |= {"model": "m", "abstained": False, "answer": {"matches": list(matches)}}
        with self.ledger.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), [{**logged, "id": name} for name in names])

    def say(self, suggestion: str, opinion: Opinion, key: str = "a") -> StoredAnswer:
        once = Once("key1", "feedback", key, str(hash((suggestion, opinion))))

        def settle(shown: Sequence[LoggedMatch]) -> Opinion:
            return settled(opinion, shown, COVERS)

        return self.store.add(suggestion, settle, "key:key1", once, _number)

    def purge(self) -> None:
        keys = {"keys": DAYS, "logs": DAYS, "texts": DAYS}
        Retention(self.database, lambda _: self.ledger.now, **keys).purge()


RIGHT = Opinion(FeedbackVerdict.RIGHT)
WRONG = Opinion(FeedbackVerdict.WRONG, rep="r-1")
OTHER = Opinion(FeedbackVerdict.OTHER, "cards", "loss", "r-1")


def _number(feedback: Feedback) -> bytes:
    return str(feedback.number).encode()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_feedback_is_kept_in_order_with_the_policy_it_is_about(desk: Desk) -> None:
    desk.suggest("s", "t")
    desk.say("s", RIGHT, "a")
    desk.say("s", OTHER, "b")
    desk.say("t", WRONG, "c")

    assert desk.store.find("s").feedback == (
        Feedback(1, NOON, "key:key1", Opinion(FeedbackVerdict.RIGHT, "fees")),
        Feedback(2, NOON, "key:key1", OTHER),
    )
    assert [one.opinion.policy for one in desk.store.find("t").feedback] == ["fees"]


def test_feedback_is_recorded_once_for_each_key(desk: Desk) -> None:
    desk.suggest("s")
    first, again = desk.say("s", RIGHT), desk.say("s", RIGHT)

    assert (first.body, first.replayed, again.body, again.replayed) == (b"1", False, b"1", True)
    with pytest.raises(KeyReused):
        desk.say("s", WRONG)


def test_refused_feedback_leaves_its_key_unused(desk: Desk) -> None:
    desk.suggest("s", matches=())
    with pytest.raises(NotFound):
        desk.say("unheard-of", RIGHT)
    with pytest.raises(InvalidInput, match="showed no policy"):
        desk.say("s", RIGHT)

    assert not desk.say("s", OTHER).replayed


def test_many_opinions_at_once_are_numbered_one_by_one(desk: Desk) -> None:
    desk.suggest("s")
    together = [Thread(target=desk.say, args=("s", RIGHT, str(key))) for key in range(6)]
    for one in together:
        one.start()
    for one in together:
        one.join()

    assert [one.number for one in desk.store.find("s").feedback] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("change", ["UPDATE feedback SET verdict = 'x'", "DELETE FROM feedback"])
def test_feedback_cannot_be_changed_while_its_suggestion_stands(
    desk: Desk, engine: Engine, change: str
) -> None:
    desk.suggest("s")
    desk.say("s", RIGHT)

    with pytest.raises(DatabaseError, match="immutable"), engine.begin() as connection:
        connection.execute(text(change))
    assert len(desk.store.find("s").feedback) == 1


def test_feedback_goes_with_its_suggestion_and_stays_with_one_that_a_grant_names(
    desk: Desk, engine: Engine
) -> None:
    desk.suggest("idle", "granted")
    for name in ("idle", "granted"):
        desk.say(name, RIGHT, name)
    own = desk.ledger
    given = own.asked(100)
    own.ledger.reserve(replace(given, suggestion="granted"), own.terms, own.once(), lambda *_: b"")

    own.now = NOON + DAYS + timedelta(microseconds=1)
    desk.purge()

    with pytest.raises(NotFound):
        desk.store.find("idle")
    assert len(desk.store.find("granted").feedback) == 1
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM feedback")) == 1
