"""The audit over the API is the chain itself, and lets its reader check it."""

from typing import Any

from flask.testing import FlaskClient

from agent_assist import chain
from agent_assist.chain import Entry


def test_the_pages_of_the_audit_put_together_are_an_unbroken_chain(client: FlaskClient) -> None:
    _do_something(client)

    entries = [Entry(**one) for page in _pages(client) for one in page]
    found = chain.verify(reversed(entries))

    assert {entry.act for entry in entries} >= {"brake.pull", "brake.release"}
    assert (found.bad_entry, found.entries) == (None, len(entries))


def test_a_reader_of_the_pages_sees_what_was_changed_on_the_way(client: FlaskClient) -> None:
    _do_something(client)
    entries = [Entry(**one | {"actor": "me"}) for page in _pages(client) for one in page]

    assert chain.verify(reversed(entries)).bad_entry is not None


def test_a_place_that_no_page_gave_is_refused(client: FlaskClient) -> None:
    refused = client.get("/v1/audit?cursor=-1")

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["parameter"] == "cursor"


def _do_something(client: FlaskClient) -> None:
    for number in range(3):
        for path in ("/v1/brake", "/v1/brake/release"):
            key = {"Idempotency-Key": f"{path}{number}"}
            assert client.post(path, json={"reason": "a try"}, headers=key).status_code < 300


def _pages(client: FlaskClient) -> list[list[dict[str, Any]]]:
    pages, cursor = [], ""
    while True:
        page = client.get(f"/v1/audit?limit=2{cursor}").get_json()
        pages.append(page["items"])
        if page["next_cursor"] is None:
            return pages
        cursor = f"&cursor={page['next_cursor']}"
