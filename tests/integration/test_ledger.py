"""The ledger gives what budgets leave, once, and says truly what is left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.decision import Verdict
from agent_assist.core.errors import (
    BrakeNotPulled,
    GrantSettled,
    InvalidInput,
    KeyInFlight,
    KeyReused,
    NotFound,
    NotReady,
    StaleVersion,
)
from agent_assist.core.grants import EntryKind, OverHeadroom
from agent_assist.store.database import Database, StoreUnavailable, configure
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.ledger.ledger import Change, Ledger
from agent_assist.store.schema import AuditEntry, GrantRow, OnceRow
from tests.ledgers import HOLD, NOON, TestLedger, answer, told

WEEK = Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 2000, "supervisor": 6000})
TODAY = Budget("today", Scope.CUSTOMER, Window.DAY, amounts={"rep": 1000})
NUMBER = Budget("number", Scope.CUSTOMER, Window.DAYS_7, counts={"rep": 2})
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def ledger(engine: Engine) -> TestLedger:
    return TestLedger(engine, WEEK)


def count_rows(ledger: TestLedger) -> tuple[int, int, int]:
    with ledger.sessions() as session:
        return (
            session.query(GrantRow).count(),
            session.query(AuditEntry).count(),
            session.query(OnceRow).count(),
        )


def refusal(ledger: TestLedger, amount: int, **more: str | None) -> OverHeadroom:
    with pytest.raises(OverHeadroom) as refused:
        ledger.reserve(amount, **more)
    return refused.value


def test_a_budget_is_given_out_to_the_last_part_and_no_further(ledger: TestLedger) -> None:
    ledger.reserve(1000)
    ledger.reserve(700)

    refused = refusal(ledger, 301)

    assert refused.headroom == 300
    assert refused.decision.binding is not None
    assert refused.decision.binding.source == "week"
    ledger.reserve(300)
    assert ledger.used("week") == (2000, 3)
    assert refusal(ledger, 1).headroom == 0


def test_a_refusal_writes_nothing(ledger: TestLedger) -> None:
    refusal(ledger, 1001)

    assert count_rows(ledger) == (0, 0, 0)


def test_a_refusal_says_who_may_give_more(ledger: TestLedger) -> None:
    approval = refusal(ledger, 1500).decision.approval

    assert approval is not None
    assert (approval.level, approval.up_to) == ("supervisor", 5000)


def test_one_customers_grants_leave_another_customers_budget_alone(ledger: TestLedger) -> None:
    ledger.reserve(1000)
    ledger.reserve(1000)

    ledger.reserve(1000, customer="c-2")

    assert refusal(ledger, 100).headroom == 0
    assert ledger.used("week", customer="c-2") == (1000, 1)


def test_grants_of_other_levels_reps_and_contacts_count(ledger: TestLedger) -> None:
    ledger.reserve(1500, level="supervisor", rep="r-2", contact="k-2")

    assert refusal(ledger, 1000).headroom == 500


def test_only_the_remedies_of_a_budget_count(engine: Engine) -> None:
    credits_only = Budget(
        "credits", Scope.CUSTOMER, Window.DAYS_7,
        remedies=frozenset({"goodwill_credit"}), amounts={"rep": 1000},
    )  # fmt: skip
    ledger = TestLedger(engine, credits_only)

    ledger.reserve(1000)
    ledger.reserve(1000, remedy="goodwill_credit")

    assert ledger.used("credits") == (1000, 1)
    assert refusal(ledger, 1, remedy="goodwill_credit").headroom == 0


def test_what_is_not_money_counts_as_a_grant_and_not_as_an_amount(engine: Engine) -> None:
    ledger = TestLedger(engine, WEEK, NUMBER)

    ledger.reserve(2, remedy="courier_card")

    assert ledger.used("week") == (0, 1)


@pytest.mark.parametrize(
    ("scope", "mine"),
    [
        (Scope.CONTACT, {"contact": "k-9"}),
        (Scope.ORDER, {"order": "o-9"}),
        (Scope.CUSTOMER, {"customer": "c-9"}),
        (Scope.REP, {"rep": "r-9"}),
        (Scope.TEAM, {"team": "t-9"}),
    ],
)
def test_each_scope_sums_up_by_its_own_id(
    engine: Engine, scope: Scope, mine: dict[str, str]
) -> None:
    ledger = TestLedger(
        engine,
        Budget("own", scope, Window.LIFETIME, amounts={"rep": 500}),
        Budget("all", Scope.ORGANISATION, Window.LIFETIME, amounts={"rep": 900}),
    )
    others = {"contact": "k-1", "order": "o-1", "team": "t-1"}

    ledger.reserve(500, **others | mine)
    ledger.reserve(200, **others)

    assert ledger.used("own", **others | mine) == (500, 1)
    assert ledger.used("own", **others) == (200, 1)
    assert ledger.used("all") == (700, 2)
    assert refusal(ledger, 1, **others | mine).headroom == 0
    refused = refusal(ledger, 201, **others)
    assert refused.headroom == 200
    assert refused.decision.binding is not None
    assert refused.decision.binding.source == "all"


def test_a_contacts_window_counts_the_contact_alone(engine: Engine) -> None:
    of_rep = Budget("of_rep", Scope.REP, Window.CONTACT, amounts={"rep": 500})
    ledger = TestLedger(engine, of_rep)

    ledger.reserve(500, contact="k-1")
    ledger.reserve(500, contact="k-2")

    assert ledger.used("of_rep") == (500, 1)


def test_a_retry_gets_the_first_answer_byte_for_byte(ledger: TestLedger) -> None:
    asked = ledger.asked(700)
    first = ledger.ledger.reserve(asked, ledger.terms, ledger.once("k", asked), answer)
    ledger.now += timedelta(hours=1)

    again = ledger.ledger.reserve(asked, ledger.terms, ledger.once("k", asked), answer)

    assert (first.replayed, again.replayed) == (False, True)
    assert again.body == first.body
    assert again.status == first.status == 201
    assert count_rows(ledger) == (1, 1, 1)


def test_a_key_of_another_request_is_refused_and_nothing_happens(ledger: TestLedger) -> None:
    ledger.reserve(100, key="k")

    with pytest.raises(KeyReused):
        ledger.reserve(200, key="k")

    assert count_rows(ledger) == (1, 1, 1)


def test_a_key_whose_answer_is_unknown_is_in_flight(ledger: TestLedger) -> None:
    once = ledger.once("k", ledger.asked(contact="k-1"))
    with ledger.sessions.begin() as session:
        session.add(
            OnceRow(
                **once.place, request_hash=once.request_hash, status=None, body=None, at=NOON,
            )
        )  # fmt: skip

    with pytest.raises(KeyInFlight):
        ledger.reserve(key="k", contact="k-1")


def test_a_refusal_is_not_remembered(ledger: TestLedger) -> None:
    first = ledger.reserve(1000)
    ledger.reserve(1000)
    with pytest.raises(OverHeadroom):
        ledger.reserve(500, key="k")
    ledger.void(first)

    ledger.reserve(500, key="k")

    assert ledger.used("week") == (1500, 2)


def test_a_reservation_counts_until_the_instant_it_expires(ledger: TestLedger) -> None:
    grant = ledger.reserve(1000)

    ledger.now = NOON + HOLD - MICROSECOND
    assert ledger.used("week") == (1000, 1)
    ledger.now = NOON + HOLD
    assert ledger.used("week") == (0, 0)
    with pytest.raises(GrantSettled, match="expired"):
        ledger.capture(grant)
    with pytest.raises(GrantSettled, match="expired"):
        ledger.void(grant)


def test_what_is_captured_counts_on_and_the_rest_is_released(ledger: TestLedger) -> None:
    grant = ledger.reserve(1000)

    captured = ledger.capture(grant, 600)
    ledger.now = NOON + timedelta(days=1)

    assert (captured["state"], captured["counts"]) == ("captured", 600)
    assert ledger.used("week") == (600, 1)
    with pytest.raises(GrantSettled, match="captured"):
        ledger.capture(grant)


def test_no_more_than_what_is_left_can_be_captured_or_voided(ledger: TestLedger) -> None:
    grant = ledger.reserve(1000)
    ledger.void(grant, 300)

    for act in (ledger.capture, ledger.void):
        for amount in (701, 0):
            with pytest.raises(InvalidInput):
                act(grant, amount)
    ledger.capture(grant, 500)
    ledger.void(grant, 200)
    with pytest.raises(InvalidInput):
        ledger.void(grant, 301)
    assert ledger.void(grant, 300)["state"] == "voided"
    with pytest.raises(GrantSettled, match="voided"):
        ledger.void(grant)
    assert ledger.used("week") == (0, 0)


def test_what_cannot_be_taken_back_counts_on_once_it_is_final(engine: Engine) -> None:
    week = Budget("week", Scope.CUSTOMER, Window.DAYS_7, counts={"rep": 2})
    ledger = TestLedger(engine, week)
    grant, undone = (ledger.reserve(1, remedy="courier_card") for _ in range(2))
    ledger.void(undone)
    ledger.capture(grant)

    with pytest.raises(GrantSettled, match="not reversible"):
        ledger.void(grant)

    assert ledger.used("week") == (0, 1)


def test_captures_and_voids_happen_once(ledger: TestLedger) -> None:
    grant = ledger.reserve(1000)

    first = ledger.void(grant, 100)
    once = ledger.once("v", "same")
    change = Change(grant, EntryKind.VOID, 100, "rep:r-1")
    second = ledger.ledger.change(change, once, answer)
    again = ledger.ledger.change(change, once, answer)

    assert first["counts"] == 900
    assert told(second)["counts"] == 800
    assert (again.body, again.replayed) == (second.body, True)
    assert ledger.used("week") == (800, 1)


def test_a_grant_nobody_made_cannot_be_changed(ledger: TestLedger) -> None:
    with pytest.raises(NotFound):
        ledger.capture("grt_none")


def test_a_void_gives_back_in_the_window_of_the_grant_and_not_in_todays(engine: Engine) -> None:
    ledger = TestLedger(engine, TODAY, WEEK)
    grant = ledger.reserve(1000)
    ledger.capture(grant)
    ledger.now = NOON + timedelta(days=1)
    ledger.reserve(800)

    ledger.void(grant)

    assert ledger.used("today") == (800, 1)
    assert ledger.used("week") == (800, 1)
    assert refusal(ledger, 201).headroom == 200


def test_a_count_goes_on_until_a_grant_is_voided_whole(engine: Engine) -> None:
    ledger = TestLedger(engine, NUMBER)
    first = ledger.reserve(500)
    ledger.reserve(500)

    ledger.void(first, 499)
    assert refusal(ledger, 1).decision.caps[-1].grants_left == 0
    ledger.void(first, 1)
    ledger.reserve(500)

    assert ledger.used("number") == (1000, 2)


def test_a_rolling_window_ends_to_the_microsecond(ledger: TestLedger) -> None:
    ledger.capture(ledger.reserve(1000))

    ledger.now = NOON + timedelta(days=7) - MICROSECOND
    assert ledger.used("week") == (1000, 1)
    ledger.now = NOON + timedelta(days=7)
    assert ledger.used("week") == (0, 0)


@pytest.mark.parametrize("window", [Window.DAY, Window.MONTH])
def test_a_calendar_window_begins_at_midnight_in_the_organisations_time_zone(
    engine: Engine, window: Window
) -> None:
    budget = Budget("own", Scope.CUSTOMER, window, amounts={"rep": 1000})
    ledger = TestLedger(engine, budget, zone="Europe/Berlin")
    midnight = NOON.replace(month=11, day=30, hour=23)  # 1 December in Berlin

    ledger.now = midnight - MICROSECOND
    ledger.capture(ledger.reserve(100))
    ledger.now = midnight
    assert ledger.used("own") == (0, 0)
    ledger.capture(ledger.reserve(200))
    ledger.now = midnight + timedelta(hours=23, minutes=59)

    assert ledger.used("own") == (200, 1)


def test_a_published_lower_budget_counts_what_was_given_before(ledger: TestLedger) -> None:
    ledger.reserve(1000)

    ledger.publish(Budget("week", Scope.CUSTOMER, Window.DAYS_7, amounts={"rep": 900}))

    assert refusal(ledger, 1).headroom == 0


def test_nothing_is_granted_by_versions_that_are_no_longer_live(ledger: TestLedger) -> None:
    old = ledger.terms
    ledger.publish(WEEK)
    ledger.terms = old

    with pytest.raises(StaleVersion):
        ledger.reserve(100)

    assert count_rows(ledger) == (0, 0, 0)


def test_a_suggestion_that_was_never_made_is_refused(ledger: TestLedger) -> None:
    asked = replace(ledger.asked(), suggestion="sug_none")

    with pytest.raises(InvalidInput):
        ledger.ledger.reserve(asked, ledger.terms, ledger.once(), answer)


def test_a_clock_that_runs_back_cannot_reopen_a_window(ledger: TestLedger) -> None:
    ledger.reserve(1000)

    ledger.now = NOON - timedelta(seconds=5)
    ledger.reserve(500)
    ledger.now = NOON - timedelta(seconds=6)
    with pytest.raises(NotReady, match="clock"):
        ledger.reserve(500)

    with ledger.sessions() as session:
        assert {row.at for row in session.query(GrantRow)} == {NOON}


@pytest.mark.parametrize("table", ["audit", "grants", "grant_entries", "brakes", "freezes"])
@pytest.mark.parametrize("act", ["UPDATE {} SET at = NULL", "DELETE FROM {}"])
def test_history_cannot_be_rewritten_even_by_hand(ledger: TestLedger, table: str, act: str) -> None:
    ledger.capture(ledger.reserve())
    ledger.pull()
    Freezes(Database(ledger.sessions), lambda _: NOON).freeze({"week": ["it differs"]})

    with pytest.raises(DBAPIError, match="immutable"), ledger.engine.begin() as connection:
        connection.execute(text(act.format(table)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "trigger",
    ["INSERT ON audit", "INSERT ON grants", "UPDATE ON idempotency"],
)
def test_when_one_part_cannot_be_written_none_is(ledger: TestLedger, trigger: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(
            text(f"CREATE TRIGGER full BEFORE {trigger} BEGIN SELECT RAISE(ABORT, 'disk'); END")
        )

    with pytest.raises(StoreUnavailable):
        ledger.reserve()

    assert count_rows(ledger) == (0, 0, 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"contact": "k-1", "order": None}, {"contact": "k-1", "order": "o-1"}),
        ({"contact": "k-1", "order": "o-1"}, {"contact": "k-2", "order": "o-1"}),
        ({"contact": None, "order": "o-1"}, {"contact": None, "order": "o-1"}),
    ],
)
def test_splitting_over_grants_contacts_or_levels_gives_no_more_than_one_grant_would(
    engine: Engine, first: dict[str, str | None], second: dict[str, str | None]
) -> None:
    ledger = TestLedger(engine)
    ledger.reserve(700, **first)

    refused = refusal(ledger, 301, **second)

    assert refused.headroom == 300
    ledger.reserve(300, **second)
    approval = refusal(ledger, 1, **second).decision.approval
    assert approval is not None
    assert (approval.level, approval.up_to) == ("supervisor", 4000)
    ledger.reserve(4000, level="supervisor", **second)
    assert refusal(ledger, 1, level="supervisor", **second).headroom == 0
    ledger.reserve(1000, contact="k-9", order="o-9")


def test_what_has_expired_or_was_voided_is_not_taken_off_a_ceiling(engine: Engine) -> None:
    ledger = TestLedger(engine)
    ledger.reserve(600, order="o-1")
    ledger.now = NOON + HOLD - MICROSECOND
    assert refusal(ledger, 401, order="o-1").headroom == 400

    ledger.now = NOON + HOLD
    grant = ledger.reserve(1000, order="o-1")
    ledger.capture(grant, 900)
    ledger.void(grant, 500)

    assert refusal(ledger, 601, order="o-1").headroom == 600


def test_what_one_contact_holds_of_two_orders_counts_whichever_is_more(engine: Engine) -> None:
    ledger = TestLedger(engine)
    ledger.reserve(300, contact="k-1", order="o-1")
    ledger.reserve(400, contact="k-1", order="o-2")
    ledger.reserve(800, contact="k-2", order="o-3")

    assert refusal(ledger, 301, contact="k-1", order="o-1").headroom == 300
    assert refusal(ledger, 201, contact="k-1", order="o-3").headroom == 200


def test_a_grant_that_names_neither_an_order_nor_a_contact_cannot_be_asked_for(
    ledger: TestLedger,
) -> None:
    with pytest.raises(ValueError, match="an order or a contact"):
        ledger.asked(contact=None)


@pytest.mark.parametrize("end", ["expired", "voided"])
def test_of_an_exclusive_group_one_remedy_stands_on_an_order_at_a_time(
    engine: Engine, end: str
) -> None:
    ledger = TestLedger(engine)
    grant = ledger.reserve(100, order="o-1")

    refused = refusal(ledger, 1, order="o-1", remedy="goodwill_credit", level="manager")

    assert refused.decision.verdict is Verdict.NOT_ALLOWED
    assert refused.decision.binding is not None
    assert refused.decision.binding.source == "fee_waiver"
    ledger.reserve(1, order="o-1", remedy="courier_card")
    ledger.reserve(1, order="o-2", remedy="goodwill_credit")
    if end == "voided":
        ledger.void(grant)
    else:
        ledger.now = NOON + HOLD
    ledger.reserve(1, order="o-1", remedy="goodwill_credit")


def test_a_pulled_brake_holds_from_the_next_grant_on_until_it_is_released(
    engine: Engine, database_url: str
) -> None:
    own = TestLedger(engine)
    other_engine = create_engine(database_url)
    configure(other_engine)
    other = Ledger(Database(sessionmaker(other_engine)), lambda _: NOON, hold=HOLD)
    elsewhere = TestLedger.over(other, other_engine)
    elsewhere.reserve(100, team="t-1")

    own.pull()
    refused = refusal(elsewhere, 100, team="t-1")
    elsewhere.reserve(100, level="manager", team="t-1")
    own.release()
    elsewhere.reserve(100, team="t-1")
    own.pull("t-1")
    refusal(elsewhere, 100, team="t-1")
    refusal(elsewhere, 100)
    elsewhere.reserve(100, team="t-2")
    other_engine.dispose()

    assert refused.decision.verdict is Verdict.NEEDS_APPROVAL
    assert refused.decision.binding is not None
    assert refused.decision.binding.reason == "too much"
    assert [one.team for one in own.brakes.pulled()] == ["t-1"]
    assert own.audit.verify().is_sound


def test_a_brake_that_nobody_pulled_cannot_be_released(ledger: TestLedger) -> None:
    ledger.pull("t-1")

    with pytest.raises(BrakeNotPulled):
        ledger.release()
    ledger.release("t-1")
    with pytest.raises(BrakeNotPulled):
        ledger.release("t-1")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_the_sums_cannot_be_read_nothing_is_granted(ledger: TestLedger) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("ALTER TABLE grant_entries RENAME TO away"))

    with pytest.raises(StoreUnavailable):
        ledger.reserve()

    assert count_rows(ledger) == (0, 0, 0)
