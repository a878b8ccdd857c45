"""Replay against deciding each case by itself, and what must hold whatever the tables say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Bound, Ceiling, Fixed, PerCount, ShareOf, Unlimited
from agent_assist.core.conditions import Conditions, Is, NoneOf, OneOf, Test, Within
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import CapKind, Decision
from agent_assist.core.errors import InvalidInput
from agent_assist.core.facts import Facts, FactType, FactValue, read_facts
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given, Use
from agent_assist.core.limits import Effect, LimitRow, LimitTable
from agent_assist.core.money import Money
from agent_assist.core.replay import (
    Cause,
    PastDecision,
    Place,
    Replayed,
    Replayer,
    Responsible,
    Rules,
    Tally,
)
from agent_assist.core.vocabulary import RemedyKind, Unit, Vocabulary
from agent_assist.store.fact_reader import FactReader
from agent_assist.store.ledger.records import raw_facts
from tests.builders import DAY, LEVELS, a_vocabulary

VOCABULARY = a_vocabulary()
TIERS = frozenset({"basic", "plus", "gold"})
GOLD = frozenset({"gold"})
REMEDIES = ("fee_waiver", "goodwill_credit", "courier_card")
EDGES = (10, 20)
NEAR = (9, 10, 11, 19, 20, 21)  # what an edge that is off by one confuses
_days = st.sampled_from([None, None, None, DAY, DAY + timedelta(days=1)])
_remedies = st.sampled_from([*REMEDIES[:1] * 4, *REMEDIES])


@st.composite
def _ranges(draw: st.DrawFn) -> Within:
    low, high = draw(st.sampled_from([None, *EDGES])), draw(st.sampled_from([None, *EDGES]))
    return Within(low, high)


_tests: Sequence[tuple[str, st.SearchStrategy[Test]]] = (
    ("customer.tier", st.sampled_from([OneOf(GOLD), NoneOf(GOLD, TIERS)])),
    ("fee.amount", _ranges()),
    ("fee.disclosed", st.booleans().map(Is)),
    ("fee.day", st.just(Within(DAY.toordinal(), None))),
)
_conditions: st.SearchStrategy[Conditions] = st.lists(
    st.sampled_from([_tests[1], *_tests]).flatmap(lambda one: st.tuples(st.just(one[0]), one[1])),
    max_size=2,
).map(dict)
_ceilings = st.sampled_from(
    [
        Ceiling((Fixed(5),)),
        Ceiling((Fixed(15),)),
        Ceiling((ShareOf(5000, "fee.amount"),)),
        Ceiling((PerCount(5, "cards.count", 12),)),
        Ceiling(unlimited=True),
    ]
)


@st.composite
def _rows(draw: st.DrawFn) -> tuple[LimitRow, ...]:
    rows = []
    for number in range(draw(st.sampled_from([0, 1, 2, 2, 3, 4]))):
        effect = draw(st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.ALLOW, Effect.DENY]))
        ceilings = draw(st.fixed_dictionaries({"rep": _ceilings}, optional={"manager": _ceilings}))
        rows.append(
            LimitRow(
                key=f"R{number}",
                remedy=draw(_remedies),
                effect=effect,
                priority=draw(st.sampled_from([0, 0, 1])),
                issues=draw(st.sampled_from([frozenset(), frozenset({"fee"})])),
                conditions=draw(_conditions),
                ceilings=ceilings if effect is Effect.ALLOW else {},
                effective_from=draw(_days),
                effective_to=draw(_days),
            )
        )
    return tuple(rows)


@st.composite
def _budgets(draw: st.DrawFn) -> tuple[Budget, ...]:
    return tuple(
        Budget(
            key,
            Scope.CUSTOMER,
            draw(st.sampled_from([Window.DAYS_90, Window.DAYS_90, Window.DAY])),
            remedies=remedies,
            conditions=draw(_conditions),
            amounts=draw(st.dictionaries(st.sampled_from(LEVELS), st.sampled_from([12, 30]))),
            counts=draw(st.dictionaries(st.sampled_from(LEVELS), st.just(2))),
        )
        for key, remedies in (("B", frozenset({"fee_waiver"})), ("G", frozenset[str]()))
        if draw(st.booleans())
    )


@st.composite
def _vocabularies(draw: st.DrawFn) -> Vocabulary:
    """The same library in other words, in one respect or none."""
    words, change = (
        VOCABULARY,
        draw(st.sampled_from([*[""] * 4, *["kind", "group", "ladder"] * 2, "fact", "gone"])),
    )
    remedy = draw(_remedies)
    its = words.remedies[remedy]
    others = {key: one for key, one in words.remedies.items() if key != remedy}
    match change:
        case "kind":
            owed = replace(its, kind=RemedyKind.ENTITLEMENT)
            return replace(words, remedies={**words.remedies, remedy: owed})
        case "group":
            alone = replace(its, exclusive_group=None)
            return replace(words, remedies={**words.remedies, remedy: alone})
        case "ladder":
            return replace(words, levels=words.levels[:-1])
        case "fact":
            fact = replace(words.facts["fee.amount"], type=FactType.INTEGER)
            return replace(words, facts={**words.facts, "fee.amount": fact})
        case "gone":
            lost = draw(st.sampled_from(["remedy", "renamed", "issue", "currency"]))
            return {
                "remedy": replace(words, remedies=others),
                "renamed": replace(words, remedies={**others, "new_name": its}),
                "issue": replace(words, issues={"fee": words.issues["fee"]}),
                "currency": replace(words, currency="CHF"),
            }[lost]
    return words


@st.composite
def _rules(draw: st.DrawFn) -> Rules:
    rows, words = draw(_rows()), draw(_vocabularies())
    return Rules(CompiledLimits(LimitTable(1, rows), words), draw(_budgets()))


VALUES: Mapping[str, Sequence[FactValue | None]] = {
    "customer.tier": [None, *sorted(TIERS)],
    "fee.amount": [None, *(Money(n, "EUR") for n in NEAR)],
    "fee.disclosed": [None, True, False],
    "fee.day": [None, DAY - timedelta(days=1), DAY],
    "cards.count": [None, 0, 1, 3],
    "customer.months": [None, 0, 1],
}
_uses = st.builds(Used, st.sampled_from([0, 11, 12, 31]), st.integers(0, 2))
_given = st.builds(Given, st.just(Scope.ORDER), st.integers(1, 9))
_fields: Mapping[str, st.SearchStrategy[Any]] = {
    "issue": st.sampled_from(["fee", "fee", "card"]),
    "remedy": _remedies,
    "level": st.sampled_from(["rep", "rep", *LEVELS]),
    "facts": st.fixed_dictionaries({key: st.sampled_from(of) for key, of in VALUES.items()}),
    "day": st.sampled_from([DAY + timedelta(days=n) for n in (-1, 0, 1, 2)]),
    "amount": st.none() | st.integers(1, 25),
    "granted": st.booleans(),
    "used": st.fixed_dictionaries({}, optional=dict.fromkeys("BG", _uses)),
    "given": st.dictionaries(st.sampled_from(REMEDIES), _given, max_size=1),
}
_changes = st.sampled_from(sorted(_fields.keys() - {"facts"})).flatmap(
    lambda name: _fields[name].map(lambda value: {name: value})
)


@st.composite
def _histories(draw: st.DrawFn) -> list[PastDecision]:
    """A case and those that may be mistaken for it: with every value of a fact, and the like."""
    case = PastDecision(**draw(st.fixed_dictionaries(dict(_fields))))
    swept = draw(st.sampled_from(["fee.amount", *VALUES]))
    others = [case, *(case._replace(**one) for one in draw(st.lists(_changes, max_size=5)))]
    others = [one._replace(facts=_known(one.facts, {})) for one in others]
    return others + [case._replace(facts=_known(case.facts, {swept: v})) for v in VALUES[swept]]


def _known(facts: Facts, other: Mapping[str, FactValue | None]) -> Facts:
    return {key: value for key, value in {**facts, **other}.items() if value is not None}


def replayed(before: Rules, after: Rules, history: list[PastDecision]) -> Replayed:
    replayer, found = Replayer(before, after, remember=3), Replayed()
    for past in history:
        replayer.replay(past, found)
    return found


def one_by_one(before: Rules, after: Rules, history: list[PastDecision]) -> Replayed:
    """The same without regard to anything but the words of `Tally`: each case is decided twice."""
    found = Replayed()
    for past in history:
        if reason := why_left_out(past, before, after):
            found.left_out[reason] += 1
            continue
        was, now = decided(before, past), decided(after, as_seen_by(after, before, past))
        place = Place(responsible(now, was), past.level, past.issue, past.remedy)
        found.places.setdefault(place, Tally()).add(tally(past, was, now))
        if was.verdict != "open" and now.verdict == "open":
            found.unknown.update(now.needs())
        found.unreckoned.update(
            budget.key
            for budget in after.budgets
            if budget.key in not_summed_up(before, after)
            and (
                past.remedy in budget.remedies
                or (not budget.remedies and now.remedy.kind is RemedyKind.GOODWILL)
            )
        )
    return found


def why_left_out(past: PastDecision, before: Rules, after: Rules) -> str | None:
    for rules, what in ((after, "gone"), (before, "new")):
        words = rules.limits.vocabulary
        for name, known in (
            ("issue", words.issues),
            ("remedy", words.remedies),
            ("level", words.ladder),
        ):
            if getattr(past, name) not in known:
                return f"the {name} is {what}"
    same = before.limits.vocabulary.currency == after.limits.vocabulary.currency
    return None if same else "the currency is another"


def as_seen_by(after: Rules, before: Rules, past: PastDecision) -> PastDecision:
    old, new = before.limits.vocabulary.facts, after.limits.vocabulary.facts
    facts = {key: v for key, v in past.facts.items() if old[key].type == new[key].type}
    lost = not_summed_up(before, after)
    return past._replace(
        facts=facts, used={key: one for key, one in past.used.items() if key not in lost}
    )


def not_summed_up(before: Rules, after: Rules) -> set[str]:
    then = {(one.key, one.scope, one.window, one.remedies) for one in before.budgets}
    return {
        one.key
        for one in after.budgets
        if (one.key, one.scope, one.window, one.remedies) not in then
    }


def decided(one: Rules, past: PastDecision) -> Decision:
    return one.limits.decide(
        issue=past.issue,
        remedy=past.remedy,
        level=past.level,
        facts=past.facts,
        day=past.day,
        amount=past.amount,
        use=Use(one.budgets, {key: Used(*its) for key, its in past.used.items()}, past.given),
    )


def responsible(now: Decision, was: Decision) -> Responsible:
    for decision in (now, was):
        cap = decision.binding
        if cap is not None:
            kinds = {CapKind.CEILING: Cause.ROW, CapKind.BUDGET: Cause.BUDGET}
            return Responsible(kinds.get(cap.kind, Cause.REMEDY), cap.source)
        for trace in decision.trace:
            if trace.decisive:
                return Responsible(Cause.ROW, trace.row.key)
    return Responsible(Cause.NONE, "")


def tally(past: PastDecision, before: Decision, after: Decision) -> Tally:
    least, most = _number(before.up_to), _number(after.up_to)
    money = after.remedy.unit is Unit.MONEY
    was, now = before.verdict, after.verdict
    endless = (most == float("inf")) != (least == float("inf"))
    moved = int(most - least) if money and not endless and most != least else 0
    given = past.amount if past.granted else None
    short = 0 if given is None else max(given - most, 0)
    return Tally(
        cases=1,
        more=most > least,
        less=most < least,
        approvals_saved=was == "needs_approval" and now == "allowed",
        approvals_added=was == "allowed" and now == "needs_approval",
        allowed=was in {"not_allowed", "open"} and now == "allowed",
        refused=was in {"allowed", "needs_approval"} and now == "not_allowed",
        opened=was != "open" and now == "open",
        raised=max(moved, 0),
        lowered=max(-moved, 0),
        unbounded=endless,
        grants=given is not None,
        granted=given or 0 if money else 0,
        uncovered_grants=short > 0,
        uncovered=int(short) if money else 0,
    )


def _number(bound: Bound) -> float:
    return float("inf") if isinstance(bound, Unlimited) else float(bound)


@given(_rules(), _rules(), _histories())
@settings(max_examples=300)
def test_a_replay_counts_what_deciding_each_case_twice_counts(
    before: Rules, after: Rules, history: list[PastDecision]
) -> None:
    assert replayed(before, after, history) == one_by_one(before, after, history)


@given(_rules(), _histories())
def test_replaying_what_was_in_force_changes_nothing(
    rules: Rules, history: list[PastDecision]
) -> None:
    found = replayed(rules, rules, history)

    for tally in found.places.values():
        asked = Tally(cases=tally.cases, grants=tally.grants, granted=tally.granted)
        asked.uncovered_grants, asked.uncovered = tally.uncovered_grants, tally.uncovered
        assert tally == asked


@given(_rules(), _rules(), _histories(), st.randoms(use_true_random=False), st.integers(0, 9))
def test_order_and_parts_make_no_difference_and_every_way_to_count_adds_up(
    before: Rules, after: Rules, history: list[PastDecision], random: Random, cut: int
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)

    whole = replayed(before, after, history)
    parts = replayed(before, after, shuffled[:cut])
    parts.merge(replayed(before, after, shuffled[cut:]))

    assert parts == whole
    for name in Place._fields:
        summed = Tally()
        for counted in whole.by(name).values():
            summed.add(counted)
        assert summed == whole.total()


_kept = st.dictionaries(
    st.sampled_from(["customer.tier", "fee.amount", "fee.disclosed", "cards.count", "gone"]),
    st.sampled_from([1, 1.0, True, 0, False, "gold", "1", None])
    | st.fixed_dictionaries(
        {
            "amount": st.sampled_from(["1", "1.00", "2.50"]),
            "currency": st.sampled_from(["EUR", "CHF"]),
        }
    ),
    min_size=1,
    max_size=2,
)


@given(st.lists(_kept, max_size=12))
@example([{"cards.count": 1}, {"cards.count": True}, {"cards.count": 1.0}])
@example([{"fee.disclosed": True}, {"fee.disclosed": 1}])
def test_facts_that_were_read_before_are_read_as_if_they_were_not(
    history: list[dict[str, Any]],
) -> None:
    reader = FactReader(VOCABULARY, remember=2)

    for kept in history:
        plain = partial(read_facts, raw_facts(kept), VOCABULARY.facts, VOCABULARY.currency)
        assert _typed(partial(reader.read, kept)) == _typed(plain)


def _typed(read: Callable[[], Facts]) -> dict[str, tuple[type, object]] | None:
    """Facts with their types, which equality does not tell apart; None where they are refused."""
    try:
        return {key: (type(value), value) for key, value in read().items()}
    except InvalidInput:
        return None
