"""The identity provider: OpenID Connect's code flow with PKCE, as Authlib speaks it.

Imported only where a provider is set: it needs `requirements-sso.txt`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from agent_assist.admit.provided import Claims, ProviderRefused
from agent_assist.core.errors import NotReady

_PATIENCE = 10.0
_LEEWAY = 60
_FRESH = timedelta(minutes=5)
_KEYS_KEPT = 3_600.0
_KEYS_AGAIN = 60.0
_LARGEST = 1_000_000
_ALGORITHMS = ["RS256", "PS256", "ES256"]
"""What signs with a key that is not ours as well; `none` and shared secrets prove nothing."""


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to the provider: `issuer` is its address, exactly as its tokens say."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]


class Provider:
    """Sends people to the provider, and reads what it says of them.

    Args:
        client: what we are there.
        now: gives the aware present.
    """

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._told: Mapping[str, Any] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, back: str, state: str, nonce: str, verifier: str, *, again: bool) -> str:
        """Where to send somebody, who comes back to an address of ours.

        Raises:
            NotReady: the provider does not say where.
        """
        more = {"prompt": "login", "max_age": "0"} if again else {}
        url, _ = self._session(back).create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            **more,
        )
        return str(url)

    def claims(self, back: str, code: str, nonce: str, verifier: str, *, again: bool) -> Claims:
        """What the provider says of who came back with a code.

        Raises:
            ProviderRefused: it takes not the code, or what it says is not to be trusted.
            NotReady: it does not answer.
        """
        try:
            token = self._session(back).fetch_token(
                self._endpoint("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=back,
                allow_redirects=False,
            )
        except requests.RequestException:
            raise NotReady("the identity provider does not answer: try again") from None
        except (OAuthError, ValueError):
            raise ProviderRefused("the identity provider did not take the code") from None
        claims = self._verified(str(token.get("id_token", "")), token, nonce)
        if again and not self._is_fresh(claims):
            raise ProviderRefused("the identity provider did not ask anew who is there")
        return claims

    def _verified(self, token: str, answer: Mapping[str, Any], nonce: str) -> Claims:
        """The claims of an ID token that is signed, made out to us, good now, and asked for."""
        client = self._client
        try:
            decoded = self._decoded(token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": client.issuer},
                    "aud": {"essential": True, "value": client.client_id},
                    "exp": {"essential": True},
                },
                params={
                    "nonce": nonce,
                    "client_id": client.client_id,
                    "access_token": answer.get("access_token"),
                },
            )
            claims.validate(now=int(self._now().timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError) as error:
            why = type(error).__name__
            raise ProviderRefused(f"what the identity provider says is not valid ({why})") from None
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_set(_KEYS_KEPT), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # Its keys may have changed since they were read.
            return jwt.decode(token, self._key_set(_KEYS_AGAIN), algorithms=_ALGORITHMS)

    def _is_fresh(self, claims: Claims) -> bool:
        shown = claims.get("auth_time")
        if not isinstance(shown, int | float) or isinstance(shown, bool):
            return False
        return abs(self._now().timestamp() - shown) < _FRESH.total_seconds()

    def _key_set(self, kept: float) -> KeySet:
        """Its keys, read anew once they are too old."""
        if self._keys is None or time.monotonic() - self._keys[0] > kept:
            told = self._fetched(self._endpoint("jwks_uri"))
            # What came over the network has no type; the import says whether it holds keys.
            found: Any = dict(told)
            self._keys = time.monotonic(), KeySet.import_key_set(found)
        return self._keys[1]

    def _endpoint(self, name: str) -> str:
        if self._told is None:
            issuer = self._client.issuer
            told = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != issuer:
                raise NotReady("the identity provider calls itself otherwise than its setting")
            self._told = told
        found = self._told.get(name)
        if not isinstance(found, str) or not _is_safe(found, self._client.issuer):
            raise NotReady(f"the identity provider has no {name} that can be used")
        return found

    def _fetched(self, url: str) -> Mapping[str, Any]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(url, timeout=_PATIENCE, allow_redirects=False)
            told = answer.json() if answer.ok and len(answer.content) < _LARGEST else None
        except (requests.RequestException, ValueError):
            told = None
        if not isinstance(told, dict):
            raise NotReady("the identity provider does not answer: try again")
        return told

    def _session(self, back: str) -> OAuth2Session:
        session = OAuth2Session(
            self._client.client_id,
            self._client.client_secret,
            scope=" ".join(self._client.scopes),
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=_PATIENCE,
        )
        session.trust_env = False
        return session


def _is_safe(url: str, issuer: str) -> bool:
    """Whether an address is as safe as the issuer's own, which the settings have looked at."""
    return urlsplit(url).scheme in ("https", urlsplit(issuer).scheme)
