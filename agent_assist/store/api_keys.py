"""API keys: kept as keyed hashes, looked up by their public id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from agent_assist.core.errors import NotFound
from agent_assist.store.again import again_if_aborted
from agent_assist.store.database import Database
from agent_assist.store.schema import ApiKey

# Columns rather than entities, and made once: every request asks for a key.
_KEYS = select(*ApiKey.__table__.columns)
_ONE = _KEYS.where(ApiKey.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is known of a key; `secret_hash` is hexadecimal."""

    id: str
    name: str
    scopes: tuple[str, ...]
    secret_hash: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class ApiKeyStore:
    """Adds, finds and revokes keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @again_if_aborted
    def add(self, key: StoredKey) -> None:
        """Keep a new key."""
        with self._database.writing() as session:
            session.add(
                ApiKey(
                    id=key.id,
                    name=key.name,
                    scopes=list(key.scopes),
                    secret_hash=key.secret_hash,
                    created_at=key.created_at,
                    expires_at=key.expires_at,
                    revoked_at=key.revoked_at,
                )
            )

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

    @again_if_aborted
    def revoke(self, key_id: str, at: datetime) -> None:
        """Revoke a key for good; revoking it again changes nothing. NotFound if there is none."""
        with self._database.writing() as session:
            row = session.get(ApiKey, key_id)
            if row is None:
                raise NotFound("API key", key_id)
            row.revoked_at = row.revoked_at or at


def _stored(row: Row[Any]) -> StoredKey:
    return StoredKey(
        id=row.id,
        name=row.name,
        scopes=tuple(row.scopes),
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
