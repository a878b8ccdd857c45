"""GET /v1/users: the people whom the server knows."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.people import Person
from agent_assist.web.cursors import no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.operations import About, Operations
from agent_assist.web.scalars import Id, Maybe, PageSize, Query
from agent_assist.web.services import Services


class UserListQuery(Query):
    """Which people to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class User(TypedDict):
    """A person whose level and team are the server's word, whatever a request states."""

    id: str
    name: str
    level: str
    team: str
    active: bool
    substitute: Annotated[str | None, Field(description="Who stands in for them today.")]


class UserPage(TypedDict):
    """People in the order of their ids. `next_cursor` is null on the last page."""

    items: list[User]
    next_cursor: str | None


def register(api: Operations, services: Services) -> None:
    """Add the operations on people."""

    @api.get(
        "/v1/users",
        Scope.PEOPLE,
        About("people", "List people"),
        query=UserListQuery,
        answer=UserPage,
    )
    def list_users(query: UserListQuery, _now: Exchange) -> UserPage:
        """List the people whom the server knows, page by page; also those who left."""
        # Nobody is ever deleted, so whoever ended a page is still known.
        if query.cursor is not None and services.roster.find(query.cursor) is None:
            raise no_such_page()
        people = services.roster.page(limit=query.limit + 1, after=query.cursor)
        page, substitutes = people[: query.limit], services.roster.substitutes()
        return {
            "items": [_write(one, substitutes.get(one.id)) for one in page],
            "next_cursor": page[-1].id if len(people) > len(page) else None,
        }


def _write(person: Person, substitute: str | None) -> User:
    return {
        "id": person.id,
        "name": person.name,
        "level": person.level,
        "team": person.team,
        "active": person.active,
        "substitute": substitute,
    }
