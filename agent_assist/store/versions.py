"""Versions of limits, budgets and policies: which is current when, what they hold, new ones.

A version that takes effect later is the newest at once and the current one from its instant on,
for everybody who looks, so that nothing needs to run at that instant. While one waits, no other
of its kind is published: the newest version is always the last to take effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Rows, TableKind
from agent_assist.core.drafts import DraftRefused
from agent_assist.core.errors import NotFound
from agent_assist.core.suggestion import Versions
from agent_assist.library.tables import KEY_COLUMN
from agent_assist.store.database import Reads
from agent_assist.store.locks import lock
from agent_assist.store.policies import append_policies, policy_table
from agent_assist.store.publications import Publication, digest
from agent_assist.store.schema import (
    ActivationRow,
    BudgetsRow,
    BudgetsVersion,
    Cancellation,
    Instant,
    LibraryVersion,
    LimitsRow,
    LimitsVersion,
    Row,
    TableVersion,
    Version,
)

# Sheets have the same columns, which is all that this module knows of them; the rows of policies
# are in files: see `store.policies`.
_SHEETS: Mapping[TableKind, type[TableVersion]] = {
    TableKind.LIMITS: LimitsVersion,
    TableKind.BUDGETS: BudgetsVersion,
}
_VERSIONS: Mapping[TableKind, type[Version]] = {**_SHEETS, TableKind.POLICIES: LibraryVersion}
_ROWS: Mapping[TableKind, type[Row]] = {TableKind.LIMITS: LimitsRow, TableKind.BUDGETS: BudgetsRow}


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """What is recorded of a version. `cancelled_at` is None unless it was cancelled."""

    kind: TableKind
    number: int
    library: int
    content_hash: str
    publication: Publication
    cancelled_at: datetime | None
    cancelled_by: str | None


def current_versions(reads: Reads, at: datetime) -> Versions:
    """The version of each kind that is in effect at an instant; 0 where there is none."""
    limits, budgets, library = reads.execute(_CURRENT, {"at": at}).one()
    return Versions(library=library or 0, limits=limits or 0, budgets=budgets or 0)


def live_versions(reads: Reads, at: datetime) -> Versions:
    """As `current_versions`, with the id of the active model; empty for none."""
    limits, budgets, library, model = reads.execute(_LIVE, {"at": at}).one()
    return Versions(library or 0, limits or 0, budgets or 0, model or "")


def newest_version(session: Session, kind: TableKind) -> int:
    """The newest version that was not cancelled, in effect or not yet; 0 for none."""
    newest: int | None = session.scalars(_newest(kind)).one()
    return newest or 0


def check_none_waits(session: Session, kind: TableKind, at: datetime) -> None:
    """Refuse to publish while a version has yet to take effect (DraftRefused)."""
    newest = newest_version(session, kind)
    if not newest:
        return
    effective_at = _stored(session, kind, newest).effective_at
    if effective_at is not None and effective_at > at:
        raise DraftRefused(
            f"version {newest} of the {kind} takes effect at {effective_at:%Y-%m-%dT%H:%M:%SZ}: "
            "cancel it, or wait until then"
        )


def lock_versions(session: Session) -> None:
    """Wait until nobody else publishes; after the locks of drafts, before that of the audit."""
    lock(session, ["versions"])


def table_of(session: Session, kind: TableKind, version: int) -> Rows:
    """The rows of a version by key; none for version 0."""
    if kind is TableKind.POLICIES:
        return policy_table(session, version)
    row_type, column = _ROWS[kind], KEY_COLUMN[kind]
    rows = session.execute(
        select(row_type.key, row_type.cells)
        .where(row_type.version == version)
        .order_by(row_type.position)
    )
    return {key: {k: v for k, v in cells.items() if k != column} for key, cells in rows}


def append_table(
    session: Session, kind: TableKind, rows: Rows, library: int, publication: Publication
) -> int:
    """Add a version; gives its number. The caller holds the lock of versions.

    Args:
        session: of the transaction.
        kind: which table.
        rows: all of them, as an export writes them.
        library: the version whose vocabulary they speak.
        publication: who publishes, when and why.
    """
    if kind is TableKind.POLICIES:
        return append_policies(session, rows, library, publication)
    version_type, row_type = _SHEETS[kind], _ROWS[kind]
    number = (session.scalars(select(func.max(version_type.version))).one() or 0) + 1
    session.add(
        version_type(
            version=number,
            content_hash=table_hash(kind, rows),
            library_version=library,
            published_at=publication.at,
            published_by=publication.by,
            note=publication.note,
            effective_at=publication.effective_at,
            draft_id=publication.draft_id,
            approved_by=publication.approved_by,
        )
    )
    session.flush()
    session.add_all(
        row_type(version=number, key=key, position=position, cells={KEY_COLUMN[kind]: key, **cells})
        for position, (key, cells) in enumerate(rows.items())
    )
    session.flush()
    return number


def table_hash(kind: TableKind, rows: Rows) -> str:
    """A hash over the cells of a version."""
    ordered = sorted(rows) if kind is TableKind.POLICIES else rows
    return digest([{KEY_COLUMN[kind]: key, **rows[key]} for key in ordered])


def hash_of(session: Session, kind: TableKind, version: int) -> str | None:
    """The hash of a version's cells; None for version 0."""
    if not version:
        return None
    if kind is TableKind.POLICIES:  # what is recorded of these is over their files
        return table_hash(kind, policy_table(session, version))
    return _stored(session, kind, version).content_hash


def find_version(session: Session, kind: TableKind, number: int) -> VersionRecord:
    """A version, cancelled or not; NotFound if there is none of that number."""
    return _records(session, kind, [_stored(session, kind, number)])[0]


def page_of_versions(
    session: Session, kind: TableKind, *, limit: int, before: int | None
) -> tuple[VersionRecord, ...]:
    """Versions, newest first; only those below `before`, None for the newest."""
    version_type = _VERSIONS[kind]
    rows = select(version_type).order_by(version_type.version.desc()).limit(limit)
    if before is not None:
        rows = rows.where(version_type.version < before)
    return _records(session, kind, session.scalars(rows).all())


def _stored(session: Session, kind: TableKind, number: int) -> Version:
    found = session.get(_VERSIONS[kind], number)
    if found is None:
        raise NotFound(f"version of the {kind}", str(number))
    return found


def _newest(kind: TableKind) -> Select[Any]:
    version_type = _VERSIONS[kind]
    cancelled = exists().where(
        Cancellation.kind == kind.value, Cancellation.version == version_type.version
    )
    return select(func.max(version_type.version)).where(~cancelled)


def _in_effect(kind: TableKind) -> Select[Any]:
    effective = _VERSIONS[kind].effective_at
    return _newest(kind).where(
        or_(effective.is_(None), effective <= bindparam("at", type_=Instant()))
    )


# Made once, for every answer begins with it.
_CURRENT = select(*(_in_effect(kind).scalar_subquery() for kind in TableKind))

_ACTIVE = select(ActivationRow.model).order_by(ActivationRow.seq.desc()).limit(1)
_LIVE = _CURRENT.add_columns(_ACTIVE.scalar_subquery())


def _records(
    session: Session, kind: TableKind, rows: Sequence[Version]
) -> tuple[VersionRecord, ...]:
    numbers = [row.version for row in rows]
    found = session.scalars(
        select(Cancellation).where(
            Cancellation.kind == kind.value, Cancellation.version.in_(numbers)
        )
    )
    cancelled = {one.version: one for one in found}
    return tuple(_record(kind, row, cancelled.get(row.version)) for row in rows)


def _record(kind: TableKind, row: Version, cancelled: Cancellation | None) -> VersionRecord:
    return VersionRecord(
        kind=kind,
        number=row.version,
        library=row.library_version if isinstance(row, TableVersion) else row.version,
        content_hash=row.content_hash,
        publication=Publication(
            at=row.published_at,
            by=row.published_by,
            note=row.note,
            effective_at=row.effective_at,
            draft_id=row.draft_id,
            approved_by=row.approved_by,
        ),
        cancelled_at=cancelled.at if cancelled else None,
        cancelled_by=cancelled.by if cancelled else None,
    )
