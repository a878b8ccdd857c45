"""What happened is told page by page, or goes on being told; and to a session, what concerns it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import Scope
from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services
from agent_assist.web.streams import BEAT

STREAM = {"Accept": "text/event-stream"}
GRANT = {
    "issue": "card",
    "remedy": "discount",
    "amount": "10",
    "reason_code": "delay",
}


class Follower:
    """Reads a stream frame by frame."""

    def __init__(self, answer: Any) -> None:
        assert answer.status_code == 200
        assert answer.mimetype == "text/event-stream"
        self.answer = answer
        self._frames: Iterator[str] = (
            chunk.decode() if isinstance(chunk, bytes) else chunk for chunk in answer.response
        )

    def next(self) -> dict[str, str]:
        lines = next(self._frames).strip().split("\n")
        return dict(line.partition(": ")[::2] for line in lines)

    def ends(self) -> bool:
        return next(self._frames, None) is None


@pytest.fixture
def grant(client: FlaskClient) -> Callable[..., str]:
    """Gives a remedy, of one rep's order after the other; gives its id."""
    made = iter(range(1_000))

    def act(rep: str, **more: str) -> str:
        number = next(made)
        body = {**GRANT, **more, "order": {"id": f"o-{number}"}, "rep": {"id": rep}}
        path = "/v1/approvals" if more else "/v1/grants"
        answer = client.post(path, json=body, headers={"Idempotency-Key": str(number)})
        assert answer.status_code in (201, 202), answer.get_json()
        return str(answer.get_json()["id"])

    return act


@pytest.fixture
def follow(app: Flask, client: FlaskClient) -> Iterator[Callable[..., Follower]]:
    """Opens streams, which are closed in the end."""
    opened: list[Follower] = []

    def begin(who: FlaskClient = client, query: str = "", **headers: str) -> Follower:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = who.get(f"/v1/events{query}", headers=STREAM | headers)
        opened.append(Follower(answer))
        return opened[-1]

    yield begin
    for one in opened:
        one.answer.close()


@pytest.fixture
def session_of(
    app: Flask, people: PeopleStore, services: Services, visitor: FlaskClient
) -> Callable[[str, str], FlaskClient]:
    """Adds a person of a level; gives a client that acts as them."""

    def begin(name: str, level: str) -> FlaskClient:
        person = Person(name, name, level, "t-1")
        people.add(person, "test")
        code = services.sessions.code_for(person, None)
        token = visitor.post("/v1/sessions", json={"code": code}).get_json()["token"]
        found = app.test_client()
        found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return found

    return begin


def test_stream_begins_now_and_tells_what_happens_then(
    follow: Callable[..., Follower], grant: Callable[..., str], client: FlaskClient
) -> None:
    grant("rita")
    follower = follow()
    hello = follower.next()
    second = grant("rita")
    told = follower.next()

    latest = client.get("/v1/events?after=latest").get_json()
    event = json.loads(told["data"])
    assert (hello["event"], hello["data"], hello["retry"]) == ("hello", "{}", "3000")
    assert (told["event"], event["subject"], event["rep"]) == ("grant.reserved", second, "rita")
    assert told["id"] == event["cursor"]
    assert latest == {"items": [], "cursor": told["id"]}


@pytest.mark.parametrize("by_header", [True, False])
def test_stream_goes_on_from_where_it_was_left_without_a_gap_or_a_repeat(
    follow: Callable[..., Follower], grant: Callable[..., str], by_header: bool
) -> None:
    follower = follow()
    follower.next()
    grant("rita")
    last = follower.next()["id"]
    follower.answer.close()
    missed = [grant("rita") for _ in range(3)]

    again = follow(Last_Event_ID=last) if by_header else follow(query=f"?after={last}")

    assert again.next()["id"] == last
    assert [json.loads(again.next()["data"])["subject"] for _ in missed] == missed


def test_cursor_that_no_event_had_is_refused_before_the_stream_begins(client: FlaskClient) -> None:
    answer = client.get("/v1/events", headers=STREAM | {"Last-Event-ID": "x; drop"})

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "Last-Event-ID"


def test_no_more_streams_than_may_are_open_and_a_closed_one_makes_room(
    follow: Callable[..., Follower], client: FlaskClient
) -> None:
    first, _ = follow(), follow()
    refused = client.get("/v1/events", headers=STREAM)
    first.answer.close()
    follow()

    assert refused.status_code == 503
    assert refused.get_json()["type"].endswith(":streams_full")
    assert refused.headers["Retry-After"] == "5"
    assert client.get("/v1/events").status_code == 200


def test_streams_end_when_the_server_stops(app: Flask, follow: Callable[..., Follower]) -> None:
    follower = follow()
    follower.next()

    app.extensions["streams"].until(lambda: True)

    assert follower.ends()


def test_stream_ends_with_the_session_that_follows(
    follow: Callable[..., Follower], session_of: Callable[[str, str], FlaskClient]
) -> None:
    rita = session_of("rita", "rep")
    follower = follow(rita)
    follower.next()

    rita.delete("/v1/sessions/current")

    assert follower.ends()


def test_stream_ends_when_its_person_is_deactivated(
    follow: Callable[..., Follower],
    session_of: Callable[[str, str], FlaskClient],
    people: PeopleStore,
) -> None:
    follower = follow(session_of("rita", "rep"))
    follower.next()

    people.change("rita", lambda one: replace(one, active=False), "test")

    assert follower.ends()


def test_session_is_told_of_its_own_and_of_what_is_nobodys(
    client: FlaskClient,
    session_of: Callable[[str, str], FlaskClient],
    grant: Callable[..., str],
    follow: Callable[..., Follower],
) -> None:
    rita, sue = session_of("rita", "rep"), session_of("sue", "senior")
    follower = follow(rita)
    follower.next()
    others = grant("theo")
    asked = grant("theo", amount="20")
    own = grant("rita")
    brake = {"reason": "too much", "team": "t-9"}
    client.post("/v1/brake", json=brake, headers={"Idempotency-Key": "b"})

    def told(who: FlaskClient) -> list[tuple[str, str]]:
        items = who.get("/v1/events?after=0").get_json()["items"]
        return [(one["type"], one["subject"]) for one in items]

    streamed = [json.loads(follower.next()["data"])["type"] for _ in range(2)]
    of_rita, of_sue, of_key = told(rita), told(sue), told(client)
    assert [one[0] for one in of_rita] == streamed == ["grant.reserved", "brake.pulled"]
    assert of_rita[0][1] == own
    assert ("approval.requested", asked) in of_sue
    assert ("grant.reserved", others) in of_sue  # who is known in no team is in every team
    assert ("grant.reserved", others) not in of_rita
    assert {("grant.reserved", others), ("approval.requested", asked)} <= set(of_key)


def test_page_of_a_session_is_never_empty_while_something_follows(
    session_of: Callable[[str, str], FlaskClient], grant: Callable[..., str]
) -> None:
    rita = session_of("rita", "rep")
    for _ in range(5):
        grant("theo")
    own = grant("rita")

    page = rita.get("/v1/events?after=0&limit=2").get_json()
    rest = rita.get(f"/v1/events?limit=2&after={page['cursor']}").get_json()

    assert [one["subject"] for one in page["items"]] == [own]
    assert rest == {"items": [], "cursor": page["cursor"]}


def test_stream_needs_the_scope_of_events(make_client: Callable[..., FlaskClient]) -> None:
    assert make_client(Scope.GRANT).get("/v1/events", headers=STREAM).status_code == 403


def test_what_is_no_event_is_read_once_and_not_for_ever(app: Flask) -> None:
    streams, reads, looks = app.extensions["streams"], list[int](), iter([False, False, True])
    streams._newest = lambda: 9
    streams.until(lambda: next(looks))

    def read(place: int) -> tuple[list[str], int]:
        reads.append(place)
        return [], place

    told = list(streams.answer(3, read, lambda: True).response)

    assert len(told) == 1  # the hello
    assert reads == [3]


def test_many_streams_look_at_the_database_once_in_a_beat(app: Flask) -> None:
    streams, asked = app.extensions["streams"], [0]

    def newest() -> int:
        asked[0] += 1
        return 7

    streams._newest = newest

    for _ in range(50):
        assert streams.newest() == 7
    time.sleep(BEAT)
    streams.newest()

    assert asked == [2]
