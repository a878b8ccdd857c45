"""PUT and GET /v1/contacts, POST /v1/contacts/{external_id}/outcome."""

from pydantic import TypeAdapter

from agent_assist.admit import Caller, Scope
from agent_assist.core.contact import Contact
from agent_assist.core.outcomes import Ending, Outcome, PolicySaid
from agent_assist.store.contacts import ContactRecord
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.contacts import outcome_shapes as shapes
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import UNSEEN
from agent_assist.web.services import Services

_SCOPE = Scope.RECORD
_OUTCOME = TypeAdapter(shapes.Outcome)
_PATH = {
    "external_id": {
        "type": "string",
        "pattern": f"^[^/ {UNSEEN}]([^/{UNSEEN}]{{0,198}}[^/ {UNSEEN}])?$",
        "description": "The CRM's id of the contact.",
        "examples": ["4711"],
    }
}


def register(api: Operations, services: Services) -> None:
    """Add the operations on contacts and their outcomes."""

    @api.put(
        "/v1/contacts/<external_id>",
        _SCOPE,
        About("contacts", "Describe a contact", path=_PATH, examples={"a chat": examples.CONTACT}),
        body=shapes.ContactRequest,
        answer=shapes.Contact,
    )
    def put_contact(body: shapes.ContactRequest, now: Exchange, external_id: str) -> shapes.Contact:
        """Keep a contact as it is described, in place of any earlier description.

        Sending the same again changes nothing. What was said in it is never kept. In a session, a
        colleague's contact becomes its person's; another team's is refused.
        """
        snapshot = services.live.current()
        with now.timing.step("store"):
            described, sight = _contact(external_id, body, now.caller), now.caller.sight(_SCOPE)
            return _write(services.recorder.put(snapshot, described, sight))

    @api.get(
        "/v1/contacts/<external_id>",
        _SCOPE,
        About("contacts", "Read a contact", path=_PATH),
        query=NoQuery,
        answer=shapes.Contact,
    )
    def read_contact(_query: NoQuery, now: Exchange, external_id: str) -> shapes.Contact:
        """Read a contact with its outcomes; in a session, one that its person may see."""
        return _write(services.recorder.find(external_id, now.caller.sight(_SCOPE)))

    @api.get(
        "/v1/outcomes",
        _SCOPE,
        About("contacts", "Look how a contact ended"),
        query=shapes.OutcomeListQuery,
        answer=shapes.OutcomeList,
    )
    def list_outcomes(query: shapes.OutcomeListQuery, now: Exchange) -> shapes.OutcomeList:
        """List the outcomes of a contact, oldest first; none of one that nobody described yet."""
        found = services.recorder.known(query.contact, now.caller.sight(_SCOPE))
        outcomes = () if found is None else found.outcomes
        return {
            "is_described": found is not None,
            "items": [_write_outcome(one) for one in outcomes],
        }

    @api.post_once(
        "/v1/contacts/<external_id>/outcome",
        _SCOPE,
        About(
            "contacts",
            "Say how a contact ended",
            path=_PATH,
            examples={"resolved": examples.OUTCOME},
        ),
        body=shapes.OutcomeRequest,
        answer=shapes.Outcome,
        status=201,
    )
    def record_outcome(
        body: shapes.OutcomeRequest, now: Exchange, once: Once, external_id: str
    ) -> StoredAnswer:
        """Record whether it was resolved, what was explained and given, and what had caused it.

        An outcome is never changed; another one corrects it. The contact must be known.
        """
        by, sight = now.caller.actor, now.caller.sight(_SCOPE)
        with now.timing.step("store"):
            return services.recorder.end(external_id, _ending(body), by, once, _answer, sight=sight)


def _contact(external_id: str, body: shapes.ContactRequest, caller: Caller) -> Contact:
    return Contact(
        external_id=external_id,
        opened_at=body.opened_at,
        closed_at=body.closed_at,
        channel=body.channel,
        locale=body.locale,
        customer=body.customer,
        rep=caller.acting(body.rep),
        team=caller.in_team(body.team),
        issues=tuple(body.issues),
    )


def _ending(body: shapes.OutcomeRequest) -> Ending:
    return Ending(
        resolved=body.resolved,
        cause=body.cause,
        said=tuple(PolicySaid(one.policy, one.version, one.wording) for one in body.said),
        given=tuple(body.given),
        note=body.note,
    )


def _answer(outcome: Outcome) -> bytes:
    return _OUTCOME.dump_json(_write_outcome(outcome))


def _write(record: ContactRecord) -> shapes.Contact:
    contact = record.contact
    return {
        "external_id": contact.external_id,
        "opened_at": contact.opened_at,
        "closed_at": contact.closed_at,
        "channel": contact.channel,
        "locale": contact.locale,
        "customer": contact.customer,
        "rep": contact.rep,
        "team": contact.team,
        "issues": list(contact.issues),
        "outcomes": [_write_outcome(outcome) for outcome in record.outcomes],
    }


def _write_outcome(outcome: Outcome) -> shapes.Outcome:
    ending = outcome.ending
    return {
        "number": outcome.number,
        "at": outcome.at,
        "resolved": ending.resolved,
        "cause": ending.cause,
        "said": [
            {"policy": one.policy, "version": one.version, "wording": one.wording}
            for one in ending.said
        ],
        "given": list(ending.given),
        "note": ending.note,
    }
