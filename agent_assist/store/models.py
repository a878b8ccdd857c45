"""Which model version is active: appended, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.schema import ActivationRow

ACTIVATED = "model.activate"
"""The act that the audit holds for each activation."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A model version that was made the active one; `model` is empty where none was."""

    at: datetime
    model: str
    by: str


class ModelStore:
    """Activates model versions. Append-only: the newest activation holds."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def activate(self, model: str, by: str) -> Activation:
        """Make a model version the active one for every process; the audit tells of it."""
        with self._database.writing() as session:
            lock(session, ["models"])
            at = audit.present(session, self._clock)
            rows = select(ActivationRow.model).order_by(ActivationRow.seq.desc()).limit(1)
            replaced = session.scalars(rows).first() or ""
            content = {"model": model, "replaced": replaced}
            act = audit.Act(f"cli:{by}"[:200], ACTIVATED, f"model:{model or 'none'}", content)
            seq = audit.append(session, act, at)
            session.add(ActivationRow(seq=seq, at=at, model=model, by=by))
            return Activation(at, model, by)

    def history(self) -> tuple[Activation, ...]:
        """Every activation, newest first."""
        rows = select(ActivationRow).order_by(ActivationRow.seq.desc())
        with self._database.reading() as session:
            return tuple(Activation(row.at, row.model, row.by) for row in session.scalars(rows))
