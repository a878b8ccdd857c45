"""New issues are found in what was said where matching abstained, on both databases."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, insert

from agent_assist.discover import Discoverer, Discovery
from agent_assist.live import Snapshot
from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry
from agent_assist.store.unanswered import UnansweredStore
from tests.ledgers import TestLedger
from tests.unit.matching.small import HashingEncoder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASKED = "the parrot ate my envelope"


class Log:
    """Suggestions by hand."""

    def __init__(self, engine: Engine) -> None:
        self._ledger = TestLedger(engine)
        self._count = 0
        self.encoder = HashingEncoder()
        self.ticks = iter(range(10**6))
        self.seconds = 0.0
        store = UnansweredStore(Database(self._ledger.sessions))
        self.discoverer = Discoverer(store, now=lambda: NOW, seconds=self._tick)

    def _tick(self) -> float:
        return next(self.ticks) * self.seconds

    def suggest(
        self,
        text: str | None,
        *,
        contact: str | None = None,
        days: int = 0,
        team: str = "t-1",
        abstained: bool = True,
    ) -> None:
        self._count += 1
        around = {"team": team} | ({} if contact is None else {"contact": contact})
        logged: dict[str, Any] = {
            "id": f"s{self._count}", "at": NOW - timedelta(days=days), "model": "m", "key_id": None,
            "library_version": 1, "limits_version": 1, "budgets_version": 1, "level": "rep",
            "around": around, "answer": {"matches": []}, "abstained": abstained,
            "texts": None if text is None else [{"turn": None, "text": text}],
        }  # fmt: skip
        with self._ledger.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), logged)

    def look(self, team: str | None = None, since: date | None = None) -> Discovery:
        live = SimpleNamespace(vocabulary=self._ledger.vocabulary, encoder=self.encoder)
        return self.discoverer.look(cast("Snapshot", live), since, None, team)


@pytest.fixture
def log(engine: Engine) -> Log:
    return Log(engine)


def test_what_is_asked_again_and_again_is_found_with_its_weeks_and_contacts(log: Log) -> None:
    for number, days in enumerate([0, 1, 7, 21, 22, 22]):
        log.suggest(f"{ASKED} {number}", contact=f"k{number}", days=days)
    for number in range(30):
        log.suggest(f"word{number} thing{number} other{number}", contact=f"n{number}")

    found = log.look()

    (issue,) = found.found
    assert (found.looked, found.pending, found.is_whole) == (36, 0, True)
    assert set(issue.words) <= {"parrot", "ate", "envelope"}
    assert [count for _, count in issue.weeks] == [3, 0, 1, 2]
    assert issue.weeks[-1][0] == date(2026, 11, 16)
    assert issue.contacts[:2] == ("k0", "k1")
    assert len(issue.sentences) == 3


def test_one_customer_who_asks_on_is_no_new_issue(log: Log) -> None:
    for _ in range(9):
        log.suggest(ASKED, contact="k1")

    assert log.look().found == ()
    assert log.look().looked == 1


def test_what_was_answered_is_not_kept_or_is_another_teams_or_times_is_left_out(log: Log) -> None:
    for number in range(6):
        log.suggest(ASKED, contact=f"a{number}", abstained=False)
        log.suggest(None, contact=f"b{number}")
        log.suggest(ASKED, contact=f"c{number}", team="t-2", days=3)

    assert log.look(team="t-1").looked == 0
    assert log.look(since=NOW.date()).looked == 0
    assert [one.count for one in log.look(team="t-2").found] == [6]


def test_texts_that_there_is_no_time_to_encode_are_told_and_encoded_once(log: Log) -> None:
    for number in range(6):
        log.suggest(f"{ASKED} {number}", contact=f"k{number}")
    log.seconds = 0.4

    first = log.look()
    log.look()
    last = log.look()

    assert first.pending > 0
    assert (last.pending, last.looked) == (0, 6)
    assert len(log.encoder.encoded) == len(set(log.encoder.encoded)) == 6
