"""What clients send and get about drafts and versions, as published."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.drafts import ActKind, DraftState
from agent_assist.core.review import ChangeKind, Severity
from agent_assist.web.grants.shapes import ByGiven
from agent_assist.web.scalars import Id, Maybe, PageSize, Query, Received, Said, Time, TurnText

RowKey = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9][A-Za-z0-9_./-]{0,139}$",
        description="The key of a limit row or budget; a policy's id, and of a translation the id, "
        "a dot and the locale.",
    ),
]
ColumnName = Annotated[str, Field(min_length=1, max_length=80)]
CellText = Annotated[TurnText, Field(min_length=1, max_length=10_000)]
Comment = Annotated[TurnText, Field(max_length=1_000)]
Cells = Annotated[
    dict[ColumnName, CellText],
    Field(
        max_length=200,
        description="Texts by column as in the sheet, and of a policy by field; empty cells left "
        "out.",
    ),
]


class DraftRequest(Received):
    """A draft to be begun from the newest version."""

    by: ByGiven
    purpose: Annotated[Said, Field(max_length=1_000)]
    content_of: Maybe[
        Annotated[
            int,
            Field(
                ge=1,
                le=999_999_999,
                description="An older version whose rows it shall hold: publishing it reverts.",
            ),
        ]
    ] = None


class RowGiven(Received):
    """A row, whole: it replaces the one with its key."""

    row: RowKey
    cells: Cells


class RowsRequest(Received):
    """Rows to be put and dropped together."""

    by: ByGiven
    put: Annotated[list[RowGiven], Field(max_length=5_000)] = Field(default_factory=list)
    drop: Annotated[list[RowKey], Field(max_length=5_000)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        keys = [one.row for one in self.put] + self.drop
        if not keys:
            raise PydanticCustomError("nothing", "Name a row to put or to drop")
        if len(set(keys)) != len(keys):
            raise PydanticCustomError("duplicate", "Name each row once")
        return self


class CheckRequest(Received):
    """Rows to be read, and nothing else."""

    rows: Annotated[list[RowGiven], Field(max_length=5_000)]


class SheetGiven(Received):
    """A whole sheet, which takes the place of all rows."""

    format: Literal["csv", "json", "xlsx"]
    content: Annotated[
        str,
        Field(max_length=900_000, description="The file's text; of a workbook, in base64."),
    ]


class SheetRequest(SheetGiven):
    """A whole sheet, and who loads it."""

    by: ByGiven


class ActRequest(Received):
    """Something to be done to a draft."""

    by: ByGiven
    comment: Maybe[Comment] = None


class CommentRequest(Received):
    """Something to be said about a draft."""

    by: ByGiven
    comment: Annotated[Said, Field(max_length=1_000)]


class RebaseRequest(Received):
    """A draft to be carried over to the newest version.

    Each row that both changed must be in one of the two lists; see the refusal's `clashes`.
    """

    by: ByGiven
    mine: Annotated[list[RowKey], Field(max_length=5_000)] = Field(default_factory=list)
    theirs: Annotated[list[RowKey], Field(max_length=5_000)] = Field(default_factory=list)


class PublishRequest(Received):
    """A draft to be published."""

    by: ByGiven
    note: Maybe[Comment] = None
    effective_at: Maybe[
        Annotated[Time, Field(description="From when; at once if it is left out.")]
    ] = None


class CancelRequest(Received):
    """A version that waits, to be kept from taking effect."""

    by: ByGiven


class PageQuery(Query):
    """Which page."""

    limit: PageSize = 50
    cursor: Maybe[Annotated[Id, Field(description="`next_cursor` of the page before.")]] = None


class DifferenceQuery(PageQuery):
    """Compared with which version, and which page."""

    against: Annotated[
        int, Field(ge=1, le=999_999_999, description="The version that is read as the one before.")
    ]


class SheetQuery(Query):
    """In which format."""

    format: Literal["csv", "json", "xlsx"] = "csv"


class Act(TypedDict):
    """Something that was done to a draft. `number` counts them from 1."""

    number: int
    kind: ActKind
    at: datetime
    by: str
    comment: str
    base: int | None
    version: int | None


class Signature(TypedDict):
    """Who submitted or approved a draft, and a hash of what exactly."""

    by: str
    at: datetime
    content_hash: str


class Draft(TypedDict):
    """A draft. `etag` names its content for `If-Match`; `base` is the version it replaces."""

    id: str
    table: TableKind
    state: DraftState
    etag: str
    owner: str
    purpose: str
    created_at: datetime
    base: int
    authors: list[str]
    submission: Signature | None
    approval: Signature | None
    version: Annotated[int | None, Field(description="The version it was published as.")]
    acts: list[Act]


class DraftPage(TypedDict):
    """Drafts, newest first. `next_cursor` is null on the last page."""

    items: list[Draft]
    next_cursor: str | None


class Row(TypedDict):
    """A row: texts by column as in the sheet."""

    row: str
    cells: dict[str, str]


class RowPage(TypedDict):
    """Rows in order, of `total` in all. `next_cursor` is null on the last page."""

    items: list[Row]
    total: int
    next_cursor: str | None


class CellFault(TypedDict):
    """A cell that cannot be read. A draft that has any is not published."""

    row: str
    column: str
    code: str
    message: str


class Faults(TypedDict):
    """Every cell that cannot be read, row by row; none if all can."""

    faults: list[CellFault]


class Finding(TypedDict):
    """Something to look at. One that is an error keeps a draft from being submitted.

    `column` is the cell of the first row that it is about, null for the whole of it; `count` is how
    many past cases fall under it; `proposal` is a row that settles it.
    """

    code: str
    severity: Severity
    rows: list[str]
    column: str | None
    message: str
    count: int
    proposal: Row | None


class Review(TypedDict):
    """What there is to say about a draft, the most serious first; counts are of all pages."""

    etag: str
    faults: list[CellFault]
    errors: int
    warnings: int
    notes: int
    items: list[Finding]
    next_cursor: str | None


class RowChange(TypedDict):
    """A row that differs: in words, and its cells side by side; null where there is no row."""

    row: str
    kind: ChangeKind
    sentences: list[str]
    before: dict[str, str] | None
    after: dict[str, str] | None


class Difference(TypedDict):
    """What publishing a draft would change.

    `tightens` is true if it is proved that nobody may be given more, and no row that allows says
    another sentence or is offered more freely: that needs no approval.
    """

    base: int
    tightens: bool
    changed: Annotated[int, Field(description="How many rows differ, on all pages.")]
    items: list[RowChange]
    next_cursor: str | None


class SheetPreview(Difference):
    """What a sheet would change, and what in it cannot be read.

    Such cells are put into a draft as they stand, and keep it from being published.
    """

    unreadable: Annotated[int, Field(description="How many cells cannot be read.")]
    faults: Annotated[list[CellFault], Field(description="The first 100 of them.")]


VersionState = Literal["current", "scheduled", "past", "cancelled"]


class Version(TypedDict):
    """A published version, which never changes."""

    table: TableKind
    number: int
    state: VersionState
    library: int
    content_hash: str
    published_at: datetime
    published_by: str
    approved_by: str | None
    note: str
    draft: str | None
    effective_at: Annotated[datetime | None, Field(description="Null if it was at once.")]
    cancelled_at: datetime | None
    cancelled_by: str | None


class VersionPage(TypedDict):
    """Versions, newest first. `current` is the one in effect; 0 if there is none."""

    current: int
    items: list[Version]
    next_cursor: str | None
