"""Every error as an RFC 9457 problem. The only place with statuses."""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import structlog
from flask import Flask, Response, request
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException

from agent_assist.core.approvals import (
    ApprovalPending,
    ApprovalSettled,
    NoApprovalNeeded,
    NotAsShown,
)
from agent_assist.core.drafts import DraftRefused, NeedsApproval, StaleBase, StaleEdit
from agent_assist.core.errors import (
    AgentAssistError,
    BrakeNotPulled,
    FieldProblem,
    Forbidden,
    GrantSettled,
    InvalidInput,
    KeyInFlight,
    KeyMissing,
    KeyReused,
    NotFound,
    NotReady,
    StaleVersion,
    Unauthenticated,
)
from agent_assist.core.grants import OverHeadroom
from agent_assist.core.money import InvalidAmount
from agent_assist.replay_draft import ReplayBusy
from agent_assist.store.database import StoreUnavailable
from agent_assist.web import exchange
from agent_assist.web.admission import MissingScope
from agent_assist.web.problem_shapes import (
    ChangedRow,
    ClashingRow,
    Conflict,
    Outdated,
    Problem,
    ProblemError,
)
from agent_assist.web.versioned import MatchMissing, tag
from agent_assist.web.writers import write_approval, write_cap, write_quantity

CONTENT_TYPE = "application/problem+json"
MOST_ERRORS = 50
"""No problem lists more faults."""


class InvalidJson(AgentAssistError):
    """A body is not JSON, or not of the kind that means one thing only."""

    code = "invalid_json"


class ChecksFailed(NotReady):
    """Some of the readiness checks fail; `failing` says which, and what to do."""

    def __init__(self, failing: Mapping[str, str]) -> None:
        self.failing = failing
        super().__init__(f"not ready: {', '.join(failing)}; see errors")


STATUS: Mapping[type[AgentAssistError], int] = MappingProxyType(
    {
        InvalidJson: 400,
        KeyMissing: 400,
        Unauthenticated: 401,
        Forbidden: 403,
        NotFound: 404,
        StaleVersion: 409,
        OverHeadroom: 409,
        GrantSettled: 409,
        ApprovalSettled: 409,
        ApprovalPending: 409,
        NoApprovalNeeded: 409,
        NotAsShown: 409,
        DraftRefused: 409,
        NeedsApproval: 409,
        StaleBase: 409,
        StaleEdit: 412,
        MatchMissing: 428,
        BrakeNotPulled: 409,
        KeyInFlight: 409,
        KeyReused: 422,
        InvalidInput: 422,
        InvalidAmount: 422,
        NotReady: 503,
        StoreUnavailable: 503,
    }
)
# Our own names: `http.HTTPStatus` renamed 413 and 422 in Python 3.13, and these are published.
_TITLES = {
    "invalid_json": "The body is not valid JSON",
    "unauthenticated": "A valid API key is needed",
    "forbidden": "The API key may not do this",
    "rep_inactive": "The representative was deactivated",
    "may_not_decide": "This person may not decide on it",
    "approval_settled": "The request has ended",
    "approval_pending": "The case is being decided on",
    "no_approval_needed": "This needs no approval",
    "not_as_shown": "The decision is about something else",
    "own_benefit": "Nobody gives to themselves",
    "not_found": "There is no such thing",
    "stale_version": "Someone else was faster",
    "over_headroom": "More than may be given",
    "draft_state": "The draft or version does not allow this now",
    "needs_approval": "A second person must approve this",
    "own_approval": "Nobody approves their own work",
    "unknown_person": "Nobody active is known under this id",
    "level_too_low": "The person's level is not enough",
    "stale_base": "A newer version was published",
    "stale_edit": "Someone else was faster",
    "if_match_missing": "The request must say what it has read",
    "brake_not_pulled": "Nothing is stopped here",
    "grant_settled": "The grant does not allow this any more",
    "idempotency_key_missing": "The request needs an Idempotency-Key",
    "idempotency_key_reused": "The Idempotency-Key belongs to another request",
    "idempotency_key_in_flight": "The first request with this key is still being answered",
    "store_unavailable": "The database did not answer",
    "invalid_input": "The request has faults",
    "invalid_amount": "The amount cannot be read",
    "replay_busy": "Another replay is running",
    "not_ready": "The service is not ready",
    "bad_request": "The request cannot be read",
    "method_not_allowed": "The method is not allowed here",
    "content_too_large": "The request is too large",
    "unsupported_media_type": "The body must be application/json",
    "internal_error": "Something went wrong on our side",
}
_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "content_too_large",
    415: "unsupported_media_type",
}
_DETAILS = {
    "not_found": "there is nothing at this address; GET /openapi.json lists what there is",
    "method_not_allowed": "this address takes other methods; see the header Allow",
    "content_too_large": "send less at once: a request may have 1,000,000 bytes",
    "unsupported_media_type": "send the body with the header Content-Type: application/json",
    "bad_request": "the request is malformed",
    "internal_error": "it was logged; quote the request id when you report it",
}

_log = structlog.get_logger("agent_assist.web")


def install(app: Flask) -> None:
    """Answer every error of the app with a problem."""
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response | HTTPException:
    match error:
        case HTTPException(code=None):
            return error
        case HTTPException(code=int(code)) if code < 400:
            return error  # a redirect of the router's
        case HTTPException():
            return _of_http(error)
        case AgentAssistError() if (status := _status(type(error))) is not None:
            return _of_ours(error, status)
    _log.error("unhandled", error=type(error).__name__, where=_frames(error), **_who())
    return _response("internal_error", 500, _DETAILS["internal_error"])


def _status(kind: type[AgentAssistError]) -> int | None:
    return next((STATUS[base] for base in kind.__mro__ if base in STATUS), None)


def _of_ours(error: AgentAssistError, status: int) -> Response:
    match error:
        case InvalidInput(problems=problems):
            detail = "errors lists what to change"
            return _response(error.code, status, detail, _errors(problems))
        case ChecksFailed(failing=failing):
            errors = [ProblemError(check=k, code=error.code, detail=v) for k, v in failing.items()]
            return _response(error.code, status, str(error), errors)
        case MissingScope(scope=scope):
            challenge = f'Bearer realm="agent-assist", error="insufficient_scope", scope="{scope}"'
            return _response(error.code, status, str(error), challenge=challenge)
        case Unauthenticated():
            return _response(error.code, status, str(error), challenge=_challenge())
    response = _response(error.code, status, str(error), more=_more(error))
    if isinstance(error, (KeyInFlight, StoreUnavailable, ReplayBusy)):
        response.headers["Retry-After"] = "1"
    return response


def _more(error: AgentAssistError) -> Conflict | Outdated | None:
    """What a refusal says besides."""
    match error:
        case OverHeadroom():
            return _over_headroom(error)
        case StaleBase():
            return _stale_base(error)
        case StaleEdit():
            return _outdated(error)
    return None


def _outdated(error: StaleEdit) -> Outdated:
    changed: list[ChangedRow] = [
        {"row": one.row, "by": one.by, "at": one.at} for one in error.changed[:MOST_ERRORS]
    ]
    return {"etag": tag(error.edit), "changed": changed}


def _stale_base(error: StaleBase) -> Conflict:
    clashes: list[ClashingRow] = [
        {
            "row": one.row,
            "base": None if one.base is None else dict(one.base),
            "mine": None if one.mine is None else dict(one.mine),
            "theirs": None if one.theirs is None else dict(one.theirs),
        }
        for one in error.clashes
    ]
    return {"newest": error.newest, "clashes": clashes}


def _over_headroom(error: OverHeadroom) -> Conflict:
    decision, currency = error.decision, error.currency
    unit, binding, approval = decision.remedy.unit, decision.binding, decision.approval
    return {
        "verdict": decision.verdict,
        "level": error.level,
        "headroom": write_quantity(error.headroom, unit, currency),
        "binding": None if binding is None else write_cap(binding, unit, currency),
        "approval": None if approval is None else write_approval(approval, unit, currency),
        "needs": list(decision.needs()),
    }


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code = _OF_STATUS.get(status, "internal_error" if status >= 500 else "bad_request")
    response = _response(code, status, _DETAILS[code])
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _errors(problems: Sequence[FieldProblem]) -> list[ProblemError]:
    return [
        ProblemError(pointer=one.pointer, code=one.code, detail=one.detail)
        if one.pointer.startswith("/") or not one.pointer
        else ProblemError(parameter=one.pointer, code=one.code, detail=one.detail)
        for one in problems[:MOST_ERRORS]
    ]


def _response(
    code: str,
    status: int,
    detail: str,
    errors: Iterable[ProblemError] = (),
    challenge: str | None = None,
    more: Conflict | Outdated | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:agent-assist:problem:{code}",
        title=_TITLES.get(code, "The request failed"),
        status=status,
        detail=detail,
        instance=request.path[:500],
        request_id=exchange.current().request_id,
        errors=list(errors),
    )
    members = {**problem.model_dump(exclude_none=True), **(more or {})}
    response = Response(to_json(members), status, content_type=CONTENT_TYPE)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    return response


def _challenge() -> str:
    challenge = 'Bearer realm="agent-assist"'
    return (
        f'{challenge}, error="invalid_token"' if "Authorization" in request.headers else challenge
    )


def _frames(error: BaseException) -> list[str]:
    """Where it happened, innermost last; never the message, which may quote a customer."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _who() -> dict[str, Any]:
    now = exchange.current()
    route = request.url_rule.rule if request.url_rule else None
    return {"request_id": now.request_id, "method": request.method, "route": route}
