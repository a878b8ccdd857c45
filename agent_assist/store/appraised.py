"""Suggestions with what is known of whether they were right: what matching learns from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.contact import Excerpt
from agent_assist.core.feedback import Feedback
from agent_assist.core.suggestion import LoggedMatch
from agent_assist.store.database import Database
from agent_assist.store.feedback import read_feedback, read_matches
from agent_assist.store.schema import FeedbackRow, OutcomeRow, SuggestionEntry

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Appraised:
    """A suggestion with all the feedback on it, oldest first.

    Attributes:
        excerpts: what it was made from, masked; empty where it is not kept, or not any more.
    """

    matches: tuple[LoggedMatch, ...]
    excerpts: tuple[Excerpt, ...]
    feedback: tuple[Feedback, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The newest suggestion of a contact that was resolved, with the one policy that was said."""

    matches: tuple[LoggedMatch, ...]
    excerpts: tuple[Excerpt, ...]
    policy: str


class AppraisedStore:
    """Reads suggestions by what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_feedback(self) -> tuple[Appraised, ...]:
        """Every suggestion that there is feedback on, oldest first."""
        with self._database.reading() as session:
            feedback: dict[str, list[Feedback]] = {}
            order = (FeedbackRow.suggestion, FeedbackRow.number)
            for row in session.scalars(select(FeedbackRow).order_by(*order)):
                feedback.setdefault(row.suggestion, []).append(read_feedback(row))
            return tuple(
                Appraised(read_matches(answer), _excerpts(texts), tuple(feedback[suggestion]))
                for suggestion, answer, texts in _suggestions(session, with_feedback=True)
            )

    def resolved(self) -> tuple[Resolved, ...]:
        """Of contacts that were resolved by one policy: the newest suggestion that showed it.

        A suggestion that there is feedback on is passed over: somebody knows better.
        """
        with self._database.reading() as session:
            said = _said(session)
            found: dict[str, Resolved] = {}
            contact = SuggestionEntry.around["contact"].as_string()
            for _, answer, texts, named in _suggestions(session, contact, with_feedback=False):
                policy = said.get(named)
                if policy is None or not texts:
                    continue
                matches = read_matches(answer)
                if any(match.policy == policy for match in matches):
                    found[named] = Resolved(matches, _excerpts(texts), policy)
            return tuple(found.values())


def _suggestions(session: Session, *more: Any, with_feedback: bool) -> Iterator[Any]:
    columns = (SuggestionEntry.id, SuggestionEntry.answer, SuggestionEntry.texts, *more)
    has = select(FeedbackRow).where(FeedbackRow.suggestion == SuggestionEntry.id).exists()
    rows = select(*columns).where(has if with_feedback else ~has)
    rows = rows.order_by(SuggestionEntry.at, SuggestionEntry.id)
    return iter(session.execute(rows.execution_options(yield_per=_AT_ONCE)))


def _said(session: Session) -> dict[str, str]:
    """By contact the one policy that was said, where its newest outcome says it was resolved."""
    columns = (OutcomeRow.contact, OutcomeRow.resolved, OutcomeRow.said)
    rows = select(*columns).order_by(OutcomeRow.contact, OutcomeRow.number)
    newest = {contact: (resolved, said) for contact, resolved, said in session.execute(rows)}
    return {
        contact: said[0]["policy"]
        for contact, (resolved, said) in newest.items()
        if resolved and len(said) == 1
    }


def _excerpts(texts: list[dict[str, Any]] | None) -> tuple[Excerpt, ...]:
    return tuple(Excerpt(one["turn"], one["text"]) for one in texts or ())
