"""People over HTTP: listed page by page, each once, those who left too."""

from flask.testing import FlaskClient

from agent_assist.core.people import Person
from agent_assist.store.people import PeopleStore

from .test_document import answer_schema, validator


def test_people_are_listed_page_by_page_each_once(client: FlaskClient, people: PeopleStore) -> None:
    document = client.get("/openapi.json").get_json()
    people.add(Person("a person/1", "Ann", "rep", "t-1", active=False), "test")
    listed: list[tuple[str, bool]] = []
    query: dict[str, str] = {"limit": "2"}
    while True:
        page = client.get("/v1/users", query_string=query).get_json()
        validator(document, *answer_schema("/v1/users", "get")).validate(page)
        listed += [(one["id"], one["active"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]

    assert listed == [("a person/1", False), ("kim", True), ("sam", True)]
