"""Wordings are compared by what a look at each contact says."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from agent_assist.core.contact import Contact
from agent_assist.core.outcomes import Ending
from agent_assist.core.wording_trial import Assigned
from agent_assist.core.wordings import Wording
from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry
from agent_assist.store.wordings import WordingStore

from .test_measures import DAY, HOUR, ISSUES, Office

PAIR = "0123456789abcdef"


class Desk(Office):
    """An office whose contacts are told one of two wordings."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.wordings = WordingStore(Database(self.own.sessions))
        self.told: dict[str, Wording] = {}
        self.logged = 0

    def suggest(self, contact: str | None, wording: Wording, pair: str | None = PAIR) -> None:
        self.logged += 1
        entry = {
            "id": f"sug_{self.logged}", "at": self.own.now, "key_id": None, "library_version": 1,
            "limits_version": 1, "budgets_version": 1, "model": "", "level": "rep",
            "abstained": False, "around": {} if contact is None else {"contact": contact},
            "answer": {"matches": []}, "texts": None, "pair": pair,
            "wording": None if pair is None else wording.value,
        }  # fmt: skip
        with self.own.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), entry)
        if contact is not None and pair == PAIR:
            self.told[contact] = wording

    def look(self, team: str | None = None) -> list[Assigned]:
        window = self.basis.vocabulary.repeat_window
        return _ordered(self.wordings.assigned(PAIR, team, window, self.own.now))


def _ordered(contacts: list[Assigned]) -> list[Assigned]:
    return sorted(contacts, key=str)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def by_hand(desk: Desk, team: str | None) -> list[Assigned]:
    vocabulary = desk.basis.vocabulary
    found = []
    for one in desk.contacts.values():
        if one.external_id not in desk.told or team not in (None, one.team):
            continue
        default = [timedelta(days=vocabulary.repeat_days)]
        longest = max([vocabulary.repeat_window(issue) for issue in one.issues] or default)
        outcomes = desk.endings[one.external_id]
        found.append(
            Assigned(
                wording=desk.told[one.external_id],
                settled=one.opened_at + longest < desk.own.now,
                named=one.customer is not None,
                repeated=any(
                    one.customer == other.customer
                    and one.opened_at < other.opened_at <= one.opened_at + window
                    for other in desk.contacts.values()
                    if one.customer is not None
                    for window in map(
                        vocabulary.repeat_window, {*one.issues} & {*other.issues}
                    )
                ),
                ended=bool(outcomes),
                resolved=bool(outcomes) and outcomes[-1][1].resolved,
                escalated=one.external_id in desk.asked,
            )
        )  # fmt: skip
    return _ordered(found)


def test_what_became_of_contacts_equals_a_look_at_each_of_them(desk: Desk) -> None:
    rng = random.Random(7)
    for turn in range(120):
        desk.own.now += rng.choice((HOUR, 5 * HOUR, DAY))
        name = f"k-{rng.randrange(30)}"
        wording = list(Wording)[hash_of(name)]
        act = rng.choice(("suggest", "suggest", "put", "put", "end", "ask"))
        if act == "suggest":
            pair = rng.choice((PAIR, PAIR, "another", None))
            desk.suggest(rng.choice((name, name, None)), wording, pair)
        elif act == "put":
            desk.put(_contact(name, desk.own.now - rng.choice((0, 1, 9)) * HOUR, rng))
        elif name in desk.contacts and act == "end":
            desk.end(name, Ending(resolved=rng.random() < 0.7))
        elif name in desk.contacts:
            desk.ask(name)
        if turn % 20 == 19:
            for team in (None, "t-1"):
                assert desk.look(team) == by_hand(desk, team)
    assert len({one.wording for one in desk.look()}) == 2
    assert any(one.repeated for one in desk.look())


def test_an_erasure_leaves_the_comparison_as_it_was(desk: Desk) -> None:
    for number in range(3):
        contact = Contact(f"k-{number}", desk.own.now, customer="c-1", issues=("fee",))
        desk.suggest(contact.external_id, Wording.ALTERNATIVE)
        desk.put(contact)
        desk.own.now += HOUR
    before = desk.look()

    desk.erase("c-1")

    assert [one.repeated for one in before].count(True) == 2
    assert desk.look() == before


def hash_of(name: str) -> int:
    return int(name.removeprefix("k-")) % 2


def _contact(name: str, opened: datetime, rng: random.Random) -> Contact:
    return Contact(
        name,
        opened,
        customer=rng.choice((None, "c-1", "c-2", "c-3", "c-4")),
        team=rng.choice((None, "t-1", "t-2")),
        issues=tuple(rng.sample(ISSUES, rng.randint(0, 2))),
    )
