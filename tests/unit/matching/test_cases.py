"""Labelled cases: read whole, or refused with every fault by its line."""

import pytest

from agent_assist.core.contact import Speaker, Turn
from agent_assist.matching.cases import MAX_LISTED, Case, CasesFaulty, read_cases

ISSUES = {"fee", "pin"}
POLICIES = {"cash/fee", "pin/forgotten"}


def read(*lines: bytes) -> tuple[Case, ...]:
    return read_cases(lines, issues=ISSUES, policies=POLICIES)


def codes(*lines: bytes) -> list[tuple[int, str]]:
    with pytest.raises(CasesFaulty) as raised:
        read(*lines)
    return [(fault.line, fault.code) for fault in raised.value.faults]


def test_every_form_of_a_case_is_read() -> None:
    cases = read(
        b'\xef\xbb\xbf{"text": "why the fee", "issue": "fee"}\n',
        b"\n",
        b'{"text": "nothing", "issue": null}',
        b'{"text": "both", "policies": ["cash/fee", "pin/forgotten"]}',
        b'{"transcript": [{"from": "agent", "text": "Hi"}, {"from": "customer", "text": "PIN"}],'
        b' "issue": "pin"}',
    )

    turns = (Turn(Speaker.AGENT, "Hi"), Turn(Speaker.CUSTOMER, "PIN"))
    assert cases == (
        Case("why the fee", issue="fee"),
        Case("nothing"),
        Case("both", policies=("cash/fee", "pin/forgotten")),
        Case(turns, issue="pin"),
    )
    assert [case.is_known for case in cases] == [True, False, True, True]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "bad_json"),
        (b"\xff", "bad_json"),
        (b"[" * 90_000, "bad_json"),
        (b"[]", "bad_json"),
        (b'"' + b"a" * 200_000 + b'"', "too_long"),
        (b'{"text": "a", "issue": "fee", "extra": 1}', "unknown_key"),
        (b'{"text": "a", "issue": "fee", "\\ud83d": 1}', "unknown_key"),
        (b'{"issue": "fee"}', "text_or_transcript"),
        (b'{"text": "a", "transcript": [], "issue": "fee"}', "text_or_transcript"),
        (b'{"text": "a"}', "issue_or_policies"),
        (b'{"text": "a", "issue": "fee", "policies": ["cash/fee"]}', "issue_or_policies"),
        (b'{"text": " ", "issue": "fee"}', "bad_text"),
        (b'{"text": 7, "issue": "fee"}', "bad_text"),
        (b'{"text": "' + b"a" * 20_001 + b'", "issue": "fee"}', "too_long"),
        (b'{"text": "half a \\ud83d", "issue": "fee"}', "lone_surrogate"),
        (b'{"text": "a", "text": "b", "issue": "fee"}', "key_twice"),
        (b'{"text": "a", "issue": "none_such"}', "unknown_issue"),
        (b'{"text": "a", "issue": ["fee"]}', "unknown_issue"),
        (b'{"text": "a", "policies": []}', "bad_policies"),
        (b'{"text": "a", "policies": null}', "bad_policies"),
        (b'{"text": "a", "policies": ["no/such"]}', "unknown_policy"),
        (b'{"transcript": [], "issue": "fee"}', "bad_transcript"),
        (b'{"transcript": [{"from": "agent", "text": "a"}], "issue": "fee"}', "bad_transcript"),
        (b'{"transcript": [{"from": "me", "text": "a"}], "issue": "fee"}', "bad_turn"),
        (b'{"transcript": [{"from": "agent"}], "issue": "fee"}', "bad_turn"),
        (b'{"transcript": ["a"], "issue": "fee"}', "bad_turn"),
    ],
)
def test_a_faulty_line_is_named_with_a_code(line: bytes, code: str) -> None:
    assert codes(b'{"text": "a", "issue": "fee"}', line) == [(2, code)]


def test_a_fault_can_always_be_printed() -> None:
    with pytest.raises(CasesFaulty) as raised:
        read(b'{"text": "a", "issue": "fee", "\\u001b[31m\\ud83d": 1}')

    assert str(raised.value).isprintable()
    assert str(raised.value).encode()


def test_all_faults_are_told_at_once_and_long_lists_are_cut() -> None:
    with pytest.raises(CasesFaulty, match="and 950 more") as raised:
        read(*[b"{"] * 1000)

    assert len(raised.value.faults) == MAX_LISTED
    assert raised.value.count == 1000


def test_a_file_without_a_case_is_refused() -> None:
    assert codes(b"\n", b"  \n") == [(1, "empty")]


def test_faults_never_repeat_what_a_customer_said() -> None:
    with pytest.raises(CasesFaulty) as raised:
        read(b'{"text": "my secret", "issue": "my secret issue"}')

    assert "secret" not in str(raised.value)
