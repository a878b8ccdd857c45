"""How long a replay of a long history takes, and how much memory.

    PYTHONPATH=. python benchmarks/replay.py [--cases 1000000] [--processes 2] [--database URL]

Makes a history by the bank's library, unless the database has one already, and replays it on the
same table with every ceiling of the lowest level a quarter lower and one row in ten gone. Prints
one JSON object.

Cases are made as life might have them; see `made_history`. A few issues are far more frequent
than others. Facts are drawn as those of the simulated past: a customer's stay the same, most
cases fit some row, three facts in a hundred are missing, amounts are to the cent. Each case is
one decision of one remedy: a grant of what the rep might give, or what was asked for alone, half
of that without an amount. What had been granted before is summed up from these grants.
"""

import argparse
import json
import resource
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from made_history import START, MadeHistory, audit_row, decision_row, grant_row, large
from sqlalchemy import Engine, create_engine, insert, inspect
from sqlalchemy.orm import sessionmaker

from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf, Term
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitRow
from agent_assist.library.folder import read_library
from agent_assist.replay import HistoryReplayer, Period, Proposed
from agent_assist.settings import ROOT
from agent_assist.store import migrate
from agent_assist.store.database import Database, configure
from agent_assist.store.history import HistoryStore
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.publications import Publication
from agent_assist.store.schema import AuditEntry, DecisionEntry, GrantRow

BATCH = 20_000


def main() -> None:
    arguments = _arguments()
    bank = large(read_library(ROOT / "policies" / "bank"))
    with TemporaryDirectory() as folder:
        engine = create_engine(arguments.database or f"sqlite:///{Path(folder) / 'history.db'}")
        configure(engine)
        database = Database(sessionmaker(engine))
        libraries = LibraryStore(database, lambda _: datetime.now(UTC))
        if not inspect(engine).has_table("grants"):
            _make(engine, libraries, bank, arguments)
        replayer = HistoryReplayer(
            libraries, HistoryStore(database), processes=arguments.processes or None
        )
        start, used = time.perf_counter(), time.process_time()
        found = replayer.replay(_proposed(bank), Period(), _progress)
        taken = time.perf_counter() - start
        engine.dispose()
    parent = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - used + children.ru_utime + children.ru_stime
    total = found.total()
    print(
        json.dumps(
            {
                "cases": total.cases,
                "seconds": round(taken, 1),
                "processor_s": round(processor, 1),
                "processor_us_a_case": round(processor / max(total.cases, 1) * 1e6, 1),
                "parent_mb": parent.ru_maxrss // 1024,
                "largest_child_mb": children.ru_maxrss // 1024,
                "total": asdict(total),
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
    cases = MadeHistory(bank, arguments.seed).cases(arguments.cases)
    done = 0
    with sessionmaker(engine)() as session:
        while batch := list(islice(cases, BATCH)):
            for table, rows in (
                (AuditEntry, [audit_row(one) for one in batch if one.granted]),
                (GrantRow, [grant_row(one, *one.granted) for one in batch if one.granted]),
                (DecisionEntry, [decision_row(one) for one in batch if not one.granted]),
            ):
                if rows:
                    session.execute(insert(table), rows)
            session.commit()
            done += len(batch)
            _progress(done, arguments.cases)


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
    parser.add_argument("--database", help="make the history here, or use it from here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
