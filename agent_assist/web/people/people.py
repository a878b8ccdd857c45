"""/v1/users: the people whom the server knows, and who looks after them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from agent_assist.admit import Caller, Scope
from agent_assist.core.errors import InvalidInput, NotFound
from agent_assist.core.people import Person
from agent_assist.store.people import Whom
from agent_assist.web import examples
from agent_assist.web.cursors import begun, no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.people import shapes
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services

_PATH = shapes.PERSON_PATH


def register(api: Operations, services: Services, origin: Callable[[], str]) -> None:
    """Add the operations on people; `origin` gives ours, as links begin with it."""
    _register_reading(api, services)
    _register_changes(api, services)
    _register_ways_in(api, services, origin)


def _register_reading(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/users",
        Scope.PEOPLE,
        About("people", "List people"),
        query=shapes.UserListQuery,
        answer=shapes.UserPage,
    )
    def list_users(query: shapes.UserListQuery, _now: Exchange) -> shapes.UserPage:
        """List the people whom the server knows, page by page; also those who left."""
        # Nobody is ever deleted, so whoever ended a page is still known.
        if query.cursor is not None and services.roster.find(query.cursor) is None:
            raise no_such_page()
        whom = Whom(query.q, query.level, query.team, _yes(query.active), _yes(query.admin))
        people = services.roster.page(limit=query.limit + 1, after=query.cursor, wanted=whom)
        page, following = begun(people, query.limit, lambda one: one.id)
        substitutes = services.roster.substitutes()
        return {
            "items": [_write(one, substitutes.get(one.id)) for one in page],
            "next_cursor": following,
        }

    @api.get(
        "/v1/users/<person_id>",
        Scope.PEOPLE_EDIT,
        About("people", "Read a person", path=_PATH),
        query=NoQuery,
        answer=shapes.UserDetails,
    )
    def read_user(_query: NoQuery, _now: Exchange, person_id: str) -> shapes.UserDetails:
        """Read a person with what is open to them."""
        person = services.roster.find(person_id)
        if person is None:
            raise NotFound("person", person_id[:80])
        return _details(person, services)


def _register_changes(api: Operations, services: Services) -> None:
    @api.post(
        "/v1/users",
        Scope.PEOPLE_EDIT,
        About("people", "Add a person", examples={"a rep": examples.PERSON}),
        body=shapes.UserRequest,
        answer=shapes.User,
        status=201,
    )
    def add_user(body: shapes.UserRequest, now: Exchange) -> shapes.User:
        """Add a person. Sent twice it is refused, for the id is known: nobody is added twice."""
        person = Person(body.id, body.name, body.level, body.team, body.customer, True, body.admin)
        with pointers():
            return _write(services.roster.add(person, now.caller.actor, now.caller.editor), None)

    @api.patch(
        "/v1/users/<person_id>",
        Scope.PEOPLE_EDIT,
        About(
            "people",
            "Change a person",
            path=_PATH,
            examples={"a team": examples.OTHER_TEAM},
        ),
        body=shapes.UserChange,
        answer=shapes.User,
        failures=(409,),
    )
    def change_user(body: shapes.UserChange, now: Exchange, person_id: str) -> shapes.User:
        """Change a person; it counts from the next request on. Nobody is ever deleted.

        Nobody changes their own level or flag, and the last administrator stays one (409). An API
        key neither makes nor changes administrators.
        """
        caller = now.caller
        with pointers():
            person = services.roster.change(
                person_id, caller.actor, caller.editor, **body.model_dump()
            )
        return _write(person, services.roster.substitutes().get(person.id))


def _register_ways_in(api: Operations, services: Services, origin: Callable[[], str]) -> None:
    def editable(person_id: str, caller: Caller) -> Person:
        """Somebody whom a caller may let in or out; NotFound, AdministratorsAlone."""
        person = services.roster.find(person_id)
        if person is None:
            raise NotFound("person", person_id[:80])
        caller.editor.check(person, person)
        return person

    @api.post(
        "/v1/users/<person_id>/invitation",
        Scope.PEOPLE_EDIT,
        About("people", "Invite a person", path=_PATH, examples={"for three days": {}}),
        body=shapes.InvitationRequest,
        answer=shapes.Invitation,
        status=201,
    )
    def invite_user(
        body: shapes.InvitationRequest, now: Exchange, person_id: str
    ) -> shapes.Invitation:
        """Make a link by which an active person chooses a password; an earlier one ends.

        The password they have stays good until they use it. Hand it to them yourself: whoever has
        the link is let in.
        """
        person = editable(person_id, now.caller)
        life = timedelta(days=body.days)
        secret, until = services.invitations.invite(person.id, life, now.caller.actor)
        return {"url": f"{origin()}/invitation#{secret}", "expires_at": until}

    @api.delete(
        "/v1/users/<person_id>/sessions",
        Scope.PEOPLE_EDIT,
        About("people", "End a person's sessions", path=_PATH),
        query=NoQuery,
        answer=shapes.EndedSessions,
    )
    def end_user_sessions(_query: NoQuery, now: Exchange, person_id: str) -> shapes.EndedSessions:
        """End all sessions of a person, browsers they signed in in, and their invitation."""
        person = editable(person_id, now.caller)
        return {"id": person.id, "ended": services.sessions.end_all(person.id, now.caller.actor)}

    @api.delete(
        "/v1/users/<person_id>/second-factor",
        Scope.PEOPLE_EDIT,
        About("people", "Reset a second factor", path=_PATH),
        query=NoQuery,
        answer=shapes.SecondFactorReset,
    )
    def reset_second_factor(
        _query: NoQuery, now: Exchange, person_id: str
    ) -> shapes.SecondFactorReset:
        """Forget a person's second factor, for they have lost it; whatever is open to them ends.

        Be sure that it is they who ask: until they have set it up anew, their password is enough.
        """
        person = editable(person_id, now.caller)
        reset = services.second_factors.reset(person.id, now.caller.actor)
        return {"id": person.id, "reset": reset}


def _yes(stated: str | None) -> bool | None:
    return None if stated is None else stated == "yes"


@contextmanager
def pointers() -> Iterator[None]:
    """Name fields of a body as its problems do: the use case knows them by their names alone."""
    try:
        yield
    except InvalidInput as invalid:
        raise InvalidInput(
            [replace(one, pointer=f"/{one.pointer}") for one in invalid.problems]
        ) from None


def _write(person: Person, substitute: str | None) -> shapes.User:
    return {
        "id": person.id,
        "name": person.name,
        "level": person.level,
        "team": person.team,
        "active": person.active,
        "admin": person.admin,
        "substitute": substitute,
    }


def _details(person: Person, services: Services) -> shapes.UserDetails:
    return {
        **_write(person, services.roster.substitutes().get(person.id)),
        "customer": person.customer,
        "has_password": services.sign_ins.has_password(person.id),
        "has_second_factor": services.second_factors.has(person.id),
        "invited_until": services.invitations.pending(person.id),
        "open": [
            {
                "kind": "browser" if one.is_browser else "session",
                "at": one.at,
                "expires_at": one.expires_at,
                "host": one.host,
            }
            for one in services.sessions.open_to(person.id)
        ],
    }
