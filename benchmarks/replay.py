"""How long a replay of a long history takes, and how much memory.

    python benchmarks/replay.py [--cases 1000000] [--processes 2] [--seed 1] [--keep FILE]

Makes a history of decisions and grants by the bank's library on a real SQLite file: issues and
remedies that the table names, every fact that its rows test known nine times in ten, amounts to
the cent, sums of budgets as they fall. Then replays it on the same table with every ceiling of
the lowest level a quarter lower and one row in ten gone. Prints one JSON object.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Scope
from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf, Term
from agent_assist.core.facts import Fact, FactType
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitRow
from agent_assist.core.vocabulary import Unit
from agent_assist.library.folder import read_library
from agent_assist.replay import HistoryReplayer, Period, Proposed
from agent_assist.settings import ROOT
from agent_assist.store import migrate
from agent_assist.store.database import Database, configure
from agent_assist.store.history import HistoryStore
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.schema import AuditEntry, DecisionEntry, GrantRow
from agent_assist.store.versions import Publication

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 20_000
GRANTS = 4  # one case in so many is a grant


def main() -> None:
    arguments = _arguments()
    bank = read_library(ROOT / "policies" / "bank")
    with TemporaryDirectory() as folder:
        path = arguments.keep or Path(folder) / "history.db"
        is_made = path.exists()
        engine = create_engine(f"sqlite:///{path}")
        configure(engine)
        database = Database(sessionmaker(engine))
        libraries = LibraryStore(database, lambda _: datetime.now(UTC))
        if not is_made:
            _make(engine, libraries, bank, arguments)
        desk = HistoryReplayer(
            libraries, HistoryStore(database), processes=arguments.processes or None
        )
        start, used = time.perf_counter(), time.process_time()
        found = desk.replay(_proposed(bank), Period(), _progress)
        taken = time.perf_counter() - start
    parent = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "cases": found.total().cases,
                "seconds": round(taken, 1),
                "processor_s": round(
                    time.process_time() - used + children.ru_utime + children.ru_stime, 1
                ),
                "parent_mb": parent.ru_maxrss // 1024,
                "largest_child_mb": children.ru_maxrss // 1024,
                "total": asdict(found.total()),
                "left_out": found.left_out,
            }
        )
    )


def _make(
    engine: Engine, libraries: LibraryStore, bank: Library, arguments: argparse.Namespace
) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    libraries.append(bank, NO_VERSIONS, Publication(at=START, by="benchmark", note=""))
    rows = _history(bank, Random(arguments.seed), arguments.cases)
    numbered = enumerate(rows, start=1)
    with sessionmaker(engine)() as session:
        while batch := list(islice(numbered, BATCH)):
            grants = [_grant(seq, row) for seq, row in batch if row["granted"]]
            acts = [_act(grant["seq"], grant["at"]) for grant in grants]
            asked = [_decision(seq, row) for seq, row in batch if not row["granted"]]
            for table, values in ((AuditEntry, acts), (GrantRow, grants), (DecisionEntry, asked)):
                if values:
                    session.execute(insert(table), values)
            session.commit()
            _progress(batch[-1][0], arguments.cases)


def _history(bank: Library, random: Random, cases: int) -> Iterator[dict[str, Any]]:
    vocabulary = bank.vocabulary
    named = sorted(
        {(issue, row.remedy) for row in bank.limits for issue in row.issues or vocabulary.issues}
    )
    facts_of = {pair: _facts_of(bank, *pair) for pair in named}
    for number in range(cases):
        issue, remedy = random.choice(named)
        unit = vocabulary.remedies[remedy].unit
        amount = random.randint(100, 6000) if unit is Unit.MONEY else random.randint(1, 3)
        yield {
            "at": START + timedelta(seconds=number * 20),
            "level": random.choices(vocabulary.ladder, (85, 10, 4, 1))[0],
            "issue": issue,
            "remedy": remedy,
            "unit": unit,
            "amount": amount,
            "granted": number % GRANTS == 0,
            "facts": {
                fact.key: _value(fact, random)
                for fact in facts_of[issue, remedy]
                if random.random() < 0.9
            },
            "used": {
                budget.key: [
                    random.choice((0, 0, 0, random.randint(1, 9000))),
                    random.randint(0, 2),
                ]
                for budget in bank.budgets
                if budget.scope is not Scope.ORDER
            },
        }


def _facts_of(bank: Library, issue: str, remedy: str) -> list[Fact]:
    about = [r for r in bank.limits if r.remedy == remedy and (not r.issues or issue in r.issues)]
    keys = {fact for row in about for fact in (*row.conditions, *row.bases())}
    keys |= {fact for budget in bank.budgets for fact in budget.conditions}
    return [fact for key, fact in bank.vocabulary.facts.items() if key in keys]


def _value(fact: Fact, random: Random) -> object:
    match fact.type:
        case FactType.CHOICE:
            return random.choice(fact.choices)
        case FactType.BOOLEAN:
            return random.random() < 0.5
        case FactType.MONEY:
            amount = f"{random.randint(1, 200)}.{random.randint(0, 99):02d}"
            return {"amount": amount, "currency": "EUR"}
        case FactType.DATE:
            return (START + timedelta(days=random.randint(0, 300))).date().isoformat()
        case FactType.INTEGER:
            least, most = fact.least or 0, 60 if fact.most is None else fact.most
            return random.randint(least, min(most, least + 60))


def _decision(seq: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"dec_{seq}",
        "at": row["at"],
        "key_id": "k",
        "library_version": 1,
        "limits_version": 1,
        "budgets_version": 1,
        "level": row["level"],
        "issue": row["issue"],
        "asked": {row["remedy"]: row["amount"]},
        "around": {"customer": f"c{seq}", "facts": row["facts"], "used": row["used"], "given": {}},
    }


def _grant(seq: int, row: Mapping[str, Any]) -> dict[str, Any]:
    # The rest of a decision's snapshot, which a replay does not read, at about its real size.
    caps = [{"kind": "budget", "source": key, "headroom": 1000} for key in row["used"]]
    return {
        "id": f"grt_{seq}",
        "seq": seq,
        "at": row["at"],
        "expires_at": row["at"],
        "level": row["level"],
        "issue": row["issue"],
        "remedy": row["remedy"],
        "kind": "goodwill",
        "unit": row["unit"].value,
        "amount": row["amount"],
        "currency": "EUR",
        "reason_code": "first_time",
        "library_version": 1,
        "limits_version": 1,
        "budgets_version": 1,
        "key_id": "k",
        "facts": row["facts"],
        "decision": {"caps": caps, "used": row["used"], "given": {}},
    }


def _act(seq: int, at: datetime) -> dict[str, Any]:
    act = {"actor": "k", "act": "grant.reserve", "subject": f"grt_{seq}", "content": {}}
    return {"seq": seq, "at": at, "previous": "", "hash": "", **act}


def _proposed(bank: Library) -> Proposed:
    lowest = bank.vocabulary.ladder[0]
    rows = tuple(_lowered(row, lowest) for n, row in enumerate(bank.limits) if n % 10)
    return Proposed(bank.vocabulary, rows)


def _lowered(row: LimitRow, level: str) -> LimitRow:
    ceiling = row.ceilings.get(level)
    if ceiling is None or ceiling.unlimited:
        return row
    terms = tuple(_three_quarters(term) for term in ceiling.terms)
    return replace(row, ceilings={**row.ceilings, level: Ceiling(terms)})


def _three_quarters(term: Term) -> Term:
    match term:
        case Fixed(amount):
            return Fixed(amount * 3 // 4)
        case ShareOf(basis_points, base, most):
            return ShareOf(basis_points * 3 // 4, base, most)
        case PerCount(amount, count, most):
            return PerCount(amount * 3 // 4, count, most)


def _progress(done: int, of: int) -> None:
    print(f"\r{done:,} of {of:,}", end="", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=0, help="0 for one for each core")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="make the history here, or use it from here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
