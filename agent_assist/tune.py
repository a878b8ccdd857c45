"""Tune: which limits representatives ask beyond, what becomes of it, and which to raise."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from agent_assist.core.approvals import Approval, ApprovalState
from agent_assist.core.ceilings import Ceiling, covers
from agent_assist.core.decision import CapKind
from agent_assist.core.errors import InvalidInput
from agent_assist.core.grants import Terms
from agent_assist.core.limits import LimitRow
from agent_assist.core.tuning import (
    Advice,
    Beyond,
    Cell,
    Evidence,
    Kind,
    Raise,
    WhyNot,
    advise,
    gather,
)
from agent_assist.core.vocabulary import Remedy, Vocabulary
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.store.approvals.records import asked_again
from agent_assist.store.beyond import Asked, BeyondStore
from agent_assist.store.declines import DeclineStore

NEWEST = 20_000
"""How many requests are looked at, at most."""


BEHIND = 20
"""How many requests of a cell are named, at most."""


class LeftOut(StrEnum):
    """Why a request says nothing about a row of the live table.

    WITHIN: the row gives as much today; it was raised since, or a budget was what held it down.
    NO_ROW: no row gives any of it, or what is unknown withholds it.
    UNREADABLE: the library no longer knows what was asked for.
    """

    WITHIN = "within"
    NO_ROW = "no_row"
    UNREADABLE = "unreadable"


class Behind(NamedTuple):
    """A request that the evidence is made of, with the state it is in."""

    approval: Approval
    state: ApprovalState


@dataclass(frozen=True, slots=True)
class Tuned:
    """The evidence about one cell of the live table, and what it advises.

    Attributes:
        newest: the newest requests of the evidence, at most `BEHIND`.
    """

    evidence: Evidence
    newest: tuple[Behind, ...]
    remedy: Remedy
    ceiling: Ceiling
    advice: Raise | WhyNot


@dataclass(frozen=True, slots=True)
class Tuning:
    """The cells that representatives asked beyond, the most asked first.

    Attributes:
        since, until: days of the organisation's calendar, both included.
        is_whole: whether no request of that time was passed over.
    """

    since: date
    until: date
    is_whole: bool
    cells: tuple[Tuned, ...]
    left_out: Counter[LeftOut]


class Tuner:
    """Looks at requests through the live limit table.

    Each is decided again from its facts, on the day of the look: what the table would give today
    without asking is no reason to raise it.

    Args:
        store: reads requests.
        declines: knows what advice was declined.
        now: gives the aware present.
    """

    def __init__(
        self, store: BeyondStore, declines: DeclineStore, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._declines = declines
        self._now = now

    def look(
        self, terms: Terms, since: date | None, until: date | None, team: str | None
    ) -> Tuning:
        """The evidence of some days, both included; None for the last 90, and for today."""
        vocabulary = terms.vocabulary
        today = vocabulary.day(self._now())
        until = until or today
        since = since or until - LOOKED_BACK
        at, asked = self._store.newest(*vocabulary.span(since, until), team, NEWEST + 1)
        beyond, left_out = [], Counter[LeftOut]()
        behind: dict[Cell, list[Behind]] = defaultdict(list)
        rows: dict[str, LimitRow] = {}
        for one in asked[:NEWEST]:
            row = _row(one.approval, terms, today)
            if isinstance(row, LeftOut):
                left_out[row] += 1
                continue
            rows[row.key] = row
            found = _beyond(one, row, at)
            beyond.append(found)
            if len(behind[found.cell]) < BEHIND:
                behind[found.cell].append(Behind(one.approval, found.state))
        declined = self._declines.newest()
        cells = sorted(gather(beyond).values(), key=lambda one: (-one.requests, one.cell))
        return Tuning(
            since=since,
            until=until,
            is_whole=len(asked) <= NEWEST,
            cells=tuple(
                _tuned(one, tuple(behind[one.cell]), rows[one.cell.row], vocabulary, declined)
                for one in cells
            ),
            left_out=left_out,
        )


def _row(approval: Approval, terms: Terms, today: date) -> LimitRow | LeftOut:
    """The row whose ceiling a request goes beyond."""
    level = approval.rep_level
    try:
        asked = asked_again(approval, terms.vocabulary, level, approval.amount)
        decision = terms.limits.decide(
            issue=asked.issue, remedy=asked.remedy.key, level=level, facts=asked.facts, day=today
        )
    except (KeyError, ValueError, InvalidInput):  # ValueError: of a level that is none
        return LeftOut.UNREADABLE
    if covers(decision.up_to, asked.amount):
        return LeftOut.WITHIN
    if decision.binding is None or decision.binding.kind is not CapKind.CEILING:
        return LeftOut.NO_ROW
    rows = terms.limits.rows(asked.issue, asked.remedy.key)
    return next(row for row in rows if row.key == decision.binding.source)


def _beyond(asked: Asked, row: LimitRow, at: datetime) -> Beyond:
    approval, end = asked.approval, asked.approval.end
    decided = end is not None and end.reason is not None
    return Beyond(
        cell=Cell(row.key, approval.rep_level),
        amount=approval.amount,
        state=approval.state(at),
        given=end.amount if end is not None else None,
        waited=end.at - approval.at if end is not None and decided else None,
        taken_back=asked.taken_back,
        decided_at=end.at if end is not None and decided else None,
    )


def _tuned(
    evidence: Evidence,
    newest: tuple[Behind, ...],
    row: LimitRow,
    vocabulary: Vocabulary,
    declined: Mapping[Advice, datetime],
) -> Tuned:
    level, ladder = evidence.cell.level, vocabulary.ladder
    higher = ladder[ladder.index(level) + 1 :]
    return Tuned(
        evidence=evidence,
        newest=newest,
        remedy=vocabulary.remedies[row.remedy],
        ceiling=row.ceiling(level),
        advice=advise(
            evidence,
            row.ceilings,
            higher[0] if higher else "",
            declined.get(Advice(Kind.RAISE, row.key, level)),
        ),
    )
