"""Draft: what is live is changed beside it, by several people, in the open."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent_assist.core.draft_rows import (
    Cells,
    Changes,
    Rows,
    TableKind,
    carried_over,
    changes_between,
)
from agent_assist.core.drafts import ActKind, Draft, DraftRefused, StaleBase
from agent_assist.core.errors import FieldProblem, InvalidInput, StaleVersion
from agent_assist.core.review import Finding
from agent_assist.library.columns import ROW_KEY
from agent_assist.library.faults import Fault, SheetFaulty
from agent_assist.library.files import Folder, hidden_character
from agent_assist.library.policy_cells import is_row_key
from agent_assist.library.table_difference import Difference
from agent_assist.library.tables import LONGEST, CellProblem, keyed_records, sheet_rows
from agent_assist.review import ReadDraft, Reviewing, SheetRead, pointer
from agent_assist.store.drafts.drafts import ActWanted, DraftAnswer, DraftStore, NewDraft
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.once import Once, StoredAnswer


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts on which draft, and what they know of it.

    Attributes:
        edit: the edit that they have read.
    """

    table: TableKind
    draft_id: str
    by: str
    edit: int
    comment: str = ""


class Drafter:
    """Begins drafts and carries out what is done to them, up to their approval.

    Args:
        drafts: where they are kept.
        releases: where the versions are.
        reviewing: reads and judges them.
    """

    def __init__(self, drafts: DraftStore, releases: ReleaseStore, reviewing: Reviewing) -> None:
        self._drafts = drafts
        self._releases = releases
        self._reviewing = reviewing

    def begin(
        self,
        kind: TableKind,
        *,
        owner: str,
        purpose: str,
        once: Once,
        answer: DraftAnswer,
        content_of: int | None = None,
    ) -> StoredAnswer:
        """Begin a draft from the newest version.

        Args:
            kind: which table.
            owner: who begins it.
            purpose: what for, in a sentence.
            once: the request.
            answer: writes the answer.
            content_of: an older version whose rows it shall hold, so that publishing it reverts
                to that one; None for those of the newest.

        Raises:
            NotFound: there is no such older version.
        """
        base, changes = self._releases.newest(kind), dict[str, Cells | None]()
        if content_of is not None:
            self._releases.version(kind, content_of)
            then, now = self._releases.table(kind, content_of), self._releases.table(kind, base)
            changes = changes_between(now, then)
        return self._drafts.create(NewDraft(kind, owner, purpose, base, changes), once, answer)

    def begin_with(
        self, read: SheetRead, *, owner: str, purpose: str, once: Once, answer: DraftAnswer
    ) -> StoredAnswer:
        """Begin a draft that holds the rows of a sheet and no others; faults are kept too."""
        base = read.difference.base
        changes = changes_between(self._releases.table(read.kind, base), read.rows)
        return self._drafts.create(NewDraft(read.kind, owner, purpose, base, changes), once, answer)

    def edit(
        self, acting: Acting, changes: Changes, once: Once, answer: DraftAnswer
    ) -> StoredAnswer:
        """Put and drop rows, all of them or none. An approval is withdrawn by it.

        Raises:
            InvalidInput: keys or columns of the wrong form, or a row to be dropped that is not
                there. What cells say is a matter of review.
            StaleEdit: somebody edited the draft since; the error says which rows.
            DraftRefused: the draft is published or discarded.
        """
        _check_form(acting.table, changes)
        return self._drafts.act(self._wanted(acting, ActKind.EDIT, changes), once, answer)

    def faults(self, kind: TableKind, rows: Rows) -> tuple[CellProblem, ...]:
        """Every cell of some rows that cannot be read; InvalidInput as for `edit`."""
        _check_form(kind, rows)
        return self._reviewing.faults(kind, rows)

    def preview(
        self, kind: TableKind, draft_id: str, sheet: Folder, name: str
    ) -> tuple[Difference, tuple[CellProblem, ...]]:
        """What a sheet would make of a draft, and its cells that cannot be read.

        Raises:
            InvalidInput: as for `load`.
        """
        read, rows = self._reviewing.read(kind, draft_id), read_rows(kind, sheet, name)
        return self._reviewing.difference(read, rows), self._reviewing.faults(kind, rows)

    def load(
        self, acting: Acting, sheet: Folder, name: str, once: Once, answer: DraftAnswer
    ) -> StoredAnswer:
        """Make a draft hold the rows of a sheet, and no others; errors also as for `edit`.

        Raises:
            InvalidInput: the sheet cannot be read, or its keys are not unique.
        """
        if earlier := self._drafts.answered(once):
            return earlier
        rows = read_rows(acting.table, sheet, name)
        cells = self._read(acting, ActKind.EDIT).cells
        return self.edit(acting, changes_between(cells, rows), once, answer)

    def submit(self, acting: Acting, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Ask for approval of exactly what the draft holds.

        Raises:
            InvalidInput: it has faults, by row and column.
            DraftRefused: it is not open, or changes nothing.
            StaleBase: it is based on an older version.
        """
        if earlier := self._drafts.answered(once):
            return earlier
        read = self._read(acting, ActKind.SUBMIT)
        self._reviewing.check(read)
        self._reviewing.check_base(read)
        if not self._reviewing.difference(read).changes:
            raise DraftRefused("the draft changes nothing, so there is nothing to approve")
        return self._drafts.act(self._wanted(acting, ActKind.SUBMIT, read=read), once, answer)

    def approve(self, acting: Acting, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Agree to exactly what was submitted.

        Raises:
            OwnApproval: by someone who began, edited or submitted it.
            DraftRefused: it is not submitted.
            StaleVersion: the library was published since, so that its words may mean another
                thing: it must be submitted again.
        """
        if earlier := self._drafts.answered(once):
            return earlier
        read = self._read(acting, ActKind.APPROVE)
        submission = read.draft.submission
        if submission is None or submission.content_hash != read.content_hash:
            raise StaleVersion(
                "the vocabulary changed since the draft was submitted: return it, and submit it "
                "again"
            )
        return self._drafts.act(self._wanted(acting, ActKind.APPROVE, read=read), once, answer)

    def send_back(self, acting: Acting, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Open a submitted or approved draft again, with a comment that says why."""
        return self._drafts.act(self._wanted(acting, ActKind.RETURN), once, answer)

    def discard(self, acting: Acting, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Give a draft up. It can still be read."""
        return self._drafts.act(self._wanted(acting, ActKind.DISCARD), once, answer)

    def comment(
        self,
        table: TableKind,
        draft_id: str,
        *,
        by: str,
        text: str,
        once: Once,
        answer: DraftAnswer,
    ) -> StoredAnswer:
        """Say something about a draft. Changes nothing else."""
        wanted = ActWanted(draft_id, table, ActKind.COMMENT, by, None, comment=text)
        return self._drafts.act(wanted, once, answer)

    def rebase(
        self, acting: Acting, choices: Mapping[str, bool], once: Once, answer: DraftAnswer
    ) -> StoredAnswer:
        """Carry a draft's edits over to the newest version.

        Args:
            acting: who.
            choices: for each row that both changed, whether the draft's stays (True) or gives
                way to the newest version's.
            once: the request.
            answer: writes the answer.

        Raises:
            StaleBase: both changed rows that no choice was made for; nothing was written.
            DraftRefused: it is based on the newest version already.
        """
        if earlier := self._drafts.answered(once):
            return earlier
        read = self._read(acting, ActKind.REBASE)
        draft, newest = read.draft, self._releases.newest(acting.table)
        if newest == draft.base:
            raise DraftRefused(f"the draft is based on version {newest} already, the newest")
        undecided = [one for one in self._reviewing.clashes(read, newest) if one.row not in choices]
        if undecided:
            raise StaleBase(base=draft.base, newest=newest, clashes=undecided)
        changes = carried_over(
            self._releases.table(acting.table, draft.base),
            read.cells,
            self._releases.table(acting.table, newest),
            keep_mine=frozenset(row for row, mine in choices.items() if mine),
        )
        wanted = self._wanted(acting, ActKind.REBASE, changes, base=newest)
        return self._drafts.act(wanted, once, answer)

    def findings(self, kind: TableKind, draft_id: str) -> tuple[ReadDraft, tuple[Finding, ...]]:
        """A draft with all there is to say about it."""
        read = self._reviewing.read(kind, draft_id)
        return read, self._reviewing.findings(read)

    def difference(self, kind: TableKind, draft_id: str) -> tuple[Draft, Difference]:
        """A draft with what it would change."""
        read = self._reviewing.read(kind, draft_id)
        return read.draft, self._reviewing.difference(read)

    def _read(self, acting: Acting, kind: ActKind) -> ReadDraft:
        """The draft as who acts has read it, if that may be done to it; see `core.drafts`."""
        read = self._reviewing.read_at(acting.table, acting.draft_id, acting.edit)
        read.draft.check(kind, acting.by)
        return read

    @staticmethod
    def _wanted(
        acting: Acting,
        kind: ActKind,
        changes: Changes | None = None,
        *,
        base: int | None = None,
        read: ReadDraft | None = None,
    ) -> ActWanted:
        return ActWanted(
            draft_id=acting.draft_id,
            table=acting.table,
            kind=kind,
            by=acting.by,
            edit=acting.edit,
            comment=acting.comment,
            changes=changes or {},
            base=base,
            content_hash=read.content_hash if read else "",
            ladder=read.vocabulary.ladder if read else (),
        )


def read_rows(kind: TableKind, sheet: Folder, name: str) -> Rows:
    """The rows of a sheet by key, whatever their other cells say.

    Raises:
        InvalidInput: it is not a sheet, lacks the column of keys, or a key is bad or twice there.
    """
    try:
        records = keyed_records(kind, sheet, name)
    except SheetFaulty as faulty:
        raise InvalidInput([_sheet_problem(fault) for fault in faulty.faults]) from None
    return sheet_rows(kind, records.rows)


def _sheet_problem(fault: Fault) -> FieldProblem:
    return FieldProblem("/sheet", fault.code, f"{fault.place}: {fault.message}")


def _check_form(kind: TableKind, changes: Changes) -> None:
    problems: list[FieldProblem] = []
    for key, cells in changes.items():
        if detail := _key_fault(kind, key):
            problems.append(FieldProblem(pointer(key[:64]), "bad_key", detail))
        for column, text in (cells or {}).items():
            place = pointer(key[:64], column[:64])
            if hidden := hidden_character(column) or hidden_character(text):
                detail = f"holds {hidden}, which nobody can see; remove it"
                problems.append(FieldProblem(place, "hidden_character", detail))
            if len(text) > LONGEST[kind]:
                detail = f"must have at most {LONGEST[kind]:,} characters"
                problems.append(FieldProblem(place, "too_long", detail))
    if problems:
        raise InvalidInput(problems)


def _key_fault(kind: TableKind, key: str) -> str | None:
    if kind is TableKind.POLICIES:
        form = (
            "words of a-z, 0-9 and - joined by /, such as fees/cash; of a translation fees/cash.de"
        )
        return None if is_row_key(key) else f"must be a policy's id: {form}"
    return (
        None
        if ROW_KEY.fullmatch(key)
        else "must be a key of letters, digits, _ and -, such as R041"
    )
