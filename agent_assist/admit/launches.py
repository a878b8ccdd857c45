"""Launches: a page that knows who works there opens the panel for them, by a signed token."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from agent_assist.admit.hosts import Hosts
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.admit.sessions import CODE, CODE_LIFE
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.ids import same_form
from agent_assist.store.hosts import Host, HostKind, HostStore

AUDIENCE = "agent-assist"
"""Whom a page makes its tokens out to, unless it is Zendesk, which has its own word."""
MOST_SECONDS = 60
_SKEW = 5
_LONGEST = 8_000
_ZENDESK_USER = re.compile(r"https://[^/]+/api/v2/users/([0-9]{1,20})(?:\.json)?", re.ASCII)


class LaunchRefused(Unauthenticated):
    """A launch token is not good; why is for the host's makers, and no secret."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the page could not open the panel for you: {why}")


class Launches:
    """Gives a one-time code for a launch token.

    Args:
        store: remembers which tokens were spent.
        hosts: know their secrets.
        pepper: what codes are hashed with.
        now: gives the aware present.
    """

    def __init__(
        self, store: HostStore, hosts: Hosts, pepper: Pepper, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._hosts = hosts
        self._pepper = pepper
        self._now = now

    def launch(self, host: Host, token: str) -> tuple[str, str]:
        """The id of the person whom a token names, who must be known and active, and their code.

        Raises:
            LaunchRefused: the token is not signed by this host and with its one algorithm, not
                made out to us, too old, good for too long, was spent before, or names nobody.
        """
        if len(token) > _LONGEST:
            raise LaunchRefused("the token is too long")
        claims = self._verified(host, token)
        now = self._now()
        until = _until(host, claims, now)
        code = new_secret(CODE)
        # What is signed, and not the signature: that can be written in more than one way.
        signed = token.rpartition(".")[0]
        name = claims["jti"] if host.kind is HostKind.GENERIC else signed
        person = _person(host, claims)
        given = self._store.spend(
            host,
            hashlib.sha256(str(name).encode()).hexdigest(),
            person,
            expires_at=until + timedelta(seconds=_SKEW),
            code=self._pepper.hash(code),
            code_expires_at=now + CODE_LIFE,
        )
        if not given:
            raise LaunchRefused("the token was used before, or its person is not known here")
        return person, code

    def purge(self) -> None:
        """Forget spent tokens that have expired."""
        self._store.purge()

    def _verified(self, host: Host, token: str) -> Mapping[str, Any]:
        required = ["exp", "aud", "sub", "iat"]
        match host.kind:
            case HostKind.GENERIC:
                key, algorithm, audience = self._hosts.secret(host), "HS256", AUDIENCE
                required += ["jti", "iss"]
            case HostKind.ZENDESK:
                key, algorithm, audience = host.public_key, "RS256", host.audience
            case HostKind.CHATWOOT:
                raise LaunchRefused("this host signs no tokens: sign in instead")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=audience,
                issuer=host.id if host.kind is HostKind.GENERIC else None,
                leeway=_SKEW,
                options={"require": required, "strict_aud": True},
            )
        except (jwt.InvalidTokenError, jwt.InvalidKeyError) as error:
            raise LaunchRefused(f"the token is not valid ({type(error).__name__})") from None
        return claims


def _until(host: Host, claims: Mapping[str, Any], now: datetime) -> datetime:
    """When a token is refused at the latest; LaunchRefused if that is too far away."""
    latest = now + timedelta(seconds=MOST_SECONDS + _SKEW)
    try:
        expires = datetime.fromtimestamp(int(claims["exp"]), UTC)
        issued = datetime.fromtimestamp(int(claims["iat"]), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        raise LaunchRefused("its times cannot be read") from None
    # Zendesk says itself how long its tokens live; here they count for a minute all the same.
    until = min(expires, issued + timedelta(seconds=MOST_SECONDS))
    if host.kind is HostKind.GENERIC:
        until = expires
    if until > latest or until + timedelta(seconds=_SKEW) <= now:
        raise LaunchRefused(f"it must be good for at most {MOST_SECONDS} s, and be used meanwhile")
    return until


def _person(host: Host, claims: Mapping[str, Any]) -> str:
    """The id of whom a token names, as the CRM's users are known here."""
    named = str(claims["sub"])
    if host.kind is HostKind.ZENDESK and (found := _ZENDESK_USER.fullmatch(named)):
        return found[1]
    return same_form(named)
