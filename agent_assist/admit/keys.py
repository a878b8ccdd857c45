"""Keys of CRM systems: made here, shown once, and recognised."""

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from agent_assist.admit.callers import Caller, Scope
from agent_assist.admit.meter import Meter
from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.addresses import Address, is_within, read_network
from agent_assist.core.errors import FieldProblem, Forbidden, InvalidInput, Unauthenticated
from agent_assist.store.api_keys import ApiKeyStore, StoredKey

_TOKEN = re.compile(r"aa_(?P<id>[a-z0-9]{12})_(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_REFUSED = "send a valid key as `Authorization: Bearer …`; `agent-assist keys create` makes one"


class KeyState(StrEnum):
    """How a key stands."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class KeyEnded(Unauthenticated):
    """Whoever holds the key's secret is told that it is over; a guesser learns nothing."""


class WrongAddress(Forbidden):
    """The key is good, but not from where it was used."""

    code = "wrong_address"

    def __init__(self, address: Address | None) -> None:
        where = "an address that cannot be told" if address is None else str(address)
        super().__init__(
            f"this key may not be used from {where}: see its networks, and AGENT_ASSIST_PROXIES "
            "for requests that come through a proxy"
        )


class KeyRing:
    """Makes keys and recognises them.

    Args:
        store: where keyed hashes are kept.
        pepper: what they are hashed with.
        now: gives the aware present.
    """

    def __init__(self, store: ApiKeyStore, pepper: Pepper, now: Callable[[], datetime]) -> None:
        self._store = store
        self._pepper = pepper
        self._now = now
        self._meter = Meter()

    def make(
        self,
        name: str,
        scopes: frozenset[Scope],
        expires_at: datetime | None,
        *,
        by: str,
        networks: Sequence[str] = (),
        per_minute: int | None = None,
    ) -> tuple[StoredKey, str]:
        """A new key, and the only copy of its text there will ever be.

        Raises:
            InvalidInput: what is no network, or a day to expire on that has passed.
        """
        self._check(expires_at, networks)
        secret = new_secret()
        key = StoredKey(
            id=short_id(),
            name=name,
            scopes=tuple(sorted(scopes)),
            secret_hash=self._pepper.hash(secret),
            created_at=self._now(),
            expires_at=expires_at,
            revoked_at=None,
            networks=tuple(dict.fromkeys(str(read_network(one)) for one in networks)),
            per_minute=per_minute,
            made_by=by,
        )
        self._store.add(key)
        return key, f"aa_{key.id}_{secret}"

    def authenticate(self, token: str | None, address: Address | None = None) -> Caller:
        """The caller that a key belongs to, if it may be used from an address (None: unknown).

        Raises:
            Unauthenticated: no key, or an unknown one. The message is the same for both, so that
                it tells a guesser nothing.
            KeyEnded: it was revoked, or has expired.
            WrongAddress: it may not be used from there.
            TooMany: it was used too often within a minute.
        """
        found = _TOKEN.fullmatch(token or "")
        key = self._store.find(found["id"]) if found else None
        # The hash is compared even for an unknown key, so that both refusals take the same time.
        expected = key.secret_hash if key else self._pepper.hash("")
        given = self._pepper.hash(found["secret"] if found else "?")
        genuine = hmac.compare_digest(given, expected)
        if key is None or not genuine:
            raise Unauthenticated(_REFUSED)
        self._admit(key, address)
        known = {scope.value for scope in Scope}
        scopes = frozenset(Scope(scope) for scope in key.scopes if scope in known)
        return Caller(key_id=key.id, name=key.name, scopes=scopes)

    def page(self, *, limit: int, after: str | None) -> tuple[StoredKey, ...]:
        """Keys, newest first; those after the one with an id, None for the newest."""
        return self._store.page(limit=limit, after=after)

    def find(self, key_id: str) -> StoredKey | None:
        """The key with an id; None if there is none."""
        return self._store.find(key_id)

    def revoke(self, key_id: str, by: str) -> StoredKey:
        """Revoke a key at once and for good; NotFound if there is none."""
        return self._store.revoke(key_id, by)

    def state(self, key: StoredKey) -> KeyState:
        """How a key stands now."""
        if key.revoked_at is not None:
            return KeyState.REVOKED
        if key.expires_at is not None and key.expires_at <= self._now():
            return KeyState.EXPIRED
        return KeyState.VALID

    def is_live(self, key_id: str) -> bool:
        """Whether a key is still good."""
        key = self._store.find(key_id)
        return key is not None and self.state(key) is KeyState.VALID

    def _admit(self, key: StoredKey, address: Address | None) -> None:
        """Refuse a genuine key where it may not be used."""
        state = self.state(key)
        if state is not KeyState.VALID:
            raise KeyEnded(f"this key is {state}: ask for another where it was made")
        networks = [read_network(one) for one in key.networks]
        if networks and (address is None or not is_within(address, networks)):
            raise WrongAddress(address)
        if key.per_minute is not None:
            self._meter.take(key.id, key.per_minute, self._now())

    def _check(self, expires_at: datetime | None, networks: Sequence[str]) -> None:
        problems = []
        if expires_at is not None and expires_at <= self._now():
            problems.append(FieldProblem("/expires_at", "past", "must lie in the future"))
        for place, one in enumerate(networks):
            try:
                read_network(one)
            except ValueError as error:
                problems.append(FieldProblem(f"/networks/{place}", "wrong_form", str(error)))
        if problems:
            raise InvalidInput(problems)


def short_id() -> str:
    """Twelve letters and digits that tell one key or session from another, and are no secret."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))
