"""Versions of library, limits and budgets: appended, loaded, never changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import BudgetTable
from agent_assist.core.errors import NotFound, StaleVersion
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitTable
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.budget_sheet import budget_sheet
from agent_assist.library.files import TextFolder
from agent_assist.library.folder import parse_library
from agent_assist.library.limit_sheet import limit_sheet
from agent_assist.library.policy_files import file_name, policy_file
from agent_assist.library.sheets import write_csv
from agent_assist.library.vocabulary_files import vocabulary_files
from agent_assist.store.database import Database
from agent_assist.store.schema import (
    BudgetsRow,
    BudgetsVersion,
    LibraryPolicy,
    LibraryVersion,
    LimitsRow,
    LimitsVersion,
    PolicyVersion,
    Row,
    Version,
)

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


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes, when and why."""

    at: datetime
    by: str
    note: str


class LibraryStore:
    """Appends and loads versions. The highest version of each kind is the current one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self) -> Versions:
        """The current version of each kind; 0 where nothing was ever published."""
        with self._database.reading() as session:
            return current_versions(session)

    def append(self, library: Library, based_on: Versions, publication: Publication) -> Versions:
        """Publish what differs from the current versions, all of it or nothing.

        Raises:
            StaleVersion: the current versions are no longer `based_on`; nothing was written.
        """
        with self._database.writing() as session:
            current = current_versions(session)
            if current != based_on:
                raise StaleVersion(
                    f"the change is based on {_named(based_on)}, but {_named(current)} is current"
                )
            return _Appending(session, library, current, publication).append()

    def load(self, versions: Versions) -> HeldLibrary:
        """What some versions hold; NotFound if there are no such versions."""
        with self._database.reading() as session:
            version = session.get(LibraryVersion, versions.library)
            if version is None:
                raise NotFound("library version", str(versions.library))
            policies = _policy_versions(session, versions.library)
            texts: dict[str, str] = {**version.vocabulary, **{p.file: p.text for p in policies}}
            limits = _cells(session, LimitsRow, versions.limits)
            budgets = _cells(session, BudgetsRow, versions.budgets)
        texts["limits.csv"], texts["budgets.csv"] = _csv(limits, "row"), _csv(budgets, "budget")
        return _held(parse_library(TextFolder(texts)), policies, versions)


@dataclass(slots=True)
class _Appending:
    """One append, inside its transaction."""

    session: Session
    library: Library
    current: Versions
    publication: Publication

    def append(self) -> Versions:
        library = self._append_library()
        limits = self._append_rows(
            LimitsVersion,
            LimitsRow,
            limit_sheet(self.library.limits, self.library.vocabulary),
            self.current.limits,
            library,
        )
        budgets = self._append_rows(
            BudgetsVersion,
            BudgetsRow,
            budget_sheet(self.library.budgets, self.library.vocabulary),
            self.current.budgets,
            library,
        )
        return Versions(library=library, limits=limits, budgets=budgets)

    def _append_library(self) -> int:
        vocabulary = dict(vocabulary_files(self.library.vocabulary))
        locale = self.library.vocabulary.locale
        files = {
            (policy.id, policy.locale): (
                file_name(policy, locale),
                policy_file(policy, is_original=policy.locale == locale),
            )
            for policy in self.library.policies
        }
        digest = _digest([vocabulary, sorted(files.values())])
        if digest == self._current_digest(LibraryVersion, self.current.library):
            return self.current.library
        number = self.current.library + 1
        self.session.add(LibraryVersion(vocabulary=vocabulary, **self._published(number, digest)))
        self.session.flush()
        for (policy_id, locale), (name, text) in files.items():
            version = self._policy_version(policy_id, locale, name, text)
            self.session.add(
                LibraryPolicy(
                    library_version=number,
                    policy_id=policy_id,
                    locale=locale,
                    policy_version=version,
                )
            )
        self.session.flush()
        return number

    def _policy_version(self, policy_id: str, locale: str, name: str, text: str) -> int:
        """The policy's newest version if it reads the same, else a new one."""
        newest = self.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.policy_id == policy_id, PolicyVersion.locale == locale)
            .order_by(PolicyVersion.version.desc())
            .limit(1)
        ).first()
        if newest is not None and (newest.file, newest.text) == (name, text):
            return newest.version
        version = newest.version + 1 if newest is not None else 1
        self.session.add(
            PolicyVersion(policy_id=policy_id, locale=locale, version=version, file=name, text=text)
        )
        self.session.flush()
        return version

    def _append_rows(
        self,
        version_type: type[LimitsVersion] | type[BudgetsVersion],
        row_type: type[LimitsRow] | type[BudgetsRow],
        sheet: tuple[list[str], list[list[str]]],
        current: int,
        library: int,
    ) -> int:
        header, rows = sheet
        cells = [_filled(header, row) for row in rows]
        digest = _digest(cells)
        if digest == self._current_digest(version_type, current):
            return current
        number = current + 1
        self.session.add(version_type(library_version=library, **self._published(number, digest)))
        self.session.flush()
        self.session.add_all(
            row_type(version=number, key=row[0], position=position, cells=filled)
            for position, (row, filled) in enumerate(zip(rows, cells, strict=True))
        )
        self.session.flush()
        return number

    def _current_digest(
        self,
        version_type: type[Version],
        number: int,
    ) -> str | None:
        version = self.session.get(version_type, number)
        return None if version is None else version.content_hash

    def _published(self, number: int, digest: str) -> dict[str, Any]:
        return {
            "version": number,
            "content_hash": digest,
            "published_at": self.publication.at,
            "published_by": self.publication.by,
            "note": self.publication.note,
        }


def current_versions(session: Session) -> Versions:
    """The highest version of each kind, as the transaction sees it."""
    newest = select(
        select(func.max(LibraryVersion.version)).scalar_subquery(),
        select(func.max(LimitsVersion.version)).scalar_subquery(),
        select(func.max(BudgetsVersion.version)).scalar_subquery(),
    )
    library, limits, budgets = session.execute(newest).one()
    return Versions(library=library or 0, limits=limits or 0, budgets=budgets or 0)


def _policy_versions(session: Session, library: int) -> Sequence[PolicyVersion]:
    return session.scalars(
        select(PolicyVersion)
        .join(
            LibraryPolicy,
            (LibraryPolicy.policy_id == PolicyVersion.policy_id)
            & (LibraryPolicy.locale == PolicyVersion.locale)
            & (LibraryPolicy.policy_version == PolicyVersion.version),
        )
        .where(LibraryPolicy.library_version == library)
    ).all()


def _cells(session: Session, row_type: type[Row], version: int) -> list[Mapping[str, str]]:
    rows = session.scalars(
        select(row_type).where(row_type.version == version).order_by(row_type.position)
    )
    return [row.cells for row in rows]


def _csv(rows: Sequence[Mapping[str, str]], first: str) -> str:
    """The stored cells as the sheet they were read from, without its empty columns."""
    header = list(dict.fromkeys(column for row in rows for column in row))
    needed = [column for column in _ALWAYS[first] if column not in header]
    header += needed
    return write_csv(header, [[row.get(column, "") for column in header] for row in rows])


_ALWAYS = {
    "row": ("row", "issue", "remedy", "effect"),
    "budget": ("budget", "scope", "window"),
}


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


def _filled(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(header, row, strict=True) if cell}


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _named(versions: Versions) -> str:
    return f"library {versions.library}, limits {versions.limits}, budgets {versions.budgets}"
