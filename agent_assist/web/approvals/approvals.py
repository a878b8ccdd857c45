"""POST /v1/approvals and what follows: decisions on what is above a headroom."""

from werkzeug.routing import BaseConverter

from agent_assist.admit import Scope
from agent_assist.approve import RulingWanted
from agent_assist.live import Snapshot
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.amounts import read_if_stated
from agent_assist.web.approvals import shapes
from agent_assist.web.approvals.writers import (
    answer_approval,
    write_approval_request,
    write_brief,
)
from agent_assist.web.cursors import begun, read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants.grants import read_wanted
from agent_assist.web.grants.shapes import AskedRemedy
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services

_PATH = {
    "approval_id": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,40}$",
        "description": "The request's id.",
        "examples": ["apr_Yx0cVh3Qm1aZ"],
    }
}


class ApprovalIdConverter(BaseConverter):
    """A request's id in a path: not the word under which several are decided at once."""

    regex = r"(?!decisions$)[^/]+"


DECISION = "/v1/approvals/<approval_id>/decision"
_READERS = (Scope.GRANT, Scope.APPROVE)


def register(api: Operations, services: Services) -> None:
    """Add the operations on approval requests."""
    _register_acts(api, services)
    _register_reading(api, services)


def _register_acts(api: Operations, services: Services) -> None:
    @api.post_once(
        "/v1/approvals",
        Scope.GRANT,
        About("approvals", "Ask for an approval", examples={"a waiver": examples.APPROVAL}),
        body=AskedRemedy,
        answer=shapes.Approval,
        status=202,
        others={200: shapes.Approval},
    )
    def request_approval(body: AskedRemedy, now: Exchange, once: Once) -> StoredAnswer:
        """Ask for a remedy that needs the approval of a higher level.

        An unchanged or lower repeat of the same case is not asked again: the request that is
        being decided on is given (202), or the earlier answer (200).
        """

        def request(snapshot: Snapshot) -> StoredAnswer:
            wanted = read_wanted(body, now.caller, snapshot)
            asked = services.granter.read(snapshot, wanted)
            with now.timing.step("store"):
                return services.approver.request(snapshot, asked, once, answer_approval)

        return services.live.act(request)

    @api.post_once(
        DECISION,
        Scope.APPROVE,
        About(
            "approvals",
            "Decide on a request",
            path=_PATH,
            examples={"approve less": examples.RULING, "refuse": examples.REFUSAL},
        ),
        body=shapes.RulingRequest,
        answer=shapes.Approval,
        status=200,
    )
    def decide_approval(
        body: shapes.RulingRequest, now: Exchange, once: Once, approval_id: str
    ) -> StoredAnswer:
        """Approve, whole or less, or refuse; what is approved is granted in the same moment.

        The key vouches for the person it names. Their level, the limits and the budgets are those
        of now: if the amount no longer fits, 409 says what does, and the request stays open.
        """
        return decide_on(services, approval_id, body, now, once)

    @api.post_once(
        "/v1/approvals/<approval_id>/withdrawal",
        Scope.GRANT,
        About(
            "approvals",
            "Withdraw a request",
            path=_PATH,
            examples={"withdraw": {"by": {"id": "r-17"}}},
        ),
        body=shapes.WithdrawalRequest,
        answer=shapes.Approval,
        status=200,
    )
    def withdraw_approval(
        body: shapes.WithdrawalRequest, now: Exchange, once: Once, approval_id: str
    ) -> StoredAnswer:
        """End a request that is no longer wanted; only who asked for it may."""
        by = now.caller.named(body.by.id)
        return services.approver.withdraw(
            approval_id,
            by,
            now.caller.key_id,
            once,
            answer_approval,
            sight=now.caller.sight(Scope.GRANT),
        )


def decide_on(
    services: Services, approval_id: str, body: shapes.RulingRequest, now: Exchange, once: Once
) -> StoredAnswer:
    """Decide on one request as it was asked; errors as for `Approver.decide`."""
    wanted = RulingWanted(
        approval_id=approval_id,
        hash=body.hash,
        by=now.caller.named(body.by.id),
        ruling=body.ruling,
        reason=body.reason_code,
        amount=read_if_stated(body.amount),
        comment=body.comment,
        key=now.caller.key_id,
        sight=now.caller.sight(Scope.APPROVE),
    )

    def decide(snapshot: Snapshot) -> StoredAnswer:
        with now.timing.step("store"):
            return services.approver.decide(snapshot, wanted, once, answer_approval)

    return services.live.act(decide)


def _register_reading(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/approvals",
        _READERS,
        About("approvals", "List requests"),
        query=shapes.ApprovalListQuery,
        answer=shapes.ApprovalPage,
    )
    def list_approvals(query: shapes.ApprovalListQuery, now: Exchange) -> shapes.ApprovalPage:
        """List requests, newest first, page by page; in a session, those that its person may see.

        A representative sees their own, who decides sees their team's.
        """
        found = services.approver.page(
            services.live.current(),
            limit=query.limit + 1,
            before=read_place(query.cursor),
            state=query.state,
            team=query.team,
            decider=query.decider,
            contact=query.contact,
            sight=now.caller.sight(*_READERS),
        )
        page, following = begun(found, query.limit, lambda one: one.approval.seq)
        return {
            "items": [write_approval_request(one) for one in page],
            "next_cursor": following,
        }

    @api.get(
        "/v1/approvals/<approval:approval_id>",
        _READERS,
        About("approvals", "Read a request", path=_PATH),
        query=NoQuery,
        answer=shapes.Brief,
    )
    def read_approval(_query: NoQuery, now: Exchange, approval_id: str) -> shapes.Brief:
        """Read a request with what the limits say at each level, and how like cases went."""
        snapshot = services.live.current()
        brief = services.approver.brief(snapshot, approval_id, now.caller.sight(*_READERS))
        return write_brief(brief, snapshot.vocabulary)

    @api.get(
        "/v1/insights/reciprocity",
        Scope.APPROVE,
        About("approvals", "Who approves for each other"),
        query=NoQuery,
        answer=shapes.Reciprocity,
    )
    def reciprocity(_query: NoQuery, now: Exchange) -> shapes.Reciprocity:
        """People who approve what the other asks for; a pair that does so often is worth a look."""
        return {
            "items": [
                {
                    "one": pair.one,
                    "other": pair.other,
                    "one_for_other": pair.one_for_other,
                    "other_for_one": pair.other_for_one,
                }
                for pair in services.approver.pairs(now.caller.sight(Scope.APPROVE))
            ]
        }
