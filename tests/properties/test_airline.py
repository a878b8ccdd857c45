"""A whole airline's rules, in every combination of values that matter, against an oracle.

The library is made from public rules' structure; `tests.libraries.airline_oracle` says in words
what they come to, and works it out without the product.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.ceilings import Bound, Unlimited
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Decision, Verdict
from agent_assist.core.facts import FactType, FactValue
from agent_assist.core.headroom import Used
from agent_assist.core.holds import Use
from agent_assist.core.limits import Effect, LimitTable
from agent_assist.core.money import Money
from agent_assist.library.folder import read_library
from agent_assist.library.quality import quality_faults
from tests.libraries.airline_oracle import (
    DAY,
    GOODWILL,
    LEVELS,
    NO_LIMIT,
    RULES,
    Answer,
    Caps,
    Spent,
    answer,
    caps,
)

FOLDER = Path(__file__).parents[1] / "libraries" / "airline"
LIBRARY = read_library(FOLDER)
LIMITS = CompiledLimits(LimitTable(1, LIBRARY.limits), LIBRARY.vocabulary)
UNKNOWN = None
YES_NO = (True, False, UNKNOWN)
BANDS = ("short", "medium", "long", UNKNOWN)
TIERS = ("member", "silver", "gold", UNKNOWN)
CABINS = ("basic", "economy", "business", UNKNOWN)
NEW_YEAR = (date(2026, 12, 31), date(2027, 1, 1))
Values = Mapping[str, tuple[Any, ...]]

# Each bound of a rule with its neighbours, and the ends of what a fact may be.
VALUES: Mapping[tuple[str, str], Values] = {
    ("flight_delayed", "compensation"): {
        "flight.delay_minutes": (0, 179, 180, 181, 239, 240, 241, 20160, UNKNOWN),
        "flight.band": BANDS,
        "flight.extraordinary": YES_NO,
        "booking.passengers": (1, 2, 9, UNKNOWN),
    },
    ("flight_cancelled", "compensation"): {
        "flight.notice_days": (0, 6, 7, 13, 14, UNKNOWN),
        "flight.rerouted": YES_NO,
        "flight.delay_minutes": (119, 120, 121, 180, 181, 239, 240, 241, UNKNOWN),
        "flight.band": BANDS,
        "flight.extraordinary": YES_NO,
        "booking.passengers": (1, 9, UNKNOWN),
    },
    ("flight_delayed", "fare_refund"): {
        "flight.rerouted": YES_NO,
        "flight.delay_minutes": (0, 299, 300, 301, UNKNOWN),
        "booking.changed": YES_NO,
        "booking.fare": (0, 1, 12345, UNKNOWN),
    },
    ("flight_cancelled", "fare_refund"): {
        "flight.rerouted": YES_NO,
        "booking.fare": (0, 1, 12345, UNKNOWN),
    },
    ("flight_delayed", "care_voucher"): {
        "flight.delay_minutes": (
            0, 119, 120, 121, 179, 180, 181, 239, 240, 241, 599, 600, 601, UNKNOWN,
        ),
        "flight.band": BANDS,
        "booking.passengers": (1, 2, 9, UNKNOWN),
    },
    ("flight_cancelled", "goodwill_voucher"): {
        "customer.tier": TIERS,
        "booking.insured": YES_NO,
        "booking.cabin": CABINS,
        "booking.passengers": (1, 3, 4, 6, 7, UNKNOWN),
        "customer.vouchers_12m": (2, 3, UNKNOWN),
    },
    ("flight_delayed", "goodwill_voucher"): {
        "customer.tier": TIERS,
        "booking.insured": YES_NO,
        "booking.cabin": CABINS,
        "booking.passengers": (1, 5, 6, UNKNOWN),
        "customer.vouchers_12m": (2, 3, UNKNOWN),
        "booking.changed": YES_NO,
        "flight.delay_minutes": (239, 240, UNKNOWN),
    },
    ("flight_delayed", "bonus_miles"): {
        "flight.delay_minutes": (59, 60, 61, 178, 179, 180, UNKNOWN),
        "customer.tier": TIERS,
        "booking.passengers": (1, 3, 4, 6, 7, 9, UNKNOWN),
    },
    ("flight_delayed", "lounge_pass"): {
        "flight.delay_minutes": (119, 120, 121, UNKNOWN),
        "booking.cabin": CABINS,
        "customer.tier": TIERS,
        "booking.passengers": (1, 2, 3, 4, 5, UNKNOWN),
    },
    ("flight_cancelled", "lounge_pass"): {"flight.notice_days": (0, 1, 366, UNKNOWN)},
    ("bag_late", "bag_essentials"): {
        "bag.days_late": (0, 1, 2, 3, 4, 5, 6, 21, UNKNOWN),
        "bag.outbound": YES_NO,
    },
    ("bag_late", "fare_gesture"): {
        "booking.fare": (
            4999, 5000, 5001, 48000, 48004, 79999, 80010, 85714, 100001, UNKNOWN,
        ),
        "bag.days_late": (0, 1, 2, 3, 21, UNKNOWN),
        "booking.cabin": CABINS,
    },
    ("bag_late", "next_discount"): {
        "bag.days_late": (0, 1, 21, UNKNOWN),
        "customer.tier": TIERS,
        "bag.outbound": YES_NO,
    },
}  # fmt: skip
SPENT = (
    Spent(),
    Spent(year=(200_00, 1), day=(880_00, 9), contact=(10_00, 1)),
    Spent(year=(499_99, 2), day=(1999_99, 9)),
    Spent(year=(100_00, 3), contact=(0, 2)),
    Spent(year=(1500_00, 5), day=(5000_00, 9), contact=(0, 3)),
)
BUDGETED = {"goodwill_voucher", "fare_gesture"}


def _typed(case: Mapping[str, Any]) -> dict[str, FactValue]:
    known = {key: value for key, value in case.items() if value is not UNKNOWN}
    facts = LIBRARY.vocabulary.facts
    return {
        key: Money(value, "EUR") if facts[key].type is FactType.MONEY else value
        for key, value in known.items()
    }


def _use(spent: Spent) -> Use:
    used = {
        "customer_year": Used(*spent.year),
        "rep_day": Used(*spent.day),
        "contact_gestures": Used(*spent.contact),
    }
    return Use(LIBRARY.budgets, used)


USES = {spent: _use(spent) for spent in SPENT}


def _decide(
    rule: tuple[str, str],
    facts: Mapping[str, FactValue],
    level: int,
    amount: int | None,
    day: date,
    spent: Spent,
) -> Decision:
    issue, remedy = rule
    use = USES.get(spent) or _use(spent)
    return LIMITS.decide(
        issue=issue,
        remedy=remedy,
        level=LEVELS[level],
        facts=facts,
        day=day,
        amount=amount,
        use=use,
    )


def _number(bound: Bound) -> int:
    return NO_LIMIT if isinstance(bound, Unlimited) else bound


def _answered(decision: Decision, expected: Answer) -> Answer:
    """The product's answer in the oracle's words; of several equal caps it may name any."""
    name = decision.binding.source if decision.binding else None
    approval = decision.approval
    return Answer(
        decision.verdict.value,
        _number(decision.up_to),
        expected.binding if name in (expected.binding or {None}) else frozenset({str(name)}),
        None if approval is None else (approval.level, _number(approval.up_to)),
    )


def _amounts(by_level: tuple[Caps, ...]) -> list[int | None]:
    """The most, and around each level's most."""
    edges = {
        edge
        for one in by_level
        if one.most < NO_LIMIT
        for edge in (one.most - 1, one.most, one.most + 1)
        if edge >= 1
    }
    return [None, *sorted(edges or {1})]


def _cases(values: Values, *, known: bool) -> Iterator[dict[str, Any]]:
    """Every combination: of known values only, or those with something unknown in them."""
    for chosen in product(*values.values()):
        if (UNKNOWN not in chosen) is known:
            yield dict(zip(values, chosen, strict=True))


def _circumstances(rule: tuple[str, str]) -> Iterator[tuple[date, Spent]]:
    days = NEW_YEAR if rule[1] == "bonus_miles" else (DAY,)
    spent = SPENT if rule[1] in BUDGETED else (SPENT[0], *SPENT[3:])
    yield from product(days, spent if rule[1] in GOODWILL else SPENT[:1])


def test_the_library_is_clean_by_the_strict_rules() -> None:
    assert quality_faults(LIBRARY, datetime.now(UTC).date()) == ()


def test_every_rule_of_the_library_is_tried() -> None:
    named = {(issue, row.remedy) for row in LIBRARY.limits for issue in row.issues}

    assert named == set(RULES) == set(VALUES)


@pytest.mark.parametrize("rule", VALUES, ids=":".join)
def test_every_combination_of_known_facts_is_answered_as_the_rules_say(
    rule: tuple[str, str],
) -> None:
    for case in _cases(VALUES[rule], known=True):
        facts = _typed(case)
        # What the rules never look at may be left unknown, but who the customer is, is known.
        facts.setdefault("customer.tier", "silver")
        for day, spent in _circumstances(rule):
            tier = str(facts["customer.tier"])
            by_level = caps(RULES[rule](case, day), rule[1], tier, spent)
            amounts = _amounts(by_level)
            for level, amount in product(range(3), amounts):
                expected = answer(by_level, level, amount)
                decision = _decide(rule, facts, level, amount, day, spent)
                assert _answered(decision, expected) == expected, (case, spent, level, amount)


@pytest.mark.parametrize("rule", VALUES, ids=":".join)
def test_whatever_unknown_facts_turn_out_to_be_the_answer_was_announced(
    rule: tuple[str, str],
) -> None:
    values = VALUES[rule]
    rulings = cache(lambda chosen: RULES[rule](dict(zip(values, chosen, strict=True)), DAY))
    tier_at = list(values).index("customer.tier") if "customer.tier" in values else None

    @cache
    def outcome(chosen: tuple[Any, ...], level: int) -> Answer:
        tier = "silver" if tier_at is None else chosen[tier_at]
        return answer(caps(rulings(chosen), rule[1], tier, SPENT[0]), level, None)

    for case in _cases(values, known=False):
        choices = [
            tuple(v for v in values[key] if v is not UNKNOWN) if value is UNKNOWN else (value,)
            for key, value in case.items()
        ]
        facts = _typed(case)
        if "customer.tier" not in values:
            facts["customer.tier"] = "silver"
        for level in range(3):
            decision = _decide(rule, facts, level, None, DAY, SPENT[0])
            possible = {outcome(chosen, level) for chosen in product(*choices)}
            _check_announced(decision, possible, facts, (case, level))


def _check_announced(
    decision: Decision, possible: set[Answer], facts: Mapping[str, FactValue], where: object
) -> None:
    least = min(one.most for one in possible)
    verdicts = {one.verdict for one in possible}
    announced = [one.up_to for one in decision.possible]
    assert _number(decision.up_to) <= least, where
    if None not in announced and "customer.tier" in facts:
        told = {_number(decision.up_to), *(_number(b) for b in announced if b is not None)}
        assert {one.most for one in possible} <= told, where
    match decision.verdict:
        case Verdict.ALLOWED | Verdict.NOT_ALLOWED:
            assert verdicts == {decision.verdict.value}, where
        case Verdict.NEEDS_APPROVAL:
            assert "allowed" not in verdicts, where
        case Verdict.OPEN:
            # Two denies may cover together what neither covers alone: then an answer is asked for
            # that settles nothing. With one or none, some answer lets somebody give something.
            denies = [one for one in decision.decisive if one.row.effect is Effect.DENY]
            assert verdicts != {"not_allowed"} or len(denies) > 1, where
            assert decision.needs(), where


@st.composite
def _any_case(draw: st.DrawFn) -> tuple[tuple[str, str], dict[str, Any]]:
    """A rule, and a value for every fact of the library, also for those it never looks at."""
    case: dict[str, Any] = {}
    for fact in LIBRARY.vocabulary.facts.values():
        match fact.type:
            case FactType.CHOICE:
                case[fact.key] = draw(st.sampled_from(fact.choices))
            case FactType.BOOLEAN:
                case[fact.key] = draw(st.booleans())
            case FactType.MONEY:
                case[fact.key] = draw(st.integers(0, 200_000))
            case _:
                most = 1000 if fact.most is None or fact.most > 1000 else fact.most
                case[fact.key] = draw(st.integers(fact.least or 0, most))
    return draw(st.sampled_from(sorted(RULES))), case


_spent = st.builds(
    Spent,
    *(st.tuples(st.integers(0, 250_000), st.integers(0, 7)) for _ in range(3)),
)


@settings(max_examples=400)
@given(
    _any_case(),
    _spent,
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(1, 300_000)),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
def test_any_case_is_answered_as_the_rules_say(
    drawn: tuple[tuple[str, str], dict[str, Any]],
    spent: Spent,
    level: int,
    amount: int | None,
    day: date,
) -> None:
    rule, case = drawn
    by_level = caps(RULES[rule](case, day), rule[1], case["customer.tier"], spent)
    expected = answer(by_level, level, amount)

    decision = _decide(rule, _typed(case), level, amount, day, spent)

    assert _answered(decision, expected) == expected
