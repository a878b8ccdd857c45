"""Every error as an RFC 9457 problem; `problem_kinds` has the status and title of each."""

import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, Response, request
from pydantic_core import to_json
from werkzeug.exceptions import HTTPException

from agent_assist.admit.attempts import TooManyAttempts
from agent_assist.admit.meter import TooMany
from agent_assist.core.errors import (
    AgentAssistError,
    FieldProblem,
    InvalidInput,
    KeyInFlight,
    Unauthenticated,
)
from agent_assist.core.grants import OverHeadroom
from agent_assist.replay_draft import ReplayBusy
from agent_assist.store.database import StoreUnavailable
from agent_assist.web import exchange
from agent_assist.web.admission import MissingScope
from agent_assist.web.conflicts import besides, over_headroom
from agent_assist.web.problem_kinds import (
    DETAILS,
    OF_STATUS,
    STATUS,
    TITLES,
    ChecksFailed,
    EncodedBody,
)
from agent_assist.web.problem_shapes import (
    MOST_ERRORS,
    Conflict,
    Gone,
    Outdated,
    Problem,
    ProblemError,
    Proving,
)
from agent_assist.web.streams import StreamsFull

CONTENT_TYPE = "application/problem+json"
_FAULTY = "errors lists what to change"

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
    return _response("internal_error", 500, DETAILS["internal_error"])


def describe(error: AgentAssistError) -> tuple[Problem, Conflict | None]:
    """The problem that an answer about several things says of one of them, and what is besides."""
    status = _status(type(error)) or 500
    if isinstance(error, InvalidInput):
        return _problem(error.code, status, _FAULTY, _errors(error.problems)), None
    more = over_headroom(error) if isinstance(error, OverHeadroom) else None
    return _problem(error.code, status, str(error)), more


def _status(kind: type[AgentAssistError]) -> int | None:
    return next((STATUS[base] for base in kind.__mro__ if base in STATUS), None)


def _of_ours(error: AgentAssistError, status: int) -> Response:
    match error:
        case InvalidInput(problems=problems):
            return _response(error.code, status, _FAULTY, _errors(problems))
        case ChecksFailed(failing=failing):
            errors = [ProblemError(check=k, code=error.code, detail=v) for k, v in failing.items()]
            return _response(error.code, status, str(error), errors)
        case MissingScope(scope=scope):
            challenge = f'Bearer realm="agent-assist", error="insufficient_scope", scope="{scope}"'
            return _response(error.code, status, str(error), challenge=challenge)
        case Unauthenticated():
            return _response(error.code, status, str(error), challenge=_challenge())
    response = _response(error.code, status, str(error), more=besides(error))
    if isinstance(error, (KeyInFlight, StoreUnavailable, ReplayBusy)):
        response.headers["Retry-After"] = "1"
    if isinstance(error, (TooMany, TooManyAttempts)):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, EncodedBody):
        response.headers["Accept-Encoding"] = "identity"  # as RFC 9110 has it
    if isinstance(error, StreamsFull):
        response.headers["Retry-After"] = "5"
    return response


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code = OF_STATUS.get(status, "internal_error" if status >= 500 else "bad_request")
    response = _response(code, status, DETAILS[code])
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
    more: Conflict | Gone | Outdated | Proving | None = None,
) -> Response:
    problem = _problem(code, status, detail, errors)
    members = {**problem.model_dump(exclude_none=True), **(more or {})}
    response = Response(to_json(members), status, content_type=CONTENT_TYPE)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    return response


def _problem(code: str, status: int, detail: str, errors: Iterable[ProblemError] = ()) -> Problem:
    return Problem(
        type=f"urn:agent-assist:problem:{code}",
        title=TITLES.get(code, "The request failed"),
        status=status,
        detail=detail,
        instance=request.path[:500],
        request_id=exchange.current().request_id,
        errors=list(errors),
    )


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
