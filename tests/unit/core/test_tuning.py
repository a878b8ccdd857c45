"""What is advised about a limit follows from what became of the requests beyond it."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.ceilings import Ceiling, Fixed, ShareOf
from agent_assist.core.intervals import wilson
from agent_assist.core.tuning import Beyond, Cell, Evidence, Raise, WhyNot, advise, gather

CELL = Cell("R1", "rep")
CEILINGS = {
    "rep": Ceiling((Fixed(1000),)),
    "supervisor": Ceiling((Fixed(5000),)),
    "manager": Ceiling(unlimited=True),
}


def approved(given: int, asked: int | None = None, *, taken_back: bool = False) -> Beyond:
    waited = timedelta(minutes=3)
    return Beyond(CELL, asked or given, ApprovalState.APPROVED, given, waited, taken_back)


def refused(asked: int = 2000) -> Beyond:
    return Beyond(CELL, asked, ApprovalState.REFUSED, None, timedelta(minutes=1))


def evidence(*beyond: Beyond) -> Evidence:
    return gather(beyond)[CELL]


def test_a_ceiling_is_raised_to_what_nine_of_ten_approvals_fit_into() -> None:
    asked = [approved(100 * n) for n in range(11, 41)] * 3

    assert advise(evidence(*asked), CEILINGS, "supervisor") == Raise(3700, 81)


@pytest.mark.parametrize(
    ("approvals", "refusals", "expected"),
    [
        (72, 0, WhyNot.FEW),
        (73, 0, Raise(2000, 73)),
        (72, 1, WhyNot.REFUSED),
        (108, 1, WhyNot.REFUSED),
        (109, 1, Raise(2000, 109)),
        (0, 200, WhyNot.REFUSED),
    ],
)
def test_nearly_all_must_have_been_approved_and_enough_of_them(
    approvals: int, refusals: int, expected: object
) -> None:
    found = evidence(*[approved(2000)] * approvals, *[refused()] * refusals)

    assert advise(found, CEILINGS, "supervisor") == expected


def test_what_was_taken_back_counts_as_if_it_had_been_refused() -> None:
    found = evidence(*[approved(2000)] * 80, approved(2000, taken_back=True))

    assert advise(found, CEILINGS, "supervisor") is WhyNot.REFUSED


def test_nobody_decided_is_no_evidence() -> None:
    waiting = [Beyond(CELL, 2000, state) for state in ApprovalState if state.value in "pending"]
    found = evidence(*waiting * 500)

    assert found.overturned is None
    assert advise(found, CEILINGS, "supervisor") is WhyNot.FEW


def test_a_ceiling_is_never_raised_above_that_of_the_next_level() -> None:
    found = evidence(*[approved(9000)] * 100)

    assert advise(found, CEILINGS, "supervisor") == Raise(5000, 0)
    assert advise(found, CEILINGS, "manager") == Raise(9000, 100)
    assert advise(found, CEILINGS | {"supervisor": CEILINGS["rep"]}, "supervisor") is WhyNot.NO_ROOM
    assert advise(found, CEILINGS, "") is WhyNot.NO_ROOM


@pytest.mark.parametrize("level", ["rep", "supervisor"])
def test_a_ceiling_that_rests_on_facts_is_left_to_people(level: str) -> None:
    share = Ceiling((ShareOf(2000, "fee.amount"),))

    found = advise(evidence(*[approved(2000)] * 100), CEILINGS | {level: share}, "supervisor")

    assert found is WhyNot.RESTS_ON_FACTS


def test_an_amount_that_is_advised_is_one_that_people_write() -> None:
    assert advise(evidence(*[approved(4737)] * 100), CEILINGS, "supervisor") == Raise(4700, 0)
    assert advise(evidence(*[approved(1099)] * 100), CEILINGS, "supervisor") is WhyNot.NO_ROOM


def test_evidence_counts_each_request_once_in_any_order() -> None:
    chance = Random(7)
    beyond = [
        chance.choice([approved(chance.randint(1001, 3000), 3000), refused(), waiting])
        for waiting in [Beyond(CELL, 1500, ApprovalState.PENDING)] * 300
    ]
    shuffled: Sequence[Beyond] = chance.sample(beyond, len(beyond))

    found = evidence(*beyond)

    assert found == evidence(*shuffled)
    assert found.requests == 300
    assert found.cut == sum(one.given is not None and one.given < one.amount for one in beyond)
    assert found.asked == sum(one.amount for one in beyond)
    share = len(found.given), found.decided
    assert found.overturned == wilson(*share)
