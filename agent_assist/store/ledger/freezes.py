"""Freezes: budgets whose grants are not as the audit has them give nothing until released."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_assist.chain import canonical
from agent_assist.core.errors import NotFound
from agent_assist.core.grants import Parties
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database, Reads
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.ledger.subtotals import add_up_anew
from agent_assist.store.schema import FreezeRow

_ITSELF = "ledger"
_FOUND = "the ledger differs from the audit"


@dataclass(frozen=True, slots=True)
class Freeze:
    """A budget that was frozen or released.

    Attributes:
        by: who did it; `ledger` where it froze a budget itself.
        findings: what a freeze is for, in sentences without personal data.
    """

    at: datetime
    budget: str
    frozen: bool
    by: str
    reason: str
    findings: tuple[str, ...] = ()


class Freezes:
    """Freezes and releases budgets. Append-only: the newest entry of each budget holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def freeze(self, found: Mapping[str, Sequence[str]]) -> None:
        """Freeze budgets, by key, for what was found.

        Holds for every grant that is decided after this returns. What a budget was frozen for
        before is no news: whoever released it knows of it.
        """
        with self._database.writing() as session:
            # Every grant holds this lock: those under way end first, the next ones see it.
            lock_parties(session, Parties())
            at = audit.present(session, self._clock)
            for budget, findings in sorted(found.items()):
                news = tuple(sorted(set(findings) - _known(session, budget)))
                if news:
                    _append(session, Freeze(at, budget, True, _ITSELF, _FOUND, news))

    @again_if_aborted
    def release(self, budget: str, by: str, reason: str) -> Freeze:
        """Let a frozen budget give again, by what its grants add up to; NotFound if not frozen.

        All subtotals are added up anew: one that was wrong would stay so, and its finding is
        known from now on.
        """
        with self._database.writing() as session:
            lock_parties(session, Parties())
            if budget not in {one.budget for one in _frozen(session)}:
                raise NotFound("frozen budget", budget[:80])
            add_up_anew(session)
            at = audit.present(session, self._clock)
            entry = Freeze(at, budget, False, by, reason)
            _append(session, entry)
            return entry

    def frozen(self) -> tuple[Freeze, ...]:
        """The budgets that are frozen now, each as it was frozen last."""
        with self._database.reading() as session:
            return _frozen(session)


def frozen_budgets(reads: Reads) -> frozenset[str]:
    """Keys of the budgets that are frozen, as this transaction sees them."""
    return frozenset(reads.scalars(_KEYS))


# Made once, for every answer reads it.
_NEWEST = select(func.max(FreezeRow.seq)).group_by(FreezeRow.budget)
_KEYS = select(FreezeRow.budget).where(FreezeRow.seq.in_(_NEWEST), FreezeRow.frozen)
_ROWS = (
    select(FreezeRow).where(FreezeRow.seq.in_(_NEWEST), FreezeRow.frozen).order_by(FreezeRow.budget)
)


def _frozen(session: Session) -> tuple[Freeze, ...]:
    return tuple(
        Freeze(row.at, row.budget, row.frozen, row.by, row.reason, tuple(row.findings))
        for row in session.scalars(_ROWS)
    )


def _known(session: Session, budget: str) -> set[str]:
    """All that a budget was ever frozen for."""
    rows = session.scalars(select(FreezeRow.findings).where(FreezeRow.budget == budget))
    return {finding for findings in rows for finding in findings}


def _append(session: Session, entry: Freeze) -> None:
    said = {
        **asdict(entry),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "findings": list(entry.findings),
    }
    digest = hashlib.sha256(canonical(said).encode()).hexdigest()
    act = "budget.freeze" if entry.frozen else "budget.release"
    done = audit.Act(entry.by, act, f"budget:{entry.budget}", {"digest": digest})
    seq = audit.append(session, done, entry.at)
    session.add(FreezeRow(seq=seq, **{**asdict(entry), "findings": list(entry.findings)}))
