"""Prepare: everything that serving needs, made once and skipped when it is there."""

from collections.abc import Callable
from pathlib import Path

from agent_assist.core.library import Library
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.export import export_encoder
from agent_assist.matching.index import PolicyIndex

Progress = Callable[[str], None]


def prepare_encoder(models: Path, source: Path | None, progress: Progress) -> None:
    """Export the encoder into `models/encoder`, unless a verified export is there.

    Raises:
        AgentAssistError: the source is not what it should be, or the disk is full; what was
            there before is untouched.
    """
    export_encoder(models / "encoder", source=source, progress=progress)


def prepare_index(library: Library, encoder: Encoder, indexes: Path) -> None:
    """Build the index of a library, unless it is there; errors as `PolicyIndex.open_or_build`."""
    locale = library.vocabulary.locale
    policies = [policy for policy in library.policies if policy.locale == locale]
    PolicyIndex.open_or_build(indexes, policies, library.vocabulary.issues, encoder)
