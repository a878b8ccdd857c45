"""How long the review of a large limit table takes, and of one edited row in it.

    python benchmarks/review.py [--rows 5000] [--edits 300] [--seed 1]

The table is synthetic: 6 condition columns with 30 to 70 % wildcards, 80 issues and 3 % rows
about any of them, 8 remedies, some denies and priorities. Prints one JSON object; seconds are of
one core. `distinct` makes every bound of a range a number of its own, the worst case. The
collector of garbage is set as `wsgi.py` sets it.
"""

import argparse
import gc
import json
import resource
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random
from statistics import median

from agent_assist.core.ceilings import Ceiling, Fixed, ShareOf, Term
from agent_assist.core.conditions import Is, OneOf, Test, Within
from agent_assist.core.facts import Fact, FactType
from agent_assist.core.limits import Effect, LimitRow
from agent_assist.core.money import Money
from agent_assist.core.review import Reviewer, is_tightening
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

LEVELS = ("rep", "senior", "supervisor", "manager")
CHOICES = {
    "customer.tier": ("basic", "plus", "gold", "black"),
    "customer.region": tuple(f"region_{number}" for number in range(12)),
    "contact.channel": ("chat", "phone", "mail"),
}
FACTS = (
    *(
        Fact(key=key, type=FactType.CHOICE, label=key, ask=key, choices=choices)
        for key, choices in CHOICES.items()
    ),
    Fact(key="fee.amount", type=FactType.MONEY, label="", ask=""),
    Fact(key="customer.months", type=FactType.INTEGER, label="", ask=""),
    Fact(key="fee.disclosed", type=FactType.BOOLEAN, label="", ask=""),
)
WILD = dict(zip((fact.key for fact in FACTS), (30, 45, 50, 60, 65, 70), strict=True))
KILOBYTES_PER_MEGABYTE = 1024


def main() -> None:
    arguments = _arguments()
    random = Random(arguments.seed)
    vocabulary = a_vocabulary()
    rows = [
        a_row(random, number, vocabulary, distinct=arguments.distinct)
        for number in range(arguments.rows)
    ]
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    start = time.perf_counter()
    reviewer = Reviewer(rows, vocabulary)
    reviewed = time.perf_counter()
    findings = reviewer.findings()
    whole = time.perf_counter()
    edits = [timed_edit(random, rows, reviewer, vocabulary) for _ in range(arguments.edits)]
    lower = replace(rows[0], ceilings={})
    tightened = time.perf_counter()
    is_tightening(rows, [lower, *rows[1:]], vocabulary)
    print(
        json.dumps(
            {
                "rows": len(rows),
                "review_s": round(reviewed - start, 3),
                "with_order_s": round(whole - start, 3),
                "findings": Counter(str(one.code) for one in findings),
                "edit_ms": {
                    "p50": round(median(edits) * 1000, 1),
                    "p99": round(sorted(edits)[int(len(edits) * 0.99)] * 1000, 1),
                    "most": round(max(edits) * 1000, 1),
                },
                "is_tightening_s": round(time.perf_counter() - tightened, 3),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                // KILOBYTES_PER_MEGABYTE,
            }
        )
    )


def timed_edit(
    random: Random, rows: list[LimitRow], reviewer: Reviewer, vocabulary: Vocabulary
) -> float:
    """Seconds that one edit takes: a row gets other tests or other ceilings."""
    place = random.randrange(len(rows))
    other = a_row(random, place, vocabulary, distinct=False)
    other = replace(other, remedy=rows[place].remedy, effect=rows[place].effect)
    start = time.perf_counter()
    reviewer.put(other)
    return time.perf_counter() - start


def a_row(random: Random, number: int, vocabulary: Vocabulary, *, distinct: bool) -> LimitRow:
    deny = random.random() < 0.04
    tests = {
        fact.key: a_test(random, fact, distinct=distinct)
        for fact in FACTS
        if random.randrange(100) >= WILD[fact.key]
    }
    issues = random.sample(sorted(vocabulary.issues), random.choice((1, 1, 1, 2)))
    return LimitRow(
        key=f"R{number:05d}",
        remedy=random.choice(sorted(vocabulary.remedies)),
        effect=Effect.DENY if deny else Effect.ALLOW,
        priority=random.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 5)),
        issues=frozenset() if random.random() < 0.03 else frozenset(issues),
        conditions=tests,
        ceilings={} if deny else a_ladder(random),
    )


def a_test(random: Random, fact: Fact, *, distinct: bool) -> Test:
    match fact.type:
        case FactType.CHOICE:
            most = max(len(fact.choices) // 2, 1)
            return OneOf(frozenset(random.sample(fact.choices, random.randint(1, most))))
        case FactType.BOOLEAN:
            return Is(random.random() < 0.5)
        case _:
            step = 1 if distinct else 500
            low, high = sorted(random.sample(range(0, 20_000, step), 2))
            return Within(low, None if random.random() < 0.3 else high)


def a_ladder(random: Random) -> dict[str, Ceiling]:
    amounts = sorted(random.sample(range(500, 20_001, 500), len(LEVELS)))
    share = random.random() < 0.3
    ladder = {}
    for level, amount in zip(LEVELS, amounts, strict=True):
        term: Term = ShareOf(5_000, "fee.amount", amount) if share else Fixed(amount)
        ladder[level] = Ceiling((term,))
    return ladder


def a_vocabulary() -> Vocabulary:
    remedies = [
        Remedy(
            key=f"remedy_{number}",
            label="",
            kind=RemedyKind.GOODWILL,
            unit=Unit.MONEY,
            reversible=True,
            reason_codes=("any",),
        )
        for number in range(8)
    ]
    issues = [f"issue_{number:02d}" for number in range(80)]
    margin = Estimate(Money(1, "EUR"), Money(1, "EUR"), Money(1, "EUR"))
    loss = Estimate(Decimal("0.1"), Decimal("0.1"), Decimal("0.1"))
    return Vocabulary(
        name="Synthetic",
        locale="en",
        currency="EUR",
        time_zone="Europe/Berlin",
        levels=tuple(Level(key, key) for key in LEVELS),
        economics=Economics(margin, {"resolved": loss, "repeated": loss, "unresolved": loss}),
        issues={key: Issue(key, key, Cause.PROCESS, key) for key in issues},
        facts={fact.key: fact for fact in FACTS},
        remedies={remedy.key: remedy for remedy in remedies},
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--distinct", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
