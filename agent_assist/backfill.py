"""Backfill: an organisation's own past is brought in, and once however often that is done."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from agent_assist.core.errors import FieldProblem
from agent_assist.core.past import Kept, PastContact
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.record import AHEAD, contact_faults
from agent_assist.store.past import PastStore

AT_ONCE = 500
"""Contacts of one transaction: those who write meanwhile wait for no more than these."""

Line: TypeAlias = tuple[int, PastContact | Sequence[FieldProblem]]
"""A line of a file by its number from 1: a contact, or what is wrong with it."""


class Backfill:
    """Brings in contacts of the past.

    Args:
        store: where they are kept.
        now: gives the aware present.
    """

    def __init__(self, store: PastStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def bring_in(
        self,
        lines: Iterable[Line],
        vocabulary: Vocabulary,
        by: str,
        *,
        fault: Callable[[int, FieldProblem], None],
        keeps: bool = True,
    ) -> Kept:
        """Keep every contact that has no fault; the others are told of, and stand in nobody's way.

        What was kept stays if it ends midway; bringing in the same again finds that, and goes on.
        Of a contact that is there twice, the later line holds.

        Args:
            lines: as they are read.
            vocabulary: whose issues contacts may name.
            by: who is named as having recorded how they ended.
            fault: is told each fault, by its line.
            keeps: False to look only; nothing is counted then.
        """
        now, kept = self._now(), Kept()
        waiting: dict[str, PastContact] = {}
        for number, found in lines:
            problems = _faults(found, vocabulary, now) if isinstance(found, PastContact) else found
            for problem in problems:
                fault(number, problem)
            if problems or not isinstance(found, PastContact) or not keeps:
                continue
            if found.contact.external_id in waiting or len(waiting) == AT_ONCE:
                kept += self._store.keep(list(waiting.values()), by)
                waiting.clear()
            waiting[found.contact.external_id] = found
        if waiting:
            kept += self._store.keep(list(waiting.values()), by)
        return kept

    def note(self, by: str, *, digest: str, kept: Kept, faulty: int) -> None:
        """Let the audit remember a file by its SHA-256, and what was made of it."""
        counts = {"new": kept.new, "changed": kept.changed, "same": kept.same}
        more = {"outcomes": kept.endings, "faulty": faulty, "file": digest}
        self._store.note(by, counts | more)


def _faults(past: PastContact, vocabulary: Vocabulary, now: datetime) -> list[FieldProblem]:
    found = contact_faults(past.contact, vocabulary, now)
    if past.ended is not None:
        if past.ended.at > now + AHEAD:
            found.append(FieldProblem("/outcome/at", "out_of_range", "must not lie in the future"))
        elif past.ended.at < past.contact.opened_at:
            detail = "must not be before opened_at"
            found.append(FieldProblem("/outcome/at", "out_of_order", detail))
    return found
