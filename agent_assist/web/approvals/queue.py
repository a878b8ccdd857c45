"""GET /v1/queue, decisions on several requests at once, and who is away."""

from agent_assist.admit import Scope
from agent_assist.core.errors import AgentAssistError, FieldProblem, InvalidInput, NotFound
from agent_assist.core.people import Delegation
from agent_assist.store.once import StoredAnswer
from agent_assist.web import examples
from agent_assist.web.approvals import queue_shapes as shapes
from agent_assist.web.approvals.approvals import DECISION, decide_on
from agent_assist.web.approvals.queue_writers import write_waiting
from agent_assist.web.approvals.shapes import RulingRequest
from agent_assist.web.approvals.writers import read_answer
from agent_assist.web.cursors import begun, read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants.shapes import ByGiven
from agent_assist.web.once import once_for
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.problems import describe
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services

_PERSON = {
    "person_id": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "description": "The person's id.",
        "examples": ["demo-rep-10"],
    }
}


def register(api: Operations, services: Services) -> None:
    """Add the operations of those who decide."""
    _register_queue(api, services)
    _register_absences(api, services)


def _register_queue(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/queue",
        Scope.APPROVE,
        About("approvals", "What waits for a decision"),
        query=shapes.QueueQuery,
        answer=shapes.QueuePage,
    )
    def read_queue(query: shapes.QueueQuery, now: Exchange) -> shapes.QueuePage:
        """List what waits, the oldest first, with all that a decision needs.

        How much it is above, what each level may give now, what the budgets have given within
        their windows, what was decided in like cases, and whether the person who looks may decide.
        It is advice: only the decision decides.
        """
        by = now.caller.acting(query.decider)
        if by is None:
            detail = "is required: whether somebody may decide depends on who they are"
            raise InvalidInput([FieldProblem("decider", "missing", detail)])
        snapshot = services.live.current()
        with now.timing.step("store"):
            at, found = services.triage.waiting(
                snapshot,
                by,
                team=query.team,
                limit=query.limit + 1,
                after=read_place(query.cursor),
            )
        page, following = begun(found, query.limit, lambda one: one.shown.approval.seq)
        return {
            "at": at,
            "items": [write_waiting(one, snapshot.vocabulary) for one in page],
            "next_cursor": following,
        }

    @api.post(
        "/v1/approvals/decisions",
        Scope.APPROVE,
        About("approvals", "Decide on several requests", examples={"two": examples.RULINGS}),
        body=shapes.RulingsRequest,
        answer=shapes.RulingAnswers,
    )
    def decide_approvals(body: shapes.RulingsRequest, now: Exchange) -> shapes.RulingAnswers:
        """Decide on several requests, each by itself: what fails does not keep the others back.

        Each has an `Idempotency-Key` of its own, so that all of them can be sent again; the answer
        says what became of each.
        """
        return {"items": [_rule(services, one, body.by, now) for one in body.decisions]}


def _rule(
    services: Services, one: shapes.OneRuling, by: ByGiven, now: Exchange
) -> shapes.RulingAnswer:
    """What became of one decision of several, as if it had been sent alone."""
    alone = RulingRequest.model_construct(
        **{name: getattr(one, name) for name in RulingRequest.model_fields if name != "by"}, by=by
    )
    path = DECISION.replace("<approval_id>", one.approval)
    once = once_for(DECISION, one.key, alone, now.caller, path=path)
    try:
        return _answered(one, decide_on(services, one.approval, alone, now, once))
    except AgentAssistError as error:
        # A retry is not judged again: what was done may by now be forbidden.
        earlier = services.drafts.answered(once)
        if earlier is not None:
            return _answered(one, earlier)
        problem, more = describe(error)
        return {
            "id": one.approval,
            "status": problem.status,
            "replayed": False,
            "approval": None,
            "problem": problem,
            "conflict": more,
        }


def _answered(one: shapes.OneRuling, answer: StoredAnswer) -> shapes.RulingAnswer:
    return {
        "id": one.approval,
        "status": answer.status,
        "replayed": answer.replayed,
        "approval": read_answer(answer.body),
        "problem": None,
        "conflict": None,
    }


def _register_absences(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/absences",
        Scope.APPROVE,
        About("people", "Who is away"),
        query=NoQuery,
        answer=shapes.Absences,
    )
    def list_absences(_query: NoQuery, _now: Exchange) -> shapes.Absences:
        """List who is away today or later, who stands in for them, and who could."""
        found = services.roster.absences()
        return {
            "today": found.today,
            "items": [_absence(one) for one in found.delegations],
            "deciders": [
                {"id": one.id, "name": one.name, "level": one.level, "team": one.team}
                for one in found.deciders
            ],
        }

    @api.put(
        "/v1/absences/<person_id>",
        Scope.APPROVE,
        About("people", "Be away", path=_PERSON, examples={"away": examples.ABSENCE}),
        body=shapes.AbsenceRequest,
        answer=shapes.Absence,
    )
    def be_away(body: shapes.AbsenceRequest, now: Exchange, person_id: str) -> shapes.Absence:
        """Say from which to which day somebody is away and who stands in, instead of before.

        The substitute is asked first for what would have gone to them, within the substitute's own
        level: a delegation moves work and never authority. A session says so of its person alone.
        """
        person = now.caller.acting(person_id) or person_id
        delegation = Delegation(person, body.substitute.id, body.first, body.last)
        services.roster.be_away(delegation, now.caller.actor)
        return _absence(delegation)

    @api.delete(
        "/v1/absences/<person_id>",
        Scope.APPROVE,
        About("people", "Be back", path=_PERSON),
        query=NoQuery,
        answer=shapes.EndedAbsence,
    )
    def be_back(_query: NoQuery, now: Exchange, person_id: str) -> shapes.EndedAbsence:
        """End all absences of somebody, also those to come."""
        person = now.caller.acting(person_id) or person_id
        if services.roster.find(person) is None:
            raise NotFound("person", person[:80])
        ended = services.roster.end_delegations(person, now.caller.actor)
        return {"person": person, "ended": ended}


def _absence(delegation: Delegation) -> shapes.Absence:
    return {
        "person": delegation.person,
        "substitute": delegation.substitute,
        "first": delegation.first,
        "last": delegation.last,
    }
