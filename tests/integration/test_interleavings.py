"""Two transactions of the ledger: one stands before a statement, the other runs as far as it can.

Whatever statement it is, both must end as they do one after the other, in one order or the other.
LEDGER_ORDERS=all tries every statement; without it some of each pair are drawn by a fixed seed.
"""

import itertools
import os
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event, text

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.grants import OverHeadroom
from tests.ledgers import TestLedger, answer, shared_ledger

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", ["postgres"], indirect=True),
]
DRAWN = None if os.environ.get("LEDGER_ORDERS") == "all" else 2
BUDGET = Budget("customer", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 1000})
NEVER = 10**6


@dataclass
class Case:
    """A customer with 400 of 1000 reserved, of whom two acts want something at once."""

    customer: str
    grant: str


Act = Callable[[TestLedger, Case, str], str]


def reserve(own: TestLedger, case: Case, name: str) -> str:
    asked = own.asked(500, customer=case.customer, contact=f"{case.customer}/{name}")
    once = own.once(f"{case.customer}/{name}", asked)
    stored = own.ledger.reserve(asked, own.terms, once, answer)
    return f"granted, replayed {stored.replayed}"


def reserve_same(own: TestLedger, case: Case, _: str) -> str:
    return reserve(own, case, "same")


def capture(own: TestLedger, case: Case, _: str) -> str:
    return str(own.capture(case.grant, 300)["counts"])


def void(own: TestLedger, case: Case, _: str) -> str:
    return str(own.void(case.grant)["counts"])


def void_a_part(own: TestLedger, case: Case, _: str) -> str:
    return str(own.void(case.grant, 200)["counts"])


def publish(own: TestLedger, _: Case, __: str) -> str:
    own.publish(BUDGET)
    return "published"


ACTS = (reserve, reserve_same, capture, void, void_a_part)
PAIRS: list[tuple[Act, Act]] = [(one, other) for one in ACTS for other in (*ACTS, publish)]


class Gate:
    """Stops the connections of an engine before their n-th statement, or the commit after it."""

    def __init__(self, engine: Engine) -> None:
        self._before, self.passed = NEVER, 0
        self.reached, self.opened = threading.Event(), threading.Event()
        event.listen(engine, "before_cursor_execute", self._pass)
        event.listen(engine, "commit", self._pass)

    def close(self, before: int) -> None:
        self._before, self.passed = before, 0
        self.reached.clear()
        self.opened.clear()

    def _pass(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self._before:
            self.reached.set()
            assert self.opened.wait(60)


class Stage:
    """Two ledgers on one database, each with a connection of its own, and one that looks on."""

    def __init__(self, engine: Engine, url: str) -> None:
        TestLedger(engine, BUDGET)
        self._watching = engine
        self._engines = []
        self.ledgers = []
        for _ in range(2):
            own, ledger = shared_ledger(url, pool=1)
            self._engines.append(own)
            self.ledgers.append(TestLedger.over(ledger, own, BUDGET))
        self.gate = Gate(self._engines[0])
        self._cases = itertools.count()
        self.statements = 0  # of the first act, when it was done in turn

    def end(self) -> None:
        for engine in self._engines:
            engine.dispose()

    def case(self) -> Case:
        first = self.ledgers[0]
        customer = f"c-{next(self._cases)}"
        grant = first.reserve(400, key=customer, customer=customer, contact=customer)
        return Case(customer, grant)

    def in_turn(self, acts: tuple[Act, Act], first: int) -> tuple[str, ...]:
        """How both end if `acts[first]` is done before the other is begun."""
        case, ends = self.case(), {}
        for number in (first, 1 - first):
            self.gate.close(NEVER)
            ends[number] = _end(acts[number], self.ledgers[number], case, str(number))
            if number == 0:
                self.statements = self.gate.passed
        return (ends[0], ends[1], self._stands(case))

    def meanwhile(self, acts: tuple[Act, Act], before: int) -> tuple[str, ...]:
        """How both end if the second runs while the first stands before a statement."""
        case, ends = self.case(), dict[int, str]()

        def run(number: int) -> None:
            ends[number] = _end(acts[number], self.ledgers[number], case, str(number))

        threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
        self.gate.close(before)
        threads[0].start()
        while not self.gate.reached.wait(0.01) and threads[0].is_alive():
            pass
        threads[1].start()
        while threads[1].is_alive() and not self._waits_for_a_lock():
            threads[1].join(0.01)
        self.gate.opened.set()
        for thread in threads:
            thread.join(60)
        return (ends[0], ends[1], self._stands(case))

    def _stands(self, case: Case) -> str:
        """How budget and grant stand; from now on both go by the newest versions."""
        newest = max((one.terms for one in self.ledgers), key=lambda terms: terms.versions.budgets)
        for one in self.ledgers:
            one.terms = newest
        used = self.ledgers[0].used("customer", customer=case.customer)
        grant, at = self.ledgers[0].ledger.find(case.grant)
        kinds = sorted(entry.kind for entry in grant.entries)
        return f"{used}, {grant.state(at)}, {grant.left}, {kinds}"

    def _waits_for_a_lock(self) -> bool:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with self._watching.connect() as connection:
            return bool(connection.execute(waiting).scalar_one())


def _end(act: Act, own: TestLedger, case: Case, name: str) -> str:
    try:
        return act(own, case, name)
    except OverHeadroom as refused:
        return f"refused, {refused.headroom} left"
    except AgentAssistError as refused:
        return type(refused).__name__


@pytest.fixture
def stage(engine: Engine, database_url: str) -> Iterator[Stage]:
    own = Stage(engine, database_url)
    yield own
    own.end()


def test_whatever_stands_still_meanwhile_both_end_as_one_after_the_other(stage: Stage) -> None:
    chance = random.Random(1)
    for acts in PAIRS:
        serial = {stage.in_turn(acts, 1), stage.in_turn(acts, 0)}
        places = range(1, stage.statements + 1)
        for before in places if DRAWN is None else chance.sample(places, DRAWN):
            found = stage.meanwhile(acts, before)
            names = [act.__name__ for act in acts]
            assert found in serial, f"{names}, the first before its statement {before}"


@pytest.mark.parametrize(
    "acts", [(reserve, reserve), (void_a_part, void)], ids=["reserve-reserve", "void-void"]
)
def test_wherever_the_first_stands_neither_goes_by_what_the_other_changed(
    stage: Stage, acts: tuple[Act, Act]
) -> None:
    serial = {stage.in_turn(acts, 1), stage.in_turn(acts, 0)}

    ends = {stage.meanwhile(acts, place) for place in range(1, stage.statements + 1)}

    assert ends == serial  # both orders happen


def test_the_second_of_two_does_run_while_the_first_stands(stage: Stage) -> None:
    stage.in_turn((reserve, reserve), 0)

    ends = stage.meanwhile((reserve, reserve), 1)

    assert stage.statements > 8
    assert ends[:2] == ("refused, 100 left", "granted, replayed False")
