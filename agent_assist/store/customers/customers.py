"""What is held of a customer, and their erasure: one transaction, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from agent_assist.core.approvals import ApprovalState, End
from agent_assist.core.budgets import Scope
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.approvals.ending import end_request
from agent_assist.store.approvals.reading import find_approval
from agent_assist.store.clock import Clock
from agent_assist.store.customers.forgetting import (
    Aliases,
    Forgotten,
    forget_answers,
    forget_contacts,
    forget_locks,
    forget_logs,
    forget_people,
)
from agent_assist.store.customers.held import Held, held
from agent_assist.store.customers.tracing import Trace, has_news, trace
from agent_assist.store.database import Database, TransactionAborted
from agent_assist.store.ledger.erased import ERASED
from agent_assist.store.locks import lock
from agent_assist.store.schema import AuditEntry, ErasedRow, ErasureRow

_EXPORTED = "customer.export"
_LATEST = 50
_OF_ONE = 200
"""Digests of one entry of the audit, so that none is long."""
_SKEW = timedelta(minutes=1)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Holding:
    """How much is held of a customer.

    Attributes:
        rows: how many of each table.
        shared: contacts and orders that others were named with too, whose ids stay.
    """

    rows: Mapping[str, int]
    shared: int

    @property
    def is_empty(self) -> bool:
        """True if nothing is."""
        return not any(self.rows.values())


@dataclass(frozen=True, slots=True)
class Erasure:
    """A customer who was erased.

    Attributes:
        alias: what stands for them in every figure since; it leads to nobody.
        rows: how many of each table were changed.
        wiped_at: since when nothing is left in the database's files either; None until then.
    """

    at: datetime
    alias: str
    rows: Mapping[str, int]
    wiped_at: datetime | None
    by: str


class CustomerStore:
    """Finds, hands out and erases what is held of a customer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def holding(self, customer: str) -> Holding:
        """How much is held of a customer; nothing is changed."""
        with self._database.reading() as session:
            found = trace(session, customer)
            return Holding(_counts(found), found.theirs.shared)

    def hand_out(self, customer: str, by: str) -> Held:
        """All that is held of a customer, as it is kept. That it was read is in the audit."""
        with self._database.reading() as session:
            found = held(session, trace(session, customer))
        self._note_export({table: len(of) for table, of in found.items()}, by)
        return found

    @again_if_aborted
    def _note_export(self, rows: Mapping[str, int], by: str) -> None:
        with self._database.writing() as session:
            act = audit.Act(by, _EXPORTED, "customer", {"rows": dict(rows)})
            audit.append(session, act, audit.present(session, self._clock))

    def erasures(self) -> tuple[Erasure, ...]:
        """Who was erased, the newest first and at most 50, by the names that stand for them."""
        rows = (
            select(ErasureRow, AuditEntry.actor)
            .join(AuditEntry, AuditEntry.seq == ErasureRow.seq)
            .order_by(ErasureRow.seq.desc())
            .limit(_LATEST)
        )
        with self._database.reading() as session:
            return tuple(
                Erasure(row.at, row.alias, row.rows, row.wiped_at, by)
                for row, by in session.execute(rows)
            )

    def erase(self, customer: str, by: str) -> Erasure | None:
        """Take out of every table what says who a customer was; None if nothing is held of them.

        What waits for a decision ends. Figures stay: amounts, times, facts of grants, who gave
        them, and that they were given to one and the same. Who names the customer's id again
        names somebody new.

        Raises:
            TransactionAborted: they are written about all the time; nothing was changed.
        """
        for _ in range(_TRIES):
            with self._database.reading() as session:
                began = self._clock(session) - _SKEW
                found = trace(session, customer)
            if found.is_empty:
                return None
            erased = self._erase(found, began, by)
            if erased is not None:
                return erased
        raise TransactionAborted("the customer is being written about: try again")

    @again_if_aborted
    def _erase(self, found: Trace, began: datetime, by: str) -> Erasure | None:
        """Erase what was found; None if there is more of it by now."""
        with self._database.writing() as session:
            aliases = Aliases(found)
            # The organisation's too, for which every grant waits.
            lock(session, [*aliases.locked(), f"{Scope.ORGANISATION}:"])
            if has_news(session, found, began):
                return None
            at = audit.present(session, self._clock)
            _end_waiting(session, found, at, by)
            forgotten = Forgotten(session, found, aliases)
            rows = _counts(found) | {"answers": forget_answers(session, found, aliases)}
            places = _remember(session, by, at, aliases.customer, rows, forgotten.digests)
            row = ErasureRow(seq=places[0], at=at, alias=aliases.customer, rows=rows, wiped_at=None)
            session.add(row)
            session.flush()
            forgotten.write(session)
            forget_contacts(session, found, aliases)
            forget_logs(session, found, aliases)
            forget_people(session, found)
            forget_locks(session, aliases)
            return Erasure(at, aliases.customer, rows, None, by)


def _end_waiting(session: Session, found: Trace, at: datetime, by: str) -> None:
    for approval_id in sorted(found.approvals):
        approval = find_approval(session, approval_id)
        if approval.state(at) is ApprovalState.PENDING:
            end_request(session, approval, End(ApprovalState.WITHDRAWN, at, ""), by)


def _remember(
    session: Session,
    by: str,
    at: datetime,
    alias: str,
    rows: Mapping[str, int],
    digests: Mapping[int, str],
) -> list[int]:
    """Write into the audit what is left of erased rows; gives the places of its entries."""
    places, ordered = list[int](), sorted(digests.items())
    for start in range(0, max(len(ordered), 1), _OF_ONE):
        part = ordered[start : start + _OF_ONE]
        content: dict[str, Any] = {"digests": {str(seq): digest for seq, digest in part}}
        if not places:
            content["rows"] = dict(rows)
        places.append(audit.append(session, audit.Act(by, ERASED, alias, content), at))
        _look_there(session, [seq for seq, _ in part], places[-1])
    return places


def _look_there(session: Session, seqs: Sequence[int], entry: int) -> None:
    """Note which entry remembers rows from now on; an earlier erasure may have had one."""
    if seqs:
        session.execute(delete(ErasedRow).where(ErasedRow.seq.in_(seqs)))
        session.execute(insert(ErasedRow), [{"seq": one, "erasure": entry} for one in seqs])


def _counts(found: Trace) -> dict[str, int]:
    return {
        "contacts": len(found.contacts),
        "grants": len(found.grants),
        "approvals": len(found.approvals),
        "suggestions": len(found.suggestions),
        "decisions": len(found.decisions),
        "people": len(found.people),
    }
