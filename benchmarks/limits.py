"""Decisions with full trace at 50 to 50,000 rows, beside zen-engine on the same table and cases.

`make bench-limits`. One core; the table has six condition columns (issue, tier, region, channel,
amount, tenure; 30 to 70 % of the cells empty, 3 % of the rows without an issue) and twelve
remedies. A case has a random issue and remedy and all five facts, drawn evenly from their values;
in three cases of ten one of the facts is unknown. All of an answer is read that the API writes or
the ledger keeps: its caps, what could become of it, what would turn it and what to ask, the state
of every row, and each test of the rows that decide (of all rows where none does). zen-engine 2.1.3
collects the matching rows of the same table with its trace on, which is what a decision with
reasons needs. Every case is decided once before it is timed.
"""

import argparse
import gc
import json
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import zen

from agent_assist.core.ceilings import Ceiling, Fixed
from agent_assist.core.conditions import OneOf, Test, Within
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.facts import Fact, FactType, FactValue
from agent_assist.core.limits import Effect, LimitRow, LimitTable
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
ISSUES = [f"issue_{n}" for n in range(77)]
REMEDIES = [f"remedy_{n}" for n in range(12)]
TIERS = ("basic", "plus", "gold", "platinum")
REGIONS = ("north", "south", "east", "west", "abroad")
CHANNELS = ("chat", "phone", "mail")
LEVELS = ("rep", "senior", "supervisor", "manager")


def vocabulary() -> Vocabulary:
    def choice(key: str, choices: tuple[str, ...]) -> Fact:
        return Fact(key, FactType.CHOICE, key, key, choices)

    facts = (
        choice("customer.tier", TIERS),
        choice("customer.region", REGIONS),
        choice("contact.channel", CHANNELS),
        Fact("order.amount", FactType.MONEY, "amount", "amount"),
        Fact("customer.tenure", FactType.INTEGER, "tenure", "tenure"),
    )
    nothing = Money(0, "EUR")
    return Vocabulary(
        name="benchmark",
        locale="en",
        currency="EUR",
        time_zone="UTC",
        levels=tuple(Level(level, level) for level in LEVELS),
        economics=Economics(Estimate(nothing, nothing, nothing), {}),
        issues={key: Issue(key, key, Cause.PROCESS, key) for key in ISSUES},
        facts={fact.key: fact for fact in facts},
        remedies={
            key: Remedy(key, key, RemedyKind.GOODWILL, Unit.MONEY, reversible=True, reason_codes=())
            for key in REMEDIES
        },
    )


def table(rows: int, chance: random.Random) -> LimitTable:
    return LimitTable(1, tuple(_row(number, chance) for number in range(rows)))


def _row(number: int, chance: random.Random) -> LimitRow:
    conditions: dict[str, Test] = {}
    for key, choices, empty in (
        ("customer.tier", TIERS, 0.3),
        ("customer.region", REGIONS, 0.5),
        ("contact.channel", CHANNELS, 0.7),
    ):
        if chance.random() > empty:
            some = chance.sample(choices, chance.randint(1, len(choices) - 1))
            conditions[key] = OneOf(frozenset(some))
    for key, most, empty in (("order.amount", 50_000, 0.4), ("customer.tenure", 120, 0.6)):
        if chance.random() > empty:
            low, high = sorted(chance.randint(0, most) for _ in range(2))
            conditions[key] = Within(low, high)
    least = chance.randint(100, 2_000)
    return LimitRow(
        key=f"R{number:05d}",
        remedy=chance.choice(REMEDIES),
        effect=Effect.DENY if chance.random() < 0.05 else Effect.ALLOW,
        issues=frozenset() if chance.random() < 0.03 else frozenset({chance.choice(ISSUES)}),
        conditions=conditions,
        ceilings={level: Ceiling((Fixed(least * n),)) for n, level in enumerate(LEVELS, start=1)},
    )


def case(chance: random.Random) -> tuple[str, str, dict[str, FactValue]]:
    facts: dict[str, FactValue] = {
        "customer.tier": chance.choice(TIERS),
        "customer.region": chance.choice(REGIONS),
        "contact.channel": chance.choice(CHANNELS),
        "order.amount": Money(chance.randint(0, 50_000), "EUR"),
        "customer.tenure": chance.randint(0, 120),
    }
    if chance.random() < 0.3:
        del facts[chance.choice(sorted(facts))]
    return chance.choice(ISSUES), chance.choice(REMEDIES), facts


def timed(calls: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Microseconds at the median and the 99th of a hundred."""
    spent = []
    for call in calls:
        start = time.perf_counter_ns()
        call()
        spent.append((time.perf_counter_ns() - start) / 1000)
    spent.sort()
    return {
        "p50_us": round(statistics.median(spent), 1),
        "p99_us": round(spent[int(len(spent) * 0.99)], 1),
    }


def ours(limits: LimitTable, cases: Sequence[tuple[str, str, dict[str, FactValue]]]) -> Any:
    words = vocabulary()
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    compiled = CompiledLimits(limits, words)
    built = time.perf_counter() - start

    def decide(issue: str, remedy: str, facts: dict[str, FactValue]) -> object:
        decision = compiled.decide(issue=issue, remedy=remedy, level="rep", facts=facts, day=DAY)
        because = [decision.tests(one.row) for one in decision.decisive or decision.trace]
        could = decision.caps, decision.possible, decision.otherwise, decision.approval
        return decision.trace, because, could, decision.needs()

    def contact(issue: str, facts: dict[str, FactValue]) -> None:
        for remedy in REMEDIES:
            decide(issue, remedy, facts)

    start = time.perf_counter()
    for issue in ISSUES:
        contact(issue, cases[0][2])
    indexed = time.perf_counter() - start
    for one in cases:
        decide(*one)
    for issue, _, facts in cases[:500]:
        contact(issue, facts)
    return {
        "compile_s": round(built, 3),
        "index_all_s": round(indexed, 3),
        "compile_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
        "decision_with_trace": timed([partial(decide, *one) for one in cases]),
        "twelve_remedies": timed([partial(contact, one[0], one[2]) for one in cases[:500]]),
    }


def zens(limits: LimitTable, cases: Sequence[tuple[str, str, dict[str, FactValue]]]) -> Any:
    graph = json.dumps(_graph(limits))
    start = time.perf_counter()
    content = zen.ZenDecisionContent(graph)
    engine = zen.ZenEngine({"loader": lambda _key: content})
    decision = engine.get_decision("limits")
    built = time.perf_counter() - start

    def evaluate(issue: str, remedy: str, facts: dict[str, FactValue]) -> object:
        given = {
            "issue": issue,
            "remedy": remedy,
            **{
                key.replace(".", "_"): value.minor if isinstance(value, Money) else value
                for key, value in facts.items()
            },
        }
        return decision.evaluate(given, {"trace": True})

    return {
        "load_s": round(built, 3),
        "decision_with_trace": timed([partial(evaluate, *one) for one in cases]),
    }


def _graph(limits: LimitTable) -> dict[str, Any]:
    columns = ["issue", "remedy", *(key.replace(".", "_") for key in vocabulary().facts)]
    inputs = [{"id": f"i{n}", "name": name, "field": name} for n, name in enumerate(columns)]
    rules = []
    for row in limits.rows:
        rule = {"_id": row.key, "o0": f'"{row.key}"'}
        rule["i0"] = ", ".join(f'"{issue}"' for issue in row.issues)
        rule["i1"] = f'"{row.remedy}"'
        for number, key in enumerate(vocabulary().facts, start=2):
            rule[f"i{number}"] = _cell(row.conditions.get(key))
        rules.append(rule)
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": {
                "hitPolicy": "collect",
                "inputs": inputs,
                "outputs": [{"id": "o0", "name": "row", "field": "row"}],
                "rules": rules,
            },
        },
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _cell(test: Test | None) -> str:
    match test:
        case OneOf(values):
            return ", ".join(f'"{value}"' for value in sorted(values))
        case Within(low, high):
            return f"[{low}..{high}]"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[50, 500, 5_000, 50_000])
    for rows in parser.parse_args().rows:
        chance = random.Random(rows)
        limits = table(rows, chance)
        cases = [case(chance) for _ in range(2_000)]
        few = cases[: max(20, min(2_000, 2_000_000 // rows))]
        result = {"rows": rows, "ours": ours(limits, cases), "zen_engine": zens(limits, few)}
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
