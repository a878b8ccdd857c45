"""The live library: the current versions, compiled and indexed once, swapped when they change."""

from agent_assist.live.library import RETRY, LiveLibrary
from agent_assist.live.snapshot import Snapshot

__all__ = ["RETRY", "LiveLibrary", "Snapshot"]
