"""The review of limit tables before they are published: pure, exact and fast."""

from agent_assist.core.review.changes import CellChange, ChangeKind, RowChange, difference
from agent_assist.core.review.edits import Edited
from agent_assist.core.review.findings import Case, Code, Detail, Finding, PastCase, Severity
from agent_assist.core.review.reviewer import Reviewer, review_table
from agent_assist.core.review.tightening import is_tightening

__all__ = [
    "Case",
    "CellChange",
    "ChangeKind",
    "Code",
    "Detail",
    "Edited",
    "Finding",
    "PastCase",
    "Reviewer",
    "RowChange",
    "Severity",
    "difference",
    "is_tightening",
    "review_table",
]
