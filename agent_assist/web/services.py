"""What the web needs from the rest of the house."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.admit import (
    Hosts,
    Invitations,
    KeyRing,
    Launches,
    SecondFactors,
    Sessions,
    SignIns,
)
from agent_assist.admit.demands import Demands
from agent_assist.admit.demo import Demo
from agent_assist.admit.provided import Provided
from agent_assist.admit.step_up import StepUp
from agent_assist.appraise import Appraiser
from agent_assist.approve import Approver
from agent_assist.contrast import Contraster
from agent_assist.core.addresses import Network
from agent_assist.discover import Discoverer
from agent_assist.draft import Drafter
from agent_assist.drift import DriftReporter
from agent_assist.enrol import Roster
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.measure import Measurer
from agent_assist.measure_grants import GrantMeasurer
from agent_assist.measure_suggestions import SuggestionMeasurer
from agent_assist.models import Models
from agent_assist.oversee import Overseer
from agent_assist.publish import Releaser
from agent_assist.question import Questioner
from agent_assist.record import Recorder
from agent_assist.rehearse import Rehearser
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.store.audit import AuditStore
from agent_assist.store.customers.customers import CustomerStore
from agent_assist.store.declines import DeclineStore
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.events import EventStore
from agent_assist.store.ledger.brakes import Brakes
from agent_assist.store.ledger.spending import Spending
from agent_assist.store.policy_use import PolicyUseStore
from agent_assist.store.retention import Retention
from agent_assist.subscribe import Subscriber
from agent_assist.suggest import Suggester
from agent_assist.triage import Triage
from agent_assist.trim import Trimmer
from agent_assist.tune import Tuner
from agent_assist.weigh import Weigher


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that answers come from.

    Attributes:
        checks: of readiness, by name; each raises NotReady, or anything, while it fails.
        provided: lets people in by an identity provider; None where none is set.
        streams: how many requests at once may be followed for as long as they like.
        origin: ours, as browsers name it; None for what each request was sent to.
        proxies: whose word counts about whom a request comes from.
        warnings: what the work beside the requests failed at, by its name; it stops no request.
    """

    suggester: Suggester
    appraiser: Appraiser
    drift: DriftReporter
    overseer: Overseer
    discoverer: Discoverer
    granter: Granter
    approver: Approver
    triage: Triage
    tuner: Tuner
    trimmer: Trimmer
    weigher: Weigher
    declines: DeclineStore
    measurer: Measurer
    grant_measurer: GrantMeasurer
    suggestion_measurer: SuggestionMeasurer
    contraster: Contraster
    brakes: Brakes
    recorder: Recorder
    roster: Roster
    events: EventStore
    audit: AuditStore
    customers: CustomerStore
    retention: Retention
    drafts: DraftStore
    releases: ReleaseStore
    policy_use: PolicyUseStore
    reviewing: Reviewing
    drafter: Drafter
    releaser: Releaser
    questioner: Questioner
    replayer: DraftReplayer
    rehearser: Rehearser
    spending: Spending
    live: LiveLibrary
    models: Models
    keys: KeyRing
    sessions: Sessions
    sign_ins: SignIns
    second_factors: SecondFactors
    demands: Demands
    step_up: StepUp
    provided: Provided | None
    invitations: Invitations
    hosts: Hosts
    launches: Launches
    subscriber: Subscriber
    demo: Demo
    streams: int
    checks: Mapping[str, Callable[[], None]]
    warnings: Callable[[], Mapping[str, str]] = dict
    origin: str | None = None
    proxies: Sequence[Network] = ()
