"""GET /v1/audit and below: every act as it was chained, looked up, checked and taken away."""

import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.chain import BEGINNING, Entry, canonical
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.store.audit import Sought
from agent_assist.web.cursors import read_place
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import File, Operations
from agent_assist.web.scalars import CalendarDay, Id, Maybe, PageSize, Query
from agent_assist.web.services import Services

AT_ONCE = 5_000
"""So many entries are checked, or taken away, in one request."""

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


_Act = Annotated[str, Field(pattern=r"^[a-z_]{1,32}(\.[a-z_]{1,32}){0,2}$")]


class AuditSought(Query):
    """Which acts."""

    act: Maybe[
        Annotated[_Act, Field(description="Its name, or its first word: `grant`, `grant.void`.")]
    ] = None
    actor: Maybe[
        Annotated[
            Id,
            Field(
                description="Exactly as acts name them. `person:` and an id finds what they did in "
                "sessions too."
            ),
        ]
    ] = None
    subject: Maybe[Annotated[Id, Field(description="Exactly as acts name it.")]] = None
    first: Maybe[Annotated[CalendarDay, Field(description="From this day on, in UTC.")]] = None
    last: Maybe[Annotated[CalendarDay, Field(description="Up to this day, in UTC.")]] = None


class AuditQuery(AuditSought):
    """Which page of which acts."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class AuditPartQuery(Query):
    """From where to check on."""

    after: Maybe[
        Annotated[Id, Field(description="`seq` of the part before; left out, the beginning.")]
    ] = None
    hash: Maybe[Annotated[Id, Field(description="`hash` of the part before.")]] = None


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
    people: Annotated[
        dict[str, str], Field(description="Whose the sessions are that acted: ids by `actor`.")
    ]
    next_cursor: str | None


class BrokenEntry(TypedDict):
    """The first entry that is not as it was written, and why that is known."""

    seq: int
    reason: str


class AuditPart(TypedDict):
    """A part of the chain, followed up to `seq`, whose hash is `hash`.

    All of it was followed once `seq` is `entries`. From `broken` on nothing is sure.
    """

    seq: int
    hash: str
    entries: Annotated[int, Field(description="How many there are now.")]
    broken: BrokenEntry | None


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
        """List acts, newest first, page by page; all of them, or those that are sought.

        Each holds the hash of the one before it, so that a reader of all pages can check the
        chain, as `agent-assist audit verify` does. A search looks through a part of the chain at
        a time: a page may hold few acts, or none, and still have a `next_cursor`.
        """
        before = read_place(query.cursor)
        found = services.audit.search(_sought(query), limit=query.limit, before=before)
        return {
            "items": [_write(one) for one in found.entries],
            "people": dict(found.people),
            "next_cursor": None if found.left is None else str(found.left),
        }

    @api.get(
        "/v1/audit/verification",
        Scope.AUDIT,
        About("audit", "Check the chain, part by part"),
        query=AuditPartQuery,
        answer=AuditPart,
    )
    def verify_audit(query: AuditPartQuery, _now: Exchange) -> AuditPart:
        """Check that up to 5,000 acts are as they were written, from the beginning or further on.

        Go on with `seq` and `hash` of the answer until `seq` is `entries`. Whoever owns the
        database could have chained all of it anew: `agent-assist audit verify` holds it against
        checkpoints that were kept elsewhere.
        """
        seq, newest = _place(query)
        found = services.audit.follow(seq, newest, AT_ONCE)
        bad = found.bad
        return {
            "seq": found.seq,
            "hash": found.newest,
            "entries": services.audit.newest(),
            "broken": None if bad is None else {"seq": bad.first, "reason": bad.reason},
        }

    @api.file(
        "/v1/audit/export",
        Scope.AUDIT,
        About("audit", "Acts as a file"),
        query=AuditSought,
        media=("application/jsonl",),
    )
    def export_audit(query: AuditSought, _now: Exchange) -> File:
        """Download the newest 5,000 of the acts that are sought, oldest first, one to a line.

        All at once, and in the form that `chain.py` checks: `agent-assist audit export`.
        """
        entries, before = list[Entry](), None
        while len(entries) < AT_ONCE:
            limit = AT_ONCE - len(entries)
            found = services.audit.search(_sought(query), limit=limit, before=before)
            entries += found.entries
            before = found.left
            if before is None:
                break
        lines = "".join(canonical(asdict(one)) + "\n" for one in reversed(entries))
        return File(lines.encode(), "application/jsonl", "audit.jsonl")


def _sought(query: AuditSought) -> Sought:
    return Sought(
        act=query.act,
        actor=query.actor,
        subject=query.subject,
        first=None if query.first is None else _midnight(query.first),
        end=None if query.last is None else _midnight(query.last + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _place(query: AuditPartQuery) -> tuple[int, str]:
    """From where to follow the chain, and the hash that was seen there."""
    seq = read_place(query.after, "after") or 0
    if seq == 0:
        return 0, BEGINNING
    if query.hash is None or not _HASH.fullmatch(query.hash):
        raise InvalidInput([FieldProblem("hash", "wrong_form", "must be `hash` of that part")])
    return seq, query.hash


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
