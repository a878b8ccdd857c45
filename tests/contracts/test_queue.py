"""The queue over HTTP: what waits, decisions on several at once, and who is away."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

from .conftest import ActAs
from .test_document import answer_schema, validator

SUE = Person("sue", "Sue S.", "senior", "t-1")
TOM = Person("tom", "Tom T.", "senior", "t-2")
UNA = Person("una", "Una U.", "senior", "t-1")
RITA = Person("rita", "Rita R.", "rep", "t-1")
ABSENCE = {"substitute": {"id": "una"}, "first": "2026-03-20", "last": "2026-03-27"}


@pytest.fixture(autouse=True)
def staff(people: PeopleStore) -> None:
    for person in (SUE, TOM, UNA, RITA):
        people.add(person, "test")


def ask(client: FlaskClient, number: int = 1, amount: str = "20", **more: Any) -> Any:
    body = {
        "issue": "card", "remedy": "discount", "amount": amount, "reason_code": "delay",
        "order": {"id": f"o-{number}"}, "rep": {"id": "rita"},
    } | more  # fmt: skip
    answer = client.post("/v1/approvals", json=body, headers={"Idempotency-Key": f"a{number}"})
    assert answer.status_code == 202, answer.get_json()
    return answer.get_json()


def ruling(request: Any, key: str, **more: Any) -> dict[str, Any]:
    return {
        "approval": request["id"], "hash": request["hash"], "key": key, "ruling": "approve",
        "reason_code": "justified",
    } | more  # fmt: skip


def test_the_queue_is_laid_out_for_whoever_looks(client: FlaskClient, act_as: ActAs) -> None:
    document = client.get("/openapi.json").get_json()
    request = ask(client)

    page = act_as(SUE).get("/v1/queue").get_json()

    validator(document, *answer_schema("/v1/queue", "get")).validate(page)
    (one,) = page["items"]
    assert one["approval"]["id"] == request["id"]
    assert (one["asker"], one["above"]) == ("Rita R.", {"percent": "7.5"})
    assert [(level["level"], level["covers"]) for level in one["levels"]] == [
        ("rep", False), ("senior", True), ("manager", False),
    ]  # fmt: skip
    assert one["mine"] == {
        "may": True, "refusal": None, "covers": True, "up_to": {"percent": "25"},
        "binding": one["mine"]["binding"],
    }  # fmt: skip
    assert one["option"]["because"][0]["row"] == "R3"
    assert (one["precedent"]["least"], one["precedent"]["most"]) == (
        {"percent": "10"}, {"percent": "40"},
    )  # fmt: skip


def test_a_key_says_who_looks_and_a_session_is_nobody_else(
    client: FlaskClient, act_as: ActAs
) -> None:
    ask(client)

    assert client.get("/v1/queue").get_json()["errors"][0]["parameter"] == "decider"
    assert len(client.get("/v1/queue?decider=sue").get_json()["items"]) == 1
    assert client.get("/v1/queue?decider=tom").get_json()["items"] == []  # of another team
    for query, code in (("decider=nobody", "unknown_person"), ("decider=rita", "level_too_low")):
        refused = client.get(f"/v1/queue?{query}")
        assert (refused.status_code, refused.get_json()["type"].rpartition(":")[2]) == (403, code)
    assert act_as(RITA).get("/v1/queue").status_code == 403
    assert act_as(SUE).get("/v1/queue?decider=tom").status_code == 403


def test_many_are_decided_each_by_itself_and_what_fails_is_told(
    client: FlaskClient, act_as: ActAs
) -> None:
    document = client.get("/openapi.json").get_json()
    first, second, third, settled = (ask(client, number) for number in range(1, 5))
    sue = act_as(SUE)
    withdrawn = {"by": {"id": "rita"}}
    path = f"/v1/approvals/{settled['id']}/withdrawal"
    assert client.post(path, json=withdrawn, headers={"Idempotency-Key": "w"}).status_code == 200
    decisions = [
        ruling(first, "d1"),
        ruling(second, "d2", hash="0" * 64),
        ruling(settled, "d4"),
        ruling(third, "d3", amount={"percent": "15"}, reason_code="lower_is_enough"),
        ruling(first | {"id": "apr_none"}, "d5"),
        ruling(first, "d6", ruling="refuse"),
    ]

    answer = sue.post("/v1/approvals/decisions", json={"by": {"id": "sue"}, "decisions": decisions})

    assert answer.status_code == 200
    validator(document, *answer_schema("/v1/approvals/decisions", "post")).validate(
        answer.get_json()
    )
    items = answer.get_json()["items"]
    assert [one["status"] for one in items] == [200, 409, 409, 200, 404, 422]
    assert [one["id"] for one in items][:2] == [first["id"], second["id"]]
    assert items[0]["approval"]["state"] == "approved"
    assert items[3]["approval"]["end"]["amount"] == {"percent": "15"}
    assert items[1]["problem"]["type"].endswith(":not_as_shown")
    assert items[2]["problem"]["type"].endswith(":approval_settled")
    assert items[5]["problem"]["errors"][0]["pointer"] == "/reason_code"
    assert [one["approval"]["id"] for one in sue.get("/v1/queue").get_json()["items"]] == [
        second["id"]
    ]


def test_what_a_level_may_not_give_is_told_with_what_it_may(
    client: FlaskClient, act_as: ActAs
) -> None:
    request = ask(client)
    given = {
        "issue": "card", "remedy": "discount", "amount": "10", "reason_code": "delay",
        "order": {"id": "o-1"}, "rep": {"id": "rita"},
    }  # fmt: skip
    assert (
        client.post("/v1/grants", json=given, headers={"Idempotency-Key": "g"}).status_code == 201
    )
    body = {"by": {"id": "sue"}, "decisions": [ruling(request, "d1")]}

    (one,) = act_as(SUE).post("/v1/approvals/decisions", json=body).get_json()["items"]

    assert (one["status"], one["conflict"]["headroom"]) == (409, {"percent": "15"})


def test_decisions_that_are_sent_again_alone_or_together_are_made_once(
    client: FlaskClient, act_as: ActAs
) -> None:
    first, second = ask(client, 1), ask(client, 2)
    sue = act_as(SUE)
    body = {"by": {"id": "sue"}, "decisions": [ruling(first, "d1"), ruling(second, "d2")]}
    made = sue.post("/v1/approvals/decisions", json=body).get_json()["items"]

    again = sue.post("/v1/approvals/decisions", json=body).get_json()["items"]
    alone = ruling(first, "d1") | {"by": {"id": "sue"}}
    del alone["approval"], alone["key"]
    path = f"/v1/approvals/{first['id']}/decision"
    singly = sue.post(path, json=alone, headers={"Idempotency-Key": "d1"})

    assert [one["approval"] for one in again] == [one["approval"] for one in made]
    assert [one["replayed"] for one in again] == [True, True]
    assert singly.get_json() == made[0]["approval"]
    assert singly.headers["Idempotent-Replayed"] == "true"


def test_nobody_decides_in_anothers_name(client: FlaskClient, act_as: ActAs) -> None:
    request = ask(client)
    body = {"by": {"id": "sue"}, "decisions": [ruling(request, "d1")]}

    (one,) = act_as(TOM).post("/v1/approvals/decisions", json=body).get_json()["items"]

    assert (one["status"], one["problem"]["type"]) == (403, "urn:agent-assist:problem:not_yourself")


def test_somebody_says_that_they_are_away_and_is_back(act_as: ActAs, client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    sue = act_as(SUE)

    for _ in range(2):
        assert sue.put("/v1/absences/sue", json=ABSENCE).status_code == 200
    listed = act_as(TOM).get("/v1/absences").get_json()

    validator(document, *answer_schema("/v1/absences", "get")).validate(listed)
    assert listed["items"] == [
        {"person": "sue", "substitute": "una", "first": "2026-03-20", "last": "2026-03-27"}
    ]
    assert {one["id"] for one in listed["deciders"]} >= {"sue", "una"}
    assert act_as(TOM).put("/v1/absences/sue", json=ABSENCE).status_code == 403
    assert act_as(TOM).delete("/v1/absences/sue").status_code == 403
    assert sue.delete("/v1/absences/sue").get_json() == {"person": "sue", "ended": 1}
    assert sue.delete("/v1/absences/sue").get_json() == {"person": "sue", "ended": 0}


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"substitute": {"id": "rita"}}, "/substitute"),
        ({"substitute": {"id": "tom"}}, "/substitute"),
        ({"last": "2026-03-19"}, "/last"),
        ({"first": "tomorrow"}, "/first"),
        ({"substitute": {"id": "sue"}}, "/substitute"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_with_its_field(
    act_as: ActAs, more: dict[str, Any], pointer: str
) -> None:
    answer = act_as(SUE).put("/v1/absences/sue", json=ABSENCE | more)

    assert answer.status_code == 422
    assert pointer in [one["pointer"] for one in answer.get_json()["errors"]]


def test_what_was_asked_beyond_a_limit_is_told_at_its_row_and_level(
    client: FlaskClient, act_as: ActAs
) -> None:
    document = client.get("/openapi.json").get_json()
    approved, _waits = ask(client, 1), ask(client, 2)
    cut = ruling(approved, "d1", amount={"percent": "15"}, reason_code="lower_is_enough")
    body = {"by": {"id": "sue"}, "decisions": [cut]}
    assert act_as(SUE).post("/v1/approvals/decisions", json=body).status_code == 200

    found = client.get("/v1/insights/limits").get_json()

    validator(document, *answer_schema("/v1/insights/limits", "get")).validate(found)
    (one,) = found["items"]
    assert (one["row"], one["level"], one["remedy"]) == ("R3", "rep", "discount")
    assert one["states"] == {
        "pending": 1, "approved": 1, "refused": 0, "withdrawn": 0, "expired": 0,
    }  # fmt: skip
    assert (one["requests"], one["cut"], one["taken_back"]) == (2, 1, 0)
    assert one["overturned"] == {"share": 1.0, "low": 0.2065, "high": 1.0}
    assert (one["asked"], one["given"]) == (None, None)  # percentages of what add up to nothing
    assert (one["advice"], one["why_not"]) == (None, "few")
    assert found["left_out"] == {"within": 0, "no_row": 0, "unreadable": 0}


def test_a_supervisor_is_told_of_the_limits_of_their_own_team(
    client: FlaskClient, act_as: ActAs
) -> None:
    ask(client, 1)

    assert len(act_as(SUE).get("/v1/insights/limits").get_json()["items"]) == 1
    assert act_as(TOM).get("/v1/insights/limits").get_json()["items"] == []
    assert act_as(TOM).get("/v1/insights/limits?team=t-1").status_code == 403
    assert act_as(RITA).get("/v1/insights/limits").status_code == 403


def test_days_of_no_calendar_are_refused_by_name(client: FlaskClient) -> None:
    refused = client.get("/v1/insights/limits?since=1492-10-12&until=never").get_json()

    assert {one["parameter"] for one in refused["errors"]} == {"since", "until"}


def test_what_limits_have_to_spare_is_told_at_row_and_level(
    client: FlaskClient, act_as: ActAs
) -> None:
    document = client.get("/openapi.json").get_json()
    ask(client, 1)

    found = client.get("/v1/insights/limits/spare").get_json()

    validator(document, *answer_schema("/v1/insights/limits/spare", "get")).validate(found)
    (one,) = found["cells"]
    assert (one["row"], one["level"], one["remedy"], one["occasions"]) == (
        "R3", "rep", "discount", 1,
    )  # fmt: skip
    assert one["nearly_all"] == one["most"]
    assert (one["advice"], one["why_kept"]) == (None, "few")
    assert (found["rows"], found["whole"], found["left_out"]) == ([], True, 0)
    of_team = act_as(SUE).get("/v1/insights/limits/spare").get_json()
    assert [cell["why_kept"] for cell in of_team["cells"]] == ["one_team"]
    assert act_as(TOM).get("/v1/insights/limits/spare").get_json()["cells"] == []
    assert act_as(RITA).get("/v1/insights/limits/spare").status_code == 403
