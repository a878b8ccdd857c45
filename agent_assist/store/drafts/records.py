"""Drafts as they are kept: rows to core types and back, and the audit's words for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Changes, Rows, TableKind
from agent_assist.core.drafts import ActKind, ChangedSince, Draft, DraftAct
from agent_assist.core.errors import NotFound
from agent_assist.store.audit import Act
from agent_assist.store.publications import digest
from agent_assist.store.schema import DraftActRow, DraftEdit, DraftRow
from agent_assist.store.versions import table_of


def find_draft(session: Session, kind: TableKind, draft_id: str) -> Draft:
    """A draft as it stands in this transaction; NotFound if there is none of that kind and id."""
    row = session.get(DraftRow, draft_id)
    if row is None or row.kind != kind.value:
        raise NotFound(f"draft of {kind}", draft_id[:80])
    return with_acts(session, [row])[0]


def page_of_drafts(
    session: Session, kind: TableKind, *, limit: int, before: int | None
) -> tuple[tuple[int, Draft], ...]:
    """Drafts, newest first, each with its place in the audit; only those before a place."""
    rows = select(DraftRow).where(DraftRow.kind == kind.value)
    rows = rows.order_by(DraftRow.seq.desc()).limit(limit)
    if before is not None:
        rows = rows.where(DraftRow.seq < before)
    found = session.scalars(rows).all()
    places = (row.seq for row in found)
    return tuple(zip(places, with_acts(session, found), strict=True))


def with_acts(session: Session, rows: Sequence[DraftRow]) -> tuple[Draft, ...]:
    """The drafts of some rows, with what was done to them."""
    acts: dict[str, list[DraftAct]] = {row.id: [] for row in rows}
    found = select(DraftActRow).where(DraftActRow.draft_id.in_(acts)).order_by(DraftActRow.number)
    for one in session.scalars(found):
        acts[one.draft_id].append(_act(one))
    return tuple(
        Draft(
            id=row.id,
            kind=TableKind(row.kind),
            owner=row.owner,
            purpose=row.purpose,
            created_at=row.created_at,
            first_base=row.base,
            acts=tuple(acts[row.id]),
        )
        for row in rows
    )


def rows_of(session: Session, draft: Draft) -> Rows:
    """What a draft holds: the rows of its base, and on top what was edited since."""
    rows = dict(table_of(session, draft.kind, draft.base))
    edits = session.execute(
        select(DraftEdit.key, DraftEdit.cells)
        .where(DraftEdit.draft_id == draft.id, DraftEdit.number >= draft.rebased)
        .order_by(DraftEdit.number, DraftEdit.position)
    )
    for key, cells in edits:
        # One at a time: a row that was dropped and put again comes last, as when it was edited.
        if cells is None:
            rows.pop(key, None)
        else:
            rows[key] = cells
    return rows


def changed_since(session: Session, draft: Draft, edit: int) -> tuple[ChangedSince, ...]:
    """The rows that were changed after an edit, each with its newest change."""
    found = session.execute(
        select(DraftEdit.key, DraftActRow.by, DraftActRow.at)
        .join(
            DraftActRow,
            (DraftActRow.draft_id == DraftEdit.draft_id) & (DraftActRow.number == DraftEdit.number),
        )
        .where(DraftEdit.draft_id == draft.id, DraftEdit.number > edit)
        .order_by(DraftEdit.number, DraftEdit.position)
    )
    return tuple({key: ChangedSince(key, by, at) for key, by, at in found}.values())


def draft_row(draft: Draft, seq: int) -> DraftRow:
    """A draft as it is begun."""
    return DraftRow(
        id=draft.id,
        seq=seq,
        kind=draft.kind.value,
        owner=draft.owner,
        purpose=draft.purpose,
        created_at=draft.created_at,
        base=draft.first_base,
    )


def act_row(draft_id: str, act: DraftAct, seq: int) -> DraftActRow:
    """An act on a draft."""
    return DraftActRow(
        draft_id=draft_id,
        number=act.number,
        seq=seq,
        kind=act.kind.value,
        at=act.at,
        by=act.by,
        comment=act.comment,
        base=act.base,
        content_hash=act.content_hash,
        version=act.version,
    )


def edit_rows(draft_id: str, number: int, changes: Changes) -> Iterable[DraftEdit]:
    """The rows that an act changed."""
    for position, (key, cells) in enumerate(changes.items()):
        plain = None if cells is None else dict(cells)
        yield DraftEdit(draft_id=draft_id, number=number, key=key, position=position, cells=plain)


def creation_act(draft: Draft, key: str) -> Act:
    """The audit's words for a draft that is begun. `key` is that of who called."""
    content = {"table": draft.kind.value, "base": draft.first_base, "key": key}
    return Act(_actor(draft.owner), "draft.create", draft.id, content)


def draft_act(draft: Draft, act: DraftAct, changes: Changes, key: str) -> Act:
    """The audit's words for an act; `changes` by a hash, for texts may be long."""
    content: dict[str, Any] = {
        "table": draft.kind.value,
        "number": act.number,
        "base": act.base,
        "content_hash": act.content_hash,
        "version": act.version,
        "comment": digest(act.comment),
        "changes": digest(_plain(changes)),
        "rows": len(changes),
        "key": key,
    }
    return Act(_actor(act.by), f"draft.{act.kind}", draft.id, content)


def _actor(person: str) -> str:
    return f"person:{person}"[:200]


def _plain(changes: Changes) -> Mapping[str, Any]:
    return {key: None if cells is None else dict(cells) for key, cells in changes.items()}


def _act(row: DraftActRow) -> DraftAct:
    return DraftAct(
        number=row.number,
        kind=ActKind(row.kind),
        at=row.at,
        by=row.by,
        comment=row.comment,
        base=row.base,
        content_hash=row.content_hash,
        version=row.version,
    )
