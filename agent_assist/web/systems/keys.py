"""/v1/keys: the API keys of CRM systems."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.store.api_keys import StoredKey
from agent_assist.web import examples
from agent_assist.web.cursors import begun, no_such_page
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import Id, Maybe, PageSize, PerMinute, Query, Received, Time
from agent_assist.web.services import Services

# What a CRM needs. A key vouches for whomever it names: one that decides or publishes would be a
# person's authority in the hands of who makes keys. Those are made by who owns the host.
_GIVEN = (
    Scope.SUGGEST,
    Scope.DECIDE,
    Scope.READ,
    Scope.GRANT,
    Scope.RECORD,
    Scope.EVENTS,
    Scope.INSIGHTS,
    Scope.LIMITS_READ,
    Scope.AUDIT,
)
_ScopeGiven = Annotated[str, Field(pattern=f"^({'|'.join(_GIVEN)})$")]
_PATH = {"key_id": {"type": "string", "pattern": "^[a-z0-9]{12}$", "examples": ["k3v9q0x2m7ab"]}}


class KeyListQuery(Query):
    """Which keys to list."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class KeyRequest(Received):
    """A key that is to be made."""

    name: Annotated[Id, Field(description="Whose it is, such as the CRM's name.")]
    scopes: Annotated[
        list[_ScopeGiven], Field(min_length=1, max_length=len(_GIVEN), description="What for.")
    ]
    expires_at: Maybe[
        Annotated[Time, Field(description="From when on it is refused; left out, never.")]
    ] = None
    networks: Maybe[
        Annotated[
            list[Annotated[str, Field(min_length=1, max_length=50)]],
            Field(max_length=50, description="From where, such as `192.0.2.0/24`; left out, all."),
        ]
    ] = None
    per_minute: Maybe[
        Annotated[PerMinute, Field(description="How often it may be used; left out, no cap.")]
    ] = None


class Key(TypedDict):
    """A key, without its secret. `made_by` is empty where nobody noted it."""

    id: str
    name: str
    scopes: list[str]
    state: Annotated[str, Field(description="`valid`, `expired` or `revoked`.")]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    networks: list[str]
    per_minute: int | None
    made_by: str


class NewKey(Key):
    """A new key with its text, which is shown this once."""

    key: str


class KeyPage(TypedDict):
    """Keys, newest first. `next_cursor` is null on the last page."""

    items: list[Key]
    next_cursor: str | None


def register(api: Operations, services: Services) -> None:
    """Add the operations on keys."""
    ring = services.keys

    def write(key: StoredKey) -> Key:
        return {
            "id": key.id,
            "name": key.name,
            "scopes": list(key.scopes),
            "state": ring.state(key),
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "revoked_at": key.revoked_at,
            "networks": list(key.networks),
            "per_minute": key.per_minute,
            "made_by": key.made_by,
        }

    @api.get(
        "/v1/keys",
        Scope.SYSTEMS,
        About("systems", "List API keys"),
        query=KeyListQuery,
        answer=KeyPage,
    )
    def list_keys(query: KeyListQuery, _now: Exchange) -> KeyPage:
        """List API keys without their secrets, newest first; also those that are over."""
        if query.cursor is not None and ring.find(query.cursor) is None:
            raise no_such_page()
        found = ring.page(limit=query.limit + 1, after=query.cursor)
        page, following = begun(found, query.limit, lambda one: one.id)
        return {
            "items": [write(one) for one in page],
            "next_cursor": following,
        }

    @api.post(
        "/v1/keys",
        Scope.SYSTEMS,
        About("systems", "Make an API key", examples={"for a CRM": examples.KEY}),
        body=KeyRequest,
        answer=NewKey,
        status=201,
    )
    def make_key(body: KeyRequest, now: Exchange) -> NewKey:
        """Make a key. Its text is in this answer and nowhere else: a retry makes another.

        Keys that approve, edit, publish, pull the brake, state levels, or read and make what is
        about people and systems are made with `agent-assist keys create`.
        """
        key, text = ring.make(
            body.name,
            frozenset(Scope(one) for one in body.scopes),
            body.expires_at,
            by=now.caller.actor,
            networks=body.networks or (),
            per_minute=body.per_minute,
        )
        return {**write(key), "key": text}

    @api.delete(
        "/v1/keys/<key_id>",
        Scope.SYSTEMS,
        About("systems", "Revoke an API key", path=_PATH),
        query=NoQuery,
        answer=Key,
    )
    def revoke_key(_query: NoQuery, now: Exchange, key_id: str) -> Key:
        """Revoke a key at once and for good."""
        return write(ring.revoke(key_id, now.caller.actor))
