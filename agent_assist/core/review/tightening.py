"""Whether a new table gives nobody more than the old one, proved or not at all.

A case here is any set of facts, complete or not: what a rep may give while facts are unknown
counts too. The cases that a changed row can touch are cut into parts in which every row is met,
excluded or open throughout; in each, the amounts are compared exactly.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent_assist.core.columns import row_set
from agent_assist.core.limits import RESERVE, Effect, LimitRow
from agent_assist.core.review.amounts import NONE_AT_ALL, Most, exceeding, least, most
from agent_assist.core.review.boxes import Box, TooMuchWork, Values, Work, both, without
from agent_assist.core.review.space import DAY, ISSUE, Space, days_of
from agent_assist.core.row_index import RowIndex
from agent_assist.core.vocabulary import Vocabulary

_MOST_PARTS = 100_000  # of all changed rows together: about a second


def is_tightening(
    old_rows: Sequence[LimitRow], new_rows: Sequence[LimitRow], vocabulary: Vocabulary
) -> bool:
    """True only if it is proved that no level may give more than before, in any case.

    False is no proof of the opposite: it is also the answer where the proof would be too long.
    How a remedy is offered and what is said do not matter here: see `says_nothing_new`.
    """
    before = {_content(row, vocabulary): row for row in old_rows}
    after = {_content(row, vocabulary): row for row in new_rows}
    held = [
        _Held(row, old=content in before, new=content in after)
        for content, row in {**before, **after}.items()
    ]
    changed = [one for one in held if not (one.old and one.new)]
    space, work = Space(vocabulary), Work(each=_MOST_PARTS, total=_MOST_PARTS)
    if _only_lowers(changed, space):
        return True
    try:
        return all(_never_more(one, held, space, work) for one in changed)
    except TooMuchWork:
        return False


def says_nothing_new(old_rows: Sequence[LimitRow], new_rows: Sequence[LimitRow]) -> bool:
    """True if no row that allows says another sentence or is offered more freely than before.

    A row that comes to deny may say why at once: a cut does not wait for its words.
    """
    before = {row.key: (row.say, RESERVE[row.offer]) for row in old_rows}
    for row in new_rows:
        said, reserve = before.get(row.key, ("", 0))
        if row.effect is Effect.ALLOW and (
            row.say not in ("", said) or RESERVE[row.offer] < reserve
        ):
            return False
    return True


def _content(row: LimitRow, vocabulary: Vocabulary) -> tuple[object, ...]:
    """What a row decides by; its key and texts left out."""
    ceilings = tuple(row.ceiling(level.key) for level in vocabulary.levels)
    return (
        row.remedy,
        row.effect,
        row.priority,
        row.issues,
        frozenset(row.conditions.items()),
        ceilings,
        row.effective_from,
        row.effective_to,
    )


def _only_lowers(changed: "Sequence[_Held]", space: Space) -> bool:
    """True if rows kept all but their ceilings, and those fell, and denies were added.

    A deny can only forbid, and a row with lower ceilings counts in the same cases as before,
    or withholds where it rests on more facts. So neither can give more, whatever the table.
    """
    gone = {one.row.key: one.row for one in changed if one.old}
    come = {one.row.key: one.row for one in changed if one.new and one.row.effect is Effect.ALLOW}
    return gone.keys() == come.keys() and all(
        _is_lowered(row, come[key], space) for key, row in gone.items()
    )


def _is_lowered(old: LimitRow, new: LimitRow, space: Space) -> bool:
    box = space.box(new)
    if box is None or _frame(old) != _frame(new) or not set(old.bases()) <= set(new.bases()):
        return False
    ranges = space.amounts(box)
    return all(
        exceeding(most(new.ceiling(level.key)), most(old.ceiling(level.key)), ranges) is None
        for level in space.vocabulary.levels
    )


def _frame(row: LimitRow) -> tuple[object, ...]:
    days = (row.effective_from, row.effective_to)
    return row.remedy, row.effect, row.priority, row.issues, dict(row.conditions), *days


class _Held(NamedTuple):
    """A row and which of the two tables have it."""

    row: LimitRow
    old: bool
    new: bool


class _Part(NamedTuple):
    """Some cases, and what all of them make of the rows looked at so far.

    Attributes:
        box: what is known; a fact in neither `box` nor `unknown` does not matter yet.
        unknown: facts that are not known.
        met, open: sets of rows; see `core.columns`.
    """

    box: Box
    unknown: frozenset[str] = frozenset()
    met: int = 0
    open: int = 0


def _never_more(changed: _Held, held: Sequence[_Held], space: Space, work: Work) -> bool:
    """True if no case that a changed row is met or open in gives more than before."""
    row = changed.row
    rivals = [
        one
        for one in held
        if one is not changed and one.row.remedy == row.remedy and one.row.meets(row)
    ]
    mine = sorted([changed, *rivals], key=lambda one: one.row.key)  # as the index has them
    index = RowIndex([one.row for one in mine])
    old = row_set(place for place, one in enumerate(mine) if one.old)
    new = row_set(place for place, one in enumerate(mine) if one.new)
    work.begin()
    for part in _parts(index, mine.index(changed), space, work):
        before, after = _granted(part, index, old, space), _granted(part, index, new, space)
        ranges = space.amounts(part.box)
        for was_given, is_given in zip(before, after, strict=True):
            if was_given != is_given and exceeding(is_given, was_given, ranges) is not None:
                return False
    return True


def _parts(index: RowIndex, first: int, space: Space, work: Work) -> Iterator[_Part]:
    """Disjoint parts of the cases in which the row at the first place is met or open."""
    order = [first, *(place for place in range(len(index.rows)) if place != first)]
    stack = [(part, 1) for part in _cut(_Part({}), index, first, space) if part.met or part.open]
    while stack:
        part, start = stack.pop()
        work.spend(1)
        if start == len(order):
            yield part
        else:
            stack.extend((piece, start + 1) for piece in _cut(part, index, order[start], space))


def _cut(part: _Part, index: RowIndex, place: int, space: Space) -> Iterator[_Part]:
    """A part cut where a row is met, open and excluded."""
    live = [(part, True)]
    for dimension, values in _tested(index.rows[place], space):
        going: list[tuple[_Part, bool]] = []
        for piece, is_met in live:
            if dimension in piece.unknown:
                going.append((piece, False))
                continue
            mine = piece.box.get(dimension)
            if mine is None:
                mine = space.everything[dimension]
                if dimension in space.vocabulary.facts:
                    unknown = piece.unknown | {dimension}
                    going.append((piece._replace(unknown=unknown), False))
            for rest in without(mine, values) if values else [mine]:
                yield piece._replace(box={**piece.box, dimension: rest})
            inside = both(mine, values) if values else None
            if inside is not None:
                going.append((piece._replace(box={**piece.box, dimension: inside}), is_met))
        live = going
    for piece, is_met in live:
        if is_met:
            yield piece._replace(met=piece.met | 1 << place)
        else:
            yield piece._replace(open=piece.open | 1 << place)


def _tested(row: LimitRow, space: Space) -> Iterator[tuple[str, Values | None]]:
    """What a row looks at, with the values that pass; None where none does."""
    if row.issues:
        yield ISSUE, space.issues(row)
    if row.effective_from or row.effective_to:
        yield DAY, both(space.everything[DAY], days_of(row))
    for fact, test in row.conditions.items():
        yield fact, space.values(fact, test)
    for base in row.bases():
        yield base, space.everything[base]


def _granted(part: _Part, index: RowIndex, table: int, space: Space) -> list[Most]:
    """What each level may give in all cases of a part by the rows of a table.

    Which rows count is the engine's own word.
    """
    levels = [level.key for level in space.vocabulary.levels]
    standing = index.standing(part.met & table)
    contested = index.contested(part.open & table, standing)
    doubts = index.of(contested)
    withheld = (standing | contested) & index.denies or not standing
    if withheld or any(not part.unknown.isdisjoint(row.bases()) for row in doubts):
        return [NONE_AT_ALL] * len(levels)
    rows = (*index.of(standing), *doubts)
    return [least(most(row.ceiling(level)) for row in rows) for level in levels]
