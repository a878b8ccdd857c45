"""What budgets have granted: sums over the ledger, never counters.

A wide sum, of a team or the organisation, may be over a hundred thousand grants. What was captured
of them is read by whole hours from the subtotals, and the rest grant by grant: see `subtotals`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.grants import OCCASIONS, Parties, scopes_of
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.core.windows import window_start
from agent_assist.store.database import Reads
from agent_assist.store.ledger.counting import (
    COLUMNS,
    captured,
    of_remedies,
    standing,
    still_counting,
    totals,
    unexpired,
)
from agent_assist.store.ledger.subtotals import HOUR, WIDE, hour_of, subtotalled
from agent_assist.store.schema import GrantRow, Instant, SubtotalRow

Ids: TypeAlias = tuple[str, ...]
"""Ids within the scopes of a budget, in the order of the scopes."""

Stands: TypeAlias = tuple[str, str, str, str, int]
"""What stands somewhere: the scope, the remedy, its unit and currency, and how much."""

_AT_ONCE = 100  # of up to three selects each; SQLite puts no more than 500 together
_ENDLESS = frozenset({Window.CONTACT, Window.LIFETIME})


class _Sum(NamedTuple):
    """One budget's sum, as far as the statement depends on it."""

    scopes: frozenset[Scope]
    window: Window
    remedies: frozenset[str]


def used(
    reads: Reads,
    budgets: Iterable[Budget],
    parties: Parties,
    at: datetime,
    vocabulary: Vocabulary,
) -> dict[str, Used]:
    """What was granted within each budget's scope and window, by its key.

    Budgets whose ids nobody gave are left out. A window counts the grants that were reserved in
    it, whenever they were captured or voided: a void gives back where the grant was taken.
    """
    known = [
        budget
        for budget in budgets
        if all(parties.of(scope) is not None for scope in scopes_of(budget))
    ]
    values: dict[str, Any] = {scope.value: parties.of(scope) for scope in Scope}
    values |= {"at": at, "currency": vocabulary.currency}
    values |= _starts(at, vocabulary)
    found: dict[str, Used] = {}
    for first in range(0, len(known), _AT_ONCE):
        some = known[first : first + _AT_ONCE]
        sums = tuple(_Sum(scopes_of(one), one.window, one.remedies) for one in some)
        for number, amount, grants in reads.execute(_statement(sums), values):
            key = some[number].key
            before = found.get(key, Used(0, 0))
            found[key] = Used(before.amount + int(amount), before.grants + int(grants))
    return found


def given(reads: Reads, parties: Parties, at: datetime, vocabulary: Vocabulary) -> dict[str, Given]:
    """What stands of each remedy on the order or in the contact, whichever holds more of it.

    A remedy that was given in another unit or currency than is now its own stands with nothing:
    the two cannot be added up.
    """
    if all(parties.of(scope) is None for scope in OCCASIONS):
        return {}
    values = {scope.value: parties.of(scope) for scope in OCCASIONS} | {"at": at}
    return _largest(reads.execute(_given_statement(), values), vocabulary)


def used_by_many(
    reads: Reads,
    budgets: Iterable[Budget],
    parties: Sequence[Parties],
    at: datetime,
    vocabulary: Vocabulary,
) -> list[dict[str, Used]]:
    """`used` for many at once, in their order: a statement for each budget and each team."""
    budgets = list(budgets)
    wide = [one for one in budgets if scopes_of(one) <= WIDE]
    of_teams = {
        team: used(reads, wide, Parties(team=team), at, vocabulary)
        for team in {one.team for one in parties}
    }
    found = [dict(of_teams[one.team]) for one in parties]
    values: dict[str, Any] = {"at": at, "currency": vocabulary.currency}
    values |= _starts(at, vocabulary)
    for budget in (one for one in budgets if one not in wide):
        scopes = sorted(scopes_of(budget) - {Scope.ORGANISATION})
        ids = [_ids(one, scopes) for one in parties]
        known = {one for one in ids if one is not None}
        if not known:
            continue
        sums = {
            tuple(named): Used(int(amount), int(grants))
            for *named, amount, grants in reads.execute(_sums_by(budget, scopes, known), values)
        }
        for one, of_one in zip(ids, found, strict=True):
            if one is not None:
                of_one[budget.key] = sums.get(one, Used(0, 0))
    return found


def given_to_many(
    reads: Reads, parties: Sequence[Parties], at: datetime, vocabulary: Vocabulary
) -> list[dict[str, Given]]:
    """`given` for many at once, in their order."""
    stands: dict[tuple[Scope, str], list[Stands]] = {}
    for scope in OCCASIONS:
        ids = {key for one in parties if (key := one.of(scope)) is not None}
        for key, *rest in reads.execute(_given_by(scope, ids), {"at": at}) if ids else ():
            stands.setdefault((scope, key), []).append((scope.value, *rest))
    return [
        _largest(
            [
                stood
                for scope in OCCASIONS
                for stood in stands.get((scope, one.of(scope) or ""), ())
            ],
            vocabulary,
        )
        for one in parties
    ]


def _ids(parties: Parties, scopes: Iterable[Scope]) -> Ids | None:
    """The ids within some scopes; None where nobody said one."""
    ids = [parties.of(scope) for scope in scopes]
    return None if None in ids else tuple(one for one in ids if one is not None)


def _largest(stands: Iterable[Stands], vocabulary: Vocabulary) -> dict[str, Given]:
    """By remedy, what stands where more of it does."""
    found: dict[str, Given] = {}
    for scope, remedy, unit, currency, amount in stands:
        known = vocabulary.remedies.get(remedy)
        same = known is not None and unit == known.unit
        if known is not None and known.unit is Unit.MONEY:
            same = same and currency == vocabulary.currency
        one = Given(Scope(scope), int(amount) if same else 0)
        found[remedy] = max(found.get(remedy, one), one, key=_most)
    return found


def _most(given: Given) -> tuple[int, str]:
    """Sorts by amount, and the same in every run where they are equal."""
    return given.amount, given.scope


@lru_cache(maxsize=1)
def _given_statement() -> CompoundSelect[str, str, str, str, int]:
    return union_all(*(_given_select(scope) for scope in OCCASIONS))


def _given_select(scope: Scope) -> Select[str, str, str, str, int]:
    of = (GrantRow.remedy, GrantRow.unit, GrantRow.currency)
    left = still_counting()
    return (
        select(literal_column(f"'{scope.value}'", String), *of, func.sum(left))
        .where(COLUMNS[scope] == bindparam(scope.value), standing(), left > 0)
        .group_by(*of)
    )


def _given_by(scope: Scope, ids: Iterable[str]) -> Executable:
    """The same for many: the id within the scope, and what stands there."""
    of = (COLUMNS[scope], GrantRow.remedy, GrantRow.unit, GrantRow.currency)
    left = still_counting()
    return (
        select(*of, func.sum(left))
        .where(COLUMNS[scope].in_(sorted(ids)), standing(), left > 0)
        .group_by(*of)
    )


@lru_cache(maxsize=256)
def _statement(sums: tuple[_Sum, ...]) -> CompoundSelect[int, int, int]:
    """One statement for all sums, kept: making it takes longer than running it."""
    return union_all(*(part for number, one in enumerate(sums) for part in _parts(number, one)))


def _parts(number: int, one: _Sum) -> Iterator[Select[int, int, int]]:
    """A sum, in parts that are to be added up."""
    numbered = literal_column(str(number), Integer)
    each = select(numbered, *totals()).where(of_remedies(one.remedies), *_of_parties(one))
    if not one.scopes <= WIDE:
        yield each.where(standing(), *_in_window(one.window))
        return
    reserved = each.where(unexpired(), ~captured())
    whole_hours = select(numbered, *subtotalled()).where(
        SubtotalRow.scope == min(one.scopes).value,
        SubtotalRow.holder == bindparam(min(one.scopes).value),
        of_remedies(one.remedies, SubtotalRow),
    )
    if one.window in _ENDLESS:
        yield from (reserved, whole_hours)
        return
    start = bindparam(_start(one.window), type_=Instant())
    next_hour = bindparam(_next_hour(one.window), type_=Instant())
    # Not to be looked up by: there are fewer that have not expired than in the window.
    yield reserved.where(case((GrantRow.at > start, 1), else_=0) == 1)
    yield whole_hours.where(SubtotalRow.hour >= next_hour)
    yield each.where(captured(), GrantRow.at > start, GrantRow.at < next_hour)


def _sums_by(budget: Budget, scopes: Sequence[Scope], ids: Iterable[Ids]) -> Executable:
    """A budget's sums for many: the ids within its scopes, and what was granted to each."""
    columns = [COLUMNS[scope] for scope in scopes]
    named = [
        column.in_(sorted({one[place] for one in ids})) for place, column in enumerate(columns)
    ]
    return (
        select(*columns, *totals())
        .where(standing(), of_remedies(budget.remedies), *named, *_in_window(budget.window))
        .group_by(*columns)
    )


def _of_parties(one: _Sum) -> list[ColumnElement[bool]]:
    scopes = sorted(one.scopes - {Scope.ORGANISATION})
    return [COLUMNS[scope] == bindparam(scope.value) for scope in scopes]


def _in_window(window: Window) -> list[ColumnElement[bool]]:
    if window in _ENDLESS:
        return []
    return [GrantRow.at > bindparam(_start(window), type_=Instant())]


def _starts(at: datetime, vocabulary: Vocabulary) -> dict[str, datetime | None]:
    """By name, where each window begins, and the hour that begins first within it."""
    found: dict[str, datetime | None] = {}
    for window in Window:
        start = window_start(window, at, vocabulary.time_zone)
        found[_start(window)] = start
        found[_next_hour(window)] = None if start is None else hour_of(start) + HOUR
    return found


def _start(window: Window) -> str:
    return f"start_{window.value}"


def _next_hour(window: Window) -> str:
    return f"hour_{window.value}"
