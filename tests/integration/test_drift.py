"""Drift as the log tells it, on both databases."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, insert

from agent_assist.core.intervals import wilson
from agent_assist.drift import DriftReporter, Week
from agent_assist.live import Snapshot
from agent_assist.store.database import Database
from agent_assist.store.drift import DriftStore
from agent_assist.store.schema import SuggestionEntry
from tests.ledgers import TestLedger

# A Saturday noon; in New York the week ends four or five hours later than in UTC.
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KNOWN = {"card", "fee"}


class Log:
    """Suggestions by hand."""

    def __init__(self, engine: Engine) -> None:
        self._ledger = TestLedger(engine)
        self._count = 0

    def suggest(self, at: datetime, chance: float | None, *texts: str, model: str = "m") -> None:
        self._count += 1
        matches = [] if chance is None else [{"probability": chance}]
        versions = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
        logged: dict[str, Any] = {"id": f"s{self._count}", "at": at, "model": model, **versions}
        logged |= {"key_id": None, "level": "rep", "around": {}, "answer": {"matches": matches}}
        logged |= {"abstained": chance is None or chance < 0.5}
        logged |= {"texts": [{"turn": None, "text": text} for text in texts] or None}
        with self._ledger.sessions.begin() as session:
            session.execute(insert(SuggestionEntry), logged)

    def report(self, weeks: int = 13, zone: str = "UTC") -> tuple[Week, ...]:
        live = SimpleNamespace(
            vocabulary=SimpleNamespace(time_zone=zone),
            index=SimpleNamespace(knows=KNOWN.__contains__),
        )
        store = DriftStore(Database(self._ledger.sessions))
        return DriftReporter(store, now=lambda: NOW).report(cast("Snapshot", live), weeks).weeks


@pytest.fixture
def log(engine: Engine) -> Log:
    return Log(engine)


def test_weeks_and_models_are_told_apart_the_newest_first(log: Log) -> None:
    log.suggest(NOW, 0.9, model="a")
    log.suggest(NOW, 0.8, model="b")
    log.suggest(NOW - timedelta(days=7), 0.7, model="a")
    log.suggest(NOW - timedelta(days=7 * 13), 0.7, model="a")  # too long ago

    told = [(week.monday, week.model, week.probability) for week in log.report()]

    assert told == [
        (date(2026, 11, 16), "b", 0.8),
        (date(2026, 11, 16), "a", 0.9),
        (date(2026, 11, 9), "a", 0.7),
    ]


def test_a_week_is_summed_up(log: Log) -> None:
    for chance in (0.9, 0.6, 0.2):
        log.suggest(NOW, chance, "my card took # of a zorblat fee")
    log.suggest(NOW, None)

    (week,) = log.report()

    assert (week.suggestions, week.abstained, week.probability) == (4, 2, 0.6)
    # "took" and "zorblat" stand in no text of this library; "my", "of" and "a" are no words of
    # substance, and what is masked is none at all.
    assert (week.words, week.unknown) == (12, 6)
    assert week.is_few


def test_a_week_without_texts_or_matches_tells_no_more_than_it_knows(log: Log) -> None:
    log.suggest(NOW, None)

    (week,) = log.report()

    assert (week.probability, week.words, week.unknown) == (None, 0, 0)


def test_a_week_begins_on_monday_where_the_customers_are(log: Log) -> None:
    log.suggest(datetime(2026, 11, 16, 4, 59, tzinfo=UTC), 0.9)
    log.suggest(datetime(2026, 11, 16, 5, 0, tzinfo=UTC), 0.9)

    assert [week.monday for week in log.report(zone="America/New_York")] == [
        date(2026, 11, 16),
        date(2026, 11, 9),
    ]
    assert [week.suggestions for week in log.report(weeks=1, zone="America/New_York")] == [1]


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 3, 0.0615, 0.7923),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert [round(edge, 4) for edge in wilson(hits, of)] == [low, high]
