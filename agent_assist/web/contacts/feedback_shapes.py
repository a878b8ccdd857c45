"""What clients send and get about suggestions that were given, as it is published."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.decision import Verdict
from agent_assist.core.feedback import FeedbackVerdict
from agent_assist.core.matches import Role
from agent_assist.core.wordings import Wording
from agent_assist.web.answers import Versions
from agent_assist.web.grants.shapes import ByGiven
from agent_assist.web.scalars import Id, Maybe, Received


class FeedbackRequest(Received):
    """Whether a suggestion was right. Of several of one person the newest holds."""

    by: Maybe[ByGiven] = None
    verdict: Annotated[
        FeedbackVerdict,
        Field(
            description="right, wrong: about one of the policies that were shown. other: it was "
            "the policy named here."
        ),
    ]
    policy: Maybe[
        Annotated[
            Id,
            Field(
                description="The policy it is about, the main match's if it is left out; for "
                "other, which must name one, any policy of the library."
            ),
        ]
    ] = None
    issue: Maybe[
        Annotated[
            Id,
            Field(description="What the customer wanted: an issue of that policy. Not for wrong."),
        ]
    ] = None


class Feedback(TypedDict):
    """What somebody said of a suggestion, as recorded."""

    number: Annotated[int, Field(ge=1)]
    at: datetime
    by: Annotated[str | None, Field(description="The representative, if one was named.")]
    verdict: FeedbackVerdict
    policy: str
    issue: str | None


class FeedbackListed(Feedback):
    """Feedback among all of its suggestion."""

    holds: Annotated[bool, Field(description="Whether it is the newest of the same person.")]


class OptionShown(TypedDict):
    """A remedy that was shown."""

    remedy: str
    verdict: Verdict


class PolicyShown(TypedDict):
    """A policy, by the version that was shown."""

    id: str
    version: int


class MatchShown(TypedDict):
    """A policy that was shown; see the match of a suggestion."""

    role: Role
    policy: PolicyShown
    issue: str
    probability: Annotated[float, Field(ge=0, le=1)]
    wording: Wording | None
    turns: list[Annotated[int, Field(ge=0)]]
    options: list[OptionShown]


class GivenSuggestion(TypedDict):
    """A suggestion as it was given, without what the customer said."""

    id: str
    at: datetime
    abstained: bool
    level: str
    versions: Versions
    matches: list[MatchShown]
    feedback: Annotated[list[FeedbackListed], Field(description="Oldest first.")]
