"""GET /v1/audit: every act as it was chained, for who checks the chain or looks something up."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.chain import Entry
from agent_assist.web.cursors import read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.operations import About, Operations
from agent_assist.web.scalars import Id, Maybe, PageSize, Query
from agent_assist.web.services import Services


class AuditQuery(Query):
    """Which page of the audit."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class AuditEntry(TypedDict):
    """An act. `hash` is that of all its other fields, as `agent_assist/chain.py` reckons it."""

    seq: Annotated[int, Field(ge=1, description="Its place, from 1 without gaps.")]
    at: Annotated[str, Field(description="In UTC, with microseconds: part of what is hashed.")]
    actor: str
    act: str
    subject: str
    content: Annotated[
        dict[str, Any], Field(description="Without personal data; digests of what was written.")
    ]
    previous: Annotated[str, Field(description="`hash` of the entry before it.")]
    hash: str


class AuditPage(TypedDict):
    """Acts, newest first. `next_cursor` is null on the last page."""

    items: list[AuditEntry]
    next_cursor: str | None


def register(api: Operations, services: Services) -> None:
    """Add the reading of the audit."""

    @api.get(
        "/v1/audit",
        Scope.AUDIT,
        About("audit", "Every act, as it was chained"),
        query=AuditQuery,
        answer=AuditPage,
    )
    def list_audit(query: AuditQuery, _now: Exchange) -> AuditPage:
        """List acts, newest first, page by page.

        Each holds the hash of the one before it, so that a reader of all pages can check the
        chain, as `agent-assist audit verify` does.
        """
        found = services.audit.page(limit=query.limit + 1, before=read_place(query.cursor))
        page = found[: query.limit]
        return {
            "items": [_write(one) for one in page],
            "next_cursor": str(page[-1].seq) if len(found) > len(page) else None,
        }


def _write(entry: Entry) -> AuditEntry:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "act": entry.act,
        "subject": entry.subject,
        "content": dict(entry.content),
        "previous": entry.previous,
        "hash": entry.hash,
    }
