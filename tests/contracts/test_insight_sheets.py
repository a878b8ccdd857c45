"""The tables of insights are had as files that say exactly what the API says."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from agent_assist.web.approvals.tuning import CellSeen
from agent_assist.web.insights import tables
from agent_assist.web.insights.given import AskedItem, GivenItem
from agent_assist.web.insights.measures import MeasuredItem
from agent_assist.web.insights.stake_shapes import StakeSeen
from agent_assist.web.insights.suggestions import SuggestedItem
from agent_assist.web.library.drift import DriftWeek

SHEETS = "/v1/insights/sheets"
NAMES = ["measures", "grants", "approvals", "suggestions", "stakes", "limits", "drift"]


@pytest.fixture
def contacts(client: FlaskClient) -> None:
    for number, resolved in enumerate([True, False, False, None]):
        body = {"opened_at": f"2026-03-1{number}T01:00:00Z", "issues": ["fee"], "team": "007"}
        assert client.put(f"/v1/contacts/k{number}", json=body).status_code == 200
        if resolved is not None:
            headers, told = {"Idempotency-Key": f"k{number}"}, {"resolved": resolved}
            path = f"/v1/contacts/k{number}/outcome"
            assert client.post(path, json=told, headers=headers).status_code == 201


def rows(client: FlaskClient, asked: str) -> list[dict[str, str]]:
    answer = client.get(f"{SHEETS}/{asked}")
    assert answer.status_code == 200, answer.get_json()
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_each_table_is_had_in_each_format(client: FlaskClient, name: str, ending: str) -> None:
    answer = client.get(f"{SHEETS}/{name}?format={ending}")

    assert answer.status_code == 200
    assert f'.{ending}"' in answer.headers["Content-Disposition"]
    assert client.get(f"{SHEETS}/{name}?format=ods").status_code == 422


def test_shares_come_with_their_ends_and_with_what_they_are_of(
    client: FlaskClient, contacts: None
) -> None:
    item, total = rows(client, "measures?by=team")

    assert (item["line"], item["key"], item["contacts"]) == ("item", "007", "4")
    assert (item["resolved_at_once, count"], item["resolved_at_once, of"]) == ("1", "3")
    assert item["resolved_at_once, share (of 1)"] == "0.3333"
    assert item["resolved_at_once, low (of 1)"] == "0.0615"
    assert item["resolved_at_once, few"] == "yes"
    assert (total["line"], total["contacts"], total["report, pending"]) == ("total", "4", "0")


def test_money_is_what_the_api_tells_to_the_cent_with_its_currency_in_the_heading(
    client: FlaskClient, contacts: None
) -> None:
    told = client.get("/v1/insights/stakes").get_json()["items"][0]

    item, _ = rows(client, "stakes")

    for end in ("low", "likely", "high"):
        assert item[f"a_year, {end} (EUR)"] == told["a_year"][end]["amount"]
        assert item[f"at_risk, {end} (EUR)"] == told["at_risk"][end]["amount"]


def test_a_file_holds_what_is_shown_of_the_wanted_cause(
    client: FlaskClient, contacts: None
) -> None:
    causes = {item["cause"] for item in rows(client, "stakes") if item["line"] == "item"}

    assert causes == {"marketing"}
    assert len(rows(client, "stakes?cause=preventable")) == 2
    assert len(rows(client, "stakes?cause=product")) == 1


def test_a_workbook_has_numbers_as_numbers_and_names_as_texts(
    client: FlaskClient, contacts: None, tmp_path: Path
) -> None:
    path = tmp_path / "it.xlsx"
    path.write_bytes(client.get(f"{SHEETS}/measures?by=team&format=xlsx").data)

    header, item, _ = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    found = dict(zip(header, item, strict=True))
    assert (found["key"], found["contacts"]) == ("007", 4.0)
    assert found["resolved_at_once, share (of 1)"] == 0.3333


def test_nothing_in_a_file_is_run_as_a_formula() -> None:
    item: dict[str, Any] = {"key": "=1+1", "reserved": -3}

    for name in ("it.csv", "it.xlsx"):
        written = tables.table(name, {"items": [item]}, {"key": "key", "reserved": "reserved"})
        assert b"<f>" not in written
    assert tables.table("it.csv", {"items": [item]}, {"key": "key"}) == b"line,key\nitem,'=1+1\n"


def test_an_amount_of_more_digits_than_a_spreadsheet_keeps_is_exact_all_the_same(
    tmp_path: Path,
) -> None:
    money = [{"amount": "12345678901234567.89", "currency": "EUR"}]
    report = {"items": [{"spend": money}], "total": {"spend": money}}
    path = tmp_path / "it.xlsx"

    path.write_bytes(tables.table("it.xlsx", report, tables.spending(report)))

    _, item, _ = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert Decimal(str(item[1])) == Decimal("12345678901234567.89")


@pytest.mark.parametrize(
    ("shape", "columns", "left_out"),
    [
        (MeasuredItem, tables.MEASURES, set()),
        (GivenItem, tables.GRANTS, {"spend"}),  # a column for each currency
        (AskedItem, tables.APPROVALS, set()),
        (SuggestedItem, tables.SUGGESTIONS, set()),
        (CellSeen, tables.EVIDENCE, {"newest"}),  # lead on, and are no figures
        (DriftWeek, tables.DRIFT, set()),
        (StakeSeen, tables.stakes("EUR"), {"given"}),  # with a remedy: what `saved` rests on
    ],
)
def test_a_file_leaves_nothing_out_that_the_api_tells(
    shape: type, columns: tables.Columns, left_out: set[str]
) -> None:
    told = {at.partition(".")[0] for at in columns.values()}

    assert told == set(get_type_hints(shape)) - left_out
