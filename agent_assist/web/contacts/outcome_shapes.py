"""What clients send and get about contacts and outcomes, as it is published."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.vocabulary import Cause
from agent_assist.core.wordings import Wording
from agent_assist.web.scalars import Id, Key, Locale, Maybe, Query, Received, Time, TurnText

Note = Annotated[
    TurnText,
    Field(min_length=1, max_length=1_000, description="For colleagues; not what was said."),
]


class ContactRequest(Received):
    """A contact, all that is known of it: what is left out is unknown from now on."""

    opened_at: Time
    closed_at: Maybe[Time] = None
    channel: Maybe[Key] = None
    locale: Maybe[Locale] = None
    customer: Maybe[Id] = None
    rep: Maybe[Id] = None
    team: Maybe[Id] = None
    issues: Annotated[
        list[Id], Field(max_length=20, description="What the customer wants, the main one first.")
    ] = Field(default_factory=list)


class PolicySaidGiven(Received):
    """A policy that was explained, in the version that the rep read."""

    policy: Id
    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    wording: Maybe[
        Annotated[Wording, Field(description="As the suggestion's explanation names it.")]
    ] = None


class OutcomeRequest(Received):
    """How a contact ended. Recording another one corrects the one before."""

    resolved: bool
    cause: Maybe[Cause] = None
    said: Annotated[list[PolicySaidGiven], Field(max_length=20)] = Field(default_factory=list)
    given: Annotated[
        list[Id], Field(max_length=50, description="Ids of the grants given in this contact.")
    ] = Field(default_factory=list)
    note: Maybe[Note] = None


class PolicySaid(TypedDict):
    """A policy that was explained, its version, and the wording where it had two."""

    policy: str
    version: int
    wording: Wording | None


class Outcome(TypedDict):
    """How a contact ended, as recorded. Of several the one with the highest number holds."""

    number: Annotated[int, Field(ge=1)]
    at: datetime
    resolved: bool
    cause: Cause | None
    said: list[PolicySaid]
    given: list[str]
    note: str | None


class OutcomeListQuery(Query):
    """Whose outcomes to list."""

    contact: Annotated[Id, Field(description="The CRM's id of the contact, known or not.")]


class Contact(TypedDict):
    """A contact as it was last described, with its outcomes, oldest first."""

    external_id: str
    opened_at: datetime
    closed_at: datetime | None
    channel: str | None
    locale: str | None
    customer: str | None
    rep: str | None
    team: str | None
    issues: list[str]
    outcomes: list[Outcome]


class OutcomeList(TypedDict):
    """How a contact ended, as far as that was recorded."""

    is_described: Annotated[bool, Field(description="Whether the contact is known at all.")]
    items: list[Outcome]
