"""Appraise: whether a suggestion was right, as those who used it say."""

from agent_assist.core.feedback import Opinion, settled
from agent_assist.core.people import EVERYTHING, Sight
from agent_assist.live import Snapshot
from agent_assist.store.feedback import Answer, FeedbackStore, SuggestionRecord
from agent_assist.store.once import Once, StoredAnswer


class Appraiser:
    """Takes feedback on suggestions; never what a customer said."""

    def __init__(self, store: FeedbackStore) -> None:
        self._store = store

    def find(self, suggestion_id: str, sight: Sight = EVERYTHING) -> SuggestionRecord:
        """A suggestion as it was logged, with its feedback; NotFound if none is in sight."""
        return self._store.find(suggestion_id, sight)

    def appraise(
        self,
        snapshot: Snapshot,
        suggestion_id: str,
        opinion: Opinion,
        by: str,
        once: Once,
        answer: Answer,
        *,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """Add an opinion to a suggestion; errors as `core.feedback.settled` and the store's `add`.

        What it names is judged by the library that is live now, and by what was shown then.
        """
        covers = {key: held.policy.issues for key, held in snapshot.policies.items()}
        return self._store.add(
            suggestion_id, lambda shown: settled(opinion, shown, covers), by, once, answer, sight
        )
