"""POST /v1/grants and what follows a grant; GET /v1/headroom."""

from datetime import datetime

from pydantic import TypeAdapter

from agent_assist.admit import Caller, Scope
from agent_assist.core.grants import Grant, Parties
from agent_assist.core.people import NotYourself
from agent_assist.grant import ChangeWanted, GrantWanted
from agent_assist.live import Snapshot
from agent_assist.store.approvals.approvals import Answers
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.amounts import read_if_stated, read_stated
from agent_assist.web.approvals.shapes import Approval
from agent_assist.web.approvals.writers import answer_approval
from agent_assist.web.contacts.contacts import read_facts_given, read_rep
from agent_assist.web.cursors import begun, read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants import shapes
from agent_assist.web.grants.writers import write_grant, write_headroom
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services
from agent_assist.web.writers import write_versions

_GRANT = TypeAdapter(shapes.Grant)
_GRANT_ID = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{1,40}$",
    "description": "The grant's id.",
    "examples": ["grt_Yx0cVh3Qm1aZ"],
}
_PATH = {"grant_id": _GRANT_ID}


def register(api: Operations, services: Services) -> None:
    """Add the operations on grants."""
    _register_acts(api, services)
    _register_reading(api, services)


def _register_acts(api: Operations, services: Services) -> None:
    @api.post_once(
        "/v1/grants",
        Scope.GRANT,
        About(
            "grants",
            "Give a remedy",
            examples={"a waiver": examples.GRANT, "or ask": examples.GIVE_OR_ASK},
        ),
        body=shapes.GrantRequest,
        answer=shapes.Grant,
        status=201,
        others={202: Approval, 200: Approval},
    )
    def grant(body: shapes.GrantRequest, now: Exchange, once: Once) -> StoredAnswer:
        """Decide on a remedy and reserve it against every budget that counts it, at once.

        A reservation counts until it expires, unless it is captured before. More than the
        headroom is refused with 409, which says how much is left and what holds it down; with
        `approval` set to `request` an approval is asked for instead (202, or 200 with the earlier
        answer to an unchanged or lower repeat).
        """

        def reserve(snapshot: Snapshot) -> StoredAnswer:
            wanted = read_wanted(body, now.caller, snapshot)
            with now.timing.step("store"):
                if body.approval is None:
                    return services.granter.grant(snapshot, wanted, once, _answer)
                asked = services.granter.read(snapshot, wanted)
                answers = Answers(_answer, answer_approval)
                return services.approver.give_or_request(snapshot, asked, once, answers)

        return services.live.act(reserve)

    @api.post_once(
        "/v1/grants/<grant_id>/capture",
        Scope.GRANT,
        About("grants", "Make a grant final", path=_PATH, examples={"all": {}}),
        body=shapes.CaptureRequest,
        answer=shapes.Grant,
        status=200,
    )
    def capture_grant(
        body: shapes.CaptureRequest, now: Exchange, once: Once, grant_id: str
    ) -> StoredAnswer:
        """Make a reservation final, whole or less; what is left of it is released."""
        by = _by(body.rep, now.caller, services, grant_id)
        return services.granter.capture(
            ChangeWanted(grant_id, read_if_stated(body.amount), by), once, _answer
        )

    @api.post_once(
        "/v1/grants/<grant_id>/void",
        Scope.GRANT,
        About("grants", "Take a grant back", path=_PATH, examples={"all": examples.VOID}),
        body=shapes.VoidRequest,
        answer=shapes.Grant,
        status=200,
    )
    def void_grant(
        body: shapes.VoidRequest, now: Exchange, once: Once, grant_id: str
    ) -> StoredAnswer:
        """Take a grant back, reserved or captured, whole or a part of it.

        Its budgets get the amount back in the window in which it was granted. A budget on the
        number of grants counts it until it is voided whole. What was captured of a remedy that is
        not `reversible` stays given (409).
        """
        by = _by(body.rep, now.caller, services, grant_id)
        wanted = ChangeWanted(grant_id, read_if_stated(body.amount), by, body.reason)
        return services.granter.void(wanted, once, _answer)


def _register_reading(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/grants",
        Scope.GRANT,
        About("grants", "List grants"),
        query=shapes.GrantListQuery,
        answer=shapes.GrantPage,
    )
    def list_grants(query: shapes.GrantListQuery, now: Exchange) -> shapes.GrantPage:
        """List grants, newest first, page by page; in a session, those that its person may see."""
        grants, at = services.granter.page(
            limit=query.limit + 1,
            before=read_place(query.cursor),
            customer=query.customer,
            contact=query.contact,
            sight=now.caller.sight(Scope.GRANT),
        )
        page, following = begun(grants, query.limit, lambda one: one.seq)
        return {
            "items": [write_grant(one, at) for one in page],
            "next_cursor": following,
        }

    @api.get(
        "/v1/grants/<grant_id>",
        Scope.GRANT,
        About("grants", "Read a grant", path=_PATH),
        query=NoQuery,
        answer=shapes.Grant,
    )
    def read_grant(_query: NoQuery, now: Exchange, grant_id: str) -> shapes.Grant:
        """Read a grant with all that was done to it."""
        return write_grant(*services.granter.find(grant_id, now.caller.sight(Scope.GRANT)))

    @api.get(
        "/v1/headroom",
        Scope.GRANT,
        About("grants", "What budgets have left"),
        query=shapes.HeadroomQuery,
        answer=shapes.Headroom,
    )
    def headroom(query: shapes.HeadroomQuery, now: Exchange) -> shapes.Headroom:
        """What is left of every budget whose ids are given, for a level; the lowest without one."""
        snapshot = services.live.current()
        vocabulary = snapshot.vocabulary
        rep, team = _whose(query, now.caller, services)
        parties = Parties(query.contact, query.order, query.customer, rep, team)
        found = services.granter.headroom(snapshot, parties, query.level)
        return {
            "level": query.level or vocabulary.levels[0].key,
            "versions": write_versions(snapshot.versions),
            "items": [write_headroom(one, vocabulary.currency) for one in found],
        }


def read_wanted(body: shapes.AskedRemedy, caller: Caller, snapshot: Snapshot) -> GrantWanted:
    """A remedy that is asked for, as it arrived; MissingScope for a level that needs one."""
    rep, contact = read_rep(body.rep, caller, snapshot.vocabulary), body.contact
    return GrantWanted(
        issue=body.issue,
        remedy=body.remedy,
        amount=read_stated(body.amount),
        reason_code=body.reason_code,
        comment=body.comment,
        facts=read_facts_given(body.facts),
        level=rep.level,
        parties=Parties(
            contact=contact.external_id if contact else None,
            order=body.order.id if body.order else None,
            customer=body.customer.id if body.customer else None,
            rep=rep.id,
            team=rep.team,
        ),
        suggestion=body.suggestion,
        key=caller.key_id,
    )


def _by(rep: shapes.ByGiven | None, caller: Caller, services: Services, grant_id: str) -> str:
    """Who changes a grant; a session only what its person gave.

    Raises:
        NotYourself: somebody else gave it, or the session names somebody else.
        NotFound: there is none that the caller may see.
    """
    by, sight = caller.acting(rep.id if rep else None), caller.sight(Scope.GRANT)
    if caller.person is not None and services.granter.find(grant_id, sight)[0].parties.rep != by:
        raise NotYourself
    return f"rep:{by}" if by else caller.actor


def _whose(
    query: shapes.HeadroomQuery, caller: Caller, services: Services
) -> tuple[str | None, str | None]:
    """The representative and the team whose headroom is asked for; of a session its own, first.

    Raises:
        NotYourself: a session asks for somebody's, or for a team's, whose work it does not see.
    """
    rep, team, person = query.rep, query.team, caller.person
    if person is None:
        return rep, team
    if rep is None and team is None:
        return person.id, person.team
    known = None if rep is None else services.roster.find(rep)
    if known is not None:
        team = known.team if team is None else team
        if team != known.team:
            raise NotYourself
    if not caller.sight(Scope.GRANT).covers(rep, team):
        raise NotYourself
    return rep, team


def _answer(grant: Grant, at: datetime) -> bytes:
    return _GRANT.dump_json(write_grant(grant, at))
