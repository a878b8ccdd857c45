"""Drafts become versions, at once or later; what waits can be cancelled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Cells, Rows, TableKind
from agent_assist.core.drafts import ActKind, Draft, DraftAct, DraftRefused
from agent_assist.core.errors import FieldProblem, InvalidInput, StaleVersion
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.audit import Act
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.drafts.acting import append_act, check_act, check_person, lock_draft, may
from agent_assist.store.drafts.records import (
    find_draft,
)
from agent_assist.store.ledger.freezes import frozen_budgets
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.publications import Publication
from agent_assist.store.schema import Cancellation
from agent_assist.store.versions import (
    VersionRecord,
    append_table,
    check_none_waits,
    current_versions,
    find_version,
    hash_of,
    lock_versions,
    newest_version,
    page_of_versions,
    table_hash,
    table_of,
)

CREATED, OK = 201, 200

VersionAnswer = Callable[[VersionRecord], bytes]
"""Writes the answer about a version."""


@dataclass(frozen=True, slots=True)
class Release:
    """A draft to be published, as it was read and judged.

    Attributes:
        edit: of the draft, whose rows these are.
        base: the version that they replace.
        library: the version that they were read in the vocabulary of.
        rows: as an export writes them.
        content_hash: see `core.drafts.content_hash`.
        tightens: it is proved that nobody may give more by it.
        ladder: keys of the levels, lowest first.
        effective_at: from when; None for at once.
    """

    draft_id: str
    table: TableKind
    edit: int
    base: int
    library: int
    rows: Rows
    content_hash: str
    tightens: bool
    ladder: Sequence[str]
    by: str
    note: str
    effective_at: datetime | None


class ReleaseStore:
    """Publishes drafts, and reads versions.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def publish(self, release: Release, once: Once, answer: VersionAnswer) -> StoredAnswer:
        """Make a draft the newest version, in effect at once or later.

        Raises:
            NotFound, StaleEdit, DraftRefused: as for `act`; also if another version has yet to
                take effect, the draft changes nothing, or a freeze would end by it.
            NeedsApproval: see `Draft.check_release`.
            StaleVersion: another version, or another library, was published meanwhile.
            InvalidInput: it would have taken effect in the past.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_draft(session, release.draft_id)
            lock_versions(session)
            at = audit.present(session, self._clock)
            draft = find_draft(session, release.table, release.draft_id)
            check_act(session, draft, ActKind.PUBLISH, release.by, release.edit, release.ladder)
            _check_effective(release.effective_at, at)
            check_none_waits(session, release.table, at)
            _check_base(session, release, at)
            _check_frozen(session, release)
            approval = draft.approval
            draft.check_release(
                release.content_hash,
                tightens=release.tightens,
                approver_may=approval is not None
                and may(session, ActKind.APPROVE, approval.by, release.ladder),
            )
            number = _append_version(session, draft, release, at)
            act = DraftAct(
                number=len(draft.acts) + 1,
                kind=ActKind.PUBLISH,
                at=at,
                by=release.by,
                comment=release.note,
                content_hash=release.content_hash,
                version=number,
            )
            append_act(session, draft, act, {}, once.principal)
            version = find_version(session, release.table, number)
            return fulfil(session, once, CREATED, answer(version))

    @again_if_aborted
    def cancel(
        self,
        kind: TableKind,
        number: int,
        *,
        by: str,
        ladder: Sequence[str],
        once: Once,
        answer: VersionAnswer,
    ) -> StoredAnswer:
        """Keep a version that waits from ever taking effect; its draft is open again.

        Raises:
            NotFound: there is no such version.
            UnknownPerson, LevelTooLow: see `acting.check_person`.
            DraftRefused: it is in effect, or was, or is cancelled already.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            draft_id = find_version(session, kind, number).publication.draft_id
            if draft_id is not None:
                lock_draft(session, draft_id)
            lock_versions(session)
            at = audit.present(session, self._clock)
            check_person(session, ActKind.CANCEL, by, ladder)
            _check_waits(find_version(session, kind, number), at)
            session.add(Cancellation(kind=kind.value, version=number, at=at, by=by))
            if draft_id is not None:
                draft = find_draft(session, kind, draft_id)
                act = DraftAct(len(draft.acts) + 1, ActKind.CANCEL, at, by, version=number)
                append_act(session, draft, act, {}, once.principal)
            content = {"table": kind.value, "key": once.principal}
            audit.append(
                session, Act(f"person:{by}"[:200], "version.cancel", str(number), content), at
            )
            return fulfil(session, once, OK, answer(find_version(session, kind, number)))

    def newest(self, kind: TableKind) -> int:
        """The newest version that was not cancelled; 0 for none."""
        with self._database.reading() as session:
            return newest_version(session, kind)

    def table(self, kind: TableKind, number: int) -> Rows:
        """The rows of a version, by key; none for version 0."""
        with self._database.reading() as session:
            return table_of(session, kind, number)

    def version(self, kind: TableKind, number: int) -> VersionRecord:
        """A version; NotFound if there is none of that number."""
        with self._database.reading() as session:
            return find_version(session, kind, number)

    def standing(self, kind: TableKind, number: int) -> tuple[VersionRecord, int, datetime]:
        """A version, which one is in effect, and the instant that is so; errors as `version`."""
        with self._database.reading() as session:
            at = self._clock(session)
            return find_version(session, kind, number), _current(session, kind, at), at

    def versions(
        self, kind: TableKind, *, limit: int, before: int | None
    ) -> tuple[tuple[VersionRecord, ...], int, datetime]:
        """Versions, newest first, with the rest as in `standing`; see `page_of_versions`."""
        with self._database.reading() as session:
            at = self._clock(session)
            page = page_of_versions(session, kind, limit=limit, before=before)
            return page, _current(session, kind, at), at


def _current(session: Session, kind: TableKind, at: datetime) -> int:
    current = current_versions(session, at)
    numbers = {
        TableKind.LIMITS: current.limits,
        TableKind.BUDGETS: current.budgets,
        TableKind.POLICIES: current.library,
    }
    return numbers[kind]


def _check_effective(effective_at: datetime | None, at: datetime) -> None:
    if effective_at is not None and effective_at < at:
        detail = "is in the past: leave it out to publish at once, or name a later time"
        raise InvalidInput([FieldProblem("/effective_at", "in_the_past", detail)])


def _check_base(session: Session, release: Release, at: datetime) -> None:
    newest = newest_version(session, release.table)
    library = current_versions(session, at).library
    if (newest, library) != (release.base, release.library):
        raise StaleVersion("a new version was published while this was judged: send it again")


def _check_frozen(session: Session, release: Release) -> None:
    """Refuse to end a freeze by the way: it is of a key, and of the remedies counted under it."""
    if release.table is not TableKind.BUDGETS:
        return
    frozen = frozen_budgets(session)
    known = table_of(session, release.table, release.base) if frozen else {}
    for key in sorted(frozen & known.keys()):
        if key not in release.rows or _remedies(release.rows[key]) != _remedies(known[key]):
            raise DraftRefused(
                f"the budget {key} is frozen, and would be gone or count other remedies: see "
                f"`agent-assist ledger check`, then `agent-assist ledger release {key} --reason …`"
            )


def _remedies(cells: Cells) -> frozenset[str]:
    return frozenset(key.strip() for key in cells.get("remedies", "").split(","))


def _append_version(session: Session, draft: Draft, release: Release, at: datetime) -> int:
    if table_hash(release.table, release.rows) == hash_of(session, release.table, release.base):
        raise DraftRefused("the draft changes nothing, so there is nothing to publish")
    approval = draft.approval
    publication = Publication(
        at=at,
        by=release.by,
        note=release.note,
        effective_at=release.effective_at,
        draft_id=draft.id,
        approved_by=approval.by if approval else None,
    )
    return append_table(session, release.table, release.rows, release.library, publication)


def _check_waits(version: VersionRecord, at: datetime) -> None:
    effective_at = version.publication.effective_at
    if version.cancelled_at is not None:
        raise DraftRefused(f"version {version.number} is cancelled already")
    if effective_at is None or effective_at <= at:
        raise DraftRefused(
            f"version {version.number} is in effect, or was: revert to an older one instead"
        )
