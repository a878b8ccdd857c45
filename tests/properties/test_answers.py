"""Whole answers, unknown facts included, against an oracle that compares rows two by two."""

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.budgets import Scope
from agent_assist.core.ceilings import Bound, Ceiling, Fixed, PerCount, Unlimited
from agent_assist.core.conditions import Is, NoneOf, OneOf, Test, Within, narrows
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactValue
from agent_assist.core.holds import Given, Use
from agent_assist.core.limits import Effect, LimitRow
from tests.builders import DAY, LEVELS, compiled

TIERS = ("basic", "plus", "gold")
_tiers = st.frozensets(st.sampled_from(TIERS), min_size=1, max_size=2)
_ranges = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda b: Within(min(b), max(b)))
_tests: Mapping[str, st.SearchStrategy[Test]] = {
    "customer.tier": st.one_of(
        _tiers.map(OneOf), _tiers.map(lambda values: NoneOf(values, frozenset(TIERS)))
    ),
    "customer.months": _ranges,
    "fee.disclosed": st.booleans().map(Is),
}
_ceilings = st.one_of(
    st.integers(0, 5).map(lambda amount: Ceiling((Fixed(amount),))),
    st.integers(1, 3).map(lambda amount: Ceiling((PerCount(amount, "cards.count"),))),
    st.just(Ceiling(unlimited=True)),
)
_rows = st.builds(
    LimitRow,
    key=st.just(""),
    remedy=st.just("fee_waiver"),
    effect=st.sampled_from((Effect.ALLOW, Effect.ALLOW, Effect.ALLOW, Effect.DENY)),
    priority=st.sampled_from((0, 0, 1)),
    issues=st.sampled_from((frozenset(), frozenset({"fee"}), frozenset({"fee", "card"}))),
    conditions=st.fixed_dictionaries({}, optional=_tests),
    ceilings=st.fixed_dictionaries(
        {LEVELS[0]: _ceilings}, optional=dict.fromkeys(LEVELS[1:], _ceilings)
    ),
)
_known: Mapping[str, st.SearchStrategy[FactValue]] = {
    "customer.tier": st.sampled_from(TIERS),
    "customer.months": st.integers(0, 3),
    "fee.disclosed": st.booleans(),
    "cards.count": st.integers(0, 3),
}
# Where most facts are unknown there is not much to get wrong.
_facts: st.SearchStrategy[dict[str, FactValue]] = st.builds(
    lambda facts, unknown: {key: value for key, value in facts.items() if key not in unknown},
    st.fixed_dictionaries(dict(_known)),
    st.sampled_from((*[()] * 4, *[(key,) for key in _known], tuple(_known)[:2], tuple(_known)[2:])),
)


@st.composite
def tables(draw: st.DrawFn) -> list[LimitRow]:
    rows = draw(st.lists(_rows, min_size=1, max_size=7))
    return [_finished(row, f"R{number}") for number, row in enumerate(rows)]


def _finished(row: LimitRow, key: str) -> LimitRow:
    fields = {name: getattr(row, name) for name in LimitRow.__slots__}
    ceilings = {} if row.effect is Effect.DENY else row.ceilings
    return LimitRow(**{**fields, "key": key, "ceilings": ceilings})


@settings(max_examples=600)
@given(
    tables(),
    _facts,
    st.sampled_from(LEVELS),
    st.sampled_from((None, 1, 3)),
    st.sampled_from((0, 1, 2)),
)
def test_an_answer_is_what_comparing_rows_two_by_two_tells(
    rows: list[LimitRow],
    facts: dict[str, FactValue],
    level: str,
    amount: int | None,
    before: int,
) -> None:
    use = Use(given={"fee_waiver": Given(Scope.ORDER, before)} if before else {})
    decision = compiled(*rows).decide(
        issue="fee", remedy="fee_waiver", level=level, facts=facts, day=DAY, amount=amount, use=use
    )

    oracle = _Oracle(rows, facts, before)
    ladder = LEVELS[LEVELS.index(level) :]
    assert decision.up_to == oracle.certain(level)
    assert [(one.row, one.up_to) for one in decision.possible] == oracle.possible(level)
    assert sorted((one.row, one.fact, one.up_to) for one in decision.otherwise) == sorted(
        oracle.otherwise(level)
    )
    assert _approval(decision) == oracle.approval(ladder, amount)
    assert decision.verdict is oracle.verdict(ladder, amount)


def _approval(decision: Decision) -> tuple[str, Bound] | None:
    found = decision.approval
    return None if found is None else (found.level, found.up_to)


class _Oracle:
    """The rules of the design, said once more in the plainest way."""

    def __init__(
        self, rows: Sequence[LimitRow], facts: Mapping[str, FactValue], before: int
    ) -> None:
        self.facts = facts
        self.before = before
        unfailed = [row for row in rows if not self._failed(row)]
        met = [row for row in unfailed if not self._unknown(row)]
        opened = [row for row in unfailed if self._unknown(row)]
        denying = [row for row in met if row.effect is Effect.DENY]
        rivals = denying or met
        self.standing = [row for row in rivals if not _is_outranked(row, rivals)]
        denies = [row for row in opened if row.effect is Effect.DENY]
        allows = [
            row
            for row in opened
            if row.effect is Effect.ALLOW
            and not _is_outranked(row, self.standing)
            and not any(_smothers(other, row) for other in opened)
        ]
        could_count = sorted((*allows, *denies), key=lambda row: row.key)
        self.denied = bool(denying)
        self.contested = could_count if (self.standing or allows) and not denying else []
        self.missed = [
            row
            for row in rows
            if row.effect is Effect.ALLOW and len(self._failed(row)) == 1 and not self._unknown(row)
        ]

    def certain(self, level: str) -> Bound:
        if not self.standing or self.denied:
            return 0
        if any(row.effect is Effect.DENY or self._unsummed(row) for row in self.contested):
            return 0
        return self._least([*self.standing, *self.contested], level)

    def possible(self, level: str) -> list[tuple[str, Bound | None]]:
        found = [(row.key, self._outcome(row, level)) for row in self.contested]
        free = self._least(self.standing, level) if self.standing else 0
        if self.contested and free > self.certain(level):
            return [(self.standing[0].key, free), *found]
        return found

    def otherwise(self, level: str) -> list[tuple[str, str, Bound]]:
        if self.denied:
            return []
        return [
            (row.key, self._failed(row)[0], outcome)
            for row in self.missed
            if not _is_outranked(row, self.standing)
            and (outcome := self._outcome(row, level)) is not None
            and outcome > self.certain(level)
        ]

    def approval(self, ladder: Sequence[str], amount: int | None) -> tuple[str, Bound] | None:
        now = self.certain(ladder[0])
        if amount is not None and now >= amount:
            return None
        for level in ladder[1:]:
            higher = self.certain(level)
            if higher > now if amount is None else higher >= amount:
                return level, higher
        return None

    def verdict(self, ladder: Sequence[str], amount: int | None) -> Verdict:
        wanted = amount or 1
        if self.certain(ladder[0]) >= wanted:
            return Verdict.ALLOWED
        could = [
            any(up_to is None or up_to >= wanted for _, up_to in self.possible(level))
            for level in ladder
        ]
        if could[0]:
            return Verdict.OPEN
        if self.approval(ladder, amount):
            return Verdict.NEEDS_APPROVAL
        return Verdict.OPEN if any(could) else Verdict.NOT_ALLOWED

    def _outcome(self, row: LimitRow, level: str) -> Bound | None:
        if row.effect is Effect.DENY:
            return 0
        implied = [
            one
            for one in self.contested
            if one is not row and narrows(row.conditions, one.conditions)
        ]
        counting = [one for one in (*self.standing, *implied) if not _is_outranked(one, [row])]
        if any(self._unsummed(one) for one in (row, *counting)):
            return None
        return self._least([row, *counting], level)

    def _least(self, rows: Sequence[LimitRow], level: str) -> Bound:
        amounts = [row.ceiling(level).evaluate(self.facts) for row in rows]
        bounded = [amount for amount in amounts if not isinstance(amount, Unlimited)]
        return max(min(bounded) - self.before, 0) if bounded else amounts[0]

    def _failed(self, row: LimitRow) -> list[str]:
        known = [fact for fact in row.conditions if fact in self.facts]
        return [fact for fact in known if not row.conditions[fact].accepts(self.facts[fact])]

    def _unknown(self, row: LimitRow) -> bool:
        return any(fact not in self.facts for fact in row.conditions) or self._unsummed(row)

    def _unsummed(self, row: LimitRow) -> bool:
        return any(base not in self.facts for base in row.bases())


def _is_outranked(row: LimitRow, by: Sequence[LimitRow]) -> bool:
    return any(
        one.priority > row.priority or (one.priority == row.priority and one.refines(row))
        for one in by
    )


def _smothers(one: LimitRow, row: LimitRow) -> bool:
    stronger = one.effect is Effect.DENY or one.priority > row.priority
    return stronger and narrows(row.conditions, one.conditions)
