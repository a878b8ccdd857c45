"""The history of a real database is replayed: grants, suggestions and decisions alike."""

import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import sessionmaker

from agent_assist.core.ceilings import Ceiling, Fixed
from agent_assist.core.library import Library
from agent_assist.core.replay import Replayed, Tally
from agent_assist.library.folder import read_library
from agent_assist.replay import HistoryReplayer, Period, Proposed
from agent_assist.store.database import Database
from agent_assist.store.history import PAGE, HistoryStore
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.publications import Publication
from agent_assist.store.schema import AuditEntry, DecisionEntry, GrantRow, SuggestionEntry

BANK = Path(__file__).parents[2] / "policies" / "bank"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ISSUE = "cash_withdrawal_charge"
FACTS = {
    "account.status": "open",
    "customer.hardship": True,
    "fee.amount": {"amount": "12.00", "currency": "EUR"},
    "fee.disclosed": False,
}
VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}


@pytest.fixture(scope="module")
def bank() -> Library:
    return read_library(BANK)


@pytest.fixture
def libraries(engine: Engine, bank: Library) -> LibraryStore:
    store = LibraryStore(Database(sessionmaker(engine)), lambda _: NOON)
    store.append(bank, NO_VERSIONS, Publication(at=NOON, by="test", note=""))
    return store


@pytest.fixture
def history(engine: Engine, libraries: LibraryStore) -> HistoryStore:
    del libraries
    return HistoryStore(Database(sessionmaker(engine)))


def add_grants(engine: Engine, number: int, *, amount: int = 1000, at: datetime = NOON) -> None:
    with sessionmaker(engine)() as session:
        first = 1 + session.scalars(select(func.max(AuditEntry.seq))).one()
    rows = [
        {
            "id": f"grt_{seq}",
            "seq": seq,
            "at": at,
            "expires_at": at,
            "level": "rep",
            "issue": ISSUE,
            "remedy": "fee_waiver",
            "kind": "goodwill",
            "unit": "money",
            "amount": amount,
            "currency": "EUR",
            "reason_code": "not_disclosed",
            "key_id": "k",
            "facts": FACTS,
            "decision": {"used": {}, "day": f"{at:%Y-%m-%d}"},
            **VERSIONS,
        }
        for seq in range(first, first + number)
    ]
    empty = {"at": at, "actor": "", "act": "", "subject": "", "content": {}}
    acts = [{"seq": row["seq"], "previous": "", "hash": "", **empty} for row in rows]
    with sessionmaker(engine).begin() as session:
        session.execute(insert(AuditEntry), acts)
        session.execute(insert(GrantRow), rows)


def proposed(bank: Library, ceiling: int) -> Proposed:
    """The bank's rows for waived fees with another ceiling for the lowest level."""
    rows = tuple(
        replace(row, ceilings={**row.ceilings, "rep": Ceiling((Fixed(ceiling),))})
        if row.remedy == "fee_waiver" and row.ceilings
        else row
        for row in bank.limits
    )
    return Proposed(bank.vocabulary, rows)


def replayed(
    libraries: LibraryStore,
    history: HistoryStore,
    table: Proposed,
    period: Period = Period(),  # noqa: B008 - it cannot change
    processes: int = 1,
) -> tuple[Replayed, list[tuple[int, int]]]:
    told: list[tuple[int, int]] = []
    desk = HistoryReplayer(libraries, history, processes=processes)
    return desk.replay(table, period, lambda done, of: told.append((done, of))), told


def test_grants_that_a_lower_ceiling_would_not_cover_are_counted_with_their_money(
    engine: Engine, libraries: LibraryStore, history: HistoryStore, bank: Library
) -> None:
    add_grants(engine, 3)

    found, told = replayed(libraries, history, proposed(bank, 400))

    total = found.total()
    assert (total.cases, total.less, total.approvals_added) == (3, 3, 3)
    assert (total.granted, total.uncovered_grants, total.uncovered) == (3000, 3, 1800)
    assert told == [(3, 3)]
    assert list(found.by("level")) == ["rep"]


def test_the_table_in_force_changes_nothing(
    engine: Engine, libraries: LibraryStore, history: HistoryStore, bank: Library
) -> None:
    add_grants(engine, 3)

    found, _ = replayed(libraries, history, Proposed(bank.vocabulary, bank.limits))

    assert found.total() == Tally(cases=3, grants=3, granted=3000)


def test_suggestions_and_decisions_are_replayed_on_every_remedy_of_their_issue(
    engine: Engine, libraries: LibraryStore, history: HistoryStore, bank: Library
) -> None:
    around = {"facts": FACTS, "used": {}}
    log = {"at": NOON, "key_id": None, "level": "rep", "around": around, **VERSIONS}
    answer = {"matches": [{"issue": ISSUE}]}
    with sessionmaker(engine).begin() as session:
        for entry, abstained in (("sug_1", False), ("sug_2", True)):
            session.add(
                SuggestionEntry(id=entry, model="m", abstained=abstained, answer=answer, **log)
            )
        old = log | {"around": {"rep": "r-1"}}
        session.add(SuggestionEntry(id="sug_3", model="m", abstained=False, answer=answer, **old))
        session.add(DecisionEntry(id="dec_1", issue=ISSUE, asked={"fee_waiver": 1000}, **log))
        session.add(DecisionEntry(id="dec_2", issue="gone", asked={"fee_waiver": None}, **log))

    found, _ = replayed(libraries, history, proposed(bank, 400))

    by_remedy = found.by("remedy")
    assert by_remedy["fee_waiver"].cases == 2
    assert by_remedy["fee_waiver"].approvals_added == 1
    assert len(by_remedy) > 1
    assert found.total().grants == 0
    assert found.left_out == {"its facts were not kept": 1, "the issue is gone": 1}


def test_only_the_period_is_replayed_and_its_end_is_not_part_of_it(
    engine: Engine, libraries: LibraryStore, history: HistoryStore, bank: Library
) -> None:
    add_grants(engine, 1)
    later = NOON + timedelta(hours=1)

    for period, cases in (
        (Period(since=NOON), 1),
        (Period(since=later), 0),
        (Period(until=NOON), 0),
        (Period(until=later), 1),
    ):
        found, _ = replayed(libraries, history, proposed(bank, 400), period)
        assert found.total().cases == cases


def test_every_entry_is_in_one_part_and_on_one_page_however_many_are_of_an_instant(
    engine: Engine, history: HistoryStore
) -> None:
    add_grants(engine, PAGE + 3)
    for hour in range(13, 20):
        add_grants(engine, 1, at=NOON.replace(hour=hour))

    for size in (1, 2, 3, PAGE + 10):
        parts = list(history.parts(None, None, size=size))
        pages = [page for part in parts for page in history.pages(part)]
        found = [kept.at for page in pages for kept in page]
        assert len(found) == PAGE + 10
        assert len(set(found)) == 8
        assert max(map(len, pages)) == PAGE


def test_other_processes_find_the_same_and_are_gone_when_somebody_has_seen_enough(
    engine: Engine, libraries: LibraryStore, history: HistoryStore, bank: Library
) -> None:
    add_grants(engine, 3)
    around = {"facts": FACTS, "used": {}}
    log = {"at": NOON, "key_id": None, "level": "rep", "around": around, **VERSIONS}
    with sessionmaker(engine).begin() as session:
        session.add(DecisionEntry(id="dec_1", issue=ISSUE, asked={}, **log))

    alone, _ = replayed(libraries, history, proposed(bank, 400), processes=1)
    found, told = replayed(libraries, history, proposed(bank, 400), processes=2)

    assert found == alone
    assert told[-1] == (4, 4)

    def enough(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        HistoryReplayer(libraries, history, processes=2).replay(
            proposed(bank, 400), Period(), enough
        )
    assert multiprocessing.active_children() == []
