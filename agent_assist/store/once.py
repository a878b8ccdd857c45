"""Requests that happen once: the first answer to a key is kept, and given to every retry."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from agent_assist.core.errors import AnswerErased, KeyInFlight, KeyReused
from agent_assist.store.schema import Base, OnceRow

# Made once, for every act claims its key and keeps its answer. Of the table and not of its rows as
# objects, which would be read before they are changed.
_ROWS = Base.metadata.tables[OnceRow.__tablename__]
_CLAIM = {
    "sqlite": sqlite_insert(_ROWS).on_conflict_do_nothing().returning(_ROWS.c.key),
    "postgresql": postgres_insert(_ROWS).on_conflict_do_nothing().returning(_ROWS.c.key),
}
_FULFIL = update(_ROWS).where(
    _ROWS.c.principal == bindparam("of_principal"),
    _ROWS.c.route == bindparam("of_route"),
    _ROWS.c.key == bindparam("of_key"),
)


GONE = 410
"""The status of an answer that was erased; only what it was about is left of it."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must happen once.

    Attributes:
        principal: who sends it; keys of others never meet.
        route: of the request, without the values in it.
        key: the sender's.
        request_hash: of all that the request says.
    """

    principal: str
    route: str
    key: str
    request_hash: str

    @property
    def place(self) -> dict[str, str]:
        """Where it is kept. The key is hashed: senders may put anything into it."""
        key = hashlib.sha256(self.key.encode()).hexdigest()
        return {"principal": self.principal, "route": self.route, "key": key}


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it was first given, byte for byte."""

    status: int
    body: bytes
    replayed: bool


def claim(session: Session, once: Once, at: datetime) -> StoredAnswer | None:
    """The answer of an earlier request with the key; None if this is the first, and it now counts.

    To be called before any lock is taken: requests with the same key queue here.

    Raises:
        KeyReused: the key belongs to another request.
        KeyInFlight: the first request was never answered. It cannot happen while a key and its
            answer are written in one transaction.
        AnswerErased: its customer was erased since.
    """
    kept = {"request_hash": once.request_hash, "at": at, "status": None, "body": None}
    first = {**once.place, **kept}
    statement = _CLAIM[session.get_bind().dialect.name]
    # It waits for others that claim the same key, and goes by what became of them. What comes back
    # tells whether it was inserted, for drivers need not know.
    while session.execute(statement, first).first() is None:
        earlier = answered(session, once)
        if earlier is not None:
            return earlier
        # It was so old that it was deleted at this moment, and counts as new.
    return None


def answered(session: Session, once: Once) -> StoredAnswer | None:
    """The answer of an earlier request with the key; None if there was none. Claims nothing.

    For requests that are judged before they are written: a retry is not judged again. Errors as
    for `claim`.
    """
    row = session.get(OnceRow, tuple(once.place.values()))
    return None if row is None else _answer_of(row, once)


def _answer_of(row: OnceRow, once: Once) -> StoredAnswer:
    if row.status == GONE:
        raise AnswerErased(row.subject or "")
    if row.request_hash != once.request_hash:
        raise KeyReused("this Idempotency-Key was used for another request: make a new one")
    if row.status is None or row.body is None:
        raise KeyInFlight("the first request with this key is being answered: ask again")
    return StoredAnswer(row.status, row.body, replayed=True)


def fulfil(
    session: Session, once: Once, status: int, body: bytes, subject: str | None = None
) -> StoredAnswer:
    """Keep the answer to the first request, in its transaction.

    Args:
        session: of the transaction.
        once: the request.
        status: of the answer.
        body: of the answer.
        subject: the grant, request or contact that it is about, with whose customer it is erased;
            None for what is of no customer.
    """
    place = {f"of_{name}": value for name, value in once.place.items()}
    session.execute(_FULFIL, {**place, "status": status, "body": body, "subject": subject})
    return StoredAnswer(status, body, replayed=False)
