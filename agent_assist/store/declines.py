"""Advice on limits that was declined: who did, when and why; each is an act in the audit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from agent_assist.core.tuning import Advice, Kind
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.schema import DeclinedRow


@dataclass(frozen=True, slots=True)
class Decline:
    """Advice that was declined, by whom in the audit's words."""

    advice: Advice
    at: datetime
    by: str
    reason: str


class DeclineStore:
    """Keeps what was declined. Append-only: of each advice the newest holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def decline(
        self,
        advice: Advice,
        by: str,
        reason: str,
        once: Once,
        answer: Callable[[Decline], bytes],
    ) -> StoredAnswer:
        """Decline advice, once; KeyReused, KeyInFlight: see `store.once`."""
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            found = Decline(advice, audit.present(session, self._clock), by, reason)
            told = {"kind": advice.kind.value, "row": advice.row, "level": advice.level}
            act = audit.Act(by, "advice.decline", advice.row, {**told, "reason": reason})
            seq = audit.append(session, act, found.at)
            session.add(DeclinedRow(seq=seq, at=found.at, by=by, reason=reason, **told))
            return fulfil(session, once, 201, answer(found))

    def newest(self) -> Mapping[Advice, datetime]:
        """When each advice was last declined."""
        which = (DeclinedRow.kind, DeclinedRow.row, DeclinedRow.level)
        rows = select(*which, func.max(DeclinedRow.at)).group_by(*which)
        with self._database.reading() as session:
            return {
                Advice(Kind(kind), row, level): at for kind, row, level, at in session.execute(rows)
            }
