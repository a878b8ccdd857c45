"""GET /v1/suggestions/{id} and POST /v1/suggestions/{id}/feedback."""

from pydantic import TypeAdapter

from agent_assist.admit import Caller, Scope
from agent_assist.core.feedback import Feedback, Opinion, holding
from agent_assist.core.suggestion import LoggedMatch
from agent_assist.store.feedback import SuggestionRecord
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.contacts import feedback_shapes as shapes
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services
from agent_assist.web.writers import write_probability, write_versions

_FEEDBACK = TypeAdapter(shapes.Feedback)
_PATH = {
    "suggestion_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,40}$",
        "description": "The suggestion's id.",
        "examples": ["sug_Yx0cVh3Qm1aZ"],
    }
}


def register(api: Operations, services: Services) -> None:
    """Add the operations on suggestions that were given."""

    @api.get(
        "/v1/suggestions/<suggestion_id>",
        Scope.RECORD,
        About("contacts", "Read a suggestion that was given", path=_PATH),
        query=NoQuery,
        answer=shapes.GivenSuggestion,
    )
    def read_suggestion(
        _query: NoQuery, now: Exchange, suggestion_id: str
    ) -> shapes.GivenSuggestion:
        """Read what was answered, from which versions, and the feedback on it.

        What the customer said is not in it. After 90 days, or as the operator has set, most
        suggestions are gone (404).
        """
        return _write(services.appraiser.find(suggestion_id, now.caller.sight(Scope.RECORD)))

    @api.post_once(
        "/v1/suggestions/<suggestion_id>/feedback",
        Scope.RECORD,
        About(
            "contacts",
            "Say whether a suggestion was right",
            path=_PATH,
            examples={"right": examples.FEEDBACK, "it was this one": examples.OTHER},
        ),
        body=shapes.FeedbackRequest,
        answer=shapes.Feedback,
        status=201,
    )
    def give_feedback(
        body: shapes.FeedbackRequest, now: Exchange, once: Once, suggestion_id: str
    ) -> StoredAnswer:
        """Say whether it was right, or which policy it should have been; matching learns from it.

        Feedback is never changed: of several of the same person the newest holds.
        """
        snapshot, by = services.live.current(), now.caller.actor
        with now.timing.step("store"):
            return services.appraiser.appraise(
                snapshot,
                suggestion_id,
                _opinion(body, now.caller),
                by,
                once,
                _answer,
                sight=now.caller.sight(Scope.RECORD),
            )


def _opinion(body: shapes.FeedbackRequest, caller: Caller) -> Opinion:
    rep = caller.acting(None if body.by is None else body.by.id)
    return Opinion(body.verdict, body.policy, body.issue, rep)


def _answer(feedback: Feedback) -> bytes:
    return _FEEDBACK.dump_json(_write_feedback(feedback))


def _write(record: SuggestionRecord) -> shapes.GivenSuggestion:
    suggestion, held = record.suggestion, holding(record.feedback)
    return {
        "id": suggestion.id,
        "at": suggestion.at,
        "abstained": suggestion.abstained,
        "level": suggestion.level,
        "versions": write_versions(suggestion.versions),
        "matches": [_write_match(one) for one in suggestion.matches],
        "feedback": [{**_write_feedback(one), "holds": one in held} for one in record.feedback],
    }


def _write_match(match: LoggedMatch) -> shapes.MatchShown:
    return {
        "role": match.role,
        "policy": {"id": match.policy, "version": match.version},
        "issue": match.issue,
        "probability": write_probability(match.probability),
        "wording": match.wording,
        "turns": list(match.turns),
        "options": [{"remedy": one.remedy, "verdict": one.verdict} for one in match.options],
    }


def _write_feedback(feedback: Feedback) -> shapes.Feedback:
    opinion = feedback.opinion
    return {
        "number": feedback.number,
        "at": feedback.at,
        "by": opinion.rep,
        "verdict": opinion.verdict,
        "policy": opinion.policy or "",
        "issue": opinion.issue,
    }
