"""API keys: recognised while they are valid, and told apart from nothing else."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.admit import KeyRing, Pepper, Scope
from agent_assist.admit.keys import KeyEnded, WrongAddress
from agent_assist.admit.meter import TooMany
from agent_assist.core.errors import InvalidInput, NotFound, Unauthenticated
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.audit import AuditStore, Sought
from agent_assist.store.database import Database

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEPPER = Pepper(b"p" * 32)
SUGGEST = frozenset({Scope.SUGGEST})


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(engine: Engine) -> ApiKeyStore:
    return ApiKeyStore(Database(sessionmaker(engine)), lambda _: NOW)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(store: ApiKeyStore, clock: Clock) -> KeyRing:
    return KeyRing(store, PEPPER, clock)


def made(ring: KeyRing, scopes: frozenset[Scope], expires_at: datetime | None, **more: Any) -> str:
    return ring.make("crm", scopes, expires_at, by="test", **more)[1]


def test_a_key_is_recognised_with_its_scopes(ring: KeyRing) -> None:
    caller = ring.authenticate(made(ring, frozenset({Scope.SUGGEST, Scope.READ}), None))

    assert caller.name == "crm"
    assert caller.scopes == {Scope.SUGGEST, Scope.READ}


def test_a_revoked_key_is_refused_at_once(ring: KeyRing, store: ApiKeyStore) -> None:
    key = made(ring, SUGGEST, None)

    ring.revoke(ring.authenticate(key).key_id, "test")

    with pytest.raises(Unauthenticated):
        ring.authenticate(key)


def test_a_key_is_refused_from_the_instant_it_expires(ring: KeyRing, clock: Clock) -> None:
    key = made(ring, SUGGEST, NOW + timedelta(days=1))
    clock.now = NOW + timedelta(days=1) - timedelta(seconds=1)
    ring.authenticate(key)

    clock.now = NOW + timedelta(days=1)

    with pytest.raises(Unauthenticated):
        ring.authenticate(key)


def test_every_wrong_key_gets_the_same_words(ring: KeyRing) -> None:
    key = made(ring, SUGGEST, None)
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
    key = made(ring, SUGGEST, None)

    with pytest.raises(Unauthenticated):
        KeyRing(store, Pepper(b"q" * 32), clock).authenticate(key)


def test_the_secret_of_a_key_is_not_stored(ring: KeyRing, store: ApiKeyStore) -> None:
    secret = made(ring, SUGGEST, None).split("_", 2)[2]

    assert all(secret not in str(kept) for kept in store.all())


def test_revoking_a_key_that_is_not_there_says_so(store: ApiKeyStore) -> None:
    with pytest.raises(NotFound):
        store.revoke("nothing", "test")


def test_whoever_holds_a_key_that_is_over_is_told_so(ring: KeyRing, clock: Clock) -> None:
    revoked, expired = made(ring, SUGGEST, None), made(ring, SUGGEST, NOW + timedelta(days=1))
    ring.revoke(revoked.split("_")[1], "test")
    clock.now = NOW + timedelta(days=2)

    with pytest.raises(KeyEnded, match="is revoked"):
        ring.authenticate(revoked)
    with pytest.raises(KeyEnded, match="is expired"):
        ring.authenticate(expired)


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        ("192.0.2.0", True),
        ("192.0.2.255", True),
        ("192.0.3.0", False),
        ("2001:db8::7", True),
        ("2001:db8::8", False),
        (None, False),
    ],
)
def test_key_works_from_its_networks_alone(
    ring: KeyRing, address: str | None, admitted: bool
) -> None:
    key = made(ring, SUGGEST, None, networks=("192.0.2.0/24", "2001:db8::7"))
    place = None if address is None else ip_address(address)

    if admitted:
        assert ring.authenticate(key, place).name == "crm"
    else:
        with pytest.raises(WrongAddress):
            ring.authenticate(key, place)


@pytest.mark.parametrize("network", ["192.0.2.1/24", "everywhere", "", "192.0.2.0/33", "١٩٢.0.2.1"])
def test_what_is_no_network_makes_no_key(ring: KeyRing, store: ApiKeyStore, network: str) -> None:
    with pytest.raises(InvalidInput, match="/networks/0"):
        made(ring, SUGGEST, None, networks=(network,))

    assert store.all() == ()


def test_key_with_a_cap_waits_for_the_next_minute(ring: KeyRing, clock: Clock) -> None:
    key, other = (made(ring, SUGGEST, None, per_minute=2) for _ in range(2))
    ring.authenticate(key)
    clock.now = NOW + timedelta(seconds=59)
    ring.authenticate(key)

    with pytest.raises(TooMany) as refused:
        ring.authenticate(key)
    ring.authenticate(other)
    clock.now = NOW + timedelta(seconds=60)

    assert refused.value.seconds == 1
    assert ring.authenticate(key).name == "crm"


def test_keys_are_paged_from_the_newest_on(ring: KeyRing, clock: Clock) -> None:
    names = []
    for number in range(5):
        clock.now = NOW + timedelta(seconds=number // 2)  # two may be made at one instant
        names.append(ring.make(f"k{number}", SUGGEST, None, by="test")[0].id)

    first = ring.page(limit=3, after=None)
    rest = ring.page(limit=3, after=first[-1].id)

    assert {one.id for one in (*first, *rest)} == set(names)
    assert [one.created_at for one in (*first, *rest)] == sorted(
        (one.created_at for one in (*first, *rest)), reverse=True
    )
    assert len(first) + len(rest) == 5


def test_making_and_revoking_a_key_are_acts_of_who_did_it(ring: KeyRing, engine: Engine) -> None:
    key, _ = ring.make("crm", SUGGEST, None, by="session:p-1", networks=("192.0.2.0/24",))
    ring.revoke(key.id, "cli")
    ring.revoke(key.id, "cli")

    acts = AuditStore(Database(sessionmaker(engine))).search(
        Sought(subject=f"key:{key.id}"), limit=9, before=None
    )

    assert [(one.act, one.actor) for one in acts.entries] == [
        ("key.revoke", "cli"),
        ("key.make", "session:p-1"),
    ]
