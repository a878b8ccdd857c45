"""Versions of library, limits and budgets: appended, loaded, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import BudgetTable
from agent_assist.core.draft_rows import Rows, TableKind
from agent_assist.core.errors import NotFound, StaleVersion
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitTable
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.library.faults import Fault, Faults, LibraryFaulty, Place
from agent_assist.library.files import TextFolder
from agent_assist.library.folder import parse_library
from agent_assist.library.sheets import write_csv
from agent_assist.library.tables import REQUIRED, read_table, table_rows
from agent_assist.library.vocabulary import read_vocabulary
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.policies import (
    append_library,
    library_hash,
    policy_versions,
    vocabulary_texts,
)
from agent_assist.store.publications import Publication, digest
from agent_assist.store.schema import GrantRow, LibraryVersion, PolicyVersion
from agent_assist.store.versions import (
    append_table,
    check_none_waits,
    current_versions,
    find_version,
    hash_of,
    live_versions,
    lock_versions,
    newest_version,
    table_hash,
    table_of,
)

IMPORTED = "version.import"
"""The act that the audit holds for each version of an imported library."""

NO_VERSIONS = Versions(library=0, limits=0, budgets=0)


@dataclass(frozen=True, slots=True)
class HeldLibrary:
    """What some versions hold, as core types."""

    vocabulary: Vocabulary
    policies: tuple[VersionedPolicy, ...]
    limits: LimitTable
    budgets: BudgetTable

    def library(self) -> Library:
        """The same without version numbers."""
        return Library(
            vocabulary=self.vocabulary,
            policies=tuple(held.policy for held in self.policies),
            limits=self.limits.rows,
            budgets=self.budgets.budgets,
        )


class LibraryStore:
    """Appends and loads versions.

    Args:
        database: where they are kept.
        clock: the database's; it says which versions are in effect.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def current(self) -> Versions:
        """The version of each kind in effect now; 0 where nothing was ever published."""
        with self._database.looking_up() as reads:
            return current_versions(reads, self._clock(reads))

    def live(self) -> Versions:
        """As `current`, with the id of the active model; empty for none."""
        with self._database.looking_up() as reads:
            return live_versions(reads, self._clock(reads))

    @again_if_aborted
    def append(self, library: Library, based_on: Versions, publication: Publication) -> Versions:
        """Publish what differs from the current versions, all of it or nothing.

        The audit tells of each new version.

        Raises:
            StaleVersion: the current versions are no longer `based_on`; nothing was written.
            DraftRefused: limits or budgets differ while others wait to take effect.
            LibraryFaulty: limits or budgets that wait to take effect do not fit the vocabulary.
            NotReady: the database's clock ran back; see `audit.present`.
        """
        with self._database.writing() as session:
            lock_versions(session)
            at = audit.present(session, self._clock)
            current = current_versions(session, at)
            if current != based_on:
                raise StaleVersion(
                    f"the change is based on {_named(based_on)}, but {_named(current)} is current"
                )
            return _Appending(session, library, current, at, publication).append()

    def vocabulary(self, version: int) -> Vocabulary:
        """What a library version speaks of, without its policies; NotFound if there is none."""
        with self._database.reading() as session:
            texts = vocabulary_texts(session, version)
        vocabulary = read_vocabulary(TextFolder(texts), Faults())
        if vocabulary is None:
            raise NotFound("library version", str(version))
        return vocabulary

    def has_granted_in(self, currency: str) -> bool:
        """True if money was ever granted in a currency."""
        granted = select(GrantRow.id).where(
            GrantRow.unit == Unit.MONEY.value, GrantRow.currency == currency
        )
        with self._database.reading() as session:
            return session.execute(granted.limit(1)).first() is not None

    def load(self, versions: Versions) -> HeldLibrary:
        """What some versions hold; NotFound if there are no such versions."""
        with self._database.reading() as session:
            version = session.get(LibraryVersion, versions.library)
            if version is None:
                raise NotFound("library version", str(versions.library))
            policies = policy_versions(session, versions.library)
            texts: dict[str, str] = {**version.vocabulary, **{p.file: p.text for p in policies}}
            for kind, number in (
                (TableKind.LIMITS, versions.limits),
                (TableKind.BUDGETS, versions.budgets),
            ):
                if number:
                    find_version(session, kind, number)  # NotFound, rather than an empty table
                texts[f"{kind}.csv"] = _csv(kind, table_of(session, kind, number))
        return _held(parse_library(TextFolder(texts)), policies, versions)


@dataclass(slots=True)
class _Appending:
    """One append, inside its transaction."""

    session: Session
    library: Library
    current: Versions
    at: datetime
    publication: Publication

    def append(self) -> Versions:
        vocabulary = self.library.vocabulary
        library = self._append_library()
        if library != self.current.library:
            self._check_what_waits()
        limits = table_rows(TableKind.LIMITS, self.library.limits, vocabulary)
        budgets = table_rows(TableKind.BUDGETS, self.library.budgets, vocabulary)
        return Versions(
            library=library,
            limits=self._append_table(TableKind.LIMITS, limits, self.current.limits, library),
            budgets=self._append_table(TableKind.BUDGETS, budgets, self.current.budgets, library),
        )

    def _note(self, what: str, number: int, replaced: int, content_hash: str) -> None:
        """Tell the audit of a new version."""
        content = {
            "table": what,
            "version": number,
            "replaced": replaced,
            "content_hash": content_hash,
            "note": digest(self.publication.note),
        }
        act = audit.Act(f"cli:{self.publication.by}"[:200], IMPORTED, f"{what}:{number}", content)
        audit.append(self.session, act, self.at)

    def _check_what_waits(self) -> None:
        """Refuse a vocabulary in which a table that takes effect later could not be read."""
        current = {
            TableKind.LIMITS: self.current.limits,
            TableKind.BUDGETS: self.current.budgets,
        }
        faults: list[Fault] = []
        for kind, number in current.items():
            newest = newest_version(self.session, kind)
            if newest == number:
                continue
            waiting = table_of(self.session, kind, newest)
            found = read_table(kind, waiting, self.library.vocabulary).faults
            file = f"version {newest} of the {kind}, which takes effect later"
            faults += (
                Fault(Place(file, key=f"{one.row}, {one.column}"), one.code, one.message)
                for one in found
            )
        if faults:
            raise LibraryFaulty(tuple(faults))

    def _append_library(self) -> int:
        vocabulary, policies = self.library.vocabulary, self.library.policies
        found = library_hash(vocabulary, policies)
        current = self.session.get(LibraryVersion, self.current.library)
        if current is not None and current.content_hash == found:
            return current.version
        check_none_waits(self.session, TableKind.POLICIES, self.at)
        number = append_library(self.session, vocabulary, policies, self.publication)
        self._note("library", number, self.current.library, found)
        return number

    def _append_table(self, kind: TableKind, rows: Rows, current: int, library: int) -> int:
        if table_hash(kind, rows) == hash_of(self.session, kind, current):
            return current
        check_none_waits(self.session, kind, self.at)
        number = append_table(self.session, kind, rows, library, self.publication)
        self._note(kind.value, number, current, table_hash(kind, rows))
        return number


def _csv(kind: TableKind, rows: Rows) -> str:
    """The stored cells as the sheet they were read from, without its empty columns."""
    header = list(REQUIRED[kind])
    header += dict.fromkeys(c for cells in rows.values() for c in cells if c not in header)
    lines = [[key, *(cells.get(c, "") for c in header[1:])] for key, cells in rows.items()]
    return write_csv(header, lines)


def _held(library: Library, policies: Sequence[PolicyVersion], versions: Versions) -> HeldLibrary:
    numbers = {(one.policy_id, one.locale): one.version for one in policies}

    def versioned(policy: Policy) -> VersionedPolicy:
        return VersionedPolicy(policy, numbers[policy.id, policy.locale])

    return HeldLibrary(
        vocabulary=library.vocabulary,
        policies=tuple(versioned(policy) for policy in library.policies),
        limits=LimitTable(versions.limits, library.limits),
        budgets=BudgetTable(versions.budgets, library.budgets),
    )


def _named(versions: Versions) -> str:
    return f"library {versions.library}, limits {versions.limits}, budgets {versions.budgets}"
