"""What is kept of each request: its id, how long it took, and one line in the log.

Never a body, a query, a path or a key: a log is read by more people than a contact is.
"""

import structlog
from flask import Flask, Response, request

from agent_assist.web import exchange
from agent_assist.web.exchange import Exchange
from agent_assist.web.metrics import UNMATCHED, Metrics

_log = structlog.get_logger("agent_assist.web")
# One list for all configurations: loggers keep the one that they were first used with.
_PROCESSORS: list[structlog.types.Processor] = [
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.JSONRenderer(),
]


def install(app: Flask, metrics: Metrics) -> None:
    """Observe every request of the app. To be installed first, so that it sees the whole time."""

    def begin() -> None:
        exchange.current()

    def finish(response: Response) -> Response:
        now, spent = exchange.current(), exchange.current().milliseconds()
        route = request.url_rule.rule if request.url_rule else UNMATCHED
        response.headers["X-Request-Id"] = now.request_id
        if now.timing.milliseconds:
            response.headers["Server-Timing"] = _server_timing(now, spent)
        metrics.count(route, request.method, response.status_code, spent)
        for step, milliseconds in now.timing.milliseconds.items():
            metrics.count_step(route, step, milliseconds)
        _log.info(
            "request",
            request_id=now.request_id,
            method=request.method[:16],
            route=route,
            status=response.status_code,
            ms=round(spent, 2),
            key=now.caller.key_id or None,
        )
        return response

    app.before_request(begin)
    app.after_request(finish)


def configure_log(level: str) -> None:
    """Make every log line of a level, or above it, one JSON object on standard output."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=_PROCESSORS,
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _server_timing(now: Exchange, spent: float) -> str:
    steps = {**now.timing.milliseconds, "total": spent}
    return ", ".join(f"{step};dur={milliseconds:.2f}" for step, milliseconds in steps.items())
