"""The audit shows the first entry that is not as it was written; the ledger checks itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import sessionmaker

from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import CapKind, Verdict
from agent_assist.core.errors import NotFound
from agent_assist.core.grants import EntryKind, GrantAsked, OverHeadroom, Parties, Terms
from agent_assist.core.money import Money
from agent_assist.publish import Publisher
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.ledger.ledger import Change, Ledger
from agent_assist.store.ledger.subtotals import Recount
from agent_assist.store.ledger.watch import LedgerDiffers, LedgerWatch
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
                raw.execute(f"DROP TRIGGER IF EXISTS {table}_update")
                raw.execute(f"DROP TRIGGER IF EXISTS {table}_delete")
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
    bad = ledger.audit.verify().bad_entry

    assert bad is not None
    assert bad.first == seq
    assert words in bad.reason


class BankLedger:
    """A ledger over the bank's library."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOON
        database = Database(sessionmaker(engine))
        self.libraries = LibraryStore(database, lambda _: NOON)
        Publisher(self.libraries, index=lambda _: None, now=lambda: NOON).import_folder(
            BANK, by="test", note="", replace=False
        )
        versions = self.libraries.current()
        held = self.libraries.load(versions)
        self.terms = Terms(
            versions,
            held.vocabulary,
            CompiledLimits(held.limits, held.vocabulary),
            held.budgets.budgets,
        )
        self.ledger = Ledger(database, lambda _: self.now, hold=HOLD)
        self.check = LedgerCheck(database, self.libraries, lambda _: self.now)
        self.freezes = Freezes(database, lambda _: self.now)
        self.audit = AuditStore(database)
        self.keys = count()
        self.database = database

    def watch(self) -> LedgerWatch:
        return LedgerWatch(self.database, self.libraries, self.check, self.freezes)

    def reserve(
        self, level: str = "rep", remedy: str = "fee_waiver", amount: int = 100, **ids: str
    ) -> str:
        number = next(self.keys)
        own = {"contact": "k-1", "order": f"o-{number}", "customer": "c-1", "rep": f"r-{number}"}
        asked = GrantAsked(
            parties=Parties(**(own | {"team": "t-1"} | ids)),
            level=level,
            issue="cash_withdrawal_charge",
            remedy=self.terms.vocabulary.remedies[remedy],
            amount=amount,
            facts={
                "account.status": "open",
                "customer.tier": "plus",
                "customer.hardship": False,
                "fee.disclosed": True,
                "fee.refunds_12m": 0,
                "contact.our_error": remedy == "fee_refund",
                "fee.amount": Money(1500, "EUR"),
                "payment.channel": "online",
            },
            reason_code=self.terms.vocabulary.remedies[remedy].reason_codes[0],
        )
        once = Once("test", "reserve", str(number), "")
        return str(told(self.ledger.reserve(asked, self.terms, once, answer))["id"])

    def change(self, kind: EntryKind, grant_id: str, amount: int) -> None:
        change = Change(grant_id, kind, amount, "rep:r-0")
        self.ledger.change(change, Once("test", kind, str(next(self.keys)), ""), answer)


@pytest.fixture
def bank(engine: Engine) -> BankLedger:
    return BankLedger(engine)


@pytest.fixture
def granted(bank: BankLedger) -> tuple[LedgerCheck, str]:
    """A few grants, and one of them."""
    ids = [bank.reserve(level) for level in ("rep", "senior", "manager")]
    bank.change(EntryKind.CAPTURE, ids[0], 60)
    bank.change(EntryKind.VOID, ids[0], 20)
    return bank.check, ids[0]


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
        "UPDATE grants SET kind = 'nothing' WHERE id = '{}'",
        "UPDATE grant_entries SET amount = 59 WHERE grant_id = '{}' AND kind = 'capture'",
        "DELETE FROM grant_entries WHERE grant_id = '{}' AND kind = 'void'",
        "UPDATE subtotals SET amount = amount - 1 WHERE scope = 'team'",
        "UPDATE subtotals SET hour = '2026-01-01 00:00:00+00:00' WHERE scope = 'organisation'",
        "DELETE FROM subtotals WHERE scope = 'organisation'",
    ],
)
def test_a_ledger_that_was_tampered_with_differs(
    granted: tuple[LedgerCheck, str], tamper: Callable[[str], None], statement: str
) -> None:
    check, grant = granted

    tamper(statement.format(grant))

    assert check.run().differences


def test_an_honest_ledger_freezes_nothing(bank: BankLedger, granted: object) -> None:
    del granted
    watch = bank.watch()

    for _ in range(3):
        watch.run()
        bank.reserve("manager", customer="c-2", contact="k-2")

    assert bank.freezes.frozen() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants SET amount = 99 WHERE id = '{}'",
        "UPDATE grants SET kind = 'nothing' WHERE id = '{}'",
        "DELETE FROM grant_entries WHERE grant_id = '{}' AND kind = 'void'",
        "UPDATE subtotals SET grants = 0 WHERE scope = 'organisation'",
    ],
)
def test_what_was_tampered_with_freezes_its_budgets_until_they_are_released(
    bank: BankLedger,
    granted: tuple[LedgerCheck, str],
    tamper: Callable[[str], None],
    statement: str,
) -> None:
    watch = bank.watch()
    watch.run()
    bank.reserve("manager", customer="c-2", contact="k-2")

    tamper(statement.format(granted[1]))
    with pytest.raises(LedgerDiffers, match="organisation_month"):
        watch.run()
    with pytest.raises(OverHeadroom) as refused:
        bank.reserve("manager", customer="c-3", contact="k-3")
    bank.reserve("manager", remedy="fee_refund", customer="c-3", contact="k-3")

    assert refused.value.decision.verdict is Verdict.NOT_ALLOWED
    assert refused.value.decision.binding is not None
    assert refused.value.decision.binding.kind is CapKind.FROZEN
    for one in bank.freezes.frozen():
        bank.freezes.release(one.budget, "cli", "restored from the backup")
    bank.reserve("manager", customer="c-3", contact="k-4")
    watch.run()
    assert bank.freezes.frozen() == ()
    assert bank.audit.verify().is_sound


def test_what_is_tampered_with_again_after_a_release_freezes_again(
    bank: BankLedger, granted: tuple[LedgerCheck, str], tamper: Callable[[str], None]
) -> None:
    watch = bank.watch()
    tamper(f"UPDATE grants SET amount = 99 WHERE id = '{granted[1]}'")
    with pytest.raises(LedgerDiffers):
        watch.run()
    for one in bank.freezes.frozen():
        bank.freezes.release(one.budget, "cli", "understood")
    watch.run()

    tamper(f"UPDATE grants SET amount = 98 WHERE id = '{granted[1]}'")

    with pytest.raises(LedgerDiffers):
        watch.run()


@pytest.mark.parametrize("hour", ["2026-11-20 07:00", "2026-11-22 00:00", "2126-01-01 00:00"])
def test_a_subtotal_of_an_hour_in_which_nothing_was_granted_freezes_its_budgets(
    bank: BankLedger,
    granted: tuple[LedgerCheck, str],
    tamper: Callable[[str], None],
    hour: str,
) -> None:
    watch = bank.watch()
    watch.run()

    tamper(
        f"INSERT INTO subtotals SELECT scope, holder, '{hour}:00+00:00', remedy, kind, unit, "
        "currency, -99999, -9 FROM subtotals WHERE scope = 'organisation'"
    )

    with pytest.raises(LedgerDiffers, match="organisation_month"):
        watch.run()
    assert granted[0].run().differences


def test_the_parts_of_a_round_leave_out_no_hour(
    bank: BankLedger, tamper: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.change(EntryKind.CAPTURE, bank.reserve("manager"), 100)
    bank.now = NOON + timedelta(hours=9)
    bank.change(EntryKind.CAPTURE, bank.reserve("manager"), 100)
    tamper(
        "INSERT INTO subtotals SELECT scope, holder, '2026-11-21 17:00:00+00:00', remedy, kind, "
        "unit, currency, -99999, -9 FROM subtotals WHERE scope = 'organisation' LIMIT 1"
    )
    monkeypatch.setattr("agent_assist.store.ledger.watch._PAST", 2)

    with pytest.raises(LedgerDiffers):
        bank.watch().run()


def test_a_budget_that_is_released_gives_by_what_its_grants_add_up_to(
    bank: BankLedger, granted: tuple[LedgerCheck, str], tamper: Callable[[str], None]
) -> None:
    tamper("UPDATE subtotals SET amount = amount - 99999 WHERE scope = 'organisation'")
    with pytest.raises(LedgerDiffers):
        bank.watch().run()

    for one in bank.freezes.frozen():
        bank.freezes.release(one.budget, "cli", "it was a bad disk")

    assert granted[0].run().differences == ()
    bank.watch().run()


def test_a_recount_mends_subtotals_that_no_budget_counts(
    bank: BankLedger, tamper: Callable[[str], None]
) -> None:
    owed = bank.reserve("manager", remedy="fee_refund")
    bank.change(EntryKind.CAPTURE, owed, 100)
    tamper("DELETE FROM subtotals")
    with pytest.raises(LedgerDiffers, match="ledger recount"):
        bank.watch().run()

    Recount(bank.database, lambda _: NOON).run("cli")

    assert bank.check.run().differences == ()
    assert bank.freezes.frozen() == ()
    assert bank.audit.verify().is_sound
    bank.watch().run()


def test_a_grant_that_was_decided_wrongly_freezes_though_the_audit_agrees(
    bank: BankLedger,
) -> None:
    bank.reserve()
    bank.terms = replace(bank.terms, budgets=())
    bank.reserve("manager")

    with pytest.raises(LedgerDiffers):
        bank.watch().run()


def test_a_budget_that_is_not_frozen_cannot_be_released(bank: BankLedger) -> None:
    with pytest.raises(NotFound, match="frozen budget"):
        bank.freezes.release("team_month", "cli", "why not")
