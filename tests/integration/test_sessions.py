"""What works once works once, also for many at the same moment; and what is over is deleted."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import scoped_session, sessionmaker

from agent_assist.admit import Hosts, Launches, Pepper, SecondFactors, Sessions, SignIns
from agent_assist.admit.attempts import Attempts
from agent_assist.admit.passwords import Passwords
from agent_assist.admit.sign_ins import SignInRefused, TooManyAttempts
from agent_assist.core.errors import AgentAssistError, Unauthenticated
from agent_assist.core.people import Person
from agent_assist.store.accounts import AccountStore
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.hosts import Host, HostKind, HostStore
from agent_assist.store.people import PeopleStore
from agent_assist.store.schema import (
    AttemptRow,
    AuditEntry,
    CodeRow,
    LaunchRow,
    SessionRow,
    SessionSecretRow,
    SignInRow,
)
from agent_assist.store.second_factors import SecondFactorStore
from agent_assist.store.sessions import SessionStore

AT_ONCE = 8
PEPPER = Pepper(b"p" * 32)
RITA = Person("rita", "Rita R.", "rep", "t-1")
PASSWORD = "correct horse battery"


class Desk:
    """Everything that lets people in, over one database, by a clock that is set by hand."""

    def __init__(self, engine: Engine) -> None:
        # One session for each thread, as each request has its own.
        self.threads = scoped_session(sessionmaker(engine))
        self.database = Database(self.threads)
        self.at = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
        self.people = PeopleStore(self.database, self.clock)
        self.sessions = Sessions(SessionStore(self.database, self.clock), PEPPER)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        accounts = AccountStore(self.database, self.clock)
        self.sign_ins = SignIns(accounts, PEPPER, quick)
        self.second_factors = SecondFactors(
            SecondFactorStore(self.database, self.clock),
            Attempts(accounts, PEPPER),
            PEPPER,
            lambda: self.at,
        )
        self.host_store = HostStore(self.database, self.clock)
        self.hosts = Hosts(self.host_store, PEPPER)
        self.launches = Launches(self.host_store, self.hosts, PEPPER, lambda: self.at)
        self.people.add(RITA, "test")

    def clock(self, _reads: object) -> datetime:
        return self.at

    def count(self, table: type) -> int:
        with self.database.reading() as session:
            return session.scalars(select(func.count()).select_from(table)).one()

    def acts(self) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.seq)))

    def volley(self, act: Callable[[], object]) -> list[object]:
        """What each of several threads gets that do the same at the same moment."""
        barrier = Barrier(AT_ONCE)

        def one(_: int) -> object:
            barrier.wait()
            try:
                return act()
            except AgentAssistError as refusal:
                return refusal
            finally:
                self.threads.remove()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    desk = Desk(engine)
    yield desk
    desk.threads.remove()


def test_of_many_that_come_with_one_code_one_gets_a_session(desk: Desk) -> None:
    code = desk.sessions.code_for(RITA, None)

    got = desk.volley(lambda: desk.sessions.begin(code))

    assert sum(isinstance(one, Unauthenticated) for one in got) == AT_ONCE - 1
    assert desk.count(SessionRow) == 1


def test_of_many_that_come_with_one_renewal_none_keeps_the_session(desk: Desk) -> None:
    opened = desk.sessions.begin(desk.sessions.code_for(RITA, None))

    got = desk.volley(lambda: desk.sessions.renew(opened.renewal))

    assert sum(isinstance(one, Unauthenticated) for one in got) == AT_ONCE - 1
    assert desk.sessions.again(opened.session.id) is None
    assert desk.acts().count("session.end") == 1


def test_of_many_that_come_with_one_launch_token_one_gets_a_code(desk: Desk) -> None:
    host = Host("crm", HostKind.GENERIC, ("https://crm.example.com",), "salt")
    desk.host_store.add(host, "test")
    until = desk.at + timedelta(seconds=60)

    def spend() -> bool:
        return desk.host_store.spend(
            host, "t", "rita", expires_at=until, code="c", code_expires_at=until
        )

    assert sorted(str(one) for one in desk.volley(spend)) == ["False"] * (AT_ONCE - 1) + ["True"]
    assert desk.count(CodeRow) == 1


def test_many_guesses_at_the_same_moment_are_one_after_the_other(desk: Desk) -> None:
    desk.sign_ins.set_password("rita", PASSWORD, "test")

    got = desk.volley(lambda: desk.sign_ins.sign_in("rita", "wrong wrong wrong", None))

    kinds = [type(one) for one in got]
    assert (kinds.count(SignInRefused), kinds.count(TooManyAttempts)) == (5, AT_ONCE - 5)


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_that_come_with_one_code_of_a_second_factor_one_gets_in(
    desk: Desk, kind: str
) -> None:
    app = TOTP(desk.second_factors.offer(RITA).secret)
    recovery = desk.second_factors.confirm(RITA, app.at(desk.at))
    desk.at += timedelta(seconds=30)
    code = app.at(desk.at) if kind == "app" else recovery[0]

    got = desk.volley(lambda: desk.second_factors.check("rita", code))

    assert got.count(None) == 1
    left = {"app": 10, "recovery": 9}[kind]
    assert desk.second_factors.recovery_left("rita") == left


def test_whoever_is_deactivated_leaves_nothing_open(desk: Desk) -> None:
    desk.sign_ins.set_password("rita", PASSWORD, "test")
    _, secret = desk.sign_ins.sign_in("rita", PASSWORD, None)
    opened = desk.sessions.begin(desk.sessions.code_for(RITA, None))
    desk.sessions.code_for(RITA, None)

    desk.people.change("rita", lambda one: replace(one, active=False), "test")
    desk.people.change("rita", lambda one: replace(one, active=True), "test")

    assert desk.sign_ins.visitor(secret) is None
    assert desk.sessions.again(opened.session.id) is None
    assert desk.acts()[-2:] == ["session.end", "person.change"]


def test_what_nobody_can_use_any_more_is_deleted_and_the_audit_stays_whole(desk: Desk) -> None:
    host, _ = desk.hosts.add("crm", HostKind.GENERIC, ["https://crm.example.com"], "test")
    desk.sign_ins.set_password("rita", PASSWORD, "test")
    desk.sign_ins.sign_in("rita", PASSWORD, None)
    with pytest.raises(SignInRefused):
        desk.sign_ins.sign_in("rita", "wrong wrong wrong", None)
    desk.sessions.begin(desk.sessions.code_for(RITA, "crm"))
    until = desk.at + timedelta(seconds=60)
    desk.host_store.spend(host, "t", "rita", expires_at=until, code="c", code_expires_at=until)
    tables = (SessionRow, SessionSecretRow, SignInRow, CodeRow, LaunchRow, AttemptRow)

    before = [desk.count(table) for table in tables]
    desk.at += timedelta(hours=37)
    for part in (desk.sessions, desk.sign_ins, desk.launches):
        part.purge()

    assert all(before)
    assert [desk.count(table) for table in tables] == [0] * len(tables)
    assert AuditStore(desk.database).verify().is_sound


def test_stronger_hash_takes_the_place_of_a_weaker_one_with_the_next_sign_in(desk: Desk) -> None:
    desk.sign_ins.set_password("rita", PASSWORD, "test")
    store = AccountStore(desk.database, desk.clock)
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    SignIns(store, PEPPER, stronger).sign_in("rita", PASSWORD, None)

    found = store.find("rita")
    assert found is not None
    assert "m=16,t=2" in found.password_hash
    assert desk.sign_ins.sign_in("rita", PASSWORD, None)[0] == RITA
