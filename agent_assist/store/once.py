"""Requests that happen once: the first answer to a key is kept, and given to every retry."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from agent_assist.core.errors import KeyInFlight, KeyReused
from agent_assist.store.locks import insert_missing
from agent_assist.store.schema import OnceRow


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
    """
    place = {"principal": once.principal, "route": once.route, "key": once.key}
    first = {**place, "request_hash": once.request_hash, "at": at, "status": None, "body": None}
    while not insert_missing(session, OnceRow, [first]):
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
    row = session.get(OnceRow, (once.principal, once.route, once.key))
    return None if row is None else _answer_of(row, once)


def _answer_of(row: OnceRow, once: Once) -> StoredAnswer:
    if row.request_hash != once.request_hash:
        raise KeyReused("this Idempotency-Key was used for another request: make a new one")
    if row.status is None or row.body is None:
        raise KeyInFlight("the first request with this key is being answered: ask again")
    return StoredAnswer(row.status, row.body, replayed=True)


def fulfil(session: Session, once: Once, status: int, body: bytes) -> StoredAnswer:
    """Keep the answer to the first request, in its transaction."""
    row = session.get_one(OnceRow, (once.principal, once.route, once.key))
    row.status, row.body = status, body
    return StoredAnswer(status, body, replayed=False)
