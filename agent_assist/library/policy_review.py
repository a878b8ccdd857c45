"""The review of a draft of policies: what a supervisor should know of what it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agent_assist.core.draft_rows import Cells, Rows, TableKind
from agent_assist.core.policy import ALTERNATIVE, SAYABLE, Policy, Section
from agent_assist.core.review import Detail, Finding, Severity
from agent_assist.core.review.words import listed
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.policy_cells import row_key
from agent_assist.library.quality import policy_faults, reading_grade, word_count
from agent_assist.library.tables import CellProblem, ReadTable, read_table

ERRORS = frozenset({"amount_in_say", "blame", "review_due"})
"""What keeps a policy that was changed from being published; the rest is for judgement."""

_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text that customers hear reads.

    Attributes:
        column: which text.
        grade: about the school year that reads it with ease; None where nobody can tell.
    """

    column: str
    words: int
    grade: float | None


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """What there is to say about one policy of a draft, as it would be."""

    vocabulary: Vocabulary
    faults: tuple[CellProblem, ...]
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]


def review_policies(
    old: ReadTable, new: ReadTable, vocabulary: Vocabulary, day: date
) -> tuple[Finding, ...]:
    """Everything there is to say about the policies that differ, most serious first.

    What is below the bar in policies that nobody touches is no business of this draft.

    Args:
        old: the published policies.
        new: those of the draft.
        vocabulary: of the library.
        day: today, by the organisation's calendar.
    """
    before, after = _keyed(old, vocabulary), _keyed(new, vocabulary)
    changed = {key: one for key, one in after.items() if before.get(key) != one}
    found = [
        *(one for key, policy in changed.items() for one in _quality(key, policy, vocabulary, day)),
        *_behind(before, after),
        *_uncovered(before, after, vocabulary),
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.severity], one.rows)))


def check_policy(
    old: ReadTable, rows: Rows, key: str, vocabulary: Vocabulary, day: date
) -> CheckedPolicy:
    """What there is to say about one of the policies of some rows.

    Args:
        old: the published policies.
        rows: those of the draft, with this one as it would be.
        key: of this one.
        vocabulary: of the library.
        day: today, by the organisation's calendar.
    """
    new = read_table(TableKind.POLICIES, rows, vocabulary)
    found = review_policies(old, new, vocabulary, day)
    return CheckedPolicy(
        vocabulary,
        faults=tuple(one for one in new.faults if one.row == key),
        findings=tuple(one for one in found if key in one.rows),
        readings=tuple(_readings(key, rows[key], vocabulary)),
    )


def _readings(key: str, cells: Cells, vocabulary: Vocabulary) -> Iterator[Reading]:
    locale = key.partition(".")[2] or vocabulary.locale
    for section in sorted(SAYABLE, key=list(Section).index):
        text = cells.get(section.column, "")
        if section in ALTERNATIVE and not text:
            continue
        grade = reading_grade(text) if locale.startswith("en") else None
        yield Reading(section.column, word_count(text), grade)


def _keyed(table: ReadTable, vocabulary: Vocabulary) -> dict[str, Policy]:
    return {row_key(policy, vocabulary.locale): policy for policy in table.policies}


def _quality(key: str, policy: Policy, vocabulary: Vocabulary, day: date) -> Iterator[Finding]:
    for fault in policy_faults(policy, vocabulary.locale, day):
        severity = Severity.ERROR if fault.code in ERRORS else Severity.WARNING
        column = fault.place.key.lower().replace(" ", "_")
        yield Finding(fault.code, severity, (key,), Detail(fault.message), column=column)


def _behind(before: dict[str, Policy], after: dict[str, Policy]) -> Iterator[Finding]:
    """Translations that stayed as they were while what they translate was reworded."""
    for key, policy in after.items():
        if key == policy.id or before.get(key) is None or policy.id not in before:
            continue
        same = before[key].sections == policy.sections
        if same and before[policy.id].sections != after[policy.id].sections:
            message = f"still says what {policy.id} said before; reword it, or drop it"
            yield Finding("translation_behind", Severity.WARNING, (key,), Detail(message))


def _uncovered(
    before: dict[str, Policy], after: dict[str, Policy], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Issues that no policy covers any more, by the policies that did."""
    covered = {issue for policy in after.values() for issue in policy.issues}
    lost: dict[str, list[str]] = {}
    for key, policy in before.items():
        for issue in policy.issues:
            if issue not in covered and key == policy.id:
                lost.setdefault(issue, []).append(key)
    by_rows: dict[tuple[str, ...], list[str]] = {}
    for issue in vocabulary.issues:
        if issue in lost:
            by_rows.setdefault(tuple(lost[issue]), []).append(issue)
    for rows, issues in by_rows.items():
        message = f"nothing is left to say about {listed(issues)}: only {listed(rows)} covered it"
        yield Finding("uncovered_issue", Severity.WARNING, rows, Detail(message))
