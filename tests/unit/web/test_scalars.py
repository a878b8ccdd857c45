"""Traps of pydantic that the wire's scalars must keep out of."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import AwareDatetime, ValidationError

from agent_assist.web.amounts import MoneyGiven
from agent_assist.web.requests import FactGiven
from agent_assist.web.scalars import Id, Maybe, PageSize, Query, Received, Said, Whole


class Body(Received):
    at: Maybe[AwareDatetime] = None
    whole: Maybe[Whole] = None
    text: Maybe[Said] = None
    id: Maybe[Id] = None
    fact: Maybe[FactGiven] = None


class Page(Query):
    limit: PageSize = 50


def read(text: str) -> Body:
    return Body.model_validate_json(text)


def test_optional_time_is_still_read_strictly_from_json() -> None:
    assert read('{"at": "2026-01-31T09:30:00Z"}').at == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("field", ["at", "whole", "text", "id", "fact"])
def test_null_is_not_the_same_as_left_out(field: str) -> None:
    assert getattr(read("{}"), field) is None
    with pytest.raises(ValidationError):
        read(f'{{"{field}": null}}')


@pytest.mark.parametrize(("sent", "read_as"), [("2", 2), ("2.0", 2), ("1e3", 1000), ("-0.0", 0)])
def test_whole_number_may_be_written_as_json_schema_allows(sent: str, read_as: int) -> None:
    found = read(f'{{"whole": {sent}, "fact": {sent}}}')

    assert found.whole == found.fact == read_as
    assert type(found.whole) is type(found.fact) is int


@pytest.mark.parametrize("sent", ["2.5", "1e16", '"2"', "true", "[]"])
def test_what_is_no_whole_number_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        read(f'{{"whole": {sent}}}')


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("true", True),
        ("1", 1),
        ('"plus"', "plus"),
        ('{"amount": "1.00", "currency": "EUR"}', MoneyGiven(amount="1.00", currency="EUR")),
    ],
)
def test_fact_keeps_the_type_it_was_sent_with(sent: str, expected: Any) -> None:
    found = read(f'{{"fact": {sent}}}').fact

    assert found == expected
    assert type(found) is type(expected)


def test_bounds_are_published_as_json_schema_knows_them() -> None:
    whole = Body.model_json_schema()["properties"]["whole"]
    limit = Page.model_json_schema()["properties"]["limit"]

    assert (whole["minimum"], whole["maximum"]) == (-(10**15), 10**15)
    assert (limit["minimum"], limit["maximum"]) == (1, 200)


def test_length_is_counted_in_characters_and_not_in_bytes() -> None:
    assert read('{"text": "' + "\U0001f600" * 20_000 + '"}').text
    with pytest.raises(ValidationError):
        read('{"text": "' + "\U0001f600" * 20_001 + '"}')
