"""What is said of webhooks, both ways."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from agent_assist.core.webhooks import LONGEST_URL, Answer, Delivery
from agent_assist.store.events import KINDS
from agent_assist.subscribe import Subscribed
from agent_assist.web.scalars import Id, Maybe, PageSize, Query, Received, Time

PATH = {"webhook_id": {"type": "string", "pattern": "^[a-z0-9]{12}$", "examples": ["0a1b2c3d4e5f"]}}
_Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_URL,
        description="`https://`, to an address of the internet unless operators allow others.",
    ),
]
_Types = Annotated[
    list[Annotated[str, Field(max_length=64, json_schema_extra={"enum": sorted(KINDS)})]],
    Field(
        max_length=50,
        description="Of events, by name or first word: `grant.captured`, `approval`. Empty: all.",
    ),
]
_Description = Annotated[Id, Field(description="What it is for.")]


class WebhookRequest(Received):
    """An address that is to be told of events."""

    url: _Url
    types: _Types = Field(default_factory=list)
    description: _Description


class WebhookChange(Received):
    """What is to become of a webhook; what is left out stays."""

    url: Maybe[_Url] = None
    types: Maybe[_Types] = None
    description: Maybe[_Description] = None
    enabled: Maybe[
        Annotated[bool, Field(description="False: nothing is sent, and what waits has failed.")]
    ] = None


class ReplayGiven(Received):
    """What is to be sent again: one event, or all that was not taken since an instant."""

    event: Maybe[Annotated[Id, Field(description="Its `event` in the log.")]] = None
    since: Maybe[Annotated[Time, Field(description="Within the last 30 days.")]] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "ReplayGiven":
        if (self.event is None) == (self.since is None):
            raise PydanticCustomError("exactly_one", "must have either event or since")
        return self


class Webhook(TypedDict):
    """An address that is told of events, without its secrets."""

    id: str
    url: str
    types: list[str]
    description: str
    state: Annotated[
        Literal["on", "failing", "off"],
        Field(description="`failing`: it has not taken what was sent last, and is tried again."),
    ]
    off_because: Annotated[
        Literal["person", "gone", "failing"] | None,
        Field(
            description="`gone`: it answered 410. `failing`: it has taken nothing for five days."
        ),
    ]
    failing_since: datetime | None
    waiting: Annotated[int, Field(description="How many events wait to be sent or sent again.")]
    failed: Annotated[int, Field(description="How many were given up, of those in the log.")]
    old_secret_until: Annotated[
        datetime | None,
        Field(description="Until when messages bear the old secret's mark as well."),
    ]
    created_at: datetime
    made_by: str


class NewWebhook(Webhook):
    """A webhook with its new secret, which is shown this once."""

    secret: Annotated[str, Field(description="`whsec_` and base64, as Standard Webhooks has them.")]


class WebhookList(TypedDict):
    """Every webhook, oldest first."""

    items: list[Webhook]


class RemovedWebhook(TypedDict):
    """A webhook that is told of nothing any more."""

    id: str


class TriedWebhook(TypedDict):
    """What became of a test."""

    taken: Annotated[bool, Field(description="Whether it answered with 200 to 299.")]
    status: int | None
    fault: Annotated[
        str | None,
        Field(
            description="Why there is no status: `name`, `address`, `connection`, `tls`, "
            "`timeout` or `answer`."
        ),
    ]
    ms: int


class DeliveryQuery(Query):
    """Which deliveries to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None
    state: Maybe[Literal["waiting", "delivered", "failed"]] = None


class WebhookDelivery(TypedDict):
    """An event on its way, or what became of it. `status`, `fault` and `ms` are of the last try."""

    event: Annotated[str, Field(description="Its cursor in `GET /v1/events`.")]
    type: str
    happened_at: datetime
    state: Literal["waiting", "delivered", "failed"]
    tries: int
    at: Annotated[datetime, Field(description="When it was tried last, or came in line.")]
    next_at: datetime | None
    status: int | None
    fault: str | None
    ms: int | None


class DeliveryPage(TypedDict):
    """Deliveries, the newest events first. `next_cursor` is null on the last page."""

    items: list[WebhookDelivery]
    next_cursor: str | None


def write(one: Subscribed) -> Webhook:
    """A webhook."""
    endpoint = one.endpoint
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "types": list(endpoint.types),
        "description": endpoint.description,
        "state": endpoint.state,
        "off_because": None if endpoint.off is None else endpoint.off.value,
        "failing_since": endpoint.failing_since,
        "waiting": one.line.waiting,
        "failed": one.line.failed,
        "old_secret_until": endpoint.old_until,
        "created_at": endpoint.at,
        "made_by": endpoint.made_by,
    }


def write_tried(answer: Answer) -> TriedWebhook:
    """What became of a test."""
    return {
        "taken": answer.is_taken,
        "status": answer.status,
        "fault": answer.fault,
        "ms": answer.ms,
    }


def write_delivery(one: Delivery) -> WebhookDelivery:
    """A delivery."""
    return {
        "event": str(one.seq),
        "type": one.type,
        "happened_at": one.happened_at,
        "state": one.state.value,
        "tries": one.tries,
        "at": one.at,
        "next_at": one.next_at,
        "status": one.status,
        "fault": one.fault,
        "ms": one.ms,
    }
