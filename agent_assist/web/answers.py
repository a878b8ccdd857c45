"""What we send about a contact, as it is published: the shapes of plain dicts.

An answer has a thousand of them, and we make them ourselves: mypy checks them, nothing at run time.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict  # pydantic cannot read `typing`'s before Python 3.12

from agent_assist.core.matches import EvidenceSource, Role
from agent_assist.core.policy import ExplanationType
from agent_assist.core.wordings import Wording
from agent_assist.web.option_shapes import Option, Question

Markdown = Annotated[str, Field(description="Markdown")]


class Versions(TypedDict):
    """What the answer was made from, so that it can be made again."""

    library: int
    limits: int
    budgets: int
    model: str


class PolicyRef(TypedDict):
    """A policy, by the version that was used."""

    id: str
    version: int
    title: str


class Span(TypedDict):
    """Characters `start` to `end` (exclusive), counted in Unicode code points."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class Evidence(TypedDict):
    """A text of the library that is like what the customer said."""

    source: EvidenceSource
    passage: Annotated[str, Field(description="The library's text, verbatim.")]
    similarity: Annotated[float, Field(ge=-1, le=1, description="Of meaning: 1 is the same.")]
    spans: Annotated[
        list[Span], Field(description="Words of the customer's text that the passage shares.")
    ]
    turn: Annotated[
        int | None,
        Field(
            ge=0, description="Index of the transcript's turn the spans lie in; null for a text."
        ),
    ]


class Explanation(TypedDict):
    """What the customer may hear, and why it is so."""

    say: Markdown
    why: Markdown
    wording: Annotated[
        Wording | None,
        Field(description="Which of two that run side by side; null where there is one."),
    ]
    type: ExplanationType
    sources: list[str]


class Guidance(TypedDict):
    """What only the representative needs."""

    steps: Markdown | None
    exceptions: Markdown | None


class Match(TypedDict):
    """A policy, with the probability that it is the right one."""

    role: Annotated[
        Role,
        Field(
            description="main: the best for what the customer asks now. earlier: the best for "
            "something else they asked before in this contact. alternative: what else may be "
            "meant now."
        ),
    ]
    policy: PolicyRef
    issue: str
    probability: Annotated[float, Field(ge=0, le=1)]
    turns: Annotated[
        list[Annotated[int, Field(ge=0)]],
        Field(description="Indexes of the transcript's turns that it answers; empty for a text."),
    ]
    evidence: list[Evidence]
    explanation: Explanation
    guidance: Guidance
    options: list[Option]


class Suggestion(TypedDict):
    """Matches, decisions and questions for one contact at one moment.

    The main match is the first; those for what was asked earlier come next, then alternatives.
    `abstained` means that the main match is not sure enough to be shown as the answer.
    """

    id: str
    at: datetime
    abstained: bool
    level: str
    versions: Versions
    matches: list[Match]
    questions: list[Question]


class Decisions(TypedDict):
    """Decisions for a known issue."""

    issue: str
    level: str
    versions: Versions
    options: list[Option]
    questions: list[Question]
