"""The parts of the application, and what runs beside them."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import Flask

from agent_assist.app.database import bare_app, check_database, db
from agent_assist.app.stores import (
    Stores,
    now,
    open_attester,
    open_drafter,
    open_encoder,
    open_replayer,
    open_reviewing,
    open_stores,
    stores_of,
)
from agent_assist.approve import Approver
from agent_assist.enrol import Roster
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.matching.encoders import Encoder
from agent_assist.prepare import Progress
from agent_assist.publish import Releaser
from agent_assist.record import Recorder
from agent_assist.review import Reviewing
from agent_assist.rhythm import Rhythm, Task
from agent_assist.settings import Settings, read_settings
from agent_assist.simulate.clock import HandClock
from agent_assist.simulate.encoding import EncodesOnce
from agent_assist.simulate.giving import Desk
from agent_assist.simulate.history import History, Scale
from agent_assist.store.database import at_once
from agent_assist.store.simulation import SimulationStore
from agent_assist.suggest import Suggester
from agent_assist.web import Services, configure_log, register


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers contacts: the stores, the live library, and those who use both."""

    stores: Stores
    live: LiveLibrary
    suggester: Suggester
    granter: Granter
    approver: Approver
    recorder: Recorder
    roster: Roster
    reviewing: Reviewing


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, ready to serve.

    Raises:
        SetupRefused: a setting, the database's migration or the data folder is not as needed.
        NotReady: the encoder is missing or damaged, or there is no library yet.
    """
    settings = settings or read_settings()
    configure_log(settings.log_level)
    app = bare_app(settings)
    with app.app_context():
        parts = _assemble(settings)
        tasks = _tasks(app, parts, settings)
        parts.live.current()  # compiled and indexed before the first request, not during it
    engine, live = parts.stores.engine, parts.live
    rhythm = app.extensions["rhythm"] = Rhythm(tasks, settings.data, time.monotonic)
    services = Services(
        suggester=parts.suggester,
        granter=parts.granter,
        approver=parts.approver,
        brakes=parts.stores.brakes,
        recorder=parts.recorder,
        roster=parts.roster,
        events=parts.stores.events,
        audit=parts.stores.audit,
        drafts=parts.stores.drafts,
        releases=parts.stores.releases,
        reviewing=parts.reviewing,
        drafter=open_drafter(parts.stores),
        releaser=Releaser(parts.stores.drafts, parts.stores.releases, parts.reviewing),
        replayer=open_replayer(parts.stores, parts.reviewing),
        live=live,
        keys=parts.stores.keys,
        checks={"database": lambda: check_database(engine, settings), "library": live.check},
        warnings=rhythm.warnings,
    )
    register(app, services)
    return app


def start_rhythm(app: Flask) -> None:
    """Begin what is done beside the requests; for processes that serve, and for no others."""
    app.extensions["rhythm"].start()


def _tasks(app: Flask, parts: Parts, settings: Settings) -> tuple[Task, ...]:
    """What is done beside the requests, each time inside an application context of its own."""

    def within(run: Callable[[], None]) -> Callable[[], None]:
        def inside() -> None:
            with app.app_context():
                run()

        return inside

    attester = open_attester(settings, parts.stores)
    return (
        Task("checkpoint", 5, within(attester.attest_when_due)),
        Task("checkpoint delivery", 60, within(attester.deliver)),
        Task("expiry of approvals", 5, within(parts.approver.expire)),
        Task("ledger", settings.ledger_seconds, within(parts.stores.ledger_watch.run)),
        Task("retention", 60, within(parts.stores.retention.purge)),
    )


@contextmanager
def composed(settings: Settings) -> Iterator[Parts]:
    """The parts inside an application context, for a command; errors as `create_app`."""
    with bare_app(settings).app_context():
        yield _assemble(settings)


def _assemble(settings: Settings) -> Parts:
    stores = open_stores(settings)
    check_database(stores.engine, settings)
    live = LiveLibrary(stores.libraries, open_encoder(settings), settings.indexes)
    return _parts(stores, live, live.encoder, now)


def _parts(
    stores: Stores, live: LiveLibrary, encoder: Encoder, now: Callable[[], datetime]
) -> Parts:
    find = stores.people.find
    return Parts(
        stores=stores,
        live=live,
        suggester=Suggester(
            encoder, stores.suggestions, use=stores.ledger.use, people=find, now=now
        ),
        granter=Granter(stores.ledger, people=find),
        approver=Approver(stores.approvals, stores.ledger, stores.people),
        recorder=Recorder(stores.contacts, now=now),
        roster=Roster(stores.people, vocabulary=lambda: live.current().vocabulary, now=now),
        reviewing=open_reviewing(stores),
    )


def simulate_history(
    settings: Settings, live: LiveLibrary, scale: Scale, until: datetime, progress: Progress
) -> Mapping[str, int] | None:
    """A simulated organisation's past until an instant, inside an application context.

    All of it is written, or nothing.

    Gives how often what happened; None if the database holds such a history already.

    Raises:
        SetupRefused: it holds something real; nothing was written.
    """
    snapshot = live.current()
    clock = HandClock(until - timedelta(days=scale.days + 1))
    with at_once(db.engine) as database:
        if not SimulationStore(database, clock.within).begin(asdict(scale)):
            return None
        stores = stores_of(settings, database, clock.within)
        parts = _parts(stores, live, EncodesOnce(live.encoder), clock.now)
        desk = Desk(
            suggester=parts.suggester,
            granter=parts.granter,
            approver=parts.approver,
            recorder=parts.recorder,
            roster=parts.roster,
            hold=timedelta(minutes=settings.reservation_minutes),
        )
        rows = stores.libraries.load(snapshot.versions).limits.rows
        return History(desk, clock, snapshot, rows, scale, until).run(progress)
