"""The review of limit tables and budgets before they are published: pure, exact and fast."""

from agent_assist.core.review.budget_review import budgets_tighten, review_budgets
from agent_assist.core.review.changes import (
    CellChange,
    ChangeKind,
    RowChange,
    cell_difference,
    cells_in_words,
    difference,
)
from agent_assist.core.review.edits import Edited
from agent_assist.core.review.findings import Case, Code, Detail, Finding, PastCase, Severity
from agent_assist.core.review.kept import KeptReviews
from agent_assist.core.review.reviewer import Reviewer, review_table
from agent_assist.core.review.tightening import is_tightening, says_nothing_new

__all__ = [
    "Case",
    "CellChange",
    "ChangeKind",
    "Code",
    "Detail",
    "Edited",
    "Finding",
    "KeptReviews",
    "PastCase",
    "Reviewer",
    "RowChange",
    "Severity",
    "budgets_tighten",
    "cell_difference",
    "cells_in_words",
    "difference",
    "is_tightening",
    "review_budgets",
    "review_table",
    "says_nothing_new",
]
