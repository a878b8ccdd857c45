"""The stores; all of it inside an application context."""

import time
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
from agent_assist.app.keys import open_pepper
from agent_assist.backfill import Backfill
from agent_assist.contrast import Contraster
from agent_assist.core.webhooks import may_reach
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.post import Poster
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
from agent_assist.store.unanswered import UnansweredStore
from agent_assist.store.webhooks.deliveries import DeliveryStore
from agent_assist.store.webhooks.endpoints import EndpointStore
from agent_assist.store.within import WithinStore
from agent_assist.store.wordings import WordingStore
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
    contraster: Contraster
    drift: DriftStore
    unanswered: UnansweredStore
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
        contraster=Contraster(WordingStore(database), now=now),
        drift=DriftStore(database),
        unanswered=UnansweredStore(database),
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
            poster=webhook_poster(settings),
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


def webhook_poster(settings: Settings) -> Poster:
    """What posts to webhooks: to networks outside, and to those that the settings name."""
    return Poster(lambda address: may_reach(address, settings.webhook_networks))


def now() -> datetime:
    """The aware present; the only clock there is."""
    return datetime.now(UTC)
