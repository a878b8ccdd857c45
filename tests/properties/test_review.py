"""What the review finds is all there is and nothing else, against trying every case."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.ceilings import Ceiling, Fixed, ShareOf, Term, exceeds
from agent_assist.core.conditions import Is, OneOf, Test, Within
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Decision
from agent_assist.core.facts import FactValue
from agent_assist.core.limits import Effect, LimitRow, Offer
from agent_assist.core.money import Money
from agent_assist.core.review import (
    Case,
    Code,
    Finding,
    PastCase,
    Reviewer,
    is_tightening,
    review_table,
)
from agent_assist.core.review.amounts import exceeding, most
from agent_assist.core.review.boxes import Box, Values, Work, cells, escape, uncovered
from agent_assist.core.review.probes import Probes
from agent_assist.core.row_index import RowState
from tests.builders import DAY, LEVELS, a_deny, a_row, a_vocabulary, compiled

# Small alphabets, so that random rows often meet.
TIERS = ("basic", "plus", "gold")
ISSUES = ("fee", "card", "other")
MONTHS = range(4)  # tests speak of 0 to 2, so 3 stands for all others
DAYS = tuple(DAY + timedelta(days=n) for n in range(3))  # before, on and after the one that counts
SLOW = settings(max_examples=50)
QUICK = settings(max_examples=150)
VOCABULARY = a_vocabulary()

_Values = tuple[str, dict[str, FactValue], date]


def _tests() -> st.SearchStrategy[dict[str, Test]]:
    tiers = st.sets(st.sampled_from(TIERS), min_size=1, max_size=2)
    edges = st.tuples(st.integers(0, 2), st.integers(0, 2))
    optional: Mapping[str, st.SearchStrategy[Test]] = {
        "customer.tier": tiers.map(lambda values: OneOf(frozenset(values))),
        "customer.months": edges.map(lambda pair: Within(min(pair), max(pair))),
        "fee.disclosed": st.booleans().map(lambda answer: Is(answer=answer)),
    }
    return st.fixed_dictionaries({}, optional=optional)


_issues = st.sampled_from([frozenset(), frozenset({"fee"}), frozenset({"fee", "card"})])
_amounts = st.one_of(st.none(), st.integers(0, 3))
_windows = st.sampled_from(
    [(None, None)] * 4 + [(DAYS[1], DAYS[1]), (DAYS[1], None), (None, DAYS[1])]
)


@st.composite
def a_random_row(draw: st.DrawFn, key: str, *, dated: bool = True) -> LimitRow:
    issues, conditions = draw(_issues), draw(_tests())
    first, last = draw(_windows) if dated else (None, None)
    if draw(st.integers(0, 5)) == 0:
        row = a_deny(key, issues=issues, conditions=conditions)
        return replace(row, effective_from=first, effective_to=last)
    return a_row(
        key,
        rep=draw(_amounts),
        supervisor=draw(_amounts),
        manager=draw(_amounts),
        issues=issues,
        conditions=conditions,
        priority=draw(st.sampled_from((0, 0, 0, 1))),
        offer=draw(st.sampled_from((Offer.OFFER, Offer.OFFER, Offer.IF_ASKED))),
        effective_from=first,
        effective_to=last,
    )


@st.composite
def tables(draw: st.DrawFn, most_rows: int = 5, *, dated: bool = True) -> list[LimitRow]:
    count = draw(st.integers(1, most_rows))
    rows = [draw(a_random_row(f"R{number}", dated=dated)) for number in range(count)]
    if draw(st.booleans()):
        # Equal outcomes and equal conditions are rare by chance.
        copied = draw(st.sampled_from(rows))
        change = draw(st.sampled_from(["ceilings", "conditions", "both"]))
        other = draw(st.sampled_from([row for row in rows if row.effect is copied.effect]))
        conditions = copied.conditions if change != "ceilings" else draw(_tests())
        ceilings = copied.ceilings if change != "conditions" else other.ceilings
        rows.append(replace(copied, key="R9", conditions=conditions, ceilings=ceilings))
    return rows


def _cases() -> Iterator[_Values]:
    for issue, tier, months, disclosed, day in product(ISSUES, TIERS, MONTHS, (True, False), DAYS):
        facts: dict[str, FactValue] = {
            "customer.tier": tier,
            "customer.months": months,
            "fee.disclosed": disclosed,
        }
        yield issue, facts, day


CASES = list(_cases())


def _decide(
    limits: CompiledLimits, issue: str, facts: Mapping[str, FactValue], day: date, level: str
) -> Decision:
    return limits.decide(issue=issue, remedy="fee_waiver", level=level, facts=facts, day=day)


def _standing(rows: Sequence[LimitRow]) -> list[list[LimitRow]]:
    """The rows that count in each of the cases, as the engine says."""
    limits = compiled(*rows)
    found = []
    for issue, facts, day in CASES:
        trace = _decide(limits, issue, facts, day, "rep").trace
        found.append([one.row for one in trace if one.decisive and one.state is RowState.MET])
    return found


def _met(row: LimitRow, case: _Values) -> bool:
    issue, facts, day = case
    about = not row.issues or issue in row.issues
    passed = all(test.accepts(facts[key]) for key, test in row.conditions.items())
    return about and passed and row.holds_on(day)


def _reach(row: LimitRow) -> frozenset[int]:
    """The cases that meet a row whatever its dates, by place."""
    timeless = replace(row, effective_from=None, effective_to=None)
    return frozenset(place for place, case in enumerate(CASES) if _met(timeless, case))


def _is_same(one: LimitRow, other: LimitRow) -> bool:
    def frame(row: LimitRow) -> tuple[object, ...]:
        return row.effect, row.priority, row.effective_from, row.effective_to, _reach(row)

    return frame(one) == frame(other) and set(one.conditions) == set(other.conditions)


def _amount(row: LimitRow, level: str) -> object:
    return row.ceiling(level).evaluate({})


def _differ(one: LimitRow, other: LimitRow) -> bool:
    return any(_amount(one, level) != _amount(other, level) for level in LEVELS)


def _by_code(findings: Iterable[Finding], *codes: Code) -> set[tuple[str, ...]]:
    return {one.rows for one in findings if one.code in codes}


def _pairs(rows: Sequence[LimitRow]) -> Iterator[tuple[LimitRow, LimitRow]]:
    ordered = sorted(rows, key=lambda row: row.key)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            yield one, other


@QUICK
@given(tables())
def test_duplicates_are_the_rows_with_the_same_cases_effect_priority_and_dates(
    rows: list[LimitRow],
) -> None:
    findings = review_table(rows, VOCABULARY)

    same = [(one, other) for one, other in _pairs(rows) if _is_same(one, other)]
    assert _by_code(findings, Code.DUPLICATE) == {
        (one.key, other.key) for one, other in same if not _differ(one, other)
    }
    assert _by_code(findings, Code.CONTRADICTION) == {
        (one.key, other.key) for one, other in same if _differ(one, other)
    }


@QUICK
@given(tables())
def test_conflicts_are_the_pairs_that_count_in_one_case_with_different_ceilings(
    rows: list[LimitRow],
) -> None:
    findings = review_table(rows, VOCABULARY)

    together = {
        (one.key, other.key)
        for standing in _standing(rows)
        for one, other in _pairs(standing)
        if one.effect is Effect.ALLOW and not _is_same(one, other) and _differ(one, other)
    }
    assert _by_code(findings, Code.CONFLICT) == together


@QUICK
@given(tables())
def test_the_witness_of_a_conflict_meets_both_rows_and_the_lower_ceiling_counts(
    rows: list[LimitRow],
) -> None:
    limits, by_key = compiled(*rows), {row.key: row for row in rows}
    for finding in review_table(rows, VOCABULARY):
        if finding.code != Code.CONFLICT:
            continue
        case = finding.case
        assert case is not None
        trace = _decide(limits, case.issue, case.facts, case.day or DAY, "rep").trace
        decisive = {one.row.key for one in trace if one.decisive and one.state is RowState.MET}
        assert decisive >= set(finding.rows)
        pair = [by_key[key] for key in finding.rows]
        tested = {fact for row in rows for fact in row.conditions}
        assert {fact for row in pair for fact in row.conditions} <= set(case.facts) <= tested


def _partial(facts: Mapping[str, FactValue], unknown: Iterable[str]) -> dict[str, FactValue]:
    return {key: value for key, value in facts.items() if key not in set(unknown)}


def _never_more(old: Sequence[LimitRow], new: Sequence[LimitRow], cases: Iterable[_Values]) -> bool:
    before, after = compiled(*old), compiled(*new)
    return not any(
        exceeds(
            _decide(after, issue, facts, day, level).up_to,
            _decide(before, issue, facts, day, level).up_to,
        )
        for issue, facts, day in cases
        for level in LEVELS
    )


@SLOW
@given(tables(), st.sets(st.sampled_from(["customer.tier", "customer.months", "fee.disclosed"])))
def test_a_proposed_row_settles_its_conflict_and_never_gives_more(
    rows: list[LimitRow], unknown: set[str]
) -> None:
    for finding in review_table(rows, VOCABULARY):
        if finding.code != Code.CONFLICT or finding.proposal is None:
            continue
        settled = [*rows, finding.proposal]

        assert finding.rows not in _by_code(review_table(settled, VOCABULARY), Code.CONFLICT)
        partial = [(issue, _partial(facts, unknown), day) for issue, facts, day in CASES]
        assert _never_more(rows, settled, (*CASES, *partial))


@QUICK
@given(tables())
def test_a_conflict_without_a_proposal_is_one_of_dates_alone(rows: list[LimitRow]) -> None:
    by_key = {row.key: row for row in rows}
    for finding in review_table(rows, VOCABULARY):
        if finding.code == Code.CONFLICT and finding.proposal is None:
            one, other = (by_key[key] for key in finding.rows)
            assert _reach(one) == _reach(other)


@QUICK
@given(tables())
def test_unreachable_rows_are_those_that_are_met_and_never_count(rows: list[LimitRow]) -> None:
    findings = review_table(rows, VOCABULARY)

    counting = {row.key for standing in _standing(rows) for row in standing}
    found = {one.rows[0] for one in findings if one.code == Code.UNREACHABLE}
    assert found == {row.key for row in rows} - counting


@SLOW
@given(tables(4))
def test_redundant_rows_are_those_with_a_twin_whose_removal_changes_no_decision(
    rows: list[LimitRow],
) -> None:
    findings = review_table(rows, VOCABULARY)

    counting = {row.key for standing in _standing(rows) for row in standing}
    expected = {
        row.key
        for row in rows
        if row.key in counting and _has_twin(row, rows) and _changes_nothing(row, rows)
    }
    assert {one.rows[0] for one in findings if one.code == Code.REDUNDANT} == expected


def _has_twin(row: LimitRow, rows: Sequence[LimitRow]) -> bool:
    return any(
        row.refines(other)
        and (row.effect, row.priority, row.offer) == (other.effect, other.priority, other.offer)
        and not _differ(row, other)
        for other in rows
    )


def _changes_nothing(row: LimitRow, rows: Sequence[LimitRow]) -> bool:
    before, after = compiled(*rows), compiled(*(one for one in rows if one is not row))
    return all(
        _outcome(before, case, level) == _outcome(after, case, level)
        for case in CASES
        for level in LEVELS
    )


def _outcome(limits: CompiledLimits, case: _Values, level: str) -> tuple[object, ...]:
    decision = _decide(limits, *case, level)
    return decision.up_to, decision.offer


@QUICK
@given(tables())
def test_static_gaps_are_in_the_issues_where_some_case_has_no_row(rows: list[LimitRow]) -> None:
    timeless = [replace(row, effective_from=None, effective_to=None) for row in rows]
    findings = [one for one in review_table(rows, VOCABULARY) if one.code == Code.UNCOVERED]

    def about(issue: str) -> frozenset[str]:
        return frozenset(row.key for row in rows if not row.issues or issue in row.issues)

    open_issues = {
        about(issue)
        for issue, facts, day in CASES
        if about(issue) and not any(_met(row, (issue, facts, day)) for row in timeless)
    }
    cases = [one.case for one in findings if one.case is not None]
    assert {about(case.issue) for case in cases} == open_issues
    assert len(cases) == len(open_issues)
    assert not any(_may_meet(row, case) for case in cases for row in timeless)


def _may_meet(row: LimitRow, case: Case) -> bool:
    failed = any(
        key in case.facts and not test.accepts(case.facts[key])
        for key, test in row.conditions.items()
    )
    return not failed and (not row.issues or case.issue in row.issues)


@QUICK
@given(tables(3), st.lists(st.tuples(st.integers(0, len(CASES) - 1), st.integers(1, 9))))
def test_gaps_in_traffic_count_each_case_without_a_row_once(
    rows: list[LimitRow], past: list[tuple[int, int]]
) -> None:
    traffic = [
        PastCase(CASES[place][0], "fee_waiver", "rep", CASES[place][1], count)
        for place, count in past
    ]

    findings = review_table(rows, VOCABULARY, (), traffic, day=DAYS[0])
    gaps = [one for one in findings if one.code == Code.GAP]

    missed = {
        place for place, _ in past if not any(_met_on(row, CASES[place], DAYS[0]) for row in rows)
    }
    assert sum(one.count for one in gaps) == sum(n for place, n in past if place in missed)
    assert [one.count for one in gaps] == sorted((one.count for one in gaps), reverse=True)
    alive = [row for row in rows if row.holds_on(DAYS[0])]
    assert not any(_may_meet(row, one.case) for one in gaps for row in alive if one.case)


def _met_on(row: LimitRow, case: _Values, day: date) -> bool:
    return _met(row, (case[0], case[1], day))


@QUICK
@given(tables(), st.sampled_from(DAYS))
def test_rows_that_end_without_successor_leave_some_case_without_a_row(
    rows: list[LimitRow], today: date
) -> None:
    findings = review_table(rows, VOCABULARY, day=today)

    expected = {
        (row.key,)
        for row in rows
        if row.effective_to and row.effective_to >= today and _leaves_a_case(row, rows)
    }
    assert _by_code(findings, Code.EXPIRES) == expected
    past = {(row.key,) for row in rows if row.effective_to and row.effective_to < today}
    assert _by_code(findings, Code.PAST) == past


def _leaves_a_case(row: LimitRow, rows: Sequence[LimitRow]) -> bool:
    assert row.effective_to is not None
    after = row.effective_to + timedelta(days=1)
    heirs = [one for one in rows if one.effect is row.effect]
    return any(not any(_met_on(one, CASES[place], after) for one in heirs) for place in _reach(row))


@SLOW
@given(
    tables(),
    st.lists(
        st.one_of(
            st.sampled_from(["R0", "R1", "R2"]),
            *(a_random_row(key) for key in ("R0", "R1", "R5", "R6")),
        ),
        max_size=4,
    ),
)
def test_after_any_edits_a_reviewer_says_what_a_fresh_review_says(
    rows: list[LimitRow], edits: list[str | LimitRow]
) -> None:
    reviewer = Reviewer(rows, VOCABULARY, day=DAYS[1])
    table = {row.key: row for row in rows}
    for edit in edits:
        before = _said(reviewer.findings())
        if isinstance(edit, LimitRow):
            edited = reviewer.put(edit)
            table[edit.key] = edit
        elif edit in table:
            edited = reviewer.drop(edit)
            del table[edit]
        else:
            continue
        after = _said(reviewer.findings())
        fresh = Reviewer(list(table.values()), VOCABULARY, day=DAYS[1]).findings()
        assert after == _said(fresh)
        assert {(one.code, one.rows) for one in edited.appeared} >= {name[:2] for name in after} - {
            name[:2] for name in before
        }
        assert {(one.code, one.rows) for one in edited.settled} >= {name[:2] for name in before} - {
            name[:2] for name in after
        }


def _said(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    """Which of several witnesses is chosen may depend on the order of the rows."""
    return {(one.code, one.rows) for one in findings}


@st.composite
def edited_tables(draw: st.DrawFn) -> tuple[list[LimitRow], list[LimitRow]]:
    old = draw(tables(4, dated=False))
    new = list(old)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(0, len(new)))
        if place == len(new):
            new.append(draw(a_random_row(f"N{len(new)}", dated=False)))
        elif draw(st.booleans()):
            other = draw(a_random_row(new[place].key, dated=False))
            keep = draw(st.booleans())
            new[place] = (
                replace(new[place], ceilings=other.ceilings)
                if keep and new[place].effect is other.effect
                else other
            )
        elif len(new) > 1:
            del new[place]
    return old, new


@SLOW
@given(edited_tables())
def test_tightening_is_claimed_exactly_where_no_case_gives_more_known_or_unknown(
    pair: tuple[list[LimitRow], list[LimitRow]],
) -> None:
    old, new = pair
    cases: list[_Values] = []
    for issue, tier, months, disclosed in product(
        ISSUES, (*TIERS, None), (*MONTHS, None), (True, False, None)
    ):
        every = {"customer.tier": tier, "customer.months": months, "fee.disclosed": disclosed}
        cases.append((issue, {k: v for k, v in every.items() if v is not None}, DAY))

    assert is_tightening(old, new, VOCABULARY) is _never_more(old, new, cases)


_terms: st.SearchStrategy[Term] = st.one_of(
    st.integers(0, 20).map(Fixed),
    st.builds(
        ShareOf,
        st.sampled_from((0, 500, 1250, 3333, 5000, 7500, 10_000, 15_000)),
        st.sampled_from(("fee.amount", "fee.other")),
        st.one_of(st.none(), st.integers(0, 20)),
    ),
)
_ceilings = st.one_of(
    st.just(Ceiling(unlimited=True)),
    st.lists(_terms, max_size=3).map(lambda terms: Ceiling(tuple(terms))),
)
_spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda s: (min(s), max(s)))


@settings(max_examples=1000)
@given(_ceilings, _ceilings, _spans, _spans, st.sampled_from((0, 1)))
def test_ceilings_are_compared_as_by_trying_every_amount(
    one: Ceiling, other: Ceiling, fee: tuple[int, int], more: tuple[int, int], by: int
) -> None:
    spans = {"fee.amount": fee, "fee.other": more}

    numbers = exceeding(most(one), most(other), spans.__getitem__, by=by)

    def holds(first: int, second: int) -> bool:
        facts = {"fee.amount": Money(first, "EUR"), "fee.other": Money(second, "EUR")}
        mine, theirs = one.evaluate(facts), other.evaluate(facts)
        return exceeds(mine, theirs) if by else not exceeds(theirs, mine)

    everywhere = product(range(fee[0], fee[1] + 1), range(more[0], more[1] + 1))
    assert (numbers is not None) is any(holds(*pair) for pair in everywhere)
    if numbers is not None:
        assert all(spans[fact][0] <= n <= spans[fact][1] for fact, n in numbers.items())
        assert holds(numbers.get("fee.amount", fee[0]), numbers.get("fee.other", more[0]))


_SPACE: Mapping[str, Values] = {"a": (0, 4), "b": (0, 4), "c": 7}
_boxes: st.SearchStrategy[dict[str, Values]] = st.fixed_dictionaries(
    {},
    optional={
        "a": st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda s: (min(s), max(s))),
        "b": st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda s: (min(s), max(s))),
        "c": st.integers(1, 7),
    },
)


def _points(box: Box) -> frozenset[tuple[int, ...]]:
    spans = [box.get(dimension, values) for dimension, values in _SPACE.items()]
    sides = [
        range(span[0], span[1] + 1)
        if isinstance(span, tuple)
        else [bit for bit in (1, 2, 4) if bit & span]
        for span in spans
    ]
    return frozenset(product(*sides))


@QUICK
@given(_boxes, st.lists(_boxes, max_size=4))
def test_what_no_cover_holds_is_left_exactly_and_each_case_once(
    box: dict[str, Values], covers: list[dict[str, Values]]
) -> None:
    work = Work()

    parts = [_points(part) for part in uncovered(box, covers, _SPACE, work)]
    cut = list(cells(box, covers, _SPACE, work))

    left = _points(box) - frozenset().union(*(_points(cover) for cover in covers))
    assert sum(map(len, parts)) == len(left)
    assert frozenset().union(*parts) == left
    assert sum(len(_points(part)) for part, _ in cut) == len(_points(box))
    for part, holders in cut:
        for place, cover in enumerate(covers):
            held = _points(part) if place in holders else frozenset()
            assert _points(part) & _points(cover) == held
    found = escape(box, covers, _SPACE)
    assert found is None or _points(found) <= left


@QUICK
@given(_boxes, st.lists(_boxes, max_size=4), st.lists(_boxes, max_size=3))
def test_what_probes_leave_is_in_the_box_and_in_no_cover(
    box: dict[str, Values], covers: list[dict[str, Values]], others: list[dict[str, Values]]
) -> None:
    probes = Probes([box, *others], _SPACE)

    left = probes.left(probes.over(box), [probes.over(cover) for cover in covers])

    free = _points(box) - frozenset().union(*(_points(cover) for cover in covers))
    if left is None:
        assert covers
        return
    cases = {
        case: probes.over({"a": (case[0], case[0]), "b": (case[1], case[1]), "c": case[2]})
        for case in _points({})
    }
    found = {case for case, one in cases.items() if probes.left(one & left, ()) is not None}
    assert found
    assert found <= free
    assert probes.highest(left, "a") == max(a for a, _, _ in found)
