"""Cases that no row matches: those that customers had, and those that may come."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from agent_assist.core.conditions import Conditions, Is, NoneOf, OneOf, Test, Within
from agent_assist.core.facts import Fact, Facts, FactType, FactValue, orderable
from agent_assist.core.limits import LimitRow
from agent_assist.core.money import Money
from agent_assist.core.review.boxes import Box, TooMuchWork, Work, uncovered
from agent_assist.core.review.findings import Case, Code, Detail, Finding, PastCase, Severity
from agent_assist.core.review.space import DAY, ISSUE, Space
from agent_assist.core.review.words import Words, listed
from agent_assist.core.vocabulary import Vocabulary


@dataclass(slots=True)
class _Gap:
    """Past cases that no row tells apart, and that none matches."""

    case: Case
    conditions: Conditions
    nearest: tuple[str, ...]
    levels: Counter[str]


def traffic_gaps(
    rows: Sequence[LimitRow], past: Iterable[PastCase], vocabulary: Vocabulary, day: date | None
) -> Iterator[Finding]:
    """The gaps of one remedy that past cases fell into.

    Args:
        rows: the rows of the remedy.
        past: cases of the remedy; facts that no longer fit the vocabulary count as unknown.
        vocabulary: whatever they refer to; cases of other issues are left out.
        day: only rows in effect on it count; None for all rows.
    """
    by_issue: dict[str, list[LimitRow]] = {}
    for issue in vocabulary.issues:
        about = (row for row in rows if not row.issues or issue in row.issues)
        by_issue[issue] = [row for row in about if day is None or row.holds_on(day)]
    words = Words(vocabulary)
    gaps: dict[tuple[str, str], _Gap] = {}
    for one in past:
        candidates = by_issue.get(one.issue)
        if candidates is None:
            continue
        facts = _fitting(one.facts, vocabulary.facts)
        if all(_failing(row, facts) for row in candidates):
            conditions = _cell(candidates, facts, vocabulary.facts)
            name = (one.issue, words.conditions(conditions))
            if name not in gaps:
                gaps[name] = _gap(one, candidates, facts, conditions, day)
            gaps[name].levels[one.level] += one.count
    ladder = [level.key for level in vocabulary.levels]
    for gap in gaps.values():
        yield _told(gap, words, ladder)


def static_gap(
    boxes: Iterable[Box], issues: int, remedy: str, space: Space, work: Work
) -> Case | None:
    """A case of some issues, given as bits, that no row matches; None if there is none.

    Dates are not looked at. None too where it would be too much work to tell.

    Args:
        boxes: of the rows about these issues.
        issues: whose rows are the same.
        remedy: the remedy of the case.
        space: where the boxes are.
        work: what may be spent.
    """
    apart = {DAY, ISSUE}
    covers = [{key: box[key] for key in box if key not in apart} for box in boxes]
    covers.sort(key=len)
    work.begin()
    try:
        left = next(uncovered({ISSUE: issues}, covers, space.everything, work), None)
    except TooMuchWork:
        return None
    if left is None:
        return None
    return replace(space.case(left, remedy, known={}, bases=frozenset()), day=None)


def _failing(row: LimitRow, facts: Facts) -> list[str]:
    """The tests of a row that known facts fail."""
    return [
        fact
        for fact, test in row.conditions.items()
        if fact in facts and not test.accepts(facts[fact])
    ]


def _gap(
    one: PastCase, rows: Sequence[LimitRow], facts: Facts, conditions: Conditions, day: date | None
) -> _Gap:
    known = {fact: facts[fact] for fact in conditions}
    nearest = sorted(row.key for row in rows if len(_failing(row, facts)) == 1)
    return _Gap(Case(one.issue, one.remedy, known, day), conditions, tuple(nearest), Counter())


def _told(gap: _Gap, words: Words, ladder: Sequence[str]) -> Finding:
    count = gap.levels.total()
    shares = [f"{level} {gap.levels[level]}" for level in ladder if gap.levels[level]]
    near = f" {listed(gap.nearest)} fails by one test only." if gap.nearest else ""
    message = (
        f"No row matches {gap.case.remedy} for {gap.case.issue} with "
        f"{words.conditions(gap.conditions)}; asked {count} times ({', '.join(shares)}), and "
        f"nothing could be given.{near} Add a row, or leave it so on purpose."
    )
    return Finding(Code.GAP, Severity.WARNING, gap.nearest, Detail(message, gap.case), count=count)


def _fitting(facts: Facts, known: Mapping[str, Fact]) -> dict[str, FactValue]:
    return {key: value for key, value in facts.items() if key in known and _fits(known[key], value)}


def _fits(fact: Fact, value: FactValue) -> bool:
    match fact.type:
        case FactType.CHOICE:
            return value in fact.choices
        case FactType.BOOLEAN:
            return isinstance(value, bool)
        case FactType.INTEGER:
            if isinstance(value, bool) or not isinstance(value, int):
                return False
            return fact.has_in_range(value)
        case FactType.MONEY:
            return isinstance(value, Money)
        case FactType.DATE:
            return isinstance(value, date)


def _cell(rows: Sequence[LimitRow], facts: Facts, known: Mapping[str, Fact]) -> dict[str, Test]:
    """The widest tests that all cases pass which no row tells apart from this one."""
    cell: dict[str, Test] = {}
    for key, fact in known.items():
        tests = [row.conditions[key] for row in rows if key in row.conditions]
        if tests and key in facts:
            around = _around(facts[key], tests, fact)
            if around is not None:
                cell[key] = around
    return cell


def _around(value: FactValue, tests: Sequence[Test], fact: Fact) -> Test | None:
    """The values that pass the same of the tests as one value; None if all do."""
    if isinstance(value, bool):
        return Is(value)
    if fact.type is FactType.CHOICE:
        passed = [test.accepts(value) for test in tests]
        like = {c for c in fact.choices if [test.accepts(c) for test in tests] == passed}
        return _shorter(frozenset(like), frozenset(fact.choices))
    number = orderable(value)
    ranges = [test for test in tests if isinstance(test, Within)]
    starts = {test.low for test in ranges if test.low is not None}
    starts |= {test.high + 1 for test in ranges if test.high is not None}
    below = [edge for edge in starts if edge <= number]
    above = [edge - 1 for edge in starts if edge > number]
    return Within(max(below, default=None), min(above, default=None)) if starts else None


def _shorter(values: frozenset[str], choices: frozenset[str]) -> Test | None:
    if values == choices:
        return None
    return OneOf(values) if 2 * len(values) <= len(choices) else NoneOf(choices - values, choices)
