"""What a problem looks like: RFC 9457, with what a program needs to go on."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict

from agent_assist.admit.step_up import Shown
from agent_assist.core.decision import Verdict
from agent_assist.web import option_shapes

MOST_ERRORS = 50
"""No problem lists more faults."""


class ProblemError(BaseModel):
    """One fault: where (a JSON pointer, a query parameter or a check), its code, what to do."""

    model_config = ConfigDict(frozen=True)

    pointer: str | None = None
    parameter: str | None = None
    check: str | None = None
    code: str
    detail: str


class ChangedRow(TypedDict):
    """A row that was changed since."""

    row: str
    by: str
    at: datetime


class Outdated(TypedDict, total=False):
    """What an outdated change says besides: what there is now, and which rows were changed."""

    etag: str
    changed: list[ChangedRow]


class ClashingRow(TypedDict):
    """A row that a draft and the newest version both changed; null where there is no row."""

    row: str
    base: dict[str, str] | None
    mine: dict[str, str] | None
    theirs: dict[str, str] | None


class Proving(TypedDict, total=False):
    """What a session is told that must first show who it is (`step_up_required`): by what."""

    how: list[Shown]


class Conflict(TypedDict, total=False):
    """What a refusal says besides.

    Of a grant: how much is left, and what holds it down. Of a draft that is based on an older
    version: the newest, and the rows that both changed.
    """

    verdict: Verdict
    level: str
    headroom: option_shapes.Quantity
    binding: option_shapes.Cap | None
    approval: option_shapes.Approval | None
    needs: list[str]
    newest: int
    clashes: list[ClashingRow]


class Gone(TypedDict, total=False):
    """What an answer that was erased says besides: the grant, request or contact it was about."""

    subject: str


class Problem(BaseModel):
    """What went wrong. `type` is stable; `detail` is for people."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[ProblemError]
