"""The stores, and what commands use of them; all of it inside an application context."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from agent_assist.admit import KeyRing
from agent_assist.app.database import db, session
from agent_assist.app.keys import open_checkpoint_key, open_pepper
from agent_assist.attest import Attester
from agent_assist.core.library import Library
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.draft import Drafter
from agent_assist.enrol import Roster
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.prepare import prepare_index
from agent_assist.publish import Publisher
from agent_assist.replay import HistoryReplayer
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.settings import Settings
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.approvals.approvals import ApprovalStore
from agent_assist.store.audit import AuditStore
from agent_assist.store.clock import Clock, database_clock
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.events import EventStore
from agent_assist.store.history import HistoryStore
from agent_assist.store.ledger.brakes import Brakes
from agent_assist.store.ledger.check import LedgerCheck
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.ledger.watch import LedgerWatch
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.people import PeopleStore
from agent_assist.store.retention import Retention
from agent_assist.store.suggestions import SuggestionStore
from agent_assist.store.traffic import TrafficStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one application; used inside its context."""

    libraries: LibraryStore
    suggestions: SuggestionStore
    history: HistoryStore
    contacts: ContactStore
    keys: KeyRing
    api_keys: ApiKeyStore
    people: PeopleStore
    approvals: ApprovalStore
    events: EventStore
    drafts: DraftStore
    releases: ReleaseStore
    traffic: TrafficStore
    ledger: Ledger
    brakes: Brakes
    freezes: Freezes
    ledger_check: LedgerCheck
    ledger_watch: LedgerWatch
    retention: Retention
    audit: AuditStore
    engine: Engine


def open_stores(settings: Settings) -> Stores:
    """The stores of this deployment."""
    return stores_of(settings, Database(session), database_clock(now))


def stores_of(settings: Settings, database: Database, clock: Clock) -> Stores:
    """The stores of a database, by a clock."""
    hold = timedelta(minutes=settings.reservation_minutes)
    api_keys, libraries = ApiKeyStore(database), LibraryStore(database, clock)
    ledger, freezes = Ledger(database, clock, hold=hold), Freezes(database, clock)
    check = LedgerCheck(database, libraries, clock)
    return Stores(
        libraries=libraries,
        suggestions=SuggestionStore(database),
        history=HistoryStore(database),
        contacts=ContactStore(database, clock),
        keys=KeyRing(api_keys, open_pepper(settings.pepper), now),
        api_keys=api_keys,
        people=PeopleStore(database, clock),
        events=EventStore(database),
        approvals=ApprovalStore(
            database, clock, ledger, life=timedelta(minutes=settings.approval_minutes)
        ),
        ledger=ledger,
        drafts=DraftStore(database, clock),
        releases=ReleaseStore(database, clock),
        traffic=TrafficStore(database),
        brakes=Brakes(database, clock),
        freezes=freezes,
        ledger_check=check,
        ledger_watch=LedgerWatch(database, libraries, check, freezes),
        retention=Retention(
            database,
            clock,
            keys=timedelta(days=settings.key_days),
            logs=timedelta(days=settings.log_days),
        ),
        audit=AuditStore(database),
        engine=db.engine,
    )


def open_publisher(settings: Settings, stores: Stores) -> Publisher:
    """What imports and exports libraries, inside an application context."""

    def index(library: Library) -> None:
        prepare_index(library, open_encoder(settings), settings.indexes)

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


def open_reviewing(stores: Stores) -> Reviewing:
    """What reads and judges drafts, inside an application context."""
    return Reviewing(
        stores.drafts,
        stores.releases,
        stores.libraries,
        traffic=stores.traffic.past_cases,
        now=now,
    )


def open_drafter(stores: Stores) -> Drafter:
    """What drafts are changed by, inside an application context."""
    return Drafter(stores.drafts, stores.releases, open_reviewing(stores))


def open_replayer(stores: Stores, reviewing: Reviewing) -> DraftReplayer:
    """What replays the history on drafts beside requests, in one process."""
    replayer = HistoryReplayer(stores.libraries, stores.history, processes=1)
    return DraftReplayer(reviewing, replayer, stores.history, stores.traffic)


def open_encoder(settings: Settings) -> OnnxEncoder:
    """The encoder that `setup` built."""
    return OnnxEncoder.load(settings.models / "encoder")


def now() -> datetime:
    """The aware present; the only clock there is."""
    return datetime.now(UTC)
