"""Prepare: everything that serving needs, made once and skipped when it is there."""

from collections.abc import Callable
from pathlib import Path

from agent_assist.live import LiveLibrary
from agent_assist.matching.export import export_encoder

Progress = Callable[[str], None]


def prepare_encoder(models: Path, source: Path | None, progress: Progress) -> None:
    """Export the encoder into `models/encoder`, unless a verified export is there.

    Raises:
        AgentAssistError: the source is not what it should be, or the disk is full; what was
            there before is untouched.
    """
    export_encoder(models / "encoder", source=source, progress=progress)


def prepare_index(live: LiveLibrary) -> str:
    """Build the index of the live library, unless it is there; gives the model's name."""
    return live.current().versions.model
