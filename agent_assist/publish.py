"""Publish: library folders become live versions, and live versions become folders again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent_assist.core.difference import Changes, difference
from agent_assist.core.errors import NotReady, StaleVersion
from agent_assist.core.library import Library
from agent_assist.core.suggestion import Versions
from agent_assist.library.folder import (
    library_files,
    origin,
    read_library,
    with_origin,
    write_library,
)
from agent_assist.store.libraries import LibraryStore, Publication


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: the versions before and after, and what differs between them."""

    before: Versions
    after: Versions
    changes: tuple[Changes, ...]


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
        """
        library = read_library(root)
        before = self._store.current()
        changes = difference(self._live(before), library)
        if before.library and changes and not replace:
            _check_origin(origin(root), before)
        if not changes:
            return Import(before, before, changes)
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

    def _live(self, versions: Versions) -> Library | None:
        return self._store.load(versions).library() if versions.library else None


def _check_origin(based_on: Versions | None, current: Versions) -> None:
    if based_on != current:
        known = _named(based_on) if based_on else "no version it names"
        raise StaleVersion(
            f"the folder comes from {known}, but {_named(current)} are live: export those and "
            "bring your changes there, or add --replace to publish this folder over them"
        )


def _named(versions: Versions) -> str:
    return f"library {versions.library}, limits {versions.limits}, budgets {versions.budgets}"
