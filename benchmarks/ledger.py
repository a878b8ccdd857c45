"""What a grant costs in a ledger that is long: `python -m benchmarks.ledger --grants 30000`.

Grants of remedies of the bank, by 400 representatives in 20 teams and spread over 22 days of a
month, each captured, go through the ledger itself into an SQLite file; then what all of
the bank's budgets have granted is asked for somebody new, and one more is granted. Prints one
JSON object, times in milliseconds of the processor and by the clock.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.orm import sessionmaker

from agent_assist.core.decide import CompiledLimits
from agent_assist.core.grants import EntryKind, GrantAsked, Parties, Terms
from agent_assist.core.money import Money
from agent_assist.publish import Publisher
from agent_assist.settings import ROOT
from agent_assist.store.database import Database, configure
from agent_assist.store.ledger.ledger import Change, Ledger
from agent_assist.store.ledger.subtotals import differing
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.once import Once
from agent_assist.store.schema import Base

REPS, TEAMS, TIMES = 400, 20, 51
BEGIN = datetime(2026, 11, 1, 8, tzinfo=UTC)
LASTS = timedelta(days=22)


class Long:
    """A ledger that grows."""

    def __init__(self, folder: Path) -> None:
        engine = create_engine(f"sqlite:///{folder / 'ledger.db'}")
        configure(engine)
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        Base.metadata.create_all(engine)
        self.sessions = sessionmaker(engine)
        database = Database(self.sessions)
        self.now = BEGIN
        libraries = LibraryStore(database, lambda _: self.now)
        Publisher(libraries, index=lambda _: None, now=lambda: self.now).import_folder(
            ROOT / "policies" / "bank", by="benchmark", note="", replace=False
        )
        versions = libraries.current()
        held = libraries.load(versions)
        self.terms = Terms(
            versions,
            held.vocabulary,
            CompiledLimits(held.limits, held.vocabulary),
            # Nothing caps, and all is added up.
            tuple(replace(one, amounts={}, counts={}) for one in held.budgets.budgets),
        )
        self.ledger = Ledger(database, lambda _: self.now, hold=timedelta(minutes=30))
        self.number = 0

    def parties(self) -> Parties:
        """Whom the next grant is for."""
        one = self.number
        team = f"t-{one % TEAMS}"
        return Parties(f"k-{one}", f"o-{one}", f"c-{one // 2}", f"r-{one % REPS}", team)

    def reserve(self) -> str:
        """Grant once more; its id."""
        self.number += 1
        asked = GrantAsked(
            parties=self.parties(),
            level="manager",
            issue="cash_withdrawal_charge",
            remedy=self.terms.vocabulary.remedies["fee_waiver"],
            amount=100,
            facts={
                "account.status": "open",
                "customer.tier": "plus",
                "customer.hardship": False,
                "fee.disclosed": True,
                "fee.refunds_12m": 0,
                "contact.our_error": False,
                "fee.amount": Money(1500, "EUR"),
                "payment.channel": "online",
            },
            reason_code=self.terms.vocabulary.remedies["fee_waiver"].reason_codes[0],
        )
        once = Once("benchmark", "reserve", str(self.number), "")
        answer = self.ledger.reserve(asked, self.terms, once, lambda grant, _: grant.id.encode())
        return answer.body.decode()

    def capture(self, grant: str) -> None:
        """Make it final."""
        once = Once("benchmark", "capture", grant, "")
        self.ledger.change(Change(grant, EntryKind.CAPTURE, None, "rep:r"), once, lambda *_: b"")

    def is_sound(self) -> bool:
        """Whether the subtotals are what the grants add up to."""
        with self.sessions() as session:
            return not any(differing(session))


def main() -> None:
    """Fill the ledger, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grants", type=int, default=30_000)
    grants = parser.parse_args().grants
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        long = Long(Path(folder))
        result = {"grants": grants, "empty": _measured(long)}
        for number in range(grants):
            long.now = max(long.now, BEGIN + LASTS * number / grants)
            long.capture(long.reserve())
            if not (number + 1) % 5_000:
                print(f"  {number + 1:,} of {grants:,}", flush=True)
        result |= {"full": _measured(long), "sound": long.is_sound()}
    print(json.dumps(result))


def _measured(long: Long) -> dict[str, Any]:
    return {
        "sums": _median(lambda: long.ledger.use(long.terms, long.parties())),
        "reserve": _median(long.reserve),
    }


def _median(act: Callable[[], object]) -> dict[str, float]:
    spent, waited = [], []
    for _ in range(TIMES):
        began, at = time.process_time(), time.perf_counter()
        act()
        spent.append(time.process_time() - began)
        waited.append(time.perf_counter() - at)
    medians = {"cpu": statistics.median(spent), "clock": statistics.median(waited)}
    return {name: round(value * 1_000, 2) for name, value in medians.items()}


if __name__ == "__main__":
    main()
