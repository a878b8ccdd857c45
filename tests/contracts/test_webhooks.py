"""Webhooks over the API: made, told of events, tested, sent again, and given another secret."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from agent_assist.admit import Scope
from agent_assist.core.webhooks import KEPT, OVERLAP, may_reach
from agent_assist.deliver import Courier
from agent_assist.post import Poster
from agent_assist.store.clock import database_clock
from agent_assist.store.database import Database
from agent_assist.store.events import EventStore
from agent_assist.store.webhooks.deliveries import DeliveryStore
from agent_assist.store.webhooks.endpoints import EndpointStore
from agent_assist.web import Services
from tests.receiving import SLOW, Receiver, receiving

from .conftest import LOOPBACK, HandClock, resolve

MOMENT = timedelta(seconds=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def admin(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    return make_client(Scope.SYSTEMS, Scope.EVENTS, Scope.BRAKE, Scope.AUDIT)


@dataclass
class Desk:
    """An administrator, the courier, and the time."""

    admin: FlaskClient
    courier: Courier
    clock: HandClock
    _keys: Iterator[int] = field(default_factory=count)

    def make(self, url: str, *types: str) -> Any:
        asked = {"url": url, "types": list(types), "description": "test"}
        return self.admin.post("/v1/webhooks", json=asked)

    def happen(self, reason: str = "too much") -> None:
        """Two events: a brake is pulled and released."""
        for path in ("/v1/brake", "/v1/brake/release"):
            key = {"Idempotency-Key": f"k{next(self._keys)}"}
            body = {"reason": reason, "by": {"id": "sam"}}
            assert self.admin.post(path, json=body, headers=key).status_code < 300

    def later(self, passed: timedelta = MOMENT) -> None:
        """Let time pass, then a turn."""
        self.clock.at += passed
        self.courier.turn()

    def get(self, path: str) -> Any:
        return self.admin.get(path).get_json()

    def log(self, webhook: Any, query: str = "") -> Any:
        return self.get(f"/v1/webhooks/{webhook['id']}/deliveries{query}")["items"]

    def replay(self, webhook: Any, **which: str) -> Any:
        return self.admin.post(f"/v1/webhooks/{webhook['id']}/replay", json=which)


@pytest.fixture
def desk(admin: FlaskClient, services: Services, database: Database, clock: HandClock) -> Desk:
    own = database_clock(clock)
    courier = Courier(
        EndpointStore(database, own),
        DeliveryStore(database, own),
        EventStore(database),
        secrets=services.subscriber.secrets,
        poster=Poster(lambda one: may_reach(one, LOOPBACK), seconds=1, resolve=resolve),
        spawn=lambda run: run(),
    )
    return Desk(admin, courier, clock)


def verified(receiver: Receiver, secret: str, number: int = -1) -> Any:
    """What a message says, if it is signed with a secret; read without looking at the clock."""
    headers, body = receiver.messages[number]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signed = Webhook(secret).sign(headers["webhook-id"], at, body.decode())
    if signed not in headers["webhook-signature"].split():
        raise WebhookVerificationError("no signature fits")
    return json.loads(body)


def test_events_are_posted_in_order_signed_and_as_the_feed_tells_them(
    desk: Desk, receiver: Receiver
) -> None:
    desk.happen("before it was there")
    made = desk.make(receiver.url)
    webhook = made.get_json()
    desk.happen()

    desk.later()
    desk.later()

    feed = desk.get("/v1/events")["items"][-2:]
    told = [verified(receiver, webhook["secret"], number) for number in (0, 1)]
    assert made.status_code == 201
    assert [one["data"] for one in told] == feed
    assert [(one["type"], one["timestamp"]) for one in told] == [
        (one["type"], one["at"]) for one in feed
    ]
    assert receiver.ids == [f"evt_{webhook['id']}_{one['cursor']}" for one in feed]
    assert [(one["state"], one["tries"], one["status"]) for one in desk.log(webhook)] == [
        ("delivered", 1, 204)
    ] * 2
    assert "too much" not in str(receiver.messages)
    assert webhook["secret"] not in str(desk.get("/v1/webhooks"))


def test_only_the_types_that_are_wanted_are_posted(desk: Desk, receiver: Receiver) -> None:
    desk.make(receiver.url, "brake.released", "grant")
    desk.happen()

    desk.later()

    assert [b'"type":"brake.released"' in body for _, body in receiver.messages] == [True]


def test_what_failed_is_sent_again_later_under_its_id(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url, "brake.pulled").get_json()
    receiver.answers = [500, SLOW]
    desk.happen()

    desk.later()
    failing = desk.get(f"/v1/webhooks/{webhook['id']}")
    desk.later()  # too soon
    waiting = desk.log(webhook, "?state=waiting")
    desk.later(timedelta(seconds=6))
    desk.later(timedelta(minutes=6))

    assert (failing["state"], failing["waiting"]) == ("failing", 1)
    assert [(one["tries"], one["status"], one["fault"]) for one in waiting] == [(1, 500, None)]
    assert len(set(receiver.ids)) == 1
    ((last),) = desk.log(webhook)
    assert (last["state"], last["tries"], last["status"]) == ("delivered", 3, 204)
    assert desk.get(f"/v1/webhooks/{webhook['id']}")["state"] == "on"


def test_one_event_that_nobody_takes_holds_up_no_other(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url).get_json()
    receiver.answers = [400]
    desk.happen()

    desk.later()
    desk.later(timedelta(seconds=7))

    assert len(receiver.messages) == 3
    assert {one["state"] for one in desk.log(webhook)} == {"delivered"}


def test_dead_webhook_delays_no_other_and_is_left_alone(desk: Desk, receiver: Receiver) -> None:
    dead = desk.make("http://127.0.0.1:1/").get_json()
    desk.make(receiver.url)
    for _ in range(3):
        desk.happen()
        desk.clock.at += MOMENT

    desk.courier.turn()

    assert len(receiver.messages) == 6
    log = desk.log(dead)
    assert [one["tries"] for one in log] == [0, 0, 0, 0, 0, 1]
    assert log[-1]["fault"] == "connection"


def test_webhook_that_is_gone_is_switched_off_at_once_and_says_so(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.make(receiver.url).get_json()
    receiver.answers = [410]
    desk.happen()

    desk.later()
    desk.later(timedelta(days=1))

    off = desk.get(f"/v1/webhooks/{webhook['id']}")
    assert len(receiver.messages) == 1
    assert (off["state"], off["off_because"], off["failed"]) == ("off", "gone", 2)
    acts = desk.get("/v1/audit?act=webhook")["items"]
    assert (acts[0]["act"], acts[0]["actor"]) == ("webhook.off", "clock")
    assert desk.replay(webhook, event="1").status_code == 409


def test_webhook_that_takes_nothing_for_five_days_is_switched_off(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.make(receiver.url).get_json()
    receiver.answers = [500] * 100
    desk.happen()
    desk.later()

    desk.later(timedelta(days=4, hours=23))
    still = desk.get(f"/v1/webhooks/{webhook['id']}")["state"]
    desk.happen()
    desk.later(timedelta(hours=2))

    assert still == "failing"
    assert desk.get(f"/v1/webhooks/{webhook['id']}")["off_because"] == "failing"


def test_redirect_is_not_followed_and_counts_as_a_failure(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url, "brake.pulled").get_json()
    receiver.answers = [302]
    desk.happen()

    desk.later()

    assert len(receiver.messages) == 1
    assert [(one["state"], one["status"]) for one in desk.log(webhook)] == [("waiting", 302)]


def test_all_that_was_missed_is_sent_again_and_nothing_that_was_taken(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.make(receiver.url, "brake.pulled").get_json()
    path = f"/v1/webhooks/{webhook['id']}"
    begun = desk.clock.at
    desk.happen()
    desk.later()  # taken
    receiver.answers = [503]
    desk.happen()
    desk.later()  # waits, and has failed once it is off
    assert desk.admin.patch(path, json={"enabled": False}).get_json()["off_because"] == "person"
    desk.clock.at += MOMENT
    desk.happen()  # nobody is told
    desk.later()
    on = desk.admin.patch(path, json={"enabled": True}).get_json()
    desk.later()
    before = len(receiver.messages)

    answer = desk.replay(webhook, since=begun.isoformat())
    desk.later()

    assert (on["state"], on["failed"], before) == ("on", 1, 2)
    assert answer.status_code == 200
    assert [one["state"] for one in desk.log(webhook)] == ["delivered"] * 3
    assert len(receiver.messages) == before + 2
    assert receiver.ids[1] == receiver.ids[2]


def test_one_event_is_sent_again_by_itself(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url, "brake.pulled").get_json()
    desk.happen()
    desk.later()
    (taken,) = desk.log(webhook)

    answer = desk.replay(webhook, event=taken["event"])
    desk.later()

    assert answer.status_code == 200
    assert receiver.ids == [receiver.ids[0]] * 2
    assert desk.replay(webhook, event="999999").status_code == 404
    assert desk.replay(webhook, event="x").status_code == 422
    assert desk.replay(webhook).status_code == 422


@pytest.mark.parametrize("off", [KEPT + MOMENT, -MOMENT])
def test_nothing_is_sent_again_from_before_the_log_or_from_tomorrow(
    desk: Desk, receiver: Receiver, off: timedelta
) -> None:
    webhook = desk.make(receiver.url).get_json()

    refused = desk.replay(webhook, since=(desk.clock.at - off).isoformat())

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/since"


def test_both_secrets_sign_for_a_day_and_then_the_new_one_alone(
    desk: Desk, receiver: Receiver
) -> None:
    old = desk.make(receiver.url, "brake.pulled").get_json()
    rotated = desk.admin.post(f"/v1/webhooks/{old['id']}/secret", json={})
    new = rotated.get_json()

    desk.happen()
    desk.later()
    both = [verified(receiver, one["secret"])["type"] for one in (old, new)]
    desk.clock.at += OVERLAP
    desk.happen()
    desk.later()

    assert rotated.status_code == 201
    assert both == ["brake.pulled"] * 2
    assert verified(receiver, new["secret"])["type"] == "brake.pulled"
    with pytest.raises(WebhookVerificationError):
        verified(receiver, old["secret"])


def test_test_says_at_once_what_became_of_it(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url).get_json()
    path = f"/v1/webhooks/{webhook['id']}/test"

    taken = desk.admin.post(path, json={}).get_json()
    receiver.answers = [500]
    refused = desk.admin.post(path, json={}).get_json()

    assert (taken["taken"], taken["status"]) == (True, 204)
    assert (refused["taken"], refused["status"], refused["fault"]) == (False, 500, None)
    assert verified(receiver, webhook["secret"])["type"] == "webhook.test"
    assert desk.log(webhook) == []


@pytest.mark.parametrize("url", ["http://hooks.example/", "https://[::ffff:10.0.0.1]/"])
def test_url_that_may_not_be_is_refused_by_its_field_and_nothing_is_made(
    desk: Desk, url: str, dump: Callable[[], str]
) -> None:
    before = dump()

    refused = desk.make(url, "brake", "nothing.known")

    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/url", "/types/1"]
    assert dump() == before


def test_name_that_leads_nowhere_is_told_and_sends_nothing(desk: Desk) -> None:
    webhook = desk.make("https://hooks.example/").get_json()

    tried = desk.admin.post(f"/v1/webhooks/{webhook['id']}/test", json={}).get_json()

    assert (tried["taken"], tried["status"]) == (False, None)


def test_every_act_is_in_the_audit_without_what_may_be_secret(
    desk: Desk, receiver: Receiver
) -> None:
    webhook = desk.make(receiver.url, "brake.pulled").get_json()
    path = f"/v1/webhooks/{webhook['id']}"
    desk.happen()
    desk.later()
    (taken,) = desk.log(webhook)
    desk.admin.patch(path, json={"url": receiver.url + "&token=hidden", "description": "other"})
    secret = desk.admin.post(f"{path}/secret", json={}).get_json()["secret"]
    desk.admin.post(f"{path}/test", json={})
    desk.replay(webhook, event=taken["event"])
    removed = desk.admin.delete(path)

    entries = desk.get("/v1/audit?act=webhook")["items"]
    assert [one["act"].partition(".")[2] for one in reversed(entries)] == [
        "add", "change", "rotate", "test", "replay", "remove",
    ]  # fmt: skip
    assert {one["actor"].partition(":")[0] for one in entries} == {"key"}
    for hidden in (secret, webhook["secret"], "hidden", "of=us"):
        assert hidden not in str(entries)
    assert removed.get_json() == {"id": webhook["id"]}
    assert desk.admin.get(path).status_code == 404
    assert desk.admin.get(f"{path}/deliveries").status_code == 404


def test_there_are_twenty_at_most(desk: Desk) -> None:
    statuses = [desk.make("https://hooks.example/").status_code for _ in range(21)]

    assert statuses == [201] * 20 + [422]


def test_log_goes_on_page_by_page(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.make(receiver.url).get_json()
    desk.happen()
    desk.later()
    path = f"/v1/webhooks/{webhook['id']}/deliveries?limit=1"

    first = desk.get(path)
    second = desk.get(f"{path}&cursor={first['next_cursor']}")

    assert [one["type"] for one in (*first["items"], *second["items"])] == [
        "brake.released", "brake.pulled",
    ]  # fmt: skip
    assert second["next_cursor"] is None
