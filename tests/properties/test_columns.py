"""Sets of rows, worked out fact by fact, are what a loop over the rows would find."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount
from agent_assist.core.columns import Columns, places, row_set
from agent_assist.core.conditions import (
    Conditions,
    Is,
    NoneOf,
    OneOf,
    Test,
    Within,
    exclude_each_other,
    narrows,
)
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.money import Money
from agent_assist.core.review.bitmaps import Bitmaps
from agent_assist.core.row_index import RowIndex
from tests.builders import DAY

# Enough rows for several machine words, few enough values that many rows say the same.
ROWS = 90
TIERS = ("basic", "plus", "gold", "black")
_some_tiers = st.frozensets(st.sampled_from(TIERS), min_size=1, max_size=3)
_bounds = st.one_of(st.none(), st.integers(-1, 6))
_ranges = st.builds(Within, _bounds, _bounds).filter(
    lambda test: test.low is None or test.high is None or test.low <= test.high
)
_tests: Mapping[str, st.SearchStrategy[Test]] = {
    "customer.tier": st.one_of(
        _some_tiers.map(OneOf),
        _some_tiers.map(lambda values: NoneOf(values, frozenset(TIERS))),
    ),
    "customer.months": _ranges,
    "fee.amount": _ranges,
    "fee.disclosed": st.booleans().map(Is),
}
_conditions: st.SearchStrategy[Conditions] = st.fixed_dictionaries({}, optional=_tests)
_facts: st.SearchStrategy[dict[str, FactValue]] = st.fixed_dictionaries(
    {},
    optional={
        "customer.tier": st.sampled_from((*TIERS, "a tier that is no more")),
        "customer.months": st.integers(-2, 7),
        "fee.amount": st.integers(0, 7).map(lambda minor: Money(minor, "EUR")),
        "fee.disclosed": st.booleans(),
    },
)
_days = st.one_of(st.none(), st.integers(-1, 1).map(lambda days: DAY + timedelta(days)))
_rows = st.builds(
    LimitRow,
    key=st.just(""),
    remedy=st.just("fee_waiver"),
    effect=st.sampled_from((Effect.ALLOW, Effect.ALLOW, Effect.DENY)),
    priority=st.integers(0, 1),
    issues=st.sampled_from((frozenset(), frozenset({"fee"}), frozenset({"fee", "card"}))),
    conditions=_conditions,
    ceilings=st.sampled_from(
        (
            {},
            {"rep": Ceiling((Fixed(2),))},
            {"rep": Ceiling((Fixed(3),))},
            {"rep": Ceiling((PerCount(1, "customer.months"),))},
            {"rep": Ceiling(unlimited=True)},
        )
    ),
    effective_from=_days,
    effective_to=_days,
)


@st.composite
def indexes(draw: st.DrawFn) -> RowIndex:
    some = draw(st.lists(_rows, min_size=1, max_size=12))
    # Rows are repeated, for what a set gets wrong past its first word no short table shows.
    random = draw(st.randoms(use_true_random=False))
    rows = [random.choice(some) for _ in range(draw(st.sampled_from((len(some), ROWS))))]
    return RowIndex([_named(row, number) for number, row in enumerate(rows)])


def _named(row: LimitRow, number: int) -> LimitRow:
    return LimitRow(**{**{f: getattr(row, f) for f in LimitRow.__slots__}, "key": f"R{number:03}"})


def _failed(row: LimitRow, facts: Mapping[str, FactValue]) -> list[str]:
    return [k for k, test in row.conditions.items() if k in facts and not test.accepts(facts[k])]


def _is_open(row: LimitRow, facts: Mapping[str, FactValue]) -> bool:
    return any(key not in facts for key in (*row.conditions, *row.bases()))


@settings(max_examples=200)
@given(indexes(), _facts, st.sampled_from([DAY + timedelta(days) for days in (-2, -1, 0, 1, 2)]))
def test_the_states_of_rows_are_those_that_each_row_has_by_itself(
    index: RowIndex, facts: dict[str, FactValue], day: date
) -> None:
    states = index.states(facts, day)

    rows = [(place, row) for place, row in enumerate(index.rows) if row.holds_on(day)]
    unfailed = [(place, row) for place, row in rows if not _failed(row, facts)]
    assert states.met == row_set(place for place, row in unfailed if not _is_open(row, facts))
    assert states.opened == row_set(place for place, row in unfailed if _is_open(row, facts))
    assert states.excluded == row_set(place for place, row in rows if _failed(row, facts))
    assert states.near == row_set(
        place for place, row in rows if len(_failed(row, facts)) == 1 and not _is_open(row, facts)
    )


@settings(max_examples=200)
@given(indexes(), st.integers(0, ROWS - 1))
def test_what_bears_on_a_row_is_what_comparing_it_with_each_other_row_tells(
    index: RowIndex, place: int
) -> None:
    place %= len(index.rows)
    row, rivals = index.rows[place], index.rivals(place)

    others = [(n, other) for n, other in enumerate(index.rows) if n != place]
    implied = [(n, one) for n, one in others if narrows(row.conditions, one.conditions)]
    assert rivals.outranking == row_set(n for n, one in others if _outranks(one, row))
    assert rivals.outranked == row_set(n for n, one in others if _outranks(row, one))
    assert rivals.implied == row_set(n for n, _ in implied)
    assert rivals.smothered == row_set(
        n for n, one in others if one.effect is Effect.ALLOW and _smothers(row, one)
    )


@settings(max_examples=200)
@given(indexes(), st.integers(0, (1 << ROWS) - 1), st.integers(0, 4))
def test_the_rows_that_count_or_could_are_those_that_no_other_row_keeps_from_it(
    index: RowIndex, some: int, bound: int
) -> None:
    some &= index.everything
    rows = [(place, index.rows[place]) for place in places(some)]

    denies = [(n, row) for n, row in rows if row.effect is Effect.DENY]
    rivals = denies or rows
    counting = [(n, row) for n, row in rivals if not any(_outranks(by, row) for _, by in rivals)]
    standing = index.standing(some)
    assert standing == row_set(n for n, _ in counting)
    opened = index.everything & ~some
    assert index.contested(opened, standing) == _contested(index, opened, counting)
    assert index.above("rep", bound) == row_set(
        n
        for n, row in enumerate(index.rows)
        if (most := row.ceiling("rep").fixed()) is None or most > bound
    )


def _contested(index: RowIndex, opened: int, standing: list[tuple[int, LimitRow]]) -> int:
    rows = [(place, index.rows[place]) for place in places(opened)]
    allows = row_set(
        n
        for n, row in rows
        if row.effect is Effect.ALLOW
        and not any(_outranks(by, row) for _, by in standing)
        and not any(_smothers(by, row) for _, by in rows)
    )
    if any(row.effect is Effect.DENY for _, row in standing) or not (standing or allows):
        return 0
    return allows | row_set(n for n, row in rows if row.effect is Effect.DENY)


def _smothers(one: LimitRow, row: LimitRow) -> bool:
    stronger = one.effect is Effect.DENY or one.priority > row.priority
    return stronger and narrows(row.conditions, one.conditions)


def _outranks(one: LimitRow, other: LimitRow) -> bool:
    return one.priority > other.priority or (
        one.priority == other.priority and one.lies_within(other) and not other.lies_within(one)
    )


@settings(max_examples=200)
@given(
    st.lists(_conditions, max_size=70),
    st.lists(st.tuples(st.integers(0, 70), _conditions), max_size=8),
    _conditions,
    _facts,
)
def test_columns_that_are_edited_say_what_columns_made_anew_say(
    rows: list[Conditions],
    edits: list[tuple[int, Conditions]],
    asked: Conditions,
    facts: dict[str, FactValue],
) -> None:
    columns = Columns(rows)
    for at, tests in edits:
        place = min(at, len(rows))
        columns.put(place, tests)
        rows[place : place + 1] = [tests]

    everyone = (1 << len(rows)) - 1
    meets, inside, around = (found & everyone for found in columns.look(asked))

    assert (meets, inside, around) == tuple(f & everyone for f in Columns(rows).look(asked))
    failures = [
        sum(fact in facts and not test.accepts(facts[fact]) for fact, test in one.items())
        for one in rows
    ]
    assert columns.read(facts) == (
        row_set(n for n, failed in enumerate(failures) if failed),
        row_set(n for n, failed in enumerate(failures) if failed > 1),
        row_set(n for n, one in enumerate(rows) if one.keys() - facts.keys()),
    )
    for n, one in enumerate(rows):
        assert bool(meets >> n & 1) is not exclude_each_other(one, asked)
        assert bool(inside >> n & 1) is narrows(one, asked)
        assert bool(around >> n & 1) is narrows(asked, one)


@settings(max_examples=100)
@given(st.lists(_rows, min_size=1, max_size=8))
def test_the_weaker_rows_of_a_row_are_those_that_have_it_among_the_stronger(
    rows: list[LimitRow],
) -> None:
    bits = Bitmaps(rows)

    for place in bits.kept():
        found = row_set(one for one in bits.kept() if bits.stronger(one) >> place & 1)
        assert bits.weaker(place) == found


@given(st.frozensets(st.integers(0, 300)))
def test_a_set_of_rows_gives_its_places_in_order(some: frozenset[int]) -> None:
    found = list(places(row_set(some)))

    assert set(found) == some
    assert all(one < other for one, other in pairwise(found))
