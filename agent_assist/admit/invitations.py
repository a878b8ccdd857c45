"""Invitations: a link that lets a person choose a password, once, before it expires."""

from datetime import datetime, timedelta

from agent_assist.admit.passwords import Passwords
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.people import Person
from agent_assist.store.invitations import InvitationStore

_INVITATION = "aai_"
MOST_DAYS = 30


class InvitationRefused(Unauthenticated):
    """An invitation is not good; why is not said, for whoever holds it may be a stranger."""

    def __init__(self) -> None:
        super().__init__(
            "the invitation was used, was replaced by another, or is too old: ask for a new one"
        )


class Invitations:
    """Makes invitations and takes them.

    Args:
        store: where hashes are kept.
        pepper: what secrets are hashed with.
        passwords: hashes the ones that are chosen.
    """

    def __init__(self, store: InvitationStore, pepper: Pepper, passwords: Passwords) -> None:
        self._store = store
        self._pepper = pepper
        self._passwords = passwords

    def invite(self, person: str, life: timedelta, by: str) -> tuple[str, datetime]:
        """A secret that is shown this once, and when it expires; earlier ones end.

        Raises:
            NotFound: nobody active is known under the id.
        """
        secret = new_secret(_INVITATION)
        return secret, self._store.add(person, self._pepper.hash(secret), life, by)

    def invited(self, secret: str) -> Person:
        """Whom an invitation is for; InvitationRefused if it is not good any more."""
        found = self._store.find(self._pepper.hash(secret))
        if found is None:
            raise InvitationRefused
        return found

    def pending(self, person: str) -> datetime | None:
        """When a person's invitation expires; None without one that is good."""
        return self._store.pending(person)

    def accept(self, secret: str, password: str) -> Person:
        """Give whom an invitation is for the password they chose; whatever was open to them ends.

        Raises:
            InvitationRefused: it is not good any more.
            InvalidInput: the password is too easy to guess; the invitation stays good.
        """
        self.invited(secret)  # before any work is done for a stranger
        kept = self._passwords.hash(password)
        accepted = self._store.accept(self._pepper.hash(secret), kept)
        if accepted is None:
            raise InvitationRefused
        return accepted
