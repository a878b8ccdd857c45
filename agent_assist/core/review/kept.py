"""Reviews of drafts that are being edited: kept, so that an edit costs what it touches."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock

from agent_assist.core.limits import LimitRow
from agent_assist.core.review.findings import Finding
from agent_assist.core.review.reviewer import Reviewer

MOST_EDITS = 12
"""Of more edits at once a new review is as fast."""
MOST_KEPT = 4


@dataclass(slots=True)
class _Kept:
    """A review, and the rows that it is about by key."""

    context: Hashable
    reviewer: Reviewer
    rows: dict[str, LimitRow]
    findings: tuple[Finding, ...]


class KeptReviews:
    """The reviews of the drafts that were looked at last. Threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    def findings(
        self,
        draft: str,
        rows: Sequence[LimitRow],
        context: Hashable,
        begin: Callable[[Sequence[LimitRow]], Reviewer],
    ) -> tuple[Finding, ...]:
        """Everything there is to say about the rows of a draft, the most serious first.

        Args:
            draft: its id.
            rows: those that it has now.
            context: what a review rests on beside them; another one is begun where it is another.
            begin: begins a review.
        """
        with self._lock:
            kept = self._kept.pop(draft, None)
            if kept is None or kept.context != context or not _followed(kept, rows):
                reviewer = begin(rows)
                by_key = {row.key: row for row in rows}
                kept = _Kept(context, reviewer, by_key, reviewer.findings())
            self._kept[draft] = kept
            for oldest in list(self._kept)[:-MOST_KEPT]:
                del self._kept[oldest]
            return kept.findings


def _followed(kept: _Kept, rows: Sequence[LimitRow]) -> bool:
    """Bring a review up to the rows by edits; False, and nothing done, where there are too many."""
    now = {row.key: row for row in rows}
    put = [row for key, row in now.items() if kept.rows.get(key) != row]
    gone = [key for key in kept.rows if key not in now]
    if len(put) + len(gone) > MOST_EDITS:
        return False
    for key in gone:
        kept.reviewer.drop(key)
    for row in put:
        kept.reviewer.put(row)
    if put or gone:
        kept.rows, kept.findings = now, kept.reviewer.findings()
    return True
