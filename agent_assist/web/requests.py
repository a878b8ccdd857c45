"""What clients send, as it is published."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from agent_assist.core.contact import Speaker
from agent_assist.web.amounts import AmountGiven, MoneyGiven
from agent_assist.web.scalars import (
    SAYING,
    Asked,
    FactKey,
    Id,
    Key,
    Locale,
    Maybe,
    PageSize,
    Query,
    Received,
    Said,
    SearchSize,
    Time,
    TurnText,
    Whole,
    says_something,
)


def _kind(value: Any) -> str | None:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() if value.is_integer():
            return "integer"
        case str():
            return "text"
        case dict() | MoneyGiven():
            return "money"
    return None


FactGiven = Annotated[
    Annotated[
        Annotated[str, Field(max_length=200, description="A choice, or a date such as 2026-01-31")],
        Tag("text"),
    ]
    | Annotated[bool, Tag("boolean")]
    | Annotated[Whole, Tag("integer")]
    | Annotated[MoneyGiven, Tag("money")],
    Discriminator(
        _kind,
        custom_error_type="wrong_type",
        custom_error_message="must be a text, true or false, a whole number or an amount",
    ),
]


class TurnGiven(Received):
    """One thing said in a contact."""

    speaker: Speaker = Field(alias="from")
    text: TurnText
    at: Maybe[Time] = None


def _refuse_silence(turns: list[TurnGiven]) -> list[TurnGiven]:
    if not any(says_something(turn.text) for turn in turns):
        raise PydanticCustomError("blank", "must have a turn that says something")
    return turns


Turns = Annotated[
    list[TurnGiven],
    Field(
        min_length=1,
        max_length=200,
        json_schema_extra={"contains": {"properties": {"text": {"pattern": SAYING}}}},
    ),
    AfterValidator(_refuse_silence),
]


class RepGiven(Received):
    """The representative. A level above the lowest needs a key with the scope `level`."""

    id: Maybe[Id] = None
    level: Maybe[Key] = None
    team: Maybe[Id] = None


class CustomerGiven(Received):
    """The customer, by the CRM's id."""

    id: Id


class OrderGiven(Received):
    """The order or account it is about, by the CRM's id."""

    id: Id


class ContactGiven(Received):
    """The contact, by the CRM's id. `locale` chooses the language of the policies."""

    external_id: Maybe[Id] = None
    channel: Maybe[Key] = None
    locale: Maybe[Locale] = None


class Circumstances(Received):
    """Who asks, about whom, and what is known. Ids count the budgets of those they name."""

    facts: dict[FactKey, FactGiven] = Field(
        default_factory=dict,
        max_length=200,
        description="What is known, by fact key; a fact that is left out is unknown, not false. "
        "`GET /v1/facts` lists them with their types.",
        json_schema_extra={"additionalProperties": False},
    )
    rep: Maybe[RepGiven] = None
    customer: Maybe[CustomerGiven] = None
    order: Maybe[OrderGiven] = None
    contact: Maybe[ContactGiven] = None


class SuggestionRequest(Circumstances):
    """What the customer said, as a text or as the turns of a contact, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["transcript"]}]}
    )

    text: Maybe[Said] = None
    transcript: Maybe[Turns] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "SuggestionRequest":
        if (self.text is None) == (self.transcript is None):
            raise PydanticCustomError("exactly_one", "must have either text or transcript")
        return self


class RemedyGiven(Received):
    """A remedy to decide on. Without an amount the most is asked for."""

    remedy: Id
    amount: Maybe[AmountGiven] = None


class DecisionRequest(Circumstances):
    """A confirmed issue; without remedies all that are worth discussing are decided on."""

    issue: Id
    remedies: Annotated[list[RemedyGiven], Field(max_length=50)] = Field(default_factory=list)


class Nothing(Received):
    """Nothing is to be said beside what the address names."""


class NoQuery(Query):
    """For operations that take no query."""


class PolicyListQuery(Query):
    """Which policies to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    issue: Maybe[Annotated[Id, Field(description="Only policies that cover this issue.")]] = None


class PolicyQuery(Query):
    """In which language to show a policy; the nearest there is."""

    locale: Maybe[Locale] = None


class SearchQuery(Query):
    """What to search policies for."""

    q: Annotated[Asked, Field(description="Words, or what the customer said.")]
    limit: SearchSize = 10
