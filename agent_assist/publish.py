"""Publish: library folders become live versions, and live versions become folders again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent_assist.core.difference import Changes, difference
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.drafts import ActKind
from agent_assist.core.errors import AgentAssistError, NotReady, StaleVersion
from agent_assist.core.library import Library
from agent_assist.core.review.words import listed
from agent_assist.core.suggestion import Versions
from agent_assist.core.windows import CALENDAR
from agent_assist.library.folder import (
    library_files,
    origin,
    read_library,
    with_origin,
    write_library,
)
from agent_assist.review import Reviewing
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import Release, ReleaseStore, VersionAnswer
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.publications import Publication

_MOST_TRIES = 3


class WindowsMove(AgentAssistError):
    """A change of the time zone would let windows of budgets begin again."""

    code = "windows_move"


class CurrencyChanges(AgentAssistError):
    """A change of the currency would let every budget of money begin again."""

    code = "currency_changes"


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: the versions before and after, and what differs between them."""

    before: Versions
    after: Versions
    changes: tuple[Changes, ...]


@dataclass(frozen=True, slots=True)
class ReleaseWanted:
    """A draft to be published.

    Attributes:
        edit: the edit that whoever publishes it has read.
        note: why, for the record.
        effective_at: from when; None for at once.
    """

    table: TableKind
    draft_id: str
    by: str
    edit: int
    note: str
    effective_at: datetime | None


class Releaser:
    """Publishes drafts of limits and budgets.

    Args:
        drafts: where they are kept.
        releases: where they become versions.
        reviewing: reads and judges them.
    """

    def __init__(self, drafts: DraftStore, releases: ReleaseStore, reviewing: Reviewing) -> None:
        self._drafts = drafts
        self._releases = releases
        self._reviewing = reviewing

    def publish(self, wanted: ReleaseWanted, once: Once, answer: VersionAnswer) -> StoredAnswer:
        """Make a draft the newest version, in effect at once or from a later instant.

        What a second person approved is published as it was approved; what is proved to give
        nobody more than before needs no approval.

        Raises:
            InvalidInput: it has faults, or would take effect in the past.
            StaleEdit, StaleBase, StaleVersion: somebody edited it, or published, meanwhile.
            DraftRefused, NeedsApproval: see `core.drafts`.
            UnknownPerson, LevelTooLow: it is not for this person to publish.
        """
        for _ in range(_MOST_TRIES - 1):
            try:
                return self._publish(wanted, once, answer)
            except StaleVersion:
                continue
        return self._publish(wanted, once, answer)

    def cancel(
        self, kind: TableKind, number: int, *, by: str, once: Once, answer: VersionAnswer
    ) -> StoredAnswer:
        """Keep a version that waits from taking effect; see `ReleaseStore.cancel`."""
        _, vocabulary = self._reviewing.vocabulary()
        return self._releases.cancel(
            kind, number, by=by, ladder=vocabulary.ladder, once=once, answer=answer
        )

    def _publish(self, wanted: ReleaseWanted, once: Once, answer: VersionAnswer) -> StoredAnswer:
        if earlier := self._drafts.answered(once):
            return earlier
        read = self._reviewing.read_at(wanted.table, wanted.draft_id, wanted.edit)
        read.draft.check(ActKind.PUBLISH, wanted.by)
        self._reviewing.check(read)
        self._reviewing.check_base(read)
        release = Release(
            draft_id=wanted.draft_id,
            table=wanted.table,
            edit=wanted.edit,
            base=read.draft.base,
            library=read.library,
            rows=read.table.rows,
            content_hash=read.content_hash,
            tightens=read.draft.approval is None and self._reviewing.tightens(read),
            ladder=read.vocabulary.ladder,
            by=wanted.by,
            note=wanted.note,
            effective_at=wanted.effective_at,
        )
        return self._releases.publish(release, once, answer)


class Publisher:
    """Imports and exports whole libraries.

    Args:
        store: where versions are appended.
        index: makes a library's index, before the library is live: the processes that serve
            then only load it.
        now: gives the aware present.
    """

    def __init__(
        self,
        store: LibraryStore,
        *,
        index: Callable[[Library], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._index = index
        self._now = now

    def compare(self, library: Library) -> tuple[Changes, ...]:
        """What publishing a library would change."""
        return difference(self._live(self._store.current()), library)

    def import_folder(self, root: Path, *, by: str, note: str, replace: bool) -> Import:
        """Make a folder's library the live one.

        Args:
            root: the library folder.
            by: who does it.
            note: why, for the record.
            replace: publish even if the folder was not exported from the current versions.

        Raises:
            LibraryFaulty: the folder has faults; nothing was written.
            StaleVersion: the folder knows nothing of the versions that are live now, so
                publishing it could undo someone's work; nothing was written.
            WindowsMove: it changes the time zone while budgets count by calendar day or month.
            CurrencyChanges: it changes the currency, and money was granted in the one before.
        """
        library = read_library(root)
        before = self._store.current()
        live = self._live(before)
        changes = difference(live, library)
        if before.library and changes and not replace:
            _check_origin(origin(root), before)
        if not changes:
            return Import(before, before, changes)
        if live is not None:
            _check_windows(live, library)
            self._check_currency(live, library)
        self._index(library)
        publication = Publication(at=self._now(), by=by, note=note)
        return Import(before, self._store.append(library, before, publication), changes)

    def export_folder(self, root: Path) -> Versions:
        """Write the live library into an empty folder.

        Raises:
            NotReady: nothing was published yet.
            LibraryFaulty: the folder is not empty; nothing was written.
        """
        versions = self._store.current()
        library = self._live(versions)
        if library is None:
            raise NotReady("there is no library yet: run `agent-assist library import DIR`")
        write_library(with_origin(library_files(library), versions), root)
        return versions

    def _check_currency(self, live: Library, library: Library) -> None:
        """Refuse what would make grants count for nothing: two currencies are never added up."""
        old, new = live.vocabulary.currency, library.vocabulary.currency
        if old != new and self._store.has_granted_in(old):
            raise CurrencyChanges(
                f"the currency changes from {old} to {new}, and what was granted in {old} cannot "
                "be added up in it, so every budget and ceiling would begin again: serve "
                f"{new} from a data folder of its own"
            )

    def _live(self, versions: Versions) -> Library | None:
        return self._store.load(versions).library() if versions.library else None


def _check_windows(live: Library, library: Library) -> None:
    """Refuse to move the midnights that budgets count from: a window could begin again early."""
    if live.vocabulary.time_zone == library.vocabulary.time_zone:
        return
    moved = [one.key for one in library.budgets if one.window in CALENDAR]
    if moved:
        raise WindowsMove(
            f"the time zone changes, and budgets count by calendar day or month ({listed(moved)}): "
            "import the new time zone with rolling windows first, then the calendar ones again"
        )


def _check_origin(based_on: Versions | None, current: Versions) -> None:
    if based_on != current:
        known = _named(based_on) if based_on else "no version it names"
        raise StaleVersion(
            f"the folder comes from {known}, but {_named(current)} are live: export those and "
            "bring your changes there, or add --replace to publish this folder over them"
        )


def _named(versions: Versions) -> str:
    return f"library {versions.library}, limits {versions.limits}, budgets {versions.budgets}"
