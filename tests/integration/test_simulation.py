"""A simulated history: made by the real code, the same for a seed, never over what is real."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, select, text
from sqlalchemy.orm import Session

from agent_assist.app.composition import simulate_history
from agent_assist.app.database import bare_app, db, migrate_database
from agent_assist.app.opening import open_models, open_publisher
from agent_assist.app.stores import Stores, open_stores
from agent_assist.core.errors import SetupRefused
from agent_assist.core.people import Person
from agent_assist.live import LiveLibrary
from agent_assist.settings import ROOT, Settings, read_settings
from agent_assist.simulate.history import History, Scale
from agent_assist.store.libraries import IMPORTED
from agent_assist.store.schema import (
    AuditEntry,
    ContactRow,
    GrantEntry,
    GrantRow,
    OutcomeRow,
    PersonRow,
    SuggestionEntry,
)

# A Thursday noon, and few enough grants for the ledger's check, whose time grows with their square.
UNTIL = datetime(2026, 11, 19, 12, tzinfo=UTC)
SMALL = Scale(days=2, teams=2, a_day=16, customers=20, seed=4)


class Deployment:
    """A library made live in a data folder; histories are simulated in it."""

    def __init__(self, settings: Settings, library: str) -> None:
        self.settings = settings
        with self._context() as stores:
            migrate_database()
            publisher = open_publisher(settings, stores)
            folder = ROOT / "policies" / library
            publisher.import_folder(folder, by="test", note="", replace=False)

    def simulate(self, scale: Scale = SMALL) -> Any:
        with self._context() as stores:
            models = open_models(self.settings, stores)
            live = LiveLibrary(stores.libraries, models, self.settings.indexes)
            return simulate_history(self.settings, live, scale, UNTIL, lambda _: None)

    def ask(self, question: Callable[[Stores], Any]) -> Any:
        with self._context() as stores:
            return question(stores)

    def engine(self) -> Engine:
        return create_engine(self.settings.database_url, poolclass=NullPool)

    @contextmanager
    def _context(self) -> Iterator[Stores]:
        with bare_app(self.settings).app_context():
            try:
                yield open_stores(self.settings)
            finally:
                db.session.remove()
                db.engine.dispose()


Deploy = Callable[..., Deployment]


@pytest.fixture(scope="module")
def deploy(
    prepared_data: Path, encoder_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Deploy:
    del encoder_folder

    def make(library: str = "bank", **more: str) -> Deployment:
        data = tmp_path_factory.mktemp("simulation") / "data"
        shutil.copytree(prepared_data / "indexes", data / "indexes")
        return Deployment(read_settings({"AGENT_ASSIST_DATA": str(data), **more}), library)

    return make


@pytest.fixture(scope="module")
def bank(deploy: Deploy) -> Deployment:
    """A history that no test changes."""
    made = deploy()
    done = made.simulate()
    assert done["contacts"] > 30
    assert done["grants"] > 8
    assert done["requests"] > 0
    return made


def digest(engine: Engine) -> str:
    """All that happened, without the ids that are made at random."""
    with Session(engine) as session:
        grants = session.scalars(select(GrantRow).order_by(GrantRow.seq)).all()
        number = {grant.id: place for place, grant in enumerate(grants)}
        told = [
            *(
                (g.at, g.contact, g.customer, g.rep, g.issue, g.remedy, g.amount, g.facts)
                for g in grants
            ),
            *(
                (number[e.grant_id], e.kind, e.amount, e.at, e.by)
                for e in session.scalars(select(GrantEntry).order_by(GrantEntry.seq))
            ),
            *(
                (c.external_id, c.opened_at, c.closed_at, c.customer, c.rep, c.issues)
                for c in session.scalars(select(ContactRow).order_by(ContactRow.external_id))
            ),
            *(
                (o.contact, o.at, o.resolved, o.cause, o.said, [number[g] for g in o.given])
                for o in session.scalars(select(OutcomeRow).order_by(OutcomeRow.contact))
            ),
            *(
                (s.at, s.around, s.answer)
                for s in session.scalars(select(SuggestionEntry).order_by(SuggestionEntry.at))
            ),
        ]
    return json.dumps(told, default=str, sort_keys=True)


def test_another_seed_gives_another_history(bank: Deployment, deploy: Deploy) -> None:
    other = deploy()

    other.simulate(replace(SMALL, seed=2))

    assert digest(other.engine()) != digest(bank.engine())


def _check_records(made: Deployment) -> None:
    verified = made.ask(lambda stores: stores.audit.verify())
    report = made.ask(lambda stores: stores.ledger_check.run())

    assert (verified.bad_entry, verified.bad_checkpoint) == (None, None)
    assert report.differences == ()
    assert report.grants > 5
    assert report.sums > 0


def test_the_records_of_a_history_check_out(bank: Deployment) -> None:
    _check_records(bank)


def test_any_library_has_a_history(deploy: Deploy) -> None:
    retail = deploy("retail")

    retail.simulate()

    _check_records(retail)


def test_a_history_lies_in_the_past_and_in_the_order_of_time(bank: Deployment) -> None:
    with Session(bank.engine()) as session:
        audit = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        opened = session.scalars(select(ContactRow.opened_at)).all()

    imports = [entry.act for entry in audit].index("simulation.begin")
    assert {entry.act for entry in audit[:imports]} == {IMPORTED}
    times = [entry.at for entry in audit[imports:]]
    assert times == sorted(times)
    assert times[-1] < UNTIL
    assert UNTIL - timedelta(days=SMALL.days + 1) <= min(opened) <= max(opened) < UNTIL


def test_all_that_is_simulated_says_so(bank: Deployment) -> None:
    with Session(bank.engine()) as session:
        grants = session.scalars(select(GrantRow)).all()
        people = session.scalars(select(PersonRow)).all()
        contacts = session.scalars(select(ContactRow)).all()

    ids = [one.id for one in people]
    ids += [getattr(g, name) for g in grants for name in ("contact", "customer", "rep", "team")]
    ids += [contact.external_id for contact in contacts]
    assert all(one.startswith("demo-") for one in ids)
    assert {grant.key_id for grant in grants} == {"simulated"}
    assert all("(simulated)" in person.name for person in people)


def test_simulating_again_changes_nothing(bank: Deployment) -> None:
    before = digest(bank.engine())

    assert bank.simulate() is None
    assert digest(bank.engine()) == before


def test_nothing_is_simulated_over_what_is_real(deploy: Deploy) -> None:
    made = deploy()
    real = Person("r-1", "Somebody", "rep", "t-1")
    made.ask(lambda stores: stores.people.add(real, "cli"))

    with pytest.raises(SetupRefused, match="never mixed"):
        made.simulate()

    with Session(made.engine()) as session:
        assert session.scalars(select(PersonRow.id)).all() == ["r-1"]
        assert set(session.scalars(select(AuditEntry.act))) == {IMPORTED, "person.add"}


def test_an_interrupted_history_leaves_nothing_and_is_the_same_when_made_anew(
    bank: Deployment, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = deploy()
    close, closed = History._close, []

    def interrupted(self: History, course: Any) -> None:
        closed.append(course)
        if len(closed) == 20:
            raise KeyboardInterrupt
        close(self, course)

    with monkeypatch.context() as patch:
        patch.setattr(History, "_close", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made.simulate()

    with made.engine().connect() as connection:
        for table in ("grants", "contacts", "outcomes", "suggestions", "people"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table
        assert set(connection.scalars(select(AuditEntry.act))) == {IMPORTED}
    assert made.simulate() is not None
    assert digest(made.engine()) == digest(bank.engine())


@pytest.mark.postgres
def test_a_history_is_the_same_on_postgresql(
    bank: Deployment, deploy: Deploy, postgres_url: str
) -> None:
    there = deploy(AGENT_ASSIST_DATABASE_URL=postgres_url)

    there.simulate()

    assert digest(there.engine()) == digest(bank.engine())
    _check_records(there)
