"""What grants add up to, one grant after the other: the plain way that the ledger is checked by."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush
from sys import maxsize
from typing import NamedTuple

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.grants import OCCASIONS, Entry, EntryKind, Grant, Parties, scopes_of
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given
from agent_assist.core.vocabulary import RemedyKind, Unit, Vocabulary
from agent_assist.core.windows import window_start

_FEW = 40
"""So many grants are looked at for each sum; of more a sum is kept, and slides along."""

Ids = tuple[str | None, ...]


class Held:
    """Grants, found by those whom they were given to."""

    def __init__(self, grants: Sequence[Grant]) -> None:
        self.grants = grants
        self._found: dict[tuple[Scope, ...], dict[Ids, list[Grant]]] = {}
        self._sliding: dict[_Kind, _Sliding] = {}

    def used(
        self, budget: Budget, parties: Parties, at: datetime, vocabulary: Vocabulary, before: int
    ) -> Used:
        """What a budget has granted at an instant, by the grants before an entry of the audit."""
        names = tuple(sorted(scopes_of(budget)))
        ids = _ids(parties, names)
        grants = self._of(names, ids)
        start = window_start(budget.window, at, vocabulary.time_zone)
        if len(grants) <= _FEW:
            return _added_up(_as_of(grants, before), budget, start, at, vocabulary.currency)
        zone, currency = vocabulary.time_zone, vocabulary.currency
        kind = _Kind(names, ids, budget.window, budget.remedies, zone, currency)
        sliding = self._sliding.get(kind)
        if sliding is None or not sliding.reaches(before, at, start):
            sliding = self._sliding[kind] = _Sliding(grants, budget, currency)
        return sliding.used(before, at, start)

    def given(
        self, parties: Parties, at: datetime, vocabulary: Vocabulary, before: int
    ) -> dict[str, Given]:
        """What stood of each remedy on the order or in the contact, whichever held more."""
        amounts: dict[tuple[str, Scope], int] = {}
        for scope in OCCASIONS:
            if parties.of(scope) is None:
                continue
            for grant in _as_of(self._of((scope,), (parties.of(scope),)), before):
                remedy = vocabulary.remedies.get(grant.remedy)
                same = remedy is not None and grant.unit is remedy.unit
                if grant.unit is Unit.MONEY and grant.currency != vocabulary.currency:
                    same = False
                if grant.counts(at):
                    amounts.setdefault((grant.remedy, scope), 0)
                    amounts[grant.remedy, scope] += grant.counts(at) if same else 0
        found: dict[str, Given] = {}
        # Where both hold as much, it is said to be the order's.
        for (key, scope), amount in sorted(amounts.items()):
            if key not in found or amount >= found[key].amount:
                found[key] = Given(scope, amount)
        return found

    def _of(self, names: tuple[Scope, ...], ids: Ids) -> list[Grant]:
        if names not in self._found:
            by_ids = self._found[names] = {}
            for grant in self.grants:
                by_ids.setdefault(_ids(grant.parties, names), []).append(grant)
        return self._found[names].get(ids, [])


def plain_sums(
    held: Held,
    budgets: Iterable[Budget],
    parties: Parties,
    at: datetime,
    vocabulary: Vocabulary,
    *,
    before: int = maxsize,
) -> dict[str, Used]:
    """What `sums.used` must give.

    Args:
        held: all grants.
        budgets: those to add up.
        parties: whose ids.
        at: the instant at which windows end.
        vocabulary: of the budgets' version.
        before: only what the audit has before this entry.
    """
    return {
        budget.key: held.used(budget, parties, at, vocabulary, before)
        for budget in budgets
        if all(parties.of(scope) is not None for scope in scopes_of(budget))
    }


class _Kind(NamedTuple):
    """What makes two sums over the same grants the same sum."""

    names: tuple[Scope, ...]
    ids: Ids
    window: Window
    remedies: frozenset[str]
    zone: str
    currency: str


@dataclass(slots=True)
class _Standing:
    """A grant as far as the entries seen so far go."""

    grant: Grant
    left: int
    captured: bool = False


class _Sliding:
    """A sum that follows the audit: each grant and entry comes once, and leaves once.

    It can be asked only forwards: see `reaches`.
    """

    def __init__(self, grants: Sequence[Grant], budget: Budget, currency: str) -> None:
        counted = [grant for grant in grants if _is_of(grant, budget)]
        acts: list[tuple[int, Grant, Entry | None]] = [(one.seq, one, None) for one in counted]
        acts += [(entry.seq, grant, entry) for grant in counted for entry in grant.entries]
        self._acts = deque(sorted(acts, key=lambda act: act[0]))
        self._currency = currency
        self._standing: dict[str, _Standing] = {}
        self._by_expiry: list[tuple[datetime, str]] = []
        self._by_time: list[tuple[datetime, str]] = []
        self._amount = self._number = self._before = 0
        self._at: datetime | None = None
        self._start: datetime | None = None

    def reaches(self, before: int, at: datetime, start: datetime | None) -> bool:
        """Whether it has not gone past what is asked."""
        if self._start is not None and (start is None or start < self._start):
            return False
        return before >= self._before and (self._at is None or at >= self._at)

    def used(self, before: int, at: datetime, start: datetime | None) -> Used:
        """The sum at an instant of the grants after `start`, from the acts before an entry."""
        self._before, self._at, self._start = before, at, start
        while self._acts and self._acts[0][0] < before:
            _, grant, entry = self._acts.popleft()
            if entry is None:
                self._come(grant)
            elif grant.id in self._standing:
                one = self._standing[grant.id]
                self._count(one, -1)
                one.left -= entry.released
                one.captured |= entry.kind is EntryKind.CAPTURE
                self._count(one, 1)
        while self._by_expiry and self._by_expiry[0][0] <= at:
            _, key = heappop(self._by_expiry)
            if key in self._standing and not self._standing[key].captured:
                self._leave(key)
        while start is not None and self._by_time and self._by_time[0][0] <= start:
            self._leave(heappop(self._by_time)[1])
        return Used(self._amount, self._number)

    def _come(self, grant: Grant) -> None:
        one = self._standing[grant.id] = _Standing(grant, grant.amount)
        self._count(one, 1)
        heappush(self._by_expiry, (grant.expires_at, grant.id))
        heappush(self._by_time, (grant.at, grant.id))

    def _leave(self, key: str) -> None:
        one = self._standing.pop(key, None)
        if one is not None:
            self._count(one, -1)

    def _count(self, one: _Standing, times: int) -> None:
        if one.left:
            self._number += times
            self._amount += times * one.left * _is_money(one.grant, self._currency)


def _added_up(
    grants: Iterable[Grant],
    budget: Budget,
    start: datetime | None,
    at: datetime,
    currency: str,
) -> Used:
    amount = number = 0
    for grant in grants:
        within = start is None or grant.at > start
        if within and _is_of(grant, budget) and grant.counts(at):
            number += 1
            amount += grant.counts(at) * _is_money(grant, currency)
    return Used(amount, number)


def _is_of(grant: Grant, budget: Budget) -> bool:
    """Whether a budget counts a grant, by its remedies; all goodwill if it names none."""
    if budget.remedies:
        return grant.remedy in budget.remedies
    return grant.kind is RemedyKind.GOODWILL


def _is_money(grant: Grant, currency: str) -> bool:
    return grant.unit is Unit.MONEY and grant.currency == currency


def _as_of(grants: Iterable[Grant], seq: int) -> Iterator[Grant]:
    """Some grants as they stood before an entry of the audit."""
    for grant in grants:
        if grant.seq >= seq:
            continue
        if grant.entries and grant.entries[-1].seq >= seq:
            yield replace(grant, entries=tuple(one for one in grant.entries if one.seq < seq))
        else:
            yield grant


def _ids(parties: Parties, scopes: Iterable[Scope]) -> Ids:
    return tuple(parties.of(scope) for scope in scopes)
