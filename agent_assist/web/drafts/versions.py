"""GET /v1/limits/versions and what follows; so for every table."""

from pydantic import TypeAdapter

from agent_assist.admit import Scope
from agent_assist.core.draft_rows import Rows, TableKind
from agent_assist.library.sheets import write_sheet
from agent_assist.library.tables import rows_sheet
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.versions import VersionRecord
from agent_assist.web import examples
from agent_assist.web.cursors import begun, page_of, read_place
from agent_assist.web.drafts import shapes
from agent_assist.web.drafts.writers import (
    SHEET,
    TABLE,
    write_difference,
    write_rows,
    write_version,
)
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import File, Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services

MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_VERSION = TypeAdapter(shapes.Version)
_NUMBER = {
    "type": "string",
    "pattern": "^[1-9][0-9]{0,8}$",
    "description": "The version's number.",
    "examples": ["1"],
}
_PATH = {"table": TABLE, "number": _NUMBER}
_SHEET_PATH = {"table": SHEET, "number": _NUMBER}


def register(api: Operations, services: Services) -> None:
    """Add the operations on versions."""
    _register_reading(api, services)
    _register_contents(api, services)

    @api.post_once(
        "/v1/<table>/versions/<number>/cancel",
        Scope.LIMITS_PUBLISH,
        About("limits", "Cancel a version that waits", path=_PATH, examples={"it": examples.BY}),
        body=shapes.CancelRequest,
        answer=shapes.Version,
        status=200,
    )
    def cancel_version(
        body: shapes.CancelRequest, now: Exchange, once: Once, table: str, number: str
    ) -> StoredAnswer:
        """Keep a version that takes effect later from ever doing so; its draft is open again."""
        return services.releaser.cancel(
            TableKind(table),
            int(number),
            by=now.caller.named(body.by.id),
            once=once,
            answer=version_answer,
        )


def version_answer(version: VersionRecord) -> bytes:
    """The answer about a version that was just published or cancelled."""
    at = version.cancelled_at or version.publication.at
    effective_at = version.publication.effective_at
    current = 0 if effective_at is not None and effective_at > at else version.number
    return _VERSION.dump_json(write_version(version, current, at))


def sheet_file(kind: TableKind, rows: Rows, services: Services, name: str) -> File:
    """The rows of a table as a file of that name, in the format that its ending says."""
    _, vocabulary = services.reviewing.vocabulary()
    header, lines = rows_sheet(kind, rows, vocabulary)
    return File(write_sheet(name, header, lines), MEDIA[name.rpartition(".")[2]], name)


def _register_reading(api: Operations, services: Services) -> None:
    @api.get(
        "/v1/<table>/versions",
        Scope.LIMITS_READ,
        About("limits", "List versions", path={"table": TABLE}),
        query=shapes.PageQuery,
        answer=shapes.VersionPage,
    )
    def list_versions(query: shapes.PageQuery, _now: Exchange, table: str) -> shapes.VersionPage:
        """List the versions that were ever published, newest first, those that wait included."""
        found, current, at = services.releases.versions(
            TableKind(table), limit=query.limit + 1, before=read_place(query.cursor)
        )
        page, following = begun(found, query.limit, lambda one: one.number)
        return {
            "current": current,
            "items": [write_version(one, current, at) for one in page],
            "next_cursor": following,
        }

    @api.get(
        "/v1/<table>/versions/<number>",
        Scope.LIMITS_READ,
        About("limits", "Read a version's record", path=_PATH),
        query=NoQuery,
        answer=shapes.Version,
    )
    def read_version(_query: NoQuery, _now: Exchange, table: str, number: str) -> shapes.Version:
        """Read who published a version, when, and from which draft."""
        found, current, at = services.releases.standing(TableKind(table), int(number))
        return write_version(found, current, at)


def _register_contents(api: Operations, services: Services) -> None:
    def rows_of(kind: TableKind, number: int) -> Rows:
        services.releases.version(kind, number)
        return services.releases.table(kind, number)

    @api.get(
        "/v1/<table>/versions/<number>/rows",
        Scope.LIMITS_READ,
        About("limits", "Read a version's rows", path=_PATH),
        query=shapes.PageQuery,
        answer=shapes.RowPage,
    )
    def read_version_rows(
        query: shapes.PageQuery, _now: Exchange, table: str, number: str
    ) -> shapes.RowPage:
        """Read the rows of a version, page by page, in the texts of the sheet."""
        rows = write_rows(rows_of(TableKind(table), int(number)))
        page, following = page_of(rows, query.limit, query.cursor)
        return {"items": list(page), "total": len(rows), "next_cursor": following}

    @api.get(
        "/v1/<table>/versions/<number>/difference",
        Scope.LIMITS_READ,
        About("limits", "How two versions differ", path=_PATH),
        query=shapes.DifferenceQuery,
        answer=shapes.Difference,
    )
    def compare_versions(
        query: shapes.DifferenceQuery, _now: Exchange, table: str, number: str
    ) -> shapes.Difference:
        """What a version has otherwise than another, in words and side by side."""
        kind = TableKind(table)
        difference = services.reviewing.between(kind, query.against, int(number))
        return write_difference(difference, query.limit, query.cursor)

    @api.file(
        "/v1/<table>/versions/<number>/sheet",
        Scope.LIMITS_READ,
        About("limits", "Download a version as a sheet", path=_SHEET_PATH),
        query=shapes.SheetQuery,
        media=tuple(MEDIA.values()),
    )
    def download_version(query: shapes.SheetQuery, _now: Exchange, table: str, number: str) -> File:
        """Download all rows of a version as CSV, JSON or XLSX, ready to be loaded into a draft."""
        kind = TableKind(table)
        rows = rows_of(kind, int(number))
        return sheet_file(kind, rows, services, f"{table}-{number}.{query.format}")
