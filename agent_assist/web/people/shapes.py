"""People, as the wire shows and takes them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from agent_assist.admit.invitations import MOST_DAYS
from agent_assist.web.scalars import UNSEEN, Id, Key, Maybe, PageSize, Query, Received, whole

_LOCK_OUT = "Whatever is open to them ends at once."
PERSON_PATH = {
    "person_id": {
        "type": "string",
        "pattern": f"^[^/ {UNSEEN}]([^/{UNSEEN}]{{0,198}}[^/ {UNSEEN}])?$",
        "description": "The person's id.",
        "examples": ["r-17"],
    }
}
_Name = Annotated[Id, Field(description="As colleagues know them.")]
_Level = Annotated[Key, Field(description="A level of the library; see `GET /v1/library`.")]
_Team = Annotated[Id, Field(description="The CRM's id of their team.")]
_Customer = Annotated[
    Id, Field(description="Their own id as a customer: nobody gives to themselves.")
]
_Admin = Annotated[bool, Field(description="Whether they look after people and systems.")]


class UserListQuery(Query):
    """Which people to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    q: Maybe[Annotated[Id, Field(description="A part of their id or name, in any case.")]] = None
    level: Maybe[Key] = None
    team: Maybe[Id] = None
    active: Maybe[Literal["yes", "no"]] = None
    admin: Maybe[Literal["yes", "no"]] = None


class UserRequest(Received):
    """A new person, under the id that the CRM knows them by."""

    id: Annotated[
        Id,
        Field(
            json_schema_extra={"pattern": PERSON_PATH["person_id"]["pattern"]},
            description="The CRM's, without a slash.",
        ),
    ]
    name: _Name
    level: _Level
    team: _Team
    customer: Maybe[_Customer] = None
    admin: _Admin = False

    @field_validator("id")
    @classmethod
    def _is_addressable(cls, text: str) -> str:
        if "/" in text:
            raise PydanticCustomError("wrong_form", "must hold no slash")
        return text


class UserChange(Received):
    """What is to become of a person; what is left out stays."""

    name: Maybe[_Name] = None
    level: Maybe[_Level] = None
    team: Maybe[_Team] = None
    customer: Maybe[_Customer] = None
    admin: Maybe[_Admin] = None
    active: Maybe[
        Annotated[bool, Field(description=f"False for somebody who left. {_LOCK_OUT}")]
    ] = None


class InvitationRequest(Received):
    """How long an invitation is good."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS), BeforeValidator(whole)] = 3


class User(TypedDict):
    """A person whose level and team are the server's word, whatever a request states."""

    id: str
    name: str
    level: str
    team: str
    active: bool
    admin: _Admin
    substitute: Annotated[str | None, Field(description="Who stands in for them today.")]


class UserPage(TypedDict):
    """People in the order of their ids. `next_cursor` is null on the last page."""

    items: list[User]
    next_cursor: str | None


class WayIn(TypedDict):
    """A session, or a browser in which somebody signed in."""

    kind: Literal["session", "browser"]
    at: datetime
    expires_at: datetime
    host: Annotated[str | None, Field(description="The page it was opened in; null for ours.")]


class UserDetails(User):
    """A person as those see them who look after people."""

    customer: str | None
    has_password: Annotated[bool, Field(description="Whether they can sign in here.")]
    has_second_factor: Annotated[
        bool, Field(description="Whether an app of theirs shows codes, which they are asked for.")
    ]
    invited_until: Annotated[
        datetime | None, Field(description="When the invitation ends that they have not used yet.")
    ]
    open: Annotated[list[WayIn], Field(description="What is open to them now, newest first.")]


class Invitation(TypedDict):
    """A link that lets a person choose a password, once. It is shown this once."""

    url: str
    expires_at: datetime


class SecondFactorReset(TypedDict):
    """Whether somebody had a second factor, which they have no more."""

    id: str
    reset: bool


class EndedSessions(TypedDict):
    """How many sessions and browsers of a person ended."""

    id: str
    ended: int
