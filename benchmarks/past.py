"""How long an organisation's past takes to come in: `python -m benchmarks.past --contacts 1000000`.

Writes a file of contacts of a year as JSON lines, nine in ten with an outcome and one in a thousand
faulty, and gives it to `agent-assist contacts import` of an empty deployment; then the same file
again, which must change nothing. The deployment is on SQLite in a folder that is removed, or in an
empty database of PostgreSQL. Prints one JSON object, times in seconds; progress goes to stderr.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from agent_assist.core.vocabulary import Cause
from agent_assist.library.folder import read_library
from agent_assist.settings import ROOT

BANK = ROOT / "policies" / "bank"
YEAR = timedelta(days=365)
FAULTY = 1_000
_COMMAND = [sys.executable, "-m", "agent_assist"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--database", help="URL of an empty one; left out, SQLite")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        settings = {"AGENT_ASSIST_DATA": f"{folder}/data"}
        if arguments.database:
            settings["AGENT_ASSIST_DATABASE_URL"] = arguments.database
        around = {**os.environ, **settings}
        subprocess.run([*_COMMAND, "setup"], env=around, check=True, stdout=sys.stderr)
        file = Path(folder) / "past.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(_lines(arguments.contacts))
        told = {
            "contacts": arguments.contacts,
            "megabytes": file.stat().st_size // 10**6,
            "first": _brought_in(file, around),
            "again": _brought_in(file, around),
        }
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps(told))


def _brought_in(file: Path, around: dict[str, str]) -> dict[str, Any]:
    start = time.perf_counter()
    words = [*_COMMAND, "contacts", "import", str(file), "--json"]
    done = subprocess.run(words, env=around, stdout=subprocess.PIPE, check=False)
    seconds = round(time.perf_counter() - start, 1)
    told = json.loads(done.stdout)
    return {"seconds": seconds, **{name: told[name] for name in ("new", "same", "faulty")}}


def _lines(number: int) -> Iterator[str]:
    random, issues = Random(1), list(read_library(BANK).vocabulary.issues)
    start, apart = datetime.now(UTC) - YEAR, YEAR / (number + 1)
    for place in range(number):
        yield json.dumps(_contact(random, issues, place, start + place * apart)) + "\n"


def _contact(random: Random, issues: list[str], place: int, at: datetime) -> dict[str, Any]:
    contact: dict[str, Any] = {
        "external_id": f"k-{place}",
        "opened_at": at.isoformat(timespec="seconds"),
        "closed_at": (at + timedelta(minutes=8)).isoformat(timespec="seconds"),
        "channel": random.choice(("phone", "phone", "chat", "mail")),
        "customer": f"c-{random.randrange(300_000)}",
        "rep": f"r-{random.randrange(400)}",
        "team": f"team-{random.randrange(12)}",
        "issues": [random.choice(issues)] if place % FAULTY else ["unheard_of"],
    }
    if random.random() < 0.9:
        cause = random.choice(list(Cause)).value
        contact["outcome"] = {"resolved": random.random() < 0.85, "cause": cause}
    return contact


if __name__ == "__main__":
    main()
