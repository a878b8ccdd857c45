"""/v1/hosts: the pages that may embed the panel."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.store.hosts import Host, HostKind
from agent_assist.web import examples
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import Id, Maybe, Received
from agent_assist.web.services import Services

_FORM = "^[a-z][a-z0-9-]{0,62}$"
_PATH = {"host_id": {"type": "string", "pattern": _FORM, "examples": ["crm"]}}


class HostRequest(Received):
    """A page that is to embed the panel."""

    id: Annotated[str, Field(pattern=_FORM, description="Stands in the panel's address.")]
    kind: Annotated[
        Literal["chatwoot", "generic", "zendesk"], Field(description="Which messages it speaks.")
    ]
    origins: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=300)]],
        Field(min_length=1, max_length=20, description="Exactly as browsers write them, no stars."),
    ]
    public_key: Maybe[
        Annotated[
            str,
            Field(max_length=10_000, description="Zendesk: the app's RSA public key, in PEM."),
        ]
    ] = None
    audience: Maybe[
        Annotated[Id, Field(description="Zendesk: the installation's URL, as in `aud`.")]
    ] = None


class EmbeddingHost(TypedDict):
    """A page that may embed the panel, without its secret."""

    id: str
    kind: str
    origins: list[str]
    audience: str | None


class NewHost(EmbeddingHost):
    """A new page, with the secret that it signs launch tokens with: null where it has none."""

    secret: Annotated[str | None, Field(description="It is shown this once.")]


class HostList(TypedDict):
    """Every page that may embed the panel, by its id."""

    items: list[EmbeddingHost]


class RemovedHost(TypedDict):
    """A page that may embed the panel no more."""

    id: str


def register(api: Operations, services: Services) -> None:
    """Add the operations on pages that embed the panel."""

    @api.get(
        "/v1/hosts",
        Scope.SYSTEMS,
        About("systems", "List the pages that may embed the panel"),
        query=NoQuery,
        answer=HostList,
    )
    def list_hosts(_query: NoQuery, _now: Exchange) -> HostList:
        """List the pages that may embed the panel."""
        return {"items": [_write(one) for one in services.hosts.all()]}

    @api.post(
        "/v1/hosts",
        Scope.SYSTEMS,
        About("systems", "Let a page embed the panel", examples={"a CRM": examples.HOST}),
        body=HostRequest,
        answer=NewHost,
        status=201,
    )
    def add_host(body: HostRequest, now: Exchange) -> NewHost:
        """Let a page embed the panel as `/panel?host=` with its id.

        A generic page gets a secret to sign launch tokens with. It is in this answer and nowhere
        else.
        """
        host, secret = services.hosts.add(
            body.id,
            HostKind(body.kind),
            body.origins,
            now.caller.actor,
            public_key=(body.public_key or "").strip(),
            audience=body.audience or "",
        )
        return {**_write(host), "secret": secret}

    @api.delete(
        "/v1/hosts/<host_id>",
        Scope.SYSTEMS,
        About("systems", "Let a page embed the panel no more", path=_PATH),
        query=NoQuery,
        answer=RemovedHost,
    )
    def remove_host(_query: NoQuery, now: Exchange, host_id: str) -> RemovedHost:
        """Forget a page, and end at once what is open in it."""
        services.hosts.remove(host_id, now.caller.actor)
        return {"id": host_id}


def _write(host: Host) -> EmbeddingHost:
    return {
        "id": host.id,
        "kind": host.kind,
        "origins": list(host.origins),
        "audience": host.audience or None,
    }
