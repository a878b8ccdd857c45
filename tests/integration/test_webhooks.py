"""The line of webhooks on both databases: who serves, how much is in line, how long it is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from agent_assist.core.webhooks import KEPT, Answer, DeliveryState, Endpoint, Fault, Off
from agent_assist.store import audit
from agent_assist.store.database import Database
from agent_assist.store.retention import Retention
from agent_assist.store.schema import DeliveryRow
from agent_assist.store.webhooks.deliveries import HELD, DeliveryStore, Line
from agent_assist.store.webhooks.endpoints import EndpointStore
from tests.ledgers import TestLedger

MOMENT = timedelta(seconds=1)
TAKEN, LOST = Answer(204, None, 3), Answer(None, Fault.TIMEOUT, 15_000)


class Desk:
    """A webhook's stores, and the audit that it is told of."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine)
        self.database = Database(self.own.sessions)
        self.endpoints = EndpointStore(self.database, lambda _: self.own.now)
        self.line = DeliveryStore(self.database, lambda _: self.own.now)

    def add(self, *types: str) -> Endpoint:
        made = self.endpoints.add("w1", "https://hooks.example/?s=1", types, "t", salt="s", by="p")
        assert made == self.endpoints.find("w1")
        return made

    def happen(self, number: int, act: str = "grant.capture") -> None:
        with self.own.sessions.begin() as session:
            for _ in range(number):
                audit.append(session, audit.Act("key:k", act, "subject", {}), self.own.now)

    def waiting(self) -> int:
        return self.line.lines().get("w1", Line()).waiting


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_webhook_is_served_by_one_at_a_time_and_by_another_if_that_one_is_lost(desk: Desk) -> None:
    desk.add()
    assert desk.line.ready() == ()
    desk.happen(1, "person.change")  # no event, but that is seen only when it is read
    assert desk.line.ready() == ("w1",)

    assert desk.line.hold("w1")
    assert (desk.line.hold("w1"), desk.line.ready()) == (False, ())
    desk.own.now += HELD
    assert desk.line.hold("w1")
    desk.line.line_up("w1")
    desk.line.release("w1")

    assert desk.line.ready() == ()
    desk.happen(1)
    assert desk.line.ready() == ("w1",)


def test_line_is_filled_as_far_as_there_is_room_and_nothing_is_left_out(desk: Desk) -> None:
    desk.add("grant")
    desk.happen(1, "brake.pull")
    desk.happen(510)

    for _ in range(4):
        desk.line.line_up("w1")
    assert desk.waiting() == 500

    sent = []
    while (due := desk.line.next("w1")) is not None:
        desk.line.tried("w1", due.delivery.seq, TAKEN, 0)
        desk.line.line_up("w1")
        sent.append(due.delivery.seq)
        if len(sent) == 10:
            break
    with desk.own.sessions() as session:
        placed = session.scalar(select(func.count()).select_from(DeliveryRow))
    assert sent == sorted(sent)
    assert (desk.waiting(), placed) == (500, 510)


def test_what_waits_goes_at_once_when_a_webhook_is_back_that_was_down(desk: Desk) -> None:
    desk.add("grant")
    desk.happen(3)
    desk.line.line_up("w1")
    for _ in range(3):
        due = desk.line.next("w1")
        assert due is not None
        assert not desk.line.tried("w1", due.delivery.seq, LOST, 0)
        desk.own.now += timedelta(milliseconds=1)
    assert desk.line.next("w1") is None

    desk.own.now += timedelta(seconds=5)
    first = desk.line.next("w1")
    assert first is not None
    desk.line.tried("w1", first.delivery.seq, LOST, 0)
    second = desk.line.next("w1")
    assert second is not None
    desk.line.tried("w1", second.delivery.seq, TAKEN, 0)

    again = desk.line.next("w1")
    assert again is not None
    assert again.delivery.seq == first.delivery.seq  # not in five minutes
    assert desk.endpoints.find("w1").failing_since is None


def test_what_became_of_a_try_is_noted_for_what_was_removed_or_switched_off(desk: Desk) -> None:
    desk.add("grant")
    desk.happen(1)
    desk.line.line_up("w1")
    due = desk.line.next("w1")
    assert due is not None

    desk.endpoints.switch_off("w1", Off.GONE)
    desk.endpoints.switch_off("w1", Off.FAILING)  # it is off already
    desk.line.tried("w1", due.delivery.seq, LOST, 0)
    (logged,) = desk.line.page("w1", state=DeliveryState.FAILED, limit=5, before=None)
    assert (logged.fault, logged.tries, logged.next_at) == (Fault.TIMEOUT, 1, None)
    assert desk.endpoints.find("w1").off is Off.GONE

    desk.endpoints.remove("w1", "p")
    assert not desk.line.tried("w1", due.delivery.seq, TAKEN, 0)
    with desk.own.sessions() as session:
        assert session.scalars(select(DeliveryRow)).all() == []


def test_log_is_kept_for_a_month_and_what_waits_for_as_long_as_it_waits(desk: Desk) -> None:
    desk.add("grant")
    desk.happen(2)
    desk.line.line_up("w1")
    due = desk.line.next("w1")
    assert due is not None
    desk.line.tried("w1", due.delivery.seq, TAKEN, 0)
    days = timedelta(days=90)
    retention = Retention(desk.database, lambda _: desk.own.now, keys=days, logs=days, texts=days)

    desk.own.now += KEPT
    retention.purge()
    kept = len(desk.line.page("w1", state=None, limit=9, before=None))
    desk.own.now += MOMENT
    retention.purge()

    (left,) = desk.line.page("w1", state=None, limit=9, before=None)
    assert (kept, left.state) == (2, DeliveryState.WAITING)
