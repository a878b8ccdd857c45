"""How long measures take: over a year of contacts and grants, counted anew, and after new ones.

    PYTHONPATH=. python benchmarks/insights.py [--contacts 1000000] [--database URL]

Makes a year of contacts that ends today, unless the database holds contacts already: three grants
and a quarter of a request in ten contacts, of the bank's issues, of which a few are far more
frequent than others, 12 teams, 4 channels, and customers of whom most come more than once; in the
last 90 days most have a suggestion. Then
everything is counted for the first time, and every measure is read by every dimension, of 90 days
and of the year; then a thousand contacts come in, and the same is read again. Prints one JSON
object; times in milliseconds.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from made_contacts import LOGS, TABLES, YEAR, contacts
from sqlalchemy import Engine, create_engine, func, insert, inspect, select
from sqlalchemy.orm import sessionmaker

from agent_assist.core.contact import Contact
from agent_assist.core.measures import ApprovalsBy, By, GrantsBy, SuggestionsBy, Wanted
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.folder import read_library
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.settings import ROOT
from agent_assist.store import migrate
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database, configure
from agent_assist.store.figures.days import Basis
from agent_assist.store.figures.given import GivenStore
from agent_assist.store.figures.helped import HelpedStore
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.parts import PARTS
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.publications import Publication
from agent_assist.store.schema import ContactFigure
from agent_assist.store.stakes import StakeStore
from agent_assist.weigh import Asked, Weigher

BATCH = 10_000
TIMES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--database", help="URL; left out, SQLite in a folder that is removed")
    arguments = parser.parse_args()
    library = read_library(ROOT / "policies" / "bank")
    with TemporaryDirectory() as folder:
        engine = create_engine(arguments.database or f"sqlite:///{Path(folder) / 'insights.db'}")
        configure(engine)
        database = Database(sessionmaker(engine))
        seconds = 0.0
        if not inspect(engine).has_table("contacts"):
            start = time.perf_counter()
            _migrate(engine)
            publication = Publication(at=_now() - YEAR, by="benchmark", note="")
            LibraryStore(database, lambda _: _now()).append(library, NO_VERSIONS, publication)
            _fill(engine, library.vocabulary, arguments.contacts)
            seconds = time.perf_counter() - start
        print(json.dumps({"made_s": round(seconds, 1), **_measure(database, library.vocabulary)}))
        engine.dispose()


def _measure(database: Database, vocabulary: Vocabulary) -> dict[str, Any]:
    basis = Basis(1, vocabulary)
    measurer = Measurer(
        FigureStore(database, lambda _: _now(), logs=LOGS),
        MeasureStore(database),
        now=_now,
        seconds=time.monotonic,
    )
    grants = GrantMeasurer(measurer, GivenStore(database))
    suggestions = SuggestionMeasurer(measurer, HelpedStore(database))
    weigher = Weigher(measurer, StakeStore(database))
    today = vocabulary.day(_now())
    year = Wanted(today - YEAR, today)
    first = {part.name: _first(measurer, basis, part, year) for part in PARTS}
    with database.reading() as session:
        rows = session.scalar(select(func.count()).select_from(ContactFigure))
    told: dict[str, Any] = {"first_s": first, "contact_figures": rows}
    for name, wanted in (("90_days", Wanted(today - timedelta(days=90), today)), ("year", year)):
        told[name] = _timed(
            {
                **_reads(measurer, grants, basis, wanted),
                **{
                    f"suggestions by {by}": partial(suggestions.look, basis, wanted, by)
                    for by in SuggestionsBy
                },
                **_weighed(weigher, basis, Asked(wanted.since, wanted.until)),
            }
        )
    put_ms = _write(ContactStore(database, lambda _: _now()), vocabulary)
    anew = [_taken(lambda: measurer.look(basis, year, By.ISSUE)) for _ in range(10)]
    pending = measurer.look(basis, year, By.ISSUE).pending
    return {**told, "put_ms": put_ms, "after_1000_contacts": anew, "then_pending": pending}


def _first(measurer: Measurer, basis: Basis, part: Any, wanted: Wanted) -> float:
    start = time.perf_counter()
    while measurer.count(basis, part, wanted.since, wanted.until, patience=60):
        pass
    return round(time.perf_counter() - start, 1)


def _reads(
    measurer: Measurer, grants: GrantMeasurer, basis: Basis, wanted: Wanted
) -> dict[str, Callable[[], object]]:
    reads: dict[str, Callable[[], object]] = {}
    for by in By:
        reads[f"contacts by {by}"] = partial(measurer.look, basis, wanted, by)
    for kind in GrantsBy:
        reads[f"grants by {kind}"] = partial(grants.grants, basis, wanted, kind)
    for asked in ApprovalsBy:
        reads[f"approvals by {asked}"] = partial(grants.approvals, basis, wanted, asked)
    return reads


def _weighed(weigher: Weigher, basis: Basis, asked: Asked) -> dict[str, Callable[[], object]]:
    """What is at stake, and the briefs of the issues with the most contacts and the fewest."""
    _, found = weigher.look(basis, asked)
    issues = sorted(found.items, key=lambda one: one.tally.contacts)
    of = {"frequent": issues[-1].issue or "", "rare": issues[0].issue or ""}
    return {
        "stakes": partial(weigher.look, basis, asked),
        "stakes of a team": partial(weigher.look, basis, replace(asked, team="team-1")),
        **{
            f"brief of a {name} issue": partial(weigher.brief, basis, issue, asked)
            for name, issue in of.items()
        },
    }


def _timed(reads: dict[str, Callable[[], object]]) -> dict[str, float]:
    found = {
        name: statistics.median(_taken(read) for _ in range(TIMES)) for name, read in reads.items()
    }
    return {"slowest": max(found.values()), **found}


def _taken(read: Callable[[], object]) -> float:
    start = time.perf_counter()
    read()
    return round((time.perf_counter() - start) * 1e3, 1)


def _write(store: ContactStore, vocabulary: Vocabulary) -> float:
    """A thousand contacts of customers who were there before; the median of putting one."""
    random, issues = Random(2), list(vocabulary.issues)
    taken = []
    for number in range(1_000):
        contact = Contact(
            f"new-{number}",
            _now(),
            channel="chat",
            customer=f"c-{random.randrange(100_000)}",
            team="team-1",
            issues=(issues[0],),
        )
        taken.append(_taken(partial(store.put, contact)))
    return statistics.median(taken)


def _fill(engine: Engine, vocabulary: Vocabulary, number: int) -> None:
    made = contacts(vocabulary, number)
    done = 0
    with engine.connect() as connection:
        while batch := list(islice(made, BATCH)):
            for table in TABLES:
                rows = [row for one in batch for row in one.get(table, ())]
                if rows:
                    connection.execute(insert(table), rows)
            connection.commit()
            done += len(batch)
            print(f"\r{done:,} of {number:,}", end="", file=sys.stderr, flush=True)
        connection.exec_driver_sql("ANALYZE")  # as databases do by themselves, a little later
        connection.commit()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
