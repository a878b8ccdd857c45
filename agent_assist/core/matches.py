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


@dataclass(frozen=True, slots=True)
class Match:
    """A policy with the probability that it is right, for the likeliest issue it covers."""

    policy: str
    issue: str
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The best policies, most probable first; `abstained` if none of them is probable enough.

    Attributes:
        fits: probability that anything in the library fits, 0 to 1; every match's is part of it.
    """

    items: tuple[Match, ...]
    abstained: bool
    fits: float = 0.0
