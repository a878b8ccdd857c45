"""POST /v1/sessions and what follows: a panel that acts as a person."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Opened
from agent_assist.admit.access import reach_in
from agent_assist.core.people import Person
from agent_assist.web import examples
from agent_assist.web.admission import PUBLIC, SESSION
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import Maybe, Received
from agent_assist.web.services import Services

_CODE = "aac_" + "x" * 43
_RENEWAL = "aar_" + "x" * 43
_Secret = Annotated[str, Field(pattern="^[!-~]{1,200}$")]


class SessionRequest(Received):
    """A code that becomes a session."""

    code: Annotated[
        _Secret,
        Field(description="From a page of ours; it works once, within a minute."),
    ]


class RenewalRequest(Received):
    """A session that is to go on."""

    renewal: Annotated[_Secret, Field(description="The newest one; it works once.")]


class ProofRequest(Received):
    """That the person who is there is the session's."""

    password: Annotated[str, Field(min_length=1, max_length=1000, description="Theirs.")]
    code: Maybe[
        Annotated[
            str,
            Field(max_length=40, description="Of their app, or for recovery; of who has an app."),
        ]
    ] = None


class Proved(TypedDict):
    """A session whose person has shown who they are."""

    id: str
    until: Annotated[datetime, Field(description="When it is asked for again.")]


class Self(TypedDict):
    """The person whom the session acts as. Level, team and flag are the server's word."""

    id: str
    name: str
    level: str
    team: str
    admin: Annotated[bool, Field(description="Whether they look after people and systems.")]


class Session(TypedDict):
    """A session. Keep the token and the renewal in memory: they are shown this once."""

    token: Annotated[str, Field(description="To be sent as `Authorization: Bearer …`.")]
    expires_at: Annotated[datetime, Field(description="When the token does.")]
    renewal: Annotated[
        str,
        Field(
            description="Gives the next token; see `POST /v1/sessions/renewal`. One that is used "
            "twice ends the session."
        ),
    ]
    person: Self
    scopes: list[str]


class CurrentSession(TypedDict):
    """The session that asks."""

    id: str
    person: Self
    host: Annotated[str | None, Field(description="The page it was opened in; null for ours.")]
    scopes: list[str]
    expires_at: Annotated[datetime, Field(description="When its token does.")]


class EndedSession(TypedDict):
    """The session that has ended."""

    id: str


def register(api: Operations, services: Services) -> None:
    """Add the operations on sessions."""
    sessions = services.sessions

    def write(opened: Opened) -> Session:
        ladder = services.live.current().vocabulary.ladder
        return _write(opened, sorted(reach_in(opened.session, ladder)))

    @api.post(
        "/v1/sessions",
        PUBLIC,
        About("sessions", "Open a session with a code", examples={"a code": {"code": _CODE}}),
        body=SessionRequest,
        answer=Session,
        status=201,
        failures=(401,),
    )
    def open_session(body: SessionRequest, _now: Exchange) -> Session:
        """Open a session that acts as the person whom the code was made for, and as nobody else.

        A code comes from signing in, or from a host's launch token. Its token is sent like an API
        key; `rep.id` may then be left out, and another id, a level or a team is refused with 403.
        """
        return write(sessions.begin(body.code))

    @api.post(
        "/v1/sessions/renewal",
        PUBLIC,
        About("sessions", "Get the next token", examples={"a renewal": {"renewal": _RENEWAL}}),
        body=RenewalRequest,
        answer=Session,
        status=201,
        failures=(401,),
    )
    def renew_session(body: RenewalRequest, _now: Exchange) -> Session:
        """Get a session's next token and renewal, before the token expires after 15 minutes."""
        return write(sessions.renew(body.renewal))

    @api.get(
        "/v1/sessions/current",
        SESSION,
        About("sessions", "Read this session"),
        query=NoQuery,
        answer=CurrentSession,
    )
    def read_session(_query: NoQuery, now: Exchange) -> CurrentSession:
        """Read whom the session acts as, and until when its token is good."""
        session = now.session
        return {
            "id": session.id,
            "person": _write_person(session.person),
            "host": session.host,
            "scopes": sorted(now.caller.scopes),
            "expires_at": session.expires_at,
        }

    @api.post(
        "/v1/sessions/current/proof",
        SESSION,
        About(
            "sessions",
            "Show who is there",
            examples={"a password": {"password": examples.PASSWORD}},
        ),
        body=ProofRequest,
        answer=Proved,
    )
    def prove_session(body: ProofRequest, now: Exchange) -> Proved:
        """Show that the person who is there is still the session's.

        Some operations refuse sessions that showed it too long ago (403 `step_up_required`). What
        is wrong is refused with 403 `proof_refused`, and slowed as attempts to sign in are.
        """
        until = services.step_up.prove(now.caller, now.session, body.password, body.code or "")
        return {"id": now.session.id, "until": until}

    @api.delete(
        "/v1/sessions/current",
        SESSION,
        About("sessions", "End this session"),
        query=NoQuery,
        answer=EndedSession,
    )
    def end_session(_query: NoQuery, now: Exchange) -> EndedSession:
        """End the session at once, with all its tokens, and what browsers let its person in by.

        Other panels of theirs go on; the next one that is opened by hand asks for the password.
        """
        sessions.end(now.caller)
        return {"id": now.caller.key_id}


def _write(opened: Opened, scopes: list[str]) -> Session:
    session = opened.session
    return {
        "token": opened.token,
        "expires_at": session.expires_at,
        "renewal": opened.renewal,
        "person": _write_person(session.person),
        "scopes": scopes,
    }


def _write_person(person: Person) -> Self:
    return {
        "id": person.id,
        "name": person.name,
        "level": person.level,
        "team": person.team,
        "admin": person.admin,
    }
