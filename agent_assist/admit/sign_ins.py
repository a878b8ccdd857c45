"""Sign-ins: people who come by their password, and the browser they come with."""

from datetime import timedelta

from agent_assist.admit.attempts import Attempts, TooManyAttempts
from agent_assist.admit.passwords import Passwords
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.ids import same_form
from agent_assist.core.people import Person
from agent_assist.core.proofs import SINGLE, Means
from agent_assist.store.accounts import AccountStore, SignedIn

__all__ = ["SignInRefused", "SignIns", "TooManyAttempts"]

LIFE = timedelta(hours=12)
_LONGEST = 200


class SignInRefused(Unauthenticated):
    """The name or the password is wrong; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__("the name or the password is wrong")


class SignIns:
    """Lets people in by their password.

    Args:
        store: of accounts and attempts.
        pepper: what names and secrets are hashed with.
        passwords: hashes and verifies them.
    """

    def __init__(self, store: AccountStore, pepper: Pepper, passwords: Passwords) -> None:
        self._store = store
        self._pepper = pepper
        self._passwords = passwords
        self._attempts = Attempts(store, pepper)

    def set_password(self, person: str, password: str, by: str) -> None:
        """Give a person a password; what the old one had opened ends.

        Raises:
            InvalidInput: it is too easy to guess.
            NotFound: nobody is known under the id.
        """
        self._store.set_password(person, self._passwords.hash(password), by)

    def has_password(self, person: str) -> bool:
        """Whether somebody active can sign in here."""
        return self._store.find(person) is not None

    def sign_in(self, name: str, password: str, replaces: str | None) -> tuple[Person, str]:
        """Who has this name and password, and a secret for their browser.

        What the secret that the browser came with stands for (`replaces`) ends.

        Raises:
            SignInRefused, TooManyAttempts, NotReady: as `check`.
        """
        person = self.check(name, password)
        return person, self.remember(person, replaces, Means.PASSWORD)

    def check(self, name: str, password: str) -> Person:
        """Who has this name and password.

        Raises:
            SignInRefused: nobody has; the same in words and in time, whatever is wrong.
            TooManyAttempts: several attempts under this name failed; this one was not looked at.
            NotReady: too many are being looked at.
        """
        name = same_form(name.strip())[:_LONGEST]
        counted = self._attempts.begin("name", name)
        # No id holds a NUL, and PostgreSQL takes none.
        account = self._store.find(name) if name.isprintable() else None
        kept = None if account is None else account.password_hash
        genuine = self._passwords.verify(kept, password)
        if account is None or kept is None or not genuine:
            if account is not None:
                self._attempts.failed(account.person.id, counted, "sign_in.refused")
            raise SignInRefused
        if self._passwords.is_outdated(kept):
            self._store.rehash(account.person.id, kept, self._passwords.hash(password))
        self._attempts.succeeded(counted)
        return account.person

    def complete(self, signed_in: SignedIn, replaces: str | None) -> str:
        """A new secret for the browser of who has shown their second factor as well."""
        means = signed_in.proof.means
        return self.remember(signed_in.person, replaces, SINGLE.get(means, means))

    def remember(self, person: Person, replaces: str | None, means: Means) -> str:
        """A secret for the browser of who has come by some means, in place of what it had."""
        secret, ended = new_secret(), None if replaces is None else self._pepper.hash(replaces)
        self._store.sign_in(person.id, self._pepper.hash(secret), LIFE, ended, means)
        return secret

    def visitor(self, secret: str | None) -> SignedIn | None:
        """Who has signed in in the browser that has a secret; None for nobody."""
        return None if secret is None else self._store.signed_in(self._pepper.hash(secret))

    def sign_out(self, secret: str | None) -> None:
        """End what a browser's secret stands for."""
        if secret is not None:
            self._store.sign_out(self._pepper.hash(secret))

    def purge(self) -> None:
        """Delete what is forgotten."""
        self._attempts.purge()
