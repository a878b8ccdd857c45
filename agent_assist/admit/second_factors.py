"""Second factors: codes of an app (RFC 6238), and recovery codes that stand in for them."""

import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pyotp import TOTP
from pyotp.exceptions import OTPVerificationError

from agent_assist.admit.attempts import Attempts
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.people import Person
from agent_assist.store.second_factors import SecondFactorStore

ISSUER = "Agent Assist"
OFFER_LIFE = timedelta(minutes=15)
_SECRET_BYTES = 20
_WINDOW = 1
"""Time steps before and after the present whose codes count: clocks differ."""
# Whoever gets here has the password: it is not for strangers to keep somebody out.
_SLOWEST = timedelta(minutes=15)
_RECOVERY_CODES = 10
# Without what looks like something else on paper; 31 letters in ten places are 49 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LONGEST_LABEL = 60


class CodeRefused(Unauthenticated):
    """A code is not good now, or was used."""

    def __init__(self) -> None:
        super().__init__("the code is wrong, too old, or was used before: wait for the next one")


class OfferOver(Unauthenticated):
    """What was offered was not confirmed in time, or something else was offered since."""

    def __init__(self) -> None:
        super().__init__("this took too long, or was begun anew elsewhere: begin again")


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that a person brings into their app: as base32, and in an address for its camera."""

    secret: str
    address: str


class SecondFactors:
    """Offers second factors, and knows genuine codes.

    Args:
        store: where they are kept.
        attempts: slow down who guesses.
        pepper: from which, with a person's salt, their secret follows: the database alone shows
            no codes.
        now: gives the aware present.
    """

    def __init__(
        self,
        store: SecondFactorStore,
        attempts: Attempts,
        pepper: Pepper,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._attempts = attempts
        self._pepper = pepper
        self._now = now

    def has(self, person: str) -> bool:
        """Whether a person has confirmed one."""
        return self._store.find(person) is not None

    def recovery_left(self, person: str) -> int:
        """How many recovery codes a person has left."""
        found = self._store.find(person)
        return 0 if found is None else found.recovery

    def offer(self, person: Person) -> Offer:
        """A new secret for a person, who must confirm it; what they have counts until then."""
        salt = new_secret()
        self._store.offer(person.id, salt)
        return self._offer(person, salt)

    def offered(self, person: Person) -> Offer:
        """What is being offered to a person; OfferOver if nothing is any more."""
        return self._offer(person, self._salt_offered(person))

    def confirm(self, person: Person, code: str) -> tuple[str, ...]:
        """Make what was offered a person's second factor; gives recovery codes, shown this once.

        What had been opened without it ends.

        Raises:
            CodeRefused: the code is not one of the secret that was offered.
            OfferOver: nothing is offered any more.
            TooManyAttempts: several codes failed; this one was not looked at.
        """
        salt = self._salt_offered(person)
        counted = self._attempts.begin("code", person.id, _SLOWEST)
        step = self._step_of(person.id, salt, code)
        if step is None:
            self._attempts.failed(person.id, counted, "second_factor.refused")
            raise CodeRefused
        codes = tuple(_recovery_code() for _ in range(_RECOVERY_CODES))
        hashes = [self._hashed(person.id, one) for one in codes]
        if not self._store.confirm(person.id, salt, step, hashes):
            raise OfferOver
        self._attempts.succeeded(counted)
        return codes

    def check(self, person: str, code: str) -> None:
        """Use a person's code, of their app or for recovery; it counts once.

        Raises:
            CodeRefused: it is not good now, or was used.
            TooManyAttempts: several failed; this one was not looked at.
        """
        counted = self._attempts.begin("code", person, _SLOWEST)
        if not self._is_good(person, code):
            self._attempts.failed(person, counted, "second_factor.refused")
            raise CodeRefused
        self._attempts.succeeded(counted)

    def reset(self, person: str, by: str) -> bool:
        """Forget a person's second factor, and end what is open to them; False if they had none.

        Raises:
            NotFound: nobody is known under the id.
        """
        return self._store.reset(person, by)

    def _is_good(self, person: str, code: str) -> bool:
        found = self._store.find(person)
        if found is None:
            return False
        step = self._step_of(person, found.salt, code)
        if step is not None:
            return self._store.use(person, step)
        return self._store.recover(person, self._hashed(person, code))

    def _step_of(self, person: str, salt: str, code: str) -> int | None:
        """The time step whose code it is; None for none of those that count now."""
        app, typed = TOTP(self._secret(person, salt)), "".join(code.split())
        try:
            return app.verify_and_get_timecode(typed, for_time=self._now(), valid_window=_WINDOW)
        except OTPVerificationError:
            return None

    def _salt_offered(self, person: Person) -> str:
        salt = self._store.offered(person.id, OFFER_LIFE)
        if salt is None:
            raise OfferOver
        return salt

    def _offer(self, person: Person, salt: str) -> Offer:
        secret = self._secret(person.id, salt)
        label = person.id[:_LONGEST_LABEL].replace(":", " ")  # which would end the issuer
        return Offer(secret, TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER))

    def _secret(self, person: str, salt: str) -> str:
        key = bytes.fromhex(self._pepper.hash(f"second factor/{person}/{salt}"))
        return b32encode(key[:_SECRET_BYTES]).decode()

    def _hashed(self, person: str, code: str) -> str:
        plain = "".join(letter for letter in code.lower() if letter.isalnum())
        return self._pepper.hash(f"recovery/{person}/{plain}")


def _recovery_code() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{code[:5]}-{code[5:]}"
