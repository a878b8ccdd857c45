"""What is advised about limits that give more than is needed follows from what was needed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.ceilings import Ceiling, Fixed, ShareOf
from agent_assist.core.conditions import Is
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import Facts
from agent_assist.core.limits import Effect, LimitRow, LimitTable
from agent_assist.core.trimming import (
    ENOUGH,
    Idle,
    Lower,
    Needed,
    Use,
    WhyKept,
    advise_lower,
    gather_use,
    idle_rows,
    why_keep,
)
from agent_assist.core.tuning import Cell
from agent_assist.core.vocabulary import RemedyKind
from tests.builders import DAY, LEVELS, a_deny, a_row, a_vocabulary
from tests.random_tables import a_table

CELL = Cell("R1", "supervisor")
ROW = a_row(rep=500, supervisor=10_000, manager=10_000)
VOCABULARY = a_vocabulary()
WAIVER = VOCABULARY.remedies["fee_waiver"]
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAYS = (DAY - timedelta(days=90), DAY)


def use(*needed: int, cell: Cell = CELL) -> Use:
    found = gather_use(Needed(cell, f"k-{n}", one, NOON) for n, one in enumerate(needed))
    return found[cell]


def advised(needed: Use, row: LimitRow = ROW, declined: datetime | None = None) -> Lower | WhyKept:
    return advise_lower(needed, row, WAIVER, LEVELS, declined)


def idle(row: LimitRow, times: int = ENOUGH) -> Idle:
    return Idle(row, (NOON,) * times)


def kept(
    row: LimitRow, *others: LimitRow, declined: datetime | None = None, times: int = ENOUGH
) -> WhyKept | None:
    return why_keep(idle(row, times), (row, *others), VOCABULARY, DAYS, declined)


def test_a_ceiling_is_lowered_to_what_99_of_100_occasions_fit_into_rounded_up() -> None:
    found = advised(use(*[1_000] * 98, 1_234, 9_000))

    assert isinstance(found, Lower)
    assert (found.to, found.beyond) == (1_300, 1)
    assert 0.01 < found.at_most < 0.06


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        ([100] * 99, WhyKept.FEW),
        ([5_000] * 100, Lower),
        ([5_001] * 100, WhyKept.NEEDED),
        ([100] * 98 + [5_001] * 2, WhyKept.NEEDED),
        ([100] * 99 + [20_000], Lower),
    ],
)
def test_enough_must_have_been_given_and_nearly_all_in_half_of_the_ceiling(
    needed: Sequence[int], expected: WhyKept | type[Lower]
) -> None:
    found = advised(use(*needed))

    assert found is expected or type(found) is expected


def test_a_ceiling_is_never_lowered_below_that_of_the_next_level_down() -> None:
    assert advised(use(*[100] * 100)) == Lower(500, 0, advised_at_most(0))
    raised = replace(ROW, ceilings={**ROW.ceilings, "rep": Ceiling((Fixed(10_000),))})
    assert advised(use(*[100] * 100), raised) is WhyKept.NEEDED


def advised_at_most(beyond: int) -> float:
    found = advised(use(*[100] * (100 - beyond), *[700] * beyond))
    assert isinstance(found, Lower)
    return found.at_most


def test_nothing_is_taken_from_a_customer() -> None:
    top = replace(ROW, ceilings={**ROW.ceilings, "manager": Ceiling((Fixed(9_999),))})
    owed = replace(WAIVER, kind=RemedyKind.ENTITLEMENT)

    assert advised(use(*[100] * 100), top) is WhyKept.NOBODY_ABOVE
    assert advise_lower(use(*[100] * 100), ROW, owed, LEVELS) is WhyKept.OWED
    at_top = use(*[100] * 100, cell=Cell("R1", "manager"))
    assert advised(at_top) is WhyKept.NOBODY_ABOVE


@pytest.mark.parametrize(
    "ceiling", [Ceiling((ShareOf(2000, "fee.amount"),)), Ceiling(unlimited=True)]
)
def test_a_ceiling_that_is_no_amount_is_left_to_people(ceiling: Ceiling) -> None:
    row = replace(ROW, ceilings={**ROW.ceilings, "supervisor": ceiling})

    assert advised(use(*[100] * 100), row) is WhyKept.RESTS_ON_FACTS


def test_what_was_given_in_pieces_on_one_occasion_counts_once_as_a_whole() -> None:
    pieces = [Needed(CELL, "o-1", amount, NOON) for amount in (300, 900, 600)]

    assert gather_use(pieces)[CELL].needed == (900,)


def test_declined_advice_to_lower_waits_for_thirty_more_occasions() -> None:
    def of(after: int) -> Lower | WhyKept:
        times = [NOON - timedelta(days=1)] * (200 - after) + [NOON] * after
        some = gather_use(Needed(CELL, f"k-{n}", 100, at) for n, at in enumerate(times))
        return advised(some[CELL], declined=NOON - timedelta(hours=1))

    assert of(29) is WhyKept.DECLINED
    assert isinstance(of(30), Lower)


@given(st.lists(st.integers(1, 12_000), min_size=100, max_size=300), st.randoms())
def test_lowered_is_what_nearly_all_fit_into_whatever_their_order(
    needed: list[int], random: object
) -> None:
    shuffled = sorted(needed, key=lambda _: random.random())  # type: ignore[attr-defined]
    found = advised(use(*needed))

    assert found == advised(use(*shuffled))
    if isinstance(found, Lower):
        assert 500 <= found.to < 10_000
        assert sum(one > found.to for one in needed) == found.beyond <= len(needed) // 100


def test_a_row_that_decided_nothing_where_it_was_much_asked_about_is_dropped() -> None:
    row, other = a_row("R1"), a_row("R2", issues=frozenset({"card"}))
    asked = {"fee": [NOON] * ENOUGH, "card": [NOON] * (ENOUGH - 1)}

    (found,) = idle_rows((row, other), asked, used=())

    assert (found.row, len(found.asked)) == (row, ENOUGH)
    assert kept(row) is None
    assert idle_rows((row, other), asked, used={"R1"}) == []


def test_a_row_that_guards_against_something_is_never_dropped() -> None:
    narrow = a_row("R1", conditions={"fee.disclosed": Is(True)}, rep=100, supervisor=100)
    wide = a_row("R2", rep=1_000)

    assert kept(a_deny(), a_row()) is WhyKept.GUARDS
    assert kept(narrow, wide) is WhyKept.GUARDS
    assert kept(replace(wide, key="R3", priority=5), narrow) is None


def test_a_row_that_is_owed_or_was_not_in_effect_all_the_time_is_never_dropped() -> None:
    owed = {**VOCABULARY.remedies, "fee_waiver": replace(WAIVER, kind=RemedyKind.ENTITLEMENT)}
    vocabulary = replace(VOCABULARY, remedies=owed)

    assert why_keep(idle(ROW), (ROW,), vocabulary, DAYS) is WhyKept.OWED
    assert kept(a_row(effective_from=DAY)) is WhyKept.PART_OF_TIME
    assert kept(a_row(effective_to=DAY - timedelta(days=1))) is WhyKept.PART_OF_TIME


def test_declined_advice_to_drop_waits_until_as_much_again_speaks_for_it() -> None:
    def of(before: int, after: int) -> WhyKept | None:
        times = (NOON - timedelta(days=1),) * before + (NOON,) * after
        declined = NOON - timedelta(hours=1)
        return why_keep(Idle(ROW, times), (ROW,), VOCABULARY, DAYS, declined)

    assert of(200, 199) is WhyKept.DECLINED
    assert of(200, 200) is None
    assert of(20, 99) is WhyKept.DECLINED


@given(
    a_table,
    st.fixed_dictionaries(
        {},
        optional={
            "customer.months": st.integers(0, 50),
            "fee.disclosed": st.booleans(),
            "customer.tier": st.sampled_from(["basic", "plus", "gold"]),
        },
    ),
)
def test_no_row_that_is_advised_to_be_dropped_gives_anybody_more_without_it(
    table: tuple[LimitRow, ...], facts: Facts
) -> None:
    whole = CompiledLimits(LimitTable(1, table), VOCABULARY)
    for row in table:
        if why_keep(idle(row), table, VOCABULARY, (DAY, DAY)) is not None:
            continue
        assert row.effect is Effect.ALLOW
        rest = CompiledLimits(LimitTable(2, tuple(r for r in table if r is not row)), VOCABULARY)
        for issue in VOCABULARY.issues:
            for level in LEVELS:
                before, after = (
                    one.decide(issue=issue, remedy=row.remedy, level=level, facts=facts, day=DAY)
                    for one in (whole, rest)
                )
                assert before.up_to >= after.up_to
