"""Begin drafts and act on them: each one short transaction, or nothing at all.

In this order: the request's key, so that retries queue; the draft's lock; then the rules of
`core.drafts`, the rows, the audit and the answer.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent_assist.core.draft_rows import Changes, Rows, TableKind
from agent_assist.core.drafts import ActKind, ChangedSince, Draft, DraftAct
from agent_assist.core.people import check_acting
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.drafts.acting import append_act, check_act, lock_draft
from agent_assist.store.drafts.records import (
    changed_since,
    creation_act,
    draft_row,
    find_draft,
    page_of_drafts,
    rows_of,
)
from agent_assist.store.once import Once, StoredAnswer, answered, claim, fulfil
from agent_assist.store.people import find_person

CREATED, OK = 201, 200

DraftAnswer = Callable[[Draft], bytes]
"""Writes the answer about a draft."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to be begun from a version, and what is changed at once."""

    kind: TableKind
    owner: str
    purpose: str
    base: int
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActWanted:
    """What shall be done to a draft.

    Attributes:
        edit: the edit that whoever wants it knows of; None where it does not matter.
        changes: of an edit or rebase.
        base: of a rebase.
        content_hash: of a submission or approval.
        ladder: of an approval: keys of the levels, lowest first.
    """

    draft_id: str
    table: TableKind
    kind: ActKind
    by: str
    edit: int | None
    comment: str = ""
    changes: Changes = field(default_factory=dict)
    base: int | None = None
    content_hash: str = ""
    ladder: Sequence[str] = ()


class DraftStore:
    """Writes and reads drafts.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def create(self, new: NewDraft, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Begin a draft, once.

        Raises:
            UnknownPerson: nobody active is known under the owner's id.
            KeyReused, KeyInFlight: see `store.once`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            check_acting(find_person(session, new.owner))
            at = audit.present(session, self._clock)
            draft = Draft(
                id=f"drf_{secrets.token_urlsafe(12)}",
                kind=new.kind,
                owner=new.owner,
                purpose=new.purpose,
                created_at=at,
                first_base=new.base,
            )
            seq = audit.append(session, creation_act(draft, once.principal), at)
            session.add(draft_row(draft, seq))
            session.flush()
            if new.changes:
                first = DraftAct(1, ActKind.EDIT, at, new.owner)
                draft = append_act(session, draft, first, new.changes, once.principal)
            return fulfil(session, once, CREATED, answer(draft))

    @again_if_aborted
    def act(self, wanted: ActWanted, once: Once, answer: DraftAnswer) -> StoredAnswer:
        """Do something to a draft, once.

        Raises:
            NotFound: there is no such draft.
            StaleEdit: it was edited since; nothing was written.
            DraftRefused, OwnApproval: see `Draft.check`; nothing was written.
            KeyReused, KeyInFlight: see `store.once`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            lock_draft(session, wanted.draft_id)
            draft = find_draft(session, wanted.table, wanted.draft_id)
            check_act(session, draft, wanted.kind, wanted.by, wanted.edit, wanted.ladder)
            act = DraftAct(
                number=len(draft.acts) + 1,
                kind=wanted.kind,
                at=audit.present(session, self._clock),
                by=wanted.by,
                comment=wanted.comment,
                base=wanted.base,
                content_hash=wanted.content_hash,
            )
            draft = append_act(session, draft, act, wanted.changes, once.principal)
            return fulfil(session, once, OK, answer(draft))

    def answered(self, once: Once) -> StoredAnswer | None:
        """The answer that a request got before; None if it is new. See `store.once`."""
        with self._database.reading() as session:
            return answered(session, once)

    def find(self, kind: TableKind, draft_id: str) -> Draft:
        """A draft; NotFound if there is none of that kind and id."""
        with self._database.reading() as session:
            return find_draft(session, kind, draft_id)

    def read(self, kind: TableKind, draft_id: str) -> tuple[Draft, Rows]:
        """A draft and what it holds, of one moment; NotFound as for `find`."""
        with self._database.reading() as session:
            draft = find_draft(session, kind, draft_id)
            return draft, rows_of(session, draft)

    def changed_since(self, draft: Draft, edit: int) -> tuple[ChangedSince, ...]:
        """The rows of a draft that were changed after an edit."""
        with self._database.reading() as session:
            return changed_since(session, draft, edit)

    def page(
        self, kind: TableKind, *, limit: int, before: int | None
    ) -> tuple[tuple[int, Draft], ...]:
        """Drafts, newest first; see `page_of_drafts`."""
        with self._database.reading() as session:
            return page_of_drafts(session, kind, limit=limit, before=before)
