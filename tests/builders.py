"""Small, valid things for tests: only the facts that matter are named."""

from datetime import date
from decimal import Decimal

from agent_assist.core.ceilings import Ceiling, Fixed
from agent_assist.core.conditions import Test
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import Fact, FactType
from agent_assist.core.limits import Effect, LimitRow, LimitTable, Offer
from agent_assist.core.money import Money
from agent_assist.core.vocabulary import (
    Cause,
    Economics,
    Estimate,
    Issue,
    Level,
    Remedy,
    RemedyKind,
    Unit,
    Vocabulary,
)

DAY = date(2026, 11, 21)
LEVELS = ("rep", "supervisor", "manager")


def a_fact(key: str, kind: FactType = FactType.INTEGER, choices: tuple[str, ...] = ()) -> Fact:
    return Fact(key=key, type=kind, label=key, ask=f"What is {key}?", choices=choices)


def a_remedy(
    key: str, unit: Unit = Unit.MONEY, group: str | None = None, *, reversible: bool = True
) -> Remedy:
    return Remedy(
        key=key,
        label=key,
        kind=RemedyKind.GOODWILL,
        unit=unit,
        reversible=reversible,
        reason_codes=("first_time",),
        cost=None if unit is Unit.MONEY else Money(100, "EUR"),
        exclusive_group=group,
    )


def a_vocabulary() -> Vocabulary:
    facts = (
        a_fact("customer.tier", FactType.CHOICE, ("basic", "plus", "gold")),
        a_fact("customer.months"),
        a_fact("fee.amount", FactType.MONEY),
        a_fact("fee.disclosed", FactType.BOOLEAN),
        a_fact("fee.day", FactType.DATE),
        a_fact("cards.count"),
    )
    remedies = (
        a_remedy("fee_waiver", group="fee"),
        a_remedy("goodwill_credit", group="fee"),
        a_remedy("courier_card", Unit.COUNT, reversible=False),
        a_remedy("more_time", Unit.DAYS),
        a_remedy("fee_discount", Unit.PERCENT, reversible=False),
    )
    issues = ("fee", "card", "other")
    return Vocabulary(
        name="Test",
        locale="en",
        currency="EUR",
        time_zone="Europe/Berlin",
        levels=tuple(Level(key, key) for key in LEVELS),
        economics=Economics(
            customer_value=Estimate(Money(100, "EUR"), Money(200, "EUR"), Money(300, "EUR")),
            loyalty_loss={
                ending: Estimate(Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))
                for ending in ("resolved", "repeated", "unresolved")
            },
        ),
        issues={key: Issue(key, key, Cause.PROCESS, key) for key in issues},
        facts={fact.key: fact for fact in facts},
        remedies={remedy.key: remedy for remedy in remedies},
    )


def a_row(
    key: str = "R1",
    *,
    rep: int | None = 1000,
    supervisor: int | None = 2000,
    manager: int | None = 4000,
    remedy: str = "fee_waiver",
    issues: frozenset[str] = frozenset({"fee"}),
    conditions: dict[str, Test] | None = None,
    priority: int = 0,
    offer: Offer = Offer.OFFER,
    say: str = "",
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> LimitRow:
    amounts = zip(LEVELS, (rep, supervisor, manager), strict=True)
    return LimitRow(
        key=key,
        remedy=remedy,
        effect=Effect.ALLOW,
        offer=offer,
        priority=priority,
        issues=issues,
        conditions=conditions or {},
        ceilings={level: Ceiling((Fixed(n),)) for level, n in amounts if n is not None},
        say=say,
        effective_from=effective_from,
        effective_to=effective_to,
    )


def a_deny(
    key: str = "D1",
    *,
    issues: frozenset[str] = frozenset({"fee"}),
    conditions: dict[str, Test] | None = None,
    say: str = "",
) -> LimitRow:
    return LimitRow(
        key=key,
        remedy="fee_waiver",
        effect=Effect.DENY,
        issues=issues,
        conditions=conditions or {},
        say=say,
    )


def compiled(*rows: LimitRow) -> CompiledLimits:
    return CompiledLimits(LimitTable(1, rows), a_vocabulary())
