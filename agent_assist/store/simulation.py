"""Whether a database holds a simulated history: an act of its audit says so."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from agent_assist.core.errors import SetupRefused
from agent_assist.core.people import Person
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.libraries import IMPORTED
from agent_assist.store.people import active_at
from agent_assist.store.schema import AuditEntry, ContactRow

PREFIX = "demo-"
"""Every simulated id begins with it."""

ACTOR = "simulated"
_ACT = "simulation.begin"


class SimulationStore:
    """Marks a database as one that holds a simulated history.

    Args:
        database: that will hold it.
        clock: of the history.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def has_begun(self) -> bool:
        """Whether the database holds a simulated history, and so nothing that is real before it."""
        acts = select(AuditEntry.act).where(AuditEntry.act != IMPORTED)
        with self._database.reading() as session:
            first = session.scalars(acts.order_by(AuditEntry.seq).limit(1)).first()
        return first == _ACT

    def find(self, levels: Sequence[str]) -> Person | None:
        """A simulated person who is active and of one of some levels, the first by id."""
        with self._database.reading() as session:
            people = active_at(session, levels)
        return next((one for one in people if one.id.startswith(PREFIX)), None)

    @again_if_aborted
    def begin(self, content: Mapping[str, Any]) -> bool:
        """Mark the database, before anything but imports; False if it is marked already.

        Args:
            content: what the history is made from, as JSON.

        Raises:
            SetupRefused: something real was recorded before; nothing was written.
        """
        with self._database.writing() as session:
            # A library must be there before anybody can work by it.
            acts = select(AuditEntry.act).where(AuditEntry.act != IMPORTED)
            first = session.scalars(acts.order_by(AuditEntry.seq).limit(1)).first()
            if first == _ACT:
                return False
            if first is not None or session.scalars(select(ContactRow).limit(1)).first():
                raise SetupRefused(
                    "this database holds real grants, contacts or people, and a simulated history "
                    "is never mixed with them: leave out --demo, or set AGENT_ASSIST_DATA to "
                    "another folder"
                )
            act = audit.Act(ACTOR, _ACT, "history", content)
            audit.append(session, act, self._clock(session))
            return True
