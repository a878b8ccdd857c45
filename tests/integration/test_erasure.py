"""A customer is erased: nothing says any more who it was, and every figure is as it was."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, bindparam, event, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from agent_assist.chain import Entry, canonical
from agent_assist.core.approvals import ApprovalState
from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.contact import Contact
from agent_assist.core.errors import AnswerErased
from agent_assist.core.outcomes import Ending
from agent_assist.core.vocabulary import Cause
from agent_assist.store import migrate
from agent_assist.store.contacts import ContactStore
from agent_assist.store.customers.customers import CustomerStore
from agent_assist.store.customers.wiping import Wiper
from agent_assist.store.database import Database
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.records import row_digest
from agent_assist.store.once import Once
from agent_assist.store.schema import (
    Base,
    DecisionEntry,
    GrantRow,
    Instant,
    OnceRow,
    SuggestionEntry,
)
from tests.approvals import TestApprovals
from tests.integration.test_again import waits_for_a_lock
from tests.ledgers import NOON, TestLedger

CANARY = "canary"
WEEK = Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 2000, "supervisor": 6000})
TEAM = Budget("team", Scope.TEAM, Window.DAYS_7, amounts={"rep": 9000, "supervisor": 9000})
LOGGED: dict[str, Any] = {
    "at": NOON, "key_id": None, "level": "rep", "library_version": 1, "limits_version": 1,
    "budgets_version": 1,
}  # fmt: skip


class House:
    """A ledger, requests, contacts and logs over one database, and what erases a customer."""

    def __init__(self, engine: Engine) -> None:
        self.own = TestLedger(engine, WEEK, TEAM)
        self.desk = TestApprovals.over(engine, self.own)
        self.database = Database(self.own.sessions)
        self.contacts = ContactStore(self.database, lambda _: self.own.now)
        self.customers = CustomerStore(self.database, lambda _: self.own.now)
        self.wiper = Wiper(self.database, lambda _: self.own.now)
        self.engine = engine

    def given(
        self, amount: int, *, key: str | None = None, suggestion: str | None = None, **more: Any
    ) -> str:
        """The id of a grant to the customer who is to be erased, in whatever names them."""
        asked = self.own.asked(amount, **(_names("a") | {"team": "t-1"} | more))
        asked = replace(asked, comment=f"{CANARY} said so", suggestion=suggestion)
        stored = self.own.ledger.reserve(
            asked, self.own.terms, self.own.once(key, asked), lambda grant, _: grant.id.encode()
        )
        return stored.body.decode()

    def talk(self) -> None:
        """Everything that can be said of the customer, through everything that takes it."""
        names = _names("a")
        for table, more in (
            (SuggestionEntry, {"model": "", "abstained": False, "answer": {"matches": []}}),
            (DecisionEntry, {"issue": "fee", "asked": {}}),
        ):
            with self.own.sessions.begin() as session:
                for number, whom in enumerate(
                    (names, {"contact": names["contact"]}, {"order": names["order"]})
                ):
                    around = {**whom, "rep": "r-1", "facts": {"tier": "gold"}, "used": {}}
                    entry = {**LOGGED, **more, "id": f"{table.__tablename__[:3]}-{number}"}
                    session.execute(insert(table), {**entry, "around": around})
        with self.own.sessions.begin() as session:
            texts = [{"turn": None, "text": f"my {CANARY} is gone"}]
            more = {"model": "", "abstained": False, "answer": {}, "around": {}, "texts": texts}
            session.execute(insert(SuggestionEntry), {**LOGGED, **more, "id": "sug_named"})
        self.contacts.put(
            Contact(names["contact"], NOON, None, "chat", "en", names["customer"], "r-1", "t-1", ())
        )
        ending = Ending(resolved=True, cause=Cause.PRODUCT, said=(), given=(), note=CANARY)
        self.contacts.end(
            names["contact"], ending, "rep:r-1", self.own.once(CANARY), lambda _: CANARY.encode()
        )
        self.desk.people.change("r-2", lambda one: replace(one, customer=names["customer"]), "test")

    def talk_again(self) -> None:
        """A late word of the CRM's on a contact that was erased."""
        names = _names("a")
        self.contacts.put(
            Contact(names["contact"], NOON, None, "chat", "en", names["customer"], "r-1", "t-1", ())
        )

    def left(self) -> list[str]:
        """Where something of the customer still is."""
        with self.engine.connect() as connection:
            return [
                f"{table.name}: {row}"
                for table in Base.metadata.sorted_tables
                for row in connection.execute(table.select())
                if CANARY in repr(row)
            ]


def _names(which: str) -> dict[str, str]:
    return {kind: f"{CANARY}-{kind}-{which}" for kind in ("customer", "contact", "order")}


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine)


def fill(house: House) -> dict[str, Any]:
    """A customer with everything, beside others; gives the request that still waits."""
    house.talk()
    first = house.given(300, key=f"{CANARY}-key", suggestion="sug_named")
    house.own.reserve(200, customer="c-2", team="t-1")
    house.given(200, contact=f"{CANARY}-b", order=None)
    house.own.capture(first, 250)
    house.own.void(first, 50)
    request = house.desk.request(1500, **_names("a"))
    house.desk.decide(house.desk.request(1200, **{**_names("a"), "contact": f"{CANARY}-c"}))
    house.given(100, contact=f"{CANARY}-b", order=None)
    return request


def test_nothing_of_an_erased_customer_is_left_in_any_table(house: House) -> None:
    fill(house)
    assert {one.partition(":")[0] for one in house.left()} >= {
        "contacts", "outcomes", "grants", "approvals", "suggestions", "decisions", "people",
        "idempotency",
    }  # fmt: skip

    erased = house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert house.left() == []
    assert erased is not None
    assert erased.rows["grants"] == 4
    assert house.customers.erase(f"{CANARY}-customer-a", "person:ada") is None


def test_the_figures_of_an_erased_customer_are_as_they_were(house: House) -> None:
    fill(house)
    before = figures(house)

    house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert figures(house) == before
    assert before["team"] == (300 - 50 + 200 + 200 + 1200 + 100 - 50, 5)


def figures(house: House) -> dict[str, Any]:
    """What the ledger adds up to, for everybody together and for whoever was given the same."""
    with house.own.sessions() as session:
        rows = session.execute(
            select(GrantRow.customer, GrantRow.contact, GrantRow.order, GrantRow.amount).order_by(
                GrantRow.seq
            )
        ).all()
        facts = session.scalars(select(GrantRow.facts).order_by(GrantRow.seq)).all()
    same = [tuple(row[:3].index(one) for one in row[:3]) for row in rows]
    groups = [
        [first.customer == other.customer for other in rows]
        + [first.contact == other.contact for other in rows]
        + [first.order == other.order for other in rows]
        for first in rows
    ]
    return {
        "team": house.own.used("team", team="t-1"),
        "amounts": [row.amount for row in rows],
        "groups": groups,
        "same": same,
        "facts": facts,
    }


class OfTerms:
    """Gives the terms that a test's grants were decided by, whatever their versions."""

    def __init__(self, house: House) -> None:
        self._house = house

    def check(self) -> LedgerCheck:
        made = LedgerCheck(self._house.database, self, lambda _: self._house.own.now)  # type: ignore[arg-type]
        made._terms[self._house.own.terms.versions] = self._house.own.terms
        return made

    def current(self) -> Any:
        return self._house.own.terms.versions


def test_the_ledger_finds_nothing_that_differs_after_an_erasure(house: House) -> None:
    fill(house)
    reserved = house.given(50, contact=f"{CANARY}-d", order=None)
    check = OfTerms(house).check()
    assert check.run().differences == ()

    house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    house.given(1000)
    house.own.capture(reserved)

    report = check.run()
    assert (report.differences, report.grants) == ((), 7)


def test_a_row_that_is_changed_after_its_erasure_is_found(house: House) -> None:
    grant = house.given(300)
    house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE grants SET customer = 'c-9'"))  # `erased` names it

    found = OfTerms(house).check().run().differences

    assert [one.subject for one in found] == [grant]


def test_nobody_takes_anything_out_of_a_row_that_no_erasure_is_of(house: House) -> None:
    house.own.void(house.given(300))
    request = house.desk.request(1500, **_names("b"))
    house.desk.withdraw(request)
    house.talk()
    for table, change in (
        ("grants", "customer = NULL"), ("grants", "comment = NULL"),
        ("grant_entries", "reason = ''"), ("approvals", "customer = NULL"),
        ("approval_ends", "comment = NULL"), ("outcomes", "note = 'other'"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="immutable"), house.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET {change}"))
    house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    with pytest.raises(DBAPIError, match="immutable"), house.engine.begin() as connection:
        connection.execute(text("UPDATE grants SET amount = 1"))


def test_the_audit_is_the_same_chain_and_tells_of_the_erasure_without_the_customer(
    house: House,
) -> None:
    fill(house)
    before = entries(house)

    erased = house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    after = entries(house)
    assert after[: len(before)] == before
    assert house.own.audit.verify().is_sound
    assert CANARY not in "".join(canonical(asdict(one)) for one in after)
    assert erased is not None
    act = after[-1]
    assert (act.act, act.actor, act.subject) == ("customer.erase", "person:ada", erased.alias)
    assert act.content["rows"] == erased.rows
    with house.own.sessions() as session:
        known = set(session.scalars(select(GrantRow.blind)))
    assert "" in known  # what made its digests unguessable is destroyed


def entries(house: House) -> list[Entry]:
    with house.own.audit.entries() as found:
        return list(found)


def test_a_retry_of_an_erased_customers_request_learns_what_became_of_it_and_no_more(
    house: House,
) -> None:
    grant = house.given(300, key="again")
    house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    for amount in (300, 400):
        with pytest.raises(AnswerErased) as gone:
            house.given(amount, key="again")
        assert gone.value.subject == grant
    with house.own.sessions() as session:
        assert session.query(GrantRow).count() == 1


def test_who_names_an_erased_id_again_names_somebody_new(house: House) -> None:
    house.given(1000)
    house.given(1000, contact=f"{CANARY}-b", order=None)
    assert house.own.used("week", customer=f"{CANARY}-customer-a") == (2000, 2)

    house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert house.own.used("week", customer=f"{CANARY}-customer-a") == (0, 0)
    house.given(1000)
    house.talk_again()
    assert OfTerms(house).check().run().differences == ()
    again = house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    assert again is not None
    assert (again.rows["grants"], again.rows["contacts"]) == (1, 1)
    assert house.left() == []


def test_a_request_that_waits_ends_with_its_customer(house: House) -> None:
    request = fill(house)

    house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert house.desk.find(request).state(NOON) is ApprovalState.WITHDRAWN


def test_an_order_that_others_are_named_with_stays_and_counts_as_before(house: House) -> None:
    shared = {"contact": None, "order": "none"}
    house.given(400, **shared)
    house.own.reserve(300, customer="c-2", team="t-1", **shared)
    house.own.reserve(100, customer=None, team="t-1", **shared)

    erased = house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert erased is not None
    assert erased.rows["grants"] == 1
    assert house.left() == []
    with house.own.sessions() as session:
        assert set(session.scalars(select(GrantRow.order))) == {"none"}
    assert OfTerms(house).check().run().differences == ()


def test_an_erasure_that_is_stopped_midway_has_changed_nothing(house: House) -> None:
    fill(house)
    before = dump(house)

    for stopped_at in ("INSERT INTO erasures", "UPDATE approvals", "DELETE FROM contacts"):

        def stop(_: Any, __: Any, statement: str, *___: Any, at: str = stopped_at) -> None:
            if statement.startswith(at):
                raise KeyboardInterrupt

        event.listen(house.engine, "before_cursor_execute", stop)
        with pytest.raises(KeyboardInterrupt):
            house.customers.erase(f"{CANARY}-customer-a", "person:ada")
        event.remove(house.engine, "before_cursor_execute", stop)
        assert dump(house) == before

    assert house.customers.erase(f"{CANARY}-customer-a", "person:ada") is not None
    assert house.left() == []


def dump(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return sorted(
            f"{table.name} {row}"
            for table in Base.metadata.sorted_tables
            for row in connection.execute(table.select())
            if table.name != "scope_locks"
        )


def test_what_is_written_while_a_customer_is_traced_is_erased_with_them(house: House) -> None:
    house.given(300)
    written: list[str] = []

    @event.listens_for(house.engine, "after_cursor_execute")
    def meanwhile(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "FROM people" in statement and "customer" in statement and not written:
            written.append("")
            written[0] = house.own.reserve(100, team="t-1", **_names("a"))

    erased = house.customers.erase(f"{CANARY}-customer-a", "person:ada")

    assert erased is not None
    assert erased.rows["grants"] == 2
    assert house.left() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_file_its_log_or_its_free_pages(
    house: House, tmp_path: Path
) -> None:
    # As builds of SQLite are that do not overwrite what is deleted; Debian's does.
    off = "PRAGMA secure_delete=OFF"
    event.listen(house.engine, "connect", lambda connection, _: connection.execute(off))
    house.engine.dispose()
    fill(house)
    assert CANARY in files(tmp_path)

    erased = house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    assert erased is not None
    house.wiper.run()

    assert CANARY not in files(tmp_path)
    assert erased.alias in files(tmp_path)


def files(folder: Path) -> str:
    return "".join(one.read_bytes().decode("latin-1") for one in folder.glob("test.db*"))


def test_what_is_wiped_is_not_wiped_again_until_somebody_else_is_erased(house: House) -> None:
    house.given(300)
    house.customers.erase(f"{CANARY}-customer-a", "person:ada")
    wiped: list[str] = []

    @event.listens_for(house.engine, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("VACUUM"):
            wiped.append(statement)

    house.wiper.run()
    house.wiper.run()

    assert len(wiped) == 1


def test_what_is_held_is_handed_out_whole_and_noted_without_the_customer(house: House) -> None:
    fill(house)

    found = house.customers.hand_out(f"{CANARY}-customer-a", "person:ada")

    assert {table: len(rows) for table, rows in found.items()} == {
        "contacts": 1, "outcomes": 1, "grants": 4, "grant_entries": 2, "approvals": 2,
        "approval_ends": 1, "suggestions": 4, "feedback": 0, "decisions": 3, "people": 1,
    }  # fmt: skip
    assert found["outcomes"][0]["note"] == CANARY
    act = entries(house)[-1]
    assert (act.act, act.actor) == ("customer.export", "person:ada")
    assert CANARY not in canonical(asdict(act))


def test_answers_that_were_kept_before_can_be_erased_as_those_since(empty_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    config.attributes["engine"] = empty_engine
    command.upgrade(config, "0022")
    kept = {"principal": "k", "request_hash": "h", "status": 201, "at": NOON}
    with empty_engine.begin() as connection:
        for route, body in (
            ("POST /v1/grants", b'{"id":"grt_1","customer":"c-9"}'),
            ("POST /v1/contacts/<external_id>/outcome", b'{"contact":"4711","note":"x"}'),
            ("POST /v1/brake", b'{"id":"b"}'),
            ("POST /v1/approvals", None),
        ):
            values = {**kept, "route": route, "key": f"{route} 1", "body": body}
            columns = ", ".join(f'"{name}"' for name in values)
            places = ", ".join(f":{name}" for name in values)
            row = text(f"INSERT INTO idempotency ({columns}) VALUES ({places})")
            connection.execute(row.bindparams(bindparam("at", type_=Instant())), values)

    command.upgrade(config, "head")

    with sessionmaker(empty_engine)() as session:
        rows = {row.route: row for row in session.scalars(select(OnceRow))}
        assert {row.subject for row in rows.values()} == {"grt_1", "4711", None}
        assert rows["POST /v1/grants"].subject == "grt_1"
        for route, answer in rows.items():
            assert answer.key == Once("k", route, f"{route} 1", "h").place["key"]
    command.downgrade(config, "0022")
    command.upgrade(config, "head")
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_grant_from_before_there_were_blinds_is_digested_as_it_was(house: House) -> None:
    house.given(300)
    with house.own.sessions() as session:
        row = session.scalars(select(GrantRow)).one()
        session.expunge(row)
    row.blind = ""
    columns = {column.key: getattr(row, column.key) for column in GrantRow.__table__.columns}
    del columns["blind"]
    for name in ("at", "expires_at"):
        columns[name] = columns[name].isoformat(timespec="microseconds")

    before = hashlib.sha256(canonical({**columns, "seq": 0}).encode()).hexdigest()

    assert row_digest(row) == before


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_grant_that_waits_for_an_erasure_is_somebody_news(house: House) -> None:
    house.given(1000)
    house.given(1000, contact=f"{CANARY}-b", order=None)
    waiting: list[Future[str]] = []
    with ThreadPoolExecutor(1) as pool:

        @event.listens_for(house.engine, "after_cursor_execute")
        def want_it_meanwhile(_: Any, __: Any, statement: str, *___: Any) -> None:
            if statement.startswith("DELETE FROM scope_locks") and not waiting:
                waiting.append(pool.submit(house.given, 1000))
                while not waits_for_a_lock(house.engine):
                    pass

        house.customers.erase(f"{CANARY}-customer-a", "person:ada")
        waiting[0].result(30)

    assert house.own.used("week", customer=f"{CANARY}-customer-a") == (1000, 1)
    assert OfTerms(house).check().run().differences == ()
