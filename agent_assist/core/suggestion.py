"""Suggestions: matches, decisions and questions for one contact at one moment."""

from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.decision import Verdict
from agent_assist.core.matches import Match, Role
from agent_assist.core.options import Option, Question
from agent_assist.core.policy import Policy
from agent_assist.core.wordings import Shown, Wording


@dataclass(frozen=True, slots=True)
class Versions:
    """What an answer was made from, so that it can be made again."""

    library: int
    limits: int
    budgets: int
    model: str = ""


@dataclass(frozen=True, slots=True)
class VersionedPolicy:
    """A policy and which version of it this is, counted from 1 for each policy."""

    policy: Policy
    version: int


@dataclass(frozen=True, slots=True)
class SuggestedPolicy:
    """A matched policy with what may be given for its likeliest issue.

    Attributes:
        shown: which wording of its explanation; None where it has one alone.
    """

    match: Match
    policy: VersionedPolicy
    options: tuple[Option, ...]
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answer to one contact at one moment.

    Attributes:
        level: the level the decisions were made for.
        abstained: True if the main match is not sure enough to be shown as the answer.
        matches: the main one first; see `core.matches.Matches`.
        questions: facts worth asking for, for the first match.
    """

    id: str
    at: datetime
    versions: Versions
    level: str
    abstained: bool
    matches: tuple[SuggestedPolicy, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class LoggedOption:
    """What was said of a remedy."""

    remedy: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LoggedMatch:
    """A match as it was shown; see `core.matches.Match`.

    Attributes:
        version: of the policy.
        wording: of its explanation; None where it has one alone.
    """

    policy: str
    version: int
    issue: str
    role: Role
    turns: tuple[int, ...]
    probability: float
    options: tuple[LoggedOption, ...]
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class LoggedSuggestion:
    """A suggestion as it was logged, without what the customer said."""

    id: str
    at: datetime
    versions: Versions
    level: str
    abstained: bool
    matches: tuple[LoggedMatch, ...]


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """Decisions alone, for an issue that is already known; `id` is that of its log entry."""

    id: str
    at: datetime
    versions: Versions
    issue: str
    level: str
    options: tuple[Option, ...]
    questions: tuple[Question, ...]
