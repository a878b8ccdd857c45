"""The judges find what they are there to find."""

import json

import pytest

from tests.campaigns.deployment import Granted
from tests.campaigns.judge import judge
from tests.campaigns.power import read_trace
from tests.campaigns.wire import Answer, Asked

FIRST = Asked("1", "k-1", "c-1", "r-1", "t-1", 500)
SECOND = Asked("2", "k-2", "c-1", "r-2", "t-2", 500)


def granted(asked: Asked, grant: str = "g-1", amount: int | None = None) -> Granted:
    held = asked.amount if amount is None else amount
    return Granted(grant, asked.contact, asked.customer, asked.rep, asked.team, held)


def created(grant: str = "g-1", replayed: bool = False, at: str = "") -> Answer:
    return Answer(201, json.dumps({"id": grant, "at": at}).encode(), replayed, 1.0)


def refused(left: str, kind: str = "over_headroom") -> Answer:
    body = {"type": f"urn:agent-assist:problem:{kind}", "headroom": {"amount": left}}
    return Answer(409, json.dumps(body).encode(), False, 1.0)


def faults(tried: list[tuple[Asked, list[Answer]]], grants: list[Granted]) -> dict[str, int]:
    return {name: number for name, number in judge(tried, grants).items() if number}


def filled(left: int) -> list[Granted]:
    """The customer's budget of 50.00, taken by others but for `left` cents."""
    parts = [1000] * 4 + [1000 - left]
    return [
        Granted(f"h-{n}", f"h-{n}", "c-1", f"h-{n}", f"h-{n}", part) for n, part in enumerate(parts)
    ]


def others(grants: list[Granted]) -> list[tuple[Asked, list[Answer]]]:
    return [
        (Asked(one.contact, one.contact, one.customer, one.rep, one.team, one.amount),
         [created(one.id)])
        for one in grants
    ]  # fmt: skip


def test_an_honest_history_has_no_fault() -> None:
    before = filled(left=500)
    tried = [
        *others(before),
        (FIRST, [created(), created(replayed=True)]),
        (SECOND, [refused("0.00")]),
    ]

    assert faults(tried, [*before, granted(FIRST)]) == {}


@pytest.mark.parametrize(
    ("answers", "grants", "fault"),
    [
        ([created()], [], {"lost": 1}),
        ([created()], [granted(FIRST, amount=400)], {"changed": 1}),
        ([created()], [granted(FIRST, "g-2")], {"changed": 1}),
        ([created()], [granted(FIRST), granted(FIRST, "g-2")], {"duplicated": 1}),
        ([created(), created()], [granted(FIRST)], {"duplicated": 1}),
        (
            [created(), created(at="later", replayed=True)],
            [granted(FIRST)],
            {"answers that differ": 1},
        ),
        ([created()], [granted(FIRST), granted(SECOND, "g-2")], {"ghosts": 1}),
        ([refused("0.00")], [], {"falsely refused": 1}),
        ([refused("0.00", "stale_version")], [], {"unexpected statuses": 1}),
        ([Answer(500, b"{}", False, 1.0)], [], {"unexpected statuses": 1}),
    ],
)
def test_each_fault_of_a_request_is_found(
    answers: list[Answer], grants: list[Granted], fault: dict[str, int]
) -> None:
    assert faults([(FIRST, answers)], grants) == fault


def test_a_refused_request_that_was_carried_out_is_a_ghost() -> None:
    before = filled(left=500)
    tried = [*others(before), (FIRST, [refused("0.00")])]

    assert faults(tried, [*before, granted(FIRST)]) == {"ghosts": 1}


def test_more_than_a_budget_holds_is_over_granted() -> None:
    before = filled(left=400)

    found = faults([*others(before), (FIRST, [created()])], [*before, granted(FIRST)])

    assert found == {"over-granted": 1}


@pytest.mark.parametrize(("told", "wrong"), [("4.00", {}), ("0.00", {"wrong headroom": 1})])
def test_a_refusal_must_tell_what_was_left_at_some_moment(told: str, wrong: dict[str, int]) -> None:
    before = filled(left=400)

    assert faults([*others(before), (FIRST, [refused(told)])], before) == wrong


SYNC = "7 fdatasync(9</data/agent-assist.db-wal>) = 0"
ANSWER = '7 sendto(5<socket:[1]>, "HTTP/1.1 201 CRE"..., 900, 0, NULL, 0) = 900'


@pytest.mark.parametrize(
    ("lines", "early"),
    [
        ([SYNC, ANSWER, SYNC, ANSWER], 0),
        ([ANSWER], 1),
        ([SYNC, ANSWER, ANSWER], 1),
        ([SYNC.replace("-wal", "-log"), ANSWER], 1),
        ([SYNC.replace("= 0", "= -1 EIO (Input/output error)"), ANSWER], 1),
        (["8 fdatasync(3</db/pg_wal/1> <unfinished ...>", ANSWER], 1),
        (
            [
                "8 fdatasync(3</db/pg_wal/1> <unfinished ...>",
                "8 <... fdatasync resumed>) = 0",
                ANSWER,
            ],
            0,
        ),
        (["9 <... fdatasync resumed>) = 0", ANSWER], 1),
    ],
)
def test_an_answer_that_no_synchronisation_preceded_is_found(lines: list[str], early: int) -> None:
    assert read_trace("\n".join(lines)).too_early == early
