"""Figures of suggestions say what a look at each of them does, and outlast what is deleted."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert

from agent_assist.core.contact import Contact
from agent_assist.core.feedback import FeedbackVerdict, Opinion
from agent_assist.core.measures import SuggestionsBy, Wanted, place_of
from agent_assist.core.outcomes import Ending, PolicySaid
from agent_assist.measure import Measurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.feedback import FeedbackStore
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.helped import HelpedStore
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.once import Once
from agent_assist.store.schema import PolicyVersion, SuggestionEntry
from tests.ledgers import NOON, TestLedger

ALL = Wanted(date(2026, 1, 1), date(2027, 12, 31))
LOGS = timedelta(days=90)
POLICIES = (("fees/cash", 1, "fee"), ("fees/cash", 2, "fee"), ("cards/lost", 1, "card"))


class Desk:
    """Who asks for suggestions, judges them, and says how contacts ended."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine)
        database = Database(self.own.sessions)
        self.contacts = ContactStore(database, lambda _: self.own.now)
        self.feedback = FeedbackStore(database, lambda _: self.own.now)
        measurer = Measurer(
            FigureStore(database, lambda _: self.own.now, logs=LOGS),
            MeasureStore(database),
            now=lambda: self.own.now,
            seconds=lambda: 0.0,
        )
        self.measurer = SuggestionMeasurer(measurer, HelpedStore(database))
        self.basis = Basis(1, self.own.vocabulary)
        self.shown: list[dict[str, Any]] = []
        self.opened: dict[str, datetime] = {}
        self.said: dict[str, str] = {}
        self.judged: dict[tuple[str, str], FeedbackVerdict] = {}
        with self.own.sessions.begin() as session:
            for policy, version, _ in POLICIES:
                session.add(
                    PolicyVersion(policy_id=policy, locale="en", version=version, file="f", text="")
                )

    def suggest(
        self, contact: str, at: datetime, place: int | None, *, team: str = "t-1"
    ) -> dict[str, Any]:
        matches = []
        if place is not None:
            policy, version, issue = POLICIES[place]
            matches = [
                {"policy": policy, "version": version, "issue": issue, "probability": 0.9,
                 "options": []}
            ]  # fmt: skip
        entry = {
            "id": f"sug_{len(self.shown)}", "at": at, "key_id": None, "library_version": 1,
            "limits_version": 1, "budgets_version": 1, "model": "", "level": "rep",
            "abstained": place is None, "around": {"contact": contact, "team": team},
            "answer": {"matches": matches}, "texts": None,
        }  # fmt: skip
        with self.own.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), entry)
        self.shown.append(entry)
        return entry

    def open(self, contact: str, at: datetime) -> None:
        self.contacts.put(Contact(contact, at, issues=("fee",)))
        self.opened[contact] = at

    def end(self, contact: str, policy: str) -> None:
        once = Once("key1", "outcome", f"o{next(self.own.keys)}", "")
        said = (PolicySaid(policy, 1),)
        self.contacts.end(contact, Ending(resolved=True, said=said), "k", once, lambda _: b"")
        self.said[contact] = policy

    def judge(self, suggestion: str, rep: str, verdict: FeedbackVerdict) -> None:
        once = Once("key1", "feedback", f"f{next(self.own.keys)}", "")
        opinion = Opinion(verdict, "fees/cash", None, rep)
        self.feedback.add(suggestion, lambda _: opinion, "key:key1", once, lambda _: b"")
        self.judged[suggestion, rep] = verdict

    def look(self, by: SuggestionsBy = SuggestionsBy.POLICY) -> dict[object, tuple[int, ...]]:
        found = self.measurer.look(self.basis, ALL, by)
        assert found.pending == 0
        items: dict[object, tuple[int, ...]] = {
            (one.key, one.version): (
                one.suggestions, one.abstained.count, one.right.of, one.right.count,
                one.wrong.count,
            )
            for one in found.items
        }  # fmt: skip
        helped = found.helped
        return {**items, "helped": (helped.contacts, helped.followed.count, helped.followed.of)}


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def by_hand(desk: Desk) -> dict[object, tuple[int, ...]]:
    found: dict[object, list[int]] = defaultdict(lambda: [0] * 5)
    helped: dict[str, set[str]] = defaultdict(set)
    for one in desk.shown:
        matches = one["answer"]["matches"]
        key = (matches[0]["policy"], matches[0]["version"]) if matches else (None, None)
        verdicts = Counter(v for (of, _), v in desk.judged.items() if of == one["id"])
        right = verdicts[FeedbackVerdict.RIGHT]
        more = (1, not matches, verdicts.total(), right, verdicts.total() - right)
        found[key] = [a + b for a, b in zip(found[key], more, strict=True)]
        opened = desk.opened.get(one["around"]["contact"])
        if matches and opened is not None and opened.date() == one["at"].date():
            helped[one["around"]["contact"]].add(matches[0]["policy"])
    ended = [name for name in helped if name in desk.said]
    followed = sum(desk.said[name] in helped[name] for name in ended)
    return {
        **{key: tuple(of) for key, of in found.items()},
        "helped": (len(helped), followed, len(ended)),
    }


def test_figures_equal_a_full_recomputation_after_any_writes(desk: Desk) -> None:
    rng = random.Random(3)
    for _ in range(12):
        for _ in range(rng.randint(2, 8)):
            desk.own.now += timedelta(minutes=rng.choice((1, 50, 400)))
            name = f"k-{rng.randrange(8)}"
            act = rng.choice(("suggest", "suggest", "suggest", "open", "end", "judge"))
            late = desk.own.now - timedelta(minutes=rng.choice((0, 0, 30)))
            if act == "suggest":
                desk.suggest(name, late, rng.choice((None, 0, 1, 2)))
            elif act == "open":
                desk.open(name, late)
            elif act == "end" and name in desk.opened:
                desk.end(name, rng.choice(POLICIES)[0])
            elif act == "judge" and desk.shown:
                suggestion = rng.choice(desk.shown)["id"]
                desk.judge(suggestion, rng.choice("ab"), rng.choice(list(FeedbackVerdict)))

        assert desk.look() == by_hand(desk)


def test_figures_outlast_the_suggestions_that_are_deleted(desk: Desk) -> None:
    kept = desk.suggest("k-1", NOON, 0)
    desk.suggest("k-2", NOON, None)
    before = desk.look()
    with desk.own.sessions.begin() as session:
        session.execute(delete(SuggestionEntry).where(SuggestionEntry.id != kept["id"]))
    desk.own.now += LOGS

    desk.judge(kept["id"], "a", FeedbackVerdict.RIGHT)

    assert desk.look() == before
    desk.basis = Basis(2, desk.own.vocabulary)
    assert desk.look() == before


def test_the_wait_is_from_the_opening_to_the_first_policy_that_was_shown(desk: Desk) -> None:
    desk.open("k-1", NOON)
    desk.suggest("k-1", NOON + timedelta(seconds=5), None)
    desk.suggest("k-1", NOON + timedelta(seconds=40), 0)
    desk.suggest("k-1", NOON + timedelta(seconds=90), 2)

    helped = desk.measurer.look(desk.basis, ALL, SuggestionsBy.DAY).helped

    assert (helped.contacts, helped.waited, helped.followed.of) == (1, 60, 0)
    assert place_of(60) == place_of(31) == 2
