"""Who may pass: every route declares the scope it needs, or that it is public."""

import re
from enum import Enum

from flask import Flask, request

from agent_assist.admit import KeyRing, Scope
from agent_assist.core.errors import Forbidden, SetupRefused
from agent_assist.web import exchange

_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]{1,256}=*)", re.IGNORECASE | re.ASCII)


class Public(Enum):
    """Declares that a route answers anybody."""

    PUBLIC = "public"


PUBLIC = Public.PUBLIC
Admits = Scope | tuple[Scope, ...] | Public
"""One scope, any of several, or everybody."""


class MissingScope(Forbidden):
    """The key is good, but not for this."""

    def __init__(self, scope: Scope, purpose: str = "this operation") -> None:
        self.scope = scope
        super().__init__(f"{purpose} needs a key with the scope `{scope}`")


class Admission:
    """Lets callers through to the routes that their key is good for."""

    def __init__(self, app: Flask, keys: KeyRing) -> None:
        self._app = app
        self._keys = keys
        self._declared: dict[str, Admits] = {}
        app.before_request(self.admit)

    def declare(self, endpoint: str, admits: Admits) -> None:
        """Say whom a route lets through."""
        self._declared[endpoint] = admits

    def check(self) -> None:
        """Refuse to start while a route has not declared whom it lets through (SetupRefused)."""
        rules = self._app.url_map.iter_rules()
        open_routes = sorted(rule.rule for rule in rules if rule.endpoint not in self._declared)
        if open_routes:
            raise SetupRefused(f"routes that declare no scope: {', '.join(open_routes)}")

    def admit(self) -> None:
        """Before each request: know the caller.

        Raises:
            Unauthenticated: there is no valid key.
            MissingScope: the key is valid, but not for this route.
        """
        if request.endpoint is None:
            return  # no such route; the answer says so to anybody
        admits = self._declared[request.endpoint]
        if isinstance(admits, Public):
            return
        caller = self._keys.authenticate(_token(request.headers.get("Authorization", "")))
        exchange.current().caller = caller
        scopes = (admits,) if isinstance(admits, Scope) else admits
        if not caller.scopes.intersection(scopes):
            raise MissingScope(scopes[0])


def _token(header: str) -> str | None:
    found = _BEARER.fullmatch(header)
    return found[1] if found else None
