"""POST /v1/suggestions and /v1/decisions: what to say and what to give in one contact."""

from collections.abc import Mapping

from agent_assist.admit import Caller, Scope
from agent_assist.circumstances import Circumstances, RemedyAsked
from agent_assist.core.contact import Transcript, Turn
from agent_assist.core.facts import AmountText, RawValue
from agent_assist.core.people import NotYourself
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.web import answers, examples, requests
from agent_assist.web.admission import MissingScope
from agent_assist.web.amounts import MoneyGiven, read_if_stated
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services
from agent_assist.web.writers import write_decisions, write_suggestion

_SUGGEST = About(
    tag="contacts",
    summary="What to say, why, and what may be given, for what the customer said",
    examples={"a text": examples.SUGGESTION, "a transcript": examples.TRANSCRIPT},
)
_DECIDE = About(
    tag="contacts",
    summary="What may be given, for an issue that is known",
    examples={"the most": examples.DECISION, "an amount": examples.ASK},
)


def register(api: Operations, services: Services) -> None:
    """Add the operations on contacts."""

    @api.post(
        "/v1/suggestions",
        Scope.SUGGEST,
        _SUGGEST,
        body=requests.SuggestionRequest,
        answer=answers.Suggestion,
    )
    def suggest(body: requests.SuggestionRequest, now: Exchange) -> answers.Suggestion:
        """Match what was said to policies and decide on every remedy worth discussing.

        The answer is logged with the versions it was made from; of what the customer said, at
        most what remains without numbers, addresses and links.
        `abstained` is true when no match is sure enough: the nearest are still listed.
        """
        snapshot = services.live.current()
        around = _around(body, now.caller, snapshot.vocabulary)
        suggestion = services.suggester.suggest(snapshot, _said(body), around, now.timing)
        return write_suggestion(suggestion, snapshot.vocabulary)

    @api.post(
        "/v1/decisions",
        Scope.DECIDE,
        _DECIDE,
        body=requests.DecisionRequest,
        answer=answers.Decisions,
    )
    def decide(body: requests.DecisionRequest, now: Exchange) -> answers.Decisions:
        """Decide exactly on the remedies asked for, or on all that are worth discussing.

        Unknown facts are unknown, not false: what they could change stands in `possible`, and
        what to ask in `questions`.
        """
        snapshot = services.live.current()
        around = _around(body, now.caller, snapshot.vocabulary)
        asked = tuple(RemedyAsked(one.remedy, read_if_stated(one.amount)) for one in body.remedies)
        decided = services.suggester.decide(snapshot, body.issue, asked, around, now.timing)
        return write_decisions(decided, snapshot.vocabulary)


def _said(body: requests.SuggestionRequest) -> str | Transcript:
    if body.text is not None:
        return body.text
    return tuple(Turn(turn.speaker, turn.text, turn.at) for turn in body.transcript or ())


def _around(body: requests.Circumstances, caller: Caller, vocabulary: Vocabulary) -> Circumstances:
    rep = read_rep(body.rep, caller, vocabulary)
    return Circumstances(
        facts=read_facts_given(body.facts),
        level=rep.level,
        rep=rep.id,
        team=rep.team,
        customer=body.customer.id if body.customer else None,
        order=body.order.id if body.order else None,
        contact=body.contact.external_id if body.contact else None,
        channel=body.contact.channel if body.contact else None,
        locale=body.contact.locale if body.contact else None,
        key=caller.key_id,
    )


def read_rep(
    rep: requests.RepGiven | None, caller: Caller, vocabulary: Vocabulary
) -> requests.RepGiven:
    """The representative of a request; of a session its person, at the server's word.

    Raises:
        MissingScope: a level is stated that needs a scope.
        NotYourself: a session names somebody else, or states a level or a team.
    """
    given = rep or requests.RepGiven()
    if caller.person is None:
        _check_level(given.level, caller, vocabulary)
        return given
    if given.level is not None or given.team is not None:
        raise NotYourself
    return requests.RepGiven(id=caller.acting(given.id))


def _check_level(level: str | None, caller: Caller, vocabulary: Vocabulary) -> None:
    """Only a key with the scope may state a level that gives more than the lowest does."""
    above = {known.key for known in vocabulary.levels[1:]}
    if level in above and Scope.LEVEL not in caller.scopes:
        raise MissingScope(Scope.LEVEL, "stating a level above the lowest")


def read_facts_given(given: Mapping[str, requests.FactGiven]) -> dict[str, RawValue]:
    """Facts as they arrived, for `core.facts`."""
    return {
        key: AmountText(value.amount, value.currency) if isinstance(value, MoneyGiven) else value
        for key, value in given.items()
    }
