"""What we send about the library, as it is published."""

from datetime import date
from typing import Annotated

from pydantic import Field

from agent_assist.core.facts import FactType
from agent_assist.core.vocabulary import Cause, RemedyKind, Unit
from agent_assist.web.answers import (
    Evidence,
    Explanation,
    Guidance,
    Markdown,
    Money,
    PolicyRef,
    Versions,
)
from agent_assist.web.scalars import Sent


class PolicyItem(Sent):
    """A policy in a list."""

    id: str
    version: int
    title: str
    issues: list[str]
    tags: list[str]
    review_by: date
    effective_from: date | None
    effective_to: date | None


class PolicyPage(Sent):
    """Policies in the order of their ids. `next_cursor` is null on the last page."""

    items: list[PolicyItem]
    next_cursor: str | None


class Policy(PolicyItem):
    """A whole policy. Only `explanation` may reach a customer."""

    locale: str
    owner: str
    explanation: Explanation
    guidance: Guidance
    internal: Markdown | None


class Issue(Sent):
    """What a customer may want."""

    key: str
    name: str
    description: str
    cause: Cause


class IssueList(Sent):
    """All issues."""

    items: list[Issue]


class Fact(Sent):
    """A fact, its type, and the question that finds it out."""

    key: str
    type: FactType
    label: str
    ask: str
    choices: list[str]
    crm: Annotated[str | None, Field(description="Where a CRM keeps it.")]


class FactList(Sent):
    """All facts."""

    items: list[Fact]


class Remedy(Sent):
    """Something that can be given."""

    key: str
    label: str
    kind: RemedyKind
    unit: Unit
    reversible: bool
    reason_codes: list[str]
    cost: Annotated[Money | None, Field(description="Of one unit; null for money.")]
    exclusive_group: str | None


class RemedyList(Sent):
    """All remedies."""

    items: list[Remedy]


class Found(Sent):
    """A policy that a search found."""

    policy: PolicyRef
    issue: str
    probability: Annotated[float, Field(ge=0, le=1)]
    evidence: list[Evidence]


class SearchAnswer(Sent):
    """Policies for a search, most probable first."""

    abstained: bool
    versions: Versions
    items: list[Found]
