"""Policies: what to say, and why it is so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class ExplanationType(StrEnum):
    """How an explanation argues.

    Source: the four accounts of Bradley and Sparks, "Explanations: if, when, and how they
    aid service recovery", Journal of Services Marketing 26 (2012), and plain instruction.
    """

    JUSTIFICATION = "justification"
    EXCUSE = "excuse"
    APOLOGY = "apology"
    COMPARISON = "comparison"
    INSTRUCTION = "instruction"


class Section(StrEnum):
    """A part of a policy, in the order it is written."""

    SAY = "Say"
    WHY = "Why"
    STEPS = "Steps"
    EXCEPTIONS = "Exceptions"
    INTERNAL = "Internal"


SAYABLE = frozenset({Section.SAY, Section.WHY})
"""The only sections that may ever reach a customer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy in one language.

    Attributes:
        issues: keys of the issues it covers, at least one.
        examples: phrasings of customers by issue key; under the empty key those of no
            particular issue.
        sections: Markdown text by section; Say and Why are always there.
        effective_from, effective_to: the days it holds, both inclusive; None is unbounded.
    """

    id: str
    locale: str
    title: str
    issues: tuple[str, ...]
    explanation_type: ExplanationType
    owner: str
    review_by: date
    sections: Mapping[Section, str]
    sources: tuple[str, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True if the policy is in effect on the organisation's calendar day."""
        return in_effect(day, self.effective_from, self.effective_to)

    def is_due(self, day: date) -> bool:
        """True if its review date has passed, so that it should be shown as unreviewed."""
        return self.review_by < day


def in_effect(day: date, first: date | None, last: date | None) -> bool:
    """True if `day` lies between both dates, inclusive; None is unbounded."""
    return (first is None or first <= day) and (last is None or day <= last)
