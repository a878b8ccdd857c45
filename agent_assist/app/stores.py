"""The stores, and what commands use of them; all of it inside an application context."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from agent_assist.admit import (
    Hosts,
    Invitations,
    KeyRing,
    Launches,
    Pepper,
    SecondFactors,
    Sessions,
    SignIns,
)
from agent_assist.admit.attempts import Attempts
from agent_assist.admit.passwords import Passwords
from agent_assist.app.database import db, session
from agent_assist.app.keys import open_checkpoint_key, open_pepper
from agent_assist.attest import Attester
from agent_assist.backfill import Backfill
from agent_assist.core.library import Library
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.webhooks import may_reach
from agent_assist.deliver import Courier, Spawn
from agent_assist.draft import Drafter
from agent_assist.enrol import Roster
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.models import Models
from agent_assist.post import Poster
from agent_assist.prepare import prepare_index
from agent_assist.publish import Publisher
from agent_assist.remind import Channel, MailChannel, Reminder, WebhookChannel
from agent_assist.replay import HistoryReplayer
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.settings import Settings
from agent_assist.store.accounts import AccountStore
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.appraised import AppraisedStore
from agent_assist.store.approvals.approvals import ApprovalStore
from agent_assist.store.approvals.reminders import ReminderStore
from agent_assist.store.audit import AuditStore
from agent_assist.store.beyond import BeyondStore
from agent_assist.store.clock import Clock, database_clock
from agent_assist.store.contacts import ContactStore
from agent_assist.store.customers.customers import CustomerStore
from agent_assist.store.customers.wiping import Wiper
from agent_assist.store.database import Database
from agent_assist.store.days import DayStore
from agent_assist.store.declines import DeclineStore
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.drift import DriftStore
from agent_assist.store.events import EventStore
from agent_assist.store.feedback import FeedbackStore
from agent_assist.store.figures.given import GivenStore
from agent_assist.store.figures.helped import HelpedStore
from agent_assist.store.figures.keeping import FigureStore
from agent_assist.store.figures.reading import MeasureStore
from agent_assist.store.history import HistoryStore
from agent_assist.store.hosts import HostStore
from agent_assist.store.invitations import InvitationStore
from agent_assist.store.ledger.brakes import Brakes
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.ledger.spending import Spending
from agent_assist.store.ledger.subtotals import Recount
from agent_assist.store.ledger.watch import LedgerWatch
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.models import ModelStore
from agent_assist.store.past import PastStore
from agent_assist.store.people import PeopleStore
from agent_assist.store.policy_use import PolicyUseStore
from agent_assist.store.provider_visits import ProviderVisitStore
from agent_assist.store.retention import Retention
from agent_assist.store.second_factors import SecondFactorStore
from agent_assist.store.sessions import SessionStore
from agent_assist.store.simulation import SimulationStore
from agent_assist.store.stakes import StakeStore
from agent_assist.store.suggestions import SuggestionStore
from agent_assist.store.traffic import TrafficStore
from agent_assist.store.webhooks.deliveries import DeliveryStore
from agent_assist.store.webhooks.endpoints import EndpointStore
from agent_assist.store.within import WithinStore
from agent_assist.subscribe import Subscriber


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one application; used inside its context."""

    libraries: LibraryStore
    models: ModelStore
    suggestions: SuggestionStore
    feedback: FeedbackStore
    appraised: AppraisedStore
    days: DayStore
    beyond: BeyondStore
    within: WithinStore
    declines: DeclineStore
    measurer: Measurer
    grant_measurer: GrantMeasurer
    suggestion_measurer: SuggestionMeasurer
    drift: DriftStore
    stakes: StakeStore
    history: HistoryStore
    contacts: ContactStore
    backfill: Backfill
    keys: KeyRing
    sessions: Sessions
    sign_ins: SignIns
    second_factors: SecondFactors
    visits: ProviderVisitStore
    pepper: Pepper
    invitations: Invitations
    hosts: Hosts
    launches: Launches
    webhooks: EndpointStore
    deliveries: DeliveryStore
    subscriber: Subscriber
    simulation: SimulationStore
    api_keys: ApiKeyStore
    people: PeopleStore
    approvals: ApprovalStore
    reminders: ReminderStore
    events: EventStore
    drafts: DraftStore
    releases: ReleaseStore
    policy_use: PolicyUseStore
    traffic: TrafficStore
    ledger: Ledger
    brakes: Brakes
    freezes: Freezes
    ledger_check: LedgerCheck
    ledger_watch: LedgerWatch
    recount: Recount
    spending: Spending
    retention: Retention
    customers: CustomerStore
    wiper: Wiper
    audit: AuditStore
    engine: Engine


def open_stores(settings: Settings) -> Stores:
    """The stores of this deployment."""
    return stores_of(settings, Database(session), database_clock(now))


def stores_of(settings: Settings, database: Database, clock: Clock) -> Stores:
    """The stores of a database, by a clock."""
    hold = timedelta(minutes=settings.reservation_minutes)
    api_keys, libraries = ApiKeyStore(database, clock), LibraryStore(database, clock)
    ledger, freezes = Ledger(database, clock, hold=hold), Freezes(database, clock)
    check = LedgerCheck(database, libraries, clock)
    pepper = Pepper(open_pepper(settings.pepper))
    host_store = HostStore(database, clock)
    hosts, passwords = Hosts(host_store, pepper), Passwords()
    accounts = AccountStore(database, clock)
    webhooks, deliveries = EndpointStore(database, clock), DeliveryStore(database, clock)
    logs = timedelta(days=settings.log_days)
    figures = FigureStore(database, clock, logs=logs)
    measurer = Measurer(figures, MeasureStore(database), now=now, seconds=time.monotonic)
    return Stores(
        libraries=libraries,
        models=ModelStore(database, clock),
        suggestions=SuggestionStore(database),
        feedback=FeedbackStore(database, clock),
        appraised=AppraisedStore(database),
        days=DayStore(database),
        beyond=BeyondStore(database, clock),
        within=WithinStore(database, clock),
        measurer=measurer,
        grant_measurer=GrantMeasurer(measurer, GivenStore(database)),
        declines=DeclineStore(database, clock),
        suggestion_measurer=SuggestionMeasurer(measurer, HelpedStore(database)),
        drift=DriftStore(database),
        stakes=StakeStore(database),
        history=HistoryStore(database),
        contacts=ContactStore(database, clock),
        backfill=Backfill(PastStore(database, clock), now=now),
        keys=KeyRing(api_keys, pepper, now),
        sessions=Sessions(SessionStore(database, clock), pepper),
        sign_ins=SignIns(accounts, pepper, passwords),
        visits=ProviderVisitStore(database, clock),
        pepper=pepper,
        second_factors=SecondFactors(
            SecondFactorStore(database, clock), Attempts(accounts, pepper), pepper, now
        ),
        invitations=Invitations(InvitationStore(database, clock), pepper, passwords),
        hosts=hosts,
        launches=Launches(host_store, hosts, pepper, now),
        webhooks=webhooks,
        deliveries=deliveries,
        subscriber=Subscriber(
            webhooks,
            deliveries,
            pepper=pepper.hash,
            own=settings.webhook_networks,
            poster=_webhook_poster(settings),
        ),
        simulation=SimulationStore(database, clock),
        api_keys=api_keys,
        people=PeopleStore(database, clock),
        events=EventStore(database),
        approvals=ApprovalStore(
            database, clock, ledger, life=timedelta(minutes=settings.approval_minutes)
        ),
        reminders=ReminderStore(database, clock),
        ledger=ledger,
        drafts=DraftStore(database, clock),
        releases=ReleaseStore(database, clock),
        policy_use=PolicyUseStore(database, clock),
        traffic=TrafficStore(database),
        brakes=Brakes(database, clock),
        freezes=freezes,
        ledger_check=check,
        ledger_watch=LedgerWatch(database, libraries, check, freezes),
        recount=Recount(database, clock),
        spending=Spending(database, clock),
        retention=Retention(
            database,
            clock,
            keys=timedelta(days=settings.key_days),
            logs=logs,
            texts=timedelta(days=settings.log_days if settings.keep_texts else 0),
        ),
        customers=CustomerStore(database, clock),
        wiper=Wiper(database, clock),
        audit=AuditStore(database),
        engine=db.engine,
    )


def open_publisher(settings: Settings, stores: Stores) -> Publisher:
    """What imports and exports libraries, inside an application context."""

    def index(library: Library) -> None:
        model, _ = open_models(settings, stores).open_active()
        prepare_index(library, model, settings.indexes)

    return Publisher(stores.libraries, index=index, now=now)


def open_roster(stores: Stores) -> Roster:
    """What adds and changes people from the command line, inside an application context."""

    def vocabulary() -> Vocabulary:
        return stores.libraries.load(stores.libraries.current()).vocabulary

    return Roster(stores.people, vocabulary=vocabulary, now=now)


def open_attester(settings: Settings, stores: Stores) -> Attester:
    """What makes checkpoints of the audit, inside an application context."""
    return Attester(
        stores.audit,
        open_checkpoint_key(settings.checkpoint_key),
        settings.checkpoints,
        url=settings.checkpoint_url,
        now=now,
    )


def open_reminders(
    settings: Settings, stores: Stores, vocabulary: Callable[[], Vocabulary]
) -> tuple[Reminder, ...]:
    """What tells of requests that nobody decides on: one for each channel that is set."""
    console = None if settings.origin is None else f"{settings.origin}/console/approvals"
    channels: list[Channel] = []
    if settings.reminder_url is not None and settings.reminder_secret is not None:
        channels.append(WebhookChannel(settings.reminder_url, settings.reminder_secret, console))
    if settings.smtp is not None and settings.reminder_from is not None:
        server = settings.smtp
        channels.append(
            MailChannel(
                host=server.host,
                port=server.port,
                security=server.security,
                user=server.user,
                password=server.password,
                sender=settings.reminder_from,
                recipients=settings.reminder_to,
                console=console,
            )
        )
    after = timedelta(minutes=settings.reminder_minutes)
    return tuple(
        Reminder(stores.reminders, channel, after=after, vocabulary=vocabulary)
        for channel in channels
    )


def open_courier(settings: Settings, stores: Stores, spawn: Spawn) -> Courier:
    """What delivers events to webhooks; what it spawns runs inside an application context."""
    return Courier(
        stores.webhooks,
        stores.deliveries,
        stores.events,
        secrets=stores.subscriber.secrets,
        poster=_webhook_poster(settings),
        spawn=spawn,
    )


def _webhook_poster(settings: Settings) -> Poster:
    return Poster(lambda address: may_reach(address, settings.webhook_networks))


def open_reviewing(stores: Stores) -> Reviewing:
    """What reads and judges drafts, inside an application context."""
    return Reviewing(
        stores.drafts,
        stores.releases,
        stores.libraries,
        traffic=stores.traffic.past_cases,
        now=now,
    )


def open_drafter(stores: Stores, reviewing: Reviewing) -> Drafter:
    """What drafts are changed by, inside an application context."""
    return Drafter(stores.drafts, stores.releases, reviewing)


def open_replayer(stores: Stores, reviewing: Reviewing) -> DraftReplayer:
    """What replays the history on drafts beside requests, in one process."""
    replayer = HistoryReplayer(stores.libraries, stores.history, processes=1)
    return DraftReplayer(reviewing, replayer, stores.history, stores.traffic)


def open_models(settings: Settings, stores: Stores) -> Models:
    """The model versions of this host."""
    return Models(open_encoder(settings), settings.trained, stores.models)


def open_encoder(settings: Settings) -> OnnxEncoder:
    """The encoder that `setup` built."""
    return OnnxEncoder.load(settings.models / "encoder")


def now() -> datetime:
    """The aware present; the only clock there is."""
    return datetime.now(UTC)
