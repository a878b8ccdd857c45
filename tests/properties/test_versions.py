"""Whatever limits and budgets are published are loaded as they were, from both databases."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget
from agent_assist.core.limits import LimitRow
from agent_assist.library.tables import read_table
from agent_assist.store.database import Database
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.libraries import LibraryStore
from tests.drafting import BUDGETS, LIBRARY, LIMITS, NOON, POLICY, publication
from tests.random_tables import VOCABULARY, a_table, some_budgets


@given(limits=a_table, budgets=some_budgets)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_published_is_loaded_as_it_was(
    engine: Engine, limits: tuple[LimitRow, ...], budgets: tuple[Budget, ...]
) -> None:
    # Each example is published over the one before, as versions are.
    database = Database(sessionmaker(engine))
    store = LibraryStore(database, lambda _: NOON)
    releases = ReleaseStore(database, lambda _: NOON)
    library = replace(LIBRARY, policies=(POLICY,), limits=limits, budgets=budgets)

    versions = store.append(library, store.current(), publication())

    assert store.load(versions).library() == library
    # Drafts are begun from, and compared with, the cells of a version.
    for kind, number in ((LIMITS, versions.limits), (BUDGETS, versions.budgets)):
        read = read_table(kind, releases.table(kind, number), VOCABULARY)
        assert read.faults == ()
        assert read.limits + read.budgets == (limits if kind is LIMITS else budgets)
