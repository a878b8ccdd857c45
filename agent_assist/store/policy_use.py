"""How policies are used: shown, said and judged, as the logs of a window of time have it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.feedback import FeedbackVerdict, holding
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.feedback import read_feedback
from agent_assist.store.schema import FeedbackRow, OutcomeRow, SuggestionEntry

NEWEST = 50_000
"""How many suggestions, outcomes and pieces of feedback are looked at, at most of each."""

_AT_ONCE = 1_000


@dataclass(slots=True)
class PolicyUse:
    """What was counted of one policy.

    Attributes:
        shown: suggestions whose main match it was, those that abstained left out.
        said: contacts whose outcome names it as explained.
        resolved: how many of these ended resolved.
        right, wrong: what was said of it in feedback.
        missed: how often feedback named it as what it should have been.
    """

    shown: int = 0
    said: int = 0
    resolved: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class UseReport:
    """What was counted since an instant, by policy.

    Attributes:
        is_whole: whether nothing of that time was left out.
    """

    since: datetime
    policies: Mapping[str, PolicyUse]
    is_whole: bool


class PolicyUseStore:
    """Counts how policies are used.

    Args:
        database: where suggestions, outcomes and feedback are.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def report(self, window: timedelta) -> UseReport:
        """The use of all policies within a window that ends now."""
        found: dict[str, PolicyUse] = defaultdict(PolicyUse)
        with self._database.reading() as session:
            since = self._clock(session) - window
            counts = [
                _count_shown(session, since, found),
                _count_said(session, since, found),
                _count_judged(session, since, found),
            ]
        return UseReport(since, dict(found), is_whole=max(counts) < NEWEST)


def _count_shown(session: Session, since: datetime, found: dict[str, PolicyUse]) -> int:
    main = SuggestionEntry.answer[("matches", 0, "policy")].as_string()
    rows = select(main, SuggestionEntry.abstained).where(SuggestionEntry.at >= since)
    rows = rows.order_by(SuggestionEntry.at.desc()).limit(NEWEST)
    count = 0
    for policy, abstained in session.execute(rows.execution_options(yield_per=_AT_ONCE)):
        count += 1
        if policy is not None and not abstained:
            found[policy].shown += 1
    return count


def _count_said(session: Session, since: datetime, found: dict[str, PolicyUse]) -> int:
    rows = select(OutcomeRow).where(OutcomeRow.at >= since).order_by(OutcomeRow.at.desc())
    outcomes = session.scalars(rows.limit(NEWEST)).all()
    # Of several outcomes of one contact the one with the highest number holds.
    newest = {one.contact: one for one in sorted(outcomes, key=lambda one: one.number)}
    for outcome in newest.values():
        for policy in {said["policy"] for said in outcome.said}:
            found[policy].said += 1
            found[policy].resolved += outcome.resolved
    return len(outcomes)


def _count_judged(session: Session, since: datetime, found: dict[str, PolicyUse]) -> int:
    rows = select(FeedbackRow).where(FeedbackRow.at >= since).order_by(FeedbackRow.at.desc())
    feedback = session.scalars(rows.limit(NEWEST)).all()
    for verdict, policy in _judgements(feedback):
        match verdict:
            case FeedbackVerdict.RIGHT:
                found[policy].right += 1
            case FeedbackVerdict.WRONG:
                found[policy].wrong += 1
            case FeedbackVerdict.OTHER:
                found[policy].missed += 1
    return len(feedback)


def _judgements(rows: Sequence[FeedbackRow]) -> Iterator[tuple[FeedbackVerdict, str]]:
    """The verdicts that hold, each with the policy that it is about."""
    ordered = sorted(rows, key=lambda row: row.suggestion)
    for _, group in groupby(ordered, key=lambda row: row.suggestion):
        for one in holding(read_feedback(row) for row in group):
            if one.opinion.policy is not None:
                yield one.opinion.verdict, one.opinion.policy
