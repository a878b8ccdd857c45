"""Drafts, reviews and versions: core types -> the wire."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter

from agent_assist.core.draft_rows import SHEETS, Rows, TableKind
from agent_assist.core.drafts import Draft, DraftAct
from agent_assist.core.review import Finding, RowChange, Severity
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.table_difference import Difference
from agent_assist.library.tables import CellProblem, table_rows
from agent_assist.review import ReadDraft
from agent_assist.store.versions import VersionRecord
from agent_assist.web.cursors import page_of
from agent_assist.web.drafts import shapes
from agent_assist.web.versioned import tag

TABLE = {
    "type": "string",
    "enum": [kind.value for kind in TableKind],
    "pattern": "^(limits|budgets|policies)$",
    "description": "Which table. A row of `policies` is a policy in one language.",
    "examples": ["limits"],
}
SHEET = {
    "type": "string",
    "enum": [kind.value for kind in SHEETS],
    "pattern": "^(limits|budgets)$",
    "description": "Which sheet.",
    "examples": ["limits"],
}
_DRAFT = TypeAdapter(shapes.Draft)
DRAFT_ID = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{1,40}$",
    "description": "The draft's id.",
    "examples": ["drf_Yx0cVh3Qm1aZ"],
}
DRAFT_PATH = {"table": TABLE, "draft_id": DRAFT_ID}
SHEET_PATH = {"table": SHEET, "draft_id": DRAFT_ID}
ONE_DRAFT = "/v1/<table>/drafts/<draft_id>"


def write_draft(draft: Draft) -> shapes.Draft:
    """A draft as its acts leave it."""
    return {
        "id": draft.id,
        "table": draft.kind,
        "state": draft.state,
        "etag": tag(draft.edit),
        "owner": draft.owner,
        "purpose": draft.purpose,
        "created_at": draft.created_at,
        "base": draft.base,
        "authors": sorted(draft.authors),
        "submission": _signature(draft.submission),
        "approval": _signature(draft.approval),
        "version": draft.version,
        "acts": [_act(one) for one in draft.acts],
    }


def write_rows(rows: Rows) -> list[shapes.Row]:
    """Rows in order."""
    return [{"row": key, "cells": dict(cells)} for key, cells in rows.items()]


def write_faults(faults: Sequence[CellProblem]) -> list[shapes.CellFault]:
    """Cells that cannot be read."""
    return [
        {"row": one.row, "column": one.column, "code": one.code, "message": one.message}
        for one in faults
    ]


def write_review(
    read: ReadDraft, findings: Sequence[Finding], limit: int, cursor: str | None
) -> shapes.Review:
    """A page of what there is to say about a draft, with every fault."""
    page, following = page_of(findings, limit, cursor)
    counts = [sum(one.severity is severity for one in findings) for severity in Severity]
    return {
        "etag": tag(read.draft.edit),
        "faults": write_faults(read.table.faults),
        "errors": counts[0],
        "warnings": counts[1],
        "notes": counts[2],
        "items": [write_finding(one, read.vocabulary) for one in page],
        "next_cursor": following,
    }


def write_difference(difference: Difference, limit: int, cursor: str | None) -> shapes.Difference:
    """A page of what a draft would change."""
    page, following = page_of(difference.changes, limit, cursor)
    return {
        "base": difference.base,
        "tightens": difference.tightens,
        "changed": len(difference.changes),
        "items": [_row_change(one, difference) for one in page],
        "next_cursor": following,
    }


def write_version(version: VersionRecord, current: int, at: datetime) -> shapes.Version:
    """A version, as it stands at an instant when `current` is the one in effect."""
    publication = version.publication
    return {
        "table": version.kind,
        "number": version.number,
        "state": _state(version, current, at),
        "library": version.library,
        "content_hash": version.content_hash,
        "published_at": publication.at,
        "published_by": publication.by,
        "approved_by": publication.approved_by,
        "note": publication.note,
        "draft": publication.draft_id,
        "effective_at": publication.effective_at,
        "cancelled_at": version.cancelled_at,
        "cancelled_by": version.cancelled_by,
    }


def _state(version: VersionRecord, current: int, at: datetime) -> shapes.VersionState:
    effective_at = version.publication.effective_at
    if version.cancelled_at is not None:
        return "cancelled"
    if version.number == current:
        return "current"
    return "scheduled" if effective_at is not None and effective_at > at else "past"


def _signature(act: DraftAct | None) -> shapes.Signature | None:
    if act is None:
        return None
    return {"by": act.by, "at": act.at, "content_hash": act.content_hash}


def _act(act: DraftAct) -> shapes.Act:
    return {
        "number": act.number,
        "kind": act.kind,
        "at": act.at,
        "by": act.by,
        "comment": act.comment,
        "base": act.base,
        "version": act.version,
    }


def write_finding(finding: Finding, vocabulary: Vocabulary) -> shapes.Finding:
    """A finding with its way out."""
    detail = finding.detail
    proposal = detail.proposal
    rows = table_rows(TableKind.LIMITS, [proposal], vocabulary) if proposal else {}
    return {
        "code": str(finding.code),
        "severity": finding.severity,
        "rows": list(finding.rows),
        "column": finding.column or None,
        "message": detail.message,
        "count": finding.count,
        "proposal": next(iter(write_rows(rows)), None),
    }


def _row_change(change: RowChange, difference: Difference) -> shapes.RowChange:
    before, after = difference.before.get(change.row), difference.after.get(change.row)
    return {
        "row": change.row,
        "kind": change.kind,
        "sentences": list(change.sentences),
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
    }


def draft_answer(draft: Draft) -> bytes:
    """A draft as the body of an answer."""
    return _DRAFT.dump_json(write_draft(draft))
