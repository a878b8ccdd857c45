"""New issues are told to those whom they concern; bad days are refused by name."""

import pytest
from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

from .conftest import ActAs
from .test_document import answer_schema, validator

PATH = "/v1/insights/preventable"
SUE = Person("sue", "Sue S.", "senior", "t-1")
RITA = Person("rita", "Rita R.", "rep", "t-1")


def test_nothing_is_found_where_nothing_was_asked(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()

    found = client.get(PATH).get_json()

    validator(document, *answer_schema(PATH, "get")).validate(found)
    assert (found["new_issues"], found["looked"], found["whole"]) == ([], 0, True)
    assert (found["since"], found["until"]) == ("2025-12-14", "2026-03-14")


def test_a_supervisor_is_told_of_their_own_team(act_as: ActAs, people: PeopleStore) -> None:
    for person in (SUE, RITA):
        people.add(person, "test")

    assert act_as(SUE).get(PATH).get_json()["team"] == "t-1"
    assert act_as(SUE).get(f"{PATH}?team=t-2").status_code == 403
    assert act_as(RITA).get(PATH).status_code == 403


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("since=2026-03-14&until=2026-03-13", "since"),
        ("since=1999-01-01", "since"),
        ("until=soon", "until"),
        ("issue=fee", "issue"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    client: FlaskClient, asked: str, parameter: str
) -> None:
    refused = client.get(f"{PATH}?{asked}")

    (fault,) = refused.get_json()["errors"]
    assert (refused.status_code, fault["parameter"]) == (422, parameter)
