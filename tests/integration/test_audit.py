"""The audit shows the first entry that is not as it was written; the ledger checks itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from agent_assist.core.decide import CompiledLimits
from agent_assist.core.grants import EntryKind, GrantAsked, Parties, Terms
from agent_assist.core.money import Money
from agent_assist.publish import Publisher
from agent_assist.store.database import Database
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.ledger import Change, Ledger
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.once import Once
from tests.ledgers import HOLD, NOON, TestLedger, answer, told

BANK = Path(__file__).parents[2] / "policies" / "bank"


@pytest.fixture
def tamper(engine: Engine) -> Callable[[str], None]:
    """Runs a statement as somebody would who owns the database."""

    def run(statement: str) -> None:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
                connection.execute(text(statement))
                connection.commit()
                connection.execute(text("SET session_replication_role = DEFAULT"))
                return
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
            for table in ("audit", "grants", "grant_entries"):
                raw.execute(f"DROP TRIGGER {table}_update")
                raw.execute(f"DROP TRIGGER {table}_delete")
            raw.execute(statement)
            raw.execute("PRAGMA foreign_keys=ON")

    return run


@pytest.mark.parametrize(
    ("statement", "seq", "words"),
    [
        ("UPDATE audit SET content = '{}' WHERE seq = 3", 3, "not what was written"),
        ("UPDATE audit SET actor = 'x' WHERE seq = 1", 1, "not what was written"),
        ("UPDATE audit SET hash = previous WHERE seq = 4", 4, "not what was written"),
        ("DELETE FROM audit WHERE seq = 2", 3, "entry 2 is missing"),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 9, "entry 5 is missing"),
        (
            "UPDATE audit SET previous = hash WHERE seq = 4", 4,
            "does not follow the entry before it",
        ),
    ],
)  # fmt: skip
def test_the_first_entry_that_was_tampered_with_is_named(
    engine: Engine, tamper: Callable[[str], None], statement: str, seq: int, words: str
) -> None:
    ledger = TestLedger(engine)
    for _ in range(5):
        ledger.reserve()
    assert ledger.audit.verify().entries == 5

    tamper(statement)
    bad = ledger.audit.verify().bad

    assert bad is not None
    assert bad.seq == seq
    assert words in bad.reason


@pytest.fixture
def granted(engine: Engine) -> tuple[LedgerCheck, str]:
    """A ledger over the bank's library with a few grants, and one of them."""
    database = Database(sessionmaker(engine))
    libraries = LibraryStore(database)
    Publisher(libraries, index=lambda _: None, now=lambda: NOON).import_folder(
        BANK, by="test", note="", replace=False
    )
    versions = libraries.current()
    held = libraries.load(versions)
    terms = Terms(
        versions,
        held.vocabulary,
        CompiledLimits(held.limits, held.vocabulary),
        held.budgets.budgets,
    )
    ledger = Ledger(database, lambda _: NOON, hold=HOLD)
    ids = []
    for number, level in enumerate(("rep", "senior", "manager")):
        asked = GrantAsked(
            parties=Parties("k-1", f"o-{number}", "c-1", f"r-{number}", "t-1"),
            level=level,
            issue="cash_withdrawal_charge",
            remedy=held.vocabulary.remedies["fee_waiver"],
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
            reason_code="first_time",
        )
        once = Once("test", "reserve", str(number), "")
        ids.append(str(told(ledger.reserve(asked, terms, once, answer))["id"]))
    for kind in (EntryKind.CAPTURE, EntryKind.VOID):
        change = Change(ids[0], kind, 60 if kind is EntryKind.CAPTURE else 20, "rep:r-0")
        ledger.change(change, Once("test", kind, "0", ""), answer)
    return LedgerCheck(database, libraries, lambda _: NOON), ids[0]


def test_an_honest_ledger_is_made_again_without_a_difference(
    granted: tuple[LedgerCheck, str],
) -> None:
    report = granted[0].run()

    assert report.differences == ()
    assert report.grants == 3
    assert report.sums > 20


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants SET amount = 99 WHERE id = '{}'",
        "UPDATE grants SET customer = 'c-2' WHERE id = '{}'",
        "UPDATE grants SET facts = '{{}}' WHERE id = '{}'",
        "UPDATE grant_entries SET amount = 59 WHERE grant_id = '{}' AND kind = 'capture'",
        "DELETE FROM grant_entries WHERE grant_id = '{}' AND kind = 'void'",
    ],
)
def test_a_ledger_that_was_tampered_with_differs(
    granted: tuple[LedgerCheck, str], tamper: Callable[[str], None], statement: str
) -> None:
    check, grant = granted

    tamper(statement.format(grant))

    assert check.run().differences
