"""What the web needs from the rest of the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent_assist.admit import KeyRing
from agent_assist.approve import Approver
from agent_assist.draft import Drafter
from agent_assist.enrol import Roster
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.publish import Releaser
from agent_assist.record import Recorder
from agent_assist.replay_draft import DraftReplayer
from agent_assist.review import Reviewing
from agent_assist.store.audit import AuditStore
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.events import EventStore
from agent_assist.store.ledger.brakes import Brakes
from agent_assist.suggest import Suggester


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that answers come from.

    Attributes:
        checks: of readiness, by name; each raises NotReady, or anything, while it fails.
        warnings: what the work beside the requests failed at, by its name; it stops no request.
    """

    suggester: Suggester
    granter: Granter
    approver: Approver
    brakes: Brakes
    recorder: Recorder
    roster: Roster
    events: EventStore
    audit: AuditStore
    drafts: DraftStore
    releases: ReleaseStore
    reviewing: Reviewing
    drafter: Drafter
    releaser: Releaser
    replayer: DraftReplayer
    live: LiveLibrary
    keys: KeyRing
    checks: Mapping[str, Callable[[], None]]
    warnings: Callable[[], Mapping[str, str]] = dict
