"""Versions in a real database: appended whole, loaded as they were, and never changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.errors import NotFound, NotReady, StaleVersion
from agent_assist.core.library import Library
from agent_assist.core.suggestion import Versions
from agent_assist.core.windows import CALENDAR
from agent_assist.library.faults import LibraryFaulty
from agent_assist.library.folder import read_library
from agent_assist.publish import CurrencyChanges, Publisher, WindowsMove
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.events import EventStore
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.publications import Publication
from tests.ledgers import HOLD, TestLedger

BANK = Path(__file__).parents[2] / "policies" / "bank"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PUBLICATION = Publication(at=NOW, by="test", note="a test")


@pytest.fixture
def store(engine: Engine) -> LibraryStore:
    return LibraryStore(Database(sessionmaker(engine)), lambda _: NOW)


@pytest.fixture
def publisher(store: LibraryStore) -> Publisher:
    return Publisher(store, index=lambda library: None, now=lambda: NOW)


@pytest.fixture(scope="module")
def bank() -> Library:
    return read_library(BANK)


def test_publishing_then_loading_is_the_identity(store: LibraryStore, bank: Library) -> None:
    versions = store.append(bank, NO_VERSIONS, PUBLICATION)

    assert versions == Versions(library=1, limits=1, budgets=1)
    assert store.load(versions).library() == bank


@pytest.mark.parametrize("versions", [Versions(2, 1, 1), Versions(1, 2, 1), Versions(1, 1, 2)])
def test_a_version_that_was_never_published_is_not_found_rather_than_empty(
    store: LibraryStore, bank: Library, versions: Versions
) -> None:
    store.append(bank, NO_VERSIONS, PUBLICATION)

    with pytest.raises(NotFound):
        store.load(versions)


def test_only_what_differs_gets_a_new_version(store: LibraryStore, bank: Library) -> None:
    first = store.append(bank, NO_VERSIONS, PUBLICATION)

    second = store.append(replace(bank, limits=bank.limits[:-1]), first, PUBLICATION)

    assert second == Versions(library=1, limits=2, budgets=1)
    assert len(store.load(first).limits.rows) == len(bank.limits)
    assert len(store.load(second).limits.rows) == len(bank.limits) - 1


def test_only_a_changed_policy_gets_a_new_version_of_its_own(
    store: LibraryStore, bank: Library
) -> None:
    first = store.append(bank, NO_VERSIONS, PUBLICATION)
    changed = (replace(bank.policies[0], title="Another title"), *bank.policies[1:])

    second = store.append(replace(bank, policies=changed), first, PUBLICATION)

    numbers = {held.policy.id: held.version for held in store.load(second).policies}
    assert numbers.pop(bank.policies[0].id) == 2
    assert set(numbers.values()) == {1}
    assert store.load(first).library() == bank


def test_a_change_based_on_an_older_version_is_refused_and_changes_nothing(
    store: LibraryStore, bank: Library
) -> None:
    first = store.append(bank, NO_VERSIONS, PUBLICATION)

    with pytest.raises(StaleVersion):
        store.append(replace(bank, limits=()), NO_VERSIONS, PUBLICATION)

    assert store.current() == first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE limits_rows SET cells = '{}'",
        "DELETE FROM limits_rows",
        "UPDATE library_versions SET note = 'x'",
        "DELETE FROM policy_versions",
        "UPDATE budgets_versions SET published_by = 'x'",
    ],
)
def test_published_versions_cannot_be_changed_even_by_hand(
    store: LibraryStore, bank: Library, engine: Engine, statement: str
) -> None:
    store.append(bank, NO_VERSIONS, PUBLICATION)

    with pytest.raises(DBAPIError, match="immutable"), engine.begin() as connection:
        connection.execute(text(statement))


def test_every_imported_version_is_an_act_in_the_audit_and_an_event(
    store: LibraryStore, bank: Library, engine: Engine
) -> None:
    database = Database(sessionmaker(engine))
    first = store.append(bank, NO_VERSIONS, PUBLICATION)
    fewer = replace(bank, limits=bank.limits[:-1])
    for based_on in (NO_VERSIONS, Versions(1, 2, 1)):
        with pytest.raises(StaleVersion):
            store.append(fewer, based_on, PUBLICATION)

    second = store.append(fewer, first, PUBLICATION)
    assert store.append(fewer, second, PUBLICATION) == second

    told = EventStore(database).after(0, limit=9)
    assert [(one.type, one.subject) for one in told] == [
        ("version.published", subject)
        for subject in ("library:1", "limits:1", "budgets:1", "limits:2")
    ]
    assert {(one.by, one.at) for one in told} == {("cli:test", NOW)}
    assert AuditStore(database).verify().entries == 4
    with AuditStore(database).entries(4) as entries:
        content = next(entries).content
    assert (content["replaced"], content["version"]) == (1, 2)
    assert (
        content["content_hash"]
        == ReleaseStore(database, lambda _: NOW).version(TableKind.LIMITS, 2).content_hash
    )


def test_importing_the_same_folder_twice_publishes_once(publisher: Publisher) -> None:
    first = publisher.import_folder(BANK, by="test", note="", replace=False)
    second = publisher.import_folder(BANK, by="test", note="", replace=False)

    assert first.after == second.after == Versions(library=1, limits=1, budgets=1)
    assert second.changes == ()


def test_an_exported_folder_can_be_edited_and_imported_again(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.import_folder(BANK, by="test", note="", replace=False)
    publisher.export_folder(tmp_path / "out")
    sheet = tmp_path / "out" / "limits.csv"
    lines = sheet.read_text(encoding="utf-8").splitlines(keepends=True)
    sheet.write_text("".join(lines[:-1]), encoding="utf-8")

    done = publisher.import_folder(tmp_path / "out", by="test", note="", replace=False)

    assert done.after == Versions(library=1, limits=2, budgets=1)
    assert [(change.kind, change.removed) for change in done.changes] == [("limit row", ("R220",))]


def test_a_folder_that_knows_nothing_of_the_live_versions_never_replaces_them_silently(
    publisher: Publisher, store: LibraryStore, tmp_path: Path
) -> None:
    publisher.import_folder(BANK, by="test", note="", replace=False)
    publisher.export_folder(tmp_path / "old")
    publisher.export_folder(tmp_path / "new")
    for name in ("old", "new"):
        sheet = tmp_path / name / "limits.csv"
        text_ = sheet.read_text(encoding="utf-8")
        sheet.write_text(text_.replace("R220", f"R220-{name}"), encoding="utf-8")
    publisher.import_folder(tmp_path / "new", by="test", note="", replace=False)
    live = store.current()

    with pytest.raises(StaleVersion, match="--replace"):
        publisher.import_folder(tmp_path / "old", by="test", note="", replace=False)

    assert store.current() == live
    replaced = publisher.import_folder(tmp_path / "old", by="test", note="", replace=True)
    assert replaced.after.limits == live.limits + 1


def _exported(publisher: Publisher, folder: Path, name: str, old: str, new: str) -> Path:
    publisher.import_folder(BANK, by="test", note="", replace=False)
    publisher.export_folder(folder)
    file = folder / name
    text_ = file.read_text(encoding="utf-8")
    assert old in text_
    file.write_text(text_.replace(old, new), encoding="utf-8")
    return folder


def test_a_fact_that_live_limits_test_cannot_be_renamed_away(
    publisher: Publisher, store: LibraryStore, tmp_path: Path
) -> None:
    folder = _exported(
        publisher, tmp_path / "out", "facts.toml", '"customer.tier"', '"customer.grade"'
    )

    with pytest.raises(LibraryFaulty) as faulty:
        publisher.import_folder(folder, by="test", note="", replace=False)

    assert any("customer.tier" in str(fault) for fault in faulty.value.faults)
    assert store.current() == Versions(library=1, limits=1, budgets=1)


def test_no_window_begins_again_because_the_time_zone_moved(
    publisher: Publisher, store: LibraryStore, bank: Library, tmp_path: Path
) -> None:
    assert any(one.window in CALENDAR for one in bank.budgets)
    zone = bank.vocabulary.time_zone
    folder = _exported(publisher, tmp_path / "out", "library.toml", zone, "Asia/Tokyo")

    with pytest.raises(WindowsMove, match="calendar"):
        publisher.import_folder(folder, by="test", note="", replace=True)

    assert store.current() == Versions(library=1, limits=1, budgets=1)


def test_no_budget_begins_again_because_the_currency_changed(
    publisher: Publisher, store: LibraryStore, engine: Engine, tmp_path: Path
) -> None:
    folder = _exported(publisher, tmp_path / "out", "library.toml", '"EUR"', '"USD"')
    ledger = Ledger(Database(sessionmaker(engine)), lambda _: NOW, hold=HOLD)
    TestLedger.over(ledger, engine).reserve(500)

    with pytest.raises(CurrencyChanges, match="granted in EUR"):
        publisher.import_folder(folder, by="test", note="", replace=True)

    assert store.current() == Versions(library=1, limits=1, budgets=1)


def test_the_currency_changes_while_nothing_was_granted_in_it(
    publisher: Publisher, tmp_path: Path
) -> None:
    folder = _exported(publisher, tmp_path / "out", "library.toml", '"EUR"', '"USD"')

    assert publisher.import_folder(folder, by="test", note="", replace=True).after.library == 2


def test_an_export_of_nothing_says_what_to_do(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="library import"):
        publisher.export_folder(tmp_path / "out")

    assert not (tmp_path / "out").exists()
