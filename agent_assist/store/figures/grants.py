"""Grants and requests: those of one day as they stand, with what became of them."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from agent_assist.core.approvals import ApprovalState
from agent_assist.core.grants import EntryKind
from agent_assist.core.measures import place_of
from agent_assist.store.figures.days import Basis, Rows
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalFigure,
    ApprovalRow,
    GrantEntry,
    GrantFigure,
    GrantRow,
)

_DECIDED = (ApprovalState.APPROVED, ApprovalState.REFUSED)


def count_grants(session: Session, basis: Basis, day: date) -> Rows:
    """The figures of the grants that were reserved on a day."""
    span = basis.span(day, day)
    captures = func.sum(case((GrantEntry.kind == EntryKind.CAPTURE.value, 1), else_=0))
    voids = func.sum(case((GrantEntry.kind == EntryKind.VOID.value, 1), else_=0))
    rows = (
        select(
            GrantRow.team,
            GrantRow.issue,
            GrantRow.remedy,
            GrantRow.level,
            GrantRow.decision["rows"],
            GrantRow.unit,
            GrantRow.currency,
            GrantRow.amount - func.coalesce(func.sum(GrantEntry.released), 0),
            func.coalesce(captures, 0),
            func.coalesce(voids, 0),
        )
        .outerjoin(GrantEntry, GrantEntry.grant_id == GrantRow.id)
        .where(GrantRow.at >= span.begin, GrantRow.at < span.end)
        .group_by(GrantRow.id)
    )
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (
        team,
        issue,
        remedy,
        level,
        trace,
        unit,
        currency,
        left,
        captured,
        voided,
    ) in session.execute(rows):
        key = (team or "", issue, remedy, level, _row(trace), unit, currency)
        counts = found[key]
        is_given = captured > 0 and left > 0
        counts[0] += 1
        counts[1] += is_given
        counts[2] += voided > 0
        counts[3] += left if is_given else 0
    names = ("team", "issue", "remedy", "level", "row", "unit", "currency")
    counted = ("reserved", "given", "taken_back", "amount")
    return {GrantFigure: _rows(names, counted, found)}


def count_approvals(session: Session, basis: Basis, day: date) -> Rows:
    """The figures of the requests that were made on a day."""
    span = basis.span(day, day)
    voided = select(GrantEntry.seq).where(
        GrantEntry.grant_id == ApprovalEnd.grant_id, GrantEntry.kind == EntryKind.VOID.value
    )
    rows = (
        select(
            ApprovalRow.team,
            ApprovalRow.issue,
            ApprovalRow.remedy,
            ApprovalRow.rep_level,
            ApprovalRow.at,
            ApprovalRow.amount,
            ApprovalEnd.state,
            ApprovalEnd.at,
            ApprovalEnd.amount,
            voided.exists(),
        )
        .outerjoin(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)
        .where(ApprovalRow.at >= span.begin, ApprovalRow.at < span.end)
    )
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for team, issue, remedy, level, at, asked, state, ended, given, taken_back in session.execute(
        rows
    ):
        state_now = ApprovalState(state or ApprovalState.PENDING)
        waited = place_of((ended - at).total_seconds()) if state_now in _DECIDED else -1
        counts = found[team or "", issue, remedy, level, state_now.value, waited]
        counts[0] += 1
        counts[1] += given is not None and given < asked
        counts[2] += bool(taken_back)
    names = ("team", "issue", "remedy", "level", "state", "waited")
    return {ApprovalFigure: _rows(names, ("requests", "cut", "taken_back"), found)}


def _rows(
    names: tuple[str, ...], counted: tuple[str, ...], found: dict[tuple[object, ...], list[int]]
) -> list[dict[str, Any]]:
    return [
        {**dict(zip(names, key, strict=True)), **dict(zip(counted, counts, strict=True))}
        for key, counts in found.items()
    ]


def _row(trace: list[dict[str, Any]] | None) -> str:
    """The row that a grant rests on, the first by its key; empty where it was not kept."""
    return min((one["row"] for one in trace or () if one["decisive"]), default="")
