"""Passwords: which are good enough, and how they are kept."""

import threading
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from agent_assist.core.errors import FieldProblem, InvalidInput, NotReady

_LEAST, _MOST = 12, 200
_AT_ONCE = 2
"""Each hash takes 64 MiB of memory for a moment."""
_PATIENCE = 5.0


class Passwords:
    """Hashes passwords by argon2id.

    Args:
        hasher: how much work it takes; by default what RFC 9106 advises where memory is scarce.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """A password as it is kept; InvalidInput if it is too easy to guess or too long."""
        password = _one_form(password)
        if not _LEAST <= len(password) <= _MOST or len(set(password)) < 5:
            detail = f"must have {_LEAST} to {_MOST} characters, and 5 different ones"
            raise InvalidInput([FieldProblem("password", "weak_password", detail)])
        return self._hasher.hash(password)

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one that was kept; as slow where there is none (None).

        Raises:
            NotReady: too many are being looked at.
        """
        if not self._turns.acquire(timeout=_PATIENCE):
            raise NotReady("too many people sign in at once: try again in a moment")
        try:
            return self._hasher.verify(kept or self._nobodys, _one_form(password)[: _MOST + 1])
        except VerificationError:
            return False
        finally:
            self._turns.release()

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with less work than is done today."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password, and it verifies for nobody")


def _one_form(password: str) -> str:
    """The same password, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)
