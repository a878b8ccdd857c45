"""What we send about the library, as it is published."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.facts import FactType
from agent_assist.core.vocabulary import Cause, RemedyKind, Unit
from agent_assist.web.answers import (
    Evidence,
    Explanation,
    Guidance,
    Markdown,
    PolicyRef,
    Versions,
)
from agent_assist.web.option_shapes import Money


class PolicyItem(TypedDict):
    """A policy in a list."""

    id: str
    version: int
    title: str
    issues: list[str]
    tags: list[str]
    owner: str
    locales: Annotated[list[str], Field(description="The languages it is written in.")]
    review_by: date
    effective_from: date | None
    effective_to: date | None


class PolicyPage(TypedDict):
    """Policies in the order of their ids. `next_cursor` is null on the last page."""

    items: list[PolicyItem]
    next_cursor: str | None


class Policy(PolicyItem):
    """A whole policy. Only `explanation` may reach a customer."""

    locale: str
    explanation: Explanation
    guidance: Guidance
    internal: Markdown | None


class LevelNamed(TypedDict):
    """A rung of the authority ladder."""

    key: str
    label: str


class Library(TypedDict):
    """What the library says of the organisation."""

    name: str
    locale: str
    currency: Annotated[str, Field(description="ISO 4217; every amount is in it.")]
    time_zone: Annotated[str, Field(description="Where a day and a calendar month begin.")]
    levels: Annotated[list[LevelNamed], Field(description="The ladder, lowest first.")]
    versions: Versions


class Issue(TypedDict):
    """What a customer may want."""

    key: str
    name: str
    description: str
    cause: Cause


class IssueList(TypedDict):
    """All issues."""

    items: list[Issue]


class Fact(TypedDict):
    """A fact, its type, and the question that finds it out."""

    key: str
    type: FactType
    label: str
    ask: str
    choices: list[str]
    least: Annotated[int | None, Field(description="No integer below it; null for no bound.")]
    most: Annotated[int | None, Field(description="No integer above it; null for no bound.")]
    crm: Annotated[str | None, Field(description="Where a CRM keeps it.")]


class FactList(TypedDict):
    """All facts."""

    items: list[Fact]


class Remedy(TypedDict):
    """Something that can be given."""

    key: str
    label: str
    kind: RemedyKind
    unit: Unit
    reversible: bool
    reason_codes: list[str]
    cost: Annotated[Money | None, Field(description="Of one unit; null for money.")]
    exclusive_group: str | None


class RemedyList(TypedDict):
    """All remedies."""

    items: list[Remedy]


class Found(TypedDict):
    """A policy that a search found."""

    policy: PolicyRef
    issue: str
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: list[Evidence]


class SearchAnswer(TypedDict):
    """Policies for a search, most probable first."""

    abstained: bool
    versions: Versions
    items: list[Found]
