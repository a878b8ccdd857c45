"""The parts of the application, and what runs beside them."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from flask import Flask

from agent_assist.admit.demands import Demands
from agent_assist.admit.demo import Demo
from agent_assist.admit.step_up import StepUp
from agent_assist.app.database import bare_app, check_database, db, wait_for_database
from agent_assist.app.opening import (
    open_attester,
    open_courier,
    open_drafter,
    open_models,
    open_reminders,
    open_replayer,
    open_reviewing,
)
from agent_assist.app.provider import open_provided
from agent_assist.app.stores import Stores, now, open_stores, stores_of
from agent_assist.appraise import Appraiser
from agent_assist.approve import Approver
from agent_assist.deliver import threads
from agent_assist.discover import Discoverer
from agent_assist.drift import DriftReporter
from agent_assist.enrol import Roster
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.matching.listening import Listener
from agent_assist.models import Models
from agent_assist.oversee import Overseer
from agent_assist.prepare import Progress
from agent_assist.publish import Releaser
from agent_assist.question import Questioner
from agent_assist.record import Recorder
from agent_assist.rehearse import Rehearser
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
from agent_assist.triage import Triage
from agent_assist.trim import Trimmer
from agent_assist.tune import Tuner
from agent_assist.web import Services, configure_log, register
from agent_assist.weigh import Weigher


@dataclass(frozen=True, slots=True)
class Parts:
    """What answers contacts: the stores, the live library, and those who use both."""

    stores: Stores
    live: LiveLibrary
    models: Models
    suggester: Suggester
    drift: DriftReporter
    weigher: Weigher
    granter: Granter
    approver: Approver
    triage: Triage
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
        wait_for_database(db.engine)
        parts = _assemble(settings)
        tasks = _tasks(app, parts, settings)
        parts.live.current()  # compiled and indexed before the first request, not during it
    engine, live = parts.stores.engine, parts.live
    demands = Demands(
        parts.stores.second_factors,
        required=settings.second_factor_required,
        ladder=lambda: live.current().vocabulary.ladder,
    )
    sessions = parts.stores.sessions.asking(demands.allow)
    rhythm = app.extensions["rhythm"] = Rhythm(tasks, settings.data, time.monotonic)
    services = Services(
        suggester=parts.suggester,
        appraiser=Appraiser(parts.stores.feedback),
        drift=parts.drift,
        overseer=Overseer(parts.stores.days, now=now),
        discoverer=Discoverer(parts.stores.unanswered, now=now, seconds=time.monotonic),
        granter=parts.granter,
        approver=parts.approver,
        triage=parts.triage,
        tuner=Tuner(parts.stores.beyond, parts.stores.declines, now=now),
        trimmer=Trimmer(parts.stores.within, parts.stores.declines, now=now),
        weigher=parts.weigher,
        declines=parts.stores.declines,
        measurer=parts.stores.measurer,
        grant_measurer=parts.stores.grant_measurer,
        suggestion_measurer=parts.stores.suggestion_measurer,
        contraster=parts.stores.contraster,
        brakes=parts.stores.brakes,
        recorder=parts.recorder,
        roster=parts.roster,
        events=parts.stores.events,
        audit=parts.stores.audit,
        customers=parts.stores.customers,
        retention=parts.stores.retention,
        drafts=parts.stores.drafts,
        releases=parts.stores.releases,
        policy_use=parts.stores.policy_use,
        reviewing=parts.reviewing,
        drafter=open_drafter(parts.stores, parts.reviewing),
        releaser=Releaser(parts.stores.drafts, parts.stores.releases, parts.reviewing),
        questioner=Questioner(parts.reviewing, live, parts.stores.drift, now=now),
        replayer=open_replayer(parts.stores, parts.reviewing),
        rehearser=Rehearser(parts.reviewing, use=parts.stores.ledger.use, now=now),
        spending=parts.stores.spending,
        live=live,
        models=parts.models,
        keys=parts.stores.keys,
        sessions=sessions,
        sign_ins=parts.stores.sign_ins,
        second_factors=parts.stores.second_factors,
        demands=demands,
        provided=open_provided(settings, parts.stores, lambda: live.current().vocabulary.ladder),
        step_up=StepUp(
            sessions,
            parts.stores.sign_ins,
            parts.stores.second_factors,
            timedelta(minutes=settings.step_up_minutes),
        ),
        invitations=parts.stores.invitations,
        hosts=parts.stores.hosts,
        launches=parts.stores.launches,
        subscriber=parts.stores.subscriber,
        demo=Demo(parts.stores.simulation, sessions),
        origin=settings.origin,
        proxies=settings.proxies,
        streams=max(1, settings.threads // 2),
        checks={"database": lambda: check_database(engine, settings), "library": live.check},
        warnings=lambda: {**rhythm.warnings(), **live.concerns()},
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
    reminders = open_reminders(settings, parts.stores, lambda: parts.live.current().vocabulary)
    return (
        Task("checkpoint", 5, within(attester.attest_when_due)),
        Task("checkpoint delivery", 60, within(attester.deliver)),
        Task("expiry of approvals", 5, within(parts.approver.expire)),
        Task("webhooks", 1, within(open_courier(settings, parts.stores, threads(within)).turn)),
        *(Task(one.name, 60, within(one.remind)) for one in reminders),
        Task("ledger", settings.ledger_seconds, within(parts.stores.ledger_watch.run)),
        Task("retention", 60, within(parts.stores.retention.purge)),
        Task(
            "figures",
            10,
            within(lambda: parts.stores.measurer.keep_up(parts.live.current().basis())),
        ),
        Task("wiping", 10, within(parts.stores.wiper.run)),
        Task("sessions", 60, within(parts.stores.sessions.purge)),
        Task("sign-ins", 60, within(parts.stores.sign_ins.purge)),
        Task("launches", 60, within(parts.stores.launches.purge)),
    )


@contextmanager
def composed(settings: Settings) -> Iterator[Parts]:
    """The parts inside an application context, for a command; errors as `create_app`."""
    with bare_app(settings).app_context():
        yield _assemble(settings)


def _assemble(settings: Settings) -> Parts:
    stores = open_stores(settings)
    check_database(stores.engine, settings)
    models = open_models(settings, stores)
    live = LiveLibrary(stores.libraries, models, settings.indexes)
    return _parts(settings, stores, live, models, now)


def _parts(
    settings: Settings,
    stores: Stores,
    live: LiveLibrary,
    models: Models,
    now: Callable[[], datetime],
) -> Parts:
    find = stores.people.find
    return Parts(
        stores=stores,
        live=live,
        models=models,
        suggester=Suggester(
            stores.suggestions,
            use=stores.ledger.use,
            people=find,
            now=now,
            keeps_texts=settings.keep_texts,
        ),
        drift=DriftReporter(stores.drift, now=now),
        weigher=Weigher(stores.measurer, stores.stakes),
        granter=Granter(stores.ledger, people=find, vocabulary=stores.libraries.vocabulary),
        approver=Approver(stores.approvals, stores.ledger, stores.people),
        triage=Triage(stores.approvals, stores.ledger, stores.people),
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
    snapshot = replace(snapshot, listener=Listener(EncodesOnce(snapshot.encoder)))
    clock = HandClock(until - timedelta(days=scale.days + 1))
    with at_once(db.engine) as database:
        if not SimulationStore(database, clock.within).begin(asdict(scale)):
            return None
        stores = stores_of(settings, database, clock.within)
        parts = _parts(settings, stores, live, open_models(settings, stores), clock.now)
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
