"""Demands: what somebody must have shown of themselves before anything is open to them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum

from agent_assist.admit.access import Role, roles_of
from agent_assist.admit.second_factors import SecondFactors
from agent_assist.core.people import Person
from agent_assist.core.proofs import SINGLE
from agent_assist.store.accounts import SignedIn
from agent_assist.store.sessions import OpenSession

PATIENCE = timedelta(minutes=15)
"""So long after a password the rest of what is asked may follow."""


class Lack(StrEnum):
    """What is missing of a sign-in: a code of the app, or an app that shows codes."""

    CODE = "code"
    APP = "app"


class Demands:
    """Knows who needs a second factor.

    Args:
        second_factors: know who has one.
        required: whether everybody needs one who decides for others or looks after people.
        ladder: gives the keys of the levels that count now, lowest first.
    """

    def __init__(
        self,
        second_factors: SecondFactors,
        *,
        required: bool,
        ladder: Callable[[], Sequence[str]],
    ) -> None:
        self._second_factors = second_factors
        self._required = required
        self._ladder = ladder

    def lack(self, signed_in: SignedIn) -> Lack | None:
        """What is missing of a sign-in; None where it opens what its person may do.

        Who has a second factor is always asked for it.
        """
        if signed_in.proof.means not in SINGLE:
            return None
        if self._second_factors.has(signed_in.person.id):
            return Lack.CODE
        return Lack.APP if self._needs(signed_in.person) else None

    def allow(self, session: OpenSession) -> bool:
        """Whether a session was opened by enough for what its person may do now.

        It was not where they were given more since, or where the setting has changed.
        """
        return session.means not in SINGLE or not self._needs(session.person)

    def _needs(self, person: Person) -> bool:
        return self._required and roles_of(person, self._ladder()) != {Role.REP}
