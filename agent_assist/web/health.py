"""GET /healthz and /readyz: is the process alive, and can it answer."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import structlog
from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.errors import AgentAssistError
from agent_assist.web import requests
from agent_assist.web.admission import PUBLIC
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.problem_kinds import ChecksFailed
from agent_assist.web.services import Services

_log = structlog.get_logger("agent_assist.web")


class Health(TypedDict):
    """The process is alive."""

    status: Literal["alive"]


class Concern(TypedDict):
    """Something an operator should look at. It stops no request."""

    task: str
    detail: str


class Readiness(TypedDict):
    """Every check passed."""

    status: Literal["ready"]
    checks: Annotated[list[str], Field(description="What was checked.")]
    warnings: Annotated[
        list[Concern], Field(description="What the work beside the requests failed at.")
    ]


def register(api: Operations, services: Services) -> None:
    """Add the operations for those who run the service."""

    @api.get(
        "/healthz",
        PUBLIC,
        About("service", "Is the process alive"),
        query=requests.NoQuery,
        answer=Health,
    )
    def healthz(_query: requests.NoQuery, _now: Exchange) -> Health:
        """Answer while the process can answer anything; restart it if this does not."""
        return {"status": "alive"}

    @api.get(
        "/readyz",
        PUBLIC,
        About("service", "Can it answer"),
        query=requests.NoQuery,
        answer=Readiness,
    )
    def readyz(_query: requests.NoQuery, _now: Exchange) -> Readiness:
        """Check everything that an answer needs; send no requests here while this fails."""
        failing = run_checks(services.checks)
        if failing:
            raise ChecksFailed(failing)
        warnings: list[Concern] = [
            {"task": task, "detail": detail} for task, detail in services.warnings().items()
        ]
        return {"status": "ready", "checks": list(services.checks), "warnings": warnings}


def run_checks(checks: Mapping[str, Callable[[], None]]) -> dict[str, str]:
    """The failing checks, and what to do about each."""
    outcomes = {name: _run(name, check) for name, check in checks.items()}
    return {name: outcome for name, outcome in outcomes.items() if outcome is not None}


def _run(name: str, check: Callable[[], None]) -> str | None:
    try:
        check()
    except AgentAssistError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a check meets, it is not ready
        _log.error("check_failed", check=name, error=type(error).__name__)
        return "failed unexpectedly; the log names the error"
    return None
