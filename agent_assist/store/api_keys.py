"""API keys: kept as keyed hashes, looked up by their public id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal, select, tuple_

from agent_assist.core.errors import NotFound
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ApiKey, Instant

# Columns rather than entities, and made once: every request asks for a key.
_KEYS = select(*ApiKey.__table__.columns)
_ONE = _KEYS.where(ApiKey.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is known of a key.

    Attributes:
        secret_hash: hexadecimal.
        networks: from which it may be used; empty for all.
        per_minute: how often, from 1; None for as often as one likes.
        made_by: as the audit calls them; empty where nobody noted it.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    networks: tuple[str, ...] = ()
    per_minute: int | None = None
    made_by: str = ""


class ApiKeyStore:
    """Adds, finds and revokes keys.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def add(self, key: StoredKey) -> None:
        """Keep a new key."""
        with self._database.writing() as session:
            at = audit.present(session, self._clock)
            session.add(
                ApiKey(
                    id=key.id,
                    name=key.name,
                    scopes=list(key.scopes),
                    secret_hash=key.secret_hash,
                    networks=list(key.networks),
                    per_minute=key.per_minute,
                    made_by=key.made_by,
                    created_at=key.created_at,
                    expires_at=key.expires_at,
                    revoked_at=key.revoked_at,
                )
            )
            content = {
                "name": key.name,
                "scopes": list(key.scopes),
                "networks": list(key.networks),
                "per_minute": key.per_minute,
                "expires_at": key.expires_at and key.expires_at.isoformat(),
            }
            audit.append(session, audit.Act(key.made_by, "key.make", f"key:{key.id}", content), at)

    def find(self, key_id: str) -> StoredKey | None:
        """The key with an id, revoked and expired ones too."""
        with self._database.looking_up() as reads:
            row = reads.execute(_ONE, {"id": key_id}).one_or_none()
            return None if row is None else _stored(row)

    def all(self) -> tuple[StoredKey, ...]:
        """Every key, oldest first."""
        with self._database.reading() as session:
            rows = session.execute(_KEYS.order_by(ApiKey.created_at, ApiKey.id))
            return tuple(_stored(row) for row in rows)

    def page(self, *, limit: int, after: str | None) -> tuple[StoredKey, ...]:
        """Keys, newest first; those after the one with an id, None for the newest."""
        rows = _KEYS.order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(limit)
        with self._database.reading() as session:
            if after is not None:
                last = session.get_one(ApiKey, after)
                place = tuple_(ApiKey.created_at, ApiKey.id)
                rows = rows.where(place < tuple_(literal(last.created_at, Instant()), last.id))
            return tuple(_stored(row) for row in session.execute(rows))

    @again_if_aborted
    def revoke(self, key_id: str, by: str) -> StoredKey:
        """Revoke a key for good, and give it; revoking it again changes nothing.

        Raises:
            NotFound: there is none with this id.
        """
        with self._database.writing() as session:
            row = session.get(ApiKey, key_id)
            if row is None:
                raise NotFound("API key", key_id[:80])
            if row.revoked_at is None:
                at = audit.present(session, self._clock)
                row.revoked_at = at
                audit.append(session, audit.Act(by, "key.revoke", f"key:{row.id}", {}), at)
            session.flush()
            return _stored(session.execute(_ONE, {"id": key_id}).one())


def _stored(row: Row[Any]) -> StoredKey:
    return StoredKey(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        networks=tuple(row.networks),
        per_minute=row.per_minute,
        made_by=row.made_by,
    )
