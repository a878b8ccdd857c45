"""Review: what a draft says, what is wrong with it, and what publishing it would change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.draft_rows import (
    Cells,
    Clash,
    Rows,
    TableKind,
    changes_between,
    clashes,
    content_hash,
)
from agent_assist.core.drafts import Draft, StaleBase, StaleEdit
from agent_assist.core.errors import FieldProblem, InvalidInput, NotReady
from agent_assist.core.limits import LimitRow
from agent_assist.core.review import (
    Finding,
    KeptReviews,
    PastCase,
    Reviewer,
    Severity,
    review_budgets,
)
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import Fault
from agent_assist.library.files import Folder
from agent_assist.library.policy_review import CheckedPolicy, check_policy, review_policies
from agent_assist.library.quality import sayable_faults
from agent_assist.library.table_difference import Difference, table_difference, tightens
from agent_assist.library.tables import (
    CellProblem,
    ReadTable,
    TableReader,
    cell_faults,
    keyed_records,
    sheet_rows,
)
from agent_assist.library.vocabulary_files import vocabulary_files
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.libraries import LibraryStore

RANKED_FOR = 600
"""Seconds for which the review of a draft that is being edited ranks gaps by the same cases."""


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft of one moment, read in the vocabulary of the live library.

    Attributes:
        cells: its rows as they were written.
        table: what they say, and their faults.
        library: the version whose vocabulary it is.
        content_hash: what an approval is bound to.
    """

    draft: Draft
    cells: Rows
    table: ReadTable
    library: int
    vocabulary: Vocabulary
    content_hash: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet beside the newest version.

    Attributes:
        faults: of its cells, by their addresses.
        difference: what publishing it would change.
    """

    kind: TableKind
    rows: Rows
    faults: tuple[Fault, ...]
    difference: Difference


class Reviewing:
    """Reads and judges drafts.

    Args:
        drafts: where they are kept.
        releases: where the versions are.
        libraries: where the vocabulary is.
        traffic: gives past cases of a vocabulary, by which gaps are ranked.
        now: gives the aware present.
    """

    def __init__(
        self,
        drafts: DraftStore,
        releases: ReleaseStore,
        libraries: LibraryStore,
        *,
        traffic: Callable[[Vocabulary], Sequence[PastCase]],
        now: Callable[[], datetime],
    ) -> None:
        self._drafts = drafts
        self._releases = releases
        self._libraries = libraries
        self._traffic = traffic
        self._now = now
        self._kept = KeptReviews()
        self._reader: tuple[int, TableReader] | None = None
        self._difference: tuple[tuple[str, int, int], Difference] | None = None

    def vocabulary(self) -> tuple[int, Vocabulary]:
        """The live library's version and vocabulary; NotReady if there is none."""
        version = self._libraries.current().library
        if not version:
            raise NotReady("there is no library yet: run `agent-assist library import DIR`")
        return version, self._reader_of(version).vocabulary

    def read(self, kind: TableKind, draft_id: str) -> ReadDraft:
        """A draft as it stands; NotFound if there is none of that kind and id."""
        draft, rows = self._drafts.read(kind, draft_id)
        library, vocabulary = self.vocabulary()
        texts = vocabulary_files(vocabulary)
        return ReadDraft(
            draft=draft,
            cells=rows,
            table=self._read(kind, rows, vocabulary),
            library=library,
            vocabulary=vocabulary,
            content_hash=content_hash(kind, draft.base, rows, texts),
        )

    def read_at(self, kind: TableKind, draft_id: str, edit: int) -> ReadDraft:
        """A draft as whoever acts has read it; StaleEdit if it was edited since."""
        read = self.read(kind, draft_id)
        if read.draft.edit != edit:
            changed = self._drafts.changed_since(read.draft, edit)
            raise StaleEdit(known=edit, edit=read.draft.edit, changed=changed)
        return read

    def faults(self, kind: TableKind, rows: Rows) -> tuple[CellProblem, ...]:
        """Every cell of some rows that cannot be read in the live vocabulary."""
        _, vocabulary = self.vocabulary()
        return self._read(kind, rows, vocabulary).faults

    def findings(self, read: ReadDraft) -> tuple[Finding, ...]:
        """Everything there is to say about the rows that can be read, most serious first."""
        live, vocabulary = self._libraries.current(), read.vocabulary
        if read.draft.kind is TableKind.POLICIES:
            old = self._table(TableKind.POLICIES, read.draft.base, vocabulary)
            return review_policies(old, read.table, vocabulary, vocabulary.day(self._now()))
        if read.draft.kind is TableKind.BUDGETS:
            return review_budgets(read.table.budgets, self.live_limits(vocabulary), vocabulary)
        now = self._now()
        # Traffic goes on all the time: gaps are ranked by that of some minutes ago as well.
        context = (read.library, live.budgets, vocabulary.day(now), now.timestamp() // RANKED_FOR)

        def begin(rows: Sequence[LimitRow]) -> Reviewer:
            return Reviewer(
                rows,
                vocabulary,
                budgets=self._table(TableKind.BUDGETS, live.budgets, vocabulary).budgets,
                traffic=self._traffic(vocabulary),
                say_faults=sayable_faults,
                day=vocabulary.day(now),
            )

        return self._kept.findings(read.draft.id, read.table.limits, context, begin)

    def check_policy(self, draft_id: str, key: str, cells: Cells) -> CheckedPolicy:
        """What a review would say about a policy if a draft held it so.

        Raises:
            NotFound: there is no such draft of policies.
        """
        draft, rows = self._drafts.read(TableKind.POLICIES, draft_id)
        _, vocabulary = self.vocabulary()
        old = self._table(TableKind.POLICIES, draft.base, vocabulary)
        day = vocabulary.day(self._now())
        return check_policy(old, {**rows, key: cells}, key, vocabulary, day)

    def live_limits(self, vocabulary: Vocabulary) -> tuple[LimitRow, ...]:
        """The limit rows in effect, those that the vocabulary has words for."""
        live = self._libraries.current().limits
        return self._table(TableKind.LIMITS, live, vocabulary).limits

    def check(self, read: ReadDraft) -> tuple[Finding, ...]:
        """The findings of a draft that may be published as far as its content goes.

        Errors in rows that were published so, and that the draft leaves alone, are no hindrance:
        a cut in another row must not wait for them.

        Raises:
            InvalidInput: cells that cannot be read, and errors in rows that the draft changes, by
                row and column.
        """
        problems = cell_problems(read)
        findings = self.findings(read)
        base = self._releases.table(read.draft.kind, read.draft.base)
        changed = changes_between(base, read.cells)
        problems += (
            FieldProblem(pointer(one.rows[0], one.column), one.code, one.message)
            for one in findings
            if one.severity is Severity.ERROR and not changed.keys().isdisjoint(one.rows)
        )
        if problems:
            raise InvalidInput(problems)
        return findings

    def difference(self, read: ReadDraft, rows: Rows | None = None) -> Difference:
        """What differs from the version that the draft is based on.

        Args:
            read: the draft.
            rows: what it would hold; None for what it holds.
        """
        if rows is not None:
            return self._differing(read, self._read(read.draft.kind, rows, read.vocabulary))
        # A large one is asked for page after page, and the proof in it may take a second.
        asked, known = (read.draft.id, read.draft.edit, read.library), self._difference
        if known is None or known[0] != asked:
            self._difference = known = (asked, self._differing(read, read.table))
        return known[1]

    def _differing(self, read: ReadDraft, new: ReadTable) -> Difference:
        kind, base, vocabulary = read.draft.kind, read.draft.base, read.vocabulary
        return table_difference(kind, base, self._table(kind, base, vocabulary), new, vocabulary)

    def between(self, kind: TableKind, before: int, after: int) -> Difference:
        """What differs between two versions, read in the live vocabulary.

        Raises:
            NotFound: there is no such version.
        """
        for number in (before, after):
            self._releases.version(kind, number)
        _, vocabulary = self.vocabulary()
        old, new = (self._table(kind, number, vocabulary) for number in (before, after))
        return table_difference(kind, before, old, new, vocabulary)

    def sheet(self, kind: TableKind, sheet: Folder, name: str) -> SheetRead:
        """A sheet, read, beside the newest version.

        Raises:
            SheetFaulty: it cannot be read, or its keys are not unique.
            NotReady: there is no library whose words it could be read in.
        """
        records, (_, vocabulary) = keyed_records(kind, sheet, name), self.vocabulary()
        rows, base = sheet_rows(kind, records.rows), self._releases.newest(kind)
        old, new = self._table(kind, base, vocabulary), self._read(kind, rows, vocabulary)
        return SheetRead(
            kind=kind,
            rows=rows,
            faults=cell_faults(kind, records, name, vocabulary),
            difference=table_difference(kind, base, old, new, vocabulary),
        )

    def tightens(self, read: ReadDraft) -> bool:
        """True only if it is proved that nobody may be given more by the draft than before."""
        old = self._table(read.draft.kind, read.draft.base, read.vocabulary)
        return tightens(read.draft.kind, old, read.table, read.vocabulary)

    def check_base(self, read: ReadDraft) -> None:
        """Refuse a draft whose base is not the newest version (StaleBase)."""
        newest = self._releases.newest(read.draft.kind)
        if newest != read.draft.base:
            found = self.clashes(read, newest)
            raise StaleBase(base=read.draft.base, newest=newest, clashes=found)

    def clashes(self, read: ReadDraft, newest: int) -> tuple[Clash, ...]:
        """The rows that the draft and the newest version both changed."""
        kind = read.draft.kind
        base, theirs = (self._releases.table(kind, number) for number in (read.draft.base, newest))
        return tuple(clashes(base, read.cells, theirs))

    def _table(self, kind: TableKind, number: int, vocabulary: Vocabulary) -> ReadTable:
        return self._read(kind, self._releases.table(kind, number), vocabulary)

    def _read(self, kind: TableKind, rows: Rows, vocabulary: Vocabulary) -> ReadTable:
        """What a table says; rows that were read lately in the live library's words are known."""
        known = self._reader
        if known is None or known[1].vocabulary is not vocabulary:
            return TableReader(vocabulary).read(kind, rows)
        return known[1].read(kind, rows)

    def _reader_of(self, library: int) -> TableReader:
        known = self._reader
        if known is None or known[0] != library:
            self._reader = known = (library, TableReader(self._libraries.vocabulary(library)))
        return known[1]


def cell_problems(read: ReadDraft) -> list[FieldProblem]:
    """The cells of a draft that cannot be read."""
    return [
        FieldProblem(pointer(one.row, one.column), one.code, one.message)
        for one in read.table.faults
    ]


def pointer(row: str, column: str = "") -> str:
    """Where a cell, or a whole row, stands in a draft."""
    steps = (row, column) if column else (row,)
    return "/rows/" + "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
