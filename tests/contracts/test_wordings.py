"""Of two wordings each contact is told one, and what is logged says which."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from agent_assist.core.policy import Section
from agent_assist.core.suggestion import VersionedPolicy
from agent_assist.core.wordings import pair_of
from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry

from .conftest import POLICIES, SNAPSHOT, SmallLibrary
from .test_document import answer_schema, validator

SAYS = {"standing": "Cash costs us money.", "alternative": "Money on paper has a price."}
TWO = replace(
    POLICIES[0],
    sections={**POLICIES[0].sections, Section.ALTERNATIVE_SAY: SAYS["alternative"]},
)


@pytest.fixture(autouse=True)
def two_wordings(library: SmallLibrary) -> None:
    held = {**SNAPSHOT.policies, TWO.id: VersionedPolicy(TWO, 5)}
    named = {**SNAPSHOT.translations, (TWO.id, "en"): VersionedPolicy(TWO, 5)}
    library.snapshot = replace(SNAPSHOT, policies=held, translations=named)


def told(client: FlaskClient, contact: str | None, **more: Any) -> dict[str, Any]:
    who = {} if contact is None else {"contact": {"external_id": contact}}
    answer = client.post("/v1/suggestions", json={"text": "why a fee", **who, **more})
    assert answer.status_code == 200
    return dict(answer.get_json())


def test_each_contact_is_told_one_wording_again_and_again(client: FlaskClient) -> None:
    found = {}
    for contact in (f"k-{number}" for number in range(20)):
        first, again = (told(client, contact)["matches"][0]["explanation"] for _ in range(2))
        assert first == again
        assert first["say"] == SAYS[first["wording"]]
        found[contact] = first["wording"]

    assert set(found.values()) == set(SAYS)


def test_a_contact_without_an_id_is_told_the_standing_wording(client: FlaskClient) -> None:
    explanation = told(client, None)["matches"][0]["explanation"]

    assert (explanation["wording"], explanation["say"]) == ("standing", SAYS["standing"])


def test_a_policy_with_one_wording_names_none(client: FlaskClient) -> None:
    _, other = told(client, "k-1")["matches"]

    assert (other["policy"]["id"], other["explanation"]["wording"]) == ("cards/lost", None)


def test_the_log_says_what_a_contact_was_told_and_nothing_of_nobody(
    client: FlaskClient, database: Database
) -> None:
    named, nobody = told(client, "k-1"), told(client, None)
    wording = named["matches"][0]["explanation"]["wording"]

    rows = select(SuggestionEntry.id, SuggestionEntry.pair, SuggestionEntry.wording)
    with database.reading() as session:
        logged = {key: (pair, told) for key, pair, told in session.execute(rows)}

    assert logged == {named["id"]: (pair_of(TWO), wording), nobody["id"]: (None, None)}
    read = client.get(f"/v1/suggestions/{named['id']}").get_json()
    assert read["matches"][0]["wording"] == wording


@pytest.mark.parametrize("wording", ["", "b", 1, [], {}, "STANDING"])
def test_an_outcome_names_one_of_both_wordings(client: FlaskClient, wording: Any) -> None:
    client.put("/v1/contacts/k-1", json={"opened_at": "2026-03-12T08:00:00Z"})
    said = [{"policy": "fees/cash", "version": 4, "wording": wording}]

    answer = client.post(
        "/v1/contacts/k-1/outcome",
        json={"resolved": True, "said": said},
        headers={"Idempotency-Key": "a"},
    )

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/said/0/wording"


def test_both_wordings_are_compared_as_published(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    for number in range(12):
        opened = {"opened_at": "2026-02-01T08:00:00Z", "customer": f"c-{number}", "team": "t-1"}
        client.put(f"/v1/contacts/k-{number}", json={**opened, "issues": ["fee"]})
        told(client, f"k-{number}")
    client.put("/v1/contacts/k-12", json={"opened_at": "2026-03-14T08:00:00Z"})
    told(client, "k-12")

    answer = client.get("/v1/insights/wordings")

    assert answer.status_code == 200
    schema = answer_schema("/v1/insights/wordings", "get", "200")
    validator(document, *schema).validate(answer.get_json())
    (found,) = answer.get_json()["items"]
    assert (found["policy"]["id"], found["pair"]) == ("fees/cash", pair_of(TWO))
    assert {one["wording"]: one["say"] for one in found["wordings"]} == SAYS
    assert sum(one["contacts"] for one in found["wordings"]) == 13
    assert sum(one["settled"] for one in found["wordings"]) == 12
    assert sum(one["repeated"]["of"] for one in found["wordings"]) == 12
    assert found["better"] is None
    assert found["repeated"]["low"] < 0 < found["repeated"]["high"]
    (of_team,) = client.get("/v1/insights/wordings?team=t-2").get_json()["items"]
    assert [one["contacts"] for one in of_team["wordings"]] == [0, 0]


@pytest.mark.parametrize("query", ["pair=x", "team=", "team=a&team=b", "team=%00"])
def test_what_cannot_be_asked_is_said(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/insights/wordings?{query}")

    assert 400 <= answer.status_code < 500
