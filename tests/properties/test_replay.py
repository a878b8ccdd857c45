"""Replay against a plain account of the same cases, and what must hold whatever the tables say."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.ceilings import Ceiling, Fixed, ShareOf, Unlimited
from agent_assist.core.conditions import Conditions, Is, OneOf, Within
from agent_assist.core.decision import Verdict
from agent_assist.core.facts import Facts
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Given, Use
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.money import Money
from agent_assist.core.replay import PastDecision, Replayed, Replayer, Rules, Tally
from agent_assist.core.vocabulary import Unit
from tests.builders import DAY, LEVELS, a_vocabulary, compiled

VOCABULARY = a_vocabulary()
REMEDIES = ("fee_waiver", "courier_card")
_ceilings = st.one_of(
    st.integers(0, 60).map(lambda n: Ceiling((Fixed(n),))),
    st.just(Ceiling(unlimited=True)),
    st.integers(1, 5).map(lambda n: Ceiling((ShareOf(n * 1000, "fee.amount"),))),
)
_conditions: st.SearchStrategy[Conditions] = st.fixed_dictionaries(
    {},
    optional={
        "customer.tier": st.sampled_from(["basic", "gold"]).map(lambda c: OneOf(frozenset({c}))),
        "fee.amount": st.integers(0, 60).map(lambda n: Within(n, None)),
        "fee.disclosed": st.booleans().map(Is),
    },
)


@st.composite
def _rows(draw: st.DrawFn) -> tuple[LimitRow, ...]:
    rows = []
    for number in range(draw(st.integers(0, 5))):
        remedy = draw(st.sampled_from(REMEDIES))
        effect = draw(st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.DENY]))
        ceiling = _ceilings if remedy == "fee_waiver" else st.just(Ceiling((Fixed(2),)))
        ceilings = draw(st.dictionaries(st.sampled_from(LEVELS), ceiling, min_size=1))
        rows.append(
            LimitRow(
                key=f"R{number}",
                remedy=remedy,
                effect=effect,
                issues=draw(st.sampled_from([frozenset(), frozenset({"fee"})])),
                conditions=draw(_conditions),
                ceilings=ceilings if effect is Effect.ALLOW else {},
                effective_from=draw(st.sampled_from([None, None, DAY])),
            )
        )
    return tuple(rows)


_budgets = st.lists(st.integers(0, 50), max_size=1).map(
    lambda amounts: tuple(
        Budget("B", Scope.CUSTOMER, Window.DAYS_90, amounts={"rep": amount}, counts={"rep": 3})
        for amount in amounts
    )
)
_facts: st.SearchStrategy[Facts] = st.fixed_dictionaries(
    {},
    optional={
        "customer.tier": st.sampled_from(["basic", "gold"]),
        "fee.amount": st.integers(0, 60).map(lambda n: Money(n, "EUR")),
        "fee.disclosed": st.booleans(),
        "customer.months": st.integers(0, 9),
    },
)


@st.composite
def _past(draw: st.DrawFn) -> PastDecision:
    amount = draw(st.none() | st.integers(1, 60))
    return PastDecision(
        issue=draw(st.sampled_from(["fee", "card"])),
        remedy=draw(st.sampled_from(REMEDIES)),
        level=draw(st.sampled_from(LEVELS)),
        facts=draw(_facts),
        day=DAY - timedelta(days=draw(st.integers(0, 1))),
        amount=amount,
        granted=amount is not None and draw(st.booleans()),
        used={"B": Used(draw(st.integers(0, 60)), draw(st.integers(0, 3)))},
        given=draw(
            st.dictionaries(
                st.sampled_from(["fee_waiver", "goodwill_credit"]),
                st.builds(Given, st.just(Scope.ORDER), st.integers(1, 30)),
                max_size=1,
            )
        ),
    )


_history = st.lists(_past(), max_size=12)


def rules(rows: tuple[LimitRow, ...], budgets: tuple[Budget, ...] = ()) -> Rules:
    return Rules(rows, compiled(*rows), budgets)


def replayed(before: Rules, after: Rules, history: list[PastDecision]) -> Replayed:
    replayer, found = Replayer(before, after, remember=3), Replayed()
    for past in history:
        replayer.replay(past, found)
    return found


def plainly(before: Rules, after: Rules, history: list[PastDecision]) -> Tally:
    """The same, case by case, written without regard to anything but the words of `Tally`."""
    total = Tally()
    for past in history:
        (was, least), (now, most) = [_answer(one, past) for one in (before, after)]
        money = VOCABULARY.remedies[past.remedy].unit is Unit.MONEY
        total.cases += 1
        total.more += most > least
        total.less += most < least
        total.approvals_saved += was == "needs_approval" and now == "allowed"
        total.approvals_added += was == "allowed" and now == "needs_approval"
        total.allowed += was in {"not_allowed", "open"} and now == "allowed"
        total.refused += was in {"allowed", "needs_approval"} and now == "not_allowed"
        total.opened += was != "open" and now == "open"
        infinite = (most == float("inf")) != (least == float("inf"))
        total.unbounded += infinite
        if money and not infinite and most != least:
            total.raised += int(max(most - least, 0))
            total.lowered += int(max(least - most, 0))
        if past.granted and past.amount is not None:
            total.grants += 1
            total.granted += past.amount if money else 0
            total.uncovered_grants += past.amount > most
            total.uncovered += int(max(past.amount - most, 0)) if money else 0
    return total


def _answer(one: Rules, past: PastDecision) -> tuple[Verdict, float]:
    decision = one.limits.decide(
        issue=past.issue,
        remedy=past.remedy,
        level=past.level,
        facts=past.facts,
        day=past.day,
        amount=past.amount,
        use=Use(one.budgets, past.used, past.given),
    )
    endless = isinstance(decision.up_to, Unlimited)
    return decision.verdict, float("inf") if endless else float(str(decision.up_to))


@given(_rows(), _rows(), _budgets, _budgets, _history)
@settings(deadline=None)
def test_a_replay_counts_what_deciding_each_case_twice_counts(
    old: tuple[LimitRow, ...],
    new: tuple[LimitRow, ...],
    budgets: tuple[Budget, ...],
    others: tuple[Budget, ...],
    history: list[PastDecision],
) -> None:
    before = rules(old, budgets)
    # A budget that was not there then has no sums of then.
    after = rules(new, others if budgets else ())

    found = replayed(before, after, history)

    assert found.total() == plainly(before, after, history)


@given(_rows(), _budgets, _history)
@settings(deadline=None)
def test_replaying_what_was_in_force_changes_nothing(
    rows: tuple[LimitRow, ...], budgets: tuple[Budget, ...], history: list[PastDecision]
) -> None:
    total = replayed(rules(rows, budgets), rules(rows, budgets), history).total()

    assert total.cases == total.same == len(history)
    changed = (total.approvals_saved, total.approvals_added, total.allowed, total.refused)
    assert changed == (0, 0, 0, 0)
    assert (total.opened, total.raised, total.lowered, total.unbounded) == (0, 0, 0, 0)


@given(_rows(), _rows(), _history, st.randoms(use_true_random=False), st.integers(0, 12))
@settings(deadline=None)
def test_neither_order_nor_parts_of_a_history_make_a_difference(
    old: tuple[LimitRow, ...],
    new: tuple[LimitRow, ...],
    history: list[PastDecision],
    random: object,
    cut: int,
) -> None:
    before, after = rules(old), rules(new)
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random, which has no type here

    whole = replayed(before, after, history)
    parts = replayed(before, after, shuffled[:cut])
    parts.merge(replayed(before, after, shuffled[cut:]))

    assert parts == whole


@given(_rows(), _rows(), _history)
@settings(deadline=None)
def test_tallies_by_row_level_issue_and_remedy_each_add_up_to_the_total(
    old: tuple[LimitRow, ...], new: tuple[LimitRow, ...], history: list[PastDecision]
) -> None:
    found = replayed(rules(old), rules(new), history)

    for name in ("responsible", "level", "issue", "remedy"):
        summed = Tally()
        for tally in found.by(name).values():
            summed.add(tally)
        assert summed == found.total()
