"""Who may pass: every route declares the scope it needs, or that it is public.

Whose sessions have which scope is for `admit.access` to say.
"""

import re
from collections.abc import Callable, Sequence
from enum import Enum

from flask import Flask, request

from agent_assist.admit import Caller, KeyRing, Scope, Sessions
from agent_assist.admit.access import ACCESS, AFTER_PROOF, acting
from agent_assist.admit.sessions import BEARER
from agent_assist.core.addresses import Network, origin_of
from agent_assist.core.errors import Forbidden, SetupRefused
from agent_assist.store.sessions import OpenSession
from agent_assist.web import exchange

_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]{1,256}=*)", re.IGNORECASE | re.ASCII)


class Open(Enum):
    """Declares whom a route answers without asking for a scope.

    PUBLIC: anybody. SESSION: whoever has a session, for what concerns it alone. OWN_FORM:
    anybody, but only a form of our own pages; see `OtherSite`.
    """

    PUBLIC = "public"
    SESSION = "session"
    OWN_FORM = "own form"


PUBLIC, SESSION, OWN_FORM = Open.PUBLIC, Open.SESSION, Open.OWN_FORM
Admits = Scope | tuple[Scope, ...] | Open
"""One scope, any of several, or those whom `Open` names."""


class MissingScope(Forbidden):
    """The key is good, but not for this."""

    def __init__(self, scope: Scope, purpose: str = "this operation") -> None:
        self.scope = scope
        super().__init__(f"{purpose} needs a key with the scope `{scope}`")


class OutsideRole(Forbidden):
    """A session asks for what its person's level and flag, as they are now, do not open."""

    code = "outside_role"

    def __init__(self, scopes: Sequence[Scope]) -> None:
        roles = dict.fromkeys(role for scope in scopes for role in ACCESS[scope])
        super().__init__(f"this is open to the roles {', '.join(roles) or 'of no session'}")


class NoSession(Forbidden):
    """A key asks for what only a person's session has."""

    def __init__(self) -> None:
        super().__init__("this is about a person's session, and an API key has none")


class OtherSite(Forbidden):
    """A form was sent by a page of another site: whoever sits there did not mean to."""

    code = "other_site"

    def __init__(self) -> None:
        super().__init__(
            "this form must be sent from our own page; behind a proxy that changes the host name "
            "or ends TLS, set AGENT_ASSIST_ORIGIN"
        )


class Admission:
    """Lets callers through to the routes that their key or session is good for.

    Args:
        app: whose requests are looked at.
        keys, sessions: recognise callers.
        ladder: gives the keys of the levels that count now, lowest first.
        origin: ours, as browsers name it; None for what each request was sent to.
        proxies: whose word counts about whom a request comes from.
        step_up: refuses sessions whose person showed too long ago who they are.

    Attributes:
        declared: whom each route lets through, by its endpoint.
    """

    def __init__(
        self,
        app: Flask,
        keys: KeyRing,
        sessions: Sessions,
        ladder: Callable[[], Sequence[str]],
        origin: str | None = None,
        proxies: Sequence[Network] = (),
        step_up: Callable[[OpenSession], None] = lambda _: None,
    ) -> None:
        self._app = app
        self._keys = keys
        self._sessions = sessions
        self._ladder = ladder
        self._origin = origin
        self._proxies = proxies
        self._step_up = step_up
        self.declared: dict[str, Admits] = {}
        app.before_request(self.admit)

    def declare(self, endpoint: str, admits: Admits) -> None:
        """Say whom a route lets through."""
        self.declared[endpoint] = admits

    def check(self) -> None:
        """Refuse to start while a route has not declared whom it lets through.

        Raises:
            SetupRefused: one has not, or declares a scope that the table of access does not know;
                or proof is asked for before an operation that there is not.
        """
        rules = self._app.url_map.iter_rules()
        open_routes = sorted(rule.rule for rule in rules if rule.endpoint not in self.declared)
        if open_routes:
            raise SetupRefused(f"routes that declare no scope: {', '.join(open_routes)}")
        declared = {scope for admits in self.declared.values() for scope in scopes_of(admits)}
        unknown = sorted(declared - ACCESS.keys())
        if unknown:
            raise SetupRefused(f"scopes that no line of the access table is about: {unknown}")
        missing = sorted(AFTER_PROOF - self.declared.keys())
        if missing:
            raise SetupRefused(f"proof is asked for before what is not there: {missing}")

    def admit(self) -> None:
        """Before each request: know the caller.

        Raises:
            Unauthenticated: there is no valid key, and no session's token.
            WrongAddress: the key is good, but not from there.
            TooMany: the key was used too often.
            MissingScope: the key is valid, but not for this route.
            OutsideRole: the session's person may not, as they are now.
            StepUpRequired: they must first show who they are.
            NoSession: the route is for sessions, and this is a key.
            OtherSite: the route is for our own forms, and this is none.
        """
        if request.endpoint is None:
            return  # no such route; the answer says so to anybody
        admits = self.declared[request.endpoint]
        if admits is PUBLIC:
            return
        if admits is OWN_FORM:
            self._check_form()
            return
        caller = self._caller(_token(request.headers.get("Authorization", "")))
        exchange.current().caller = caller
        if isinstance(admits, Open):
            if caller.person is None:
                raise NoSession
            return
        scopes = scopes_of(admits)
        if not caller.scopes.intersection(scopes):
            raise MissingScope(scopes[0]) if caller.person is None else OutsideRole(scopes)
        if caller.session is not None and request.endpoint in AFTER_PROOF:
            self._step_up(caller.session)

    def again(self, caller: Caller) -> Caller | None:
        """A caller as they are now, for answers that go on; None once they may call no more."""
        if caller.session is None:
            return caller if self._keys.is_live(caller.key_id) else None
        found = self._sessions.again(caller.key_id)
        return None if found is None else acting(found, self._ladder())

    def origin(self) -> str:
        """Our own origin, as the browser at hand names it."""
        return self._origin or request.host_url.rstrip("/")

    def _caller(self, token: str | None) -> Caller:
        if token is not None and token.startswith(BEARER):
            return acting(self._sessions.authenticate(token), self._ladder())
        forwarded = request.headers.get("X-Forwarded-For", "")
        address = origin_of(request.remote_addr, forwarded, self._proxies)
        return self._keys.authenticate(token, address)

    def _check_form(self) -> None:
        """Refuse what a page of another site sent; browsers say so, and scripts cannot lie."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            own = site == "same-origin"
        else:
            own = request.headers.get("Origin") == self.origin()
        if not own:
            raise OtherSite


def scopes_of(admits: Admits) -> tuple[Scope, ...]:
    """The scopes of which a route needs one; none where it asks for none."""
    if isinstance(admits, Open):
        return ()
    return (admits,) if isinstance(admits, Scope) else admits


def _token(header: str) -> str | None:
    found = _BEARER.fullmatch(header)
    return found[1] if found else None
