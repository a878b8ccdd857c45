"""Matches: which policy fits what the customer said, how surely, and on what evidence."""

from dataclasses import dataclass
from enum import StrEnum


class EvidenceSource(StrEnum):
    """Which text of the library met the customer's."""

    EXAMPLE = "example"
    ISSUE = "issue"
    TITLE = "title"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a policy matched.

    Attributes:
        source: what kind of text of the library it is.
        text: that text, verbatim.
        similarity: cosine of both texts' embeddings, -1 to 1.
        spans: words of the customer's text that the library's text shares, in order, by
            characters of the text that was asked (for a transcript: of the turn it came from).
        turn: index of the transcript's turn the spans lie in; None for a plain text.
    """

    source: EvidenceSource
    text: str
    similarity: float
    spans: tuple[Span, ...]
    turn: int | None = None


class Role(StrEnum):
    """What a match stands for: a customer may ask for several things in one contact."""

    MAIN = "main"
    EARLIER = "earlier"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True, slots=True)
class Match:
    """A policy with the probability that it is right, for the likeliest issue it covers.

    Attributes:
        role: MAIN for the best answer to what the customer asks now, EARLIER for the best to
            something else they asked before, ALTERNATIVE for what else may be meant now.
        turns: indexes of the transcript's turns that it answers, ascending; none for a text.
    """

    policy: str
    issue: str
    probability: float
    evidence: tuple[Evidence, ...]
    role: Role = Role.MAIN
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """The best policies, the main one first; `abstained` if that is not probable enough.

    Attributes:
        items: the main match, then the earlier ones, then alternatives, the most probable first.
        fits: probability that anything in the library fits what is asked now, 0 to 1; that of the
            main match and of alternatives is part of it.
    """

    items: tuple[Match, ...]
    abstained: bool
    fits: float = 0.0
