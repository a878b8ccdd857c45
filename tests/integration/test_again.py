"""What the database aborts for the sake of others is tried again as a whole, and done once."""

import ast
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.people import Delegation, Person
from agent_assist.settings import ROOT
from agent_assist.store.again import again_if_aborted
from agent_assist.store.database import (
    Database,
    StoreUnavailable,
    TransactionAborted,
    configure,
    named_errors,
)
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.locks import lock
from agent_assist.store.once import Once
from agent_assist.store.people import PeopleStore
from agent_assist.store.schema import AuditEntry, GrantRow, OnceRow
from tests.ledgers import HOLD, NOON, TestLedger

BUDGET = Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 2000})
MARKS = {"sqlite": (), "postgres": (pytest.mark.postgres,)}


def only(kind: str) -> Callable[[Any], Any]:
    def on(test: Any) -> Any:
        for mark in (pytest.mark.parametrize("database_url", [kind], indirect=True), *MARKS[kind]):
            test = mark(test)
        return test

    return on


@pytest.fixture
def impatient(engine: Engine, database_url: str) -> Iterator[Engine]:
    """The same database by an engine that hardly waits for others before it is refused."""
    own = create_engine(database_url)
    configure(own)
    soon = "PRAGMA busy_timeout=1" if own.dialect.name == "sqlite" else "SET deadlock_timeout=20"

    @event.listens_for(own, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.cursor().execute(soon)
        if own.dialect.name == "postgresql":
            connection.commit()

    yield own
    own.dispose()


@pytest.fixture
def own(engine: Engine, impatient: Engine) -> TestLedger:
    TestLedger(engine, BUDGET)
    database = Database(sessionmaker(impatient))
    return TestLedger.over(Ledger(database, lambda _: NOON, hold=HOLD), impatient, BUDGET)


def count_rows(own: TestLedger) -> tuple[int, int, int]:
    with own.sessions() as session:
        return (
            session.query(GrantRow).count(),
            session.query(AuditEntry).count(),
            session.query(OnceRow).count(),
        )


def refusals(engine: Engine, then: Callable[[], None]) -> Counter[str]:
    """Counts what an engine is refused from now on; `then` is done after the first of it."""
    found: Counter[str] = Counter()

    @event.listens_for(engine, "handle_error")
    def count(context: Any) -> None:
        found[type(context.original_exception).__name__] += 1
        if found.total() == 1:
            then()

    return found


@only("sqlite")
def test_a_grant_that_another_process_kept_out_is_given_once_it_is_gone(
    engine: Engine, own: TestLedger
) -> None:
    with engine.connect() as other:
        other.exec_driver_sql("INSERT INTO scope_locks VALUES ('other')")
        found = refusals(own.engine, other.rollback)

        own.reserve(1000)

    assert found == {"OperationalError": 1}
    assert count_rows(own) == (1, 1, 1)


@only("sqlite")
def test_a_grant_that_is_kept_out_for_good_is_refused_after_four_tries(
    engine: Engine, own: TestLedger
) -> None:
    with engine.connect() as other:
        other.exec_driver_sql("INSERT INTO scope_locks VALUES ('other')")
        found = refusals(own.engine, lambda: None)

        with pytest.raises(TransactionAborted):
            own.reserve(1000, key="k")

    assert found.total() == 4
    assert count_rows(own) == (0, 0, 0)
    own.reserve(1000, key="k")


@only("sqlite")
def test_a_transaction_whose_moment_is_over_is_begun_anew(engine: Engine) -> None:
    tries = 0

    @again_if_aborted
    def read_then_write() -> None:
        nonlocal tries
        tries += 1
        with named_errors(), engine.begin() as connection:
            connection.execute(text("SELECT * FROM scope_locks")).all()
            if tries == 1:
                with engine.begin() as other:
                    other.execute(text("INSERT INTO scope_locks VALUES ('other')"))
            connection.execute(text("INSERT INTO scope_locks VALUES ('own')"))

    read_then_write()

    assert tries == 2


@only("postgres")
def test_a_grant_that_waits_in_a_circle_is_given_once_the_circle_is_broken(
    engine: Engine, own: TestLedger
) -> None:
    own.reserve(500, contact="k-1")
    found, waiting = refusals(own.engine, lambda: None), list[Future[None]]()
    with ThreadPoolExecutor(1) as pool, engine.connect() as other:
        other.execute(text("SET LOCAL deadlock_timeout = '1min'"))
        other.execute(text("SELECT id FROM scope_locks WHERE id = 'customer:c-1' FOR UPDATE"))

        @event.listens_for(own.engine, "before_cursor_execute")
        def wait_for_each_other(_: Any, __: Any, statement: str, *___: Any) -> None:
            if "INTO scope_locks" in statement and not waiting:
                waiting.append(pool.submit(_take_key, other, "k"))
                while not waits_for_a_lock(engine):
                    pass

        own.reserve(500, key="k", contact="k-1")
        waiting[0].result()

    assert found == {"DeadlockDetected": 1}
    assert count_rows(own) == (2, 2, 2)


def _take_key(connection: Connection, key: str) -> None:
    """Want the key of a request that goes on, and give up once that is undone."""
    values = "('key1', 'POST /v1/grants', :key, '', NULL, NULL, now())"
    hashed = Once("", "", key, "").place["key"]
    connection.execute(text(f"INSERT INTO idempotency VALUES {values}"), {"key": hashed})
    connection.rollback()


def waits_for_a_lock(engine: Engine) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect() as connection:
        return bool(connection.execute(waiting).scalar_one())


@only("postgres")
def test_of_two_that_wait_for_each_other_each_is_done_once(impatient: Engine) -> None:
    database = Database(sessionmaker(impatient))
    both_hold, tries = threading.Barrier(2), Counter[str]()
    done = text("INSERT INTO contacts (external_id, opened_at, issues) VALUES (:name, now(), '[]')")

    @again_if_aborted
    def act(first: str, then: str) -> None:
        with database.writing() as session:
            tries[first] += 1
            session.execute(done, {"name": first})
            lock(session, [first])
            if tries[first] == 1:
                both_hold.wait(60)
            lock(session, [then])

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(act, "a", "b"), pool.submit(act, "b", "a")]:
            one.result(60)

    assert tries.total() == 3
    with impatient.connect() as connection:
        found = connection.execute(text("SELECT external_id FROM contacts ORDER BY 1"))
        assert found.scalars().all() == ["a", "b"]


class LosesTheAnswer(Session):
    """A session whose connection breaks after it committed, before anybody hears of it."""

    def commit(self) -> None:
        super().commit()
        raise OperationalError("COMMIT", {}, ConnectionResetError())


def test_what_was_committed_is_not_done_again_when_its_answer_is_lost(engine: Engine) -> None:
    people = PeopleStore(Database(sessionmaker(engine)), lambda _: NOON)
    people.add(Person("s-1", "Sara", "supervisor", "t-1"), "test")
    losing = PeopleStore(Database(sessionmaker(engine, class_=LosesTheAnswer)), lambda _: NOON)

    with pytest.raises(StoreUnavailable):
        losing.delegate(Delegation("s-1", "s-1", NOON.date(), NOON.date()), "test")

    assert len(people.delegations(NOON.date())) == 1


def test_every_act_that_writes_is_one_transaction_that_is_tried_again() -> None:
    acts = [
        (path.name, act)
        for path in sorted((ROOT / "agent_assist" / "store").rglob("*.py"))
        for act in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(act, ast.FunctionDef) and _transactions(act) and path.name != "database.py"
    ]

    assert len(acts) > 20
    for file, act in acts:
        decorators = [one.id for one in act.decorator_list if isinstance(one, ast.Name)]
        *before, whole = act.body
        assert decorators == ["again_if_aborted"], f"{file}: {act.name}"
        assert (_transactions(act), isinstance(whole, ast.With)) == (1, True), f"{file}: {act.name}"
        # What stands before the transaction is done again with it, and must be of no effect.
        assert all(isinstance(one, (ast.Expr, ast.Assign)) for one in before)


def _transactions(act: ast.FunctionDef) -> int:
    opened = (one.func for one in ast.walk(act) if isinstance(one, ast.Call))
    names = (one.attr for one in opened if isinstance(one, ast.Attribute))
    return sum(name in ("writing", "logging") for name in names)
