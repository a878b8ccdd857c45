"""Files of contacts of the past: every fault by its line and field, and nothing else held up."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.contact import Contact
from agent_assist.core.outcomes import Ending
from agent_assist.core.past import PastContact, PastEnding
from agent_assist.core.vocabulary import Cause
from agent_assist.web.contacts.past import (
    COLUMNS,
    LONGEST,
    HeaderRefused,
    read_csv,
    read_json_lines,
)

OPENED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CLOSED = datetime(2026, 3, 2, 9, 41, tzinfo=UTC)
CONTACT = Contact(
    "4711", OPENED, CLOSED, channel="chat", customer="c-9", rep="r-1", issues=("fee", "card")
)
LINE = {
    "external_id": "4711", "opened_at": "2026-03-02T10:30:00+01:00",
    "closed_at": "2026-03-02T09:41:00Z", "channel": "chat", "customer": "c-9", "rep": "r-1",
    "issues": ["fee", "card"], "outcome": {"resolved": True, "cause": "process"},
}  # fmt: skip


def lines(*documents: Any) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in documents]


def test_a_line_and_a_row_say_the_same_contact() -> None:
    row = f'4711,{LINE["opened_at"]},{LINE["closed_at"]},chat,c-9,r-1,"fee, card",yes,process'
    header = "external_id,opened_at,closed_at,channel,customer,rep,issues"
    header += ",outcome.resolved,outcome.cause"
    expected = PastContact(CONTACT, PastEnding(Ending(resolved=True, cause=Cause.PROCESS), CLOSED))

    assert list(read_json_lines(lines(LINE))) == [(1, expected)]
    assert list(read_csv([f"\ufeff{header}\n", row])) == [(2, expected)]


def described(**more: Any) -> bytes:
    return json.dumps({"external_id": "1", "opened_at": "2026-03-02T09:30:00Z"} | more).encode()


@pytest.mark.parametrize(
    ("line", "pointer", "code"),
    [
        (b"{", "", "bad_json"),
        (b"[1]", "", "wrong_type"),
        (b"\xff\xfe", "", "bad_json"),
        (b'{"external_id": "1"}', "/opened_at", "missing"),
        (described(opened_at="2026-03-02"), "/opened_at", "bad_time"),
        (described(opened_at="2026-03-02T09:30:00"), "/opened_at", "bad_time"),
        (described(external_id=" "), "/external_id", "control_character"),
        (described(external_id="\ud800"), "/external_id", "lone_surrogate"),
        (described(said="x"), "/said", "unknown_field"),
        (described(outcome={}), "/outcome/resolved", "missing"),
        (b"x" * (LONGEST + 1), "", "too_long"),
    ],
)  # fmt: skip
def test_a_faulty_line_is_told_and_the_next_one_is_read(
    line: bytes, pointer: str, code: str
) -> None:
    (number, faults), (following, found) = read_json_lines([line + b"\n", *lines(LINE)])

    assert (number, following) == (1, 2)
    assert not isinstance(faults, PastContact)
    assert [(one.pointer, one.code) for one in faults] == [(pointer, code)]
    assert isinstance(found, PastContact)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("id,opened_at", "'id' is not a column"),
        ("external_id,external_id", "there twice"),
        ("opened_at", "no external_id"),
        ("", "empty"),
    ],
)
def test_a_sheet_without_the_right_columns_is_refused_whole(header: str, said: str) -> None:
    with pytest.raises(HeaderRefused, match=said):
        list(read_csv([header] if header else []))


def test_rows_of_a_sheet_have_faults_by_their_line() -> None:
    found = list(
        read_csv(
            [
                "external_id,opened_at,outcome.resolved\n",
                "1,2026-03-02T09:30:00Z,maybe\n",
                "\n",
                "2,2026-03-02T09:30:00Z,yes,more\n",
                '3,"2026-03-02T09:30:00Z"x,yes\n',
                "4\udcff,2026-03-02T09:30:00Z,\n",
                "5,2026-03-02T09:30:00Z,\n",
            ]
        )
    )

    told = [
        (line, [(one.pointer, one.code) for one in some])
        for line, some in found
        if not isinstance(some, PastContact)
    ]
    assert told == [
        (2, [("/outcome/resolved", "wrong_type")]),
        (4, [("", "too_many_cells")]),
        (5, [("", "bad_csv")]),
        (6, [("/external_id", "lone_surrogate")]),
    ]
    assert found[-1] == (7, PastContact(Contact("5", OPENED)))


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_are_contacts_or_faults(some: list[bytes]) -> None:
    for _, found in read_json_lines(some):
        assert isinstance(found, PastContact) or found


@given(st.lists(st.text(st.characters(exclude_characters="\n\r")), max_size=5))
def test_any_text_below_a_header_is_contacts_or_faults(some: list[str]) -> None:
    for _, found in read_csv([",".join(COLUMNS), *some]):
        assert isinstance(found, PastContact) or found
