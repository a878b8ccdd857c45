"""What is kept only so long goes once it is older, a little at a time; nothing else goes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, text

from agent_assist.store.database import Database
from agent_assist.store.once import Once
from agent_assist.store.retention import Retention
from agent_assist.store.schema import DecisionEntry, OnceRow, SuggestionEntry
from tests.approvals import TestApprovals
from tests.ledgers import NOON, TestLedger

KEYS, LOGS = timedelta(days=30), timedelta(days=90)
MOMENT = timedelta(microseconds=1)
VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
LOGGED: dict[str, Any] = {"at": NOON, "key_id": None, "level": "rep", "around": {}, **VERSIONS}


@pytest.fixture
def own(engine: Engine) -> TestLedger:
    return TestLedger(engine)


def retention(own: TestLedger, texts: timedelta = LOGS) -> Retention:
    return Retention(Database(own.sessions), lambda _: own.now, keys=KEYS, logs=LOGS, texts=texts)


def keys(own: TestLedger) -> list[str]:
    names = {hashed(name): name for name in ("k", "old", "young")}
    with own.sessions() as session:
        return sorted(names.get(key, key) for key in session.scalars(select(OnceRow.key)))


def hashed(key: str) -> str:
    return Once("", "", key, "").place["key"]


def in_flight(key: str) -> dict[str, Any]:
    return {
        "principal": "key1", "route": "POST /v1/grants", "key": key, "request_hash": "",
        "status": None, "body": None, "at": NOON,
    }  # fmt: skip


def test_a_key_lives_to_its_last_moment_and_one_in_flight_outlives_it(own: TestLedger) -> None:
    first = own.reserve(100, key="old", contact="k-1")
    with own.sessions.begin() as session:
        session.execute(insert(OnceRow), in_flight("slow"))

    own.now = NOON + KEYS
    retention(own).purge()
    assert own.reserve(100, key="old", contact="k-1") == first
    own.reserve(100, key="young")
    own.now = NOON + KEYS + MOMENT
    retention(own).purge()

    assert keys(own) == ["slow", "young"]
    assert own.reserve(100, key="old", contact="k-1") != first


def test_much_goes_in_small_transactions_and_in_one_run(own: TestLedger) -> None:
    own.reserve(key="young")
    old = NOON - KEYS - MOMENT
    many = [in_flight(str(n)) | {"status": 201, "body": b"", "at": old} for n in range(1_201)]
    with own.sessions.begin() as session:
        session.execute(insert(OnceRow), many)
    commits: list[int] = []
    event.listen(own.engine, "commit", lambda _: commits.append(len(keys(own))))

    retention(own).purge()

    assert commits[:3] == [1_202, 702, 202]  # what others saw before each of them
    assert keys(own) == ["young"]


def test_logs_go_but_for_the_suggestions_that_a_grant_or_a_request_names(own: TestLedger) -> None:
    with own.sessions.begin() as session:
        logged = {**LOGGED, "model": "", "abstained": False, "answer": {}}
        for name in ("granted", "asked", "idle"):
            session.execute(insert(SuggestionEntry), {**logged, "id": name})
        session.execute(insert(SuggestionEntry), {**logged, "id": "new", "at": NOON + MOMENT})
        for name, at in (("idle", NOON), ("new", NOON + MOMENT)):
            entry = {**LOGGED, "id": name, "at": at, "issue": "fee", "asked": {}}
            session.execute(insert(DecisionEntry), entry)
    desk = TestApprovals.over(own.engine, own)
    desk.request_raw(replace(desk.asked(1500), suggestion="asked"))
    given = replace(desk.asked(100, contact="k-2"), suggestion="granted")
    own.ledger.reserve(given, own.terms, own.once(), lambda *_: b"")

    own.now = NOON + LOGS + MOMENT
    retention(own).purge()

    with own.sessions() as session:
        left = session.scalars(select(SuggestionEntry.id).order_by(SuggestionEntry.id)).all()
        assert left == ["asked", "granted", "new"]
        assert session.scalars(select(DecisionEntry.id)).all() == ["new"]


def test_masked_texts_go_with_time_even_where_the_suggestion_stays(own: TestLedger) -> None:
    logged = {**LOGGED, "model": "", "abstained": False, "answer": {}}
    logged["texts"] = [{"turn": None, "text": "my card is gone"}]
    with own.sessions.begin() as session:
        for name, at in (("granted", NOON), ("new", NOON + MOMENT)):
            session.execute(insert(SuggestionEntry), {**logged, "id": name, "at": at})
    desk = TestApprovals.over(own.engine, own)
    given = replace(desk.asked(100), suggestion="granted")
    own.ledger.reserve(given, own.terms, own.once(), lambda *_: b"")

    own.now = NOON + LOGS + MOMENT
    retention(own).purge()

    assert texts(own) == {"granted": None, "new": logged["texts"]}


def test_a_deployment_that_keeps_no_texts_any_more_forgets_those_it_has(own: TestLedger) -> None:
    logged = {**LOGGED, "model": "", "abstained": False, "answer": {}}
    logged["texts"] = [{"turn": None, "text": "my card is gone"}]
    with own.sessions.begin() as session:
        many = [{**logged, "id": str(number)} for number in range(1_201)]
        session.execute(insert(SuggestionEntry), many)

    own.now = NOON + MOMENT
    retention(own, timedelta(0)).purge()

    assert set(texts(own).values()) == {None}
    assert len(texts(own)) == 1_201


def texts(own: TestLedger) -> dict[str, Any]:
    with own.sessions() as session:
        rows = session.execute(select(SuggestionEntry.id, SuggestionEntry.texts))
        return {row.id: row.texts for row in rows}


def test_a_retry_whose_key_goes_at_that_moment_is_a_new_request(own: TestLedger) -> None:
    first = own.reserve(100, key="k", contact="k-1")
    own.now = NOON + KEYS + MOMENT
    purged: list[bool] = []

    @event.listens_for(own.engine, "after_cursor_execute")
    def purge_meanwhile(connection: Any, _: Any, statement: str, *__: Any) -> None:
        if statement.startswith("INSERT INTO idempotency") and not purged:
            purged.append(True)
            connection.execute(text("DELETE FROM idempotency"))

    assert own.reserve(100, key="k", contact="k-1") != first
    assert keys(own) == ["k"]
