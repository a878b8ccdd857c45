"""A small app: the real web, decisions and key ring, over a library that is made here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
import structlog
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import StaticPool, create_engine
from sqlalchemy.orm import sessionmaker

from agent_assist import question
from agent_assist.admit import (
    Hosts,
    Invitations,
    KeyRing,
    Launches,
    Pepper,
    Scope,
    SecondFactors,
    Sessions,
    SignIns,
)
from agent_assist.admit.attempts import Attempts
from agent_assist.admit.demands import Demands
from agent_assist.admit.demo import Demo
from agent_assist.admit.passwords import Passwords
from agent_assist.admit.provided import Provided, Reading, Speaks
from agent_assist.admit.step_up import StepUp
from agent_assist.appraise import Appraiser
from agent_assist.approve import Approver
from agent_assist.contrast import Contraster
from agent_assist.core.addresses import Address, read_network
from agent_assist.core.budgets import BudgetTable
from agent_assist.core.ceilings import Ceiling, Fixed, PerCount, ShareOf
from agent_assist.core.conditions import Is, OneOf, Within
from agent_assist.core.contact import Excerpt, Speaker, Transcript
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.errors import NotReady
from agent_assist.core.facts import Fact, FactType
from agent_assist.core.limits import Effect, LimitRow, LimitTable, Offer
from agent_assist.core.matches import Evidence, EvidenceSource, Match, Matches, Role, Span
from agent_assist.core.money import Money
from agent_assist.core.people import Person
from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.core.suggestion import DecisionSet, Suggestion, VersionedPolicy, Versions
from agent_assist.core.vocabulary import (
    Cause,
    Economics,
    Estimate,
    Issue,
    Level,
    Remedy,
    RemedyKind,
    Unit,
    Vocabulary,
)
from agent_assist.core.webhooks import may_reach
from agent_assist.discover import Discoverer
from agent_assist.draft import Drafter
from agent_assist.drift import DriftReporter
from agent_assist.enrol import Roster
from agent_assist.grant import Granter
from agent_assist.library.policy_files import file_name, policy_file
from agent_assist.library.tables import table_rows
from agent_assist.library.vocabulary_files import vocabulary_files
from agent_assist.live import LiveLibrary, Snapshot
from agent_assist.matching.model import ModelRecord
from agent_assist.matching.text import Query, read_query
from agent_assist.matching.words import stems
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.models import Models
from agent_assist.oversee import Overseer
from agent_assist.post import Poster, addresses_of
from agent_assist.publish import Releaser
from agent_assist.record import Recorder
from agent_assist.rehearse import Rehearser
from agent_assist.replay import HistoryReplayer
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.store.accounts import AccountStore
from agent_assist.store.api_keys import ApiKeyStore
from agent_assist.store.approvals.approvals import ApprovalStore
from agent_assist.store.audit import AuditStore
from agent_assist.store.beyond import BeyondStore
from agent_assist.store.clock import database_clock
from agent_assist.store.contacts import ContactStore
from agent_assist.store.customers.customers import CustomerStore
from agent_assist.store.database import Database, configure
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
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.ledger.spending import Spending
from agent_assist.store.libraries import HeldLibrary, LibraryStore
from agent_assist.store.models import Activation
from agent_assist.store.people import PeopleStore
from agent_assist.store.policy_use import PolicyUseStore
from agent_assist.store.provider_visits import ProviderVisitStore
from agent_assist.store.retention import Retention
from agent_assist.store.schema import (
    Base,
    BudgetsVersion,
    LibraryPolicy,
    LibraryVersion,
    LimitsRow,
    LimitsVersion,
    PolicyVersion,
)
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
from agent_assist.suggest import SHOWN, Suggester, Timing
from agent_assist.triage import Triage
from agent_assist.trim import Trimmer
from agent_assist.tune import Tuner
from agent_assist.web import Services, register
from agent_assist.weigh import Weigher
from tests.unit.matching.small import HashingEncoder

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
PEPPER = Pepper(b"p" * 32)
LOOPBACK = (read_network("127.0.0.0/8"),)
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
FACTS = {
    one.key: one
    for one in (
        Fact("customer.tier", FactType.CHOICE, "Plan", "Which plan?", ("basic", "plus")),
        Fact("fee.amount", FactType.MONEY, "Fee", "How much was it?", crm="fee.value"),
        Fact("fee.disclosed", FactType.BOOLEAN, "Fee shown", "Was it shown?"),
        Fact("cards.count", FactType.INTEGER, "Cards", "How many cards?"),
        Fact("contact.since", FactType.DATE, "Waiting since", "Since when?"),
    )
}
REMEDIES = {
    one.key: one
    for one in (
        Remedy(
            "waiver",
            "Waive the fee",
            RemedyKind.GOODWILL,
            Unit.MONEY,
            True,
            (),
            exclusive_group="fee",
        ),
        Remedy(
            "refund",
            "Give the fee back",
            RemedyKind.ENTITLEMENT,
            Unit.MONEY,
            True,
            ("our_error",),
            exclusive_group="fee",
        ),
        Remedy(
            "discount",
            "A part off",
            RemedyKind.GOODWILL,
            Unit.PERCENT,
            True,
            ("delay",),
            cost=Money(400, "EUR"),
        ),
        Remedy(
            "card",
            "Card by courier",
            RemedyKind.GOODWILL,
            Unit.COUNT,
            False,
            (),
            cost=Money(1200, "EUR"),
        ),
        Remedy(
            "time",
            "More time to pay",
            RemedyKind.GOODWILL,
            Unit.DAYS,
            True,
            (),
            cost=Money(10, "EUR"),
        ),
    )
}
VOCABULARY = Vocabulary(
    name="Small bank",
    locale="en",
    currency="EUR",
    time_zone="Europe/Berlin",
    levels=(Level("rep", "Rep"), Level("senior", "Senior"), Level("manager", "Manager")),
    economics=Economics(
        customer_value=Estimate(*(Money(minor, "EUR") for minor in (1, 2, 3))),
        loyalty_loss={
            ending: Estimate(Decimal(0), Decimal(0), Decimal(1))
            for ending in ("resolved", "repeated", "unresolved")
        },
    ),
    issues={
        "fee": Issue("fee", "A fee", Cause.MARKETING, "Wants to know about a fee."),
        "card": Issue("card", "A card", Cause.PRODUCT, "Has lost a card."),
    },
    facts=FACTS,
    remedies=REMEDIES,
)


def _ceilings(**levels: Ceiling) -> Mapping[str, Ceiling]:
    return levels


ROWS = (
    LimitRow(
        "R1", "waiver", Effect.ALLOW, issues=frozenset({"fee"}),
        conditions={
            "customer.tier": OneOf(frozenset({"plus"})),
            "fee.amount": Within(None, 3000),
        },
        ceilings=_ceilings(
            rep=Ceiling((Fixed(1000), ShareOf(5000, "fee.amount"))),
            senior=Ceiling((ShareOf(10_000, "fee.amount"),)),
            manager=Ceiling(unlimited=True),
        ),
        say="I can take that fee off.",
        reason="REASON-INTERNAL",
    ),
    LimitRow(
        "R2", "refund", Effect.ALLOW, issues=frozenset({"fee"}),
        conditions={"fee.disclosed": Is(answer=False)},
        ceilings=_ceilings(rep=Ceiling(unlimited=True)),
    ),
    LimitRow(
        "R3", "discount", Effect.ALLOW, offer=Offer.IF_ASKED,
        ceilings=_ceilings(rep=Ceiling((Fixed(1250),)), senior=Ceiling((Fixed(2500),))),
    ),
    LimitRow(
        "R4", "card", Effect.ALLOW, issues=frozenset({"card"}),
        ceilings=_ceilings(rep=Ceiling((PerCount(1, "cards.count", 2),))),
    ),
    LimitRow(
        "R5", "time", Effect.ALLOW,
        conditions={"contact.since": Within(date(2026, 1, 1).toordinal(), None)},
        ceilings=_ceilings(senior=Ceiling((Fixed(14),))),
    ),
    LimitRow(
        "R6", "card", Effect.DENY, issues=frozenset({"fee"}), say="A card does not help here."
    ),
)  # fmt: skip
POLICIES = (
    Policy(
        id="fees/cash",
        locale="en",
        title="Fee for cash",
        issues=("fee",),
        explanation_type=ExplanationType.JUSTIFICATION,
        owner="fees-team",
        review_by=date(2027, 1, 1),
        sections={
            Section.SAY: "Cash costs us money.",
            Section.WHY: "Vans carry it.",
            Section.STEPS: "1. Look at the fee.",
            Section.EXCEPTIONS: "- Hardship.",
            Section.INTERNAL: "INTERNAL-ONLY",
        },
        sources=("Price list",),
        tags=("cash",),
        effective_from=date(2026, 1, 1),
    ),
    Policy(
        id="cards/lost",
        locale="en",
        title="Lost card",
        issues=("card",),
        explanation_type=ExplanationType.INSTRUCTION,
        owner="cards-team",
        review_by=date(2027, 1, 1),
        sections={Section.SAY: "I will block it.", Section.WHY: "So nobody can pay with it."},
    ),
    Policy(
        id="cards/sent",
        locale="en",
        title="Where the card is",
        issues=("card",),
        explanation_type=ExplanationType.EXCUSE,
        owner="cards-team",
        review_by=date(2027, 1, 1),
        sections={Section.SAY: "It is on its way.", Section.WHY: "Post takes days."},
    ),
)
GERMAN = Policy(
    id="fees/cash",
    locale="de",
    title="Entgelt",
    issues=("fee",),
    explanation_type=ExplanationType.JUSTIFICATION,
    owner="fees-team",
    review_by=date(2027, 1, 1),
    sections={Section.SAY: "Bargeld kostet.", Section.WHY: "Es wird gefahren."},
)


class HandClock:
    """Time as a test sets it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class SmallIndex:
    """Knows the words of one text."""

    def knows(self, stem: str) -> bool:
        return stem in stems("The machine took a fee.")


SNAPSHOT = Snapshot(
    versions=Versions(library=12, limits=8, budgets=3, model="fake/1"),
    vocabulary=VOCABULARY,
    policies={one.id: VersionedPolicy(one, 4) for one in POLICIES},
    translations={
        **{(one.id, "en"): VersionedPolicy(one, 4) for one in POLICIES},
        ("fees/cash", "de"): VersionedPolicy(GERMAN, 2),
    },
    limits=CompiledLimits(LimitTable(8, ROWS), VOCABULARY),
    budgets=BudgetTable(3, ()),
    index=cast("Any", SmallIndex()),
    encoder=HashingEncoder(),
    listener=cast("Any", None),
    indexed=12,
)


class SmallLibrary(LiveLibrary):
    """Gives one snapshot, or none."""

    def __init__(self) -> None:
        self.missing = False
        self.asked = 0
        self.snapshot = SNAPSHOT

    def current(self) -> Snapshot:
        self.asked += 1
        if self.missing:
            raise NotReady("there is no library yet: run `agent-assist setup`")
        return self.snapshot


class SmallLibraryStore(LibraryStore):
    """Loads the small library, which need not be one that could be imported."""

    def load(self, versions: Versions) -> HeldLibrary:
        limits, budgets = LimitTable(versions.limits, ROWS), BudgetTable(versions.budgets, ())
        return HeldLibrary(VOCABULARY, (), limits, budgets)


class SuggestionLog(SuggestionStore):
    """Keeps the log in a list as well."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.entries: list[tuple[Suggestion, str | None, Mapping[str, Any]]] = []
        self.decided: list[DecisionSet] = []

    def append(
        self,
        suggestion: Suggestion,
        key_id: str | None,
        around: Mapping[str, Any],
        excerpts: Sequence[Excerpt] = (),
    ) -> None:
        super().append(suggestion, key_id, around, excerpts)
        self.entries.append((suggestion, key_id, around))

    def append_decisions(
        self,
        decided: DecisionSet,
        key_id: str | None,
        asked: Mapping[str, int | None],
        around: Mapping[str, Any],
    ) -> None:
        del key_id, asked, around
        self.decided.append(decided)


class KnownModels(Models):
    """Two model versions, of which the newer is active."""

    def __init__(self) -> None:
        pass

    def records(self) -> tuple[ModelRecord, ...]:
        figures = {"n": 77, "top1": 0.94, "top3": None, "coverage": 0.9}
        judged = {**figures, "selective_accuracy": 0.95, "ece": 0.01}
        first = ModelRecord(
            id="0a1b2c3d4e5f",
            trained_at=NOW,
            parent="",
            library=12,
            library_hash="0" * 64,
            data_hash="1" * 64,
            encoder="fake@1",
            is_fine_tuned=False,
            seed=1,
            labelled=770,
            unknown=3,
            held_out=0,
            left_out={"silent": 0},
            judgement={"golden_broken": 0},
        )
        told = {"new": judged, "old": judged, "golden_broken": 0}
        return (replace(first, id="ffeeddccbbaa", parent=first.id, judgement=told), first)

    def active(self) -> Activation:
        return Activation(NOW, "ffeeddccbbaa", "test")


class WordSuggester(Suggester):
    """Matches by one word, so that these tests need no model; all else is the real thing."""

    def _match(
        self,
        said: str | Transcript,
        snapshot: Snapshot,
        at: datetime,
        timing: Timing,
        limit: int = SHOWN,
    ) -> tuple[Matches, Query]:
        with timing.step("encode"):
            text, turn = _last_words(said)
        with timing.step("rank"):
            if "explode" in text:
                raise RuntimeError(f"cannot read {text}")
            start = max(text.find("fee"), 0)
            span = Span(start, min(start + 3, len(text)))
            evidence = Evidence(
                EvidenceSource.SECTION, "Cash costs us money.", 1.0000001, (span,), turn
            )
            turns = () if turn is None else (turn,)
            found = (
                Match("fees/cash", "fee", 0.912345, (evidence,), Role.MAIN, turns),
                Match("cards/lost", "card", 0.05, (), Role.ALTERNATIVE, turns),
            )
            matches = Matches(found[:limit], abstained="fee" not in text)
        return matches, read_query(said)


def _last_words(said: str | Transcript) -> tuple[str, int | None]:
    if isinstance(said, str):
        return said, None
    turns = [(turn.text, n) for n, turn in enumerate(said) if turn.speaker is Speaker.CUSTOMER]
    return turns[-1] if turns else ("", None)


class Questioned:
    """A questioning that is over, of any draft."""

    def question(self, _draft: str) -> question.Questioning:
        asked = question.Question("where is my card", question.Source.SAID, 3)
        moved = (question.Moved(asked, "cards/lost", "cards/sent"),)
        return question.Questioning(edit=0, library=12, done=5, of=5, moved=moved, is_over=True)


def new_database() -> Database:
    """A real database in memory, which knows the small library's versions by their numbers."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    configure(engine)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    published = {"content_hash": "", "published_at": NOW, "published_by": "test", "note": ""}
    with sessions.begin() as session:
        vocabulary = dict(vocabulary_files(VOCABULARY))
        session.add(LibraryVersion(version=12, vocabulary=vocabulary, **published))
        session.flush()
        session.add(LimitsVersion(version=8, library_version=12, **published))
        session.add(BudgetsVersion(version=3, library_version=12, **published))
        session.flush()
        for position, (key, cells) in enumerate(
            table_rows(TableKind.LIMITS, ROWS, VOCABULARY).items()
        ):
            row = {"row": key, **cells}
            session.add(LimitsRow(version=8, key=key, position=position, cells=row))
        for policy, number in (*((one, 4) for one in POLICIES), (GERMAN, 2)):
            place = {"policy_id": policy.id, "locale": policy.locale}
            text = policy_file(policy, is_original=policy.locale == "en")
            name = file_name(policy, "en")
            session.add(PolicyVersion(**place, version=number, file=name, text=text))
            session.flush()
            session.add(LibraryPolicy(**place, library_version=12, policy_version=number))
    return Database(sessions)


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """This host by its address, and no other by its name: no test asks the world outside."""
    return addresses_of(host, port) if host == "127.0.0.1" else ()


def new_keys(database: Database, now: Callable[[], datetime] = lambda: NOW) -> KeyRing:
    return KeyRing(ApiKeyStore(database, database_clock(now)), PEPPER, now)


def new_token(keys: KeyRing, *scopes: Scope) -> str:
    """The text of a new key."""
    return keys.make("test", frozenset(scopes), None, by="test")[1]


def new_app(
    keys: KeyRing,
    library: SmallLibrary,
    log: SuggestionLog,
    checks: Mapping[str, Callable[[], None]],
    database: Database,
    now: Callable[[], datetime] = lambda: NOW,
    *,
    second_factor_required: bool = False,
    speaks: Speaks | None = None,
    reading: Reading | None = None,
) -> Flask:
    app = Flask("agent_assist.web", static_url_path="/static")
    app.config.update(MAX_CONTENT_LENGTH=1_000_000)
    clock = database_clock(now)
    ledger = Ledger(database, clock, hold=timedelta(minutes=15))
    people = PeopleStore(database, clock)
    for person in ("sam", "kim"):
        people.add(Person(person, person, "manager", "t-1"), "test")
    drafts, releases = DraftStore(database, clock), ReleaseStore(database, clock)
    libraries, history = SmallLibraryStore(database, clock), HistoryStore(database)
    reviewing = Reviewing(
        drafts,
        releases,
        libraries,
        traffic=TrafficStore(database).past_cases,
        now=lambda: NOW,
    )
    accounts = AccountStore(database, clock)
    second_factors = SecondFactors(
        SecondFactorStore(database, clock), Attempts(accounts, PEPPER), PEPPER, now
    )
    demands = Demands(
        second_factors, required=second_factor_required, ladder=lambda: VOCABULARY.ladder
    )
    sessions = Sessions(SessionStore(database, clock), PEPPER, demands.allow)
    sign_ins = SignIns(accounts, PEPPER, QUICK)
    provided = None
    if speaks is not None and reading is not None:
        visits = ProviderVisitStore(database, clock)
        provided = Provided(
            speaks, reading, visits, people, sign_ins, PEPPER, lambda: VOCABULARY.ladder
        )
    hosts = Hosts(HostStore(database, clock), PEPPER)
    approvals = ApprovalStore(database, clock, ledger, life=timedelta(minutes=15))
    measurer = Measurer(
        FigureStore(database, lambda _: NOW, logs=timedelta(days=90)),
        MeasureStore(database),
        now=lambda: NOW,
        seconds=lambda: 0.0,
    )
    declines = DeclineStore(database, clock)
    services = Services(
        suggester=WordSuggester(
            log, use=ledger.use, people=people.find, now=lambda: NOW, keeps_texts=True
        ),
        appraiser=Appraiser(FeedbackStore(database, clock)),
        drift=DriftReporter(DriftStore(database), now=lambda: NOW),
        overseer=Overseer(DayStore(database), now=lambda: NOW),
        discoverer=Discoverer(UnansweredStore(database), now=lambda: NOW, seconds=lambda: 0.0),
        tuner=Tuner(BeyondStore(database, lambda _: NOW), declines, now=lambda: NOW),
        trimmer=Trimmer(WithinStore(database, lambda _: NOW), declines, now=lambda: NOW),
        weigher=Weigher(measurer, StakeStore(database)),
        measurer=measurer,
        grant_measurer=GrantMeasurer(measurer, GivenStore(database)),
        declines=declines,
        suggestion_measurer=SuggestionMeasurer(measurer, HelpedStore(database)),
        contraster=Contraster(WordingStore(database), now=lambda: NOW),
        granter=Granter(ledger, people=people.find, vocabulary=libraries.vocabulary),
        approver=Approver(approvals, ledger, people),
        triage=Triage(approvals, ledger, people),
        events=EventStore(database),
        audit=AuditStore(database),
        customers=CustomerStore(database, clock),
        retention=Retention(
            database,
            clock,
            keys=timedelta(days=30),
            logs=timedelta(days=90),
            texts=timedelta(days=90),
        ),
        brakes=Brakes(database, clock),
        recorder=Recorder(ContactStore(database, clock), now=lambda: NOW),
        roster=Roster(people, vocabulary=lambda: VOCABULARY, now=lambda: NOW),
        drafts=drafts,
        releases=releases,
        policy_use=PolicyUseStore(database, clock),
        questioner=cast("Any", Questioned()),
        reviewing=reviewing,
        drafter=Drafter(drafts, releases, reviewing),
        releaser=Releaser(drafts, releases, reviewing),
        replayer=DraftReplayer(
            reviewing,
            HistoryReplayer(libraries, history, processes=1),
            history,
            TrafficStore(database),
        ),
        rehearser=Rehearser(reviewing, use=ledger.use, now=lambda: NOW),
        spending=Spending(database, clock),
        live=library,
        models=KnownModels(),
        keys=keys,
        sessions=sessions,
        sign_ins=sign_ins,
        second_factors=second_factors,
        demands=demands,
        provided=provided,
        step_up=StepUp(sessions, sign_ins, second_factors, timedelta(minutes=10)),
        invitations=Invitations(InvitationStore(database, clock), PEPPER, QUICK),
        hosts=hosts,
        launches=Launches(HostStore(database, clock), hosts, PEPPER, now),
        subscriber=Subscriber(
            EndpointStore(database, clock),
            DeliveryStore(database, clock),
            pepper=PEPPER.hash,
            own=LOOPBACK,
            poster=Poster(lambda one: may_reach(one, LOOPBACK), seconds=5, resolve=resolve),
        ),
        demo=Demo(SimulationStore(database, clock), sessions),
        streams=2,
        checks=checks,
    )
    register(app, services)
    app.extensions["people"] = people
    app.extensions["services"] = services
    return app


@pytest.fixture
def keys(database: Database, clock: HandClock) -> KeyRing:
    return new_keys(database, clock)


@pytest.fixture
def library() -> SmallLibrary:
    return SmallLibrary()


@pytest.fixture
def log(database: Database) -> SuggestionLog:
    return SuggestionLog(database)


@pytest.fixture
def checks(library: SmallLibrary) -> dict[str, Callable[[], None]]:
    return {"database": lambda: None, "library": lambda: _discard(library.current())}


@pytest.fixture
def database() -> Database:
    return new_database()


@pytest.fixture
def app(
    keys: KeyRing,
    library: SmallLibrary,
    log: SuggestionLog,
    checks: dict[str, Callable[[], None]],
    database: Database,
    clock: HandClock,
) -> Flask:
    return new_app(keys, library, log, checks, database, clock)


@pytest.fixture
def people(app: Flask) -> PeopleStore:
    """The people whom the app knows: sam and kim, and whoever is added."""
    found: PeopleStore = app.extensions["people"]
    return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def sessions(app: Flask) -> Sessions:
    found: Services = app.extensions["services"]
    return found.sessions


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions["services"]
    return found


@pytest.fixture
def dump(database: Database) -> Callable[[], str]:
    """Gives everything that the database holds."""

    def everything() -> str:
        with database.reading() as session:
            tables = Base.metadata.sorted_tables
            return repr([session.execute(table.select()).all() for table in tables])

    return everything


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def make_client(app: Flask, keys: KeyRing) -> Callable[..., FlaskClient]:
    """Makes a client whose key has some scopes."""

    def make(*scopes: Scope) -> FlaskClient:
        client = app.test_client()
        token = new_token(keys, *scopes)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return make


@pytest.fixture
def client(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    """A client whose key may do everything."""
    return make_client(*Scope)


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    """What is logged meanwhile."""
    with structlog.testing.capture_logs() as captured:
        yield captured


def _discard(_value: object) -> None:
    return


ActAs = Callable[[Person], FlaskClient]


@pytest.fixture
def act_as(app: Flask, sessions: Sessions, visitor: FlaskClient) -> ActAs:
    """Gives a client that sends the token of a person's session."""

    def begin(person: Person) -> FlaskClient:
        code = sessions.code_for(person, None)
        token = visitor.post("/v1/sessions", json={"code": code}).get_json()["token"]
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return begin
