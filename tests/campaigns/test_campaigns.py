"""The short form of each campaign; `make help` lists the long ones."""

import os

import pytest

from tests.campaigns.cluster import NoPostgres
from tests.campaigns.effects import effects
from tests.campaigns.kill import kill
from tests.campaigns.power import NoStrace, power
from tests.campaigns.race import race
from tests.campaigns.verdict import PASSED, Verdict
from tests.conftest import lacking

pytestmark = [pytest.mark.encoder, pytest.mark.usefixtures("prepared_data", "encoder_folder")]
VOLLEYS = int(os.environ.get("RACE_VOLLEYS", "10"))
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("database", DATABASES)
def test_grants_that_race_are_answered_as_if_one_came_after_the_other(database: str) -> None:
    try:
        verdict = race(database, volleys=VOLLEYS, seed=1, workers=2)
    except NoPostgres as missing:
        lacking(str(missing))

    assert_passed(verdict)


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_acknowledged_survives_kills_once(database: str) -> None:
    try:
        verdict = kill(database, kills=3, seed=1)
    except NoPostgres as missing:
        lacking(str(missing))

    assert_passed(verdict)


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_acknowledged_is_on_the_disk(database: str) -> None:
    try:
        verdict = power(database, grants=20, seed=1)
    except (NoPostgres, NoStrace) as missing:
        lacking(str(missing))

    assert_passed(verdict)


def test_what_is_planted_in_an_organisation_is_found_and_nothing_else() -> None:
    assert_passed(effects(seeds=2, seed=1))


def assert_passed(verdict: Verdict) -> None:
    assert verdict.exit_code == PASSED, (verdict.words, verdict.figures)
