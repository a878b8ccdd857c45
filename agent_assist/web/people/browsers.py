"""Browsers: the cookie of those who signed in, which only our own pages ever see."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from agent_assist.admit import SignIns
from agent_assist.admit.demands import PATIENCE, Demands, Lack
from agent_assist.core.people import Person
from agent_assist.store.accounts import SignedIn

_NAME = "aa_sign_in"
_VISIT = "aa_provider"


@dataclass(frozen=True, slots=True)
class Halfway:
    """Who has shown one thing, such as their password, and what is asked of them besides."""

    signed_in: SignedIn
    lack: Lack

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.signed_in.person


class Browsers:
    """Reads and writes the cookie.

    Args:
        sign_ins: know what its secret stands for.
        demands: know who must show more than a password.
        origin: gives our origin, as the browser at hand names it.
    """

    def __init__(self, sign_ins: SignIns, demands: Demands, origin: Callable[[], str]) -> None:
        self._sign_ins = sign_ins
        self._demands = demands
        self._origin = origin

    def secret(self) -> str | None:
        """What the browser at hand came with."""
        return request.cookies.get(self._name())

    def visitor(self, secret: str | None) -> SignedIn | None:
        """Who has signed in in the browser with a secret; None for nobody, and who is halfway."""
        found = self._sign_ins.visitor(secret)
        return None if found is None or self._demands.lack(found) else found

    def halfway(self, secret: str | None) -> Halfway | None:
        """Who still has to show more in the browser with a secret; None for nobody."""
        found = self._sign_ins.visitor(secret)
        if found is None or found.ago >= PATIENCE:
            return None
        lack = self._demands.lack(found)
        return None if lack is None else Halfway(found, lack)

    def remember(self, response: BaseResponse, secret: str) -> None:
        """Give the browser a secret, until it is closed."""
        response.set_cookie(
            self._name(), secret, httponly=True, secure=self._is_secure(), samesite="Lax", path="/"
        )

    def forget(self, response: BaseResponse) -> None:
        """Take the secret from the browser."""
        response.delete_cookie(
            self._name(), httponly=True, secure=self._is_secure(), samesite="Lax", path="/"
        )

    def sent(self, response: BaseResponse, state: str) -> None:
        """Let the browser keep the state that it must come back from the provider with."""
        name, secure = self._name(_VISIT), self._is_secure()
        response.set_cookie(
            name, state, max_age=600, httponly=True, secure=secure, samesite="Lax", path="/"
        )

    def was_sent(self) -> str | None:
        """The state that the browser at hand was sent to the provider with."""
        return request.cookies.get(self._name(_VISIT))

    def is_back(self, response: BaseResponse) -> None:
        """Take that state from the browser."""
        name, secure = self._name(_VISIT), self._is_secure()
        response.delete_cookie(name, httponly=True, secure=secure, samesite="Lax", path="/")

    def _name(self, name: str = _NAME) -> str:
        # The prefix makes browsers refuse one that another host of the domain, or http, has set.
        return f"__Host-{name}" if self._is_secure() else name

    def _is_secure(self) -> bool:
        return self._origin().startswith("https://")
