"""POST /v1/limits/drafts, what a draft holds and how it is edited; so for every table."""

import base64

from agent_assist.admit import Scope
from agent_assist.core.draft_rows import Cells, TableKind
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.library.files import OneFile
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import examples
from agent_assist.web.cursors import begun, page_of, read_place
from agent_assist.web.drafts import shapes
from agent_assist.web.drafts.acting import acting_on
from agent_assist.web.drafts.versions import MEDIA, sheet_file
from agent_assist.web.drafts.writers import (
    DRAFT_PATH,
    ONE_DRAFT,
    SHEET_PATH,
    TABLE,
    draft_answer,
    write_difference,
    write_draft,
    write_faults,
    write_review,
    write_rows,
)
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import File, Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.services import Services

_MOST_FAULTS = 100  # of a sheet that are told; a wrong column is a fault of every row


def register(api: Operations, services: Services) -> None:
    """Add the operations on drafts."""
    _register_drafts(api, services)
    _register_reading(api, services)
    _register_editing(api, services)
    _register_sheets(api, services)


def _register_drafts(api: Operations, services: Services) -> None:
    @api.post_once(
        "/v1/<table>/drafts",
        Scope.LIMITS_EDIT,
        About("limits", "Begin a draft", path={"table": TABLE}, examples={"it": examples.DRAFT}),
        body=shapes.DraftRequest,
        answer=shapes.Draft,
        status=201,
    )
    def begin_draft(
        body: shapes.DraftRequest, now: Exchange, once: Once, table: str
    ) -> StoredAnswer:
        """Begin a draft that holds the rows of the newest version, or of an older one.

        Several drafts may live at once.
        """
        return services.drafter.begin(
            TableKind(table),
            owner=now.caller.named(body.by.id),
            purpose=body.purpose,
            once=once,
            answer=draft_answer,
            content_of=body.content_of,
        )

    @api.get(
        "/v1/<table>/drafts",
        Scope.LIMITS_READ,
        About("limits", "List drafts", path={"table": TABLE}),
        query=shapes.PageQuery,
        answer=shapes.DraftPage,
    )
    def list_drafts(query: shapes.PageQuery, _now: Exchange, table: str) -> shapes.DraftPage:
        """List drafts, newest first, published and discarded ones included."""
        found = services.drafts.page(
            TableKind(table), limit=query.limit + 1, before=read_place(query.cursor)
        )
        page, following = begun(found, query.limit, lambda one: one[0])
        return {
            "items": [write_draft(draft) for _, draft in page],
            "next_cursor": following,
        }


def _register_reading(api: Operations, services: Services) -> None:
    @api.get(
        ONE_DRAFT,
        Scope.LIMITS_READ,
        About("limits", "Read a draft", path=DRAFT_PATH),
        query=NoQuery,
        answer=shapes.Draft,
    )
    def read_draft(_query: NoQuery, _now: Exchange, table: str, draft_id: str) -> shapes.Draft:
        """Read where a draft stands, with all that was done to it."""
        return write_draft(services.drafts.find(TableKind(table), draft_id))

    @api.get(
        f"{ONE_DRAFT}/rows",
        Scope.LIMITS_READ,
        About("limits", "Read a draft's rows", path=DRAFT_PATH),
        query=shapes.PageQuery,
        answer=shapes.RowPage,
    )
    def read_draft_rows(
        query: shapes.PageQuery, _now: Exchange, table: str, draft_id: str
    ) -> shapes.RowPage:
        """Read the rows of a draft as they were written, page by page."""
        _, rows = services.drafts.read(TableKind(table), draft_id)
        page, following = page_of(write_rows(rows), query.limit, query.cursor)
        return {"items": list(page), "total": len(rows), "next_cursor": following}

    @api.get(
        f"{ONE_DRAFT}/review",
        Scope.LIMITS_READ,
        About("limits", "Review a draft", path=DRAFT_PATH),
        query=shapes.PageQuery,
        answer=shapes.Review,
    )
    def review_draft(
        query: shapes.PageQuery, _now: Exchange, table: str, draft_id: str
    ) -> shapes.Review:
        """Everything there is to say about a draft: faults by cell, and findings with a way out.

        A draft with faults or errors cannot be submitted; warnings and notes are for the judgement
        of whoever approves it.
        """
        read, findings = services.drafter.findings(TableKind(table), draft_id)
        return write_review(read, findings, query.limit, query.cursor)

    @api.get(
        f"{ONE_DRAFT}/difference",
        Scope.LIMITS_READ,
        About("limits", "What a draft would change", path=DRAFT_PATH),
        query=shapes.PageQuery,
        answer=shapes.Difference,
    )
    def compare_draft(
        query: shapes.PageQuery, _now: Exchange, table: str, draft_id: str
    ) -> shapes.Difference:
        """What differs from the version that the draft is based on, in words and side by side."""
        _, difference = services.drafter.difference(TableKind(table), draft_id)
        return write_difference(difference, query.limit, query.cursor)


def _register_editing(api: Operations, services: Services) -> None:
    @api.post(
        "/v1/<table>/check",
        Scope.LIMITS_READ,
        About("limits", "Check rows", path={"table": TABLE}, examples={"a row": examples.CHECK}),
        body=shapes.CheckRequest,
        answer=shapes.Faults,
    )
    def check_rows(body: shapes.CheckRequest, _now: Exchange, table: str) -> shapes.Faults:
        """Which cells of some rows cannot be read. Writes nothing, and needs no draft."""
        rows = {one.row: one.cells for one in body.rows}
        return {"faults": write_faults(services.drafter.faults(TableKind(table), rows))}

    @api.post_once(
        f"{ONE_DRAFT}/rows",
        Scope.LIMITS_EDIT,
        About("limits", "Put and drop rows", path=DRAFT_PATH, examples={"a row": examples.ROWS}),
        body=shapes.RowsRequest,
        answer=shapes.Draft,
        status=200,
        matched=True,
    )
    def edit_draft(
        body: shapes.RowsRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        """Put and drop rows, all of them or none. What a submission asked for is withdrawn.

        Cells may be wrong for a while: the review says what is.
        """
        changes: dict[str, Cells | None] = {one.row: one.cells for one in body.put}
        changes |= dict.fromkeys(body.drop)
        acting = acting_on(table, draft_id, body, now)
        return services.drafter.edit(acting, changes, once, draft_answer)

    @api.post_once(
        f"{ONE_DRAFT}/rebase",
        Scope.LIMITS_EDIT,
        About("limits", "Rebase a draft", path=DRAFT_PATH, examples={"no clash": examples.BY}),
        body=shapes.RebaseRequest,
        answer=shapes.Draft,
        status=200,
        matched=True,
    )
    def rebase_draft(
        body: shapes.RebaseRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        """Carry a draft's edits over to the newest version.

        Rows that both changed are for a person to choose: without a choice for each, 409 lists
        them as `clashes`, and nothing is done.
        """
        choices = dict.fromkeys(body.theirs, False) | dict.fromkeys(body.mine, True)
        acting = acting_on(table, draft_id, body, now)
        return services.drafter.rebase(acting, choices, once, draft_answer)


def _register_sheets(api: Operations, services: Services) -> None:
    @api.file(
        f"{ONE_DRAFT}/sheet",
        Scope.LIMITS_READ,
        About("limits", "Download a draft as a sheet", path=SHEET_PATH),
        query=shapes.SheetQuery,
        media=tuple(MEDIA.values()),
    )
    def download_draft(query: shapes.SheetQuery, _now: Exchange, table: str, draft_id: str) -> File:
        """Download all rows of a draft as CSV, JSON or XLSX, as they were written."""
        kind = TableKind(table)
        _, rows = services.drafts.read(kind, draft_id)
        return sheet_file(kind, rows, services, f"{table}-draft.{query.format}")

    @api.post(
        f"{ONE_DRAFT}/sheet/preview",
        Scope.LIMITS_EDIT,
        About(
            "limits", "What a sheet would change", path=SHEET_PATH, examples={"a": examples.SHEET}
        ),
        body=shapes.SheetGiven,
        answer=shapes.SheetPreview,
    )
    def preview_sheet(
        body: shapes.SheetGiven, _now: Exchange, table: str, draft_id: str
    ) -> shapes.SheetPreview:
        """What publishing the draft would change if it held the rows of a sheet. Writes nothing."""
        kind, sheet = TableKind(table), _file(body)
        difference, faults = services.drafter.preview(kind, draft_id, sheet, sheet.name)
        return {
            **write_difference(difference, len(difference.changes) or 1, None),
            "unreadable": len(faults),
            "faults": write_faults(faults[:_MOST_FAULTS]),
        }

    @api.post_once(
        f"{ONE_DRAFT}/sheet",
        Scope.LIMITS_EDIT,
        About(
            "limits", "Load a sheet", path=SHEET_PATH, examples={"a": examples.BY | examples.SHEET}
        ),
        body=shapes.SheetRequest,
        answer=shapes.Draft,
        status=200,
        matched=True,
    )
    def load_sheet(
        body: shapes.SheetRequest, now: Exchange, once: Once, table: str, draft_id: str
    ) -> StoredAnswer:
        """Make a draft hold the rows of a sheet, and no others."""
        sheet = _file(body)
        acting = acting_on(table, draft_id, body, now)
        return services.drafter.load(acting, sheet, sheet.name, once, draft_answer)


def _file(given: shapes.SheetGiven) -> OneFile:
    name = f"sheet.{given.format}"
    if given.format != "xlsx":
        return OneFile(name, given.content.encode())
    try:
        return OneFile(name, base64.b64decode(given.content, validate=True))
    except ValueError:  # of base64, or of text that is not even ASCII
        detail = "must be the workbook in base64"
        raise InvalidInput([FieldProblem("/content", "bad_base64", detail)]) from None
