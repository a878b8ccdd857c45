"""What the simulated organisation is made to show is there to be found."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from agent_assist.core.facts import read_facts
from agent_assist.core.library import Library
from agent_assist.library.folder import read_library
from agent_assist.settings import ROOT
from agent_assist.simulate.cases import CaseBook
from agent_assist.simulate.conduct import returns_after, ruling, waiting
from agent_assist.simulate.demand import Demand, Reason, busiest, too_low_row
from agent_assist.simulate.organisation import an_organisation
from tests.builders import a_vocabulary

DAY = date(2026, 11, 19)


@pytest.fixture(scope="module", params=["bank", "retail"])
def library(request: pytest.FixtureRequest) -> Library:
    return read_library(ROOT / "policies" / request.param)


def test_what_is_asked_for_beyond_a_row_that_is_too_low_is_nearly_always_approved() -> None:
    random = Random("rulings")

    too_low = Counter(ruling(random, generous=True) for _ in range(1_000))
    others = Counter(ruling(random, generous=False) for _ in range(1_000))

    assert too_low[1.0] > 900
    assert 400 < others[1.0] < 600
    assert others[0.0] > 150


def test_nobody_decides_later_than_they_have_time() -> None:
    random = Random("waits")

    waits = [waiting(timedelta(minutes=10), random) for _ in range(1_000)]

    assert timedelta() < min(waits) < max(waits) < timedelta(minutes=10)


def test_customers_come_back_sooner_when_nothing_was_resolved() -> None:
    random = Random("returns")

    back = {
        resolved: sum(returns_after(random, resolved=resolved) is not None for _ in range(1_000))
        for resolved in (True, False)
    }

    assert back[True] < 120
    assert back[False] > 350


def test_a_library_has_a_row_that_history_shows_to_be_too_low(library: Library) -> None:
    vocabulary = library.vocabulary
    reasons = [Reason(issue, ("",), 1.0) for issue in vocabulary.issues]

    found = too_low_row(library.limits, reasons, vocabulary)
    again = too_low_row(reversed(library.limits), reasons, vocabulary)

    assert found is not None
    assert again == found
    weights = {reason.issue: reason.weight for reason in busiest(reasons, found)}
    assert max(weights, key=lambda issue: weights[issue]) in found.issues


def test_facts_of_every_issue_are_facts_of_the_library(library: Library) -> None:
    vocabulary = library.vocabulary
    cases = CaseBook(vocabulary, library.limits, seed=1)

    for issue in vocabulary.issues:
        for number in range(5):
            random = Random(f"{issue}/{number}")
            facts, size = cases.facts(issue, f"c-{number}", DAY, random)

            read_facts(facts, vocabulary.facts, vocabulary.currency)
            assert size > 0


def test_what_is_true_of_a_customer_is_true_in_all_their_contacts(library: Library) -> None:
    cases = CaseBook(library.vocabulary, library.limits, seed=1)
    issues = list(library.vocabulary.issues)
    known: dict[str, set[object]] = {}

    for number in range(40):
        facts, _ = cases.facts(issues[number % 7], "c-1", DAY, Random(number))
        for key, value in facts.items():
            if key.startswith("customer."):
                known.setdefault(key, set()).add(value)

    assert known
    assert all(len(values) == 1 for values in known.values())


@pytest.mark.parametrize("rungs", [1, 2, 3])
def test_a_ladder_of_any_length_has_people_on_it(rungs: int) -> None:
    levels = a_vocabulary().levels[:rungs]

    made = an_organisation(levels, teams=2, seed=1)

    assert len(made.people) == 22
    assert {one.level for one in made.people} <= {level.key for level in levels}
    assert {one.level for one in made.managers} == {levels[-1].key}


def test_mondays_are_busier_than_sundays_and_nobody_calls_at_night() -> None:
    zone = ZoneInfo("Europe/Berlin")
    demand = Demand(
        reasons=[Reason("fee", ("a fee",), 1.0)],
        organisation=an_organisation(a_vocabulary().levels, teams=1, seed=1),
        zone=zone,
        a_day=50,
        customers=100,
        seed=1,
    )

    monday, sunday = list(demand.of(date(2026, 11, 16))), list(demand.of(date(2026, 11, 15)))

    assert len(monday) > 2 * len(sunday) > 0
    assert monday == sorted(monday, key=lambda visit: visit.at)
    assert {visit.at.astimezone(zone).hour for visit in monday} <= set(range(8, 20))
    assert demand.again(monday[0], date(2026, 11, 18), Random(1)).at > datetime(
        2026, 11, 18, tzinfo=UTC
    )
    assert list(replace(demand, seed=2).of(date(2026, 11, 16))) != monday
