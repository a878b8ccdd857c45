"""What feedback and outcomes teach, on both databases."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, insert

from agent_assist.core.contact import Speaker, Turn
from agent_assist.learn import Learnt, learn_feedback, learn_outcomes, lines_of, remembered
from agent_assist.live import Snapshot
from agent_assist.matching.cases import Case, read_cases
from agent_assist.matching.lessons import Labelled, Lessons
from agent_assist.store.appraised import AppraisedStore
from agent_assist.store.database import Database
from agent_assist.store.schema import ContactRow, FeedbackRow, OutcomeRow, SuggestionEntry
from tests.ledgers import NOON, TestLedger

COVERS = {"fees": ("fee", "cash"), "fees/abroad": ("fee",), "cards": ("loss",)}
SNAPSHOT = cast(
    "Snapshot",
    SimpleNamespace(
        policies={
            key: SimpleNamespace(policy=SimpleNamespace(issues=issues))
            for key, issues in COVERS.items()
        },
        vocabulary=SimpleNamespace(issues={"fee": 1, "cash": 1, "loss": 1}),
    ),
)
SPOKEN = (
    {"turn": 4, "text": "a fee was taken"},
    {"turn": 4, "text": "for cash abroad"},
    {"turn": 0, "text": "my card is gone"},
)


def shown(policy: str, *turns: int, role: str = "main") -> dict[str, Any]:
    match = {"policy": policy, "version": 1, "issue": COVERS.get(policy, ("x",))[0]}
    return {**match, "role": role, "turns": list(turns), "probability": 0.7, "options": []}


TWO = (shown("fees", 4), shown("cards", 0, role="earlier"))
ABOUT_FEES = (Turn(Speaker.CUSTOMER, "a fee was taken\nfor cash abroad"),)
ABOUT_CARDS = (Turn(Speaker.CUSTOMER, "my card is gone"),)


class Desk:
    """Suggestions and what became of them, by hand."""

    def __init__(self, engine: Engine) -> None:
        self._sessions = TestLedger(engine).sessions
        self.store = AppraisedStore(Database(self._sessions))

    def suggest(
        self,
        name: str,
        matches: Sequence[Any] = TWO,
        texts: Sequence[Any] | None = SPOKEN,
        contact: str | None = None,
    ) -> None:
        versions = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
        logged: dict[str, Any] = {
            "id": name,
            "at": NOON,
            "key_id": None,
            "level": "rep",
            "model": "m",
            **versions,
        }
        around = {} if contact is None else {"contact": contact}
        logged |= {"around": around, "abstained": False, "answer": {"matches": list(matches)}}
        self._insert(SuggestionEntry, logged | {"texts": None if texts is None else list(texts)})

    def say(self, suggestion: str, verdict: str, policy: str, number: int = 1, **more: str) -> None:
        said = {"suggestion": suggestion, "number": number, "at": NOON, "by": "key:k"}
        self._insert(FeedbackRow, {**said, "verdict": verdict, "policy": policy, **more})

    def end(self, contact: str, *outcomes: tuple[bool, tuple[str, ...]]) -> None:
        self._insert(ContactRow, {"external_id": contact, "opened_at": NOON, "issues": []})
        for number, (resolved, said) in enumerate(outcomes, start=1):
            policies = [{"policy": one, "version": 1} for one in said]
            told = {"contact": contact, "number": number, "at": NOON, "by": "k", "given": []}
            self._insert(OutcomeRow, {**told, "resolved": resolved, "said": policies})

    def learn(self) -> Learnt:
        return learn_feedback(self.store, SNAPSHOT)

    def _insert(self, table: Any, row: dict[str, Any]) -> None:
        with self._sessions.begin() as session:
            session.execute(insert(table), row)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_what_is_right_is_learned_with_the_turns_that_it_answered(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "right", "fees", rep="r-1")
    desk.say("s", "right", "cards", 2, rep="r-2")

    assert desk.learn() == Learnt(
        (Case(ABOUT_FEES, policies=("fees",)), Case(ABOUT_CARDS, policies=("cards",))), 0, 0, 0
    )


def test_what_it_should_have_been_is_learned_with_what_is_asked_now(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "other", "fees/abroad")

    assert desk.learn().cases == (Case(ABOUT_FEES, policies=("fees/abroad",)),)


def test_an_issue_is_learned_where_one_policy_alone_covers_it(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "right", "fees", rep="r-1", issue="cash")
    desk.say("s", "right", "fees", 2, rep="r-2", issue="fee")

    assert desk.learn().cases == (
        Case(ABOUT_FEES, issue="cash"),
        Case(ABOUT_FEES, policies=("fees",)),
    )


def test_a_plain_text_is_learned_whole(desk: Desk) -> None:
    texts = ({"turn": None, "text": "my card"}, {"turn": None, "text": "is gone"})
    desk.suggest("s", (shown("fees"),), texts)
    desk.say("s", "other", "cards")

    assert desk.learn().cases == (Case("my card\nis gone", policies=("cards",)),)


def test_what_is_wrong_teaches_nothing_and_counts(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "wrong", "fees")

    assert desk.learn() == Learnt((), 1, 0, 0)


def test_of_one_person_the_newest_opinion_is_learned(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "right", "fees", rep="r-1")
    desk.say("s", "other", "cards", 2, rep="r-1")

    assert desk.learn().cases == (Case(ABOUT_CARDS, policies=("cards",)),)


def test_without_a_text_or_its_policy_nothing_is_learned_and_it_counts(desk: Desk) -> None:
    desk.suggest("old", texts=None)
    desk.say("old", "right", "fees")
    desk.suggest("gone", (shown("left", 4),))
    desk.say("gone", "right", "left")

    assert desk.learn() == Learnt((), 0, 1, 1)


def test_a_contact_that_one_policy_resolved_is_a_weak_label(desk: Desk) -> None:
    desk.suggest("first", contact="4711")
    desk.suggest("newest", (shown("fees", 0),), contact="4711")
    desk.suggest("other", contact="4712")
    desk.end("4711", (False, ()), (True, ("fees",)))

    found = learn_outcomes(desk.store, SNAPSHOT)

    assert found == Learnt((Case(ABOUT_CARDS, policies=("fees",)),), 0, 0, 0)


@pytest.mark.parametrize(
    "outcomes",
    [
        [(False, ("fees",))],
        [(True, ("fees",)), (False, ("fees",))],
        [(True, ("fees", "cards"))],
        [(True, ())],
        [(True, ("fees/abroad",))],
        [],
    ],
)
def test_no_other_contact_teaches_anything(desk: Desk, outcomes: Any) -> None:
    desk.suggest("s", contact="4711")
    desk.end("4711", *outcomes)

    assert learn_outcomes(desk.store, SNAPSHOT) == Learnt((), 0, 0, 0)


def test_who_says_what_was_right_outweighs_how_the_contact_ended(desk: Desk) -> None:
    desk.suggest("s", contact="4711")
    desk.end("4711", (True, ("fees",)))
    desk.say("s", "other", "cards")

    assert learn_outcomes(desk.store, SNAPSHOT).cases == ()


def test_what_is_learned_can_be_read_again_as_lines(desk: Desk) -> None:
    desk.suggest("s")
    desk.say("s", "right", "fees", rep="r-1", issue="cash")
    desk.say("s", "other", "cards", 2, rep="r-2")
    cases = (
        *desk.learn().cases,
        Case("what is the weather"),
        Case("é", policies=("fees", "cards")),
    )

    again = read_cases(lines_of(cases), issues=SNAPSHOT.vocabulary.issues, policies=COVERS)

    assert again == cases


def test_what_was_learned_before_is_remembered_as_far_as_the_library_has_it() -> None:
    lessons = Lessons(
        (Labelled("a", "fee"), Labelled("b", "left"), Labelled("c", policies=("cards", "left"))),
        ("d",),
    )

    assert remembered(lessons, SNAPSHOT) == (Case("a", issue="fee"), Case("d"))
