"""Approvals over the API: the bank's library, a real server, a real database."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agent_assist.web import examples
from agent_assist.web.examples import APPROVAL, GIVE_OR_ASK
from tests.integration.test_grants import Desk
from tests.serving import Server, a_key, invoke, serving

RULING = examples.RULING | {"by": {"id": "s-2"}}
REFUSAL = examples.REFUSAL | {"by": {"id": "s-2"}}
PEOPLE = (
    ("s-2", "supervisor", "t-3", ()),
    ("s-3", "senior", "t-3", ()),
    ("s-9", "senior", "t-9", ("--customer", "c-mine")),
    ("gone", "rep", "t-3", ()),
    ("leaver", "rep", "t-3", ()),
    ("fallen", "supervisor", "t-9", ()),
)


_SENT = count(1_000_000, 1_000)


@pytest.fixture(scope="module")
def deployment(prepared_data: Path, encoder_folder: Path, tmp_path_factory: Any) -> Path:
    del encoder_folder
    folder = Path(shutil.copytree(prepared_data, tmp_path_factory.mktemp("approvals") / "data"))
    for key, level, team, more in PEOPLE:
        words = ("--name", key, "--level", level, "--team", team, *more)
        assert invoke(folder, "users", "add", key, *words).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def server(deployment: Path) -> Iterator[Server]:
    with serving(deployment) as running:
        yield running


@pytest.fixture(scope="module")
def key(deployment: Path) -> str:
    return a_key(deployment, "grant", "approve", "events", "people", "decide", "level")


@pytest.fixture
def desk(server: Server, key: str) -> Desk:
    made = Desk(server, key)
    made.sent = next(_SENT)  # keys of another test's desk are another's
    return made


def asked(name: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An example, for a customer, order, contact and rep of one test."""
    own = {
        "rep": {"id": f"r-{name}", "team": "t-3"},
        "customer": {"id": f"c-{name}"},
        "order": {"id": f"o-{name}"},
        "contact": {"external_id": f"k-{name}"},
    }
    return body | own | more


def test_a_request_is_shown_with_all_that_is_needed_and_approved(desk: Desk) -> None:
    status, request = desk.told("/v1/approvals", asked("life", APPROVAL))

    assert (status, request["state"], request["routed_to"]) == (202, "pending", "s-2")
    brief = desk.get(f"/v1/approvals/{request['id']}")
    assert [(one["level"], one["covers"]) for one in brief["levels"]] == [
        ("rep", False), ("senior", False), ("supervisor", True), ("manager", True),
    ]  # fmt: skip
    assert brief["levels"][2]["option"]["because"]
    assert [one["kind"] for one in brief["levels"][2]["option"]["caps"]].count("budget") >= 3
    waiting = desk.get("/v1/approvals?decider=s-2&state=pending&team=t-3")["items"]
    assert request["id"] in [one["id"] for one in waiting]

    ruling = RULING | {"hash": request["hash"]}
    status, decided = desk.told(f"/v1/approvals/{request['id']}/decision", ruling)

    assert (status, decided["state"]) == (200, "approved")
    assert decided["end"]["amount"] == {"amount": "10.00", "currency": "EUR"}
    grant = desk.get(f"/v1/grants/{decided['end']['grant']}")
    assert (grant["level"], grant["rep"], grant["state"]) == ("supervisor", "r-life", "reserved")
    like = desk.told("/v1/approvals", asked("like", APPROVAL))[1]
    latest = desk.get(f"/v1/approvals/{like['id']}")["precedents"]["latest"]
    assert latest[0]["id"] == request["id"]


def test_a_grant_that_needs_it_becomes_a_request_and_a_refusal_ends_it(desk: Desk) -> None:
    status, request = desk.told("/v1/grants", asked("ask", GIVE_OR_ASK))
    path = f"/v1/approvals/{request['id']}"

    assert status == 202
    status, problem = desk.told(f"{path}/decision", REFUSAL | {"reason_code": "justified"})
    assert status == 422, problem
    assert problem["errors"][0]["pointer"] == "/reason_code"
    status, problem = desk.told(f"{path}/decision", REFUSAL)
    assert (status, problem["type"]) == (409, "urn:agent-assist:problem:not_as_shown")
    for who in ("s-3", "gone", "nobody"):
        body = REFUSAL | {"hash": request["hash"], "by": {"id": who}}
        status, problem = desk.told(f"{path}/decision", body)
        assert (status, problem["type"]) == (403, "urn:agent-assist:problem:may_not_decide")
    body = REFUSAL | {"hash": request["hash"]}
    assert desk.told(f"{path}/decision", body)[1]["state"] == "refused"
    status, problem = desk.told(f"{path}/withdrawal", {"by": {"id": "r-ask"}})
    assert (status, problem["type"]) == (409, "urn:agent-assist:problem:approval_settled")
    status, again = desk.told("/v1/grants", asked("ask", GIVE_OR_ASK))
    assert (status, again["id"], again["state"]) == (200, request["id"], "refused")


def test_a_decision_is_retried_without_being_made_twice(desk: Desk) -> None:
    request = desk.told("/v1/approvals", asked("retry", APPROVAL))[1]
    ruling = RULING | {"hash": request["hash"]}
    path = f"/v1/approvals/{request['id']}/decision"

    first = desk.post(path, ruling, "one-decision")
    again = desk.post(path, ruling, "one-decision")

    assert first[:2] == again[:2]
    assert again[2]["Idempotent-Replayed"] == "true"
    assert len(desk.get("/v1/grants?customer=c-retry")["items"]) == 1


def test_the_level_that_a_request_states_of_somebody_known_is_passed_over(desk: Desk) -> None:
    known = asked("known", APPROVAL, rep={"id": "s-3", "level": "manager", "team": "t-1"})

    status, request = desk.told("/v1/approvals", known)

    assert (status, request["rep_level"], request["team"]) == (202, "senior", "t-3")


def test_nobody_gives_to_themselves(desk: Desk) -> None:
    body = asked("mine", APPROVAL, rep={"id": "s-9"})

    for path in ("/v1/grants", "/v1/approvals"):
        status, problem = desk.told(path, body)
        assert (status, problem["type"]) == (403, "urn:agent-assist:problem:own_benefit")


def test_what_is_revoked_counts_for_the_next_request(desk: Desk, deployment: Path) -> None:
    body = asked("gone", APPROVAL, rep={"id": "gone"}, amount="1.00")
    assert desk.told("/v1/grants", body)[0] == 201

    assert invoke(deployment, "users", "deactivate", "gone").exit_code == 0

    status, problem = desk.told("/v1/grants", body)
    assert (status, problem["type"]) == (403, "urn:agent-assist:problem:rep_inactive")
    listed = {one["id"]: one for one in desk.get("/v1/users")["items"]}
    assert listed["gone"]["active"] is False


def test_a_level_that_is_changed_counts_for_the_next_request(desk: Desk, deployment: Path) -> None:
    status, request = desk.told("/v1/approvals", asked("fallen", APPROVAL))
    assert status == 202, request
    changed = invoke(
        deployment, "users", "set", "fallen", "--level", "rep", "--customer", "c-f", "--json"
    )
    assert changed.exit_code == 0

    listed = {one["id"]: one for one in desk.get("/v1/users")["items"]}
    assert (listed["fallen"]["level"], listed["fallen"]["team"]) == ("rep", "t-9")
    body = RULING | {"hash": request["hash"], "by": {"id": "fallen"}}
    status, problem = desk.told(f"/v1/approvals/{request['id']}/decision", body)
    assert (status, problem["type"]) == (403, "urn:agent-assist:problem:may_not_decide")
    own = asked("own", GIVE_OR_ASK, customer={"id": "c-f"}, rep={"id": "fallen"})
    assert desk.told("/v1/grants", own)[0] == 403


def test_events_tell_what_happened_in_order_and_once(desk: Desk) -> None:
    cursor = desk.get("/v1/events?limit=200")["cursor"]
    request = desk.told("/v1/approvals", asked("events", APPROVAL))[1]
    desk.told(f"/v1/approvals/{request['id']}/withdrawal", {"by": {"id": "r-events"}})

    page = desk.get(f"/v1/events?after={cursor}")

    told = [(one["type"], one["subject"], one["contact"]) for one in page["items"]]
    assert told == [
        ("approval.requested", request["id"], "k-events"),
        ("approval.withdrawn", request["id"], "k-events"),
    ]
    assert desk.get(f"/v1/events?after={page['cursor']}") == {
        "items": [], "cursor": page["cursor"],
    }  # fmt: skip


def test_the_records_of_approvals_check_out(desk: Desk, deployment: Path) -> None:
    status, request = desk.told("/v1/approvals", asked("record", APPROVAL))
    assert status == 202, request
    ruling = RULING | {"hash": request["hash"]}
    assert desk.told(f"/v1/approvals/{request['id']}/decision", ruling)[0] == 200

    audit = invoke(deployment, "audit", "verify", "--json")
    ledger = invoke(deployment, "ledger", "check", "--json")

    assert audit.exit_code == 0, audit.stdout
    assert (ledger.exit_code, json.loads(ledger.stdout)["differences"]) == (0, [])


def test_a_retry_gets_the_first_answer_also_where_the_same_would_be_refused_by_now(
    desk: Desk, deployment: Path
) -> None:
    rep = {"id": "leaver"}
    given = asked("left", GIVE_OR_ASK, rep=rep, amount="1.00")
    wanted = asked("left-more", APPROVAL, rep=rep)
    sent = [("/v1/grants", given, "left-1"), ("/v1/approvals", wanted, "left-2")]
    first = [desk.post(*one)[:2] for one in sent]
    assert [status for status, _ in first] == [201, 202]
    assert invoke(deployment, "users", "deactivate", "leaver").exit_code == 0

    again = [desk.post(*one) for one in sent]

    assert [(status, body) for status, body, _ in again] == first
    assert all(headers["Idempotent-Replayed"] == "true" for _, _, headers in again)
    assert desk.told("/v1/grants", given, "left-3")[0] == 403
    status, problem = desk.told("/v1/grants", given | {"amount": "2.00"}, "left-1")
    assert (status, problem["type"]) == (422, "urn:agent-assist:problem:idempotency_key_reused")
