"""The row that settles where two others cross: the cases of both, with the lowest ceilings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from agent_assist.core.ceilings import Ceiling, Fixed
from agent_assist.core.columns import places
from agent_assist.core.conditions import Conditions, Is, NoneOf, OneOf, Test, Within
from agent_assist.core.limits import RESERVE, Effect, LimitRow
from agent_assist.core.review.amounts import NONE_AT_ALL, ceiling_of, least, most
from agent_assist.core.review.remedy_rows import RemedyRows

T = TypeVar("T", int, date)
_LONGEST_KEY = 64


def settling_row(rows: RemedyRows, one: int, other: int) -> LimitRow:
    """The row that refines both of two rows that cross, and gives no more than was given before.

    It also refines rows that neither of the two refines; where such a row counted, its lower
    ceiling must not be lost, so it is taken in.
    """
    first, second = rows.rows[one], rows.rows[other]
    draft = _crossing(first, second)
    shared = rows.bits.meets[one] & rows.bits.meets[other]
    shared &= rows.bits.same_priority(one) & ~rows.bits.denies
    others = [rows.rows[place] for place in places(shared)]
    parents = [first, second, *(row for row in others if _counts(row, first, second, draft))]
    levels = [level.key for level in rows.space.vocabulary.levels]
    return LimitRow(
        key=_key(first.key, second.key),
        remedy=draft.remedy,
        effect=draft.effect,
        offer=max((row.offer for row in parents), key=RESERVE.__getitem__),
        priority=draft.priority,
        issues=draft.issues,
        conditions=draft.conditions,
        ceilings=_lowest_ceilings(parents, levels),
        say=_say(parents, levels),
        reason=f"Settles where {first.key} and {second.key} both count: the lower ceiling.",
        effective_from=draft.effective_from,
        effective_to=draft.effective_to,
    )


def _crossing(one: LimitRow, other: LimitRow) -> LimitRow:
    """The cases of both rows; nothing is allowed in it yet."""
    issues = one.issues & other.issues if one.issues and other.issues else one.issues | other.issues
    return LimitRow(
        key=one.key,
        remedy=one.remedy,
        effect=Effect.ALLOW,
        priority=one.priority,
        issues=issues,
        conditions=_crossed(one.conditions, other.conditions),
        effective_from=_later(one.effective_from, other.effective_from),
        effective_to=_earlier(one.effective_to, other.effective_to),
    )


def _counts(row: LimitRow, first: LimitRow, second: LimitRow, draft: LimitRow) -> bool:
    """True if the row may count beside the two, but not beside the new one."""
    return draft.refines(row) and not first.refines(row) and not second.refines(row)


def _crossed(one: Conditions, other: Conditions) -> dict[str, Test]:
    tests = dict(one)
    for fact, test in other.items():
        tests[fact] = _both(tests[fact], test) if fact in tests else test
    return tests


def _both(one: Test, other: Test) -> Test:
    """The test that accepts what both accept; there is such a value."""
    match one, other:
        case Within(), Within():
            return Within(_later(one.low, other.low), _earlier(one.high, other.high))
        case ((OneOf() | NoneOf()), (OneOf() | NoneOf())):
            return one if one == other else OneOf(_choices(one) & _choices(other))
        case Is(), Is():
            return one
    raise TypeError("the tests are of two kinds")


def _choices(test: OneOf | NoneOf) -> frozenset[str]:
    return test.values if isinstance(test, OneOf) else test.choices - test.values


def _lowest_ceilings(parents: Sequence[LimitRow], levels: Sequence[str]) -> dict[str, Ceiling]:
    """By level the lowest of all; a level that may give nothing is left out."""
    found: dict[str, Ceiling] = {}
    for level in levels:
        ceilings = [row.ceiling(level) for row in parents]
        bound = least(most(ceiling) for ceiling in ceilings)
        if bound != NONE_AT_ALL:
            same = (ceiling for ceiling in ceilings if most(ceiling) == bound)
            found[level] = next(same, ceiling_of(bound))
    wanted = {base for row in parents for base in row.bases()}
    if wanted - {base for ceiling in found.values() for base in ceiling.bases()}:
        # While a fact is unknown, a row that rests on it withholds. That must stay so.
        found = {level: _joined(row.ceiling(level) for row in parents) for level in levels}
    return found or {levels[0]: Ceiling((Fixed(0),))}


def _joined(ceilings: Iterable[Ceiling]) -> Ceiling:
    """All terms of all of them, of which the lowest counts."""
    bounded = [ceiling for ceiling in ceilings if not ceiling.unlimited]
    if not bounded:
        return Ceiling(unlimited=True)
    terms = [term for one in bounded for term in one.terms or (Fixed(0),)]
    return Ceiling(tuple(dict.fromkeys(terms)))


def _say(parents: Sequence[LimitRow], levels: Sequence[str]) -> str:
    """The sentence of the row that allows the least, or of any that has one."""

    def generosity(row: LimitRow) -> tuple[int, ...]:
        constants = (most(row.ceiling(level)).constant for level in levels)
        return tuple(1 << 70 if constant is None else constant for constant in constants)

    return next((row.say for row in sorted(parents, key=generosity) if row.say), "")


def _key(one: str, other: str) -> str:
    """A key that tells where the row comes from; whoever adds it may choose another."""
    half = (_LONGEST_KEY - 1) // 2
    return f"{one[:half]}-{other[:half]}"


def _later(one: T | None, other: T | None) -> T | None:
    """The higher of two lower bounds; None is open."""
    return one if other is None or (one is not None and one >= other) else other


def _earlier(one: T | None, other: T | None) -> T | None:
    """The lower of two upper bounds; None is open."""
    return one if other is None or (one is not None and one <= other) else other
