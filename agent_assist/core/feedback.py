"""Feedback: whether what was suggested was right, as those who used it say."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.suggestion import LoggedMatch


class FeedbackVerdict(StrEnum):
    """RIGHT and WRONG are about one of the matches shown; OTHER names what it should have been."""

    RIGHT = "right"
    WRONG = "wrong"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of a suggestion.

    Attributes:
        policy: that the verdict is about; None for the main match, before it is settled.
        issue: that the customer had, if it was said.
        rep: who says so; None if it is only known which key it was sent with.
    """

    verdict: FeedbackVerdict
    policy: str | None = None
    issue: str | None = None
    rep: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """An opinion as it was recorded. It never changes: whoever changes their mind adds another.

    Attributes:
        number: counted from 1 within the suggestion.
        by: the key that it was sent with.
    """

    number: int
    at: datetime
    by: str
    opinion: Opinion


def holding(feedback: Iterable[Feedback]) -> tuple[Feedback, ...]:
    """Of feedback on one suggestion what holds: the newest of each person, in its order.

    Those whom nobody names are one person for each key.
    """
    newest: dict[tuple[str, str], Feedback] = {}
    for one in sorted(feedback, key=lambda one: one.number):
        rep = one.opinion.rep
        newest[("rep", rep) if rep is not None else ("key", one.by)] = one
    return tuple(sorted(newest.values(), key=lambda one: one.number))


def settled(
    opinion: Opinion, shown: Sequence[LoggedMatch], covers: Mapping[str, Collection[str]]
) -> Opinion:
    """The opinion with the policy that it is about.

    Args:
        opinion: as it was sent.
        shown: the matches of the suggestion, the main one first.
        covers: the issues of each policy of the library, by its id.

    Raises:
        InvalidInput: the policy was not shown, or is none of the library's, or is missing; the
            issue is not one of its, or nothing was right that could have one.
    """
    problems: list[FieldProblem] = []
    policy = opinion.policy
    if opinion.verdict is FeedbackVerdict.OTHER:
        problems += _of_other(policy, covers)
    else:
        policy = policy or (shown[0].policy if shown else None)
        problems += _of_shown(opinion, policy, shown)
    if not problems and opinion.issue is not None:
        problems += _of_issue(opinion, _issues(policy, shown, covers))
    if problems:
        raise InvalidInput(problems)
    return replace(opinion, policy=policy)


def _of_other(policy: str | None, covers: Mapping[str, object]) -> list[FieldProblem]:
    if policy is None:
        detail = "is needed: which policy it should have been"
        return [FieldProblem("/policy", "missing", detail)]
    if policy not in covers:
        detail = "is not a policy of this library; GET /v1/policies lists them"
        return [FieldProblem("/policy", "unknown_policy", detail)]
    return []


def _of_shown(
    opinion: Opinion, policy: str | None, shown: Sequence[LoggedMatch]
) -> list[FieldProblem]:
    if policy is None:
        detail = "can only be other: this suggestion showed no policy"
        return [FieldProblem("/verdict", "nothing_shown", detail)]
    if all(match.policy != policy for match in shown):
        detail = f"was not shown; say {FeedbackVerdict.OTHER} for a policy that should have been"
        return [FieldProblem("/policy", "not_shown", detail)]
    if opinion.verdict is FeedbackVerdict.WRONG and opinion.issue is not None:
        detail = f"belongs to a policy that is right: leave it out, or say {FeedbackVerdict.OTHER}"
        return [FieldProblem("/issue", "not_taken", detail)]
    return []


def _of_issue(opinion: Opinion, issues: Collection[str]) -> list[FieldProblem]:
    if opinion.issue in issues:
        return []
    detail = f"is not one that the policy covers; these are {', '.join(sorted(issues))}"
    return [FieldProblem("/issue", "not_covered", detail)]


def _issues(
    policy: str | None, shown: Sequence[LoggedMatch], covers: Mapping[str, Collection[str]]
) -> Collection[str]:
    """The issues of a policy; of one that has left the library, those it was shown for."""
    return covers.get(policy or "") or {match.issue for match in shown if match.policy == policy}
