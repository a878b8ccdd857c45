"""API keys: recognised while they are valid, and told apart from nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.admit import KeyRing, Scope
from agent_assist.core.errors import NotFound, Unauthenticated
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.database import Database

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEPPER = b"p" * 32
SUGGEST = frozenset({Scope.SUGGEST})


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(engine: Engine) -> ApiKeyStore:
    return ApiKeyStore(Database(sessionmaker(engine)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(store: ApiKeyStore, clock: Clock) -> KeyRing:
    return KeyRing(store, PEPPER, clock)


def test_a_key_is_recognised_with_its_scopes(ring: KeyRing) -> None:
    caller = ring.authenticate(ring.create("crm", frozenset({Scope.SUGGEST, Scope.READ}), None))

    assert caller.name == "crm"
    assert caller.scopes == {Scope.SUGGEST, Scope.READ}


def test_a_revoked_key_is_refused_at_once(ring: KeyRing, store: ApiKeyStore) -> None:
    key = ring.create("crm", SUGGEST, None)

    store.revoke(ring.authenticate(key).key_id, NOW)

    with pytest.raises(Unauthenticated):
        ring.authenticate(key)


def test_a_key_is_refused_from_the_instant_it_expires(ring: KeyRing, clock: Clock) -> None:
    key = ring.create("crm", SUGGEST, NOW + timedelta(days=1))
    clock.now = NOW + timedelta(days=1) - timedelta(seconds=1)
    ring.authenticate(key)

    clock.now = NOW + timedelta(days=1)

    with pytest.raises(Unauthenticated):
        ring.authenticate(key)


def test_every_wrong_key_gets_the_same_words(ring: KeyRing) -> None:
    key = ring.create("crm", SUGGEST, None)
    wrong = [
        None,
        "",
        "x",
        key[:-1],
        key + "x",
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        "aa_" + "z" * 12 + key[15:],
        key.upper(),
        key + "\n",
    ]

    messages = set()
    for token in wrong:
        with pytest.raises(Unauthenticated) as refused:
            ring.authenticate(token)
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_the_database_alone_verifies_no_key(
    ring: KeyRing, store: ApiKeyStore, clock: Clock
) -> None:
    key = ring.create("crm", SUGGEST, None)

    with pytest.raises(Unauthenticated):
        KeyRing(store, b"q" * 32, clock).authenticate(key)


def test_the_secret_of_a_key_is_not_stored(ring: KeyRing, store: ApiKeyStore) -> None:
    secret = ring.create("crm", SUGGEST, None).split("_", 2)[2]

    assert all(secret not in str(kept) for kept in store.all())


def test_revoking_a_key_that_is_not_there_says_so(store: ApiKeyStore) -> None:
    with pytest.raises(NotFound):
        store.revoke("nothing", NOW)
