"""The log of suggestions and decisions: which was given, on which facts, from which versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from agent_assist.core.contact import Excerpt
from agent_assist.core.suggestion import DecisionSet, SuggestedPolicy, Suggestion
from agent_assist.store.again import again_if_aborted
from agent_assist.store.database import Database
from agent_assist.store.schema import Base, DecisionEntry, SuggestionEntry

# Into tables rather than entities: nothing of an answer's log is ever read as an object.
_TABLES = Base.metadata.tables
_APPEND = insert(_TABLES[SuggestionEntry.__tablename__])
_APPEND_DECISIONS = insert(_TABLES[DecisionEntry.__tablename__])


class SuggestionStore:
    """Appends suggestions, and decisions that were asked for alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @again_if_aborted
    def append(
        self,
        suggestion: Suggestion,
        key_id: str | None,
        around: Mapping[str, Any],
        excerpts: Sequence[Excerpt] = (),
    ) -> None:
        """Log one suggestion.

        Args:
            suggestion: what was answered.
            key_id: of the API key that asked.
            around: JSON of who asked about whom, with the facts.
            excerpts: of what was said, masked, the newest first; none if it is not kept.
        """
        entry = {
            "id": suggestion.id,
            "at": suggestion.at,
            "key_id": key_id,
            "library_version": suggestion.versions.library,
            "limits_version": suggestion.versions.limits,
            "budgets_version": suggestion.versions.budgets,
            "model": suggestion.versions.model,
            "level": suggestion.level,
            "abstained": suggestion.abstained,
            "around": dict(around),
            **_pair(suggestion, around),
            "answer": {"matches": [_match(one) for one in suggestion.matches]},
            "texts": [{"turn": one.turn, "text": one.text} for one in excerpts] or None,
        }
        with self._database.logging() as connection:
            connection.execute(_APPEND, entry)

    @again_if_aborted
    def append_decisions(
        self,
        decided: DecisionSet,
        key_id: str | None,
        asked: Mapping[str, int | None],
        around: Mapping[str, Any],
    ) -> None:
        """Log decisions that were asked for: `asked` by remedy with the amounts, empty for all."""
        entry = {
            "id": decided.id,
            "at": decided.at,
            "key_id": key_id,
            "library_version": decided.versions.library,
            "limits_version": decided.versions.limits,
            "budgets_version": decided.versions.budgets,
            "level": decided.level,
            "issue": decided.issue,
            "asked": dict(asked),
            "around": dict(around),
        }
        with self._database.logging() as connection:
            connection.execute(_APPEND_DECISIONS, entry)

    def count(self) -> int:
        """How many suggestions were ever logged."""
        with self._database.reading() as session:
            return session.query(SuggestionEntry).count()


def _pair(suggestion: Suggestion, around: Mapping[str, Any]) -> dict[str, str | None]:
    """The wording that a contact was assigned of what it was answered; see `core.wordings`."""
    shown = suggestion.matches[0].shown if suggestion.matches else None
    if shown is None or suggestion.abstained or "contact" not in around:
        return {"pair": None, "wording": None}
    return {"pair": shown.pair, "wording": shown.wording.value}


def _match(suggested: SuggestedPolicy) -> dict[str, Any]:
    wording = {} if suggested.shown is None else {"wording": suggested.shown.wording.value}
    return {
        "policy": suggested.match.policy,
        "version": suggested.policy.version,
        "issue": suggested.match.issue,
        "role": suggested.match.role.value,
        "turns": list(suggested.match.turns),
        "probability": round(suggested.match.probability, 6),
        **wording,
        "options": [
            {
                "remedy": option.decision.remedy.key,
                "verdict": option.decision.verdict.value,
                "rows": list(option.decision.rests_on),
            }
            for option in suggested.options
        ],
    }
