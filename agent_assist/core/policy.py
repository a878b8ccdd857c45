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
    ALTERNATIVE_SAY = "Alternative say"
    ALTERNATIVE_WHY = "Alternative why"
    STEPS = "Steps"
    EXCEPTIONS = "Exceptions"
    INTERNAL = "Internal"

    @property
    def column(self) -> str:
        """What its cells are called."""
        return self.value.lower().replace(" ", "_")


ALTERNATIVE = frozenset({Section.ALTERNATIVE_SAY, Section.ALTERNATIVE_WHY})
"""What a second wording of an explanation is made of; see `core.wordings`."""
SAYABLE = frozenset({Section.SAY, Section.WHY}) | ALTERNATIVE
"""The only sections that may ever reach a customer."""
HALF = 50
"""The share of contacts that are told the second wording, in percent, where nothing is said."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy in one language.

    Attributes:
        issues: keys of the issues it covers, at least one.
        examples: phrasings of customers by issue key; under the empty key those of no
            particular issue.
        sections: Markdown text by section; Say and Why are always there.
        alternative_share: of contacts that are told the second wording, in percent; it has no
            meaning where there is none.
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
    alternative_share: int = HALF
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def has_alternative(self) -> bool:
        """True if two wordings of its explanation run side by side."""
        return not ALTERNATIVE.isdisjoint(self.sections)

    def holds_on(self, day: date) -> bool:
        """True if the policy is in effect on the organisation's calendar day."""
        return in_effect(day, self.effective_from, self.effective_to)

    def is_due(self, day: date) -> bool:
        """True if its review date has passed, so that it should be shown as unreviewed."""
        return self.review_by < day


def in_effect(day: date, first: date | None, last: date | None) -> bool:
    """True if `day` lies between both dates, inclusive; None is unbounded."""
    return (first is None or first <= day) and (last is None or day <= last)
