"""Pepper: what secrets are hashed with, so that a copy of the database alone verifies none."""

import hashlib
import hmac
import secrets


class Pepper:
    """Makes secrets and hashes them.

    Args:
        pepper: at least 32 secret bytes that are kept outside the database.
    """

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def hash(self, secret: str) -> str:
        """A keyed hash, hexadecimal, 64 characters."""
        return hmac.new(self._pepper, secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def new_secret(prefix: str = "") -> str:
    """256 bits that nobody guesses, in 43 characters after the prefix."""
    return prefix + secrets.token_urlsafe(32)
