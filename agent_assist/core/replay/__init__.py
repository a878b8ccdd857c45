"""Replay: past cases decided again by other limits, and what would have been different.

Each case is decided twice, by what was in force then and by what is proposed, from the facts and
the sums of that moment; so a difference comes from the tables and from nothing else. What a
customer or rep would have done differently after another answer, nobody knows. Brakes and freezes
are no part of any table: no case is replayed with one.
"""

from agent_assist.core.replay.past import PastDecision, Rules
from agent_assist.core.replay.replayer import Replayer
from agent_assist.core.replay.tally import Cause, Place, Replayed, Responsible, Tally

__all__ = [
    "Cause",
    "PastDecision",
    "Place",
    "Replayed",
    "Replayer",
    "Responsible",
    "Rules",
    "Tally",
]
