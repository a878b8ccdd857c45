"""What the web needs from the rest of the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent_assist.admit import KeyRing
from agent_assist.grant import Granter
from agent_assist.live import LiveLibrary
from agent_assist.suggest import Suggester


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that answers come from.

    Attributes:
        checks: of readiness, by name; each raises NotReady, or anything, while it fails.
    """

    suggester: Suggester
    granter: Granter
    live: LiveLibrary
    keys: KeyRing
    checks: Mapping[str, Callable[[], None]]
