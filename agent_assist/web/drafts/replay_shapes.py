"""What a replay says, as published; also what `agent-assist limits replay` prints."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.core.replay import Cause
from agent_assist.web.scalars import Maybe, Received, Time


class ReplayRequest(Received):
    """Which part of the history to replay."""

    since: Maybe[
        Annotated[Time, Field(description="From when; from the beginning without it.")]
    ] = None
    until: Maybe[Annotated[Time, Field(description="Until before when; until now without it.")]] = (
        None
    )
    most: Annotated[
        int,
        Field(ge=1, le=5_000, description="How many entries at most, the newest."),
    ] = 2_000


class Tally(TypedDict):
    """Cases, and what would have been different. Sums are decimal texts of the currency.

    `more` and `less` are cases in which the level could have given more, or less, without asking;
    `uncovered` is what was given and could not be now.
    """

    cases: int
    more: int
    less: int
    same: int
    approvals_saved: int
    approvals_added: int
    allowed: int
    refused: int
    opened: int
    raised: str
    lowered: str
    unbounded: int
    grants: int
    granted: str
    uncovered_grants: int
    uncovered: str


class Responsible(TypedDict):
    """What the new answer rests on: a limit row, a budget, another remedy, or nothing."""

    kind: Cause
    key: str


class OfResponsible(Tally):
    """The cases whose new answer rests on one thing."""

    responsible: Responsible


class OfLevel(Tally):
    """The cases of a level."""

    level: str


class OfIssue(Tally):
    """The cases of an issue."""

    issue: str


class OfRemedy(Tally):
    """The cases of a remedy."""

    remedy: str


class ReplayFound(TypedDict):
    """What would have been different, in all and by what it rests on, level, issue and remedy.

    `unknown` are facts that nobody had asked for, by how many cases would have rested on them;
    `unreckoned` budgets whose sums were not kept; `left_out` why cases could not be replayed.
    """

    currency: str
    total: Tally
    by_responsible: list[OfResponsible]
    by_level: list[OfLevel]
    by_issue: list[OfIssue]
    by_remedy: list[OfRemedy]
    unknown: dict[str, int]
    unreckoned: dict[str, int]
    left_out: dict[str, int]


class Replay(ReplayFound):
    """What a draft would have changed. `etag` names its content that was replayed.

    `entries` were replayed: grants, suggestions and decisions from `since` until before `until`;
    `complete` is false if older ones of the time that was asked for were left out, `left` of
    them: to replay these too, ask again until `since`. Tallies of parts add up to the whole's.
    """

    etag: str
    since: datetime | None
    until: datetime | None
    entries: int
    complete: bool
    left: int
