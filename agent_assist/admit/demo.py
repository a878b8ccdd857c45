"""The demonstration: simulated people come in without a password, where all data are simulated."""

from collections.abc import Sequence

from agent_assist.admit.hosts import DEMO
from agent_assist.admit.sessions import Sessions
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means
from agent_assist.store.simulation import SimulationStore


class Demo:
    """Lets simulated people in.

    Whether it may is no setting: the database's own audit says what it holds.

    Args:
        simulation: knows what the database holds.
        sessions: give out codes.
    """

    def __init__(self, simulation: SimulationStore, sessions: Sessions) -> None:
        self._simulation = simulation
        self._sessions = sessions

    def is_on(self) -> bool:
        """Whether the database began as a simulation."""
        return self._simulation.has_begun()

    def rep(self, ladder: Sequence[str]) -> Person | None:
        """A simulated representative."""
        return self._simulation.find(ladder[:1])

    def supervisor(self, ladder: Sequence[str]) -> Person | None:
        """Somebody simulated who decides on what a representative asks for."""
        return self._simulation.find(ladder[max(1, len(ladder) - 2) :])

    def colleague(self, level: str) -> Person | None:
        """Somebody simulated of a level."""
        return self._simulation.find([level])

    def console_code(self, person: Person | None) -> str | None:
        """A code for the console as a simulated person; None for nobody, or where data are real."""
        if person is None or not self.is_on():
            return None
        return self._sessions.code_for(person, None, Means.DEMO)

    def code_for(self, person: Person | None) -> str | None:
        """A code for a simulated person; None for nobody, or where data are real."""
        if person is None or not self.is_on():
            return None
        return self._sessions.code_for(person, DEMO, Means.DEMO)
