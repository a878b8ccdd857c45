"""Admit: who is calling, and what they may do. Keys are made here and shown once."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_assist.core.errors import Unauthenticated
from agent_assist.store.api_keys import ApiKeyStore, StoredKey

_TOKEN = re.compile(r"aa_(?P<id>[a-z0-9]{12})_(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_REFUSED = "send a valid key as `Authorization: Bearer …`; `agent-assist keys create` makes one"


class Scope(StrEnum):
    """What a key may be used for.

    SUGGEST: ask for suggestions. DECIDE: ask for decisions. READ: read policies and
    vocabulary, and search. LEVEL: state a level above the lowest, for reps whom the server does
    not know. GRANT: give remedies, and read what was given. RECORD: describe contacts, and say
    how they ended. PEOPLE: read whom the server knows.
    APPROVE: name who decides on approval requests, and read these. EVENTS: follow what happens.
    AUDIT: read every act as it was chained.
    LIMITS_READ: read limits, budgets and their drafts. LIMITS_EDIT: begin, edit and submit drafts.
    LIMITS_PUBLISH: approve drafts, publish them, and cancel what waits.
    BRAKE: stop goodwill, and set it free.
    """

    SUGGEST = "suggest"
    DECIDE = "decide"
    READ = "read"
    LEVEL = "level"
    GRANT = "grant"
    RECORD = "record"
    PEOPLE = "people"
    APPROVE = "approve"
    EVENTS = "events"
    AUDIT = "audit"
    LIMITS_READ = "limits:read"
    LIMITS_EDIT = "limits:edit"
    LIMITS_PUBLISH = "limits:publish"
    BRAKE = "brake"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as their key says."""

    key_id: str
    name: str
    scopes: frozenset[Scope]


class KeyRing:
    """Makes keys and recognises them.

    Args:
        store: where keyed hashes are kept.
        pepper: at least 32 secret bytes that are kept outside the database, so that a copy
            of the database alone verifies no key.
        now: gives the aware present.
    """

    def __init__(self, store: ApiKeyStore, pepper: bytes, now: Callable[[], datetime]) -> None:
        self._store = store
        self._pepper = pepper
        self._now = now

    def create(self, name: str, scopes: frozenset[Scope], expires_at: datetime | None) -> str:
        """A new key, as the only copy of its text there will ever be."""
        key_id = "".join(secrets.choice(_ALPHABET) for _ in range(12))
        secret = secrets.token_urlsafe(32)
        self._store.add(
            StoredKey(
                id=key_id,
                name=name,
                scopes=tuple(sorted(scopes)),
                secret_hash=self._hash(secret),
                created_at=self._now(),
                expires_at=expires_at,
                revoked_at=None,
            )
        )
        return f"aa_{key_id}_{secret}"

    def authenticate(self, token: str | None) -> Caller:
        """The caller that a key belongs to.

        Raises:
            Unauthenticated: no key, an unknown, revoked or expired one. The message is the
                same for all of them, so that it tells a guesser nothing.
        """
        found = _TOKEN.fullmatch(token or "")
        key = self._store.find(found["id"]) if found else None
        # The hash is compared even for an unknown key, so that both refusals take the same time.
        expected = key.secret_hash if key else self._hash("")
        genuine = hmac.compare_digest(self._hash(found["secret"] if found else "?"), expected)
        if key is None or not genuine or not self._is_live(key):
            raise Unauthenticated(_REFUSED)
        known = {scope.value for scope in Scope}
        scopes = frozenset(Scope(scope) for scope in key.scopes if scope in known)
        return Caller(key_id=key.id, name=key.name, scopes=scopes)

    def _is_live(self, key: StoredKey) -> bool:
        return key.revoked_at is None and (key.expires_at is None or self._now() < key.expires_at)

    def _hash(self, secret: str) -> str:
        return hmac.new(self._pepper, secret.encode(), hashlib.sha256).hexdigest()
