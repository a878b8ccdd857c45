"""Feedback on suggestions, which is only ever added to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.decision import Verdict
from agent_assist.core.errors import NotFound
from agent_assist.core.feedback import Feedback, FeedbackVerdict, Opinion
from agent_assist.core.matches import Role
from agent_assist.core.people import EVERYTHING, Sight
from agent_assist.core.suggestion import LoggedMatch, LoggedOption, LoggedSuggestion, Versions
from agent_assist.core.wordings import Wording
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.figures.changes import SUGGESTIONS, Note, note
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.schema import FeedbackRow, SuggestionEntry

Settle = Callable[[Sequence[LoggedMatch]], Opinion]
"""Gives the opinion to record, for the matches that were shown; raises what is wrong with it."""

Answer = Callable[[Feedback], bytes]
"""Writes the answer about feedback."""

CREATED = 201


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """A suggestion as it was logged and the feedback on it, oldest first."""

    suggestion: LoggedSuggestion
    feedback: tuple[Feedback, ...]


class FeedbackStore:
    """Keeps feedback, and reads what it is about.

    Args:
        database: where it is kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def find(self, suggestion_id: str, sight: Sight = EVERYTHING) -> SuggestionRecord:
        """A suggestion with its feedback; NotFound if none is in sight, or not any more."""
        with self._database.reading() as session:
            row = _seen(session.get(SuggestionEntry, suggestion_id), suggestion_id, sight)
            return SuggestionRecord(_suggestion(row), _feedback_on(session, suggestion_id))

    @again_if_aborted
    def add(
        self,
        suggestion_id: str,
        settle: Settle,
        by: str,
        once: Once,
        answer: Answer,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """Add feedback to a suggestion, once.

        Raises:
            NotFound: there is no such suggestion in sight, or not any more.
            KeyReused, KeyInFlight: see `store.once`; and whatever `settle` does.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            # Locked, so that it is not deleted meanwhile, and numbers are given one by one.
            held = session.get(SuggestionEntry, suggestion_id, with_for_update={"key_share": True})
            row = _seen(held, suggestion_id, sight)
            opinion = settle(_suggestion(row).matches)
            number = len(_feedback_on(session, suggestion_id)) + 1
            feedback = Feedback(number, self._clock(session), by, opinion)
            session.add(_row(suggestion_id, feedback))
            note(session, SUGGESTIONS, [Note(row.at)])
            return fulfil(session, once, CREATED, answer(feedback))


def _seen(row: SuggestionEntry | None, suggestion_id: str, sight: Sight) -> SuggestionEntry:
    if row is None or not sight.covers(row.around.get("rep"), row.around.get("team")):
        raise NotFound("suggestion", suggestion_id)
    return row


def _feedback_on(session: Session, suggestion_id: str) -> tuple[Feedback, ...]:
    rows = select(FeedbackRow).where(FeedbackRow.suggestion == suggestion_id)
    return tuple(read_feedback(row) for row in session.scalars(rows.order_by(FeedbackRow.number)))


def _row(suggestion_id: str, feedback: Feedback) -> FeedbackRow:
    opinion = feedback.opinion
    return FeedbackRow(
        suggestion=suggestion_id,
        number=feedback.number,
        at=feedback.at,
        by=feedback.by,
        rep=opinion.rep,
        verdict=opinion.verdict,
        policy=opinion.policy,
        issue=opinion.issue,
    )


def read_feedback(row: FeedbackRow) -> Feedback:
    """Feedback as it was recorded."""
    opinion = Opinion(FeedbackVerdict(row.verdict), row.policy, row.issue, row.rep)
    return Feedback(row.number, row.at, row.by, opinion)


def read_matches(answer: dict[str, Any]) -> tuple[LoggedMatch, ...]:
    """The matches of a logged answer, the main one first."""
    return tuple(_match(one, place) for place, one in enumerate(answer["matches"]))


def _suggestion(row: SuggestionEntry) -> LoggedSuggestion:
    numbers = (row.library_version, row.limits_version, row.budgets_version)
    return LoggedSuggestion(
        id=row.id,
        at=row.at,
        versions=Versions(*numbers, row.model),
        level=row.level,
        abstained=row.abstained,
        matches=read_matches(row.answer),
    )


def _match(found: dict[str, Any], place: int) -> LoggedMatch:
    options = (LoggedOption(one["remedy"], Verdict(one["verdict"])) for one in found["options"])
    # Roles and turns were not always logged.
    role = Role(found.get("role", Role.ALTERNATIVE if place else Role.MAIN))
    return LoggedMatch(
        policy=found["policy"],
        version=found["version"],
        issue=found["issue"],
        role=role,
        turns=tuple(found.get("turns", ())),
        probability=found["probability"],
        options=tuple(options),
        wording=Wording(found["wording"]) if "wording" in found else None,
    )
