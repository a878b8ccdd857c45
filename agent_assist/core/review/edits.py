"""What an edit of a table brought up, and what it settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from agent_assist.core.review.findings import Finding, weight

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit brought up, and what it settled; both the most serious first."""

    appeared: tuple[Finding, ...]
    settled: tuple[Finding, ...]


def edited(
    before: Mapping[K, tuple[Finding, ...]], after: Mapping[K, tuple[Finding, ...]]
) -> Edited:
    """What became of the subjects of `before`; the rest of `after` is as it was."""
    appeared: list[Finding] = []
    settled: list[Finding] = []
    for subject, known in before.items():
        found = after.get(subject, ())
        appeared += (one for one in found if one not in known)
        settled += (one for one in known if one not in found)
    return joined([Edited(tuple(appeared), tuple(settled))])


def joined(several: Iterable[Edited]) -> Edited:
    """Several edits as one."""
    every = list(several)
    return Edited(
        appeared=tuple(sorted((one for each in every for one in each.appeared), key=weight)),
        settled=tuple(sorted((one for each in every for one in each.settled), key=weight)),
    )
