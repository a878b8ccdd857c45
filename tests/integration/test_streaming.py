"""Streams on a real gunicorn: live, few enough, and gone with the server."""

import json
import signal
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse
from pathlib import Path

from tests.serving import Server, a_key, invoke, serving


def follow(server: Server, key: str) -> HTTPResponse:
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    request = urllib.request.Request(f"{server.address}/v1/events", headers=headers)
    answer: HTTPResponse = urllib.request.urlopen(request, timeout=20)
    assert frame(answer)["event"] == "hello"
    return answer


def frame(stream: HTTPResponse) -> dict[str, str]:
    lines = []
    while line := stream.readline().decode().strip():
        lines.append(line)
    return dict(line.partition(": ")[::2] for line in lines)


def test_streams_tell_at_once_leave_room_for_others_and_end_with_the_server(data: Path) -> None:
    key = a_key(data, "events", "brake", "read")
    invoke(data, "users", "add", "s-1", "--name", "S", "--level", "manager", "--team", "t-1")

    with serving(data, AGENT_ASSIST_THREADS="4") as server:
        streams = [follow(server, key) for _ in range(2)]
        full = server.ask("/v1/events?after=latest", key)[0]
        refused = _status(server, key)
        body = json.dumps({"reason": "test"}).encode()
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": "1",
        }
        pull = urllib.request.Request(f"{server.address}/v1/brake", body, headers)
        begun = time.monotonic()
        urllib.request.urlopen(pull, timeout=20).close()
        told = [frame(one) for one in streams]
        waited = time.monotonic() - begun
        server.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        rest = [one.read() for one in streams]
        ended = time.monotonic() - begun
        server.process.wait(timeout=20)
        stopped = time.monotonic() - begun

    assert (full, refused) == (200, 503)
    assert {one["event"] for one in told} == {"brake.pulled"}
    assert rest == [b"", b""]
    # Not with the next ping, nor when the server loses its patience; busy machines take a while.
    assert (waited < 10, ended < 10, stopped < 20) == (True, True, True), (waited, ended, stopped)


def _status(server: Server, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    request = urllib.request.Request(f"{server.address}/v1/events", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
