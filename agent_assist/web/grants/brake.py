"""GET and POST /v1/brake: goodwill stopped below the highest level, and set free again."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from agent_assist.admit import Caller, Scope
from agent_assist.live import LiveLibrary
from agent_assist.store.ledger.brakes import BrakeEntry, BrakeWanted
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants.shapes import ByGiven
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import Id, Maybe, Received, TurnText
from agent_assist.web.services import Services


class BrakeRequest(Received):
    """Whose goodwill to stop or set free, and why."""

    team: Maybe[
        Annotated[Id, Field(description="Without one, the whole organisation's goodwill.")]
    ] = None
    reason: Annotated[
        TurnText, Field(min_length=1, max_length=1_000, description="Representatives read it.")
    ]
    by: Maybe[
        Annotated[
            ByGiven,
            Field(
                description="Who decided it, whom the server knows as active: to stop goodwill of "
                "any level above the lowest, to set it free of the highest. Without one, the "
                "session's person, or the API key itself."
            ),
        ]
    ] = None


class Brake(TypedDict):
    """What was done to a brake last. While `pulled`, goodwill needs the highest level."""

    scope: Literal["organisation", "team"]
    team: str | None
    pulled: bool
    at: datetime
    by: str
    reason: str


class BrakeList(TypedDict):
    """The brakes that hold now: of the organisation, and of teams."""

    items: list[Brake]


_BRAKE = TypeAdapter(Brake)


def register(api: Operations, services: Services) -> None:
    """Add the operations on the brake."""

    @api.get(
        "/v1/brake",
        Scope.BRAKE,
        About("brake", "What is stopped"),
        query=NoQuery,
        answer=BrakeList,
    )
    def list_brakes(_query: NoQuery, _now: Exchange) -> BrakeList:
        """List the brakes that hold now."""
        return {"items": [_write(one) for one in services.brakes.pulled()]}

    @api.post_once(
        "/v1/brake",
        Scope.BRAKE,
        About("brake", "Stop goodwill", examples={"a team's": examples.BRAKE}),
        body=BrakeRequest,
        answer=Brake,
        status=201,
    )
    def pull_brake(body: BrakeRequest, now: Exchange, once: Once) -> StoredAnswer:
        """Let goodwill need approval by the highest level, for a team or the organisation.

        It holds for every grant from the next one on, wherever it is asked for. What customers
        are owed goes on. A team's brake reaches grants that name no team as well.
        """
        return services.brakes.pull(_wanted(body, now.caller, services.live), once, _answer)

    @api.post_once(
        "/v1/brake/release",
        Scope.BRAKE,
        About("brake", "Set goodwill free again", examples={"a team's": examples.BRAKE}),
        body=BrakeRequest,
        answer=Brake,
        status=200,
    )
    def release_brake(body: BrakeRequest, now: Exchange, once: Once) -> StoredAnswer:
        """End what was stopped for the team or the organisation; 409 if nothing was."""
        return services.brakes.release(_wanted(body, now.caller, services.live), once, _answer)


def _wanted(body: BrakeRequest, caller: Caller, live: LiveLibrary) -> BrakeWanted:
    person = caller.acting(body.by.id if body.by else None)
    return BrakeWanted(
        team=body.team or "",
        reason=body.reason,
        actor=caller.actor,
        person=person,
        ladder=live.current().vocabulary.ladder if person else (),
    )


def _write(entry: BrakeEntry) -> Brake:
    return {
        "scope": "team" if entry.team else "organisation",
        "team": entry.team or None,
        "pulled": entry.pulled,
        "at": entry.at,
        "by": entry.by,
        "reason": entry.reason,
    }


def _answer(entry: BrakeEntry) -> bytes:
    return _BRAKE.dump_json(_write(entry))
