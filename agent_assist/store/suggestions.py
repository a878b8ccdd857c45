"""The log of suggestions: which answer was given, on which facts, from which versions."""

from collections.abc import Mapping
from typing import Any

from agent_assist.core.suggestion import SuggestedPolicy, Suggestion
from agent_assist.store.database import Database
from agent_assist.store.schema import SuggestionEntry


class SuggestionStore:
    """Appends suggestions and gives them back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, suggestion: Suggestion, key_id: str | None, around: Mapping[str, Any]) -> None:
        """Log one suggestion. `around` is JSON of who asked about whom, with the facts."""
        entry = SuggestionEntry(
            id=suggestion.id,
            at=suggestion.at,
            key_id=key_id,
            library_version=suggestion.versions.library,
            limits_version=suggestion.versions.limits,
            budgets_version=suggestion.versions.budgets,
            model=suggestion.versions.model,
            level=suggestion.level,
            abstained=suggestion.abstained,
            around=dict(around),
            answer={"matches": [_match(one) for one in suggestion.matches]},
        )
        with self._database.logging() as session:
            session.add(entry)

    def count(self) -> int:
        """How many suggestions were ever logged."""
        with self._database.reading() as session:
            return session.query(SuggestionEntry).count()


def _match(suggested: SuggestedPolicy) -> dict[str, Any]:
    return {
        "policy": suggested.match.policy,
        "version": suggested.policy.version,
        "issue": suggested.match.issue,
        "probability": round(suggested.match.probability, 6),
        "options": [
            {
                "remedy": option.decision.remedy.key,
                "verdict": option.decision.verdict.value,
                "rows": [t.row.key for t in option.decision.trace if t.decisive],
            }
            for option in suggested.options
        ],
    }
